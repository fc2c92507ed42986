# SPDX-License-Identifier: GPL-3.0-or-later
"""The test stand: osmo-stp, isupsim and isupgw on loopback addresses of their own, SIPp and tcpdump beside them."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

import vty

VTY_PORTS = {"stp": 4239, "gw": 4271, "sim": 4272}
GROUP = "TRUNK1"
DISCARD_PORT = 9
# What one waits for comes soon, but not on a machine that is busy with something else
PATIENCE_S = 30


class Failed(Exception):
    """A test found something wrong."""


class Skipped(Exception):
    """A test cannot be run here."""


def check(condition, text):
    if not condition:
        raise Failed(text)


def wait(predicate, what, timeout=PATIENCE_S, step=0.05):
    """Waits until predicate() is true and returns its value."""
    end = time.monotonic() + timeout
    while True:
        value = predicate()
        if value:
            return value
        if time.monotonic() > end:
            raise Failed(f"not within {timeout:g} s: {what}")
        time.sleep(step)


def has_sctp():
    try:
        socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_SCTP).close()
        return True
    except OSError:
        return False


def sigtran_release():
    done = subprocess.run(["pkg-config", "--modversion", "libosmo-sigtran"], capture_output=True, text=True, check=True)
    return int(done.stdout.split(".")[0])


NETS_MIN, NETS_MAX = 71, 254


def free_net():
    """A loopback network in which nobody has a socket: 127.0.NUMBER.0/24, as '127.0.NUMBER', and the lock that keeps
    others from taking it while nobody listens there yet: a name in the abstract namespace, which is as wide as the
    loopback network and ends with its process. ISUPGW_E2E_NET is where to begin."""
    numbers = list(range(NETS_MIN, NETS_MAX + 1))
    first = int(os.environ.get("ISUPGW_E2E_NET", NETS_MIN)) - NETS_MIN
    for number in numbers[first:] + numbers[:first]:
        probe, lock = socket.socket(socket.AF_INET, socket.SOCK_STREAM), socket.socket(socket.AF_UNIX)
        try:
            lock.bind(f"\0isupgw-e2e-net-{number}")
            probe.bind((f"127.0.{number}.1", VTY_PORTS["stp"]))
            return f"127.0.{number}", lock
        except OSError:
            lock.close()
        finally:
            probe.close()
    raise Failed(f"no free loopback network from 127.0.{NETS_MIN}.0 to 127.0.{NETS_MAX}.0")


class Process:
    """A program with a log file, that is ended with the stand."""

    def __init__(self, name, argv, log, env=None, cwd=None):
        self.name = name
        self.log = log
        with open(log, "ab") as out:
            self.popen = subprocess.Popen(argv, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                          env=env, cwd=cwd)

    @property
    def pid(self):
        return self.popen.pid

    def running(self):
        return self.popen.poll() is None

    def wait(self, timeout):
        try:
            return self.popen.wait(timeout)
        except subprocess.TimeoutExpired:
            raise Failed(f"{self.name} has not ended within {timeout:g} s") from None

    def end(self, sig=signal.SIGTERM, timeout=PATIENCE_S):
        """Sends the signal and returns the exit status; kills what does not end."""
        if self.running():
            self.popen.send_signal(sig)
        try:
            return self.popen.wait(timeout)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()
            raise Failed(f"{self.name} did not end on {signal.Signals(sig).name}") from None

    def kill(self):
        """SIGTERM first: who has children ends them then, as Kamailio does."""
        if self.running():
            self.popen.terminate()
            try:
                self.popen.wait(15)
            except subprocess.TimeoutExpired:
                self.popen.kill()
        self.popen.wait()

    def text(self):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return log.read()


class Capture(Process):
    """tcpdump: it says that it listens before it does, and ends without what it has not read yet. So it is made to see
    a datagram at both ends."""

    def __init__(self, name, argv, log, file, net, cwd):
        super().__init__(name, argv, log, cwd=cwd)
        self.file, self.net = file, net
        os.setpriority(os.PRIO_PROCESS, self.pid, -10)
        try:
            wait(lambda: "listening on" in self.text(), "tcpdump")
            self._see("begin")
        except Failed:
            self.kill()
            raise

    def _see(self, what):
        text = f"capture {self.name} {what}".encode()

        def seen():
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
                sock.sendto(text, (f"{self.net}.1", DISCARD_PORT))
            time.sleep(0.01)
            with open(self.file, "rb") as file:
                return text in file.read()

        wait(seen, "tcpdump to see a datagram")

    def end(self, sig=signal.SIGTERM, timeout=PATIENCE_S):
        """What has not all been seen cannot be judged."""
        if self.running():
            self._see("end")
        status = super().end(sig, timeout)
        lost = re.search(r"^([1-9]\d*) packets dropped", self.text(), re.M)
        if lost:
            raise Skipped(f"tcpdump has lost {lost.group(1)} packets, the machine is too busy")
        return status


class Stand:
    def __init__(self, build, work, circuits=((1, 31), (33, 63), (65, 479)), timers=""):
        self.build = build
        self.work = work
        self.circuits = circuits
        self.timers = timers
        self.net, self._net_lock = free_net()
        self.stp_ip, self.gw_ip, self.sim_ip, self.uac_ip, self.uas_ip = (f"{self.net}.{n}" for n in range(1, 6))
        self.processes = []
        self.parts = {}
        self._vtys = {}
        self._sipp_count = 0
        self.sctp = os.environ.get("ISUPGW_M3UA", "auto") != "tcp" and has_sctp()
        self.native_tcp = not self.sctp and sigtran_release() >= 2
        os.makedirs(work, exist_ok=True)

    # ---- processes ----

    def path(self, name):
        return os.path.join(self.work, name)

    def _preload(self, program):
        """What must be preloaded for M3UA over TCP, AddressSanitizer's runtime first where the program has it."""
        if self.sctp or self.native_tcp:
            return {}
        libraries = subprocess.run(["ldd", program], capture_output=True, text=True, check=False).stdout
        asan = re.findall(r"=> (\S*libasan\S*)", libraries)
        return {"LD_PRELOAD": ":".join(asan + [os.path.join(self.build, "contrib/m3ua-tcp/m3ua_tcp.so")])}

    def run(self, name, argv, env=None):
        process = Process(name, argv, self.path(name + ".log"), env=env and {**os.environ, **env}, cwd=self.work)
        self.processes.append(process)
        return process

    def start(self, part, prefix=()):
        """Starts stp, gw or sim and waits for its VTY."""
        program = {"stp": shutil.which("osmo-stp"), "gw": os.path.join(self.build, "src/isupgw"),
                   "sim": os.path.join(self.build, "src/isupsim")}[part.rstrip("2")]
        with open(self.path(part + ".cfg"), "w", encoding="ascii") as cfg:
            cfg.write(self._for_transport(getattr(self, f"{part}_cfg")()))
        process = self.run(part, [*prefix, program, "-c", part + ".cfg"], self._preload(program))
        self.parts[part] = process
        self._vtys.pop(part, None)

        def ready():
            check(process.running(), f"{part} did not start: {process.text()[-600:]}")
            try:
                self.vty(part)
                return True
            except OSError:
                return False
        wait(ready, f"the VTY of {part}")
        return process

    def start_all(self):
        for part in ("stp", "sim", "gw"):
            self.start(part)
        self.wait_idle(30)

    def stop(self):
        """Ends everything; returns what went wrong by that."""
        problems = []
        for part in sorted(self.parts):
            process = self.parts[part]
            if process.running():
                try:
                    status = process.end()
                    if status and part != "stp":
                        problems.append(f"{part} ended with status {status}")
                except Failed as failed:
                    problems.append(str(failed))
        for process in self.processes:
            process.kill()
            problems += self.reports(process)
        self._net_lock.close()
        return problems

    @staticmethod
    def reports(process):
        """What a sanitizer or an assertion had to say."""
        return [f"{process.name}: {line.strip()}" for line in process.text().splitlines()
                if re.search(r"Sanitizer:|runtime error:|Assert failed|DOUBLE FREE|backtrace\(\) returned", line)]

    # ---- VTY ----

    def vty(self, part):
        if part not in self._vtys:
            self._vtys[part] = vty.Vty(getattr(self, part + "_ip"), VTY_PORTS[part.rstrip("2")])
        return self._vtys[part]

    def gw(self, *lines):
        return self.vty("gw").cmd(*lines)

    def sim(self, *lines):
        return self.vty("sim").cmd(*lines)

    def circuits_of(self, part):
        """(all, idle, busy, resetting) circuits."""
        found = re.search(rf"^{GROUP}: (\d+) circuits: (\d+) idle, (\d+) busy, (\d+) resetting",
                          self.vty(part).cmd("show isup circuits"), re.M)
        check(found, f"{part}: no such line as '{GROUP}: 62 circuits: …' in show isup circuits")
        return tuple(int(n) for n in found.groups())

    def calls_of(self, part):
        return int(re.search(r"^(\d+) calls", self.vty(part).cmd("show calls"), re.M).group(1))

    def dest_state(self, part="gw"):
        line = re.search(rf"^{GROUP} .*$", self.vty(part).cmd("show isup groups"), re.M).group()
        return " ".join(line.split()[3:-8])

    def all_idle(self):
        for part in ("gw", "sim"):
            total, idle, _, _ = self.circuits_of(part)
            if idle != total or self.calls_of(part):
                return False
        return True

    def wait_idle(self, timeout=14):
        """Soon: before a timer, such as T1 of at least 15 s, would have cleared up"""
        try:
            wait(self.all_idle, "all circuits idle and no call left", timeout, 0.2)
        except Failed as failed:
            raise Failed(f"{failed}: gw {self.circuits_of('gw')}, {self.calls_of('gw')} calls; "
                         f"sim {self.circuits_of('sim')}, {self.calls_of('sim')} calls") from None

    def sim_statistics(self):
        """'placed and answered' → n, 'REL received, cause 17' → n, …"""
        rows = re.findall(r"^(.*?)(?: \(.*\))?: (\d+)\s*$", self.sim("show statistics"), re.M)
        return {name: int(count) for name, count in rows}

    def talloc(self, part="gw"):
        """Name of the chunk → number of chunks, of everything the process has allocated."""
        counts = {}
        for name, blocks in re.findall(r"^\s*(.*?)\s+contains\s+\d+ bytes in\s+(\d+) blocks \(ref \d+\)",
                                       self.vty(part).cmd("show talloc-context application full"), re.M):
            name = re.sub(r"0x[0-9a-f]+|\d+", "N", name)
            counts[name] = counts.get(name, 0) + 1
            del blocks
        return counts

    # ---- SIPp and tcpdump ----

    def sipp(self, scenario, side, calls, rate=50, numbers=("+33201234567",), calling="+33301112222", timeout=90,
             address=None, prefix=(), target=None, transport="u1", arguments=()):
        """Starts SIPp as 'uac' (calls the gateway) or 'uas' (is called by it)."""
        self._sipp_count += 1
        base = f"sipp{self._sipp_count}-{side}"
        with open(self.path(base + ".xml"), "w", encoding="ascii") as xml:
            xml.write(scenario)
        argv = [*prefix, "sipp", "-sf", base + ".xml", "-i", address or {"uac": self.uac_ip, "uas": self.uas_ip}[side],
                "-p", "5060", "-t", transport, "-m", str(calls), "-nostdin", "-trace_err", "-error_file", base + ".err",
                "-trace_stat", "-stf", base + ".csv", "-fd", "1", "-recv_timeout", str(timeout * 1000),
                "-timeout", f"{timeout}s", "-timeout_error", "-buff_size", "4194304", *arguments]
        if side == "uac":
            with open(self.path(base + ".inf"), "w", encoding="ascii") as inf:
                inf.write("SEQUENTIAL\n" + "".join(f"{number};{calling}\n" for number in numbers))
            argv += ["-inf", base + ".inf", "-r", str(rate), "-l", str(calls), f"{target or self.gw_ip}:5060"]
        process = self.run(base, argv)
        process.base = self.path(base)
        if side == "uas":
            kind = socket.SOCK_DGRAM if transport[0] == "u" else socket.SOCK_STREAM
            wait(lambda: self._bound(address or self.uas_ip, kind), "SIPp's socket")
        return process

    @staticmethod
    def _bound(address, kind=socket.SOCK_DGRAM):
        """Has somebody this address and port 5060? Read, not tried: a trial would be in the way of who is to have it."""
        wanted = f"{int.from_bytes(socket.inet_aton(address), sys.byteorder):08X}:{5060:04X}"
        table, states = ("udp", ("07",)) if kind == socket.SOCK_DGRAM else ("tcp", ("0A",))
        with open(f"/proc/net/{table}", encoding="ascii") as lines:
            sockets = [line.split() for line in list(lines)[1:]]
        return any(words[1] == wanted and words[3] in states for words in sockets)

    @staticmethod
    def sipp_done(process, timeout=100):
        """Waits for the end of SIPp: all its calls must have gone by the scenario."""
        status = process.wait(timeout)
        if status == 0:
            return
        error = ""
        if os.path.exists(process.base + ".err"):
            with open(process.base + ".err", encoding="utf-8", errors="replace") as err:
                error = err.read(1500)
        raise Failed(f"{process.name} ended with status {status}: {error}")

    @staticmethod
    def sipp_failed(process):
        """How many of SIPp's calls did not go by the scenario."""
        with open(process.base + ".csv", encoding="ascii", errors="replace") as file:
            rows = [line.rstrip("\n").split(";") for line in file]
        return int(rows[-1][rows[0].index("FailedCall(C)")])

    def capture(self, name):
        """Records what goes over the stand's network until the process is ended, but for consoles. The buffer has places
        for packets of the greatest length, so many of them."""
        if os.geteuid() != 0:
            raise Skipped("recording packets needs root")
        tcpdump = shutil.which("tcpdump", path=os.environ.get("PATH", "") + ":/usr/sbin")
        if not tcpdump:
            raise Skipped("there is no tcpdump")
        consoles = " or ".join(f"tcp port {port}" for port in VTY_PORTS.values())
        process = Capture(name, [tcpdump, "-i", "lo", "-B", "131072", "-s", "65600", "-U", "--immediate-mode", "-Z", "root",
                                 "-w", name + ".pcap", f"inbound and net {self.net}.0/24 and not ({consoles})"],
                          self.path(name + ".log"), self.path(name + ".pcap"), self.net, self.work)
        self.processes.append(process)
        return process

    # ---- configuration ----

    def _for_transport(self, cfg):
        """libosmo-sigtran 2 is told by configuration to use TCP; 1.x gets it by the preloaded library."""
        if not self.native_tcp:
            return cfg
        cfg = re.sub(r"(?m)^( asp .* m3ua| listen m3ua \d+)$", r"\1 tcp", cfg)
        return cfg.replace("  sctp-role ", "  transport-role ")

    def stp_cfg(self):
        return f"""\
log stderr
 logging print category 1
 logging color 0
 logging level lss7 notice
line vty
 no login
 bind {self.stp_ip}
cs7 instance 0
 network-indicator national
 asp asp-gw 5001 2905 m3ua
  remote-ip {self.gw_ip}
  local-ip {self.stp_ip}
  role sg
  sctp-role server
 asp asp-sim 5001 2905 m3ua
  remote-ip {self.sim_ip}
  local-ip {self.stp_ip}
  role sg
  sctp-role server
 as as-gw m3ua
  asp asp-gw
  routing-key 1 0.0.1
 as as-sim m3ua
  asp asp-sim
  routing-key 2 0.0.2
 route-table system
  update route 0.0.1 7.255.7 linkset as-gw
  update route 0.0.2 7.255.7 linkset as-sim
 listen m3ua 2905
  local-ip {self.stp_ip}
"""

    def _common_cfg(self, address, number, level):
        destination = 2 if number == 1 else 1
        ranges = "".join(f"  circuits {first} {last}\n" for first, last in self.circuits)
        return f"""\
log stderr
 logging filter all 1
 logging color 0
 logging print category 1
 logging print category-hex 0
 logging print extended-timestamp 1
 logging level set-all {level}
line vty
 no login
 bind {address}
cs7 instance 0
 network-indicator national
 point-code 0.0.{number}
 asp asp-{number} 2905 5001 m3ua
  remote-ip {self.stp_ip}
  local-ip {address}
  role asp
  sctp-role client
 as as-{number} m3ua
  asp asp-{number}
  routing-key {number} 0.0.{number}
 route-table system
  update route 0.0.0 0.0.0 linkset as-{number}
isup
 circuit-group {GROUP}
  cs7-instance 0
  destination 0.0.{destination}
{ranges}  hunt least-recent
  reset-rate 50
{self.timers}"""

    def gw_cfg(self):
        return self._common_cfg(self.gw_ip, 1, "notice") + f"""\
sip
 listen udp {self.gw_ip} 5060
 peer CALLER
  remote udp {self.uac_ip} 5060
  trusted
  options-interval 0
 peer PBX
  remote udp {self.uas_ip} 5060
  trusted
  options-interval 0
media static
 address {self.gw_ip}
 base-port 16384
 codec pcma
gateway
 country-code 33
 national-prefix 0
 international-prefix 00
 ladder-memory 4
 route prefix +33 from peer CALLER to circuit-group {GROUP} priority 0
 route any from circuit-group {GROUP} to peer PBX priority 0
"""

    def sim_cfg(self):
        causes = "".join(f" answer prefix 27{cause:03}\n  after 0 send REL cause={cause}\n" for cause in range(1, 128))
        return self._common_cfg(self.sim_ip, 2, "notice") + f"""\
simulator
 answer default
  after 0 send ACM bci(called_status=subscriber-free)
  after 100 send ANM
 answer prefix 21
  after 0 send ACM bci(called_status=subscriber-free)
 answer prefix 22
  after 0 send ACM bci(called_status=subscriber-free)
  after 100 send ANM
  after 300 send REL cause=16
{causes}"""


def show(text):
    print(text, flush=True)
    sys.stdout.flush()
