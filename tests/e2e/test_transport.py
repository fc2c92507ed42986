# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls over TCP and TLS both ways: one connection for all of a neighbour's, certificates checked and changed."""

import asyncio
import os
import re
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import threading

import scenario
from stand import GROUP, Skipped, Stand, check, wait

HERE = os.path.dirname(os.path.abspath(__file__))


def over(text, transport, contact=None):
    """A scenario of UDP as one of this transport, with this address in Contact."""
    text = text.replace("SIP/2.0/UDP", f"SIP/2.0/{transport.upper()}").replace(' retrans="500"', "")
    return re.sub(r"Contact: <sip:\[local_ip\]:\[local_port\]>",
                  f"Contact: <sip:{contact or '[local_ip]:[local_port]'};transport={transport}>", text)


class TcpStand(Stand):
    """The trunks of the stand over TCP."""

    def gw_cfg(self):
        return super().gw_cfg().replace(" listen udp ", " listen tcp ").replace("  remote udp ", "  remote tcp ")


class Relay:
    """SIPp has no TLS: an octet relay between TLS at one side and TCP at the other."""

    def __init__(self, listen, connect, listen_ssl=None, connect_ssl=None, source=None):
        self.listen, self.connect, self.source = listen, connect, source
        self.listen_ssl, self.connect_ssl = listen_ssl, connect_ssl
        self.loop = asyncio.new_event_loop()
        self.loop.set_exception_handler(lambda loop, context: None)
        self.ready = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()
        check(self.ready.wait(10), "the relay listens")

    def _run(self):
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(asyncio.start_server(self._relay, *self.listen, ssl=self.listen_ssl))
        self.ready.set()
        self.loop.run_forever()

    async def _relay(self, reader, writer):
        name = "gw.example" if self.connect_ssl else None
        far_reader, far_writer = await asyncio.open_connection(
            *self.connect, ssl=self.connect_ssl, server_hostname=name, local_addr=self.source and (self.source, 0))
        await asyncio.gather(self._copy(reader, far_writer), self._copy(far_reader, writer))

    @staticmethod
    async def _copy(reader, writer):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.close()

    def end(self):
        self.loop.call_soon_threadsafe(self.loop.stop)


class TlsStand(Stand):
    """The trunks of the stand over TLS, with certificates at both ends."""

    def __init__(self, build, work):
        super().__init__(build, work)
        self.relay_ip = f"{self.net}.8"
        self.certs = self.path("certs")
        if subprocess.run([os.path.join(HERE, "../tls_certificates"), self.certs], check=False).returncode:
            raise Skipped("there is no openssl")
        self.use("gw")

    def use(self, name):
        for suffix in ("pem", "key"):
            shutil.copy(os.path.join(self.certs, f"{name}.{suffix}"), self.path(f"used.{suffix}"))

    def context(self, server, name="peer", trusted="good"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if server else ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(os.path.join(self.certs, f"{trusted}.pem"))
        context.check_hostname = False
        context.verify_mode = ssl.CERT_REQUIRED
        if name:
            context.load_cert_chain(os.path.join(self.certs, f"{name}.pem"), os.path.join(self.certs, f"{name}.key"))
        return context

    def gw_cfg(self):
        cfg = super().gw_cfg()
        cfg = re.sub(r" listen udp .*\n", f""" listen tls {self.gw_ip} 5061
 tls
  certificate {self.path("used.pem")}
  private-key {self.path("used.key")}
  ca-file {self.certs}/good.pem
  verify-client required
""", cfg)
        for address in (self.uac_ip, self.uas_ip):
            remote = self.relay_ip if address == self.uas_ip else address
            cfg = cfg.replace(f"  remote udp {address} 5060\n",
                              f"  remote tls {remote} 5061\n  tls-identity peer.example\n")
        return cfg


class Names:
    """A name server of a few records; what is not among them is not there."""

    A, NAPTR, SRV = 1, 35, 33

    def __init__(self, address, zone):
        self.zone, self.asked = zone, set()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(address)
        threading.Thread(target=self._run, daemon=True).start()

    @staticmethod
    def name(text):
        return b"".join(bytes([len(label)]) + label.encode() for label in text.split(".")) + b"\0"

    @staticmethod
    def naptr(service, target):
        flags_service = b"\1s" + bytes([len(service)]) + service.encode()
        return struct.pack("!HH", 10, 10) + flags_service + b"\0" + Names.name(target)

    @staticmethod
    def srv(port, target):
        return struct.pack("!HHH", 0, 1, port) + Names.name(target)

    def _run(self):
        while True:
            try:
                query, source = self.socket.recvfrom(4096)
            except OSError:
                return
            labels, at = [], 12
            while query[at]:
                labels.append(query[at + 1:at + 1 + query[at]].decode().lower())
                at += 1 + query[at]
            question, kind = query[12:at + 5], struct.unpack_from("!H", query, at + 1)[0]
            self.asked.add((".".join(labels), kind))
            data = self.zone.get((".".join(labels), kind))
            answer = b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 300, len(data)) + data if data else b""
            self.socket.sendto(query[:2] + (b"\x85\x80" if data else b"\x85\x83") +
                               struct.pack("!HHHH", 1, bool(data), 0, 0) + question + answer, source)

    def end(self):
        self.socket.close()


class NamedStand(TlsStand):
    """The called trunk is a domain, found by NAPTR and SRV (RFC 3263), which its certificate must be of (RFC 5922)."""

    def gw_cfg(self):
        cfg = super().gw_cfg().replace(f"  remote tls {self.relay_ip} 5061\n  tls-identity peer.example\n",
                                       "  remote-domain peer.example any\n")
        return cfg.replace(f" listen tls {self.gw_ip} 5061\n",
                           f" listen tls {self.gw_ip} 5061\n dns server {self.relay_ip} port 5300\n"
                           " dns timeout 500\n dns negative-ttl 1\n dns min-ttl 1\n")


class Ipv6Stand(Stand):
    """The trunks of the stand over IPv6: there is but one loopback address of it, so ports tell who is who."""

    def __init__(self, build, work):
        super().__init__(build, work)
        try:
            with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
                probe.bind(("::1", 0))
        except OSError:
            raise Skipped("there is no IPv6 on the loopback interface") from None
        self.port = 20000 + 10 * int(self.net.split(".")[2])

    def gw_cfg(self):
        cfg = re.sub(r" listen udp .*\n", f" listen udp ::1 {self.port}\n", super().gw_cfg())
        cfg = cfg.replace(f"  remote udp {self.uac_ip} 5060\n", f"  remote udp ::1 {self.port + 1}\n")
        return cfg.replace(f"  remote udp {self.uas_ip} 5060\n", f"  remote udp ::1 {self.port + 2}\n")

    @staticmethod
    def bound6(port):
        with open("/proc/net/udp6", encoding="ascii") as lines:
            return any(line.split()[1].endswith(f":{port:04X}") for line in list(lines)[1:])

    def sipp6(self, text, side, calls, arguments):
        """SIPp on [::1]; media stay in IPv4."""
        with open(self.path(f"{side}6.xml"), "w", encoding="ascii") as xml:
            xml.write(text.replace("IN IP4 [local_ip]", "IN IP4 127.0.0.1"))
        return self.run(f"sipp6-{side}", ["sipp", "-sf", f"{side}6.xml", "-i", "::1", "-m", str(calls), "-nostdin",
                                          "-timeout", "90s", "-timeout_error", *arguments])


def connections(stand):
    return int(re.search(r"^(\d+) connections", stand.gw("show sip connections"), re.M).group(1))


def both_ways(run, stand, uac, uas, **options):
    stand.sim("clear statistics")
    callee = stand.sipp(uas, "uas", run.calls, timeout=120, transport="t1")
    caller = stand.sipp(uac, "uac", run.calls, run.rate, timeout=120, transport="t1", **options)
    stand.sim(f"load {GROUP} rate {run.rate} count {run.calls} hold 500 called=201234567 calling=301112222")
    wait(lambda: connections(stand) >= 2, "connections")
    check(connections(stand) <= 3, f"too many connections: {stand.gw('show sip connections')}")
    stand.sipp_done(caller, 130)
    stand.sipp_done(callee, 130)
    stand.wait_idle(20)
    statistics = stand.sim_statistics()
    for what in ("received and answered", "placed and answered"):
        check(statistics.get(what) == run.calls, f"isupsim: {what}: {statistics.get(what)} of {run.calls}")


def calls_over_tcp(run):
    """Calls in both directions at once, over one connection each way."""
    stand = run.stand(TcpStand)
    both_ways(run, stand, over(scenario.uac(), "tcp"), over(scenario.uas(), "tcp"))
    return f"{run.calls} calls each way"


def calls_over_ipv6(run):
    """Calls both ways over IPv6"""
    stand, calls = run.stand(Ipv6Stand), 50
    stand.sim("clear statistics")
    with open(stand.path("numbers6.inf"), "w", encoding="ascii") as numbers:
        numbers.write("SEQUENTIAL\n+33201234567;+33301112222\n")
    callee = stand.sipp6(scenario.uas(), "uas", calls, ["-p", str(stand.port + 2)])
    wait(lambda: stand.bound6(stand.port + 2), "SIPp's socket")
    caller = stand.sipp6(scenario.uac(), "uac", calls, ["-p", str(stand.port + 1), "-inf", "numbers6.inf", "-r", "20",
                                                        f"[::1]:{stand.port}"])
    stand.sim(f"load {GROUP} rate 20 count {calls} hold 300 called=201234567 calling=301112222")
    for process in (caller, callee):
        check(process.wait(100) == 0, f"{process.name}: {process.text()[-400:]}")
    stand.wait_idle(20)
    statistics = stand.sim_statistics()
    for what in ("received and answered", "placed and answered"):
        check(statistics.get(what) == calls, f"isupsim: {what}: {statistics.get(what)} of {calls}")
    return f"{calls} calls each way"


def calls_over_tls(run):
    """The same over TLS, certificates checked at both ends; a new one is taken while calls go on."""
    stand = run.stand(TlsStand)
    near = f"{stand.relay_ip}:5061"
    relays = [Relay((stand.relay_ip, 5060), (stand.gw_ip, 5061), connect_ssl=stand.context(False), source=stand.uac_ip),
              Relay((stand.relay_ip, 5061), (stand.uas_ip, 5060), listen_ssl=stand.context(True))]
    both_ways(run, stand, over(scenario.uac(), "tls"), over(scenario.uas(), "tls", near), target=stand.relay_ip)
    # a call that is up while the certificate changes
    caller = stand.sipp(over(scenario.uac(3000), "tls"), "uac", 1, timeout=60, transport="t1", target=stand.relay_ip)
    wait(lambda: " answered" in stand.sim("show calls"), "the call is up")
    stand.use("dns")
    stand.parts["gw"].popen.send_signal(signal.SIGHUP)
    wait(lambda: "CN=x" in stand.gw("show sip tls"), "the new certificate")
    check(" answered" in stand.sim("show calls"), "the call goes on")
    stand.sipp_done(caller)
    stand.wait_idle()
    for relay in relays:
        relay.end()
    return f"{run.calls} calls each way"


def calls_over_tls_by_name(run):
    """To a domain, and within the dialog to the name in Contact; each proves the name that was looked up, not its host's."""
    stand, calls, asked = run.stand(NamedStand), 20, []
    phone_ip = f"{stand.net}.9"
    names = Names((stand.relay_ip, 5300), {
        ("peer.example", Names.NAPTR): Names.naptr("SIPS+D2T", "_sips._tcp.peer.example"),
        ("_sips._tcp.peer.example", Names.SRV): Names.srv(5061, "edge.peer.example"),
        ("edge.peer.example", Names.A): socket.inet_aton(stand.relay_ip),
        ("_sips._tcp.phone.peer.example", Names.SRV): Names.srv(5071, "host7.peer.example"),
        ("host7.peer.example", Names.A): socket.inet_aton(phone_ip)})
    relays = []
    for address, name in (((stand.relay_ip, 5061), "peer"), ((phone_ip, 5071), "phone")):
        context = stand.context(True, name)
        context.sni_callback = lambda sock, sni, context: asked.append(sni)
        relays.append(Relay(address, (stand.uas_ip, 5060), listen_ssl=context))
    wait(lambda: "edge.peer.example" in str(names.asked), "the domain is looked up")
    callee = stand.sipp(over(scenario.uas(), "tls", "phone.peer.example"), "uas", calls, timeout=60, transport="t1")
    stand.sim(f"load {GROUP} rate 10 count {calls} hold 1000 called=201234567 calling=301112222")
    stand.sipp_done(callee, 90)
    stand.wait_idle(20)
    check(set(asked) == {"peer.example", "phone.peer.example"}, f"names asked for: {asked}")
    for end in [names, *relays]:
        end.end()
    return f"{calls} calls"


def options_over_tls(run):
    """What openssl says of us, and who may not speak with us."""
    stand = run.stand(TlsStand)
    request = (f"OPTIONS sip:gw SIP/2.0\r\nVia: SIP/2.0/TLS {stand.uac_ip};branch=z9hG4bKo\r\nMax-Forwards: 70\r\n"
               "From: <sip:a>;tag=1\r\nTo: <sip:gw>\r\nCall-ID: o\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n")

    def ask(name, version=None):
        context = stand.context(False, name)
        if version:
            context.maximum_version = version
        raw = socket.create_connection((stand.gw_ip, 5061), 5, (stand.uac_ip, 0))
        try:
            with context.wrap_socket(raw) as sock:
                sock.sendall(request.encode())
                return sock.version() + " " + sock.recv(65536).decode()
        except OSError as error:
            return str(error)
    check(ask("peer").startswith("TLSv1.3 SIP/2.0 200"), ask("peer"))
    check(ask("peer", ssl.TLSVersion.TLSv1_2).startswith("TLSv1.2 SIP/2.0 200"), "TLS 1.2")
    for name in (None, "stranger", "expired", "wrong"):
        check("SIP/2.0" not in ask(name), f"certificate {name} is taken")


TESTS = {"calls_over_ipv6": calls_over_ipv6, "calls_over_tcp": calls_over_tcp, "calls_over_tls": calls_over_tls,
         "calls_over_tls_by_name": calls_over_tls_by_name, "options_over_tls": options_over_tls}
