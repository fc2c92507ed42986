# SPDX-License-Identifier: GPL-3.0-or-later
"""Each procedure of SIP by a scenario of tests/e2e/sip, as caller and as callee, over UDP, TCP and TLS."""

import re
import time
import types

import decode
import sip_scenario
from stand import GROUP, Failed, Skipped, Stand, check, wait
from test_transport import Relay, TcpStand, TlsStand

PEERS = {"caller": "CALLER", "callee": "PBX"}
# What a peer has when nothing else is said
USUAL = ("trusted", "100rel supported", "precondition off", "session-expires 1800", "min-se 90",
         "session-refresher any", "no challenge", "no credentials", "digest-md5", "max-calls 0")


def with_answers(cfg):
    """What the exchange does with calls, by the first digits of their numbers, beside what the stand's own has."""
    return cfg + """\
 answer prefix 23
  after 0 send ACM bci(called_status=no-indication) obci(inband_info=1)
  after 600 send CPG event(event=alerting)
  after 600 send ANM
 answer prefix 24
  after 200 send CON bci(called_status=subscriber-free)
 answer prefix 25
  after 60000 send ACM bci(called_status=subscriber-free)
 answer prefix 26
  after 0 send ACM bci(called_status=subscriber-free)
  after 1500 send ANM
 answer prefix 2977
  after 0 send CON connected(noa=national apri=allowed screening=network digits=155556666)
 answer prefix 28
  after 0 send ACM bci(called_status=subscriber-free)
  after 300 send REL cause=17
 answer prefix 29
  after 0 send ACM bci(called_status=no-indication) obci(inband_info=1)
  after 600 send CPG event(event=progress) notification=remote-hold
  after 600 send CPG event(event=progress) notification=remote-retrieval
  after 600 send CPG event(event=progress) notification=remote-hold
  after 600 send ANM
  after 600 send CPG event(event=progress) notification=remote-retrieval
"""


def with_fax(cfg):
    return cfg.replace("media static\n", "media static\n fax t38\n", 1)


class Udp(Stand):
    transport = "udp"

    def gw_cfg(self):
        cfg = with_fax(super().gw_cfg())
        return cfg.replace("sip\n", f"sip\n listen tcp {self.gw_ip} 5060\n", 1)

    def sim_cfg(self):
        return with_answers(super().sim_cfg())

    def start_relays(self):
        pass

    def procedure(self, scenario, side, calls, **options):
        """SIPp with the scenario over the transport of the stand."""
        over_tcp = self.transport == "tcp" or "udp-max-request" in scenario.get("sip")
        return self.sipp(scenario.text("tcp" if over_tcp else "udp"), side, calls, transport="t1" if over_tcp else "u1",
                         **options)


class Tcp(TcpStand, Udp):
    transport = "tcp"

    def gw_cfg(self):
        return TcpStand.gw_cfg(self).replace(f" listen tcp {self.gw_ip} 5060\n", "", 1)


class Tls(TlsStand):
    transport = "tls"

    def __init__(self, build, work):
        super().__init__(build, work)
        self.relays = []

    def gw_cfg(self):
        return with_fax(super().gw_cfg())

    def sim_cfg(self):
        return with_answers(super().sim_cfg())

    def start_relays(self):
        if not self.relays:
            self.relays = [
                Relay((self.relay_ip, 5060), (self.gw_ip, 5061), connect_ssl=self.context(False), source=self.uac_ip),
                Relay((self.relay_ip, 5061), (self.uas_ip, 5060), listen_ssl=self.context(True))]

    def procedure(self, scenario, side, calls, **options):
        contact = f"{self.relay_ip}:5061" if side == "uas" else None
        if side == "uac":
            options["target"] = self.relay_ip
        return self.sipp(scenario.text("tls", contact, f"{self.gw_ip}:5061"), side, calls, transport="t1", **options)


# ---- one scenario ----

def configure(stand, peer, commands, sip_commands=()):
    def command(words):
        answer = stand.gw(words)
        check(not answer or answer.startswith("!"), f"{words}: {answer}")
    for words in ("configure terminal", "sip", *sip_commands, f"peer {peer}", *commands, "end"):
        command(words)


def split(text):
    return [words.strip() for words in text.split(";") if words.strip()]


def isup_of(ladder):
    """Messages of the exchange in a ladder, in order."""
    return re.findall(r"isup [<>] ([A-Z]+)", ladder)


def judge(stand, scenario):
    ladder = stand.gw("show call ladder last")
    wanted = scenario.get("isup").split()
    if "isup" in scenario.values:
        check(isup_of(ladder) == wanted, f"isup: {' '.join(isup_of(ladder))}, not {' '.join(wanted)}:\n{ladder}")
    for pattern in scenario.ladder:
        check(re.search(pattern, ladder), f"ladder: no '{pattern}':\n{ladder}")
    for pattern in scenario.without:
        check(not re.search(pattern, ladder), f"ladder: there is '{pattern}':\n{ladder}")


def ask_medium(stand, medium):
    """As a media gateway that has heard a fax machine, or the end of the fax"""
    now = {"t38": ", audio,", "audio": "T.38"}[medium]
    wait(lambda: " CONNECTED" in stand.gw("show calls"), "the call is up")
    call = re.search(r"(?m)^ *([0-9]+) .* CONNECTED", stand.gw("show calls")).group(1)
    wait(lambda: now in stand.gw(f"show call detail {call}"), f"the medium is another one than {medium}")
    said = stand.gw(f"call {call} medium {medium}")
    check(not said, f"call {call} medium {medium}: {said}")


def play(stand, scenario):
    """The scenario once or some times; the exchange's view and the ladder are as it says, and nothing is left."""
    side, calls = scenario.get("side"), int(scenario.get("calls", "1"))
    peer = PEERS[side]
    configure(stand, peer, split(scenario.get("peer")), split(scenario.get("sip")))
    try:
        sipp = {"arguments": ("-default_behaviors", "bye,abortunexp", *scenario.get("arguments").split()), "timeout": 60}
        if side == "caller":
            process = stand.procedure(scenario, "uac", calls, rate=10, numbers=("+33" + scenario.get("called"),), **sipp)
        else:
            process = stand.procedure(scenario, "uas", calls, **sipp)
            for _ in range(calls):
                said = stand.sim(f"call {GROUP} hold {scenario.get('hold', '0')} called={scenario.get('called')} "
                                 + scenario.get("iam", "calling=301112222"))
                check(said.startswith("call "), said)
            if scenario.get("hangup"):
                time.sleep(int(scenario.get("hangup")) / 1000)
                stand.sim("release all")
            for words in split(scenario.get("then")):
                wait(lambda: " alerting" in stand.sim("show calls"), "the call rings")
                stand.sim(words)
        for medium in split(scenario.get("medium")):
            ask_medium(stand, medium)
        stand.sipp_done(process, 70)
        stand.wait_idle()
        judge(stand, scenario)
    finally:
        time.sleep(int(scenario.get("settle", "0")) / 1000)
        configure(stand, peer, USUAL, ("udp-max-request 1300",))


def all_of(run, kind, side):
    """All scenarios of a side over the transport of the stand; says which of them failed."""
    stand = run.stand(kind)
    stand.start_relays()
    chosen = [s for s in sip_scenario.scenarios() if s.get("side") == side
              and stand.transport in s.get("only", "udp tcp tls").split()]
    chosen.sort(key=lambda s: s.get("last"))
    try:
        capture = stand.capture(side) if kind is not Tls else None
    except Skipped:
        capture = None
    failures = []
    for scenario in chosen:
        try:
            play(stand, scenario)
        except Failed as failed:
            failures.append(f"{scenario.name}: {failed}")
            stand.sim("release all")
            time.sleep(0.3)
    check(not failures, "\n".join(failures))
    if capture:
        capture.end()
        bad = decode.malformed(capture.file, f" && ip.src == {stand.gw_ip}")
        check(not bad, f"tshark: {bad[:3]}")
    return f"{len(chosen)} procedures"


class Slow(Udp):
    """Callers at several addresses of one peer"""

    def gw_cfg(self):
        return super().gw_cfg().replace(" peer CALLER\n", f" peer CALLER\n  accept from {self.net}.16/28\n", 1)


def slow(run):
    """What takes a minute of real time, all at once: refreshes of a session, and none."""
    stand = run.stand(Slow)
    chosen = [s for s in sip_scenario.scenarios() if s.get("only") == "slow"]
    processes = [stand.procedure(s, "uac", 1, numbers=("+33" + s.get("called"),), timeout=100,
                                 address=f"{stand.net}.{s.get('from')}") for s in chosen]
    failures = []
    for scenario, process in zip(chosen, processes):
        try:
            stand.sipp_done(process, 100)
        except Failed as failed:
            failures.append(f"{scenario.name}: {failed}")
    check(not failures, "\n".join(failures))
    stand.wait_idle()
    return f"{len(chosen)} procedures"


def part_of(kind):
    tests = {f"sip_{side}_{kind.transport}": lambda run, side=side: all_of(run, kind, side) for side in PEERS}
    return types.SimpleNamespace(__name__=f"test_sip_{kind.transport}", TESTS=tests)


SLOW = types.SimpleNamespace(__name__="test_sip_slow", TESTS={"sip_slow": slow})
PARTS = tuple(part_of(kind) for kind in (Udp, Tcp, Tls))
