"""What the measurements with a real xenstored and a hypervisor that is a file have in common; see run.sh."""
import glob, mmap, os, signal, socket, struct, subprocess, sys, time, uuid

folder, program = sys.argv[1], sys.argv[2]
seconds = int(sys.argv[3]) if len(sys.argv) > 3 else 60
count = int(sys.argv[4]) if len(sys.argv) > 4 else 50
DIRECTORY, READ, INTRODUCE, WRITE, REMOVE = 1, 2, 8, 11, 13
MIB = 256                                  # pages
RATE = 64 * MIB                            # pages per second of a balloon
STATIC_MAX, START = 1024, 1024             # MiB
missed = []


def check(what, value, holds, must=""):
    if not holds:
        missed.append(what)
    print(f"| {what} | {value} | {must} | {'' if holds else '**missed**'} |", flush=True)


class Xen:
    """The file that fakexen.c maps."""

    def __init__(self, path):
        self.file = open(path, "w+b")
        self.file.truncate(64 + 64 * 4096)
        self.map = mmap.mmap(self.file.fileno(), 0)
        struct.pack_into("<QQQ", self.map, 0, 256 * 1024 * MIB, 128 * 1024 * MIB, 0)
        self.order = []

    def save(self):
        """The same domains for the real xenstored; see tests/peers/shim."""
        os.makedirs(f"{folder}/hv", exist_ok=True)
        with open(f"{folder}/hv/domains.new", "w") as file:
            file.writelines(f"{domid} running\n" for domid in self.order if domid)
        os.rename(f"{folder}/hv/domains.new", f"{folder}/hv/domains")

    def add(self, domid, mib, handle, flags=2 | 256):
        index = len(self.order)
        self.order.append(domid)
        struct.pack_into("<IIQQQ16sI", self.map, 64 + 64 * index, domid, flags, mib * MIB, (mib + 8) * MIB, 10**9, handle.bytes, 0)
        struct.pack_into("<Q", self.map, 16, len(self.order))
        self.save()

    def replace(self, domid, other, handle):
        offset = 64 + 64 * self.order.index(domid)
        self.order[self.order.index(domid)] = other
        struct.pack_into("<IIQQQ16sI", self.map, offset, other, 2 | 256, START * MIB, (START + 8) * MIB, 10**9, handle.bytes, 0)
        self.save()

    def pages(self, domid):
        return struct.unpack_from("<Q", self.map, 64 + 64 * self.order.index(domid) + 8)[0]

    def set(self, domid, pages):
        struct.pack_into("<Q", self.map, 64 + 64 * self.order.index(domid) + 8, pages)

    def calls(self):
        return struct.unpack_from("<Q", self.map, 24)[0]

    def free(self, pages):
        """Sets the free memory of the host."""
        struct.pack_into("<Q", self.map, 8, pages)

    def domids(self):
        """The domids now, which another process may have changed."""
        self.order = [struct.unpack_from("<I", self.map, 64 + 64 * index)[0] for index in range(struct.unpack_from("<Q", self.map, 16)[0])]
        return self.order

    def rate(self, pages=None):
        """The speed of all balloons, in pages per second. The daemon does not read it."""
        if pages is not None:
            struct.pack_into("<Q", self.map, 32, pages)
        return struct.unpack_from("<Q", self.map, 32)[0]


class Store:
    def __init__(self):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(f"{folder}/run/socket")
        self.file = self.socket.makefile("rb", 1 << 16)

    def request(self, kind, payload):
        self.socket.sendall(struct.pack("<IIII", kind, 0, 0, len(payload)) + payload)
        kind, _, _, length = struct.unpack("<IIII", self.file.read(16))
        body = self.file.read(length)
        return None if kind == 16 else body

    def read(self, path):
        value = self.request(READ, f"{path}\0".encode())
        return None if value is None else value.decode()

    def write(self, path, value):
        self.request(WRITE, f"{path}\0{value}".encode())

    def policy(self, domid, key):
        return self.read(f"/local/domain/{domid}/memory-policy/{key}")

    def children(self, path):
        body = self.request(DIRECTORY, f"{path}\0".encode())
        return [] if not body else body.rstrip(b"\0").decode().split("\0")

    def dump(self, path):
        found = {path: self.read(path)}
        for name in self.children(path):
            found.update(self.dump(f"{path}/{name}"))
        return found


def guests(xen):
    """The balloon drivers, in a process of their own: each moves its domain towards the last value of memory/target that it has seen."""
    if os.fork():
        return
    store, targets, step = None, {}, 0.1
    while os.getppid() != 1:
        domids = xen.domids()
        try:
            store = store or Store()
            for domid in domids:
                value = domid and store.read(f"/local/domain/{domid}/memory/target")
                if value:
                    targets[domid] = int(value) // 4
        except (OSError, struct.error):
            store = None
        for domid, target in targets.items():
            if domid in domids:
                now, move = xen.pages(domid), int(xen.rate() * step)
                xen.set(domid, now + max(-move, min(move, target - now)))
        time.sleep(step)
    os._exit(0)


def start_store():
    for name in ("run", "lib", "hv"):
        os.makedirs(f"{folder}/{name}", exist_ok=True)
    for path in glob.glob(f"{folder}/lib/*"):
        os.remove(path)
    if os.path.exists(f"{folder}/run/socket"):
        os.remove(f"{folder}/run/socket")
    xenstored = next(path for path in ("/usr/lib/xen-4.17/bin/xenstored", "/usr/sbin/xenstored") if os.path.exists(path))
    daemon = subprocess.Popen([xenstored, "-N"], env={
        **os.environ, "LD_PRELOAD": f"{folder}/xenshim.so", "XENSHIM_DIR": f"{folder}/hv", "XENSHIM_PARENT": str(os.getpid()),
        "XENSTORED_RUNDIR": f"{folder}/run", "XENSTORED_ROOTDIR": f"{folder}/lib"}, stderr=subprocess.DEVNULL)
    until("xenstored listens", lambda: connects(), 10)
    return daemon


def connects():
    try:
        Store()
        return True
    except OSError:
        return False


def until(what, condition, limit):
    begun = time.time()
    while not condition():
        if time.time() - begun > limit:
            missed.append(what)
            print(f"| {what} | not within {limit} s | | **missed** |", flush=True)
            return None
        time.sleep(0.02)
    return time.time() - begun


def cpu(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def build(store, domid, name):
    """What a toolstack writes for a new domain."""
    for key, value in (("name", name), ("memory/static-max", START * 1024), ("memory/target", START * 1024), ("control/feature-poweroff", 1)):
        store.write(f"/local/domain/{domid}/{key}", value)
    store.request(INTRODUCE, f"{domid}\0001\0001\0".encode())


notified = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
notified.bind(f"{folder}/notify")
notified.setblocking(False)
statuses = []


def status():
    try:
        while True:
            statuses.append((time.time(), notified.recv(4096).decode()))
    except BlockingIOError:
        return [text for _, text in statuses]


def log():
    return open(f"{folder}/log").read().splitlines()


def start_daemon(wait=True):
    daemon = subprocess.Popen(
        [program, "run", "--hypervisor", "xen", "--journal", f"{folder}/journal"], stdout=subprocess.DEVNULL, stderr=open(f"{folder}/log", "a"),
        env={**os.environ, "LD_LIBRARY_PATH": folder, "FAKEXEN": f"{folder}/xen", "XENSTORED_PATH": f"{folder}/run/socket", "NOTIFY_SOCKET": f"{folder}/notify"})
    if wait:
        until("the daemon is ready", lambda: any("its xenstore:" in line for line in log()), 30)
    return daemon


def outcome(text):
    return text.split(" ")[0].removeprefix("outcome=") if text else None


xen = Xen(f"{folder}/xen")
xen.add(0, 4096, uuid.UUID(int=0), flags=0)
handles = {domid: uuid.uuid5(uuid.NAMESPACE_DNS, f"guest{domid}") for domid in range(1, count + 1)}
for domid, handle in handles.items():
    xen.add(domid, START, handle)
open(f"{folder}/log", "w").close()
print("| measured | | must | |\n|---|---:|---:|---|")

