# SPDX-License-Identifier: GPL-3.0-or-later
"""Dialects over a real STP: ANSI T1.113 with 24-bit point codes and 14-bit CICs; a national variant from a file."""

import os
import re
import shutil

import decode
import scenario
from stand import GROUP, Skipped, Stand, check, wait
from test_supervision import maintain

CALLS = 50
UK = os.path.join(decode.TOP, "doc/examples/isup-uk.xml")


class Ansi(Stand):
    """Circuits whose codes need 13 and 14 bits; calls reserve their circuit first."""

    def __init__(self, build, work):
        super().__init__(build, work, circuits=((1, 24), (4097, 4120), (16001, 16023)), timers="  timer TEXM 100\n")

    @staticmethod
    def _ansi(cfg):
        cfg = cfg.replace(" network-indicator national\n", " network-indicator national\n point-code format 8 8 8\n")
        cfg = re.sub(r"\b0\.0\.([12])\b", r"10.20.\1", cfg)
        return cfg.replace("7.255.7", "255.255.255").replace("  cs7-instance 0\n", "  cs7-instance 0\n  dialect ansi\n")

    def stp_cfg(self):
        return self._ansi(super().stp_cfg())

    def gw_cfg(self):
        return self._ansi(super().gw_cfg()).replace("  hunt", "  circuit-reservation\n  exit-message\n  hunt", 1)

    def sim_cfg(self):
        return self._ansi(super().sim_cfg()).replace("  hunt", "  circuit-reservation\n  hunt", 1)


def tshark_ansi(pcap, *arguments):
    return decode.tshark(pcap, "-o", "isup.variant:ANSI Standard", "-o", "mtp3.standard:ANSI", *arguments)


def count_types(pcap):
    """Message type → how often, over both hops to the STP."""
    types = {}
    for line in tshark_ansi(pcap, "-Y", "isup", "-T", "fields", "-e", "isup.message_type").split():
        for kind in line.split(","):
            types[int(kind, 0)] = types.get(int(kind, 0), 0) + 1
    return types


def calls_both_ways(stand):
    stand.sim("clear statistics")
    callee = stand.sipp(scenario.uas(), "uas", CALLS)
    caller = stand.sipp(scenario.uac(), "uac", CALLS, 20)
    stand.sim(f"load {GROUP} rate 20 count {CALLS} hold 300 called=201234567 calling=301112222")
    stand.sipp_done(caller)
    stand.sipp_done(callee)
    stand.wait_idle(20)
    statistics = stand.sim_statistics()
    for what in ("received and answered", "placed and answered"):
        check(statistics.get(what) == CALLS, f"isupsim: {what}: {statistics.get(what)} of {CALLS}; {statistics}")


def recorded(stand, name):
    try:
        return stand.capture(name)
    except Skipped:
        return None


def ansi(run):
    """Bring-up, calls both ways with CRM and CRA, blocking by 24, CVT; tshark with its ANSI preferences reads it all."""
    stand = run.stand(Ansi)
    capture = recorded(stand, "ansi")
    calls_both_ways(stand)
    maintain(stand, "gw", f"isup block circuit-group {GROUP} 1 to 24")
    wait(lambda: "24 blocked there" in stand.sim("show isup circuits"), "24 circuits are blocked")
    maintain(stand, "gw", f"isup unblock circuit-group {GROUP} 1 to 24")
    wait(lambda: " 0 blocked there" in stand.sim("show isup circuits"), "none is blocked")
    maintain(stand, "gw", f"isup circuit-validation circuit-group {GROUP} cic 16023")
    result = rf"{GROUP} +16023 +successful; there: .*carrier=digital"
    wait(lambda: re.search(result, stand.gw("show isup circuit-validation")),
         "circuit 16023 is validated")
    if not capture:
        return "not recorded, that needs root"
    capture.end()
    bad = tshark_ansi(capture.file, "-Y", '_ws.malformed || _ws.expert.severity == "Error"').splitlines()
    check(not bad, f"tshark: {bad[:3]}")
    types = count_types(capture.file)
    for kind, least in ((0x01, 4 * CALLS), (0xea, 4 * CALLS), (0xe9, 4 * CALLS), (0x06, 4 * CALLS), (0x09, 4 * CALLS),
                        (0x18, 2), (0xeb, 2), (0xec, 2)):
        check(types.get(kind, 0) >= least, f"message type 0x{kind:02x}: {types.get(kind, 0)}, not {least}; {types}")
    check(0x07 not in types, "there was a CON")
    cics = set(tshark_ansi(capture.file, "-Y", "isup.message_type == 1", "-T", "fields", "-e", "isup.cic").split())
    check(any(int(cic) >= 16001 for cic in cics), f"no CIC of 14 bits: {cics}")
    return f"{CALLS} calls each way, {sum(types.values())} messages"


class Uk(Stand):
    """Both ends have the example of a national variant."""

    def _common_cfg(self, address, number, level):
        path = self.path("uk.xml")
        shutil.copy(UK, path)
        cfg = super()._common_cfg(address, number, level)
        return cfg.replace("isup\n", f"isup\n dialect uk file {path}\n", 1).replace(
            "  cs7-instance 0\n", "  cs7-instance 0\n  dialect uk\n")


def overlay(run):
    """Calls in a national variant from a file, which is read again while they go on; a broken file changes nothing."""
    stand = run.stand(Uk)
    path = stand.path("uk.xml")
    callee = stand.sipp(scenario.uas(), "uas", CALLS)
    stand.sim("clear statistics")
    stand.sim(f"load {GROUP} rate 20 count {CALLS} hold 1000 called=201234567 calling=301112222 presentation=301119999")
    wait(lambda: stand.calls_of("gw") >= 5, "5 calls")
    with open(path, "a", encoding="ascii") as file:
        file.write("<broken>\n")
    for part in ("gw", "sim"):
        text = maintain(stand, part, "isup dialect uk reload")
        check("uk.xml" in text, f"{part}: a broken file was not refused: {text}")
    with open(UK, encoding="utf-8") as file:
        text = file.read().replace('title="UK ISUP (NICC ND 1007), example"', 'title="read again"')
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    for part in ("gw", "sim"):
        maintain(stand, part, "isup dialect uk reload")
        check("read again" in stand.vty(part).cmd("show isup dialects"), f"{part}: the file was not read again")
    stand.sipp_done(callee)
    stand.wait_idle(20)
    statistics = stand.sim_statistics()
    check(statistics.get("placed and answered") == CALLS, f"isupsim: {statistics}")
    ladder = stand.gw("show call ladder last")
    check("presentation(" in ladder and "301119999" in ladder, f"no presentation number in the ladder: {ladder}")
    return f"{CALLS} calls"


TESTS = {"ansi": ansi, "overlay": overlay}
