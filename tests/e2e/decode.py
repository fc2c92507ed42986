# SPDX-License-Identifier: GPL-3.0-or-later
"""What tshark, which nobody here wrote, sees in a capture; and whether our ladders say the same."""

import os
import re
import subprocess
import xml.etree.ElementTree

from stand import DISCARD_PORT, Failed, check

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
# the stand's own datagrams to the discard port are nothing else, whichever port they came from
DECODE = ["-d", "sctp.port==2905,m3ua", "-d", f"udp.port=={DISCARD_PORT},data",
          "-X", f"lua_script:{TOP}/contrib/m3ua-tcp/m3ua_tcp.lua"]
ISUP_TYPES = {1: "IAM", 2: "SAM", 5: "COT", 6: "ACM", 7: "CON", 9: "ANM", 12: "REL", 13: "SUS", 14: "RES", 16: "RLC",
              18: "RSC", 19: "BLO", 20: "UBL", 21: "BLA", 22: "UBA", 23: "GRS", 41: "GRA", 44: "CPG", 46: "UCIC",
              47: "CFN"}
# Q.763 3.9, 3.10 and 3.12, as our ladders name the values
NATURES = {1: "subscriber", 2: "unknown", 3: "national", 4: "international", 5: "network-specific"}
PRESENTATIONS = {0: "allowed", 1: "restricted", 2: "not-available"}
LOCATIONS = {0: "user", 1: "lpn", 2: "ln", 3: "tn", 4: "rln", 5: "rpn", 7: "intl", 10: "bi"}


def tshark(pcap, *arguments):
    done = subprocess.run(["tshark", "-r", pcap, *DECODE, *arguments], capture_output=True, text=True, check=False)
    check(done.returncode == 0, f"tshark ended with status {done.returncode}: {done.stderr[-300:]}")
    return done.stdout


def malformed(pcap, and_filter=""):
    """Frames that tshark calls malformed or finds an error in, one line each."""
    return tshark(pcap, "-Y", f'(_ws.malformed || _ws.expert.severity == "Error"){and_filter}', "-T", "fields", "-e", "frame.number",
                  "-e", "_ws.col.Protocol", "-e", "_ws.col.Info", "-e", "_ws.expert.message").splitlines()


def count(pcap, display_filter):
    return len(tshark(pcap, "-Y", display_filter, "-T", "fields", "-e", "frame.number").splitlines())


def first(element, name, default=None):
    field = element.find(f".//field[@name='{name}']")
    return default if field is None else field.get("show")


def number(element, which, digits):
    """Nature, presentation and digits of the called or calling party number."""
    nature = first(element, f"isup.{which}_party_nature_of_address_indicator")
    if nature is None:
        return None
    return {"noa": NATURES.get(int(nature), nature), "digits": first(element, digits),
            "apri": PRESENTATIONS.get(int(first(element, "isup.address_presentation_restricted_indicator", "0")))}


def parameter(proto, code):
    for field in proto.iter("field"):
        kind = field.find("./field[@name='isup.parameter_type']")
        if kind is not None and int(kind.get("show")) == code:
            return field
    return None


def isup_of(proto, sent):
    message = {"side": "isup", "sent": sent, "cic": int(first(proto, "isup.cic", "-1"))}
    code = int(first(proto, "isup.message_type", "0"))
    message["type"] = ISUP_TYPES.get(code, str(code))
    for which, parameter_code in (("called", 4), ("calling", 10)):
        inside = parameter(proto, parameter_code)
        if inside is not None:
            message[which] = number(inside, which, f"e164.{which}_party_number.digits")
    cause = first(proto, "isup.cause_indicator") or first(proto, "q931.cause_value")
    if cause is not None:
        location = first(proto, "isup.cause_location") or first(proto, "q931.cause_location")
        message["cause"] = {"value": int(cause), "location": LOCATIONS.get(int(location), location)}
    return message


def sip_of(proto, packet, sent):
    status = first(proto, "sip.Status-Code")
    message = {"side": "sip", "sent": sent, "type": status or first(proto, "sip.Method"),
               "method": first(proto, "sip.CSeq.method"), "ruri": first(proto, "sip.r-uri.user"),
               "from": first(proto, "sip.from.user"), "call_id": first(proto, "sip.Call-ID")}
    sdp = packet.find("./proto[@name='sdp']") or proto.find(".//proto[@name='sdp']")
    port = packet.find(".//field[@name='sdp.media.port']")
    if sdp is not None or port is not None:
        message["sdp"] = (packet.find(".//field[@name='sdp.connection_info.address']").get("show") + ":" +
                          port.get("show"))
    return message


def messages(pcap, gw_ip):
    """ISUP and SIP messages of the gateway, in order."""
    text = tshark(pcap, "-Y", f"(isup || sip) && ip.addr == {gw_ip}", "-T", "pdml")
    found = []
    for packet in xml.etree.ElementTree.fromstring(text).iter("packet"):
        sent = first(packet, "ip.src") == gw_ip
        for proto in packet.iter("proto"):
            if proto.get("name") == "isup":
                found.append(isup_of(proto, sent))
            elif proto.get("name") == "sip":
                found.append(sip_of(proto, packet, sent))
    return found


# "   0.012 isup > REL cic=3 cause(location=ln value=17)", "   0.014         sip < 486 reason=17"
LINE = re.compile(r"^\s*[\d.]+ +(isup|sip) ([<>]) (FAILED )?(\S+)(.*)$")


def words(text):
    """a=b c(d=e f=g) → {"a": "b", "c": {"d": "e", "f": "g"}}"""
    result = {}
    for name, value, inside in re.findall(r"([\w.-]+)(?:=(\S+)|\(([^)]*)\))", text):
        result[name] = dict(re.findall(r"([\w.-]+)=(\S+)", inside)) if inside else value
    return result


def ladder(text):
    """The lines of 'show call ladder': [{"side", "sent", "failed", "type", "words", "line"}]"""
    lines = []
    for line in text.splitlines():
        found = LINE.match(line)
        if found:
            side, arrow, failed, kind, rest = found.groups()
            lines.append({"side": side, "sent": arrow == "<", "failed": bool(failed), "type": kind,
                          "words": words(rest), "line": line})
    return lines


def same_number(seen, ours, where, line):
    check(ours.get("digits") == seen["digits"], f"{where}: digits {seen['digits']} in the capture: {line}")
    check(ours.get("noa") == seen["noa"], f"{where}: nature {seen['noa']} in the capture: {line}")
    if "apri" in ours:
        check(ours["apri"] == seen["apri"], f"{where}: presentation {seen['apri']} in the capture: {line}")


def compare(seen, entry):
    ours, line = entry["words"], entry["line"]
    for which in ("called", "calling"):
        check((which in ours) == bool(seen.get(which)), f"{which} number only on one side: {seen}; {line}")
        if which in ours:
            same_number(seen[which], ours[which], which, line)
    if entry["side"] == "isup":
        check(int(ours.get("cic", -1)) == seen["cic"], f"CIC {seen['cic']} in the capture: {line}")
    if "cause" in ours:
        check("cause" in seen, f"no cause in the capture: {line}")
        check(int(ours["cause"]["value"]) == seen["cause"]["value"], f"cause {seen['cause']} in the capture: {line}")
        check(ours["cause"]["location"] == seen["cause"]["location"], f"cause {seen['cause']} in the capture: {line}")
    if "sdp" in ours or "sdp" in seen:
        check(ours.get("sdp") == seen.get("sdp"), f"SDP {seen.get('sdp')} in the capture: {line}")
    for name in ("ruri", "from"):
        if name in ours:
            check(ours[name] == seen[name], f"{name} {seen[name]} in the capture: {line}")


def compare_ladder(pcap, gw_ip, text):
    """Finds every line of the ladder, in order, among the messages of the capture, with equal fields."""
    entries = [entry for entry in ladder(text) if not entry["failed"]]
    check(entries, f"no lines in the ladder: {text!r}")
    for side in ("isup", "sip"):
        seen = iter([message for message in messages(pcap, gw_ip) if message["side"] == side])
        for entry in (e for e in entries if e["side"] == side):
            for message in seen:
                if (message["type"], message["sent"]) == (entry["type"], entry["sent"]):
                    compare(message, entry)
                    break
            else:
                raise Failed(f"not in the capture: {entry['line']}")
    return len(entries)
