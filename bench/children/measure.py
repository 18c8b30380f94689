"""Measures plugins in processes of their own next to the same plugin in the daemon's process; see run.sh.

measure.py PUBLISHED [ROUNDS]; prints a Markdown table and exits with 1 if a limit is missed.
"""
import os, shutil, signal, statistics, sys, tempfile, time
from world import *  # noqa: F403

published = sys.argv[1]
rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
TARGETS, DOMAINS, SAMPLES = 10_000, 50, 1_000
PLUGIN = "plugin-process"
missed = []
print(f"Load average at the start: {os.getloadavg()[0]:.1f}\n")
print("| measured | in the daemon | plugin process | ratio | added | must | |\n|---|---:|---:|---:|---:|---:|---|")


def row(what, inside, outside, most=None, limit="added", digits=0):
    """Prints a row. The limit is for what is added, or for the value of the process itself."""
    added = outside - inside if inside is not None else None
    value = added if limit == "added" else outside
    fails = most is not None and value > most
    missed.extend([what] if fails else [])
    number = lambda amount: "" if amount is None else f"{amount:,.{digits}f}"
    must = "" if most is None else f"{'added ' if limit == 'added' else ''}≤ {most:g}"
    print(f"| {what} | {number(inside)} | {number(outside)} | {f'{outside / inside:.2f}' if inside else ''} | {number(added)} | {must} | {'**missed**' if fails else ''} |", flush=True)


def latencies(store, count, first):
    """Sends targets to the first domain, one at a time, and returns the times until their outcomes, in µs."""
    times = []
    for number in range(count):
        target = first + number
        begun = time.perf_counter()
        store.set(1, "target", target)
        while not is_final(store.state(1), target):
            store.event()
        times.append((time.perf_counter() - begun) * 1e6)
    return times


def burst(store, count, first):
    """Sends targets to all domains, each domain's next one after the outcome of the last one. Returns the seconds and how many were served."""
    for domid in range(1, DOMAINS + 1):
        store.watch(f"/local/domain/{domid}/memory-policy/state", str(domid))
    sent, served, begun = {}, 0, time.perf_counter()
    left = {domid: count // DOMAINS for domid in range(1, DOMAINS + 1)}

    def send(domid):
        left[domid] -= 1
        sent[domid] = first + left[domid]
        store.set(domid, "target", sent[domid])

    for domid in left:
        send(domid)
    while sent:
        token = store.event()
        if token is None:
            break
        domid = int(token)
        if domid in sent and is_final(store.state(domid), sent[domid]):
            served += store.read(f"/local/domain/{domid}/data/served") == str(sent.pop(domid))
            if left[domid]:
                send(domid)
    return time.perf_counter() - begun, served


worlds = {place: World(published, DOMAINS, in_process=place == "inside").start() for place in ("inside", "outside")}
try:
    stores = {}
    for place, world in worlds.items():
        stores[place] = store = world.store()
        store.watch("/local/domain/1/memory-policy/state", "1")
        for domid in world.domains:
            store.set(domid, "actor", "meter")
        latencies(store, 2 * SAMPLES, 600_000)
    child = children(worlds["outside"].pid, PLUGIN)[0]
    p50, p99 = {"inside": [], "outside": []}, {"inside": [], "outside": []}
    for number in range(rounds):
        for place, store in stores.items():
            times = sorted(latencies(store, SAMPLES, 610_000 + 2_000 * number))
            p50[place].append(times[SAMPLES // 2])
            p99[place].append(times[SAMPLES * 99 // 100])
    row("a target until its outcome: p50, µs", statistics.median(p50["inside"]), statistics.median(p50["outside"]), 300)
    row("a target until its outcome: p99, µs", statistics.median(p99["inside"]), statistics.median(p99["outside"]), 1000)
    took, lost, memory = {}, {}, {}
    for place, world in worlds.items():
        took[place], served = burst(world.store(), TARGETS, 700_000)
        lost[place] = TARGETS - served
    row(f"{TARGETS:,} targets over {DOMAINS} domains: seconds", took["inside"], took["outside"], digits=1)
    row(f"{TARGETS:,} targets over {DOMAINS} domains: lost", lost["inside"], lost["outside"], 0, "value")
    time.sleep(8)
    row("the child after them: Private_Dirty, MiB", None, rollup(child, "Private_Dirty") / 1024, 8, "value", 1)
    row("the child after them: RSS, MiB", None, rollup(child, "Rss") / 1024, digits=1)

    # A target waits while the child is down, and is requested again when it serves.
    starts, store, daemon = [], stores["outside"], worlds["outside"].pid
    for number in range(rounds):
        os.kill(child, signal.SIGKILL)
        target = 800_000 + number
        while child in children(daemon, PLUGIN):
            time.sleep(0.001)
        store.set(1, "target", target)
        while not (now := children(daemon, PLUGIN)):
            time.sleep(0.001)
        begun, child = time.perf_counter(), now[0]
        while store.read("/local/domain/1/data/served") != str(target):
            time.sleep(0.001)
        served = time.perf_counter()
        # A kill before the outcome would be the next fault without a success in between.
        while not is_final(store.state(1), target) or store.state(1)["outcome"] == "failed":
            time.sleep(0.001)
        starts.append((served - begun) * 1000)
    row("from the start of a process to its first call served, ms", None, statistics.median(starts), 400, "value")
finally:
    for world in worlds.values():
        world.stop()

# Scripts that no cache has, and the same daemon without scripts.
resident = {}
for place in ("without", "with"):
    policies = tempfile.mkdtemp(prefix="policies-")
    os.rmdir(policies)
    shutil.copytree(os.path.join(published, "policies"), policies, ignore=None if place == "with" else shutil.ignore_patterns("*.csx"))
    for name in os.listdir(policies) if place == "with" else []:
        if name.endswith(".csx"):
            with open(f"{policies}/{name}", "a") as file:
                file.write(f"// {policies}: a text that no cache has\n")
    world = World(published, 3, plugins=0, options=["--policies", policies])
    world.start()
    compiled = time.time()
    while place == "with" and children(world.pid) == [] and time.time() < compiled + 10:
        time.sleep(0.1)
    time.sleep(30)
    resident[place] = status(world.pid, "VmRSS") / 1024
    world.stop()
    shutil.rmtree(policies)
row("the daemon's RSS without scripts, and with three that it had compiled, MiB", resident["without"], resident["with"], 5, digits=1)
print(f"\nLoad average at the end: {os.getloadavg()[0]:.1f}")
print(f"\n{'missed: ' + '; '.join(missed) if missed else 'all hold'}")
sys.exit(1 if missed else 0)
