# SPDX-License-Identifier: GPL-3.0-or-later
"""The SIP-I loop in other dialects than ITU-T's: ANSI's, ETSI's, a national one from a file; and one that changes on the
way."""

import os

import decode
from test_sipi import Loop, play


class Ansi(Loop):
    NEAR = FAR = "ansi"


class Etsi(Loop):
    NEAR = FAR = "etsi"


class Uk(Loop):
    NEAR = FAR = os.path.join(decode.TOP, "doc/examples/isup-uk.xml")


def ansi(run):
    return play(run.stand(Ansi), "sipi_ansi")


def etsi(run):
    return play(run.stand(Etsi), "sipi_etsi")


def uk(run):
    return play(run.stand(Uk), "sipi_uk")


TESTS = {"sipi_loop_ansi": ansi, "sipi_loop_etsi": etsi, "sipi_loop_uk": uk}
