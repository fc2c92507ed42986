# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes from a file: failover to a second peer with a changed number, redirection, reload under load."""

import time

import scenario
from stand import GROUP, Stand, check, wait

HEADINGS = "prefix,from-group,from-peer,to-group,to-peer,priority,called-strip,called-prepend\n"
TWO_PEERS = f"+33,{GROUP},,,PBX,0,,\n+33,{GROUP},,,PBX2,1,3,0\n"
TO_TRUNK = f"+33,,CALLER,{GROUP},,0,,\n"


class Routed(Stand):
    """Two peers, and all routes in a file."""

    def __init__(self, build, work):
        super().__init__(build, work)
        self.second_ip = f"{self.net}.9"

    def write_table(self, text):
        with open(self.path("routes.csv"), "w", encoding="ascii") as file:
            file.write(text)

    def gw_cfg(self):
        self.write_table(HEADINGS + TWO_PEERS + TO_TRUNK)
        cfg = super().gw_cfg()
        cfg = cfg[:cfg.index(" route prefix")] + f" route-table file {self.path('routes.csv')}\n"
        return cfg.replace("media static\n", f" peer PBX2\n  remote udp {self.second_ip} 5060\n  options-interval 0\n"
                           "media static\n")

    def answered(self):
        return self.sim_statistics().get("placed and answered", 0)

    def place(self, calls, called):
        self.sim("clear statistics")
        for _ in range(calls):
            self.sim(f"call {GROUP} hold 200 called={called} calling=301112222")
        wait(lambda: self.answered() == calls, f"all {calls} calls are answered")


def failover_with_change(run):
    """A peer that says 500, or nothing but 503: the second one has the calls, with the number as its route makes it."""
    stand = run.stand(Routed)
    second = stand.sipp(scenario.uas(), "uas", 20, address=stand.second_ip)
    first = stand.sipp(scenario.uas_refuses(["500", "503"]), "uas", 20)
    stand.place(10, "201234500")
    stand.place(10, "201234503")
    ladder = stand.gw("show call ladder last")
    check("ruri=+33201234503" in ladder and "ruri=0201234503" in ladder, f"the number is not changed: {ladder}")
    stand.sipp_done(first)
    stand.sipp_done(second)
    stand.wait_idle()


def redirected(run):
    """302: the call goes to the peer that the Contact names, not by the routes of the number, which lead back."""
    stand = run.stand(Routed)
    moved = scenario.answer("302 Moved").replace("<sip:[local_ip]:[local_port]>",
                                                 f"<sip:+33201112222@{stand.second_ip};user=phone>")
    second = stand.sipp(scenario.uas(), "uas", 5, address=stand.second_ip)
    first = stand.sipp(scenario.document(scenario.recv("INVITE"), scenario.send(moved, retrans=500),
                                         scenario.recv("ACK")), "uas", 5)
    stand.place(5, "201234567")
    check("ruri=+33201112222" in stand.gw("show call ladder last"), "the number of the Contact is not called")
    stand.sipp_done(first)
    stand.sipp_done(second)
    stand.wait_idle()


def reload_under_load(run):
    """The table is read anew while calls come: none is lost, a broken file changes nothing and is told by its line."""
    stand = run.stand(Routed)
    caller = stand.sipp(scenario.uac(), "uac", 250, rate=50)
    reloads = 0
    while caller.running():
        more = "".join(f"+44{n:04},,CALLER,{GROUP},,{n % 9},1,00\n" for n in range(reloads % 7 * 300))
        stand.write_table(HEADINGS + TWO_PEERS + TO_TRUNK + more)
        text = stand.gw("enable", "route-table reload")
        check(f"{3 + more.count('+44')} routes" in text, f"not read: {text}")
        stand.write_table(HEADINGS + TWO_PEERS + "+33,,CALLER,NOWHERE,,0,,\n")
        text = stand.gw("route-table reload")
        check("routes.csv:4:13: there is no circuit-group 'NOWHERE'" in text, f"taken: {text}")
        reloads += 1
        time.sleep(0.1)
    stand.sipp_done(caller)
    check(reloads > 2, f"only {reloads} reloads")
    stand.wait_idle()


TESTS = {"failover_with_change": failover_with_change, "redirected": redirected, "reload_under_load": reload_under_load}
