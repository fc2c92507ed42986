# SPDX-License-Identifier: GPL-3.0-or-later
"""The SIP-I loop in other dialects than ITU-T's: ANSI's, ETSI's, a national one from a file; and one that changes on the
way."""

import os
import re

import decode
from stand import check
from test_sipi import CHANGED, PRIVATE, Loop, all_calls, play, said_and_heard


class Ansi(Loop):
    NEAR = FAR = "ansi"


class Etsi(Loop):
    NEAR = FAR = "etsi"


class Uk(Loop):
    NEAR = FAR = os.path.join(decode.TOP, "doc/examples/isup-uk.xml")


class Mixed(Loop):
    """ITU-T's on one side, ANSI's on the other, and ITU-T's messages in between"""
    FAR = "ansi"

    def gw2_cfg(self):
        return super().gw2_cfg().replace("  encapsulated-isup required\n", "  encapsulated-isup required\n"
                                         "  encapsulated-isup version itu-t92+\n")


def ansi(run):
    return play(run.stand(Ansi), "sipi_ansi")


def etsi(run):
    return play(run.stand(Etsi), "sipi_etsi")


def uk(run):
    return play(run.stand(Uk), "sipi_uk")


def word(value):
    return value if isinstance(value, str) else value.get("word", value["value"])


def unlike(said, heard):
    """Has it lost something? Fields that only one side has must say nothing."""
    if said == heard or not heard:
        return not heard
    ours, theirs = said.get("fields"), heard.get("fields")
    if not ours or not theirs:
        return True
    return any(word(theirs[name]) != word(value) if name in theirs else isinstance(value, str) or value["value"]
               for name, value in ours.items())


TMR, USI, CARRIER = 2, 29, 197
# What ANSI says in another parameter of the IAM: the medium; a carrier of three digits
ELSEWHERE = {(TMR, "IAM"), (USI, "IAM"), (CARRIER, "IAM")}


def lost_parameters(said, heard):
    """Codes of what a message has lost on its way"""
    left = list(heard["parameters"])
    for one in said["parameters"]:
        other = next((p for p in left if p["code"] == one["code"]), None)
        if other:
            left.remove(other)
        if one.get("name") in PRIVATE | CHANGED or (not other and (one["code"], said["message"]) in ELSEWHERE):
            continue
        if unlike(one, other):
            yield one["code"]
    more = [p["code"] for p in left if (p["code"], heard["message"]) not in ELSEWHERE]
    check(not more, f"{heard['message']}: heard, not said: {more}")


def told_losses(stand, part):
    """Codes of parameters, names of messages: how often each was lost"""
    codes, told = {**stand.known("parameter", "sim2"), **stand.known("parameter")}, {}
    for kind, name, count in re.findall(r"^(dialect|message) +(\S+) +(\d+) ", stand.vty(part).cmd("show mapping losses"),
                                        re.M):
        key = name if kind == "message" else codes[name] if name in codes else int(name.removeprefix("param"), 0)
        told[key] = told.get(key, 0) + int(count)
    return told


def mixed(run):
    """What is lost between the dialects, and nothing else, is what show mapping losses tells."""
    stand = run.stand(Mixed)
    capture, *_ = all_calls(stand, "sipi_mixed")
    lost, messages = {}, {}
    for said, heard in said_and_heard(stand, capture.file):
        heard = list(heard)
        for one in said:
            if not heard or heard[0]["message"] != one["message"]:
                messages[one["message"]] = messages.get(one["message"], 0) + 1
                continue
            for code in lost_parameters(one, heard.pop(0)):
                lost[code] = lost.get(code, 0) + 1
        check(not heard, f"not said: {[m['message'] for m in heard]}")
    told = told_losses(stand, "gw2")
    check(told == {**lost, **messages}, f"lost {lost} {messages}, told {told}")
    text = stand.gw("show mapping losses")
    check("Nothing was lost" in text, f"gw: {text}")
    return f"{sum(lost.values())} parameters lost of {len(lost)} kinds, messages of {len(messages)}"


TESTS = {"sipi_loop_ansi": ansi, "sipi_loop_etsi": etsi, "sipi_loop_uk": uk,
         "sipi_loop_mixed": mixed}
