/*
 * The C side of the figures on real Xen, on libxenstore.
 *
 *   target serve DOMID            does what the daemon does for one domain: memory-policy/target -> memory/target
 *   target measure DOMID N A B    writes A and B (KiB) in turn, N times, and prints the median of the microseconds until memory/target was written
 *
 * gcc -O2 -o target target.c -lxenstore
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <xenstore.h>

static struct xs_handle *xs;
static char base[64];

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static char *get(const char *key)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", base, key);
    return xs_read(xs, XBT_NULL, path, NULL);
}

static void set(const char *key, const char *value)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", base, key);
    if (!xs_write(xs, XBT_NULL, path, value, strlen(value)))
        perror(path), exit(1);
}

static void watch(const char *key)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", base, key);
    if (!xs_watch(xs, path, "t"))
        perror(path), exit(1);
}

static void event(void)
{
    unsigned int count;
    free(xs_read_watch(xs, &count));
}

static void serve(void)
{
    watch("memory-policy/target");
    for (;;) {
        event();
        char *actor = get("memory-policy/actor"), *target = get("memory-policy/target"), *max = get("memory/static-max");
        if (target && max && atol(target) <= atol(max))
            set("memory/target", target);
        free(actor), free(target), free(max);
    }
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void measure(int count, char *values[2])
{
    double *took = calloc(count, sizeof *took);
    watch("memory/target");
    event();
    for (int i = 0; i < count; i++) {
        char *before = get("memory/target"), *after = NULL;
        double begun = now();
        set("memory-policy/target", values[i % 2]);
        do {
            free(after);
            event();
            after = get("memory/target");
        } while (!strcmp(before, after));
        took[i] = now() - begun;
        free(before), free(after);
        usleep(1500000); /* the daemon's run ends, so that the next one supersedes nothing */
    }
    qsort(took, count, sizeof *took, by_size);
    printf("%.0f\n", took[count / 2]);
}

int main(int argc, char **argv)
{
    if (argc < 3 || !(xs = xs_open(0)))
        return fprintf(stderr, "usage: target serve DOMID | target measure DOMID N A B; and xenstored must run\n"), 2;
    snprintf(base, sizeof base, "/local/domain/%s", argv[2]);
    if (!strcmp(argv[1], "serve"))
        serve();
    else if (argc == 6)
        measure(atoi(argv[3]), argv + 4);
    return 0;
}
