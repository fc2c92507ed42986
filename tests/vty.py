# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs one of the programs with a configuration on free ports, and talks to its VTY."""
import os
import re
import signal
import socket
import subprocess
import time


PORTS = range(10000, 20000)     # where no connection of anybody's begins
taken = {}


def free_port():
    """A port that nobody has, of UDP or TCP, and that no other test takes while this process is there: by a name in the
    abstract namespace."""
    first = os.getpid() * 13 % len(PORTS)
    for port in (*PORTS[first:], *PORTS[:first]):
        lock = socket.socket(socket.AF_UNIX)
        try:
            lock.bind('\0isupgw-test-port-%d' % port)
            for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
                with socket.socket(socket.AF_INET, kind) as probe:
                    probe.bind(('127.0.0.1', port))
        except OSError:
            lock.close()
            continue
        taken[port] = lock
        return port
    raise SystemExit('no port of %s is free' % PORTS)


def place_ports(text, ports=None):
    """Replaces each @NAME@ by a free port, the same for the same name."""
    ports = {} if ports is None else ports

    def port(match):
        return str(ports.setdefault(match.group(1), free_port()))
    return re.sub(r'@([A-Z0-9]+)@', port, text)


def move_ports(text):
    """Listening sockets go to free ports, so that tests run beside each other and beside a daemon."""
    return re.sub(r'(?m)^( listen (?:udp|tcp|tls) \S+) \d+$', lambda m: '%s %s' % (m.group(1), place_ports('@P@')), text)


class Program:
    """A running program; its configuration is CONFIG with a VTY port of its own."""

    def __init__(self, path, config, directory, quiet=False):
        self.name = os.path.basename(path)
        self.port = free_port()
        self.config = os.path.join(directory, self.name + '.cfg')
        with open(self.config, 'w') as f:
            f.write('%s\nline vty\n no login\n bind 127.0.0.1 %d\n' % (config, self.port))
        self.process = subprocess.Popen([os.path.abspath(path), '-c', self.config], cwd=directory,
                                        stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL if quiet else None)

    def vty(self):
        while True:
            try:
                return Vty(self.name, self.port)
            except ConnectionRefusedError:
                if self.process.poll() is not None:
                    raise SystemExit('%s ended at start with %d' % (self.name, self.process.returncode))
                time.sleep(0.02)

    def stop(self):
        """SIGTERM; returns the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


class Vty:
    """One connection; prompts are NAME, an optional (node), and one of > and #."""

    def __init__(self, name, port):
        self.socket = socket.create_connection(('127.0.0.1', port))
        self.socket.settimeout(60)
        self.prompt = re.compile(r'(?:^|\n)(%s(?:\([\w.-]+\))?[>#] )$' % re.escape(name))
        self.last_prompt = ''
        self.read()

    def read(self):
        """What comes until the next prompt, without it."""
        data = b''
        while True:
            # telnet negotiations are three octets
            text = re.sub(rb'\xff[\xfb-\xfe].', b'', data).decode().replace('\r', '')
            match = self.prompt.search(text)
            if match:
                self.last_prompt = match.group(1)
                return text[:match.start()]
            got = self.socket.recv(65536)
            if not got:
                raise ConnectionError('the VTY closed the connection')
            data += got

    def command(self, text):
        """Returns the lines that a command prints."""
        self.socket.sendall(text.encode() + b'\n')
        # the first line is the echo of the command
        return self.read().split('\n')[1:]
