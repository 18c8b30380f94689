/*
 * xspeer.c - what the C# side of the benchmark is measured against: libxenstore, and raw sockets.
 *
 * usage: XENSTORED_PATH=SOCKET xspeer WORK COUNT
 * Prints the figures of the work on one line: operations a second, or latencies in microseconds (p50 p99).
 *
 *   read, write     libxenstore, one at a time on one connection
 *   pipeline        raw socket, 64 reads in flight on one connection
 *   fan             raw sockets, 16 connections with one read in flight on each
 *   watch           libxenstore, two threads: from before a write until another connection's watch has it
 *   dispatch WINDOW libxenstore, two connections: an event brings two reads and a write; WINDOW targets outstanding
 *
 * build: gcc -O2 -Wall -o xspeer xspeer.c -lxenstore -lpthread
 */
#define _GNU_SOURCE
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#include <xenstore.h>
#include <xen/io/xs_wire.h>

#define NODE "/bench/v"
#define DOMAINS 1000

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static struct xs_handle *open_store(void)
{
    struct xs_handle *store = xs_open(0);
    if (!store)
        fail("xs_open");
    return store;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print_latencies(double *latencies, int count)
{
    qsort(latencies, count, sizeof *latencies, compare);
    printf("%.3f %.3f\n", latencies[count / 2] * 1e6, latencies[(int)(count * 0.99)] * 1e6);
}

/* ---- libxenstore, one at a time ---- */

static void read_one_at_a_time(int count)
{
    struct xs_handle *store = open_store();
    unsigned length;
    double start = now();
    for (int i = 0; i < count; i++)
        free(xs_read(store, XBT_NULL, NODE, &length));
    printf("%.0f\n", count / (now() - start));
}

static void write_one_at_a_time(int count)
{
    struct xs_handle *store = open_store();
    double start = now();
    for (int i = 0; i < count; i++)
        if (!xs_write(store, XBT_NULL, NODE, "87654321", 8))
            fail("xs_write");
    printf("%.0f\n", count / (now() - start));
}

/* ---- raw sockets ---- */

struct raw { int fd, have, at; char buffer[1 << 16]; };

static struct raw *open_raw(void)
{
    struct raw *raw = calloc(1, sizeof *raw);
    struct sockaddr_un address = { AF_UNIX };
    strncpy(address.sun_path, getenv("XENSTORED_PATH"), sizeof address.sun_path - 1);
    raw->fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(raw->fd, (struct sockaddr *)&address, sizeof address))
        fail("connect");
    return raw;
}

static int pack_read(char *out, uint32_t id)
{
    struct xsd_sockmsg header = { XS_READ, id, 0, sizeof NODE };
    memcpy(out, &header, sizeof header);
    memcpy(out + sizeof header, NODE, sizeof NODE);
    return sizeof header + sizeof NODE;
}

static void send_all(int fd, const char *bytes, int length)
{
    for (int sent; length; bytes += sent, length -= sent)
        if ((sent = write(fd, bytes, length)) < 0)
            fail("write");
}

static int is_ready(struct raw *raw)
{
    struct xsd_sockmsg header;
    if (raw->have - raw->at < (int)sizeof header)
        return 0;
    memcpy(&header, raw->buffer + raw->at, sizeof header);
    return raw->have - raw->at >= (int)(sizeof header + header.len);
}

static void receive(struct raw *raw, struct xsd_sockmsg *header)
{
    while (!is_ready(raw)) {
        memmove(raw->buffer, raw->buffer + raw->at, raw->have - raw->at);
        raw->have -= raw->at;
        raw->at = 0;
        int got = read(raw->fd, raw->buffer + raw->have, sizeof raw->buffer - raw->have);
        if (got <= 0)
            fail("read");
        raw->have += got;
    }
    memcpy(header, raw->buffer + raw->at, sizeof *header);
    if (header->type != XS_READ)
        fail("an answer that is no READ");
    raw->at += sizeof *header + header->len;
}

static void pipeline(int count)
{
    struct raw *raw = open_raw();
    struct xsd_sockmsg header;
    char out[64 * (sizeof header + sizeof NODE)];
    int sent = 0, got = 0;
    double start = now();
    while (got < count) {
        int length = 0;
        while (sent < count && sent - got < 64)
            length += pack_read(out + length, sent++);
        send_all(raw->fd, out, length);
        do {
            receive(raw, &header);
            if (header.req_id != (uint32_t)got++)
                fail("an answer out of order");
        } while (is_ready(raw));
    }
    printf("%.0f\n", count / (now() - start));
}

static void fan(int count)
{
    enum { CONNECTIONS = 16 };
    struct raw *raw[CONNECTIONS];
    struct pollfd polled[CONNECTIONS];
    struct xsd_sockmsg header;
    char out[64];
    int length = pack_read(out, 1), sent = CONNECTIONS, got = 0;
    for (int i = 0; i < CONNECTIONS; i++) {
        raw[i] = open_raw();
        polled[i] = (struct pollfd){ raw[i]->fd, POLLIN };
    }
    double start = now();
    for (int i = 0; i < CONNECTIONS; i++)
        send_all(raw[i]->fd, out, length);
    while (got < count) {
        poll(polled, CONNECTIONS, -1);
        for (int i = 0; i < CONNECTIONS; i++) {
            if (!polled[i].revents)
                continue;
            receive(raw[i], &header);
            got++;
            if (sent++ < count)
                send_all(raw[i]->fd, out, length);
        }
    }
    printf("%.0f\n", count / (now() - start));
}

/* ---- watches: libxenstore, two threads ---- */

struct watching { struct xs_handle *store; double *latencies, written; int count; sem_t seen; };

static void *read_watches(void *argument)
{
    struct watching *watching = argument;
    unsigned strings;
    for (int i = 0; i < watching->count; i++) {
        char **event = xs_read_watch(watching->store, &strings);
        watching->latencies[i] = now() - watching->written;
        free(event);
        sem_post(&watching->seen);
    }
    return NULL;
}

static void watch(int count)
{
    struct watching watching = { open_store(), malloc(count * sizeof(double)), 0, count };
    struct xs_handle *writer = open_store();
    unsigned strings;
    pthread_t thread;
    sem_init(&watching.seen, 0, 0);
    xs_watch(watching.store, NODE, "token");
    free(xs_read_watch(watching.store, &strings));
    pthread_create(&thread, NULL, read_watches, &watching);
    for (int i = 0; i < count; i++) {
        watching.written = now();
        xs_write(writer, XBT_NULL, NODE, "x", 1);
        sem_wait(&watching.seen);
    }
    pthread_join(thread, NULL);
    print_latencies(watching.latencies, count);
}

/* ---- dispatch: libxenstore, two connections ---- */

struct dispatching { double *started, *latencies; int count; atomic_int done; sem_t window, watching; };

static int domid_of(const char *path)
{
    int domid, length = 0;
    return sscanf(path, "/local/domain/%d/memory-policy/target%n", &domid, &length) == 1 && length && !path[length] ? domid : 0;
}

static void *dispatch_events(void *argument)
{
    struct dispatching *work = argument;
    struct xs_handle *events = open_store(), *nodes = open_store();
    unsigned strings, length;
    char path[128];
    xs_watch(events, "/local/domain", "token");
    free(xs_read_watch(events, &strings));
    sem_post(&work->watching);
    while (work->done < work->count) {
        char **event = xs_read_watch(events, &strings);
        int domid = domid_of(event[XS_WATCH_PATH]);
        free(event);
        if (!domid)
            continue;
        snprintf(path, sizeof path, "/local/domain/%d/memory-policy/actor", domid);
        char *actor = xs_read(nodes, XBT_NULL, path, &length);
        snprintf(path, sizeof path, "/local/domain/%d/memory-policy/target", domid);
        char *target = xs_read(nodes, XBT_NULL, path, &length);
        snprintf(path, sizeof path, "/local/domain/%d/memory/target", domid);
        if (!actor || !target || !xs_write(nodes, XBT_NULL, path, target, length))
            fail("dispatch");
        free(actor);
        free(target);
        int i = atomic_fetch_add(&work->done, 1);
        work->latencies[i] = now() - work->started[i];
        sem_post(&work->window);
    }
    return NULL;
}

static void dispatch(int count, int window)
{
    struct dispatching work = { malloc(count * sizeof(double)), malloc(count * sizeof(double)), count };
    struct xs_handle *toolstack = open_store();
    pthread_t thread;
    char path[128], value[32];
    for (int domid = 1; domid <= DOMAINS; domid++) {
        snprintf(path, sizeof path, "/local/domain/%d/memory-policy/actor", domid);
        xs_write(toolstack, XBT_NULL, path, "mover", 5);
    }
    sem_init(&work.window, 0, window);
    sem_init(&work.watching, 0, 0);
    pthread_create(&thread, NULL, dispatch_events, &work);
    sem_wait(&work.watching);
    double start = now();
    for (int i = 0; i < count; i++) {
        sem_wait(&work.window);
        snprintf(path, sizeof path, "/local/domain/%d/memory-policy/target", 1 + i % DOMAINS);
        int length = snprintf(value, sizeof value, "%d", i);
        work.started[i] = now();
        if (!xs_write(toolstack, XBT_NULL, path, value, length))
            fail("xs_write");
    }
    pthread_join(thread, NULL);
    printf("%.0f ", count / (now() - start));
    print_latencies(work.latencies, count);
}

int main(int argc, char **argv)
{
    if (argc < 3 || !getenv("XENSTORED_PATH")) {
        fprintf(stderr, "usage: XENSTORED_PATH=SOCKET xspeer read|write|pipeline|fan|watch|dispatch COUNT [WINDOW]\n");
        return 2;
    }
    const char *work = argv[1];
    int count = atoi(argv[2]);
    xs_write(open_store(), XBT_NULL, NODE, "12345678", 8);
    if (!strcmp(work, "read"))
        read_one_at_a_time(count);
    else if (!strcmp(work, "write"))
        write_one_at_a_time(count);
    else if (!strcmp(work, "pipeline"))
        pipeline(count);
    else if (!strcmp(work, "fan"))
        fan(count);
    else if (!strcmp(work, "watch"))
        watch(count);
    else if (!strcmp(work, "dispatch"))
        dispatch(count, argc > 3 ? atoi(argv[3]) : 1);
    return 0;
}
