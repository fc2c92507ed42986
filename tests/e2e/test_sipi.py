# SPDX-License-Identifier: GPL-3.0-or-later
"""ISUP to SIP-I to ISUP: two exchanges, two gateways with profile C between them; what one exchange says the other
hears, octet for octet but for what is of one circuit or one signalling relation."""

import json
import os
import re
import subprocess

import decode
from stand import GROUP, Stand, check, wait

# Of an exchange to the next (Q.763 3.4, 3.8, 3.17): not passed on
PRIVATE = {"acl", "call_reference", "connection_request"}
# Of one circuit, or one less at each exchange: made anew in an IAM
CHANGED = {"nci", "hop_counter"}
# In the call already; counted down; of calls that are ported
OF_THEIR_OWN = {"called", "calling", "hop_counter", "network_routing"}
BYTES_MAX = 150
# A line of the configuration is cut at 512
TEXT_MAX = 400
# What the caller says in the answered call, in this order; the last one is waited for. {} are the call's parameters.
# MSG-0xf0: of a type that nobody knows, to be passed on (Q.764 2.9.5.2).
FORWARD = ("FAC {}", "USR uui=0x0402", "PRI {}", "NRM", "LOP", "INF", "IRS", "PAM octets=0x020001000215", "APM",
           "CRG octets=0x0102", "MSG-0xf0 octets=0x0138018000", "CPG event=progress", "FAC", "FAC", "FOT")
# What the called side says from the answer on, 60 ms apart
BACKWARD = ("CPG event=progress {}", "ANM {}", "CPG event=progress {}", "FAC {}", "USR uui=0x0401", "APM {}",
            "CRG octets=0x010203", "SUS suspend_resume=network", "RES suspend_resume=network")
# Messages of the dialect that are not in the loop, and why
NOT_IN_LOOP = {
    "ends with the circuit": "RLC CCR RSC BLO UBL BLA UBA GRS CGB CGU CGBA CGUA CMR CMC CMRJ LPA DRS GRA CQM CQR UCIC "
                             "CFN OLM UPT UPA COT CRA CRM CVR CVT EXM",
    "questions that the far exchange answers by itself": "INR IDR FAR",
    "answers to those": "FAA FRJ",
    "digits of a call that is answered": "SAM",
    "CON, where ACM has gone before": "CON",
    "a segment, which the circuit makes": "SGM",
    "not of Q.763": "SDM",
}


class Loop(Stand):
    """sim (0.0.2) and gw (0.0.1), gw2 (0.0.3) and sim2 (0.0.4)"""

    # Of the two groups: a name, or a file
    NEAR = FAR = "itu"

    def __init__(self, build, work):
        super().__init__(build, work, circuits=((1, 31),))
        self.names = {}
        self.gw2_ip, self.sim2_ip = f"{self.net}.6", f"{self.net}.7"
        # What sim says of parameters in each call, and what sim2 does
        self.chunks, self.far_chunks = [], []

    PARTS = (("gw", 1), ("sim", 2), ("gw2", 3), ("sim2", 4))

    def start_all(self):
        for part in ("stp", "sim", "sim2", "gw", "gw2"):
            self.start(part)
        wait(self.loop_idle, "all circuits idle", 30, 0.2)

    def loop_idle(self):
        return all(self.circuits_of(part)[1] == 31 and not self.calls_of(part) for part, _ in self.PARTS)

    def stp_cfg(self):
        cfg = super().stp_cfg().split(" asp asp-gw")[0]
        for part, number in self.PARTS:
            cfg += f" asp asp-{part} 5001 2905 m3ua\n  remote-ip {getattr(self, part + '_ip')}\n" \
                   f"  local-ip {self.stp_ip}\n  role sg\n  sctp-role server\n"
        for part, number in self.PARTS:
            cfg += f" as as-{part} m3ua\n  asp asp-{part}\n  routing-key {number} 0.0.{number}\n"
        cfg += " route-table system\n"
        for part, number in self.PARTS:
            cfg += f"  update route 0.0.{number} 7.255.7 linkset as-{part}\n"
        return cfg + f" listen m3ua 2905\n  local-ip {self.stp_ip}\n"

    def dialect_of(self, part):
        return self.FAR if part in ("gw2", "sim2") else self.NEAR

    def known(self, what, part="sim"):
        """Names of its dialect's messages or parameters, and their codes"""
        key = (what, self.dialect_of(part))
        if key not in self.names:
            gateway = self.vty("gw2" if part == "sim2" else "gw")
            text = gateway.cmd(f"show isup {what} dialect {dialect_name(key[1])}")
            self.names[key] = {word: int(code, 16) for code, word in re.findall(r"^(0x\w\w) +(\w+) ", text, re.M)}
        return self.names[key]

    def said(self, lines, part="sim"):
        """Those whose message the dialect has, or nobody"""
        return [line for line in lines
                if line.split()[0].startswith("MSG-") or line.split()[0] in self.known("message", part)]

    @staticmethod
    def _of_dialect(cfg, dialect):
        name = dialect_name(dialect)
        if name != dialect:
            cfg = cfg.replace("isup\n", f"isup\n dialect {name} file {dialect}\n", 1)
        return cfg.replace("  cs7-instance 0\n", f"  cs7-instance 0\n  dialect {name}\n") if name != "itu" else cfg

    def _of_loop(self, cfg, number, pair):
        """The same for another point code, its partner and their dialect"""
        cfg = self._of_dialect(cfg, self.dialect_of({n: part for part, n in self.PARTS}[number]))
        far = {1: 2, 2: 1, 3: 4, 4: 3}[number]
        cfg = cfg.replace(f"point-code 0.0.{pair}", f"point-code 0.0.{number}")
        cfg = cfg.replace(f"routing-key {pair} 0.0.{pair}", f"routing-key {number} 0.0.{number}")
        return cfg.replace(f"  destination 0.0.{2 if pair == 1 else 1}\n",
                           f"  destination 0.0.{far}\n  compatibility transit\n")

    def _gw_cfg(self, own, other, number):
        return self._of_loop(self._common_cfg(own, 1, "notice"), number, 1) + f"""\
sip
 listen udp {own} 5060
 listen tcp {own} 5060
 peer NET
  remote udp {other} 5060
  trusted
  mapping profile q1912-c
  encapsulated-isup required
media static
 address {own}
 base-port 16384
 codec pcma
gateway
 country-code 33
 national-prefix 0
 international-prefix 00
 ladder-memory 4
 route any from peer NET to circuit-group {GROUP} priority 0
 route any from circuit-group {GROUP} to peer NET priority 0
"""

    def gw_cfg(self):
        return self._gw_cfg(self.gw_ip, self.gw2_ip, 1)

    def gw2_cfg(self):
        return self._gw_cfg(self.gw2_ip, self.gw_ip, 3)

    def sim_cfg(self):
        return self._of_loop(super().sim_cfg(), 2, 2)

    def sim2_cfg(self):
        cfg = self._of_loop(self._common_cfg(self.sim2_ip, 2, "notice"), 4, 2) + "simulator\n"
        for i, chunk in enumerate(self.far_chunks):
            cfg += f" answer prefix 20{i:03}\n  after 0 send ACM bci(called_status=subscriber-free) {' '.join(chunk)}\n"
            for message in self.said(BACKWARD, "sim2"):
                cfg += f"  after 60 send {message.format(' '.join(chunk))}\n"
        return cfg


def dialect_name(dialect):
    """Of a name, or a file"""
    return os.path.basename(dialect).removeprefix("isup-").removesuffix(".xml")


def codec(build, dialect, way, lines):
    done = subprocess.run([os.path.join(build, "src/isupsim"), way, "--dialect", dialect], input="\n".join(lines) + "\n",
                          capture_output=True, text=True, check=False)
    return done.stdout.splitlines()


def encodes(stand, part, text):
    line = codec(stand.build, stand.dialect_of(part), "--encode", [text])[0]
    return None if line.startswith("{") else line


def decoded(stand, part, octets):
    """Each a dict of parameters by name, in their order"""
    return [json.loads(line) for line in codec(stand.build, stand.dialect_of(part), "--decode", octets)]


def parameters(stand, part="sim"):
    """All parameters of the dialect in their usual form, and one that nobody knows, packed into messages"""
    known = stand.known("parameter", part)
    check(len(known) > 60, f"only {len(known)} parameters are listed")
    unknown = max(code for code in range(0x90, 0xf1) if code not in known.values())
    chunks, size = [[f"param0x{unknown:02x}=0x0102"]], 4
    for name in known:
        if name in OF_THEIR_OWN:
            continue
        for text in (f"{name}(digits=123)", f"{name}()", f"{name}=0x0102", f"{name}=0x01020304"):
            octets = encodes(stand, part, f"ANM {text}")
            if octets:
                break
        if not octets:
            continue
        if size + len(octets) // 2 > BYTES_MAX or len(" ".join(chunks[-1])) > TEXT_MAX:
            chunks.append([])
            size = 0
        chunks[-1].append(text)
        size += len(octets) // 2
    return chunks


def isup_messages(pcap):
    """(OPC, DPC, hex from the message type on) of each ISUP message towards the STP, in order; a TCP segment may have
    several, and what tshark does not take apart it gives as octets, one for each"""
    found = []
    lines = decode.tshark(pcap, "--disable-protocol", "isup",
                          "-Y", "m3ua.protocol_data_opc && (tcp.dstport == 2905 || sctp.dstport == 2905)",
                          "-T", "fields", "-e", "m3ua.protocol_data_opc", "-e", "m3ua.protocol_data_dpc",
                          "-e", "data.data")
    for line in lines.splitlines():
        opcs, dpcs, octets = (field.split(",") for field in line.split("\t"))
        check(len(opcs) == len(dpcs) == len(octets), f"tshark: {line}")
        found += [(int(opc), int(dpc), text[4:]) for opc, dpc, text in zip(opcs, dpcs, octets)]
    return found


def compare(kind, said, heard):
    """How one message differs at both ends"""
    passed = [p for p in said["parameters"] if p.get("name") not in PRIVATE]
    if kind == "IAM":
        passed = [p for p in passed if p.get("name") not in CHANGED]
        heard = {**heard, "parameters": [p for p in heard["parameters"] if p.get("name") not in CHANGED]}
    if not passed and said.get("octets") != heard.get("octets"):
        return [f"{kind}: said {said.get('octets')}, heard {heard.get('octets')}"]
    return [f"{kind}: said, not heard: {p}" for p in passed if p not in heard["parameters"]] + \
           [f"{kind}: heard, not said: {p}" for p in heard["parameters"] if p not in passed]


def check_complete(stand, seen):
    """Is every message of the dialect in the loop, or left out for a reason?"""
    names = set(stand.known("message"))
    check(len(names) > 35, f"only {len(names)} messages are listed")
    left_out = {name for reason in NOT_IN_LOOP.values() for name in reason.split()}
    check(names == (seen | left_out) & names, f"neither in the loop nor left out: {names - seen - left_out}")


def crossed(stand, part, message, called):
    """Has the latest call of this gateway, to this number, had this message?"""
    ladder = stand.vty(part).cmd("show call ladder last")
    return called in ladder and re.search(rf" {message} ", ladder)


def restart_sim2(stand):
    """With the answers that the chunks make"""
    stand.parts["sim2"].end()
    stand.start("sim2")
    wait(stand.loop_idle, "all circuits idle", 30, 0.1)


def one_call(stand, number, words, forward):
    """To a prefix of sim2 that says BACKWARD; forward is said in the call when it has said all, the last one is FOT."""
    before = stand.sim_statistics().get("placed and answered", 0)
    stand.sim(f"call {GROUP} hold 0 called={number} calling=301112222 {words}")
    wait(lambda: stand.sim_statistics().get("placed and answered", 0) == before + 1, f"answer with {words}")
    wait(lambda: crossed(stand, "gw", "RES", number), "RES")
    cic = re.search(r"IAM cic=(\d+)", stand.gw("show call ladder last")).group(1)
    for message in forward:
        stand.sim(f"send {GROUP} {cic} {message.format(words)}")
    wait(lambda: crossed(stand, "gw2", "FOT", number), "FOT")
    stand.sim("release all")
    wait(stand.loop_idle, "all idle", step=0.1)


def sent(stand, ends, part, sender, receiver):
    """All messages but RLC, in the dialect of a part"""
    numbers = dict(stand.PARTS)
    messages = decoded(stand, part, [octets for opc, dpc, octets in ends
                                     if (opc, dpc) == (numbers[sender], numbers[receiver])])
    return [message for message in messages if message["message"] != "RLC"]


def said_and_heard(stand, pcap):
    """What sim said and what sim2 heard, then the other way"""
    ends = isup_messages(pcap)
    yield sent(stand, ends, "sim", "sim", "gw"), sent(stand, ends, "sim2", "gw2", "sim2")
    yield sent(stand, ends, "sim2", "sim2", "gw2"), sent(stand, ends, "sim", "gw", "sim")


def both_ends(stand, pcap):
    """(what one exchange said, what the other heard) of each message"""
    for said, heard in said_and_heard(stand, pcap):
        check([m["message"] for m in said] == [m["message"] for m in heard],
              f"said {[m['message'] for m in said]}, heard {[m['message'] for m in heard]}")
        yield from zip(said, heard)


def all_calls(stand, name):
    """With all parameters of both dialects, recorded; what each side has said"""
    stand.chunks, stand.far_chunks = parameters(stand), parameters(stand, "sim2")
    calls = max(len(stand.chunks), len(stand.far_chunks))
    for chunks in (stand.chunks, stand.far_chunks):
        chunks += [[]] * (calls - len(chunks))
    restart_sim2(stand)
    capture = stand.capture(name)
    forward, backward = stand.said(FORWARD), stand.said(BACKWARD, "sim2")
    for i, chunk in enumerate(stand.chunks):
        one_call(stand, f"20{i:03}1234", " ".join(chunk), forward)
    capture.end()
    broken = decode.malformed(capture.file, " && sip && !isup")
    check(not broken, f"malformed: {broken[:3]}")
    return capture, forward, backward


def play(stand, name):
    """Each parameter of the dialect in IAM, ACM, CPG, ANM, FAC, APM, REL and messages of their own, both ways"""
    capture, forward, backward = all_calls(stand, name)
    pairs = list(both_ends(stand, capture.file))
    problems = [problem for said, heard in pairs for problem in compare(said["message"], said, heard)]
    check(not problems, "\n".join(problems))
    check_complete(stand, {said["message"] for said, _ in pairs} | {"RLC"})
    expected = (len(forward) + len(backward) + 3) * len(stand.chunks)
    check(len(pairs) == expected, f"{len(pairs)} messages, not {expected}")
    return f"{len(stand.chunks)} calls, {len(pairs)} messages, {sum(len(c) for c in stand.chunks)} parameters"


def loop(run):
    return play(run.stand(Loop), "sipi")


TESTS = {"sipi_loop": loop}
