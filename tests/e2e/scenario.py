# SPDX-License-Identifier: GPL-3.0-or-later
"""SIPp scenarios for the end-to-end tests, each made from a short list of steps."""

import re
import sys

SDP = """\
Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio 40000 RTP/AVP 8
a=rtpmap:8 PCMA/8000
"""
NO_BODY = "Content-Length: 0\n"
ANSWER = """\
SIP/2.0 {status}
[last_Via:]
[last_From:]
[last_To:]{tag}
[last_Call-ID:]
{cseq}
[last_Record-Route:]
Contact: <sip:[local_ip]:[local_port]>
"""
PROVISIONAL = ("100", "180", "183", "180", "183")


def attributes(values):
    return "".join(f' {name}="{value}"' for name, value in values.items())


def send(text, **values):
    return f"  <send{attributes(values)}><![CDATA[\n\n{text}\n  ]]></send>"


def recv(what, *actions, **values):
    kind = "response" if what[0].isdigit() else "request"
    inside = f"<action>{''.join(actions)}</action>" if actions else ""
    return f'  <recv {kind}="{what}"{attributes(values)}>{inside}</recv>'


def pause(milliseconds):
    return f'  <pause milliseconds="{milliseconds}"/>'


def regexp(pattern, names, where='search_in="msg"'):
    return f'<ereg regexp="{pattern}" {where} assign_to="{names}"/>'


def document(*steps):
    """[branch0] is the branch of the first step, the INVITE: for its CANCEL, and for its ACK unless to a 2xx."""
    lines, index = [], 0
    for step in steps:
        lines.append(step.replace("[branch0]", f"[branch-{index}]"))
        index += not re.match(r" *<(label|Reference) ", step)  # SIPp does not count these
    return '<?xml version="1.0" encoding="us-ascii"?>\n<scenario>\n' + "\n".join(lines) + "\n</scenario>\n"


def request(method, cseq, in_dialog=False, branch="[branch]"):
    uri = "[next_url]" if in_dialog else "sip:[field0]@[remote_ip]:[remote_port]"
    tag = "[peer_tag_param]" if in_dialog or method == "ACK" else ""
    routes = "[routes]\n" if in_dialog else ""
    return (f"{method} {uri} SIP/2.0\n"
            f"Via: SIP/2.0/UDP [local_ip]:[local_port];branch={branch};rport\n"
            "Max-Forwards: 70\n" + routes +
            "From: <sip:[field1]@[local_ip]:[local_port]>;tag=[pid]t[call_number]\n"
            f"To: <sip:[field0]@[remote_ip]:[remote_port]>{tag}\n"
            "Call-ID: [call_id]\n"
            f"CSeq: {cseq} {method}\n"
            "Contact: <sip:[local_ip]:[local_port]>\n" + (SDP if method == "INVITE" else NO_BODY))


def answer(status, sdp=False, tag=";tag=[pid]u[call_number]", cseq="[last_CSeq:]"):
    return ANSWER.format(status=status, tag=tag, cseq=cseq) + (SDP if sdp else NO_BODY)


def set_up():
    return [send(request("INVITE", 1), retrans=500)] + [recv(status, optional="true") for status in PROVISIONAL]


def bye_and_end():
    return [send(request("BYE", 2, in_dialog=True), retrans=500), recv("200")]


def uac(hold_ms=500):
    """A caller that gets an answer, talks, and hangs up."""
    return document(*set_up(), recv("200", rrs="true"), send(request("ACK", 1, in_dialog=True)), pause(hold_ms),
                    *bye_and_end())


def uac_or_refused(hold_ms):
    """A caller that takes 503 for an answer, too."""
    return document(*set_up(), recv("503", optional="true", next="refused"), recv("200", rrs="true"),
                    send(request("ACK", 1, in_dialog=True)), pause(hold_ms), *bye_and_end(), '  <nop next="end"/>',
                    '  <label id="refused"/>', send(request("ACK", 1, branch="[branch0]")), '  <label id="end"/>')


def uac_talk():
    """A caller that gets an answer and stays until the other side hangs up."""
    return document(*set_up(), recv("200", rrs="true"), send(request("ACK", 1, in_dialog=True)), recv("BYE"),
                    send(answer("200 OK", tag="")))


def uac_refused(status):
    """A caller that is to get this final status."""
    return document(*set_up(), recv(str(status)), send(request("ACK", 1, branch="[branch0]")))


def uac_offer_refused(sdp_line, warning):
    """A caller that offers a codec which nobody has, and is told so (RFC 3261 13.3.1.3)."""
    invite = request("INVITE", 1).replace("m=audio 40000 RTP/AVP 8\na=rtpmap:8 PCMA/8000", sdp_line)
    warned = regexp(warning, "w", 'search_in="hdr" header="Warning:" check_it="true"')
    return document(send(invite, retrans=500), recv("100", optional="true"), recv("488", warned),
                    send(request("ACK", 1, branch="[branch0]")), '  <Reference variables="w"/>')


def uac_cancel(after_ms=100):
    """A caller that gives up while it rings."""
    return document(send(request("INVITE", 1), retrans=500), recv("100", optional="true"), recv("180"),
                    pause(after_ms), send(request("CANCEL", 1, branch="[branch0]"), retrans=500), recv("200"),
                    recv("487"), send(request("ACK", 1, branch="[branch0]")))


def uas(ring_ms=100):
    """A callee that rings, answers, and is hung up on; it answers OPTIONS, too."""
    return document(recv("OPTIONS", optional="true", next="end"), recv("INVITE"), send(answer("180 Ringing")),
                    pause(ring_ms), send(answer("200 OK", sdp=True), retrans=500), recv("ACK"), recv("BYE"),
                    '  <label id="end"/>', send(answer("200 OK", tag="")))


def uas_hangs_up(talk_ms=200):
    """A callee that answers at once and hangs up after a while."""
    bye = ("BYE [next_url] SIP/2.0\n"
           "Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch];rport\n"
           "Max-Forwards: 70\n"
           "From:[$to];tag=[pid]u[call_number]\n"
           "To:[$from]\n"
           "[last_Call-ID:]\n"
           "CSeq: 1 BYE\n" + NO_BODY)
    return document(recv("INVITE", regexp(".*", "from", 'search_in="hdr" header="From:"'),
                         regexp(".*", "to", 'search_in="hdr" header="To:"'), rrs="true"),
                    send(answer("200 OK", sdp=True), retrans=500), recv("ACK"), pause(talk_ms),
                    send(bye, retrans=500), recv("200"))


def uas_refuses(statuses):
    """A callee that refuses with the status in the last three digits of the number it is called by."""
    steps = [recv("INVITE", regexp("sip:[+0-9]*([0-9]{3})@", "all,status"))]
    for status in statuses:
        steps.append(f'  <nop next="{status}" test="is{status}"><action><strcmp assign_to="cmp{status}" '
                     f'variable="status" value="{status}"/><test assign_to="is{status}" variable="cmp{status}" '
                     'compare="equal" value="0"/></action></nop>')
    for status in statuses:
        steps += [f'  <label id="{status}"/>', send(answer(f"{status} Refused"), retrans=500, next="end")]
    return document(*steps, '  <label id="end"/>', recv("ACK"), '  <Reference variables="all"/>')


def uas_rings():
    """A callee that rings until the caller gives up."""
    return document(recv("INVITE", regexp(".*", "cseq", 'search_in="hdr" header="CSeq:"')),
                    send(answer("180 Ringing")), recv("CANCEL"), send(answer("200 OK", tag="")),
                    send(answer("487 Request Terminated", cseq="CSeq:[$cseq]"), retrans=500), recv("ACK"))


if __name__ == "__main__":  # scenario.py NAME [MILLISECONDS]
    print(globals()[sys.argv[1]](*map(int, sys.argv[2:])))
