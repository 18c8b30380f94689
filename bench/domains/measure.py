"""Measures the published daemon with many simulated domains: threads and memory at rest, during a burst of targets, and after it.

measure.py PUBLISHED [DOMAINS [BURSTS]]; prints a Markdown table and exits with 1 if a limit is missed.
"""
import os, signal, socket, struct, subprocess, sys, tempfile, threading, time

READ, WRITE = 2, 11
SEATS = 4 * 4                      # four plugins with ThreadLane.MaxSlots each
program = os.path.join(sys.argv[1], "actors")
count = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
bursts = int(sys.argv[3]) if len(sys.argv) > 3 else 3


class Store:
    """A connection to the daemon's xenstore."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.file = self.socket.makefile("rb", 1 << 20)

    def send(self, kind, payload):
        self.socket.sendall(struct.pack("<IIII", kind, 0, 0, len(payload)) + payload)

    def reply(self):
        kind, _, _, length = struct.unpack("<IIII", self.file.read(16))
        body = self.file.read(length)
        return None if kind == 16 else body

    def request(self, kind, payload):
        self.send(kind, payload)
        return self.reply()


def status(pid, field):
    with open(f"/proc/{pid}/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(field + ":"))


def threads(pid):
    """How many threads there are of each name."""
    names = {}
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{task}/comm") as file:
                name = file.read().strip()
        except OSError:
            continue
        names[name] = names.get(name, 0) + 1
    return names


def state(store, number):
    """The outcome and the serial number of a domain's state."""
    text = store.request(READ, f"/local/domain/{number}/memory-policy/state\0".encode())
    if text is None:
        return "", 0
    fields = dict(part.split("=", 1) for part in text.decode().split(" reason=")[0].split(" "))
    return fields["outcome"], int(fields["serial"])


class Sampler(threading.Thread):
    """Keeps the highest number of threads."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.most, self.most_plugins, self.names, self.over = pid, 0, 0, {}, False

    def run(self):
        while not self.over:
            names = threads(self.pid)
            if sum(names.values()) > self.most:
                self.most, self.names = sum(names.values()), names
            self.most_plugins = max(self.most_plugins, names.get("runs plugins", 0))
            time.sleep(0.05)


def cpu(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


folder = tempfile.mkdtemp(prefix="domains-")
with open(f"{folder}/scenario.yaml", "w") as file:
    file.write(f"host: {{ memory: {count + 8}GiB, seed: 1 }}\ndomains:\n")
    for number in range(1, count + 1):
        file.write(f"  - {{ name: d{number}, kind: pvh, memory: 1GiB, guest: {{ balloon: {{ rate: 200MiB/s }} }}, workload: {{ working_set: 300MiB }} }}\n")
daemon = subprocess.Popen(
    [program, "run", "--hypervisor", "sim", "--sim", f"{folder}/scenario.yaml", "--store-socket", f"{folder}/s", "--journal", f"{folder}/j", "--fresh", *os.environ.get("OPTIONS", "").split()],
    stdout=subprocess.DEVNULL, stderr=open(f"{folder}/log", "w"))
pid = daemon.pid
rows = []


def row(what, value, limit=None):
    missed = limit is not None and value > limit
    rows.append(missed)
    print(f"| {what} | {value:.0f} | {'' if limit is None else f'≤ {limit}'} | {'**missed**' if missed else ''} |", flush=True)


try:
    while " ready " not in open(f"{folder}/log").read():
        if daemon.poll() is not None:
            sys.exit(open(f"{folder}/log").read())
        time.sleep(0.1)
    print("| measured | | must | |\n|---|---:|---:|---|")
    row("CPU of the start, s", cpu(pid))
    time.sleep(60)
    row(f"{count} domains at rest: RSS, MiB", status(pid, "VmRSS") / 1024, 130)
    row("at rest: threads", status(pid, "Threads"))
    sampler = Sampler(pid)
    sampler.start()
    store = Store(f"{folder}/s")
    for burst in range(bursts):
        began, used = time.time(), cpu(pid)
        targets = {number: str((700 if burst % 2 == 0 else 900) * 1024 + number) for number in range(1, count + 1)}
        before = {number: state(store, number)[1] for number in targets}
        for number, target in targets.items():
            store.send(WRITE, f"/local/domain/{number}/memory-policy/target\0{target}".encode())
        for _ in targets:
            store.reply()
        waiting, outcomes = set(targets), {}
        while waiting:
            for number in sorted(waiting):
                outcome, serial = state(store, number)
                if serial > before[number] and outcome != "running":
                    outcomes[outcome] = outcomes.get(outcome, 0) + 1
                    waiting.discard(number)
            if daemon.poll() is not None or time.time() - began > 300:
                sys.exit(f"{len(waiting)} targets have no outcome")
            time.sleep(0.5)
        row(f"burst {burst + 1}: seconds until all outcomes ({', '.join(f'{number} {outcome}' for outcome, number in outcomes.items())})", time.time() - began)
        row(f"burst {burst + 1}: CPU, s", cpu(pid) - used)
        row(f"burst {burst + 1}: RSS at its end, MiB", status(pid, "VmRSS") / 1024)
    sampler.over = True
    row("bursts: most threads that run plugins", sampler.most_plugins, SEATS + 4)
    row("bursts: most threads", sampler.most)
    print(f"\nAt that moment: {', '.join(f'{number} {name}' for name, number in sorted(sampler.names.items()))}\n", flush=True)
    time.sleep(30)
    row("30 s after the bursts: RSS, MiB", status(pid, "VmRSS") / 1024, 160)
    row("30 s after the bursts: threads", status(pid, "Threads"))
    if os.environ.get("KEEP"):
        print(f"pid {pid}, folder {folder}", flush=True)
        input()
finally:
    daemon.send_signal(signal.SIGTERM)
    daemon.wait()
sys.exit(1 if any(rows) else 0)
