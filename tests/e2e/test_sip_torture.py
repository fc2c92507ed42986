# SPDX-License-Identifier: GPL-3.0-or-later
"""The torture messages of RFC 4475 and RFC 5118 over TCP and TLS, and fuzz corpora over UDP and TCP, where they lie
beside the checkout; each is answered as its manifest says, and the next calls work."""

import csv
import hashlib
import os
import re
import socket
import time

import scenario
from stand import PATIENCE_S, Skipped, Stand, check
from test_hostile import next_calls_work, set_t1, vectors
from test_transport import Relay, TcpStand, TlsStand, over

FOLDER = os.environ.get("ISUPGW_VECTORS",
                        os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../shared/vectors"))


def torture():
    """(name, octets, what is expected, what is accepted) of each message"""
    top = os.path.join(FOLDER, "01-sip-torture")
    if not os.path.isdir(top):
        raise Skipped(f"no vectors in {top}")
    with open(os.path.join(top, "manifest.csv"), encoding="utf-8") as file:
        for row in csv.DictReader(file):
            # the same message, and transaction, is there once more, with its right length
            if os.path.exists(os.path.join(top, row["file"].replace("/wire/", "/wire_fixed_cl/"))) \
                    and "/wire/" in row["file"]:
                continue
            with open(os.path.join(top, row["file"]), "rb") as octets:
                yield (row["file"], octets.read(), row["expected_response_as_endpoint"], row["also_acceptable"],
                       row["content_length_hdr"] == row["body_octets"])


def is_expected(status, words):
    """status: '200'; '': there was no answer"""
    if words.startswith(("no response", "drop")):
        return not status
    if words.startswith(("any non-parse", "liberal")):
        return status not in ("", "400", "505")
    return bool(status) and status in words


class Stream:
    """Messages over one connection; the connection is known to be in step by an OPTIONS of ours after each."""

    def __init__(self, connect):
        self.connect = connect
        self.sock = None
        self.count = 0
        self.left = b""

    def _next(self):
        """The next response, or None at the end of the connection"""
        while True:
            head, end, rest = self.left.partition(b"\r\n\r\n")
            if end:
                length = re.search(rb"(?i)\r\n(?:content-length|l) *: *(\d+)", head)
                length = int(length.group(1)) if length else 0
                if len(rest) >= length:
                    self.left = rest[length:]
                    return head.decode("utf-8", "replace")
            try:
                got = self.sock.recv(65536)
            except OSError:
                got = b""
            if not got:
                return None
            self.left += got

    def close(self):
        if self.sock:
            self.sock.close()
        self.sock = None

    def ask(self, octets, patience):
        """The status that this message is answered with, '' for none; and whether the connection is still good."""
        if not self.sock:
            self.sock, self.left = self.connect(), b""
        self.sock.settimeout(patience)
        self.count += 1
        ours = f"in-step-{self.count}"
        probe = (f"OPTIONS sip:gw SIP/2.0\r\nVia: SIP/2.0/TCP a.example;branch=z9hG4bK{ours}\r\nMax-Forwards: 70\r\n"
                 f"From: <sip:a>;tag=1\r\nTo: <sip:gw>\r\nCall-ID: {ours}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n")
        status = seen = ""
        try:
            self.sock.sendall(octets + probe.encode())
        except OSError:
            pass
        while True:
            head = self._next()
            if head is None:
                self.close()
                return status or seen, False
            if ours in head:
                return status or seen, True
            if head.startswith("SIP/2.0 1"):
                seen = head[8:11]
            else:
                status = status or head[8:11]


def judge(stand, connect):
    stream = Stream(connect)
    wrong, count = [], 0
    for name, octets, expected, also, whole in torture():
        status, good = stream.ask(octets, PATIENCE_S if whole else 1)
        count += 1
        if not whole:
            stream.close()
        # what says another length than it has is out of step, and ends the connection (RFC 3261 18.3, 7.5)
        if whole and not (is_expected(status, expected) or is_expected(status, also)):
            wrong.append(f"{name}: {status or 'nothing'}, expected: {expected}; also: {also}")
        if whole and not good and not re.search("close|drop|400", expected + also):
            wrong.append(f"{name}: the connection was closed")
    check(count > 30, f"only {count} messages")
    check(not wrong, "\n".join(wrong))
    check(stand.parts["gw"].running(), f"isupgw has ended: {stand.parts['gw'].text()[-800:]}")
    return f"{count} messages"


def hasty(cfg):
    """What was a good INVITE and gets no ACK is given up soon: 64*T1."""
    return cfg.replace("sip\n", "sip\n timer T1 50\n", 1)


class HastyTcp(TcpStand):
    def gw_cfg(self):
        return hasty(super().gw_cfg())


class HastyTls(TlsStand):
    def gw_cfg(self):
        return hasty(super().gw_cfg())


def torture_tcp(run):
    stand = run.stand(HastyTcp)
    note = judge(stand, lambda: socket.create_connection((stand.gw_ip, 5060), 5, (stand.uac_ip, 0)))
    set_t1(stand, 500)
    stand.sipp_done(stand.sipp(over(scenario.uac(100), "tcp"), "uac", 5, transport="t1"))
    stand.wait_idle(60)
    return note


def torture_tls(run):
    stand = run.stand(HastyTls)
    context = stand.context(False)
    note = judge(stand, lambda: context.wrap_socket(socket.create_connection((stand.gw_ip, 5061), 5, (stand.uac_ip, 0))))
    set_t1(stand, 500)
    relay = Relay((stand.relay_ip, 5060), (stand.gw_ip, 5061), connect_ssl=context, source=stand.uac_ip)
    stand.sipp_done(stand.sipp(over(scenario.uac(100), "tls"), "uac", 5, transport="t1", target=stand.relay_ip))
    relay.end()
    stand.wait_idle(60)
    return note


class Both(Stand):
    def gw_cfg(self):
        return hasty(super().gw_cfg().replace("sip\n", f"sip\n listen tcp {self.gw_ip} 5060\n", 1))


def corpora():
    """SIP messages of all kinds, and header values, URIs and descriptions, each in a message"""
    found = vectors()
    for folder, _, names in os.walk(os.path.join(FOLDER, "07-fuzz")):
        for name in names:
            path = os.path.join(folder, name)
            if name.endswith((".csv", ".md", ".pcap", ".jsonl", ".sip", ".bin", ".dict")):
                continue
            with open(path, "rb") as file:
                text = file.read()
            found += [within(name, value) for value in (text.splitlines() if name.endswith(".txt") else [text])]
    return found


def within(name, value):
    """What is no message, where it belongs in one"""
    lines = {"pai.txt": b"P-Asserted-Identity: " + value, "refer-to.txt": b"Refer-To: " + value,
             "via.txt": b"Via: " + value}
    cseq = value if name == "cseq.txt" else b"1 INVITE"
    start = value if name == "request-line.txt" else b"INVITE sip:+33201234567@gw SIP/2.0"
    if not name.endswith((".txt", ".sdp")):
        start = b"INVITE " + value.strip() + b" SIP/2.0"
    body = value if name.endswith(".sdp") else b""
    own = hashlib.sha1(value).hexdigest().encode()
    more = lines.get(name, b"X: y") + (b"\r\nContent-Type: application/sdp" if body else b"")
    return (start + b"\r\nVia: SIP/2.0/UDP a.example;branch=z9hG4bK" + own +
            b"\r\nMax-Forwards: 70\r\nFrom: <sip:+33301112222@a>;tag=1\r\nTo: <sip:+33201234567@gw>\r\nCall-ID: " +
            own + b"\r\nCSeq: " + cseq + b"\r\nContact: <sip:a@127.0.0.1:9>\r\n" + more +
            b"\r\nContent-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body)


def fuzz_corpora(run):
    """All of them over UDP, and over TCP, each on a connection of its own; in bounded time."""
    messages = corpora()
    if not messages:
        raise Skipped(f"no vectors in {FOLDER}")
    stand = run.stand(Both)
    begin = time.monotonic()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((stand.uac_ip, 5060))
        for number, octets in enumerate(messages):
            sock.sendto(octets[:65000], (stand.gw_ip, 5060))
            if number % 50 == 49:
                stand.gw("show gateway")
    stand.gw("show calls")
    for octets in messages:
        with socket.create_connection((stand.gw_ip, 5060), 5, (stand.uac_ip, 0)) as sock:
            sock.sendall(octets)
    stand.gw("show calls")
    check(stand.parts["gw"].running(), f"isupgw has ended: {stand.parts['gw'].text()[-800:]}")
    seconds = time.monotonic() - begin
    check(seconds < 120, f"{len(messages)} messages took {seconds:.0f} s")
    stand.wait_idle(60)
    set_t1(stand, 500)
    next_calls_work(stand)
    stand.wait_idle()
    return f"{len(messages)} messages over UDP and TCP"


def oversize(run):
    """What is larger than we take: 513 or 413 where it can still be answered, and the connection may go (RFC 3261
    21.4.11, 21.5.7); a peer that says it will send more than that is shut. The next calls work."""
    stand = run.stand(Both)
    start = (f"INVITE sip:+33201234567@{stand.gw_ip} SIP/2.0\r\nVia: SIP/2.0/TCP {stand.uac_ip};branch=z9hG4bKlarge\r\n"
             f"Max-Forwards: 70\r\nFrom: <sip:a@{stand.uac_ip}>;tag=1\r\nTo: <sip:b@{stand.gw_ip}>\r\n"
             f"Call-ID: large\r\nCSeq: 1 INVITE\r\nContact: <sip:{stand.uac_ip}>\r\n")
    for text in (start + "X: " + "y" * 70000 + "\r\nContent-Length: 0\r\n\r\n",
                 start + "Content-Type: application/sdp\r\nContent-Length: 70000\r\n\r\n" + "v" * 70000,
                 start + "Content-Length: 4000000000\r\n\r\n", start + "Content-Length: 99999999999999999999\r\n\r\n"):
        with socket.create_connection((stand.gw_ip, 5060), 5, (stand.uac_ip, 0)) as sock:
            sock.settimeout(PATIENCE_S)
            try:
                sock.sendall(text.encode())
                answer = sock.recv(65536).decode()
            except (ConnectionResetError, BrokenPipeError):
                answer = ""
            check(re.match("SIP/2.0 (513|413|400)|$", answer), f"{text[-40:]!r}: {answer[:40]}")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((stand.uac_ip, 5060))
        sock.settimeout(PATIENCE_S)
        sock.sendto((start.replace("TCP", "UDP") + "X: " + "y" * 64000 + "\r\n\r\n").encode(), (stand.gw_ip, 5060))
        answer = sock.recv(65536).decode()
        check(answer.startswith("SIP/2.0 4") or answer.startswith("SIP/2.0 5"), answer[:40])
    next_calls_work(stand)
    stand.wait_idle()


TESTS = {"oversize": oversize, "torture_tcp": torture_tcp, "torture_tls": torture_tls, "fuzz_corpora": fuzz_corpora}
