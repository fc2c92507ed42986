# SPDX-License-Identifier: GPL-3.0-or-later
"""Many calls each way; nothing is left of them afterwards; and what each message carried, beside tshark's view."""

import re

import decode
import scenario
from stand import GROUP, Failed, Skipped, Stand, check, wait

# What the gateway may keep of a call after its end: transactions, for 64*T1 (RFC 3261 17.2.2: 32 s); some for slowness
LINGER_S = 45


def grown(before, after):
    return {name: (before.get(name, 0), count) for name, count in after.items() if count > before.get(name, 0)}


def both_ways(stand, calls, rate):
    stand.sim("clear statistics")
    callee = stand.sipp(scenario.uas(), "uas", calls, timeout=120)
    caller = stand.sipp(scenario.uac(), "uac", calls, rate, timeout=120)
    stand.sim(f"load {GROUP} rate {rate} count {calls} hold 500 called=201234567 calling=301112222")
    stand.sipp_done(caller, 130)
    stand.sipp_done(callee, 130)
    stand.wait_idle(20)
    statistics = stand.sim_statistics()
    for what in ("received", "received and answered", "placed", "placed and answered"):
        check(statistics.get(what) == calls, f"isupsim: {what}: {statistics.get(what)} of {calls}; {statistics}")
    failures = {what: n for what, n in statistics.items() if what.startswith("failed") or what == "no circuit"}
    check(not any(failures.values()), f"isupsim: {failures}")


def load(run):
    """Calls in both directions at once; then every circuit is idle, no call is left, memory is as before."""
    stand = run.stand(Stand)
    before = stand.talloc()
    try:
        capture = stand.capture("load")
    except Skipped:
        capture = None
    both_ways(stand, run.calls, run.rate)
    if capture:
        capture.end()
        bad = decode.malformed(capture.file)
        check(not bad, f"tshark: {bad[:3]}")
    try:
        wait(lambda: not grown(before, stand.talloc()), "memory as before", LINGER_S, 1)
    except Failed:
        raise Failed(f"more than before (before, after): {grown(before, stand.talloc())}") from None
    return f"{run.calls} calls each way" + ("" if capture else "; not recorded, that needs root")


class Scarce(Stand):
    """Few circuits, and both ends take the lowest one: they meet all the time."""

    def __init__(self, build, work):
        super().__init__(build, work, circuits=((1, 12),))

    def _common_cfg(self, address, number, level):
        return super()._common_cfg(address, number, level).replace("hunt least-recent", "hunt ascending")


def glare(run):
    """Dual seizure (Q.764 2.9.1.4) under load, each way: who is refused has 503, and nothing is left."""
    stand = run.stand(Scarce)
    calls = 500
    callee = stand.sipp(scenario.uas(10), "uas", calls)
    caller = stand.sipp(scenario.uac_or_refused(20), "uac", calls, 100)
    stand.sim(f"load {GROUP} rate 100 count {calls} hold 20 called=201234567 calling=301112222")
    stand.sipp_done(caller)
    stand.wait_idle(20)
    callee.kill()
    met = int(re.search(r"calls:dual_seizure: +(\d+)", stand.gw("show rate-counters")).group(1))
    check(met, "there was no dual seizure")
    return f"{met} dual seizures"


def ladder_of(stand):
    return stand.gw("show call ladder last")


def recorded(stand, name, call, expected):
    """Does call(), compares the ladder of it with what tshark sees, and that with what is to be seen."""
    capture = stand.capture(name)
    call()
    stand.wait_idle()
    capture.end()
    bad = decode.malformed(capture.file)
    check(not bad, f"{name}: tshark: {bad[:3]}")
    text = ladder_of(stand)
    with open(stand.path(name + ".ladder"), "w", encoding="utf-8") as file:
        file.write(text + "\n")
    try:
        seen = decode.messages(capture.file, stand.gw_ip)
        for kind, what, value in expected:
            found = [message[what] for message in seen if message["type"] == kind and what in message]
            check(found and found[0] == value, f"{what} of {kind} is {found}, not {value}")
        return decode.compare_ladder(capture.file, stand.gw_ip, text)
    except Failed as failed:
        raise Failed(f"{name}: {failed}\n{text}") from None


def from_sip(stand, callers, calling="+33301112222", numbers=("+33201234567",)):
    return lambda: stand.sipp_done(stand.sipp(callers, "uac", 1, numbers=numbers, calling=calling))


def from_isup(stand, callee, iam, hold=200, then=None):
    def call():
        process = stand.sipp(callee, "uas", 1)
        stand.sim(f"call {GROUP} hold {hold} {iam}")
        if then:
            wait(lambda: " alerting" in stand.sim("show calls"), "the call rings")
            stand.sim(then)
        stand.sipp_done(process)
    return call


def national(digits, apri="allowed"):
    return {"noa": "national", "digits": digits, "apri": apri}


def international(digits):
    return {"noa": "international", "digits": digits, "apri": "allowed"}


CALLED = "201234567"
IAM = f"called={CALLED} calling=301112222"


def calls_of(stand):
    """Name of a call, how it is made, and what of it is to be seen in the capture: type of message, field, value."""
    return (
        ("sip-answered", from_sip(stand, scenario.uac(100)),
         (("IAM", "called", national(CALLED)), ("IAM", "calling", national("301112222")),
          ("REL", "cause", {"value": 16, "location": "user"}))),
        ("sip-international", from_sip(stand, scenario.uac(100), calling="+493012345678"),
         (("IAM", "calling", international("493012345678")),)),
        ("sip-busy", from_sip(stand, scenario.uac_refused(486), numbers=("+332701700",)),
         (("IAM", "called", national("2701700")), ("REL", "cause", {"value": 17, "location": "ln"}))),
        ("sip-cancelled", from_sip(stand, scenario.uac_cancel(), numbers=("+33211234567",)),
         (("IAM", "called", national("211234567")),)),
        ("sip-released-by-isup", from_sip(stand, scenario.uac_talk(), numbers=("+33221234567",)),
         (("BYE", "sent", True),)),
        ("isup-answered", from_isup(stand, scenario.uas(), IAM),
         (("INVITE", "ruri", "+33" + CALLED), ("INVITE", "from", "+33301112222"))),
        ("isup-restricted", from_isup(stand, scenario.uas(), f"called={CALLED} calling(apri=restricted digits=301112222)"),
         (("IAM", "calling", national("301112222", "restricted")), ("INVITE", "from", "anonymous"))),
        ("isup-international",
         from_isup(stand, scenario.uas(), f"called={CALLED} calling(noa=international digits=493012345678)"),
         (("INVITE", "from", "+493012345678"),)),
        ("isup-busy", from_isup(stand, scenario.uas_refuses([486]), "called=201230486 calling=301112222"),
         (("INVITE", "ruri", "+33201230486"),)),
        ("isup-cancelled", from_isup(stand, scenario.uas_rings(), IAM, 0, "release all"),
         (("CANCEL", "ruri", "+33" + CALLED),)),
        ("isup-released-by-sip", from_isup(stand, scenario.uas_hangs_up(), IAM, 0),
         (("INVITE", "ruri", "+33" + CALLED),)),
    )


def ladders(run):
    """Every message of our ladders carries what tshark sees on the wire, and some fields are as they must be."""
    stand = run.stand(Stand)
    lines = sum(recorded(stand, name, call, expected) for name, call, expected in calls_of(stand))
    return f"{lines} messages compared"


TESTS = {"load": load, "ladders": ladders, "glare": glare}
