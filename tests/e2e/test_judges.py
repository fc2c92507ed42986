# SPDX-License-Identifier: GPL-3.0-or-later
"""Neighbours that nobody here wrote: Kamailio as a proxy in the path of every call, baresip as a telephone."""

import os
import re
import shutil

import decode
import scenario
from stand import GROUP, Skipped, Stand, check, wait

HERE = os.path.dirname(os.path.abspath(__file__))
PATH = os.environ.get("PATH", "") + ":/usr/sbin"


# ---- Kamailio ----

class Proxied(Stand):
    """One peer, a proxy: SIPp calls through it, and two callees are behind it."""

    def __init__(self, build, work):
        super().__init__(build, work)
        self.kamailio = shutil.which("kamailio", path=PATH)
        if not self.kamailio:
            raise Skipped("there is no kamailio")
        self.proxy_ip, self.second_ip = f"{self.net}.8", f"{self.net}.9"

    def gw_cfg(self):
        return super().gw_cfg().replace(f"remote udp {self.uac_ip} ", f"remote udp {self.proxy_ip} ").replace(
            f" peer PBX\n  remote udp {self.uas_ip} 5060\n  trusted\n  options-interval 0\n", "").replace(
            "to peer PBX", "to peer CALLER")

    def start_all(self):
        with open(os.path.join(HERE, "kamailio.cfg"), encoding="ascii") as file:
            cfg = file.read()
        for name, address in (("GATEWAY", self.gw_ip), ("FIRST", self.uas_ip), ("SECOND", self.second_ip)):
            cfg = cfg.replace(f"{name}:", f"{address}:").replace(f'"{name}"', f'"{address}"')
        with open(self.path("kamailio.cfg"), "w", encoding="ascii") as file:
            file.write(cfg)
        self.run("kamailio", [self.kamailio, "-DD", "-E", "-m", "64", "-M", "8", "-f", "kamailio.cfg",
                              "-l", f"udp:{self.proxy_ip}:5060", "-P", self.path("kamailio.pid"), "-Y", self.work])
        wait(lambda: self._bound(self.proxy_ip), "Kamailio")
        super().start_all()

    def callee(self, text, calls, address=None):
        return self.sipp(text, "uas", calls, address=address)

    def place(self, called, hold=300, calls=1):
        for _ in range(calls):
            self.sim(f"call {GROUP} hold {hold} called={called} calling=301112222")


def via_proxy(run):
    """In and out through Kamailio, which stays in the dialog: ACK and BYE take its route, both ways."""
    stand = run.stand(Proxied)
    capture = stand.capture("proxy")
    stand.sipp_done(stand.sipp(scenario.uac(200), "uac", 20, 20, target=stand.proxy_ip))
    callee = stand.callee(scenario.uas(), 5)
    stand.place("201234560", calls=5)
    stand.sipp_done(callee)
    callee = stand.callee(scenario.uas_hangs_up().replace("70\nFrom:[$to]", "70\n[routes]\nFrom:[$to]"), 5)
    stand.place("201234560", hold=5000, calls=5)
    stand.sipp_done(callee)
    stand.wait_idle()
    capture.end()
    bad = decode.malformed(capture.file)
    check(not bad, f"tshark: {bad[:3]}")
    around = decode.count(capture.file, f"sip && ip.src == {stand.gw_ip} && ip.dst != {stand.proxy_ip}")
    check(not around, f"the gateway went around the proxy {around} times")


def uas_rings():
    """A callee that rings until it is cancelled."""
    return scenario.document(
        scenario.recv("INVITE"), scenario.send(scenario.answer("180 Ringing")), scenario.recv("CANCEL"),
        scenario.send(scenario.answer("200 OK", tag="")),
        scenario.send(scenario.answer("487 Request Terminated", cseq="CSeq: 1 INVITE"), retrans=500),
        scenario.recv("ACK"))


def forked(run):
    """Kamailio forks to two callees: both ring, one answers, the other is cancelled; the call goes on with that one."""
    stand = run.stand(Proxied)
    slow = stand.callee(uas_rings(), 5)
    quick = stand.callee(scenario.uas(300), 5, stand.second_ip)
    stand.place("201234561", calls=5)
    stand.sipp_done(quick)
    stand.sipp_done(slow)
    stand.wait_idle()


def uas_busy():
    return scenario.document(scenario.recv("INVITE"),
                             scenario.send(scenario.answer("503 Service Unavailable"), retrans=500),
                             scenario.recv("ACK"))


def next_callee(run):
    """The first callee refuses, or is dead: Kamailio tries the next one, and the gateway's call is answered."""
    stand = run.stand(Proxied)
    first = stand.callee(uas_busy(), 3)
    second = stand.callee(scenario.uas(), 3, stand.second_ip)
    stand.place("201234562", calls=3)
    stand.sipp_done(first)
    stand.sipp_done(second)
    second = stand.callee(scenario.uas(), 3, stand.second_ip)
    stand.place("201234562", calls=3)
    stand.sipp_done(second)
    stand.wait_idle()


# ---- baresip ----

BARESIP = """\
module_path {modules}
module g711.so
module aubridge.so
module_app account.so
module_app menu.so
audio_source aubridge,x
audio_player aubridge,x
audio_alert aubridge,x
sip_listen {address}:5060
net_interface {address}
"""


def baresip(stand, commands, address, number, answermode):
    program = shutil.which("baresip", path=PATH)
    modules = next((path for path in ("/usr/lib/baresip/modules", "/usr/lib64/baresip/modules",
                                      "/usr/local/lib/baresip/modules") if os.path.isdir(path)), None)
    if not program or not modules:
        raise Skipped("there is no baresip")
    home = stand.path(f"baresip-{answermode}")
    os.makedirs(home)
    with open(os.path.join(home, "config"), "w", encoding="ascii") as file:
        file.write(BARESIP.format(modules=modules, address=address))
    with open(os.path.join(home, "accounts"), "w", encoding="ascii") as file:
        file.write(f"<sip:{number}@{address}>;regint=0;answermode={answermode};audio_codecs=PCMA/8000/1\n")
    for name in ("contacts", "uuid"):
        with open(os.path.join(home, name), "w", encoding="ascii"):
            pass
    arguments = [item for command in commands for item in ("-e", command)]
    return stand.run(f"baresip-{answermode}", [program, "-f", home, *arguments])


def phone_calls(run):
    """baresip calls a subscriber of the exchange, and hangs up by itself when the exchange releases."""
    stand = run.stand(Stand)
    stand.sim("clear statistics")
    phone = baresip(stand, [f"/dial sip:+33201234567@{stand.gw_ip}"], stand.uac_ip, "+33301112222", "manual")
    try:
        wait(lambda: " answered" in stand.sim("show calls"), "the call of baresip is answered")
        wait(lambda: re.search(r"[Cc]all established", phone.text()), "baresip has noticed")
        stand.sim("release all")
        wait(lambda: re.search(r"session closed|terminated", phone.text()), "baresip sees the end")
    finally:
        phone.kill()
    stand.wait_idle()


def phone_is_called(run):
    """A call from the exchange rings baresip, which answers; the exchange releases."""
    stand = run.stand(Stand)
    phone = baresip(stand, [], stand.uas_ip, "+33201234567", "auto")
    try:
        wait(lambda: stand._bound(stand.uas_ip), "baresip's socket")
        stand.sim(f"call {GROUP} hold 1000 called=201234567 calling=301112222")
        wait(lambda: re.search(r"[Cc]all established", phone.text()), "baresip has answered")
        wait(lambda: re.search(r"session closed|terminated", phone.text()), "baresip sees the end")
    finally:
        phone.kill()
    stand.wait_idle()


TESTS = {"via_proxy": via_proxy, "forked": forked, "next_callee": next_callee, "phone_calls": phone_calls,
         "phone_is_called": phone_is_called}
