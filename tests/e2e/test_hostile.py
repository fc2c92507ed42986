# SPDX-License-Identifier: GPL-3.0-or-later
"""Octets that nobody in his right mind sends: SIP datagrams and MTP payloads; the next call works."""

import base64
import glob
import json
import os
import random
import socket

import scenario
from stand import GROUP, Stand, check

COUNT = 200
# Circuits that the hostile messages are about; the tests' own calls have hundreds of others
CIRCUITS = range(1, 32)

INVITE = """\
INVITE sip:+332701700@{gw}:5060 SIP/2.0\r
Via: SIP/2.0/UDP {ip}:{port};branch=z9hG4bK{n};rport\r
Max-Forwards: 70\r
From: "Caller" <sip:+33301112222@{ip}:{port}>;tag=f{n}\r
To: <sip:+332701700@{gw}:5060>\r
Call-ID: hostile-{n}@{ip}\r
CSeq: 1 INVITE\r
Contact: <sip:{ip}:{port}>\r
Content-Type: application/sdp\r
Content-Length: {length}\r
\r
{sdp}"""
SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\n"
# Beginnings of messages as Q.763 has them: IAM, ACM, CPG, ANM, REL, RLC, SAM, GRS, GRA, BLO, CGB, COT, UCIC, CFN …
ISUP = ("01006001000a03020907031010325476980a07031013031111222200", "0604040000", "2c010004000000", "0900",
        "0c02000282910000", "1000", "02000403001032", "17010200021f", "290104051f00000000", "13",
        "18000104031fffffffff", "0500", "2e", "2f0200028291", "12", "0d010000", "2a010401022200", "32000100", "30000103031fff", "fe0102030405")
WORDS = (b"0", b"-1", b"99999999999999999999", b"%s%s%n", b"\x00", b"\xff\xfe", b"\r\n", b"\r\n\r\n", b";", b",", b"<",
         b">", b"\"", b"@", b":", b"[::", b"sip:", b"A" * 5000, b" ", b"\t", b"()", b"\\", b"=;=", b"SIP/2.0")


def mutate(octets, rng):
    """Some of: cut, overwrite, insert, repeat."""
    data = bytearray(octets)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(data) + 1)
        kind = rng.randrange(5)
        if kind == 0:
            del data[at:]
        elif kind == 1 and at < len(data):
            data[at] = rng.randrange(256)
        elif kind == 2:
            data[at:at] = rng.choice(WORDS)
        elif kind == 3:
            data[at:at] = data[at:at + rng.randint(1, 200)]
        else:
            del data[at:at + rng.randint(1, 40)]
    return bytes(data)


def vectors():
    """Third-party SIP messages, where they lie beside the checkout or $ISUPGW_VECTORS says."""
    top = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
    folder = os.environ.get("ISUPGW_VECTORS", os.path.join(top, "../shared/vectors"))
    found = []
    for name in sorted(glob.glob(os.path.join(folder, "07-fuzz/**/*"), recursive=True)):
        if name.endswith((".sip", ".bin")):
            with open(name, "rb") as file:
                found.append(file.read())
        elif name.endswith(".jsonl"):
            with open(name, encoding="utf-8") as file:
                found += [raw for raw in map(octets_of, file) if raw]
    return found


def octets_of(line):
    return base64.b64decode(json.loads(line).get("b64", ""))


def next_calls_work(stand):
    check(stand.parts["gw"].running(), f"isupgw has ended: {stand.parts['gw'].text()[-800:]}")
    check(stand.parts["sim"].running(), f"isupsim has ended: {stand.parts['sim'].text()[-800:]}")
    stand.sipp_done(stand.sipp(scenario.uac(100), "uac", 5))
    callee = stand.sipp(scenario.uas(), "uas", 5)
    stand.sim(f"load {GROUP} rate 50 count 5 hold 100 called=201234567 calling=301112222")
    stand.sipp_done(callee)


def set_t1(stand, milliseconds):
    stand.gw("configure terminal", "sip", f"timer T1 {milliseconds}", "end")


def hostile_sip(run):
    """Malformed SIP datagrams, from a peer's address and from a stranger's."""
    stand = run.stand(Stand)
    set_t1(stand, 50)
    rng = random.Random(3261)
    outside = vectors()
    sockets = []
    for address, port in ((stand.uac_ip, 5060), (f"{stand.net}.66", 5099)):
        sockets.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        sockets[-1].bind((address, port))
    for n in range(COUNT):
        address, port = sockets[n % 2].getsockname()
        own = INVITE.format(gw=stand.gw_ip, ip=address, port=port, n=n, length=len(SDP), sdp=SDP).encode()
        sockets[n % 2].sendto(mutate(own, rng)[:65000], (stand.gw_ip, 5060))
    for n, datagram in enumerate(outside):
        for octets in (datagram, mutate(datagram, rng)):
            sockets[n % 2].sendto(octets[:65000], (stand.gw_ip, 5060))
    stand.gw("show calls")
    for sock in sockets:
        sock.close()
    # what was a good INVITE by chance may have been answered and waits for its ACK: 64*T1
    stand.wait_idle(60)
    set_t1(stand, 500)
    next_calls_work(stand)
    stand.wait_idle()
    return f"{COUNT} own, " + (f"{2 * len(outside)} by the vectors" if outside else "no vectors beside the checkout")


def hostile_isup(run):
    """Malformed MTP payloads from the exchange, on idle circuits and on one with a call."""
    stand = run.stand(Stand)
    rng = random.Random(763)
    for n in range(COUNT):
        octets = mutate(bytes.fromhex(ISUP[n % len(ISUP)]), rng)[:250] or b"\x01"
        cic = rng.choice(CIRCUITS)
        stand.sim(f"send-octets {GROUP} {cic} {octets.hex()}")
    next_calls_work(stand)
    for part in ("gw", "sim"):
        stand.vty(part).cmd(f"isup reset circuit-group {GROUP} {CIRCUITS[0]} to {CIRCUITS[-1]}")
    stand.wait_idle(60)
    return f"{COUNT} payloads"


TESTS = {"hostile_sip": hostile_sip, "hostile_isup": hostile_isup}
