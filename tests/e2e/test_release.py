# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls that come to nothing: every cause and status of RFC 3398, no answer, no circuit, and who gives up when."""

import scenario
from stand import GROUP, Stand, check, wait

# RFC 3398 7.2.4.1; 16 and 44 have no status there, 22 none without a diagnostic but this
STATUS_OF_CAUSE = {
    1: 404, 2: 404, 3: 404, 17: 486, 18: 408, 19: 480, 20: 480, 21: 403, 22: 410, 23: 410, 26: 404, 27: 502, 28: 484,
    29: 501, 31: 480, 34: 503, 38: 503, 41: 503, 42: 503, 47: 503, 55: 403, 57: 403, 58: 503, 65: 488, 70: 488,
    79: 501, 87: 403, 88: 503, 102: 504, 111: 500, 127: 500,
}
# RFC 3398 8.2.6.1; 487, and 488 and 606 without a Warning header, have no cause there
CAUSE_OF_STATUS = {
    400: 41, 401: 21, 402: 21, 403: 21, 404: 1, 405: 63, 406: 79, 407: 21, 408: 102, 410: 22, 413: 127, 414: 127,
    415: 79, 416: 127, 420: 127, 421: 127, 423: 127, 480: 18, 481: 41, 482: 25, 483: 25, 484: 28, 485: 1, 486: 17,
    500: 41, 501: 79, 502: 38, 503: 41, 504: 102, 505: 127, 513: 127, 600: 17, 603: 21, 604: 1,
}


class Small(Stand):
    """Two circuits, and timers short enough to wait for."""

    def __init__(self, build, work):
        super().__init__(build, work, circuits=((1, 2),), timers="  timer T7 1500\n  timer T9 1500\n")

    def sim_cfg(self):
        return super().sim_cfg() + " answer prefix 23\n"


def causes(run):
    """A REL of each cause before the answer becomes the status of RFC 3398 7.2.4.1."""
    stand = run.stand(Stand)
    by_status = {}
    for cause, status in STATUS_OF_CAUSE.items():
        by_status.setdefault(status, []).append(f"+3327{cause:03}00")
    for status, numbers in by_status.items():
        stand.sipp_done(stand.sipp(scenario.uac_refused(status), "uac", len(numbers), numbers=numbers))
    stand.wait_idle()
    return f"{len(STATUS_OF_CAUSE)} causes"


def statuses(run):
    """Each final status becomes a REL of the cause of RFC 3398 8.2.6.1."""
    stand = run.stand(Stand)
    callee = stand.sipp(scenario.uas_refuses(CAUSE_OF_STATUS), "uas", len(CAUSE_OF_STATUS))
    wrong = {}
    for status, cause in CAUSE_OF_STATUS.items():
        stand.sim("clear statistics")
        stand.sim(f"call {GROUP} hold 0 called=201230{status} calling=301112222")
        released = wait(lambda: [name for name in stand.sim_statistics() if name.startswith("REL received")],
                        f"REL after {status}", step=0.01)
        if released != [f"REL received, cause {cause}"]:
            wrong[status] = released
    check(not wrong, f"{wrong}")
    stand.sipp_done(callee)
    stand.wait_idle()
    return f"{len(CAUSE_OF_STATUS)} statuses"


def answered(run):
    """Who hangs up first, each way; cancelling while it rings, each way."""
    stand = run.stand(Stand)
    calls = 5
    stand.sipp_done(stand.sipp(scenario.uac_talk(), "uac", calls, numbers=("+33221234567",)))
    stand.sipp_done(stand.sipp(scenario.uac_cancel(), "uac", calls, numbers=("+33211234567",)))
    for callee, hold in ((scenario.uas(), 200), (scenario.uas_hangs_up(), 0)):
        process = stand.sipp(callee, "uas", calls)
        stand.sim(f"load {GROUP} rate 50 count {calls} hold {hold} called=201234567 calling=301112222")
        stand.sipp_done(process)
    process = stand.sipp(scenario.uas_rings(), "uas", calls)
    stand.sim(f"load {GROUP} rate 50 count {calls} hold 0 called=201234567 calling=301112222")
    wait(lambda: stand.sim("show calls").count(" alerting") == calls, "the calls ring")
    stand.sim("release all")
    stand.sipp_done(process)
    stand.wait_idle()


def no_route(run):
    """A number that no route has: 404 by the gateway itself, nothing on the ISUP side."""
    stand = run.stand(Stand)
    stand.sim("clear statistics")
    stand.sipp_done(stand.sipp(scenario.uac_refused(404), "uac", 1, numbers=("+49301234567",)))
    check(stand.sim_statistics()["received"] == 0, "isupsim got a call")
    stand.wait_idle()


def offer_refused(run):
    """An offer without a codec of ours: 488, with the reason in a Warning; the circuit is not touched."""
    stand = run.stand(Stand)
    stand.sim("clear statistics")
    stand.sipp_done(stand.sipp(scenario.uac_offer_refused("m=audio 40000 RTP/AVP 18\na=rtpmap:18 G729/8000", "^ *305 "),
                               "uac", 1))
    check(stand.sim_statistics()["received"] == 0, "isupsim got a call")
    stand.wait_idle()


def no_circuit(run):
    """With both circuits taken, 503 on the SIP side; the exchange finds none either."""
    stand = run.stand(Small)
    talking = stand.sipp(scenario.uac_talk(), "uac", 2)
    wait(lambda: stand.sim("show calls").count(" answered") == 2, "both circuits are taken")
    # SIPp's socket is the talking one's; the third call comes from the other peer's address
    stand.gw("configure terminal", "gateway", f"route prefix +33 from peer PBX to circuit-group {GROUP} priority 0",
             "end")
    third = stand.sipp(scenario.uac_refused(503), "uac", 1, address=stand.uas_ip)
    stand.sipp_done(third)
    refused = stand.sim(f"call {GROUP} hold 0 called=201234567")
    check("cannot be placed" in refused, refused)
    stand.sim("release all")
    stand.sipp_done(talking)
    stand.wait_idle()


def no_answer(run):
    """T7: no ACM; T9: it rings for ever. Each way."""
    stand = run.stand(Small)
    stand.sipp_done(stand.sipp(scenario.uac_refused(504), "uac", 1, numbers=("+33231234567",)))
    stand.wait_idle()
    stand.sipp_done(stand.sipp(scenario.uac_refused(480), "uac", 1, numbers=("+33211234567",)))
    stand.wait_idle()
    callee = stand.sipp(scenario.uas_rings(), "uas", 1)
    stand.sim(f"call {GROUP} hold 0 called=201234567")
    stand.sipp_done(callee)
    stand.wait_idle()


TESTS = {"causes": causes, "statuses": statuses, "answered": answered, "no_route": no_route,
         "offer_refused": offer_refused, "no_circuit": no_circuit, "no_answer": no_answer}
