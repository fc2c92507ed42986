# SPDX-License-Identifier: GPL-3.0-or-later
"""The purposes of Q.784.1 against isupgw as it runs: isupsim below, an upper tester by VTY and SIP above it."""

import os
import re
import sys
import xml.etree.ElementTree

from stand import GROUP, Stand, check

HERE = os.path.dirname(os.path.abspath(__file__))
EXAMPLES = os.path.join(HERE, "../../doc/examples/isupsim")

# Timers of both ends, short enough to wait for
TIMERS = {"T2": 2000, "T6": 2000, "T7": 1500, "T8": 2000, "T9": 2000, "T24": 1000, "T25": 1000, "T26": 1000, "T27": 3000}
TIMERS.update({f"T{n}": 600 for n in (1, 12, 14, 16, 18, 20, 22)})  # until repeated
TIMERS.update({f"T{n}": 3000 for n in (5, 13, 15, 17, 19, 21, 23)})  # until maintenance is told


class Tried(Stand):
    """isupgw and an STP; the far end is isupsim with a suite, started by the test."""

    def __init__(self, build, work):
        timers = "".join(f"  timer {name} {ms}\n" for name, ms in TIMERS.items())
        super().__init__(build, work, circuits=((1, 31),), timers=timers)

    def _common_cfg(self, address, number, level):
        return super()._common_cfg(address, number, level).replace("hunt least-recent", "hunt ascending")

    def gw_cfg(self):
        """What SIP has no words for the upper tester says in SIP-I."""
        cfg = super().gw_cfg().replace("  trusted\n", "  trusted\n  encapsulated-isup optional\n  sip-overlap invite 4\n")
        return cfg.replace(" codec pcma\n", " codec pcma\n clearmode\n continuity-check tone heard\n")

    def start_all(self):
        self.start("stp")
        self.start("gw")

    def suite(self, numbers):
        """Starts isupsim with these purposes."""
        os.makedirs(self.path("q784"))
        for number in numbers:
            os.symlink(os.path.join(EXAMPLES, f"q784/{number}.xml"), self.path(f"q784/{number}.xml"))
        os.symlink(os.path.join(EXAMPLES, "q784/expected-fail.txt"), self.path("q784/expected-fail.txt"))
        with open(self.path("suite.cfg"), "w", encoding="ascii") as cfg:
            cfg.write(self._for_transport(self.sim_cfg()))
        program = os.path.join(self.build, "src/isupsim")
        tester = (f"{sys.executable} -B {HERE}/upper_tester.py --vty {self.gw_ip} --gw {self.gw_ip} "
                  f"--caller {self.uac_ip} --callee {self.uas_ip} --group {GROUP} --isupsim {program}")
        argv = [program, "--conformance", self.path("q784"), "-c", "suite.cfg", "--settle", "150", "--early", "400",
                "--junit", "q784.xml", "--pcap", "q784.pcap", "--upper-tester", tester]
        env = {**self._preload(program), "PYTHONPATH": HERE}
        return super().run("suite", argv, env)


def shares(count):
    """The purposes, dealt out: those whose timers take long are told by what they are about."""
    numbers = sorted(name[:-4] for name in os.listdir(os.path.join(EXAMPLES, "q784")) if name.endswith(".xml"))
    numbers.sort(key=lambda number: not number.startswith(("5.2", "1.4", "6.5.3", "8.1.1")))
    return [numbers[n::count] for n in range(count)]


def junit(path):
    """All, failed, skipped: as the head says, and as they are there"""
    suite = xml.etree.ElementTree.parse(path).getroot()
    said = [int(suite.get(name)) for name in ("tests", "failures", "skipped")]
    counted = [len(suite.findall(name)) for name in ("testcase", "testcase/failure", "testcase/skipped")]
    check(suite.tag == "testsuite" and said == counted, f"JUnit XML: {said}, {counted}")
    return said


def results(stand, process):
    status = process.wait(300)
    text = process.text()
    failed = re.findall(r"^(\S+) +failed (.*)$", text, re.M)
    check(not failed, "; ".join(f"{number}: {why}" for number, why in failed)[:2000])
    summary = re.search(r"(\d+) purposes, (\d+) passed, 0 failed, (\d+) failed as known, (\d+) skipped", text)
    check(status == 0 and summary, f"status {status}: {text[-600:]}")
    numbers = [int(n) for n in summary.groups()]
    check(junit(stand.path("q784.xml")) == [numbers[0], 0, sum(numbers[2:])], "the JUnit XML says something else")
    return numbers


def conformance(run):
    """Every purpose passes, or needs what the gateway's users cannot do. Side by side: a purpose is mostly waiting."""
    stands = [run.stand(kind) for kind in KINDS]
    processes = [stand.suite(share) for stand, share in zip(stands, shares(len(stands)))]
    total, passed, known, skipped = map(sum, zip(*(results(s, p) for s, p in zip(stands, processes))))
    check(passed + known + skipped == total and skipped <= 5, f"{passed} + {known} + {skipped} of {total}")
    return f"{total} purposes, {passed} passed, {known} failed as known, {skipped} skipped"


# each has a gateway, an STP and a network of its own
KINDS = [type(f"Tried{n}", (Tried,), {}) for n in range(1, 6)]
TESTS = {"conformance": conformance}
