"""Measures the daemon at rest with many idle and many waiting domains; see bench/domains/idle.sh. idle.py FOLDER PROGRAM [SECONDS [DOMAINS]]

Prints a Markdown table and exits with 1 if a limit is missed.
"""
import os, signal, sys, time
from world import *  # noqa: F403


def requests():
    """The bytes that xenstored has read from its connections, which grow with every request; see proc(5)."""
    return int(next(line.split()[1] for line in open(f"/proc/{server.pid}/io") if line.startswith("rchar")))


def rest(what):
    time.sleep(15)
    used, read, calls = cpu(daemon.pid), requests(), xen.calls()
    time.sleep(seconds)
    share = 100 * (cpu(daemon.pid) - used) / seconds
    check(f"{count} {what} domains: CPU over {seconds} s, % of a core", f"{share:.2f}", share <= 0.5, "≤ 0.5")
    check(f"{count} {what} domains: bytes of requests to xenstored", requests() - read, requests() == read, "0")
    check(f"{count} {what} domains: hypercalls/s", f"{(xen.calls() - calls) / seconds:.1f}", True)


server = start_store()
store = Store()
for domid in handles:
    build(store, domid, f"guest{domid}")
daemon = start_daemon()
rest("idle")
# The host has no memory above its reserve.
xen.free(0)
for domid in handles:
    store.write(f"/local/domain/{domid}/memory/static-max", 2 * START * 1024)
    store.write(f"/local/domain/{domid}/memory-policy/actor", "balloon")
    store.write(f"/local/domain/{domid}/memory-policy/target", 2 * START * 1024)
until("all domains wait", lambda: all(store.policy(domid, "waiting") for domid in handles), 300)
# In the first five minutes, the daemon checks every second.
time.sleep(int(os.environ.get("SETTLE", "300")))
rest("waiting")
daemon.send_signal(signal.SIGTERM)
daemon.wait()
sys.exit(1 if missed else 0)
