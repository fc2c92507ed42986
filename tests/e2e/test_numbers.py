# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers of a call both ways: CLIR, diversion, ported numbers, connected number; tshark reads what goes to the exchange."""

import decode
import scenario
from stand import GROUP, Stand, check


class Numbers(Stand):
    """Two numbers at both peers, and an exchange that tells who has answered."""

    def gw_cfg(self):
        return super().gw_cfg().replace("  trusted\n", "  trusted\n  additional-calling-number yes\n")

    def sim_cfg(self):
        return super().sim_cfg() + (" answer prefix 20\n  after 0 send ACM bci(called_status=subscriber-free)\n"
                                    "  after 100 send ANM connected(digits=205556666 apri=restricted)\n")


def header(name, pattern, variable):
    return scenario.regexp(pattern, variable, f'search_in="hdr" header="{name}:" check_it="true"')


def uas_checks(checks, answer_with=""):
    """A callee that answers at once, if the INVITE is as it should be; checks: {header: pattern}."""
    variables = [f"v{index}" for index in range(len(checks))]
    actions = [header(name, pattern, variable) for (name, pattern), variable in zip(checks.items(), variables)]
    ok = scenario.answer("200 OK", sdp=True).replace("Contact:", answer_with + "Contact:")
    return scenario.document(scenario.recv("INVITE", *actions), scenario.send(ok, retrans=500), scenario.recv("ACK"),
                             scenario.recv("BYE"), scenario.send(scenario.answer("200 OK", tag="")),
                             f'  <Reference variables="{",".join(variables)}"/>')


def uac_sends(ruri, headers, checks):
    """A caller with these headers, that wants the answer to have some; and with from-change an UPDATE (RFC 4916)."""
    variables = [f"v{index}" for index in range(len(checks))]
    actions = [header(name, pattern, variable) for (name, pattern), variable in zip(checks.items(), variables)]
    invite = scenario.request("INVITE", 1).replace("Contact:", headers + "Contact:")
    invite = invite.replace("INVITE sip:[field0]@", f"INVITE sip:{ruri}@")
    told = ()
    if "from-change" in headers:
        told = scenario.recv("UPDATE"), scenario.send(scenario.answer("200 OK", tag=""))
    return scenario.document(scenario.send(invite, retrans=500),
                             *[scenario.recv(status, optional="true") for status in scenario.PROVISIONAL],
                             scenario.recv("200", *actions, rrs="true"),
                             scenario.send(scenario.request("ACK", 1, in_dialog=True)), *told,
                             *scenario.bye_and_end(),
                             f'  <Reference variables="{",".join(variables)}"/>' if variables else "")


TO_SIP = {
    "calling(digits=301112222 apri=restricted)": {
        "From": "anonymous@anonymous.invalid", "P-Asserted-Identity": "sip:\\+33301112222@", "Privacy": "id"},
    "calling=301112222 generic_number(qualifier=additional-calling digits=309998888)": {
        "From": "sip:\\+33309998888@", "P-Asserted-Identity": "sip:\\+33301112222@"},
    "calling=301112222 redirecting=309998888 redirection_info(indicator=diverted counter=1 reason=user-busy)": {
        "Diversion": "sip:\\+33309998888@.*;reason=user-busy;counter=1", "History-Info": "sip:\\+33309998888@"},
    "calling=301112222 network_routing=1234 fci(number_translated=yes)": {
        "To": "sip:\\+33201234567;npdi=yes;rn=1234;rn-context=\\+33@"},
    "calling=301112222 hop_counter=20": {"Max-Forwards": "57"},
}


def to_sip(run):
    """Who calls, who diverted, where a number is ported to: as SIPp finds it in the INVITE."""
    stand = run.stand(Numbers)
    for words, checks in TO_SIP.items():
        callee = stand.sipp(uas_checks(checks), "uas", 1)
        stand.sim(f"call {GROUP} hold 100 called=201234567 {words}")
        stand.sipp_done(callee)
        stand.wait_idle()
    return f"{len(TO_SIP)} calls"


TO_ISUP = {
    "clir": ("+33221234567", "P-Asserted-Identity: <sip:+33305556666@pbx>\nPrivacy: id\n", {}, {
        "e164.calling_party_number.digits": "305556666", "isup.address_presentation_restricted_indicator": "1",
        "isup.generic_number": "301112222"}),
    "diversion": ("+33221234567", "Diversion: <sip:+33309998888@pbx>;reason=no-answer;counter=2\n", {}, {
        "isup.redirecting": "309998888", "isup.original_called_number": "309998888",
        "isup.redirection_counter": "2", "isup.redirection_reason": "2"}),
    "history": ("+33221234567", "History-Info: <sip:+33309998888@pbx>;index=1\n"
                "History-Info: <sip:+33221234567@pbx;cause=302>;index=1.1;mp=1\n", {}, {
                    "isup.redirecting": "309998888", "isup.redirection_counter": "1",
                    "isup.redirection_reason": "3"}),
    "carrier": ("+33221234567;cic=+33-288", "", {}, {"isup.transit_network_selection": "288"}),
    "ported": ("+33221234567;npdi;rn=1234;rn-context=+33", "", {}, {"isup.parameter_type": "132"}),
    "connected": ("+33201234567", "Supported: from-change\nAllow: INVITE, ACK, BYE, CANCEL, UPDATE\n", {
        "P-Asserted-Identity": "sip:\\+33205556666@", "Privacy": "id"}, {
            "isup.connected_line_identity_request_ind": "1"}),
}


def to_isup(run):
    """The same from SIP, as tshark finds it in the IAM; the connected number in the 200."""
    stand = run.stand(Numbers)
    fields = sorted({name for _, _, _, expected in TO_ISUP.values() for name in expected})
    for name, (ruri, headers, checks, expected) in TO_ISUP.items():
        capture = stand.capture("numbers-" + name)
        stand.sipp_done(stand.sipp(uac_sends(ruri, headers, checks), "uac", 1, numbers=(ruri.split(";")[0],)))
        stand.wait_idle()
        capture.end()
        bad = decode.malformed(capture.file)
        check(not bad, f"{name}: tshark: {bad[:3]}")
        line = decode.tshark(capture.file, "-Y", "isup.message_type == 1", "-T", "fields",
                             *[word for field in fields for word in ("-e", field)]).splitlines()[0]
        seen = {field: values.split(",") for field, values in zip(fields, line.split("\t"))}
        wrong = {field: seen[field] for field, value in expected.items() if value not in seen.get(field, [])}
        check(not wrong, f"{name}: {wrong}")
    return f"{len(TO_ISUP)} calls"


TESTS = {"numbers_to_sip": to_sip, "numbers_to_isup": to_isup}
