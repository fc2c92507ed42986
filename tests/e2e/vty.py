#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks the VTY of an Osmocom-style program; as a program: vty.py ADDRESS PORT COMMAND…, prints what they answer."""

import re
import socket
import sys
import time

IAC = re.compile(rb"\xff(?:[\xfb-\xfe].|\xfa.*?\xff\xf0|[\xf0-\xfa])", re.S)
PROMPT = re.compile(r"(?:^|\n)[A-Za-z][\w.-]*(?:\([\w-]+\))?[>#] $")


class Vty:
    """One connection, in enable mode."""

    def __init__(self, address, port, timeout=30):
        self.timeout = timeout
        self.sock = socket.create_connection((address, port), timeout)
        self._read()
        self.cmd("enable")

    def _read(self):
        octets, end = b"", time.monotonic() + self.timeout
        while True:
            self.sock.settimeout(max(end - time.monotonic(), 0.01))
            got = self.sock.recv(65536)
            if not got:
                raise ConnectionError("the VTY closed the connection")
            octets += got
            text = IAC.sub(b"", octets).decode("utf-8", "replace").replace("\r", "")
            prompt = PROMPT.search(text)
            if prompt:
                return text[:prompt.start()].strip("\n")

    def cmd(self, *lines):
        """Types the lines; returns what the last one answered."""
        answer = ""
        for line in lines:
            self.sock.sendall(line.encode() + b"\n")
            answer = self._read()
            if answer.startswith(line):
                answer = answer[len(line):].strip("\n")
        return answer

    def close(self):
        self.sock.close()


def main():
    vty = Vty(sys.argv[1], int(sys.argv[2]))
    for line in sys.argv[3:]:
        answer = vty.cmd(line)
        if answer:
            print(answer)


if __name__ == "__main__":
    main()
