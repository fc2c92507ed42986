# SPDX-License-Identifier: GPL-3.0-or-later
"""What is not recognised, through the SIP-I loop (Q.764 2.9.5.2, 2.9.5.3): with 'compatibility transit' it arrives, or
becomes what its instructions say; and many messages at once."""

import re

from stand import GROUP, check, wait
from test_sipi import Loop, crossed, isup_messages, restart_sim2, sent

# Instruction indicators (Q.763 3.33, 3.41), and what comes of such a parameter in FAC: is the message heard, with the
# parameter; the cause of the CFN in return
PARAMETERS = (
    ("80", True, True, None),           # nothing is asked for
    ("0080", True, True, None),         # with broadband/narrowband interworking: pass on
    ("90", True, True, None),           # discard, but transit interpretation
    ("94", True, True, None),           # and notify: the same
    ("81", True, True, None),           # end node interpretation, nothing is asked for
    ("91", True, False, None),          # discard the parameter
    ("95", True, False, 99),            # and notify
    ("89", False, False, None),         # discard the message
    ("8d", False, False, 110),          # and notify
)
# The same of message types that nobody knows
MESSAGES = (("80", True, None), ("0080", True, None), ("88", True, None), ("81", True, None), ("89", False, None),
            ("8d", False, 97))
BURST = 20
RELEASED = 99


def what_is_said():
    """(message, what is heard of it or None, cause of the CFN or None)"""
    for instructions, heard, whole, cause in PARAMETERS:
        text = f"FAC param0xf0=0x0102 parameter_compat=0xf0{instructions}"
        yield text, heard and ("FAC", "f0020102" if whole else ""), cause
    for instructions, heard, cause in MESSAGES:
        octets = f"0138{len(instructions) // 2:02x}{instructions}00"
        yield f"MSG-0xf0 octets=0x{octets}", heard and ("MSG-0xf0", octets), cause
    for i in range(BURST):
        yield f"FAC param0xf1=0x{i:02x}{i:02x}", ("FAC", f"f102{i:02x}{i:02x}"), None


def begin(stand, number):
    """A call that has been answered; its circuit"""
    before = stand.sim_statistics().get("placed and answered", 0)
    stand.sim(f"call {GROUP} hold 0 called={number} calling=301112222")
    wait(lambda: stand.sim_statistics().get("placed and answered", 0) == before + 1, "answer")
    wait(lambda: crossed(stand, "gw", "RES", number), "RES")
    return re.search(r"IAM cic=(\d+)", stand.gw("show call ladder last")).group(1)


def compatibility(run):
    stand = run.stand(Loop)
    stand.far_chunks = [[]]
    restart_sim2(stand)
    capture = stand.capture("sipi_compat")
    cic = begin(stand, "200001234")
    said = list(what_is_said())
    stand.sim(*(f"send {GROUP} {cic} {text}" for text, _, _ in said), f"send {GROUP} {cic} FOT")
    wait(lambda: crossed(stand, "gw2", "FOT", "200001234"), "FOT")
    stand.sim(f"send {GROUP} {cic} FAC param0xf0=0x0102 parameter_compat=0xf083")
    wait(stand.loop_idle, "both calls released by the instruction", step=0.1)
    stand.sim(f"send {GROUP} {cic} FAC param0xf1=0xffff")
    capture.end()
    ends = isup_messages(capture.file)
    heard = [m for m in sent(stand, ends, "sim2", "gw2", "sim2") if m["message"] not in ("IAM", "FOT", "CFN")]
    wanted = [of_it for _, of_it, _ in said if of_it]
    check([m["message"] for m in heard] == [name for name, _ in wanted] + ["REL"],
          f"heard {[m['message'] for m in heard]}")
    for one, (name, octets) in zip(heard, wanted):
        values = [(p["code"], p["octets"].removeprefix("0x")) for p in one.get("parameters", []) if "octets" in p]
        whole = one.get("octets", "") + "".join(f"{code:02x}{len(value) // 2:02x}{value}" for code, value in values)
        check(octets in whole and (octets or "f0020102" not in whole), f"{name} {octets}: heard {one}")
    told = [m for m in sent(stand, ends, "sim", "gw", "sim") if m["message"] in ("CFN", "REL")]
    causes = [p["fields"]["value"]["value"] for m in told for p in m["parameters"] if p["name"] == "cause"]
    check(causes == [cause for _, _, cause in said if cause] + [RELEASED], f"CFN and REL said {causes}")
    return f"{len(said)} messages, {len(wanted)} heard"


class Overlap(Loop):
    """Numbers in parts at all four ends"""
    MODE = "invite"

    def _gw_cfg(self, own, other, number):
        cfg = super()._gw_cfg(own, other, number).replace("  hunt", f"  sip-overlap {self.MODE} 4\n  hunt")
        return cfg.replace("  encapsulated-isup", f"  sip-overlap {self.MODE} 4\n  encapsulated-isup")

    def sim2_cfg(self):
        return super().sim2_cfg() + " answer default\n  after 1500 send ACM bci(called_status=subscriber-free)\n" \
                                    "  after 50 send ANM\n"


def digits_heard(stand, pcap):
    heard = sent(stand, isup_messages(pcap), "sim2", "gw2", "sim2")
    return "".join(p["fields"]["digits"] if "fields" in p else p["digits"] for m in heard
                   for p in m.get("parameters", []) if p["name"] in ("called", "subsequent")), \
        [m["message"] for m in heard]


def overlap(run, kind=Overlap):
    stand = run.stand(kind)
    capture = stand.capture("sipi_overlap")
    stand.sim(f"call {GROUP} hold 0 called=2012 calling=301112222")
    wait(lambda: stand.calls_of("gw2") == 1, "the call at the far gateway")
    cic = re.search(r"IAM cic=(\d+)", stand.gw("show call ladder last")).group(1)
    for part in ("34", "5", "67F"):
        stand.sim(f"send {GROUP} {cic} SAM subsequent={part}")
    wait(lambda: stand.sim_statistics().get("placed and answered", 0) == 1, "answer")
    stand.sim("release all")
    wait(stand.loop_idle, "all idle", step=0.1)
    capture.end()
    digits, names = digits_heard(stand, capture.file)
    check(digits == "201234567F", f"heard {digits} in {names}")
    return " ".join(names)


class OverlapInfo(Overlap):
    MODE = "info"


def overlap_info(run):
    return overlap(run, OverlapInfo)


TESTS = {"sipi_compatibility": compatibility, "sipi_overlap": overlap, "sipi_overlap_info": overlap_info}
