"""Kills children of the daemon at random moments with random signals while targets arrive; see kills.sh.

kills.py PUBLISHED [KILLS [SEED]]; exits with 1 if a target is lost, or if a process, a descriptor, a socket, a cgroup or a file is left.
"""
import glob, os, random, shutil, signal, sys, tempfile, time
from world import *  # noqa: F403

published = sys.argv[1]
KILLS = int(sys.argv[2]) if len(sys.argv) > 2 else 500
seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(1 << 30)
DOMAINS, PLUGINS, LONGEST_PAUSE, SETTLE = 15, 4, 0.9, 180
CRASHES = (signal.SIGSEGV, signal.SIGABRT)
rng = random.Random(seed)
folder = tempfile.mkdtemp(prefix="kills-")
with open(f"{folder}/scripted.csx", "w") as file:
    file.write(f'return await Run("meter");\n// {folder}: a text that no cache has\n')
world = World(published, DOMAINS, PLUGINS, options=["--policies", folder, "--default-policy", "scripted"])


def actor_of(domid):
    """Every fifth domain has the default policy, a script, which runs the first plugin; the others name a plugin."""
    return "scripted" if domid % 5 == 0 else world.plugins[domid % PLUGINS]


class Load:
    """Sends each domain its next target after the outcome of the last one, and waits longer for those that failed: they are retried."""

    def __init__(self):
        self.store, self.wanted, self.served, self.failed = world.store(), {}, 0, 0
        self.success = dict.fromkeys([*world.plugins, "scripted"], 0.0)
        for domid in world.domains:
            if actor_of(domid) != "scripted":
                self.store.set(domid, "actor", actor_of(domid))
            self.store.watch(f"/local/domain/{domid}/memory-policy/state", str(domid))
        for domid in world.domains:
            self.send(domid)

    def send(self, domid):
        self.wanted[domid] = 500_000 + self.served
        self.store.set(domid, "target", self.wanted[domid])

    def step(self, seconds, more=True):
        """Waits for one event, and counts what was served."""
        token = self.store.event(seconds)
        if token is None:
            return
        domid = int(token)
        if domid not in self.wanted:
            return
        state = self.store.state(domid)
        if not is_final(state, self.wanted[domid]):
            return
        if state["outcome"] != "short":
            self.failed += 1
            return
        if self.store.read(f"/local/domain/{domid}/data/served") != str(self.wanted[domid]):
            return
        self.served += 1
        self.success[actor_of(domid)] = time.monotonic()
        del self.wanted[domid]
        if more:
            self.send(domid)

    def run(self, seconds, more=True):
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and (more or self.wanted):
            self.step(left, more)


def held():
    """What the daemon holds, once its children have stopped changing."""
    kinds = {"descriptors": 0, "sockets": 0, "pipes": 0}
    for entry in os.listdir(f"/proc/{world.pid}/fd"):
        try:
            target = os.readlink(f"/proc/{world.pid}/fd/{entry}")
        except OSError:
            continue
        kinds["descriptors"] += 1
        kinds["sockets"] += target.startswith("socket:")
        kinds["pipes"] += target.startswith("pipe:")
    kinds["children"] = len(children(world.pid))
    kinds["files"] = len(os.listdir(world.temporary))
    kinds["threads"] = status(world.pid, "Threads")
    kinds["cgroups"] = cgroups()
    return kinds


def cgroups():
    """The cgroups of children, if one was delegated to the daemon."""
    with open(f"/proc/{world.pid}/cgroup") as file:
        own = next((line[3:].strip() for line in file if line.startswith("0::")), "/")
    return len(glob.glob(f"/sys/fs/cgroup{os.path.dirname(own)}/child-{world.pid}-*"))


world.start()
counts, problems = {}, []
try:
    load = Load()
    while not all(load.success.values()):
        load.step(1)
    load.run(8)
    before = held()
    killed, crashes, begun = [], [], time.monotonic()
    while len(killed) < KILLS:
        load.run(rng.uniform(0, LONGEST_PAUSE))
        now = children(world.pid)
        # Those that are down wait longer after each kill, so the few that are left must not get all of them.
        if len(now) < PLUGINS - 1:
            continue
        child, number = rng.choice(now), rng.choice((signal.SIGKILL, signal.SIGTERM, *CRASHES))
        # A crash is a fault of the plugin's own, and the third without a success in between puts it out of service, as it should.
        if number in CRASHES:
            if len(crashes) > 1 and min(load.success.values()) < crashes[-2]:
                number = rng.choice((signal.SIGKILL, signal.SIGTERM))
            else:
                crashes.append(time.monotonic())
        try:
            os.kill(child, number)
        except ProcessLookupError:
            continue
        killed.append(child)
        counts[number.name] = counts.get(number.name, 0) + 1
    took = time.monotonic() - begun
    sent = load.served + len(load.wanted)
    load.run(SETTLE, more=False)
    lost = len(load.wanted)
    for domid in load.wanted:
        problems.append(f"domain {domid} ({actor_of(domid)}): {load.store.policy(domid, 'state')}")
    time.sleep(8)
    after = held()
    # The runtime survives some signals; a child that still serves is not left over.
    alive = [pid for pid in set(killed) - set(children(world.pid)) if f"\0{world.pid}\0" in line_of(pid)]
    log = open(world.log).read()
    quarantined = log.count("out of service: ")
    print(f"seed {seed}, load average {os.getloadavg()[0]:.1f}; {KILLS} kills in {took:.0f} s: {', '.join(f'{count} {name}' for name, count in sorted(counts.items()))}")
    print(f"{sent:,} targets: {load.served:,} served, {lost} lost; {load.failed} runs failed and were retried; {quarantined} plugins out of service")
    print(f"before: {before}\nafter:  {after}\nkilled and still there: {len(alive)}")
    if lost or alive or quarantined:
        problems.append("targets lost, processes left or plugins out of service")
    # Idle connections and threads of the runtime's pool come and go.
    slack = {"descriptors": 6, "pipes": 0, "threads": 12}
    problems += [f"{kind}: {before[kind]} before, {after[kind]} after" for kind in before if after[kind] > before[kind] + slack.get(kind, 0)]
finally:
    world.stop(keep=bool(problems))
    shutil.rmtree(folder)
left = [pid for pid in os.listdir("/proc") if pid.isdigit() and f"\0{world.pid}\0" in line_of(pid)]
if left:
    problems.append(f"left after the daemon's end: {left}")
print("\n".join(problems + [world.folder]) if problems else "nothing is lost, and nothing is left")
sys.exit(1 if problems else 0)
