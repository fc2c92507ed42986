# SPDX-License-Identifier: GPL-3.0-or-later
"""What is lost on the way: the STP during calls, the gateway by SIGKILL, and its orderly end."""

import signal
import time

import scenario
from stand import GROUP, Stand, check, wait

CALLS = 20


def answered(stand, calls):
    """Starts calls that stay up, and waits until the gateway has their answers."""
    process = stand.sipp(scenario.uac_talk(), "uac", calls)
    wait(lambda: stand.gw("show calls").count(" CONNECTED ") == calls, f"{calls} calls are answered")
    return process


def new_call_works(stand):
    stand.sipp_done(stand.sipp(scenario.uac(100), "uac", 1, timeout=20), 25)
    stand.wait_idle()


def stp_killed(run):
    """Calls in set-up fail with 503, answered ones stay, new ones get 503 at once; all comes back by itself."""
    stand = run.stand(Stand)
    talking = answered(stand, CALLS)
    stand.gw("configure terminal", "gateway", f"route prefix +33 from peer PBX to circuit-group {GROUP} priority 0",
             "end")
    ringing = stand.sipp(scenario.uac_refused(503), "uac", CALLS, numbers=("+33211234567",), address=stand.uas_ip)
    wait(lambda: stand.sim("show calls").count(" alerting") == CALLS, f"{CALLS} calls ring")

    stand.parts["stp"].end(signal.SIGKILL)
    stand.sipp_done(ringing)
    state = wait(lambda: stand.dest_state() != "available" and stand.dest_state(), "the destination is unavailable")
    begin = time.monotonic()
    stand.sipp_done(stand.sipp(scenario.uac_refused(503), "uac", 5, address=stand.uas_ip))
    check(time.monotonic() - begin < 10, "a new call was not refused at once")
    check(stand.calls_of("gw") == CALLS, f"{stand.calls_of('gw')} calls at the gateway, {CALLS} were answered")

    stand.start("stp")
    wait(lambda: stand.dest_state() == "available", "the destination is available again", 30)
    wait(lambda: stand.circuits_of("gw")[1] == stand.circuits_of("gw")[0] - CALLS, "the other circuits are idle", 30)
    stand.sipp_done(stand.sipp(scenario.uac(100), "uac", 5, address=stand.uas_ip))
    stand.sim("release all")
    stand.sipp_done(talking)
    stand.wait_idle(20)
    return f"the destination was shown as {state}"


def gateway_killed(run):
    """After SIGKILL and a new start every circuit becomes idle at both ends, and calls work."""
    stand = run.stand(Stand)
    talking = answered(stand, CALLS)
    stand.parts["gw"].end(signal.SIGKILL)
    talking.kill()
    stand.start("gw")
    stand.wait_idle(30)
    new_call_works(stand)


def exchange_killed(run):
    """isupsim by SIGKILL: unavailable (DUNA), 503 for what rings and what is new; back, its calls are over."""
    stand = run.stand(Stand)
    talking = answered(stand, CALLS)
    stand.gw("configure terminal", "gateway", f"route prefix +33 from peer PBX to circuit-group {GROUP} priority 0",
             "end")
    ringing = stand.sipp(scenario.uac_refused(503), "uac", CALLS, numbers=("+33211234567",), address=stand.uas_ip)
    wait(lambda: stand.sim("show calls").count(" alerting") == CALLS, f"{CALLS} calls ring")
    stand.parts["sim"].end(signal.SIGKILL)
    stand.sipp_done(ringing)
    wait(lambda: stand.dest_state() == "unavailable", "the destination is unavailable")
    stand.sipp_done(stand.sipp(scenario.uac_refused(503), "uac", 5, address=stand.uas_ip))
    check(stand.calls_of("gw") == CALLS, f"{stand.calls_of('gw')} calls at the gateway, {CALLS} were answered")
    stand.start("sim")
    stand.sipp_done(talking)
    stand.wait_idle(30)
    new_call_works(stand)


def shutdown(run):
    """'shutdown' of a circuit group releases its calls on both sides; 'no shutdown' brings it back."""
    stand = run.stand(Stand)
    talking = answered(stand, CALLS)
    node = ("configure terminal", "isup", f"circuit-group {GROUP}")
    stand.gw(*node, "shutdown", "end")
    stand.sipp_done(talking)
    wait(lambda: stand.calls_of("sim") == 0, "no call is left at isupsim")
    check(stand.dest_state() == "shut down", f"the destination is shown as {stand.dest_state()}")
    stand.gw(*node, "no shutdown", "end")
    stand.wait_idle(30)
    new_call_works(stand)


def gateway_stopped(run):
    """SIGTERM with calls up, each way: all are released on both sides, the end is clean."""
    stand = run.stand(Stand)
    stand.sim("clear statistics")
    talking = answered(stand, CALLS)
    called = stand.sipp(scenario.uas(0), "uas", CALLS)
    stand.sim(f"load {GROUP} rate 100 count {CALLS} hold 0 called=201234567 calling=301112222")
    wait(lambda: stand.sim("show calls").count(" answered") == 2 * CALLS, "all calls are answered")
    begin = time.monotonic()
    status = stand.parts["gw"].end(signal.SIGTERM, 20)
    seconds = time.monotonic() - begin
    check(status == 0, f"isupgw ended with status {status}")
    stand.sipp_done(talking)
    stand.sipp_done(called)
    check(stand.calls_of("sim") == 0, f"{stand.calls_of('sim')} calls are left at isupsim")
    # idle they are called again when the destination is back and they have been reset
    check(stand.circuits_of("sim")[2] == 0, f"{stand.circuits_of('sim')[2]} circuits are busy at isupsim")
    stand.start("gw")
    stand.wait_idle(30)
    new_call_works(stand)
    return f"ended within {seconds:.1f} s"


TESTS = {"stp_killed": stp_killed, "exchange_killed": exchange_killed, "shutdown": shutdown,
         "gateway_killed": gateway_killed, "gateway_stopped": gateway_stopped}
