#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks that a program takes good configurations and refuses bad ones for the right reason.

Usage: cfg_check.py good PROGRAM FILE.cfg...        loads each, writes it, loads that, writes it again: both are equal
       cfg_check.py bad PROGRAM FILE.cfg...         each has lines "! expect: TEXT"; TEXT is printed, exit status is 1

In an expected text "@" stands for the file's name."""
import os
import re
import subprocess
import sys
import tempfile

import vty


def prepared(path, directory):
    """The text of the file with free ports; '@certs@' in it is where certificates were made for it"""
    text = vty.move_ports(open(path).read())
    if '@certs@' in text:
        certs = os.path.join(directory, 'certs')
        made = subprocess.run([os.path.join(os.path.dirname(os.path.abspath(__file__)), 'tls_certificates'), certs],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if made.returncode:
            print('skipped: there is no openssl')
            sys.exit(77)
        text = text.replace('@certs@', certs)
    return text


def check(program, path):
    """Exit status and output of --check-config"""
    done = subprocess.run([program, '-T', '-c', path], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def commands(text):
    """The commands of a configuration, but for the VTY's own address"""
    lines = [line.strip() for line in text.splitlines()]
    return [line for line in lines if line and not line.startswith('!') and not line.startswith('bind ')]


def write_running(program, config):
    """Starts the program with the configuration, returns what it writes."""
    with tempfile.TemporaryDirectory() as directory:
        running = vty.Program(program, config, directory)
        try:
            console = running.vty()
            written = os.path.join(directory, 'written.cfg')
            console.command('enable')
            lines = console.command('write file ' + written)
            if not os.path.exists(written):
                raise SystemExit('not written:\n' + '\n'.join(lines))
            status = running.stop()
            if status:
                raise SystemExit('%s ended with %d' % (program, status))
            return open(written).read()
        finally:
            running.kill()


def good(program, path):
    with tempfile.TemporaryDirectory() as directory:
        return good_in(program, path, directory)


def good_in(program, path, directory):
    config = prepared(path, directory)
    with open(os.path.join(directory, 'given.cfg'), 'w') as file:
        file.write(config)
    status, output = check(program, file.name)
    if status:
        return '%s: refused (%d):\n%s' % (path, status, output)
    first = write_running(program, config)
    # set-all is written as one line a category
    lost = {c for c in set(commands(config)) - set(commands(first)) if not c.startswith('logging level set-all')}
    if lost:
        return '%s: not written again: %s' % (path, ', '.join(sorted(lost)))
    second = write_running(program, re.sub(r'(?m)^line vty(\n .*)*$', '', first))
    if commands(first) != commands(second):
        return '%s: written, loaded and written again it differs:\n%s\n--- and\n%s' % (path, first, second)
    return None


def bad(program, path):
    status, output = check(program, path)
    name = os.path.basename(path)
    expected = re.findall(r'(?m)^! expect: (.*)$', open(path).read())
    missing = [text for text in expected if text.replace('@', name) not in output]
    if status == 1 and expected and not missing:
        return None
    return '%s: status %d, expected 1; missing: %s; printed:\n%s' % (path, status, missing, output)


def main(args):
    what = {'good': good, 'bad': bad}[args[0]]
    complaints = [c for c in (what(args[1], path) for path in args[2:]) if c]
    print('\n'.join(complaints), end='')
    return 1 if complaints else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
