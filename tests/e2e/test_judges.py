# SPDX-License-Identifier: GPL-3.0-or-later
"""Neighbours that nobody here wrote: Kamailio as a proxy in the path of every call, baresip as a telephone."""

import glob
import os
import json
import re
import shutil

import decode
import scenario
from stand import GROUP, Skipped, Stand, check, wait
from test_sipi import codec, isup_messages

HERE = os.path.dirname(os.path.abspath(__file__))
PATH = os.environ.get("PATH", "") + ":/usr/sbin"


# ---- Kamailio ----

class Proxied(Stand):
    """One peer, a proxy: SIPp calls through it, and two callees are behind it."""

    KAMAILIO = ()

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
        self.kamailio_process = self.run("kamailio", [
            self.kamailio, "-DD", "-E", "-m", "64", "-M", "8", "-f", "kamailio.cfg", "-l", f"udp:{self.proxy_ip}:5060",
            "-P", self.path("kamailio.pid"), "-Y", self.work, *self.KAMAILIO])
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


# ---- Kamailio reads our ISUP ----

class Read(Proxied):
    """The same, with encapsulated ISUP, and with Kamailio's sipt module looking into every INVITE."""

    KAMAILIO = ("-A", "SIPT")

    def __init__(self, build, work):
        super().__init__(build, work)
        where = ("lib", "lib/*", "lib64", "local/lib*")
        if not any(glob.glob(f"/usr/{lib}/kamailio/modules/sipt.so") for lib in where):
            raise Skipped("there is no sipt module of Kamailio")

    def gw_cfg(self):
        return super().gw_cfg().replace("  trusted\n", "  trusted\n  encapsulated-isup optional\n", 1)


# What sipt has of an IAM, and where isupsim --decode has it
SIPT = {"called": ("called", "digits"), "called.nai": ("called", "noa"), "calling": ("calling", "digits"),
        "calling.nai": ("calling", "noa"), "presentation": ("calling", "apri"), "screening": ("calling", "screening"),
        "cpc": ("cpc", "category"), "hops": ("hop_counter", "count"), "redirecting": ("redirecting", "digits"),
        "redirecting.nai": ("redirecting", "noa"), "original": ("original_called", "digits"),
        "original.nai": ("original_called", "noa"), "reason": ("redirection_info", "reason"),
        "first": ("redirection_info", "original_reason"), "generic": ("generic_number", "digits"),
        "generic.nai": ("generic_number", "noa")}
CALLERS = (
    "calling(noa=national digits=301112222 apri=allowed screening=network) cpc=ordinary",
    "calling(noa=international digits=4420712345678 apri=restricted screening=1) cpc=payphone hop_counter=20",
    "calling(noa=national digits=301112222) redirecting(noa=national digits=301113333) original_called(noa=4 "
    "digits=4930111444) redirection_info(indicator=3 original_reason=3 counter=2 reason=1) "
    "generic_number(qualifier=6 noa=national digits=301115555)")


def isup_bodies(pcap, source, destination):
    """(Call-ID and CSeq, hex of the ISUP) of each message from source to destination, each once, in order"""
    found = []
    for line in decode.tshark(pcap, "-Y", f"sip && ip.src == {source} && ip.dst == {destination}", "-T", "fields",
                              "-e", "sip.Call-ID", "-e", "sip.CSeq", "-e", "udp.payload").splitlines():
        *words, payload = line.split("\t")
        octets = bytes.fromhex(payload.replace(":", ""))
        boundary = re.search(rb'boundary="?([^";\r\n]+)', octets)
        parts = octets.split(b"--" + boundary.group(1)) if boundary else [octets]
        for part in parts:
            head, _, body = part.partition(b"\r\n\r\n")
            if re.search(rb"(?im)^content-type: *application/isup", head):
                item = (*words, (body.removesuffix(b"\r\n") if boundary else body).hex())
                if item not in found:
                    found.append(item)
    return found


def value_of(iam, parameter, field):
    """As sipt prints it"""
    for one in iam["parameters"]:
        if one.get("name") == parameter:
            inside = one["fields"][field]
            return str(inside["value"]) if isinstance(inside, dict) else inside
    return None


def is_read(run):
    """Kamailio in the path, which forks: its sipt module finds in our INVITE what the exchange has said in its IAM, and
    both callees get the octets that we sent."""
    stand = run.stand(Read)
    capture = stand.capture("read")
    begin = len(stand.kamailio_process.text())
    for words in CALLERS:
        slow, quick = stand.callee(uas_rings(), 1), stand.callee(scenario.uas(200), 1, stand.second_ip)
        stand.sim(f"call {GROUP} hold 300 called=201234561 {words}")
        stand.sipp_done(quick)
        stand.sipp_done(slow)
    stand.wait_idle()
    capture.end()
    said = [octets for opc, dpc, octets in isup_messages(capture.file) if (opc, dpc) == (2, 1) and octets[:2] == "01"]
    logged = [dict(word.split("=", 1) for word in line.split())
              for line in re.findall(r"(isup=.*)", stand.kamailio_process.text()[begin:])]
    check(len(said) == len(logged) == len(CALLERS), f"{len(said)} IAMs, {len(logged)} were read")
    for iam, log in zip(map(json.loads, codec(stand.build, "itu", "--decode", said)), logged):
        check(log["isup"] == "yes", f"no ISUP was found: {log}")
        for name, (parameter, field) in SIPT.items():
            value = value_of(iam, parameter, field)
            if name == "generic" and value:  # sipt 5.6 does not count the qualifier, and reads an octet too many
                log[name] = log[name][:len(value)]
            check(log[name] == value if value is not None else log[name] == "-1",
                  f"{name}: said {value}, read {log}")
    sent = isup_bodies(capture.file, stand.gw_ip, stand.proxy_ip)
    check(len(sent) == 2 * len(CALLERS), f"not an IAM and a REL each: {sent}")
    for address, wanted in ((stand.second_ip, sent), (stand.uas_ip, [item for item in sent if item[2][:2] == "01"])):
        check(isup_bodies(capture.file, stand.proxy_ip, address) == wanted, f"not what {address} has got: {wanted}")


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


TESTS = {"via_proxy": via_proxy, "forked": forked, "next_callee": next_callee, "is_read": is_read,
         "phone_calls": phone_calls, "phone_is_called": phone_is_called}
