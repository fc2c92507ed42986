#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The upper tester of isupgw for isupsim: its operator by VTY, its SIP users by UDP.

upper_tester.py --vty ADDRESS --gw ADDRESS --caller ADDRESS --callee ADDRESS --group NAME --isupsim PROGRAM

What SIP has no words for goes as an ISUP message in the body (SIP-I), encoded by isupsim.
One command a line on stdin, one answer a line on stdout: ok, unsupported, error SENTENCE (src/isupsim_tester.h).
"""

import argparse
import re
import select
import socket
import subprocess
import sys
import time

import vty

SDP = "v=0\r\no=- 1 1 IN IP4 {0}\r\ns=-\r\nc=IN IP4 {0}\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\n"


CLEAR_SDP = SDP.replace("RTP/AVP 8", "RTP/AVP {1}") + "a=rtpmap:{1} CLEARMODE/8000\r\n"
ISUP = ("Content-Type: application/ISUP;version=itu-t92+;base=itu-t92+\r\n"
        "Content-Disposition: signal;handling=optional\r\n")


class Refused(Exception):
    """A command cannot be done now."""


class Message:
    """A SIP message: first line and headers."""

    def __init__(self, text):
        head = text.split("\r\n\r\n", 1)[0].split("\r\n")
        self.text = text
        self.first = head[0]
        self.lines = head[1:]

    def all(self, name):
        return [line for line in self.lines if line.lower().startswith(name.lower() + ":")]

    def get(self, name):
        found = self.all(name)
        return found[0].split(":", 1)[1].strip() if found else ""

    @property
    def method(self):
        return self.get("CSeq").split()[1]


class Call:
    """One call of a user: outgoing (an INVITE of ours) or incoming (one of the gateway's)."""

    def __init__(self, user, outgoing):
        self.user = user
        self.outgoing = outgoing
        self.state = "setup"		# answered, over
        self.invite = None		# Message: incoming; text: outgoing
        self.remote = None		# the To header with tag, the Contact of the far end
        self.target = None
        self.cseq = 1


class Users:
    """The caller and the callee, each with a socket."""

    def __init__(self, options):
        self.gw = (options.gw, 5060)
        self.socks = {}
        self.calls = []
        self.fallback = False		# the callee takes a codec where CLEARMODE is offered, too
        self.count = 0
        self.stamp = f"{time.time():.3f}"
        for name, address in (("caller", options.caller), ("callee", options.callee)):
            sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            sock.bind((address, 5060))
            self.socks[name] = sock

    def address(self, name):
        return self.socks[name].getsockname()[0]

    def send(self, name, lines, body="", isup=""):
        """isup: hex, as a body or one of two"""
        isup = isup and bytes.fromhex(isup).decode("latin-1")
        kind = "Content-Type: application/sdp\r\n" if body else ""
        if isup and body:
            body = (f"--part\r\n{kind}\r\n{body}\r\n--part\r\n{ISUP}\r\n{isup}\r\n--part--\r\n")
            kind = "Content-Type: multipart/mixed;boundary=part\r\n"
        elif isup:
            body, kind = isup, ISUP
        text = "\r\n".join(lines) + "\r\n" + kind + f"Content-Length: {len(body)}\r\n\r\n{body}"
        self.socks[name].sendto(text.encode("latin-1"), self.gw)

    # ---- Calls out ----

    def request(self, call, method, cseq, target, remote, body="", branch=None, isup=""):
        me = self.address(call.user)
        self.send(call.user, [
            f"{method} {target} SIP/2.0", f"Via: SIP/2.0/UDP {me}:5060;branch=z9hG4bK{branch or method}{call.id}",
            f"From: {call.local}", f"To: {remote}", f"Call-ID: {call.id}", f"CSeq: {cseq} {method}",
            "Max-Forwards: 70", f"Contact: <sip:{me}:5060>"], body, isup)

    def within(self, call, method, isup=""):
        """A request in the dialog"""
        call.cseq += 1
        self.request(call, method, call.cseq, call.target, call.remote, branch=f"{method}{call.cseq}", isup=isup)

    def place(self, number, isup="", clear=False):
        call = Call("caller", True)
        self.count += 1
        me = self.address("caller")
        call.id = f"{self.count}-{self.stamp}"
        call.local = f"<sip:+33301112222@{me}>;tag=t{self.count}"
        call.target = call.ruri = f"sip:+33{number}@{self.gw[0]}"
        call.remote = f"<{call.ruri}>"
        call.sdp = (CLEAR_SDP if clear else SDP).format(me, 96)
        self.calls.append(call)
        self.invite(call, isup)
        return call

    def invite(self, call, isup=""):
        self.request(call, "INVITE", call.cseq, call.ruri, call.remote, call.sdp, f"INV{call.cseq}", isup)

    def dial(self, call, digits):
        """A further INVITE with more digits (RFC 3578)"""
        call.cseq += 1
        call.target = call.ruri = call.ruri.replace("@", digits + "@")
        call.remote = f"<{call.ruri}>"
        self.invite(call)

    def got_response(self, call, message):
        status = int(message.first.split()[1])
        if message.method != "INVITE" or status < 200:
            return
        cseq = int(message.get("CSeq").split()[0])
        if status < 300:
            call.remote = message.get("To")
            call.target = re.search(r"<([^>]*)>", message.get("Contact")).group(1)
            self.request(call, "ACK", cseq, call.target, call.remote)
            call.state = "answered"
            return
        self.request(call, "ACK", cseq, call.ruri, message.get("To"), branch=f"INV{cseq}")
        if cseq == call.cseq:
            self.over(call)

    # ---- Calls in ----

    def respond(self, name, request, status, tag="", body="", isup=""):
        lines = [f"SIP/2.0 {status} x"] + request.all("Via") + request.all("Record-Route") + request.all("From")
        to = request.all("To")[0]
        lines += [to if "tag=" in to or not tag else f"{to};tag={tag}"] + request.all("Call-ID") + request.all("CSeq")
        self.send(name, lines + [f"Contact: <sip:{self.address(name)}:5060>"], body, isup)

    def got_request(self, name, message):
        method = message.first.split()[0]
        call = next((c for c in self.calls if c.id == message.get("Call-ID")), None)
        if method == "INVITE" and not call:
            call = Call(name, False)
            call.id = message.get("Call-ID")
            call.invite = message
            call.local = message.get("To") + ";tag=callee"
            call.remote = message.get("From")
            call.target = re.search(r"<([^>]*)>", message.get("Contact")).group(1)
            self.calls.append(call)
            self.respond(name, message, 100)
        elif method in ("BYE", "CANCEL", "OPTIONS", "INFO"):
            self.respond(name, message, 200, "callee")
            if method == "CANCEL" and call and call.state == "setup":
                self.respond(name, call.invite, 487, "callee")
            if call and method in ("BYE", "CANCEL"):
                self.over(call)

    def over(self, call):
        call.state = "over"
        if call in self.calls:
            self.calls.remove(call)

    # ---- The loop ----

    def read(self, sock):
        name = next(n for n, s in self.socks.items() if s is sock)
        text = sock.recv(65536).decode("utf-8", "replace")
        if not text.strip():
            return
        message = Message(text)
        if not message.first.startswith("SIP/2.0"):
            self.got_request(name, message)
            return
        call = next((c for c in self.calls if c.id == message.get("Call-ID")), None)
        if call:
            self.got_response(call, message)

    def poll(self, timeout):
        for sock in select.select(list(self.socks.values()), [], [], timeout)[0]:
            self.read(sock)

    def latest(self, outgoing=None):
        """The latest call; an incoming one may still be on its way."""
        end = time.monotonic() + 9
        while time.monotonic() < end:
            found = [c for c in self.calls if outgoing in (None, c.outgoing)]
            if found:
                return found[-1]
            self.poll(0.02)
        raise Refused("there is no call")

    def answer(self, status, isup=""):
        call = self.latest(False)
        clear = not self.fallback and re.search(r"rtpmap:(\d+) CLEARMODE", call.invite.text)
        sdp = ""
        if status in (183, 200):
            sdp = (CLEAR_SDP if clear else SDP).format(self.address(call.user), clear and clear.group(1))
        self.respond(call.user, call.invite, status, "callee", sdp, isup)
        if status == 200:
            call.state = "answered"

    def release(self, call, answered=lambda: False):
        # the caller's answer may be on its way, also if the gateway has it and is slow
        begin = time.monotonic()
        while call.outgoing and call.state == "setup" and (
                time.monotonic() < begin + 0.3 or (answered() and time.monotonic() < begin + 9)):
            self.poll(0.02)
        if call.state == "answered":
            self.within(call, "BYE")
            self.over(call)
        elif call.outgoing:
            self.request(call, "CANCEL", call.cseq, call.ruri, f"<{call.ruri}>", branch=f"INV{call.cseq}")
            # its 487 is acknowledged when it comes
        elif call.state == "setup":
            self.respond(call.user, call.invite, 486, "callee")
            self.over(call)


class Tester:
    """The commands."""

    def __init__(self, options):
        self.users = Users(options)
        self.vty = vty.Vty(options.vty, 4271)
        self.group = options.group
        self.encoder = subprocess.Popen([options.isupsim, "--encode"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)
        self.undo = frozenset()

    def operator(self, command):
        answer = self.vty.cmd(command)
        if answer.startswith("%"):
            raise Refused(answer)

    def encode(self, text):
        self.encoder.stdin.write(text + "\n")
        self.encoder.stdin.flush()
        line = self.encoder.stdout.readline().strip()
        if not re.fullmatch("[0-9a-f]+", line):
            raise Refused(f"'{text}': {line}")
        return line

    def seize(self, args):
        number, _, rest = args.removeprefix("called=").partition(" ")
        if not args.startswith("called=") or not number.isdigit():
            return "unsupported"
        isup = self.encode(f"IAM {args}") if rest else ""
        self.users.place(number, isup, "tmr=64k " in args)
        return None

    def proceed(self, _):
        self.users.answer(183)

    def alert(self, _):
        self.users.answer(180)

    def progress(self, args):
        if args == "event=alerting":
            return self.alert(args)
        return self.send(f"CPG {args}")

    def answer(self, args):
        if args and not self.users.fallback:
            return "unsupported"
        return self.users.answer(200)

    connect = answer

    # where a message goes in SIP: the status of a response; INFO where there is none
    CARRIERS = {"ACM": 183, "CPG": 183, "ANM": 200, "CON": 200, "SUS": None, "RES": None, "FOT": None, "USR": None}

    def send(self, args):
        name = args.split()[0]
        if name == "SAM":
            self.group_cfg("sip-overlap invite 4")
            self.undo = self.undo | {"no sip-overlap"}
            return self.users.dial(self.users.latest(True), args.removeprefix("SAM subsequent=").rstrip("F"))
        if name not in self.CARRIERS:
            return "unsupported"
        isup = self.encode(args)
        if self.CARRIERS[name]:
            return self.users.answer(self.CARRIERS[name], isup)
        call = self.users.latest()
        end = time.monotonic() + 5
        while call.state == "setup" and time.monotonic() < end:
            self.users.poll(0.02)
        return self.users.within(call, "INFO", isup)

    def suspend(self, _):
        return self.send("SUS suspend_resume=subscriber")

    def resume(self, _):
        return self.send("RES suspend_resume=subscriber")

    def release(self, args):
        if args not in ("", "16"):
            return "unsupported"
        self.users.poll(0.1)  # the BYE of another call may be on its way
        self.users.release(self.users.latest(),
                           lambda: re.search(r"isup > (ANM|CON)", self.vty.cmd("show call ladder last")))
        return None

    def block(self, args):
        self.operator(f"isup block circuit-group {self.group} {args}")

    def unblock(self, args):
        self.operator(f"isup unblock circuit-group {self.group} {args}")

    def check(self, args):
        self.operator(f"isup continuity-check circuit-group {self.group} cic {args}")

    def reset(self, args):
        self.operator(f"isup reset circuit-group {self.group} {args}")

    def ranged(self, what, args):
        first, last, *kind = args.split()
        self.operator(" ".join([f"isup {what} circuit-group {self.group} {first} to {last}", *kind]))

    def block_group(self, args):
        self.ranged("block", args)

    def unblock_group(self, args):
        self.ranged("unblock", args)

    def query_group(self, args):
        self.ranged("query", args)

    def reset_group(self, args):
        self.ranged("reset", args)

    def seize_many(self, args):
        count, _, rest = args.partition(" ")
        for _ in range(int(count)):
            self.seize(rest)

    # what the operator may configure while circuits are in service: the command, and how it was before
    CONFIGURED = {
        "continuity 100": ("continuity-check percent 100", "continuity-check percent 0"),
        "continuity 0": ("continuity-check percent 0", "continuity-check percent 0"),
        "transit": ("compatibility transit", "compatibility end-node"),
        "echo outgoing": ("echo-control outgoing", "echo-control signalled"),
    }

    def configure(self, args):
        if args.startswith("congestion "):
            self.operator("isup congestion-level " + args.split()[1])
            self.undo = self.undo | {"congestion"}
            return None
        if args.startswith("tone "):
            return self.tone(args)
        if args == "fallback":
            self.users.fallback = True
            return None
        if args in ("control none", "control all"):
            self.restart(args)
            self.undo = self.undo | {"control"}
            return None
        if args not in self.CONFIGURED:
            return "unsupported"
        now, before = self.CONFIGURED[args]
        self.group_cfg(now)
        self.undo = self.undo | {before}
        return None

    def tone(self, outcome):
        self.configured(f"continuity-check {outcome}", "media static")

    def group_cfg(self, line):
        self.configured(line, "isup", f"circuit-group {self.group}")

    def configured(self, line, *nodes):
        for command in ("configure terminal", *nodes):
            self.operator(command)
        try:
            self.operator(line)
        finally:
            self.operator("end")

    def restart(self, line):
        """What may be configured only while the group is out of service"""
        for command in ("shutdown", line, "no shutdown"):
            self.group_cfg(command)
        end = time.monotonic() + 5
        while not re.search(r"^\w+: (\d+) circuits: \1 idle", self.vty.cmd("show isup circuits"), re.M):
            if time.monotonic() > end:
                raise Refused("the circuits are not idle again")
            self.users.poll(0.05)

    def unconfigure(self):
        for before in self.undo:
            if before == "control":
                self.restart("control by-point-code")
            elif before == "congestion":
                self.operator("isup congestion-level 0")
            else:
                self.group_cfg(before)
        self.undo = frozenset()
        self.tone("tone heard")

    def clear(self, _):
        self.unconfigure()
        self.users.fallback = False
        for call in list(self.users.calls):
            self.users.release(call)
        self.users.poll(0.05)
        self.users.calls = []
        self.ranged("unblock", "1 31")
        self.ranged("unblock", "1 31 hardware")

    INNER = ("run", "operator", "ranged", "group-cfg", "unconfigure", "encode", "restart", "tone", "configured")

    def run(self, line):
        name, _, args = line.partition(" ")
        command = getattr(self, name.replace("-", "_"), None)
        if name.startswith("_") or name in self.INNER or not callable(command):
            return "unsupported"
        try:
            return command(args.strip()) or "ok"
        except (Refused, OSError) as error:
            return "error " + " ".join(str(error).split())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("vty", "gw", "caller", "callee", "group", "isupsim"):
        parser.add_argument("--" + name, required=True)
    tester = Tester(parser.parse_args())
    pending = b""
    while True:
        ready = select.select([0, *tester.users.socks.values()], [], [])[0]
        for sock in ready:
            if sock != 0:
                tester.users.read(sock)
        if 0 not in ready:
            continue
        octets = sys.stdin.buffer.raw.read(4096)
        if not octets:
            return
        pending += octets
        *lines, pending = pending.split(b"\n")
        for line in lines:
            print(tester.run(line.decode()), flush=True)


if __name__ == "__main__":
    main()
