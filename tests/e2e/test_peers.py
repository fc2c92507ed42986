# SPDX-License-Identifier: GPL-3.0-or-later
"""Peers with credentials, registration and several addresses: Kamailio as registrar, callees that die under load."""

import os
import re
import shutil

import scenario
from stand import GROUP, Skipped, Stand, check, wait

HERE = os.path.dirname(os.path.abspath(__file__))


class Registered(Stand):
    """The trunk registers at Kamailio, which asks for credentials at every step; a SIPp callee is behind it."""

    algorithm = "MD5"

    def __init__(self, build, work):
        super().__init__(build, work)
        self.kamailio = shutil.which("kamailio", path=os.environ.get("PATH", "") + ":/usr/sbin")
        if not self.kamailio:
            raise Skipped("there is no kamailio")
        self.proxy_ip = f"{self.net}.8"

    def gw_cfg(self):
        return super().gw_cfg().replace(
            f"remote udp {self.uas_ip} 5060\n",
            f"remote udp {self.proxy_ip} 5060\n  credentials trunk s3cret realm kam.example\n"
            "  register sip:trunk@kam.example\n  register-expires 60\n")

    def start_all(self):
        with open(os.path.join(HERE, "kamailio_registrar.cfg"), encoding="ascii") as file:
            cfg = file.read().replace('"GATEWAY"', f'"{self.gw_ip}"').replace("FIRST:", f"{self.uas_ip}:")
        with open(self.path("kamailio.cfg"), "w", encoding="ascii") as file:
            file.write(cfg.replace("ALGORITHM", self.algorithm))
        self.run("kamailio", [self.kamailio, "-DD", "-E", "-m", "64", "-M", "8", "-f", "kamailio.cfg",
                              "-l", f"udp:{self.proxy_ip}:5060", "-P", self.path("kamailio.pid"), "-Y", self.work])
        wait(lambda: self._bound(self.proxy_ip), "Kamailio")
        super().start_all()

    def place(self, calls, hold=300):
        for _ in range(calls):
            self.sim(f"call {GROUP} hold {hold} called=201234560 calling=301112222")


class RegisteredSha(Registered):
    algorithm = "SHA-256"


def registered(run, kind=Registered):
    """Registered with credentials, 423 on the way; INVITE and BYE are asked for them, calls are answered; good-bye."""
    stand = run.stand(kind)
    wait(lambda: "trunk@kam.example: registered, last answer 200" in stand.gw("show sip peer PBX"), "registration")
    check("granted 120 s" in stand.gw("show sip peer PBX"), "Min-Expires is not obeyed")
    callee = stand.sipp(scenario.uas(), "uas", 20)
    stand.place(20)
    stand.sipp_done(callee)
    stand.wait_idle()
    check("wrong 0 times" in stand.gw("show sip peer PBX"), "credentials were refused")


def registered_sha(run):
    """The same by SHA-256."""
    registered(run, RegisteredSha)


class TwoAddresses(Stand):
    """The callee's peer has a second address."""

    def __init__(self, build, work):
        super().__init__(build, work)
        self.second_ip = f"{self.net}.9"

    def gw_cfg(self):
        return super().gw_cfg().replace(
            f"remote udp {self.uas_ip} 5060\n",
            f"remote udp {self.uas_ip} 5060\n  remote-alternative udp {self.second_ip} 5060 priority 10 weight 1\n"
            "  failover-timeout 500\n")


def answered(stand):
    return stand.sim_statistics().get("placed and answered", 0)


def failover_under_load(run):
    """A callee is killed under load: what it has not answered goes to the other address, and no call is lost."""
    stand = run.stand(TwoAddresses)
    calls = 200
    stand.sim("clear statistics")
    first = stand.sipp(scenario.uas(), "uas", 2 * calls)
    second = stand.sipp(scenario.uas(), "uas", 2 * calls, address=stand.second_ip)
    for number in range(calls):
        stand.sim(f"call {GROUP} hold 200 called=201234560 calling=301112222")
        if number == calls // 4:
            wait(lambda: answered(stand) > number and stand.calls_of("gw") == 0, "the calls so far have ended")
            first.kill()
    wait(lambda: answered(stand) == calls or stand.calls_of("sim") == 0, "all calls have ended", 30)
    check(answered(stand) == calls, f"not all calls were answered: {stand.sim_statistics()}")
    stand.wait_idle()
    text = stand.gw("show sip peer PBX")
    check(re.search(r"[1-9]\d* went to another address", text), f"no call went to the other address: {text}")
    second.kill()


TESTS = {"registered": registered, "registered_sha": registered_sha, "failover_under_load": failover_under_load}
