# SPDX-License-Identifier: GPL-3.0-or-later
"""Digest (RFC 7616, 8760) by each algorithm, both ways, against a user agent that computes it by hashlib."""

import hashlib
import re
import socket

from stand import GROUP, PATIENCE_S, Stand, check

HASHES = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256,
          "SHA-512-256": lambda octets: hashlib.new("sha512_256", octets)}
SDP = "v=0\r\no=- 1 1 IN IP4 {ip}\r\ns=-\r\nc=IN IP4 {ip}\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\n"
USER, PASSWORD = "trunk", "s3cret"


def header(text, name):
    found = re.search(rf"(?mi)^{name}: *(.*?)\r?$", text)
    return found.group(1) if found else ""


def parameter(value, name):
    found = re.search(rf'(?i)[ ,]{name}=(?:"([^"]*)"|([^ ,]*))', value)
    return (found.group(1) or found.group(2) or "") if found else ""


def response(algorithm, realm, nonce, nc, cnonce, method, uri, password=PASSWORD):
    """RFC 7616 3.4.1, qop auth"""
    def h(text):
        return HASHES[algorithm](text.encode()).hexdigest()
    return h(f"{h(f'{USER}:{realm}:{password}')}:{nonce}:{nc}:{cnonce}:auth:{h(f'{method}:{uri}')}")


class Agent:
    """A UDP socket that is a peer of the gateway."""

    def __init__(self, stand, address):
        self.stand, self.ip = stand, address
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind((address, 5060))
        self.sock.settimeout(PATIENCE_S)

    def send(self, text):
        self.sock.sendto(text.encode(), (self.stand.gw_ip, 5060))

    def recv(self, wanted):
        """The next message whose first line matches; others, such as 100, are passed over."""
        while True:
            text = self.sock.recv(65536).decode()
            if re.match(wanted, text):
                return text
            check(text.startswith("SIP/2.0 1"), f"{wanted} expected, not {text.splitlines()[0]}")

    def request(self, method, cseq, call_id, more="", body="", to_tag="", branch=""):
        uri = f"sip:+33241234567@{self.stand.gw_ip}"
        self.send(f"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {self.ip};branch=z9hG4bK{call_id}{branch or cseq}\r\n"
                  f"Max-Forwards: 70\r\nFrom: <sip:+33301112222@{self.ip}>;tag=a\r\nTo: <{uri}>{to_tag}\r\n"
                  f"Call-ID: {call_id}\r\nCSeq: {cseq} {method}\r\nContact: <sip:{self.ip}>\r\n{more}"
                  + ("Content-Type: application/sdp\r\n" if body else "")
                  + f"Content-Length: {len(body)}\r\n\r\n{body}")
        return uri

    def answer(self, request, status, more=""):
        same = "".join(f"{name}: {header(request, name)}\r\n" for name in ("Via", "From", "Call-ID", "CSeq"))
        self.send(f"SIP/2.0 {status}\r\n{same}To: {header(request, 'To')};tag=b\r\n{more}Content-Length: 0\r\n\r\n")


def challenges(text, name="WWW-Authenticate"):
    return {parameter(value, "algorithm"): value for value in re.findall(rf"(?mi)^{name}: *(Digest .*?)\r?$", text)}


def call_with(agent, call_id, algorithm, password=PASSWORD):
    """An INVITE that is asked for credentials, and one that has them; returns the final response to that."""
    sdp = SDP.format(ip=agent.ip)
    agent.request("INVITE", 1, call_id, body=sdp)
    refusal = agent.recv("SIP/2.0 401")
    agent.request("ACK", 1, call_id, to_tag=";tag=" + parameter(";" + header(refusal, "To").replace(";", " "), "tag"))
    asked = challenges(refusal)
    check(set(asked) == set(HASHES), f"challenges: {sorted(asked)}")
    nonce, realm = (parameter(asked[algorithm], name) for name in ("nonce", "realm"))
    uri = f"sip:+33241234567@{agent.stand.gw_ip}"
    value = response(algorithm, realm, nonce, "00000001", "c", "INVITE", uri, password)
    agent.request("INVITE", 2, call_id, body=sdp, more=(
        f'Authorization: Digest username="{USER}", realm="{realm}", nonce="{nonce}", uri="{uri}", '
        f'response="{value}", algorithm={algorithm}, cnonce="c", qop=auth, nc=00000001\r\n'))
    return agent.recv("SIP/2.0 [2-6]")


def digest_server(run):
    """New calls must bring credentials: right ones by each algorithm, and wrong ones."""
    stand = run.stand(Stand)
    stand.gw("configure terminal", "sip", "peer CALLER", f"challenge {USER} {PASSWORD}", "end")
    agent = Agent(stand, stand.uac_ip)
    for algorithm in HASHES:
        answer = call_with(agent, "good-" + algorithm, algorithm)
        check(answer.startswith("SIP/2.0 200"), f"{algorithm}: {answer.splitlines()[0]}")
        tag = re.search(r";tag=[^\r;]*", header(answer, "To")).group()
        agent.request("ACK", 2, "good-" + algorithm, to_tag=tag, branch="ack")
        agent.request("BYE", 3, "good-" + algorithm, to_tag=tag)
        agent.recv("SIP/2.0 200")
        answer = call_with(agent, "bad-" + algorithm, algorithm, "wrong")
        check(answer.startswith("SIP/2.0 401"), f"{algorithm}, wrong password: {answer.splitlines()[0]}")
    stand.gw("configure terminal", "sip", "peer CALLER", "no challenge", "end")
    agent.sock.close()
    stand.wait_idle()
    check(stand.sim_statistics().get("received") == len(HASHES), "a call without credentials has come up")


def digest_client(run):
    """A peer that asks, by each algorithm, by several at once, by 401 and by 407; one that never has enough."""
    stand = run.stand(Stand)
    stand.gw("configure terminal", "sip", "peer PBX", f"credentials {USER} {PASSWORD}", "end")
    agent = Agent(stand, stand.uas_ip)
    for status, name, answer_name in (("401 Unauthorized", "WWW-Authenticate", "Authorization"),
                                      ("407 Proxy Authentication Required", "Proxy-Authenticate",
                                       "Proxy-Authorization")):
        for offered in (["MD5"], ["SHA-256"], ["SHA-512-256"], ["SHA-256", "MD5"]):
            client_call(stand, agent, status, name, answer_name, offered)
    # who refuses what is right is not asked for ever
    stand.sim(f"call {GROUP} hold 0 called=241234567 calling=301112222")
    for _ in range(2):
        invite = agent.recv("INVITE")
        agent.answer(invite, "401 Unauthorized", 'WWW-Authenticate: Digest realm="r", nonce="n", qop="auth"\r\n')
        agent.recv("ACK")
    stand.gw("configure terminal", "sip", "peer PBX", "no credentials", "end")
    agent.sock.close()
    stand.wait_idle()


def client_call(stand, agent, status, name, answer_name, offered):
    stand.sim(f"call {GROUP} hold 0 called=241234567 calling=301112222")
    first = agent.recv("INVITE")
    agent.answer(first, status, "".join(
        f'{name}: Digest realm="far.example", nonce="n0nce{algorithm}", algorithm={algorithm}, qop="auth,auth-int", '
        'opaque="o"\r\n' for algorithm in offered))
    agent.recv("ACK")
    second = agent.recv("INVITE")
    value = header(second, answer_name)
    check(parameter(value, "username") == USER and parameter(value, "opaque") == "o", f"{offered}: {value}")
    check(parameter(value, "algorithm") == offered[0], f"{offered}: {value}")
    wanted = response(offered[0], "far.example", f"n0nce{offered[0]}", parameter(value, "nc"),
                      parameter(value, "cnonce"), "INVITE", parameter(value, "uri"))
    check(parameter(value, "response") == wanted, f"{offered}: {value}, not {wanted}")
    check(header(second, "CSeq") == "2 INVITE" and header(second, "Call-ID") == header(first, "Call-ID"), "RFC 3261 22.2")
    agent.answer(second, "486 Busy Here")
    agent.recv("ACK")


TESTS = {"digest_server": digest_server, "digest_client": digest_client}
