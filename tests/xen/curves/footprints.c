/*
 * footprints MILLISECONDS: prints, at that interval, one line for each domain that changed: SECONDS DOMID TOT_PAGES PAGED_PAGES, with the seconds
 * of /proc/uptime. One hypercall lists all domains, so the sampler hardly disturbs the machine that it measures.
 * footprints max DOMID KIB: sets max_mem in the hypervisor only. xl mem-max refuses a value below memory/target.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xenctrl.h>

#define DOMAINS 64

int main(int argc, char **argv)
{
    long milliseconds = argc > 1 ? atol(argv[1]) : 100;
    unsigned long long last[DOMAINS][2] = {{0}};
    xc_interface *xc = xc_interface_open(NULL, NULL, 0);
    if (!xc)
        return 1;
    if (argc == 4 && !strcmp(argv[1], "max"))
        return xc_domain_setmaxmem(xc, atoi(argv[2]), strtoull(argv[3], NULL, 10)) != 0;
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (;;)
    {
        xc_domaininfo_t infos[DOMAINS];
        struct timespec now, pause = {milliseconds / 1000, milliseconds % 1000 * 1000000};
        int count = xc_domain_getinfolist(xc, 1, DOMAINS, infos);
        if (count < 0)
            return 1;
        clock_gettime(CLOCK_BOOTTIME, &now);
        for (int i = 0; i < count; i++)
        {
            unsigned long long *old = last[infos[i].domain % DOMAINS];
            if (old[0] == infos[i].tot_pages && old[1] == infos[i].paged_pages)
                continue;
            old[0] = infos[i].tot_pages;
            old[1] = infos[i].paged_pages;
            printf("%ld.%03ld %d %llu %llu\n", (long)now.tv_sec, now.tv_nsec / 1000000, infos[i].domain, old[0], old[1]);
        }
        nanosleep(&pause, NULL);
    }
}
