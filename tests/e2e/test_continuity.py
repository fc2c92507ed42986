# SPDX-License-Identifier: GPL-3.0-or-later
"""Continuity checks of the exchange towards the gateway: of a call, and by CCR, with both outcomes."""

import scenario
from stand import GROUP, Stand, check, wait

IAM = "called=201234567 calling=301112222"


def configure(stand, *lines, part="sim"):
    getattr(stand, part)("configure terminal", "isup", f"circuit-group {GROUP}", *lines, "end")


def set_tone(stand, outcome):
    stand.sim("configure terminal", "simulator", f"continuity tone {outcome}", "end")


def failed_circuits(stand):
    """How many circuits wait for the next check, at the gateway and at the exchange"""
    return tuple(part(f"show isup circuits {GROUP}").count(" check failed ") for part in (stand.gw, stand.sim))


def checked_call(stand):
    callee = stand.sipp(scenario.uas(), "uas", 1)
    stand.sim(f"call {GROUP} hold 200 {IAM}")
    stand.sipp_done(callee)
    stand.wait_idle()


def failed_call(stand, cause):
    stand.sim("clear statistics")
    stand.sim(f"call {GROUP} hold 0 {IAM}")
    seen = wait(lambda: [name for name in stand.sim_statistics() if "cause" in name], "the call fails")
    check(seen == [cause], f"{seen}, not {cause}")


def on_demand(stand, result):
    stand.sim(f"isup continuity-check circuit-group {GROUP} cic 5")
    wait(lambda: f" 5  {result}" in stand.sim("show isup continuity-check"), f"the check is {result}")


def continuity(run):
    """A call goes on after COT; one whose check fails takes its circuit from service until the next check."""
    stand = run.stand(Stand)
    try:
        configure(stand, "continuity-check percent 100", "timer T25 2000", "timer T26 3000")
        checked_call(stand)

        set_tone(stand, "lost")
        failed_call(stand, "failed, cause 44")
        wait(lambda: failed_circuits(stand) == (1, 1), "the circuit is out of service at both ends")
        shown = stand.sim("show isup continuity-check"), stand.gw("show isup continuity-check")
        check("now check failed, T25 in" in shown[0] and "now check failed, T27 in" in shown[1], f"{shown}")
        set_tone(stand, "heard")
        stand.wait_idle(15)

        on_demand(stand, "successful")
        stand.wait_idle()
        set_tone(stand, "lost")
        on_demand(stand, "failed")
        wait(lambda: failed_circuits(stand) == (1, 1), "the circuit is out of service at both ends")
        set_tone(stand, "heard")
        wait(lambda: " 5  successful" in stand.sim("show isup continuity-check"), "it is mended")
        stand.wait_idle(15)

        configure(stand, "continuity-check without-bearer refuse", part="gw")
        failed_call(stand, "REL received, cause 47")
        stand.wait_idle()
    finally:
        set_tone(stand, "heard")
        configure(stand, "continuity-check percent 0", "no timer T25", "no timer T26")
        configure(stand, "continuity-check without-bearer assume", part="gw")


TESTS = {"continuity": continuity}
