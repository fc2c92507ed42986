#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gives every command that names a file something that is no such file: each is refused at once, by its name and place.

Usage: file_check.py ISUPGW ISUPSIM ISUPSIM.cfg"""
import os
import subprocess
import sys
import tempfile

import vty

SECONDS = 120
BIG = 100 * 1024 * 1024

# a configuration and the line in it that names the file
GATEWAY = {
    'profile': ('gateway\n mapping profile-file {}\n', 2),
    'routes.csv': ('gateway\n route-table file {}\n', 2),
    'routes.xml': ('gateway\n route-table file {}\n', 2),
    'dialect': ('isup\n dialect uk file {}\n', 2),
    # what belongs together is looked at together: at its node
    'ca-file': ('sip\n tls\n  ca-file {}\n', 2),
    'crl-file': ('sip\n tls\n  ca-file {certs}/good.pem\n  crl-file {}\n', 2),
    'certificate': ('sip\n tls\n  certificate {}\n  private-key {certs}/gw.key\n', 2),
    'private-key': ('sip\n tls\n  certificate {certs}/gw.pem\n  private-key {}\n', 2),
}
SIMULATOR = {
    'scenario': ['-c', '{cfg}', '-sf', '{}'],
    '-inf': ['-c', '{cfg}', '-sf', '{call}', '-inf', '{}'],
    '--dialect': ['--decode', '--dialect', '{}'],
}
# what a pipe that is named on the command line gives, and what is said of it
PIPED = {
    'scenario': ('<scenario name="piped">\n <sand/></scenario>\n', ":2:2: Element 'sand'"),
    '-inf': ('SEQUENTIAL\n5..3\n', ':2:1: a range goes up'),
}
# lines of numbers that are none
NUMBERS = {
    'SEQUENTIAL\r\n20;5..3\r\n': ':2:4: a range goes up',
    'RANDOM\n\n#\n0..18446744073709551615': ':4:1: a range goes up, and its numbers have 18 digits at most',
    '1..3;2..4': ':1:6: a second range in the line',
    'SEQUENTIAL\n1..2\n20;3..4x\n': ':3:4: a range is two numbers with .. between',
    '1;..5\n': ':1:3: a range is two numbers with .. between',
    'SEQUENTIAL,PRINTF=3\n1\n': ':1:1: the first line is SEQUENTIAL or RANDOM alone',
    '1;2;3\n#\n1;2\n': ':3: has 2 fields, ',
    '1\n1;2;3;4;5;6;7;8;9;10;11\n': ':2:22: more than 10 fields',
    '1\n2;\0': ':2:3: a control character',
    'RANDOM\n': ': no line with fields',
}


def make(directory, kind, suffix):
    """Something of a kind, under a name that is its own"""
    path = os.path.join(directory, kind + suffix)
    if kind == 'directory':
        os.mkdir(path)
    elif kind == 'pipe':
        os.mkfifo(path)
    elif kind == 'dangling':
        os.symlink(path + '.not', path)
    elif kind != 'missing':
        with open(path, 'wb') as file:
            if kind == 'long':
                file.truncate(BIG)
            elif kind == 'binary':
                file.write(bytes(range(256)) * 64)
            elif kind == 'closed':
                os.chmod(path, 0)
    return path


def run(words, stdin=subprocess.DEVNULL):
    """Exit status and what is printed; a signal or too long a wait is a complaint"""
    try:
        done = subprocess.run(words, stdin=stdin, capture_output=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return None, 'waits for ever'
    return done.returncode, (done.stdout + done.stderr).decode(errors='replace')


def check(what, kind, words, expected, stdin=subprocess.DEVNULL):
    status, text = run(words, stdin)
    missing = [word for word in expected if word not in text]
    if status in (1, 2, 255) and not missing and len(text) < 2000:
        return None
    return '%s, %s: status %s, not said: %s; printed:\n%s' % (what, kind, status, missing, text[:2000])


def check_pipes(what, words):
    """A pipe is read to its end, by its name and as standard input; what never ends is given up."""
    text, expected = PIPED[what]
    with tempfile.TemporaryDirectory() as directory:
        path = make(directory, 'pipe', '')
        with subprocess.Popen(['sh', '-c', 'printf %s "$1" >"$2"', 'sh', text, path]) as writer:
            yield check(what, 'named pipe', words(path), [path + expected])
            writer.kill()
        with subprocess.Popen(['printf', '%s', text], stdout=subprocess.PIPE) as writer:
            yield check(what, 'stdin', words('/dev/stdin'), ['/dev/stdin' + expected], writer.stdout)
        yield check(what, 'endless', words('/dev/zero'), ['/dev/zero: longer than '])


def kinds():
    yield from ('missing', 'dangling', 'directory', 'pipe', 'empty', 'long', 'binary')
    if os.geteuid():
        yield 'closed'


def main(gateway, simulator, config):
    complaints = []
    with tempfile.TemporaryDirectory() as directory:
        certificates = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'tls_certificates')
        if subprocess.run([certificates, directory], capture_output=True).returncode:
            print('skipped: there is no openssl')
            return 77
        cfg = os.path.join(directory, 'isupsim.cfg')
        with open(config) as example, open(cfg, 'w') as file:
            file.write(vty.move_ports(example.read()))
        call = os.path.join(os.path.dirname(config), 'isupsim', 'call.xml')
        fields = os.path.join(directory, 'fields.xml')
        with open(fields, 'w') as file:
            file.write('<scenario name="fields"><send>IAM called=$field0 calling=$field2</send></scenario>\n')
        for text, expected in NUMBERS.items():
            path = os.path.join(directory, 'numbers.csv')
            with open(path, 'w', newline='') as file:
                file.write(text)
            words = [simulator] + [word.format(path, cfg=cfg, call=fields) for word in SIMULATOR['-inf']]
            complaints.append(check('-inf', repr(text), words, [path + expected]))
        for what, (text, line) in GATEWAY.items():
            for kind in kinds():
                path = make(directory, kind, '-' + what)
                given = os.path.join(directory, 'given.cfg')
                with open(given, 'w') as file:
                    file.write(text.format(path, certs=directory))
                complaints.append(check(what, kind, [gateway, '-T', '-c', given], ['given.cfg:%d: ' % line, path]))
        for what, words in SIMULATOR.items():
            def filled(path, words=words):
                return [simulator] + [word.format(path, cfg=cfg, call=call) for word in words]

            if what in PIPED:
                complaints += check_pipes(what, filled)
            for kind in kinds():
                if kind == 'pipe' and what in PIPED:
                    continue
                path = make(directory, kind, '-of-' + what.strip('-'))
                complaints.append(check(what, kind, filled(path), [path]))
        for program in (gateway, simulator):
            for kind in ('missing', 'dangling', 'directory', 'pipe'):
                path = make(directory, kind, '-of-' + os.path.basename(program))
                complaints.append(check('-c', kind, [program, '-c', path], [path + ': ']))
    complaints = [c for c in complaints if c]
    print('\n'.join(complaints), end='')
    return 1 if complaints else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
