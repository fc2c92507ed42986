#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes doc/REFERENCE.md: commands, log categories, counters and value tables, as the programs themselves tell them.

Usage: reference.py ISUPGW ISUPSIM > REFERENCE.md      writes it
       reference.py --check REFERENCE.md ISUPGW ISUPSIM      prints what is out of date; status 1 if anything is"""
import difflib
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'tests'))
import vty  # noqa: E402

NS = '{urn:osmocom:xml:libosmocore:vty:doc:1.0}'

# What the libraries bring to nodes that have our commands too; it differs from release to release.
LIBRARY = {
    'view': ('show logging', 'show alarms', 'show talloc-context', 'show stats', 'show asciidoc', 'show rate-counters',
             'show fsm', 'show fsm-instances', 'show fsm-state-graph', 'show cpu-sched', 'show cs7', 'show version',
             'show online-help',
             'show history', 'show pid', 'show uptime', 'show timer', 'show startup-config', 'show running-config',
             'show tdef', 'show io-uring',
             'logging', 'no logging', 'logp', 'stats', 'who', 'terminal', 'enable', 'disable', 'exit', 'configure',
             'copy', 'write', 'shutdown', 'cs7', 'help', 'list', 'sccp', 'show sccp', 'gsmtap', 'show ipa', 'tcp'),
    'config': ('hostname', 'no hostname', 'password', 'no password', 'enable', 'no enable', 'banner', 'no banner',
               'service', 'no service', 'line', 'log', 'no log', 'stats', 'no stats', 'cs7', 'no cs7', 'cpu-sched',
               'alarm', 'sccp', 'tcp', 'stats-tcp', 'show'),
    'config-gateway': ('timer',),
}
LIBRARY['enable'] = LIBRARY['view']

# Title and preface of each node that is described
NODES = {
    'view': ('At the prompt', 'Need no `enable`.'),
    'enable': ('At the prompt after `enable`', 'All of the above, and:'),
    'config': ('Node `configure terminal`, the top of a file', ''),
    'config-isup': ('Node `isup`', ''),
    'config-isup-group': ('Node `isup` / `circuit-group NAME`', ''),
    'config-sip': ('Node `sip`', ''),
    'config-sip-peer': ('Node `sip` / `peer NAME`', ''),
    'config-sip-tls': ('Node `sip` / `tls`', ''),
    'config-media': ('Node `media static`', ''),
    'config-gateway': ('Node `gateway`', ''),
    'config-simulator': ('Node `simulator`', ''),
    'config-simulator-answer': ('Node `simulator` / `answer NUMBER`', ''),
}

HEAD = '''# Reference

Written by `doc/reference.py` from what the programs say of themselves; not to be edited by hand.

On the console `?` after any word tells how to go on, `list` shows the commands of a node, `exit` leaves it, `end`
leaves `configure terminal`, `write` saves the configuration.

Not here: the commands of the libraries — `cs7 instance …` (libosmo-sigtran; `doc/MANUAL.md` has an example), `log …`,
`line vty`, `stats …`, `timer …`, `show fsm …`, `show talloc-context …`, `show rate-counters` (libosmocore).
`isupgw --vty-ref-xml` prints all of them.
'''

def is_library(node, command):
    words = command.split()
    return any(words[:len(p.split())] == p.split() for p in LIBRARY.get(node, ()))


def describe(command):
    """'- `command` — what it does. word: what it means; ...'"""
    params = [(p.get('name'), p.get('doc').rstrip('.')) for p in command.find(NS + 'params')]
    words = [w for n, w in enumerate(params) if w[1] and w not in params[:n]]
    # "no", and the words that only name a family of things to show, say nothing by themselves
    for family in (('no', 'show', 'check'), ('isup', 'sip', 'mapping', 'call') if params[0][0] == 'show' else ()):
        if len(words) > 1 and words[0][0] in family:
            words.pop(0)
    tail = '; '.join('%s: %s' % (name.strip('[]'), doc) for name, doc in words[1:])
    return '- `%s` — %s.%s' % (command.get('id'), words[0][1], ' ' + tail + '.' if tail else '')


def is_ours(node):
    return node in LIBRARY or node.startswith(('config-isup', 'config-sip', 'config-media', 'config-simulator'))


class Told:
    """What one program tells of itself"""

    def __init__(self, program, example):
        xml = subprocess.run([program, '--vty-ref-xml'], check=True, stdout=subprocess.PIPE,
                             stdin=subprocess.DEVNULL).stdout
        nodes = {node.get('id'): list(node.iter(NS + 'command')) for node in ET.fromstring(xml)}
        self.categories = self.read_categories(nodes['enable'])
        self.nodes = {name: [c for c in commands if not is_library(name, c.get('id'))]
                      for name, commands in nodes.items() if is_ours(name)}
        seen = {c.get('id') for c in self.nodes['view']}
        self.nodes['enable'] = [c for c in self.nodes['enable'] if c.get('id') not in seen]
        with tempfile.TemporaryDirectory() as directory:
            running = vty.Program(program, vty.move_ports(open(example).read()), directory, quiet=True)
            try:
                console = running.vty()
                self.counters = list(self.read_counters(console.command('show asciidoc counters')))
                self.tables = list(self.read_tables(console)) if 'gw' in running.name else []
                self.profiles = list(self.read_profiles(console)) if 'gw' in running.name else []
                running.stop()
            finally:
                running.kill()

    @staticmethod
    def read_categories(commands):
        """[(category, text)]; those of the libraries begin with l"""
        for command in commands:
            if re.match(r'logging level \(isup\b', command.get('id')):
                return [(p.get('name'), p.get('doc')) for p in command.iter(NS + 'param')
                        if p.get('name') in command.get('id').split(' ')[2].strip('()').split('|')
                        and (p.get('name')[0] != 'l' or p.get('name') == 'ladder')]
        raise SystemExit('no log categories')

    @staticmethod
    def read_counters(lines):
        """(group, group's text, [(counter, text)])"""
        group = None
        for line in lines:
            title = re.match(r'\.(\S+) - (.*)', line)
            row = re.match(r'\| (\S+) \| <<.*>> \| (.*)', line)
            if title:
                if group:
                    yield group
                group = (title.group(1), title.group(2), [])
            elif row:
                group[2].append((row.group(1), row.group(2)))
            elif line.startswith('===') and group:
                yield group
                group = None

    @staticmethod
    def read_tables(console):
        """(table, [line])"""
        for line in console.command('show mapping tables'):
            name = line.split(' ')[0]
            yield name, console.command('show mapping table ' + name)

    @staticmethod
    def read_profiles(console):
        """(profile, [line])"""
        for line in console.command('show mapping profiles'):
            name = line.split(' ')[0]
            yield name, console.command('show mapping profile ' + name)


def section(name, commands):
    title, preface = NODES[name]
    return ['', '### ' + title, ''] + ([preface, ''] if preface else []) + [describe(c) for c in commands]


def command_sections(told, known):
    lines = []
    for name in NODES:
        own = [c for c in told.nodes.get(name, ()) if (name, c.get('id')) not in known]
        if own:
            lines += section(name, own)
    unknown = [n for n, commands in told.nodes.items() if commands and n not in NODES]
    if unknown:
        raise SystemExit('reference.py does not know these nodes: ' + ' '.join(unknown))
    return lines


def category_section(told):
    return ['', '## Log categories', '', '`logging level CATEGORY (debug|info|notice|error|fatal)`; with `-d` a D is '
            'before the name, in capitals.', '', '| category | logs |', '|---|---|'] + \
        ['| `%s` | %s |' % category for category in told.categories]


def counter_section(told):
    lines = ['', '## Counters', '', '`show rate-counters` prints them; `stats reporter …` sends them away.']
    for name, text, counters in sorted(told.counters):
        if not name.startswith(('sigtran', 'tcp')):
            lines += ['', '### `%s`: %s' % (name, text), '', '| counter | counts |', '|---|---|']
            lines += ['| `%s` | %s |' % counter for counter in counters]
    return lines


def table_section(told):
    lines = ['', '## Value tables of interworking', '', 'As `show mapping table NAME` prints them: the first row that '
             'suits is used.']
    for name, rows in told.tables:
        lines += ['', '### `%s`' % name, '', rows[0] + ':', '', '```'] + [r.rstrip() for r in rows[1:]] + ['```']
    return lines


def profile_section(told):
    lines = ['', '## Profiles of interworking', '', 'As `show mapping profile NAME` prints them: the tables, and the '
             'rules in the order in which they are applied.']
    for name, rows in told.profiles:
        lines += ['', '### `%s`' % name, '', rows[0] + ':', '', '```'] + [r.rstrip() for r in rows[1:]] + ['```']
    return lines


def document(isupgw, isupsim):
    gateway = Told(isupgw, os.path.join(HERE, 'examples', 'isupgw.cfg'))
    simulator = Told(isupsim, os.path.join(HERE, 'examples', 'isupsim.cfg'))
    known = {(n, c.get('id')) for n, commands in gateway.nodes.items() for c in commands}
    lines = HEAD.splitlines() + ['', '## Commands of isupgw'] + command_sections(gateway, ())
    lines += ['', '## Commands of isupsim', '', 'Node `isup`, `show isup …` and `isup …` are as in isupgw. Its own:']
    lines += command_sections(simulator, known)
    lines += category_section(gateway) + counter_section(gateway) + table_section(gateway)
    lines += profile_section(gateway)
    return '\n'.join(lines) + '\n'


def main(args):
    if args[0] != '--check':
        sys.stdout.write(document(*args))
        return 0
    there, now = open(args[1]).read(), document(*args[2:])
    sys.stdout.writelines(difflib.unified_diff(there.splitlines(True), now.splitlines(True), args[1], 'now'))
    return there != now


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
