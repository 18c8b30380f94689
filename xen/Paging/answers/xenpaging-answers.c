/*
 * This library is preloaded into xenpaging. xenpaging sends responses to the hypervisor without a version and a reason
 * (tools/xenpaging/xenpaging.c, main: only the page number, the vcpu and the flags of 'rsp' are set). Since 4.6, Xen drops responses with a
 * wrong version (xen/common/vm_event.c, vm_event_resume), so a vcpu that touches a paged-out page hangs forever, even when the page is back.
 * This library fills in both fields just before xenpaging notifies the hypervisor.
 *
 * It also counts the pages that the guest touched while they were paged out, because xenpaging reports them nowhere: Xen pauses the vcpu that
 * touched such a page, and says so in the flags, but not when xenpaging itself brings pages back because its target has risen. The count is in the
 * file $ACTORS_PAGE_INS, 8 bytes in the processor's order, which outlive the pager.
 *
 * The structures are from xen/include/public/vm_event.h (version 7, Xen 4.15 and later) and io/ring.h. Other versions are not changed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { VCPU_PAUSED = 1, VERSION = 7, REASON_MEM_PAGING = 3, ANSWER_BYTES = 400, ANSWERS = 8, FIRST_ANSWER = 64, ANSWERS_GIVEN = 2 };

struct answer {
    uint32_t version, flags, reason, vcpu;
    uint16_t altp2m, pad[3];
    uint64_t page;
    uint32_t type, paging_flags;
};

/* The only page of the guest that xenpaging maps as writable. */
static char *ring;

static volatile uint64_t *page_ins;

static void open_count(void)
{
    const char *path = getenv("ACTORS_PAGE_INS");
    int file = path ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
    if (file < 0)
        return;
    if (ftruncate(file, sizeof *page_ins) == 0) {
        void *mapped = mmap(NULL, sizeof *page_ins, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        page_ins = mapped == MAP_FAILED ? NULL : mapped;
    }
    close(file);
}

void *xc_map_foreign_pages(void *xc, uint32_t domain, int protection, const unsigned long *pages, int count)
{
    void *(*map)(void *, uint32_t, int, const unsigned long *, int);
    int (*ask_version)(void *);
    *(void **)&map = dlsym(RTLD_NEXT, "xc_map_foreign_pages");
    *(void **)&ask_version = dlsym(RTLD_NEXT, "xc_vm_event_get_version");
    void *mapped = map(xc, domain, protection, pages, count);
    if (mapped && (protection & PROT_WRITE) && ask_version && ask_version(xc) == VERSION) {
        ring = mapped;
        open_count();
    }
    return mapped;
}

int xenevtchn_notify(void *channel, uint32_t port)
{
    int (*notify)(void *, uint32_t);
    *(void **)&notify = dlsym(RTLD_NEXT, "xenevtchn_notify");
    if (ring) {
        uint32_t last = ((volatile uint32_t *)ring)[ANSWERS_GIVEN] - 1;
        struct answer *answer = (struct answer *)(ring + FIRST_ANSWER + last % ANSWERS * ANSWER_BYTES);
        answer->version = VERSION;
        answer->reason = REASON_MEM_PAGING;
        answer->paging_flags = 0;
        if (page_ins && (answer->flags & VCPU_PAUSED))
            ++*page_ins;
    }
    return notify(channel, port);
}
