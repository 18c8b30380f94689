/*
 * xenshim.c - an LD_PRELOAD library with which the real xenstored (C) and oxenstored (OCaml) run without a hypervisor.
 *
 * The packaged daemons are unchanged. The shim replaces the few functions of libxenctrl, libxenevtchn and libxengnttab that they
 * call, and the two files in /proc/xen that they open. A directory takes the role of the hypervisor, $XENSHIM_DIR:
 *
 *   domains         text with a line "DOMID running|shutdown|dying" per domain; dom0 always exists
 *   evtchn          FIFO: a native 32-bit port written here becomes pending (1 = VIRQ_DOM_EXC, 1000 + domid = that domain's ring)
 *   ring.DOMID      the domain's ring page (xen/io/xs_wire.h, xenstore_domain_interface), to be mapped shared by whoever plays the guest
 *   notify.DOMID    FIFO, optional: receives one byte for each notification to that domain
 *
 * $XENSHIM_REDIRECT=FROM=TO replaces a path prefix, because oxenstored has /var/run/xenstored compiled in.
 * $XENSHIM_PARENT=PID ends the daemon when that process ends, so that a killed test run leaves no daemon behind.
 *
 * Build: gcc -O2 -Wall -shared -fPIC -o xenshim.so xenshim.c -ldl
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>
#include <xenctrl.h>

#define PAGE 4096
#define VIRQ_PORT 1
#define RING_PORT 1000

#define REAL(name) static typeof(&name) real; if (!real) *(void **)&real = dlsym(RTLD_NEXT, #name)

/* ---- the directory in the role of the hypervisor ---- */

static const char *inside(char *path, size_t size, const char *format, ...)
{
    const char *directory = getenv("XENSHIM_DIR");
    int length = snprintf(path, size, "%s/", directory ? directory : ".");
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(path + length, size - length, format, arguments);
    va_end(arguments);
    return path;
}

static int real_open(const char *path, int flags, mode_t mode)
{
    REAL(open);
    return real(path, flags, mode);
}

static int open_page(uint32_t domid)
{
    char path[512];
    int fd = real_open(inside(path, sizeof path, "ring.%u", domid), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    struct stat status;
    if (fd >= 0 && fstat(fd, &status) == 0 && status.st_size < PAGE && ftruncate(fd, PAGE))
        perror("xenshim: ftruncate");
    return fd;
}

static void *map_page(uint32_t domid, int protection)
{
    int fd = open_page(domid);
    void *page = mmap(NULL, PAGE, protection, MAP_SHARED, fd, 0);
    close(fd);
    return page == MAP_FAILED ? NULL : page;
}

/* ---- files: /proc/xen, and a moved prefix ---- */

static const char *moved(const char *path, char *buffer, size_t size)
{
    const char *rule = getenv("XENSHIM_REDIRECT");
    const char *equals = rule ? strchr(rule, '=') : NULL;
    if (!equals || !path)
        return path;
    size_t length = equals - rule;
    if (strncmp(path, rule, length) || (path[length] && path[length] != '/'))
        return path;
    snprintf(buffer, size, "%s%s", equals + 1, path + length);
    return buffer;
}

static int open_any(const char *path, int flags, mode_t mode)
{
    char buffer[512];
    if (!strcmp(path, "/proc/xen/xsd_kva") || !strcmp(path, "/dev/xen/xsd_kva"))
        return open_page(0);
    if (!strcmp(path, "/proc/xen/xsd_port") || !strcmp(path, "/dev/xen/xsd_port")) {
        int fd = memfd_create("xsd_port", 0);
        if (fd >= 0 && write(fd, "2", 1) == 1)
            lseek(fd, 0, SEEK_SET);
        return fd;
    }
    return real_open(moved(path, buffer, sizeof buffer), flags, mode);
}

static mode_t mode_of(int flags, va_list arguments)
{
    return flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
}

int open(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    return open_any(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    return open_any(path, flags | O_LARGEFILE, mode);
}

int unlink(const char *path) { char b[512]; REAL(unlink); return real(moved(path, b, sizeof b)); }
int mkdir(const char *path, mode_t mode) { char b[512]; REAL(mkdir); return real(moved(path, b, sizeof b), mode); }
int access(const char *path, int mode) { char b[512]; REAL(access); return real(moved(path, b, sizeof b), mode); }
int chmod(const char *path, mode_t mode) { char b[512]; REAL(chmod); return real(moved(path, b, sizeof b), mode); }
int stat(const char *path, struct stat *s) { char b[512]; REAL(stat); return real(moved(path, b, sizeof b), s); }
int stat64(const char *path, struct stat64 *s) { char b[512]; REAL(stat64); return real(moved(path, b, sizeof b), s); }
int lstat64(const char *path, struct stat64 *s) { char b[512]; REAL(lstat64); return real(moved(path, b, sizeof b), s); }

int rename(const char *from, const char *to)
{
    char a[512], b[512];
    REAL(rename);
    return real(moved(from, a, sizeof a), moved(to, b, sizeof b));
}

int bind(int fd, const struct sockaddr *address, socklen_t length)
{
    struct sockaddr_un unix_address = { AF_UNIX };
    char path[sizeof unix_address.sun_path + 1] = "", b[512];
    REAL(bind);
    if (address->sa_family != AF_UNIX)
        return real(fd, address, length);
    memcpy(path, ((const struct sockaddr_un *)address)->sun_path, length - offsetof(struct sockaddr_un, sun_path));
    snprintf(unix_address.sun_path, sizeof unix_address.sun_path, "%s", moved(path, b, sizeof b));
    return real(fd, (struct sockaddr *)&unix_address, sizeof unix_address);
}

/* oxenstored requires a limit of fs.nr_open files, which is more than root may set in a container. */
int setrlimit(__rlimit_resource_t resource, const struct rlimit *limit)
{
    REAL(setrlimit);
    int result = real(resource, limit);
    return result && errno == EPERM ? 0 : result;
}

/* ---- domains ---- */

enum state { RUNNING, SHUTDOWN, DYING };

/* The lowest domain from `first` on, or -1. */
static int next_domain(uint32_t first, enum state *state)
{
    char path[512], line[128], word[32];
    unsigned domid;
    int best = -1;
    if (first == 0) {
        *state = RUNNING;
        return 0;
    }
    FILE *file = fopen(inside(path, sizeof path, "domains"), "re");
    while (file && fgets(line, sizeof line, file)) {
        if (sscanf(line, "%u %31s", &domid, word) != 2 || domid < first || (best >= 0 && (int)domid >= best))
            continue;
        best = domid;
        *state = !strcmp(word, "shutdown") ? SHUTDOWN : !strcmp(word, "dying") ? DYING : RUNNING;
    }
    if (file)
        fclose(file);
    return best;
}

static long interface;
xc_interface *xc_interface_open(xentoollog_logger *log, xentoollog_logger *dombuild, unsigned flags) { return (xc_interface *)&interface; }
int xc_interface_close(xc_interface *x) { return 0; }

int xc_domain_getinfo(xc_interface *x, uint32_t first, unsigned max, xc_dominfo_t *info)
{
    unsigned count = 0;
    enum state state;
    for (int domid; count < max && (domid = next_domain(first, &state)) >= 0; first = domid + 1)
        info[count++] = (xc_dominfo_t){ .domid = domid, .running = state == RUNNING, .shutdown = state == SHUTDOWN, .dying = state == DYING };
    if (count == 0) {
        errno = ESRCH;
        return -1;
    }
    return count;
}

int xc_domain_getinfolist(xc_interface *x, uint32_t first, unsigned max, xc_domaininfo_t *info)
{
    unsigned count = 0;
    enum state state;
    for (int domid; count < max && (domid = next_domain(first, &state)) >= 0; first = domid + 1)
        info[count++] = (xc_domaininfo_t){
            .domain = domid,
            .flags = state == RUNNING ? XEN_DOMINF_running : state == DYING ? XEN_DOMINF_dying : XEN_DOMINF_shutdown,
        };
    return count;
}

/* ---- ring pages: by frame (oxenstored) and by grant (xenstored) ---- */

void *xc_map_foreign_range(xc_interface *x, uint32_t domid, int size, int protection, unsigned long frame) { return map_page(domid, protection); }
void *xengnttab_open(void *log, unsigned flags) { return &interface; }
int xengnttab_close(void *handle) { return 0; }
int xengnttab_set_max_grants(void *handle, uint32_t count) { return 0; }
void *xengnttab_map_grant_ref(void *handle, uint32_t domid, uint32_t reference, int protection) { return map_page(domid, protection); }
int xengnttab_unmap(void *handle, void *start, uint32_t count) { return munmap(start, (size_t)count * PAGE); }

/* ---- event channels ---- */

static int evtchn = -1;
void *xenevtchn_open(void *log, unsigned flags)
{
    char path[512];
    inside(path, sizeof path, "evtchn");
    if (mkfifo(path, 0600) && errno != EEXIST)
        return NULL;
    evtchn = real_open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC, 0);
    return evtchn < 0 ? NULL : &evtchn;
}
void *xenevtchn_fdopen(void *log, int fd, unsigned flags) { evtchn = fd; return &evtchn; }
int xenevtchn_close(void *handle) { return 0; }
int xenevtchn_fd(void *handle) { return evtchn; }
int xenevtchn_bind_virq(void *handle, unsigned virq) { return VIRQ_PORT; }
int xenevtchn_bind_interdomain(void *handle, uint32_t domid, uint32_t port) { return RING_PORT + domid; }
int xenevtchn_unbind(void *handle, uint32_t port) { return 0; }
int xenevtchn_unmask(void *handle, uint32_t port) { return 0; }
int xenevtchn_pending(void *handle)
{
    uint32_t port;
    return read(evtchn, &port, sizeof port) == sizeof port ? (int)port : -1;
}
int xenevtchn_notify(void *handle, uint32_t port)
{
    char path[512];
    if (port < RING_PORT)
        return 0;
    int fd = real_open(inside(path, sizeof path, "notify.%u", port - RING_PORT), O_WRONLY | O_NONBLOCK | O_CLOEXEC, 0);
    if (fd >= 0) {
        if (write(fd, "!", 1) < 0 && errno != EAGAIN)
            perror("xenshim: notify");
        close(fd);
    }
    return 0;
}

/* ---- ending with the process that started the daemon ---- */

/* This must be a process: with a second thread the daemon would be half as fast. */
__attribute__((constructor)) static void end_with_parent(void)
{
    const char *parent = getenv("XENSHIM_PARENT");
    pid_t daemon = getpid();
    if (!parent || fork())
        return;
    struct pollfd ended[] = {
        { syscall(SYS_pidfd_open, atoi(parent), 0), POLLIN },
        { syscall(SYS_pidfd_open, daemon, 0), POLLIN },
    };
    while (poll(ended, 2, -1) < 0 && errno == EINTR)
        ;
    kill(daemon, SIGKILL);
    _exit(0);
}
