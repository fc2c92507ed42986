# SPDX-License-Identifier: GPL-3.0-or-later
"""The purposes of Q.784.1 against isupgw as it runs: isupsim below, an upper tester by VTY and SIP above it."""

import os
import re
import sys

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

    def start_all(self):
        self.start("stp")
        self.start("gw")

    def conformance(self, only=None, timeout=400):
        with open(self.path("suite.cfg"), "w", encoding="ascii") as cfg:
            cfg.write(self._for_transport(self.sim_cfg()))
        program = os.path.join(self.build, "src/isupsim")
        tester = (f"{sys.executable} -B {HERE}/upper_tester.py --vty {self.gw_ip} --gw {self.gw_ip} "
                  f"--caller {self.uac_ip} --callee {self.uas_ip} --group {GROUP}")
        argv = [program, "--conformance", os.path.join(EXAMPLES, "q784"), "-c", "suite.cfg", "--settle", "300",
                "--junit", "q784.xml", "--pcap", "q784.pcap", "--upper-tester", tester]
        env = {**self._preload(program), "PYTHONPATH": HERE}
        process = self.run("suite", argv + (["--only", only] if only else []), env)
        status = process.wait(timeout)
        return status, process.text()


def conformance(run):
    """Every purpose passes, or needs what the gateway's users cannot do."""
    stand = run.stand(Tried)
    status, text = stand.conformance()
    failed = re.findall(r"^(\S+) +failed (.*)$", text, re.M)
    check(not failed, "; ".join(f"{number}: {why}" for number, why in failed)[:2000])
    summary = re.search(r"(\d+) purposes, (\d+) passed, 0 failed, 0 failed as known, (\d+) skipped", text)
    check(status == 0 and summary, f"status {status}: {text[-600:]}")
    total, passed, skipped = map(int, summary.groups())
    check(passed + skipped == total and skipped < 15, summary.group())
    check(os.path.getsize(stand.path("q784.xml")) > 1000, "no JUnit XML")
    return summary.group()


TESTS = {"conformance": conformance}
