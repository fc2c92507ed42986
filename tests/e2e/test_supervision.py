# SPDX-License-Identifier: GPL-3.0-or-later
"""Supervision of circuits over a real STP: group blocking, query, user part test, bring-up of 1,000 circuits."""

import re
import signal
import time

from stand import GROUP, Stand, check, wait

RATE = 5			# resets a second of the stand with 1,000 circuits
RESETS = 33			# a probe, and GRS for the rest of 999, and of 1


class BigStand(Stand):
    def __init__(self, build, work):
        super().__init__(build, work, circuits=((1, 999), (1001, 1001)))

    def gw_cfg(self):
        return super().gw_cfg().replace("reset-rate 50", f"reset-rate {RATE}")

    def sim_cfg(self):
        return super().sim_cfg().replace("reset-rate 50", f"reset-rate {RATE}")


def counter(stand, part, name):
    """A counter of the group: 'rx:cgb'."""
    found = re.search(rf"^\s*{name}:\s+(\d+)", stand.vty(part).cmd("show rate-counters"), re.M)
    check(found, f"{part}: there is no counter '{name}'")
    return int(found.group(1))


def blocked(stand, part):
    """(here, there)"""
    found = re.search(rf"^{GROUP}: .* (\d+) blocked here, (\d+) blocked there", stand.vty(part).cmd("show isup circuits"),
                      re.M)
    return tuple(int(n) for n in found.groups())


def maintain(stand, part, *lines):
    return stand.vty(part).cmd("enable", *lines)


def block_both_ways(stand, here, there):
    for kind in ("", " hardware"):
        maintain(stand, here, f"isup block circuit-group {GROUP} 1 to 31{kind}")
        wait(lambda: blocked(stand, there)[1] == 31, f"31 circuits are blocked at {there}")
        maintain(stand, here, f"isup unblock circuit-group {GROUP} 1 to 31{kind}")
        wait(lambda: blocked(stand, there)[1] == 0, f"no circuit is blocked at {there}")
    check(blocked(stand, here) == (0, 0), f"{here}: {blocked(stand, here)} circuits are blocked")


def group_blocking(run):
    """CGB and CGU of a full E1, both kinds, from both ends, all acknowledged."""
    stand = run.stand(Stand)
    before = {part: counter(stand, part, "rx:cgba") for part in ("gw", "sim")}
    block_both_ways(stand, "gw", "sim")
    block_both_ways(stand, "sim", "gw")
    for part, count in before.items():
        check(counter(stand, part, "rx:cgba") == count + 2, f"{part}: not every CGB was acknowledged once")
    check("not acknowledged" not in stand.gw("show isup alarms"), "there is an alarm")


def group_query(run):
    """CQM from both ends: the views agree, also where circuits are blocked."""
    stand = run.stand(Stand)
    maintain(stand, "sim", f"isup block circuit-group {GROUP} 3 to 5")
    wait(lambda: blocked(stand, "gw")[1] == 3, "3 circuits are blocked there")
    for part, there in (("gw", "idle, local"), ("sim", "idle, remote")):
        maintain(stand, part, f"isup query circuit-group {GROUP} 1 to 31")
        wait(lambda: len(re.findall(rf" {there}$", stand.vty(part).cmd(f"show isup query {GROUP}"), re.M)) == 3,
             f"{part}: three circuits are '{there}'")
    maintain(stand, "sim", f"isup unblock circuit-group {GROUP} 3 to 5")
    wait(lambda: blocked(stand, "gw") == (0, 0), "nothing is blocked any more")


def user_part_test(run):
    """UPT is answered UPA, both ways."""
    stand = run.stand(Stand)
    before = counter(stand, "gw", "tx:upa")
    maintain(stand, "sim", f"send {GROUP} 7 UPT")
    wait(lambda: counter(stand, "gw", "tx:upa") == before + 1, "UPA is sent")
    wait(lambda: counter(stand, "sim", "rx:upa") >= 1, "UPA has arrived")
    check(stand.dest_state() == "available", "the destination is not available")


def group_reset(run):
    """Reset by hand of all circuits: GRS of full ranges at the pace of the queue."""
    stand = run.stand(Stand)
    before = counter(stand, "gw", "tx:grs")
    total = stand.circuits_of("gw")[0]
    maintain(stand, "gw", f"isup reset circuit-group {GROUP} 1 to 479")
    stand.wait_idle()
    sent = counter(stand, "gw", "tx:grs") - before
    check(sent <= 1 + total // 31, f"{sent} GRS for {total} circuits")


def bring_up_1000(run):
    """The STP is killed and comes back: 1,000 circuits come up at the configured rate, not faster."""
    stand = run.stand(BigStand)
    stand.parts["stp"].end(signal.SIGKILL)
    wait(lambda: stand.dest_state() == "unavailable", "the destination is unavailable")
    check("destination not available" in stand.gw("show isup alarms"), "there is no alarm")
    check(stand.circuits_of("gw") == (1000, 0, 0, 1000), f"circuits: {stand.circuits_of('gw')}")
    resets = {part: counter(stand, part, "tx:grs") for part in ("gw", "sim")}
    begin = time.monotonic()
    stand.start("stp")
    wait(lambda: stand.dest_state() == "available", "the destination is available again")
    middle = stand.gw("show isup destinations")
    stand.wait_idle(60)
    seconds = time.monotonic() - begin
    sent = sum(counter(stand, part, "tx:grs") - count for part, count in resets.items())
    # both ends reset what the other one has not; each keeps its own rate
    check(sent >= RESETS - 2, f"only {sent} GRS for 1,000 circuits")
    check(seconds >= RESETS / (2 * RATE) - 1, f"{sent} GRS in {seconds:.1f} s are more than 2 × {RATE} a second")
    check(re.search(r" available +\d+ +1000 +\d+ ", middle), f"no progress in: {middle}")
    check("destination" not in stand.gw("show isup alarms").split("\n", 1)[-1], "the alarm is still there")
    return f"{sent} GRS in {seconds:.1f} s"


TESTS = {"group_blocking": group_blocking, "group_query": group_query, "user_part_test": user_part_test,
         "group_reset": group_reset, "bring_up_1000": bring_up_1000}
