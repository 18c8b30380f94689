"""Measures the processor time of the commands that need only the xenstore: the native program beside the managed one.

measure.py PUBLISHED [ROUNDS]; prints a Markdown table of medians (user and system time) and exits with 1 if a limit is missed.
"""
import os, signal, statistics, subprocess, sys, tempfile, time

published, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 20
LIMIT = 20
LINES = [["list"], ["list", "--json"], ["mem-policy", "web-1"], ["mem-set", "web-1", "900MiB", "--wait"], ["history"]]


def cpu(program, line):
    process = subprocess.Popen([f"{published}/{program}", *line], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{program} {' '.join(line)} failed")
    return (used.ru_utime + used.ru_stime) * 1000


folder = tempfile.mkdtemp(prefix="commands-")
os.environ["XENSTORED_PATH"] = f"{folder}/s"
daemon = subprocess.Popen(
    [f"{published}/actors", "run", "--hypervisor", "sim", "--store-socket", f"{folder}/s", "--journal", f"{folder}/j", "--fresh"],
    stderr=open(f"{folder}/log", "w"))
try:
    # The first target takes until the guest has booted.
    while subprocess.run([f"{published}/actors", "mem-set", "web-1", "800MiB", "--wait"], capture_output=True).returncode != 0:
        if daemon.poll() is not None:
            sys.exit(open(f"{folder}/log").read())
        time.sleep(0.5)
    print("| command | native, ms | managed, ms | must | |\n|---|---:|---:|---:|---|")
    missed = False
    for line in LINES:
        native, managed = [], []
        for _ in range(rounds):
            native.append(cpu("actors", line))
            managed.append(cpu("actors-daemon", line))
        over = statistics.median(native) > LIMIT
        missed |= over
        print(f"| `actors {' '.join(line)}` | {statistics.median(native):.1f} | {statistics.median(managed):.1f} | ≤ {LIMIT} | {'**missed**' if over else ''} |", flush=True)
finally:
    daemon.send_signal(signal.SIGTERM)
    daemon.wait()
sys.exit(1 if missed else 0)
