# SPDX-License-Identifier: GPL-3.0-or-later
"""A bad network between the gateway and its SIP neighbours: loss, duplicates, delay, order; no call may suffer by it."""

import heapq
import random
import select
import socket
import threading
import time

import scenario
from stand import GROUP, Stand, check, wait

LOSS, DUPLICATES = 0.05, 0.05
DELAY_S, JITTER_S = 0.2, 0.05


class Relay:
    """Carries datagrams between a neighbour and the gateway, badly: what comes in at near goes out from far."""

    def __init__(self, near, far, neighbour, gateway, seed):
        self.routes = {}
        self.random = random.Random(seed)
        self.queue = []
        self.counts = {"carried": 0, "lost": 0, "duplicated": 0}
        near, far = self._socket(near), self._socket(far)
        self.routes = {near: (far, (gateway, 5060)), far: (near, (neighbour, 5060))}
        self.running = True
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    @staticmethod
    def _socket(address):
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        sock.bind((address, 5060))
        return sock

    def _take(self, sock):
        data = sock.recv(65536)
        if self.random.random() < LOSS:
            self.counts["lost"] += 1
            return
        copies = 1 + (self.random.random() < DUPLICATES)
        self.counts["duplicated"] += copies - 1
        self.counts["carried"] += 1
        out, to = self.routes[sock]
        for _ in range(copies):
            due = time.monotonic() + DELAY_S + self.random.uniform(-JITTER_S, JITTER_S)
            heapq.heappush(self.queue, (due, self.random.random(), out.fileno(), out, to, data))

    def _run(self):
        while self.running:
            pause = self.queue[0][0] - time.monotonic() if self.queue else 0.2
            for sock in select.select(list(self.routes), [], [], max(0, min(pause, 0.2)))[0]:
                self._take(sock)
            while self.queue and self.queue[0][0] <= time.monotonic():
                *_, out, to, data = heapq.heappop(self.queue)
                try:
                    out.sendto(data, to)
                except OSError:
                    pass

    def close(self):
        self.running = False
        self.thread.join()
        for sock in self.routes:
            sock.close()


class BadStand(Stand):
    """Both neighbours are behind relays: .11 and .12 face SIPp, .13 and .14 the gateway."""

    def __init__(self, build, work):
        super().__init__(build, work, circuits=((1, 1023),))
        self.to_caller, self.to_callee, self.caller, self.callee = (f"{self.net}.{n}" for n in range(11, 15))
        self.relays = [Relay(self.to_caller, self.caller, self.uac_ip, self.gw_ip, 1),
                       Relay(self.to_callee, self.callee, self.uas_ip, self.gw_ip, 2)]

    def gw_cfg(self):
        return (super().gw_cfg().replace(f"remote udp {self.uac_ip} ", f"remote udp {self.caller} ")
                .replace(f"remote udp {self.uas_ip} ", f"remote udp {self.callee} "))

    def stop(self):
        problems = super().stop()
        for relay in self.relays:
            relay.close()
        return problems


def behind(text, address):
    """The scenario with a Contact that leads through the relay, too."""
    return text.replace("Contact: <sip:[local_ip]:[local_port]>", f"Contact: <sip:{address}:5060>")


def bad_network(run):
    """5 % lost, 5 % twice, 200 ms each way, out of order: every call is answered and ends, none is left."""
    stand = run.stand(BadStand)
    calls, rate = min(run.calls, 1000), 25
    stand.sim("clear statistics")
    callee = stand.sipp(behind(scenario.uas(100), stand.callee), "uas", calls, timeout=300,
                        arguments=["-default_behaviors", "all,-abortunexp,-bye"])
    caller = stand.sipp(behind(scenario.uac(2000), stand.caller), "uac", calls, rate, timeout=300,
                        target=stand.to_caller, arguments=["-default_behaviors", "all,-abortunexp,-bye"])
    stand.sim(f"load {GROUP} rate {rate} count {calls} hold 2000 called=201234567 calling=301112222")
    wait(lambda: not stand.calls_of("sim") and (stand.sim_statistics().get("placed") or 0) == calls and
         (stand.sim_statistics().get("received") or 0) >= calls - 1, "all calls are over at the exchange",
         calls / rate + 60, 1)
    caller.wait(120)
    statistics = stand.sim_statistics()
    for what in ("received", "received and answered", "placed", "placed and answered"):
        check(statistics.get(what) == calls, f"isupsim: {what}: {statistics.get(what)} of {calls}; {statistics}")
    stand.wait_idle(40)
    failed = stand.sipp_failed(caller)
    check(not failed, f"{failed} of {calls} callers were not content, see {caller.base}.err")
    callee.kill()
    counts = {what: sum(relay.counts[what] for relay in stand.relays) for what in stand.relays[0].counts}
    check(counts["lost"] and counts["duplicated"], f"the network was good: {counts}")
    return f"{calls} calls each way; " + ", ".join(f"{n} {what}" for what, n in counts.items())


TESTS = {"bad_network": bad_network}
