# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenarios of tests/e2e/sip: SIPp's XML, in which a line '{word …}' stands for what all of them have alike.

[contact] is the Contact of SIPp, [proxy] and [strict] are Record-Routes that lead there, too, one of them strict.
Before <scenario> a comment says what the procedure is and, a line each, what belongs to it:
  side      caller: SIPp calls the gateway; callee: the exchange calls, SIPp is called
  called    number as the exchange has it
  iam       further parameters of the exchange's IAM
  hold      milliseconds from the answer until the exchange hangs up; 0: never
  peer      commands for the peer's node, ';' between them; their opposites are 'after'
  sip       the same for the node sip
  isup      the messages of the call between gateway and exchange, in their order
  ladder    a regular expression that the gateway's ladder of the call must have; may be said again
  without   one that it must not have
  then      commands to the exchange once the call rings
  medium    what the gateway's operator asks the peer for, once the call is up, ';' between them
  hangup    milliseconds until the exchange gives up, whatever there was
  settle    milliseconds before the next scenario may begin
  last      why it is played after all others
  calls     how many times the scenario runs, one call after the other
  only      transports that it is for; 'slow': it takes a minute, and runs beside the others of its kind
  from      last number of the address of such a one
  arguments further arguments of SIPp
"""

import glob
import html
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
SDP = """\
Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 {version} IN IP4 [local_ip]
s=-
c=IN IP4 {address}
t=0 0
m=audio 4000{version} RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a={direction}"""

FAX = """\
Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 {version} IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
{before}m=image 4100{version} udptl t38
a=T38FaxVersion:3
a=T38MaxBitRate:{rate}
a=T38FaxRateManagement:{management}
a=T38FaxMaxBuffer:262
a=T38FaxMaxDatagram:176
a=T38FaxUdpEC:t38UDPRedundancy"""


class Scenario:
    """One file; text(transport, contact) is what SIPp gets."""

    def __init__(self, path):
        self.name = os.path.basename(path).removesuffix(".xml")
        with open(path, encoding="ascii") as file:
            head, self.body = file.read().split("-->", 1)
        self.ladder, self.without, self.values = [], [], {}
        for line in head.splitlines():
            key, colon, value = line.partition(": ")
            if not colon or not re.fullmatch(r"[a-z]+", key):
                continue
            if key in ("ladder", "without"):
                getattr(self, key).append(value.strip())
            else:
                self.values[key] = value.strip()

    def get(self, key, default=""):
        return self.values.get(key, default)

    def text(self, transport, contact=None, peer=None):
        return Writer(transport, contact, peer).document(self.body)


class Writer:
    def __init__(self, transport, contact, peer):
        self.transport = transport
        self.contact = f"<sip:{contact or '[local_ip]:[local_port]'}" + \
            ("" if transport == "udp" else f";transport={transport}") + ">"
        self.peer = peer or "[remote_ip]:[remote_port]"
        self.variables = []

    def document(self, body):
        text = re.sub(r"(?m)^[ \t]*\{([a-z-]+)(?: (.*))?\}$", self._word, body)
        text = text.replace("[contact]", self.contact)
        text = text.replace("[proxy]", self.contact.replace(">", ";lr;first>"))
        text = text.replace("[strict]", self.contact.replace("sip:", "sip:strict@", 1))
        if self.transport != "udp":
            text = text.replace(' retrans="500"', "")
        if self.variables:
            text = text.replace("</scenario>", f'  <Reference variables="{",".join(self.variables)}"/>\n</scenario>')
        return '<?xml version="1.0" encoding="us-ascii"?>\n' + text.lstrip()

    def _word(self, found):
        method = getattr(self, "w_" + found.group(1).replace("-", "_"))
        return method(*((found.group(2) or "").split(" ") if found.group(2) else ()))

    def _via_start(self):
        """Over TLS the connection is through a relay: alias says whose it is (RFC 5923)"""
        return f"Via: SIP/2.0/{self.transport.upper()} [local_ip]:[local_port]" + (
            ";alias" if self.transport == "tls" else "")

    # ---- messages ----

    def _request(self, uri, method, cseq, branch, to_tag, routes):
        return (f"{method} {uri} SIP/2.0\n{self._via_start()};branch={branch};rport\nMax-Forwards: 70\n{routes}"
                "From: <sip:[field1]@[local_ip]:[local_port]>;tag=[pid]t[call_number]\n"
                f"To: <sip:[field0]@{self.peer}>{to_tag}\nCall-ID: [call_id]\nCSeq: {cseq} {method}\n"
                f"Contact: {self.contact}")

    def w_invite(self, cseq="1", method="INVITE", branch=""):
        """The first request of a call, without a body"""
        return self._request(f"sip:[field0]@{self.peer}", method, cseq,
                             f"z9hG4bK[pid]i[call_number]c{cseq}{branch}", "", "")

    def w_invite_hops(self, hops):
        return self.w_invite().replace("Max-Forwards: 70", f"Max-Forwards: {hops}")

    def w_invite_to(self, cseq, uri):
        return re.sub("^INVITE [^ ]*", f"INVITE {uri}", self.w_invite(cseq))

    def w_invite_end(self, cseq, method):
        """CANCEL or ACK of an INVITE, without a body"""
        return self.w_invite("1", method).replace(f"CSeq: 1 {method}", f"CSeq: {cseq} {method}")

    def w_invite_call_id(self, cseq, name):
        """INVITE of another call within the scenario; SIPp knows its own by what follows ///"""
        text = self.w_invite(cseq, branch=name)
        return text.replace("Call-ID: [call_id]", f"Call-ID: {name}///[call_id]")

    def w_refused(self, cseq="1", branch=""):
        """ACK of a final response that is no 2xx"""
        return self._request(f"sip:[field0]@{self.peer}", "ACK", cseq, f"z9hG4bK[pid]i[call_number]c{cseq}{branch}",
                             "[peer_tag_param]", "") + "\n" + self.w_empty()

    def w_refused_branch(self, branch):
        return self.w_refused("1", branch)

    def w_refused_call_id(self, cseq, name):
        return self.w_refused(cseq, name).replace("Call-ID: [call_id]", f"Call-ID: {name}///[call_id]")

    def w_request_to_contact(self, method, cseq):
        """A request within the dialog without the route set: there are no such proxies"""
        return self.w_request(method, cseq).replace("[routes]\n", "")

    def w_request_kept(self, method, cseq):
        """A request within the dialog whose To was kept as 'to'"""
        return re.sub("(?m)^To: .*", "To:[$to]", self.w_request(method, cseq))

    def w_via_compact(self):
        return self._via_start().replace("Via", "v", 1) + ";branch=z9hG4bK[pid]i[call_number]c1"

    def w_ack_plain(self):
        return self._steps("<send><![CDATA[\n\nACK [next_url] SIP/2.0\n" + self._via_start() +
                           ";branch=[branch]\nMax-Forwards: 70\nf: <sip:[field1]@[local_ip]>;tag=[pid]t[call_number]\n"
                           "[last_To:]\ni: [call_id]\nCSeq: 1 ACK\nl: 0\n\n  ]]></send>")

    def w_cancel(self, cseq="1"):
        return self._request(f"sip:[field0]@{self.peer}", "CANCEL", cseq,
                             f"z9hG4bK[pid]i[call_number]c{cseq}", "", "") + "\n" + self.w_empty()

    def w_request(self, method, cseq, branch="[branch]"):
        """A request within the dialog, by the caller"""
        return self._request("[next_url]", method, cseq, branch, "[peer_tag_param]", "[routes]\n")

    def w_callee_request(self, method, cseq, tag="[pid]u[call_number]", branch="[branch]"):
        """A request within the dialog, by the callee, who did {keep-dialog}"""
        return (f"{method} [next_url] SIP/2.0\n{self._via_start()};branch={branch};rport\nMax-Forwards: 70\n"
                f"[routes]\nFrom:[$callee];tag={tag}\nTo:[$caller]\nCall-ID: [call_id]\nCSeq: {cseq} {method}\n"
                f"Contact: {self.contact}")

    def w_answer(self, status, *reason):
        return self._answer(status, " ".join(reason), ";tag=[pid]u[call_number]")

    def w_answer_tag(self, tag, status, *reason):
        return self._answer(status, " ".join(reason), f";tag={tag}")

    def w_answer_in_dialog(self, status, *reason):
        return self._answer(status, " ".join(reason), "")

    def w_answer_invite(self, status, *reason):
        """A response to the INVITE when other requests have come since; after {keep-invite}"""
        return (f"SIP/2.0 {status} {' '.join(reason)}\nVia:[$via]\nFrom:[$caller]\nTo:[$callee];tag=[pid]u[call_number]\n"
                f"Call-ID: [call_id]\nCSeq:[$cseq]\nContact: {self.contact}")

    def w_answer_invite_tag(self, tag, status, *reason):
        return self.w_answer_invite(status, *reason).replace("[pid]u[call_number]", tag)

    def w_answer_contact(self, user, status, *reason):
        return self.w_answer(status, *reason).replace("Contact: <sip:", f"Contact: <sip:{user}@")

    def w_callee_request_contact(self, user, method, cseq):
        return self.w_callee_request(method, cseq).replace("Contact: <sip:", f"Contact: <sip:{user}@")

    def w_via(self, branch):
        return f"{self._via_start()};branch={branch}"

    def _answer(self, status, reason, tag):
        return (f"SIP/2.0 {status} {reason}\n[last_Via:]\n[last_From:]\n[last_To:]{tag}\n[last_Call-ID:]\n"
                f"[last_CSeq:]\n[last_Record-Route:]\nContact: {self.contact}")

    # ---- bodies ----

    @staticmethod
    def w_sdp(version="1", direction="sendrecv"):
        address = "0.0.0.0" if direction == "null" else "[local_ip]"
        return SDP.format(version=version, address=address, direction="sendrecv" if direction == "null" else direction)

    @staticmethod
    def w_fax(version="1", rate="33600", management="transferredTCF"):
        return FAX.format(version=version, rate=rate, management=management, before="")

    @staticmethod
    def w_audio_and_fax(version):
        return FAX.format(version=version, rate="9600", management="transferredTCF",
                          before=f"m=audio 4000{version} RTP/AVP 8\n")

    @staticmethod
    def w_empty():
        return "Content-Length: 0\n"

    # ---- actions ----

    def _ereg(self, pattern, where, *more):
        self.variables.append(f"v{len(self.variables)}")
        return (f'      <ereg regexp="{html.escape(pattern)}" {where} {" ".join(more)} '
                f'assign_to="{self.variables[-1]}"/>')

    def w_expect(self, name, *pattern):
        """The message must have this: header and pattern, or 'msg' and pattern"""
        where = 'search_in="msg"' if name == "msg" else f'search_in="hdr" header="{name}"'
        return self._ereg(" ".join(pattern), where, 'check_it="true"')

    def w_forbid(self, *pattern):
        return self._ereg(" ".join(pattern), 'search_in="msg"', 'check_it_inverse="true"')

    def _keep(self, header, variable):
        self.variables.append(variable)
        return f'      <ereg regexp=".*" search_in="hdr" header="{header}" assign_to="{variable}"/>'

    def w_keep_dialog(self):
        return self._keep("From:", "caller") + "\n" + self._keep("To:", "callee")

    def w_keep_invite(self):
        return "\n".join((self.w_keep_dialog(), self._keep("Via:", "via"), self._keep("CSeq:", "cseq")))

    def w_keep_their_invite(self):
        """For {answer-their-invite …}, when other messages have come since"""
        return "\n".join((self._keep("From:", "theirs"), self._keep("To:", "ours"), self._keep("Via:", "via"),
                          self._keep("CSeq:", "cseq")))

    def w_answer_their_invite(self, status, *reason):
        return (f"SIP/2.0 {status} {' '.join(reason)}\nVia:[$via]\nFrom:[$theirs]\nTo:[$ours]\nCall-ID: [call_id]\n"
                f"CSeq:[$cseq]\nContact: {self.contact}")

    def w_keep_uri(self):
        self.variables += ["line", "uri"]
        return '      <ereg regexp="INVITE ([^ ]*) " search_in="msg" assign_to="line,uri"/>'

    def w_keep(self, header, variable):
        return self._keep(header, variable)

    # ---- whole steps ----

    def w_call_up(self):
        """The caller's INVITE with an offer, until it is answered and acknowledged; CSeq 1"""
        return self.w_call_up_cseq("1")

    def w_call_up_cseq(self, cseq):
        return self._steps(
            f"""<send retrans="500"><![CDATA[

{self.w_invite(cseq)}
{self.w_sdp()}

  ]]></send>""", '<recv response="100" optional="true"/>', '<recv response="180" optional="true"/>',
            '<recv response="183" optional="true"/>', '<recv response="200" rrs="true"/>', self._ack(cseq))

    def _ack(self, cseq):
        return f"<send><![CDATA[\n\n{self.w_request('ACK', cseq)}\n{self.w_empty()}\n  ]]></send>"

    def w_ack(self, cseq="1"):
        return self._steps(self._ack(cseq))

    def w_bye(self, cseq="2"):
        return self._steps(f'<send retrans="500"><![CDATA[\n\n{self.w_request("BYE", cseq)}\n{self.w_empty()}\n  ]]></send>',
                           '<recv response="200"/>')

    def w_callee_up(self):
        """The callee answers at once"""
        return self._steps(f'<recv request="INVITE" rrs="true"><action>\n{self.w_keep_dialog()}\n  </action></recv>',
                           f'<send retrans="500"><![CDATA[\n\n{self.w_answer("200", "OK")}\n{self.w_sdp()}\n\n  ]]></send>',
                           '<recv request="ACK"/>')

    def w_callee_bye(self, cseq="1"):
        return self._steps(f'<send retrans="500"><![CDATA[\n\n{self.w_callee_request("BYE", cseq)}\n{self.w_empty()}\n  ]]></send>',
                           '<recv response="200"/>')

    def w_hung_up(self):
        """The other side hangs up"""
        return self._steps('<recv request="BYE"/>',
                           f'<send><![CDATA[\n\n{self.w_answer_in_dialog("200", "OK")}\n{self.w_empty()}\n  ]]></send>')

    @staticmethod
    def _steps(*steps):
        return "\n".join("  " + step for step in steps)


def scenarios():
    return [Scenario(path) for path in sorted(glob.glob(os.path.join(HERE, "sip/*.xml")))]
