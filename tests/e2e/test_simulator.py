# SPDX-License-Identifier: GPL-3.0-or-later
"""isupsim as a whole PSTN: the signalling gateway itself, two point codes, scenarios started by its console and by
command line with its keys; the scenarios that are shipped, each against isupgw."""

import csv
import os
import pty
import re
import select
import shutil
import signal
import socket
import subprocess
import time
import xml.etree.ElementTree

import decode
import scenario
from stand import PATIENCE_S, VTY_PORTS, Failed, Skipped, Stand, check, wait

HERE = os.path.dirname(os.path.abspath(__file__))
EXAMPLES = os.path.join(HERE, "../../doc/examples/isupsim")
TIMERS = "".join(f"  timer {name} {ms}\n" for name, ms in {"T7": 2000, "T9": 2500, "T1": 1000, "T5": 4000}.items())


class Pstn(Stand):
    """Two exchanges in one isupsim, which is the signalling gateway; there is no STP."""

    def __init__(self, build, work):
        super().__init__(build, work, circuits=((1, 30),), timers=TIMERS)
        # what free_net() of others looks at is not taken by an STP
        self.taken = socket.create_server((self.stp_ip, VTY_PORTS["stp"]))

    def start_all(self):
        self.start("sim", ("env", f"ISUPSIM_DATA={EXAMPLES}"))
        self.start("gw")
        wait(self.both_idle, "all circuits of both groups idle", 30, 0.2)

    def both_idle(self):
        """Two groups at each end, and no call"""
        lines = [re.findall(r"^TRUNK\d: (\d+) circuits: (\d+) idle", self.vty(part).cmd("show isup circuits"), re.M)
                 for part in ("gw", "sim")]
        return all(len(found) == 2 and all(a == b for a, b in found) for found in lines) and not self.calls_of("gw")

    def _links(self, number):
        """The two associations, from the end with this number: 1 is isupgw, 2 isupsim."""
        text = ""
        for n in (0, 1):
            local, remote = (self.gw_ip, self.sim_ip) if number == 1 else (self.sim_ip, self.gw_ip)
            asp = (f" asp asp-{n} {2905 + n} {5001 + n} m3ua\n  remote-ip {remote}\n  local-ip {local}\n"
                   "  role asp\n  sctp-role client\n" if number == 1 else
                   f" asp asp-{n} {5001 + n} {2905 + n} m3ua\n  remote-ip {remote}\n  local-ip {local}\n"
                   "  role sg\n  sctp-role server\n")
            as_ = f" as as-{n} m3ua\n  asp asp-{n}\n  routing-key {n + 1} 0.0.1\n"
            far = f"0.0.{2 + n}" if number == 1 else "0.0.1"
            route = f" route-table system\n  update route {far} 7.255.7 linkset as-{n}\n"
            listen = f" listen m3ua {2905 + n}\n  local-ip {local}\n" if number == 2 else ""
            if number == 2:     # each point code is an instance of its own
                text += f"cs7 instance {n}\n network-indicator national\n point-code 0.0.{2 + n}\n{asp}{as_}{route}{listen}"
            else:
                text += f"{asp}{as_}{route}"
        return text if number == 2 else f"cs7 instance 0\n network-indicator national\n point-code 0.0.1\n{text}"

    def _common_cfg(self, address, number, level):
        text = super()._common_cfg(address, number, level)
        head, isup = text[:text.index("cs7 instance 0")], text[text.index("isup\n"):]
        if number == 1:
            isup = isup.replace("  hunt ", "  overlap collect 4 9\n  hunt ")
        second = isup[len("isup\n"):].replace("TRUNK1", "TRUNK2")
        if number == 1:
            second = second.replace("destination 0.0.2", "destination 0.0.3")
        else:
            second = second.replace("cs7-instance 0", "cs7-instance 1")
        return head + self._links(number) + isup + second

    def gw_cfg(self):
        more = " route prefix +33 from peer CALLER to circuit-group TRUNK2 priority 1\n" \
               " route any from circuit-group TRUNK2 to peer PBX priority 0\n"
        cfg = super().gw_cfg() + more
        return cfg.replace(" base-port 16384\n", " base-port 16384\n base-port circuit-group TRUNK2 20000\n")

    # ---- scenarios ----

    def play(self, options):
        answer = self.sim(f"scenario start {options} -settle 100")
        check(not answer, answer)

    def begin(self, options):
        """One that is called: until it can be."""
        self.play(options)
        wait(lambda: "being reset" not in self.sim("show scenario"), "it has begun")

    def odd_circuits(self, what):
        for group in ("TRUNK1", "TRUNK2"):
            for cic in range(1, 31, 2):
                answer = self.gw(f"isup {what} circuit-group {group} {cic}")
                check(not answer.startswith("%"), answer)

    def played(self, timeout=60):
        """Waits for the end; the last table."""
        return wait(lambda: (lambda shown: shown.endswith("over") and shown)(self.sim("show scenario").rstrip()),
                    "the scenario is over", timeout, 0.1)

    def all_passed(self, calls, timeout=60):
        shown = self.played(timeout)
        check(f"{calls} passed, 0 failed, 0 skipped" in shown, shown)
        wait(self.both_idle, "all is idle afterwards", 20, 0.2)
        return shown

    def placed(self, options, calls, callee=None):
        """A scenario that places calls, to a SIP user"""
        process = self.sipp(callee or scenario.uas(), "uas", calls)
        self.play(f"{options} -m {calls}")
        shown = self.all_passed(calls)
        self.sipp_done(process)
        return shown

    def answered(self, options, calls, caller):
        """A scenario that is called, by a SIP user; until its calls are over"""
        self.begin(f"{options} -m {calls}")
        process = self.sipp(caller, "uac", calls)
        shown = self.all_passed(calls)
        self.sipp_done(process)
        return shown


def point_codes(file):
    """Originating point codes of the IAMs in a capture of isupsim, and the numbers called"""
    fields = ["tshark", "-r", file, "-Y", "isup.message_type == 1", "-T", "fields", "-e", "mtp3.opc", "-e",
              "e164.called_party_number.digits"]
    done = subprocess.run(fields, capture_output=True, text=True, check=True)
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    return [row[0] for row in rows], [row[1] for row in rows]


def call(run):
    """Placed from two point codes, numbers from a CSV file; statistics and record say so."""
    stand = run.stand(Pstn)
    with open(stand.path("numbers.csv"), "w", encoding="ascii") as numbers:
        numbers.write("SEQUENTIAL\n201000000..201000002;301112222\n209999999;301113333\n")
    with open(stand.path("numbers.xml"), "w", encoding="ascii") as file, \
            open(os.path.join(EXAMPLES, "call.xml"), encoding="ascii") as shipped:
        file.write(shipped.read().replace("called=201234567 calling=301112222", "called=$field0 calling=$field1"))
    shown = stand.placed("-sf ./numbers.xml -inf numbers.csv -r 20 -d 100 -trace_stat call.csv -pcap call.pcap", 10)
    check("Response time: mean" in shown and "60 circuits" in shown, shown)
    opcs, numbers = point_codes(stand.path("call.pcap"))
    check(sorted(opcs) == ["2"] * 5 + ["3"] * 5, f"{opcs}")
    wanted = ["201000000", "201000001", "201000002", "209999999"]
    check(numbers == (wanted * 3)[:10], f"{numbers}")
    check(not decode.malformed(stand.path("call.pcap")), "tshark finds messages malformed")
    with open(stand.path("call.csv"), encoding="ascii") as file:
        last = list(csv.DictReader(file, delimiter=";"))[-1]
    check(last["TotalCallCreated"] == last["SuccessfulCall(C)"] == "10" and last["FailedCall(C)"] == "0", f"{last}")
    check((last["MessagesSent(C)"], last["MessagesReceived(C)"]) == ("20", "30"), f"{last}")


def answer(run):
    """answer, busy, noanswer, silent: a SIP user hears what their names say."""
    stand = run.stand(Pstn)
    stand.answered("-sn answer -d 100", 10, scenario.uac(200))
    stand.answered("-sn busy", 5, scenario.uac_refused(486))
    stand.answered("-sn noanswer", 2, scenario.uac_refused(480))
    # nothing is ever acknowledged: T7, then T1; its circuits are reset when it is over
    stand.begin("-sn silent")
    stand.sipp_done(stand.sipp(scenario.uac_refused(504), "uac", 1))
    stand.sim("scenario stop now")
    stand.played()
    wait(stand.both_idle, "all is idle afterwards", 30, 0.2)


def overlap(run):
    """Digits one after the other reach the SIP user as one number."""
    stand = run.stand(Pstn)
    stand.placed("-sn overlap -r 5 -d 50", 4)
    check("+33201234567" in stand.gw("show call ladder last"), stand.gw("show call ladder last"))


def supervision(run):
    """supervision, and hostile: the gateway answers as it must, and lives."""
    stand = run.stand(Pstn)
    stand.play("-sn supervision -m 4 -r 2")
    stand.all_passed(4)
    stand.play("-sn hostile -m 2 -l 1 -r 1")
    stand.all_passed(2, 60)


def seized_at_once(stand, calls):
    """Calls by isupgw, each circuit of which isupsim seizes, too. Counts of who had the control."""
    callee = stand.sipp(scenario.uas(), "uas", calls)
    stand.begin(f"-sn dualseizure -m {calls} -d 50")
    caller = stand.sipp(scenario.uac_or_refused(100), "uac", calls, 4)
    shown = stand.all_passed(calls)
    caller.wait(30)
    callee.kill()
    return {who: int(n) for who, n in re.findall(r"Counted (\w+): (\d+)", shown)}


def dualseizure(run):
    """Dual seizure, provoked: where the gateway has the control its call goes on, else isupsim's."""
    stand = run.stand(Pstn)
    # the gateway prefers the circuits that it controls: the odd ones, for its point code is the lower one
    counted = seized_at_once(stand, 4)
    check(counted == {"theirs": 4}, f"{counted}")
    stand.odd_circuits("block")
    counted = seized_at_once(stand, 4)
    stand.odd_circuits("unblock")
    wait(stand.both_idle, "all is idle afterwards", 20, 0.2)
    # the first attempt of a call that gave way is followed by another one
    check(counted.get("ours"), f"{counted}")
    met = sum(map(int, re.findall(r"calls:dual_seizure: +(\d+)", stand.gw("show rate-counters"))))
    check(met >= 8, f"the gateway counted {met} dual seizures")
    return f"{met} dual seizures"


def wrong(run):
    """A scenario that expects something wrong fails, and says which parameter of which message differed and how."""
    stand = run.stand(Pstn)
    with open(stand.path("wrong.xml"), "w", encoding="ascii") as file:
        file.write('<scenario name="wrong">\n  <send>IAM called=201234567 calling=301112222</send>\n'
                  '  <recv message="ACM">\n    <expect parameter="bci" field="called_status" value="no-indication"/>\n'
                  '  </recv>\n</scenario>\n')
    callee = stand.sipp(scenario.uas_rings(), "uas", 1)
    stand.play("-sf ./wrong.xml -m 1 -junit wrong.junit")
    shown = stand.played()
    why = r"wrong\.xml:4:5: ACM cic=\d+: bci called_status is subscriber-free \(1\), should be no-indication"
    check(re.search(why, shown) and "0 passed, 1 failed" in shown, shown)
    suite = xml.etree.ElementTree.parse(stand.path("wrong.junit")).getroot()
    told = [failure.get("message") for failure in suite.findall("testcase/failure")]
    check((suite.get("name"), suite.get("tests"), suite.get("failures")) == ("wrong", "1", "1"), f"{suite.attrib}")
    check(len(told) == 1 and re.search(why, told[0]), f"{told}")
    stand.sipp_done(callee)
    wait(stand.both_idle, "all is idle afterwards", 20, 0.2)


class Keyboard:
    """isupsim on a terminal"""

    def __init__(self, stand, options):
        program = os.path.join(stand.build, "src/isupsim")
        with open(stand.path("keys.cfg"), "w", encoding="ascii") as cfg:
            cfg.write(stand._for_transport(stand.sim_cfg()))
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(stand.work)
            os.environ.update({**stand._preload(program), "ISUPSIM_DATA": EXAMPLES})
            os.execv(program, [program, "-c", "keys.cfg", *options.split()])
        self.text = ""

    def screen(self, pattern, timeout=PATIENCE_S):
        """Waits until the screen as it is now has this."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if re.search(pattern, self.text.rpartition("\033[2J")[2]):
                return
            if select.select([self.fd], [], [], 0.1)[0]:
                try:
                    self.text += os.read(self.fd, 65536).decode()
                except OSError:
                    break
        raise Failed(f"no {pattern!r} on the screen: {self.text[-1500:]}")

    def key(self, key):
        os.write(self.fd, key.encode())

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)

    def status(self):
        while select.select([self.fd], [], [], PATIENCE_S)[0]:
            try:
                self.text += os.read(self.fd, 65536).decode()
            except OSError:
                break
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


class Terminal(Pstn):
    """The test starts isupsim on a terminal, then the gateway."""

    def start_all(self):
        pass


def keys(run):
    """The keys of the live screen: the rate, a pause, the end."""
    stand = run.stand(Terminal)
    board = Keyboard(stand, "-sn call -r 1 -d 50")
    try:
        board.screen(r"1\.0 calls/s wanted.* the far end cannot be reached yet")
        stand.start("gw")
        callee = stand.sipp(scenario.uas(), "uas", 100000)
        board.screen(r" ([2-9]|\d\d+) passed")
        board.key("*++-")
        board.screen(r"12\.0 calls/s wanted")
        board.key("/")
        board.screen(r"2\.0 calls/s wanted")
        board.key("p")
        board.screen(r", paused[^$]*\b0 running")
        board.key("p*")
        board.screen(r"12\.0 calls/s wanted.* circuits *\r?\n")
        board.screen(r" ([2-9]\d|\d{3,}) passed")
        board.key("q")
    except Failed:
        board.kill()
        raise
    status = board.status()
    callee.kill()
    check(status == 0, f"status {status}: {board.text[-1500:]}")
    check(re.search(r"\d\d started, 0 running, \d\d passed, 0 failed", board.text), board.text[-1500:])


TUTORIAL = os.path.join(HERE, "../../doc/ISUPSIM.md")


def tutorial_commands():
    """The indented blocks of the tutorial, but those that show what is printed"""
    with open(TUTORIAL, encoding="utf-8") as text:
        part = text.read().split("### Ten minutes")[1].split("### Elements")[0]
    blocks = re.findall(r"\n\n((?: {8}.*\n)+)", part)
    return "\n".join(re.sub(r"(?m)^ {8}", "", block) for block in blocks if not block.startswith(" " * 12)), \
        [line.strip() for block in blocks if block.startswith(" " * 12) for line in block.splitlines()]


def tutorial(run):
    """Every command of the tutorial in doc/ISUPSIM.md as it stands there, in a network of its own"""
    if os.geteuid() != 0 or not shutil.which("unshare") or not shutil.which("telnet"):
        raise Skipped("it needs root, unshare and telnet")
    stand = Terminal(run.options.build, os.path.join(run.work, "tutorial"))
    stand.taken.close()
    commands, printed = tutorial_commands()
    shutil.copytree(os.path.join(HERE, "../../doc/examples"), stand.path("doc/examples"))
    for name in ("isupgw", "isupsim", "osmo-stp"):
        with open(stand.path(f"doc/examples/{name}.cfg"), "r+", encoding="ascii") as cfg:
            text = cfg.read()
            cfg.seek(0)
            cfg.write(stand._for_transport(text))
    source = os.path.join(stand.build, "src")
    env = {**os.environ, **stand._preload(os.path.join(source, "isupsim")), "ISUPSIM_DATA": EXAMPLES,
           "PATH": source + ":" + os.environ["PATH"]}
    script = "set -m\nip link set lo up\n" + commands
    done = subprocess.run(["unshare", "-n", "bash", "-c", script], cwd=stand.work, env=env, capture_output=True,
                          text=True, timeout=600, check=False)
    for line in printed:
        check(line in done.stdout, f"not printed: {line}: {done.stdout[-3000:]}")
    statuses = re.findall(r"^(\d+)$", done.stdout, re.M)
    check(statuses == ["1", "0"], f"{statuses}: {done.stdout[-3000:]}{done.stderr[-1000:]}")
    for text in ("Called party's status indicator: Subscriber free", "sip > 180", "100 passed, 0 failed"):
        check(text in done.stdout, f"not printed: {text}: {done.stdout[-3000:]}")


TESTS = {"sim_call": call, "sim_answer": answer, "sim_overlap": overlap, "sim_supervision": supervision,
         "sim_dualseizure": dualseizure, "sim_wrong": wrong, "sim_keys": keys, "sim_tutorial": tutorial}
