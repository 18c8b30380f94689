/*
 * fakexen.c - a libxencall.so.1 with which the daemon runs on a hypervisor that is a file. With it, the real program can be measured with the
 * real xenstored on a machine without Xen. The file $FAKEXEN is mapped; whoever plays the guests changes it. Xen 4.17, amounts in pages:
 *
 *   0: u64 pages of the host, 8: u64 free pages, 16: u64 number of domains, 24: u64 hypercalls so far
 *   64 + 64 * N: u32 domid, u32 flags, u64 tot_pages, u64 max_pages, u64 CPU time in ns, 16 bytes UUID, u32 emulated devices
 *
 * Build: gcc -O2 -shared -fPIC -o libxencall.so.1 fakexen.c
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct domain { uint32_t domid, flags; uint64_t tot, max, cpu; uint8_t uuid[16]; uint32_t emulation; uint8_t pad[12]; };
struct world { uint64_t total, free, count, calls; uint8_t pad[32]; struct domain domains[4096]; };

static struct world *world;

void *xencall_open(void *log, unsigned flags)
{
    int fd = open(getenv("FAKEXEN"), O_RDWR | O_CLOEXEC);
    world = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *world, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    return world == MAP_FAILED ? NULL : world;
}
int xencall_close(void *handle) { return 0; }
void *xencall_alloc_buffer(void *handle, size_t size) { return calloc(1, size); }
void xencall_free_buffer(void *handle, void *buffer) { free(buffer); }

static int fail(int error) { errno = error; return -1; }

static struct domain *from(uint32_t domid)
{
    struct domain *best = NULL;
    for (uint64_t i = 0; i < world->count; i++)
        if (world->domains[i].domid >= domid && (!best || world->domains[i].domid < best->domid))
            best = &world->domains[i];
    return best;
}

/* struct xen_domctl_getdomaininfo of interface version 0x15: 112 bytes. */
static void record(const struct domain *domain, uint8_t *bytes)
{
    memset(bytes, 0, 112);
    *(uint16_t *)bytes = domain->domid;
    *(uint32_t *)(bytes + 4) = domain->flags;
    *(uint64_t *)(bytes + 8) = domain->tot;
    *(uint64_t *)(bytes + 16) = domain->max;
    *(uint64_t *)(bytes + 56) = domain->cpu;
    memcpy(bytes + 76, domain->uuid, 16);
    *(uint32_t *)(bytes + 104) = domain->emulation;
}

static int domctl(uint8_t *bytes)
{
    struct domain *domain = from(*(uint16_t *)(bytes + 8));
    if (*(uint32_t *)(bytes + 4) != 0x15)
        return fail(EACCES);
    if (!domain)
        return fail(ESRCH);
    switch (*(uint32_t *)bytes) {
    case 5:
        record(domain, bytes + 16);
        return 0;
    case 11:
        if (domain->domid != *(uint16_t *)(bytes + 8))
            return fail(ESRCH);
        domain->max = *(uint64_t *)(bytes + 16) / 4;
        return 0;
    }
    return fail(ENOSYS);
}

static int sysctl(uint8_t *bytes)
{
    if (*(uint32_t *)(bytes + 4) != 0x15)
        return fail(EACCES);
    if (*(uint32_t *)bytes == 3) {
        *(uint32_t *)(bytes + 8 + 28) = 1 | 8;
        *(uint64_t *)(bytes + 8 + 40) = world->total;
        *(uint64_t *)(bytes + 8 + 48) = world->free;
        return 0;
    }
    if (*(uint32_t *)bytes != 6)
        return fail(ENOSYS);
    uint32_t first = *(uint16_t *)(bytes + 8), most = *(uint32_t *)(bytes + 12), found = 0;
    uint8_t *list = *(uint8_t **)(bytes + 16);
    for (struct domain *domain; found < most && (domain = from(first)); first = domain->domid + 1)
        record(domain, list + 112 * found++);
    *(uint32_t *)(bytes + 24) = found;
    return 0;
}

int xencall1(void *handle, unsigned call, uint64_t argument)
{
    world->calls++;
    return call == 36 ? domctl((uint8_t *)argument) : call == 35 ? sysctl((uint8_t *)argument) : fail(ENOSYS);
}

int xencall2(void *handle, unsigned call, uint64_t command, uint64_t argument)
{
    world->calls++;
    if (call == 17)
        return command == 0 ? 4 << 16 | 17 : (memcpy((void *)argument, ".5", 3), 0);
    /* XENMEM_get_pod_target: nothing is populated on demand. */
    return call == 12 && command == 17 ? 0 : fail(ENOSYS);
}
