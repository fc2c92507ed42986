# SPDX-License-Identifier: GPL-3.0-or-later
"""Overlap signalling both ways, hold both ways, SUS and RES, user-to-user information: SIPp and isupsim around the
gateway."""

import re

import scenario
from scenario import answer, document, pause, recv, regexp, request, send
from stand import GROUP, Stand, check, wait

HOLD = "m=audio 40000 RTP/AVP 8\na=sendonly"
OPTIONAL = {"optional": "true"}


class Services(Stand):
    def gw_cfg(self):
        cfg = super().gw_cfg().replace("  trusted\n", "  trusted\n  sip-overlap invite 4\n", 1)
        return cfg.replace("  hunt least-recent\n", "  hunt least-recent\n  sip-overlap invite 5\n", 1)

    def sim_cfg(self):
        return super().sim_cfg() + """\
 answer prefix 29
  after 1500 send ACM bci(called_status=subscriber-free)
  after 100 send ANM
 answer prefix 28
  after 0 send CON
  after 500 send SUS suspend_resume=network
  after 500 send RES suspend_resume=network
  after 500 send REL cause=16
"""


def ladder(stand, *texts):
    """The last call's ladder has these, in this order."""
    text, at = stand.gw("show call ladder last"), 0
    for part in texts:
        at = text.find(part, at)
        check(at >= 0, f"no '{part}' in its place: {text}")


def invite(number, cseq):
    text = request("INVITE", cseq).replace("[field0]", number)
    return send(text, retrans=500)


def ack(number, cseq, index):
    return send(request("ACK", cseq, branch=f"[branch-{index}]").replace("[field0]", number))


def in_second(method, cseq):
    """A request in the dialog of the second INVITE: SIPp itself knows the tag of the first response only."""
    text = request(method, cseq, in_dialog=True)
    return "\n".join("[last_To:]" if line.startswith("To:") else line for line in text.split("\n"))


def overlap_from_isup(run):
    """IAM and SAM: two INVITEs of one Call-ID; the first gets 484, the second an answer."""
    stand = run.stand(Services)
    digits = regexp("sip:.33201234567@", "whole", 'search_in="msg" check_it="true"')
    callee = stand.sipp(document(
        recv("INVITE"), send(answer("484 Address Incomplete")), recv("ACK"),
        recv("INVITE", digits), send(answer("180 Ringing")), send(answer("200 OK", sdp=True), retrans=500),
        recv("ACK", rrs="true"), recv("BYE"), send(answer("200 OK", tag="")), '  <Reference variables="whole"/>'),
        "uas", 1)
    stand.sim(f"call {GROUP} hold 300 called=201234 calling=301112222")
    busy = wait(lambda: re.findall(r" (\d+)  busy out", stand.sim(f"show isup circuits {GROUP}")),
                "the circuit of the call")
    stand.sim(f"send {GROUP} {busy[0]} SAM subsequent=567")
    stand.sipp_done(callee)
    stand.wait_idle()
    ladder(stand, "SAM", "INVITE ruri=+33201234567", "ANM")


def overlap_from_sip(run):
    """A further INVITE with more digits is a SAM, the first one gets 484."""
    stand = run.stand(Services)
    caller = stand.sipp(document(
        invite("+3329123", 1), recv("100"), pause(200), invite("+33291234567", 2),
        recv("100", **OPTIONAL), recv("484"), ack("+3329123", 1, 0), recv("100", **OPTIONAL), recv("180"),
        recv("200", rrs="true"), send(in_second("ACK", 2)), pause(100),
        send(in_second("BYE", 3), retrans=500), recv("200")), "uac", 1)
    stand.sipp_done(caller)
    stand.wait_idle()
    ladder(stand, "IAM", "SAM cic", "ANM", "REL")


def hold_from_sip(run):
    """A re-INVITE that wants no media: CPG with remote hold; the next one: retrieval."""
    stand = run.stand(Services)
    held = request("INVITE", 2, in_dialog=True).replace("m=audio 40000 RTP/AVP 8", HOLD)
    caller = stand.sipp(document(
        *scenario.set_up(), recv("200", rrs="true"), send(request("ACK", 1, in_dialog=True)), pause(200),
        send(held, retrans=500), recv("100", **OPTIONAL), recv("200"), send(request("ACK", 2, in_dialog=True)),
        send(request("INVITE", 3, in_dialog=True), retrans=500), recv("100", **OPTIONAL), recv("200"),
        send(request("ACK", 3, in_dialog=True)), pause(100),
        send(request("BYE", 4, in_dialog=True), retrans=500), recv("200")), "uac", 1)
    stand.sipp_done(caller)
    stand.wait_idle()
    ladder(stand, "CPG", "remote-hold", "CPG", "remote-retrieval")


def suspend(run):
    """SUS and RES of the exchange: re-INVITEs that hold the caller's media, and take that back."""
    stand = run.stand(Services)
    sendonly = regexp("a=sendonly", "held", 'search_in="msg" check_it="true"')
    caller = stand.sipp(document(
        *scenario.set_up(), recv("200", rrs="true"), send(request("ACK", 1, in_dialog=True)),
        recv("INVITE", sendonly), send(answer("200 OK", sdp=True, tag=""), retrans=500), recv("ACK"),
        recv("INVITE"), send(answer("200 OK", sdp=True, tag=""), retrans=500), recv("ACK"),
        recv("BYE"), send(answer("200 OK", tag="")), '  <Reference variables="held"/>'),
        "uac", 1, numbers=("+33281234567",))
    stand.sipp_done(caller)
    stand.wait_idle()
    ladder(stand, "SUS", "INVITE", "RES", "INVITE", "REL")


def user_to_user(run):
    """User-to-user information of the IAM in the INVITE, and back in 200."""
    stand = run.stand(Services)
    uui = regexp("0441;purpose=isdn-uui", "uui", 'search_in="hdr" header="User-to-User:" check_it="true"')
    accepted = answer("200 OK", sdp=True).replace("Contact:", "User-to-User: 0442;encoding=hex\nContact:")
    callee = stand.sipp(document(
        recv("INVITE", uui), send(answer("180 Ringing")), send(accepted, retrans=500), recv("ACK", rrs="true"),
        recv("BYE"), send(answer("200 OK", tag="")), '  <Reference variables="uui"/>'), "uas", 1)
    stand.sim(f"call {GROUP} hold 200 called=201234567F calling=301112222 uui=0x0441")
    stand.sipp_done(callee)
    stand.wait_idle()
    ladder(stand, "IAM", "uui", "ANM", "uui")


TESTS = {"overlap_from_isup": overlap_from_isup, "overlap_from_sip": overlap_from_sip, "hold_from_sip": hold_from_sip,
         "suspend": suspend, "user_to_user": user_to_user}
