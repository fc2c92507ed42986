#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes doc/VTY.md, the reference of all commands of isupgw and isupsim, from what the programs themselves say.

Usage: vty_md.py ISUPGW ISUPSIM > VTY.md      writes it
       vty_md.py --check VTY.md ISUPGW ISUPSIM      prints what is missing or out of date; status 1 if anything is"""
import difflib
import subprocess
import sys
import xml.etree.ElementTree as ET

NS = '{urn:osmocom:xml:libosmocore:vty:doc:1.0}'

# What the libraries bring to nodes that have our commands too; it differs from release to release.
LIBRARY = {
    'view': ('show logging', 'show alarms', 'show talloc-context', 'show stats', 'show asciidoc', 'show rate-counters',
             'show fsm', 'show fsm-instances', 'show fsm-state-graph', 'show cpu-sched', 'show cs7', 'show version', 'show online-help',
             'show history', 'show pid', 'show uptime', 'show timer', 'show startup-config', 'show running-config', 'show tdef', 'show io-uring',
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
    'config-media': ('Node `media static`', ''),
    'config-gateway': ('Node `gateway`', ''),
    'config-simulator': ('Node `simulator`', ''),
    'config-simulator-answer': ('Node `simulator` / `answer NUMBER`', ''),
}

HEAD = '''# Commands of isupgw and isupsim

Written by `doc/vty_md.py` from what the programs say of themselves; not to be edited by hand.
On the console `?` after any word tells how to go on, `list` shows the commands of a node, `exit` leaves it, `end`
leaves `configure terminal`, `write` saves the configuration.

Not here: the commands of the libraries — `cs7 instance …` (libosmo-sigtran; `doc/MANUAL.md` has an example), `log …`,
`line vty`, `stats …`, `show fsm`, `show talloc-context`, `show rate-counters` … (libosmocore). `isupgw --vty-ref-xml`
prints all of them.
'''


def is_library(node, command):
    words = command.split()
    return any(words[:len(p.split())] == p.split() for p in LIBRARY.get(node, ()))


def describe(command):
    """'- `command` — what it does. word: what it means; ...'"""
    params = [(p.get('name'), p.get('doc').rstrip('.')) for p in command.find(NS + 'params')]
    words = [w for n, w in enumerate(params) if w[1] and w not in params[:n]]
    # "no", and the words that only name a family of commands, say nothing by themselves
    while len(words) > 1 and words[0][0] in ('no', 'show', 'check', 'sip', 'mapping', 'call'):
        words.pop(0)
    tail = '; '.join('%s: %s' % (name.strip('[]'), doc) for name, doc in words[1:])
    return '- `%s` — %s.%s' % (command.get('id'), words[0][1], ' ' + tail + '.' if tail else '')


def nodes_of(program):
    """{node id: [command element]} of what is ours"""
    xml = subprocess.run([program, '--vty-ref-xml'], check=True, capture_output=True, stdin=subprocess.DEVNULL).stdout
    nodes = {}
    for node in ET.fromstring(xml):
        name = node.get('id')
        if name in LIBRARY or name.startswith(('config-isup', 'config-sip', 'config-media', 'config-gateway',
                                               'config-simulator')):
            nodes[name] = [c for c in node.iter(NS + 'command') if not is_library(name, c.get('id'))]
    seen = {c.get('id') for c in nodes['view']}
    nodes['enable'] = [c for c in nodes['enable'] if c.get('id') not in seen]
    return nodes


def section(name, commands):
    title, preface = NODES[name]
    return ['', '### ' + title, ''] + ([preface, ''] if preface else []) + [describe(c) for c in commands]


def document(isupgw, isupsim):
    gateway, simulator = nodes_of(isupgw), nodes_of(isupsim)
    known = {(n, c.get('id')) for n, commands in gateway.items() for c in commands}
    lines = HEAD.splitlines() + ['', '## isupgw']
    for name in NODES:
        if gateway.get(name):
            lines += section(name, gateway[name])
    lines += ['', '## isupsim', '', 'Node `isup`, `show isup …` and `isup …` are as in isupgw. Its own:']
    for name in NODES:
        own = [c for c in simulator.get(name, ()) if (name, c.get('id')) not in known]
        if own:
            lines += section(name, own)
    unknown = [n for n in list(gateway) + list(simulator) if n not in NODES]
    if unknown:
        raise SystemExit('vty_md.py does not know these nodes: ' + ' '.join(unknown))
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
