"""What the measurements of plugin processes have in common: a daemon on a simulated host, the meter plugins, and a client of its xenstore."""
import os, shutil, signal, socket, struct, subprocess, tempfile, time

READ, WATCH, WRITE, WATCH_EVENT = 2, 4, 11, 15
HERE = os.path.dirname(os.path.abspath(__file__))
METER = os.path.join(HERE, "meter/bin/Release/net10.0/meter.dll")


class Store:
    """A connection to the daemon's xenstore."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.buffer, self.events = b"", []

    def receive(self):
        while len(self.buffer) < 16 or len(self.buffer) < 16 + struct.unpack_from("<I", self.buffer, 12)[0]:
            data = self.socket.recv(1 << 16)
            if not data:
                raise EOFError("the daemon closed the connection")
            self.buffer += data
        kind, _, _, length = struct.unpack_from("<IIII", self.buffer)
        body, self.buffer = self.buffer[16:16 + length], self.buffer[16 + length:]
        return kind, body

    def request(self, kind, payload):
        self.socket.sendall(struct.pack("<IIII", kind, 0, 0, len(payload)) + payload)
        while True:
            reply, body = self.receive()
            if reply != WATCH_EVENT:
                return None if reply == 16 else body
            self.events.append(body)

    def read(self, path):
        body = self.request(READ, path.encode() + b"\0")
        return None if body is None else body.decode()

    def write(self, path, value):
        assert self.request(WRITE, path.encode() + b"\0" + value.encode()) is not None, path

    def watch(self, path, token):
        assert self.request(WATCH, f"{path}\0{token}\0".encode()) is not None, path

    def event(self, seconds=60):
        """The token of the next event; None if there is none in time."""
        if self.events:
            return self.events.pop(0).split(b"\0")[1].decode()
        self.socket.settimeout(seconds)
        try:
            return self.receive()[1].split(b"\0")[1].decode()
        except TimeoutError:
            return None
        finally:
            self.socket.settimeout(None)

    def policy(self, domid, key):
        return self.read(f"/local/domain/{domid}/memory-policy/{key}")

    def set(self, domid, key, value):
        self.write(f"/local/domain/{domid}/memory-policy/{key}", str(value))

    def state(self, domid):
        """The fields of a domain's state; empty if there is none."""
        text = self.policy(domid, "state")
        return {} if text is None else dict(part.split("=", 1) for part in text.split(" reason=")[0].split(" "))


def is_final(state, target):
    return state.get("outcome") not in (None, "running") and state.get("target") == str(target)


class World:
    """A daemon with simulated domains and meter plugins."""

    def __init__(self, published, domains, plugins=1, in_process=False, environment=None, options=()):
        self.program = next(path for name in ("actors-daemon", "actors") if os.path.exists(path := os.path.join(published, name)))
        self.folder = tempfile.mkdtemp(prefix="children-")
        self.domains = range(1, domains + 1)
        self.plugins = ["meter" if number == 1 else f"meter{number}" for number in range(1, plugins + 1)]
        # A temporary folder of its own, so that what is left there is known to be this daemon's.
        self.temporary = f"{self.folder}/tmp"
        os.mkdir(self.temporary)
        os.chmod(self.temporary, 0o1777)
        os.chmod(self.folder, 0o755)
        self.environment = {"TMPDIR": self.temporary, **(environment or {})}
        self.options = options
        with open(f"{self.folder}/scenario.yaml", "w") as file:
            file.write(f"host: {{ memory: {domains + 8}GiB, seed: 1 }}\ndomains:\n")
            for number in self.domains:
                file.write(f"  - {{ name: d{number}, memory: 1GiB, boot: 10ms }}\n")
        with open(f"{self.folder}/actors.yaml", "w") as file:
            for name in self.plugins:
                file.write(("isolation:\n" if name == "meter" else "") + f"  {name}: {'in-process' if in_process else 'process'}\n" if plugins else "")
        os.mkdir(f"{self.folder}/plugins")
        shutil.copytree(os.path.join(published, "plugins/balloon"), f"{self.folder}/plugins/balloon")
        for name in self.plugins:
            self.put(name, METER)
        self.log = f"{self.folder}/log"

    def put(self, name, dll, more=""):
        """Installs a plugin in one step, with an actor of its name."""
        new = f"{self.folder}/{name}"
        os.mkdir(new)
        shutil.copy(dll, f"{new}/{name}.dll")
        with open(f"{new}/plugin.yaml", "w") as file:
            file.write(f"id: {name}\nversion: 1.0\ncontract: 1.1\nactors: [{name}]\n{more}")
        os.rename(new, f"{self.folder}/plugins/{name}")

    def line(self):
        return [self.program, "run", "--hypervisor", "sim", "--sim", f"{self.folder}/scenario.yaml", "--store-socket", f"{self.folder}/s", "--journal", f"{self.folder}/journal",
                "--plugins", f"{self.folder}/plugins", "--config", f"{self.folder}/actors.yaml", *self.options]

    def start(self):
        self.daemon = subprocess.Popen(self.line(), stdout=subprocess.DEVNULL, stderr=open(self.log, "a"), env={**os.environ, **self.environment})
        seen = os.path.getsize(self.log)
        while "its xenstore:" not in open(self.log).read()[seen:]:
            if self.daemon.poll() is not None:
                raise SystemExit(open(self.log).read())
            time.sleep(0.02)
        return self

    @property
    def pid(self):
        return self.daemon.pid

    def store(self):
        return Store(f"{self.folder}/s")

    def stop(self, keep=False):
        self.daemon.send_signal(signal.SIGTERM)
        self.daemon.wait()
        if not keep:
            shutil.rmtree(self.folder)


def children(pid, role=""):
    """The processes that a process started and that run, in a role or in any."""
    found = []
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{task}/children") as file:
                found += [int(child) for child in file.read().split() if role in line_of(child)]
        except OSError:
            continue
    return found


def line_of(pid):
    """The command line of a process; empty if it has ended."""
    try:
        with open(f"/proc/{pid}/cmdline") as file:
            return file.read()
    except OSError:
        return ""


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def rollup(pid, field):
    """A field of the memory of a process, in KiB."""
    with open(f"/proc/{pid}/smaps_rollup") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(field + ":"))


def status(pid, field):
    with open(f"/proc/{pid}/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(field + ":"))
