# SPDX-License-Identifier: GPL-3.0-or-later
"""Interworking as an operator sets it: a profile of his own, read again under calls; calls for data as CLEARMODE."""

import scenario
from stand import GROUP, Stand, check, wait
from test_supervision import maintain

CALLS = 20
AUDIO = "m=audio 40000 RTP/AVP 8\na=rtpmap:8 PCMA/8000"
DATA = "m=audio 40000 RTP/AVP 97\na=rtpmap:97 CLEARMODE/8000"
PROFILE = """\
<?xml version="1.0" encoding="UTF-8"?>
<mapping-profile name="own" base="rfc3398" title="{title}">
	<table name="cause-to-status">
		<row cause="17" status="{status}" clause="house rule"/>
	</table>
</mapping-profile>
"""


class Own(Stand):
    """A profile from a file for both peers, and a media gateway with CLEARMODE."""

    def write_profile(self, text):
        with open(self.path("own.xml"), "w", encoding="utf-8") as file:
            file.write(text)

    def gw_cfg(self):
        self.write_profile(PROFILE.format(title="first", status=600))
        cfg = super().gw_cfg()
        for peer in ("CALLER", "PBX"):
            cfg = cfg.replace(f" peer {peer}\n", f" peer {peer}\n  mapping profile own\n")
        cfg = cfg.replace(" codec pcma\n", " codec pcma\n clearmode\n")
        return cfg.replace("gateway\n", f"gateway\n mapping profile-file {self.path('own.xml')}\n", 1)


def busy(stand, status):
    stand.sipp_done(stand.sipp(scenario.uac_refused(status), "uac", 1, numbers=("+332701700",)))


def profile(run):
    """A row of the operator's counts; read again while calls go on; a broken file changes nothing."""
    stand = run.stand(Own)
    busy(stand, 600)
    callee = stand.sipp(scenario.uas(), "uas", CALLS)
    stand.sim(f"load {GROUP} rate 10 count {CALLS} hold 1000 called=201234567 calling=301112222")
    wait(lambda: stand.calls_of("gw") >= 2, "2 calls")
    stand.write_profile("<broken>")
    text = maintain(stand, "gw", "mapping profile own reload")
    check("own.xml:1:9: Premature end" in text, f"a broken file was not refused: {text}")
    busy(stand, 600)
    stand.write_profile(PROFILE.format(title="second", status=603))
    maintain(stand, "gw", "mapping profile own reload")
    check("second" in stand.gw("show mapping profiles"), "the file was not read again")
    busy(stand, 603)
    stand.sipp_done(callee)
    stand.wait_idle(20)
    return f"{CALLS} calls during reloads"


def clearmode(run):
    """64 kbit/s unrestricted each way: CLEARMODE alone is offered, and what is offered becomes such an IAM."""
    stand = run.stand(Own)
    stand.sim("clear statistics")
    callee = stand.sipp(scenario.uas().replace(AUDIO, DATA), "uas", CALLS)
    stand.sim(f"load {GROUP} rate 20 count {CALLS} hold 100 called=201234567 calling=301112222 tmr=64k")
    stand.sipp_done(callee)
    check(" tmr=64k " in stand.gw("show call ladder last"), "the IAM was not for 64 kbit/s")
    stand.sipp_done(stand.sipp(scenario.uac().replace(AUDIO, DATA), "uac", CALLS, 20))
    ladder = stand.gw("show call ladder last")
    check(" tmr=64k " in ladder and "usi(" in ladder, f"no IAM for 64 kbit/s: {ladder}")
    stand.wait_idle(20)
    statistics = stand.sim_statistics()
    for what in ("received and answered", "placed and answered"):
        check(statistics.get(what) == CALLS, f"isupsim: {what}: {statistics.get(what)} of {CALLS}; {statistics}")
    return f"{CALLS} calls each way"


TESTS = {"profile": profile, "clearmode": clearmode}
