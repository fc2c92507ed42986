#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays a transcript against the VTY of a program and compares what it prints.

Usage: vty_transcript.py [-u] PROGRAM FILE.cfg FILE.vty...

A line of a transcript that begins with a prompt ("isupgw(config)# ") is a command. The lines up to the next one are
what it prints: "..." stands for any number of lines, and a line that begins with "~ " is a regular expression.
@NAME@ is a free port. -u prints the transcript as it is."""
import re
import sys
import tempfile

import vty


def read_steps(path, name, ports):
    """[(prompt, command, [expected line])]"""
    steps = []
    for line in vty.place_ports(open(path).read(), ports).splitlines():
        match = re.match(r'(%s(?:\([\w.-]+\))?[>#] )(.*)$' % re.escape(name), line)
        if match:
            steps.append((match.group(1), match.group(2), []))
        elif steps:
            steps[-1][2].append(line)
    return steps


def line_suits(expected, line):
    if expected.startswith('~ '):
        return re.fullmatch(expected[2:], line) is not None
    return expected == line.rstrip()


def suits(expected, lines):
    if not expected:
        return not lines
    if expected[0] == '...':
        return any(suits(expected[1:], lines[n:]) for n in range(len(lines) + 1))
    return bool(lines) and line_suits(expected[0], lines[0]) and suits(expected[1:], lines[1:])


def play(console, steps, update):
    bad = 0
    for prompt, command, expected in steps:
        if not update and prompt != console.last_prompt:
            print('prompt is %r, not %r, before: %s' % (console.last_prompt, prompt, command))
            bad += 1
        before = console.last_prompt
        lines = console.command(command)
        if update:
            print('\n'.join([before + command] + [line.rstrip() for line in lines]))
        elif not suits([e.rstrip() for e in expected], lines):
            print('%s%s\n--- expected\n%s\n--- printed\n%s\n---' %
                  (prompt, command, '\n'.join(expected), '\n'.join(lines)))
            bad += 1
    return bad


def main(args):
    update = args[:1] == ['-u']
    path, config, transcripts = args[update], args[update + 1], args[update + 2:]
    ports = {}
    with tempfile.TemporaryDirectory() as directory:
        program = vty.Program(path, vty.place_ports(open(config).read(), ports), directory)
        try:
            bad = sum(play(program.vty(), read_steps(t, program.name, ports), update) for t in transcripts)
            status = program.stop()
            if status:
                print('%s ended with %d' % (program.name, status))
            return 1 if bad or status else 0
        finally:
            program.kill()


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
