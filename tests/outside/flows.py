#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays call flows and mapping tables that somebody else wrote down against a whole gateway (flow_test).

Usage: flows.py FLOW_TEST FILE|DIRECTORY... [--print]

A *.json file is one flow: "steps" with from, to, protocol and the message, as those of RFC 3666, 3398 and 3578 stand in
the vectors' directory. Each gateway of a flow is played by ours, its neighbours by flow_test. A *.csv file is one table,
known by its columns; each row is a call of its own. At the end there is a table of what was compared."""
import csv
import json
import os
import re
import subprocess
import sys

# What cannot be as the file says: (rule, reason). A step that falls under one is compared as the reason says.
CANCEL_EARLY = 'CANCEL is not sent: no provisional response came (RFC 3261 9.1)'
CANCEL_CAUSE = 'REL has cause 16, not %s: what a CANCEL becomes without Reason (RFC 3398 7.2.3)'
OTHER_NUMBER = 'number as in the IAM of the same flow, not %s'
CPG_EARLY = 'CPG is not sent: it follows ACM (Q.764 2.1.5)'
TIMER_CAUSE = 'REL has cause 19, not %s: T9 (RFC 3398 7.2.8)'
EARLY_ACM = 'ACM at T11 (RFC 3398 8.2.8)'
OTHER_VIA = 'Via as in the request'
NO_TONE = 'REL instead of ACM and a tone: the gateway carries no audio'
OTHER_NATURE = 'national, not %s: a number without + (configurable)'
FURTHER = 'retransmissions go on until 64 T1 (RFC 3261 13.3.1.4)'
OTHER_PSTN = '%s stands for ISUP'

# Seconds after what was received last (Q.764 Annex A, RFC 3261, RFC 3578)
TIMERS = {'T7': (20, 30), 'T9': (90, 180), 'T10': (4, 6), 'T11': (15, 20), 'T35': (15, 20), 'Interwork': (1, 60),
          'T6': (0, 0)}

FGB = {'MF digits': 'IAM'}
ISDN = {'SETUP': 'IAM', 'CALL PROC': None, 'ALERT': 'ACM', 'PROG': 'ACM', 'CONN': 'ANM', 'CONNECT': 'ANM',
        'CONN ACK': None, 'DISC': 'REL', 'REL': 'RLC', 'REL COM': None}

ACKNOWLEDGES = ('ACK', 'RLC', 'PRACK')
STATUS_CAUSE = {404: 1, 486: 17, 480: 19, 403: 21, 410: 22, 502: 27, 484: 28, 501: 29, 503: 34, 504: 102, 500: 127,
                408: 18, 488: 70}
CPG_EVENTS = {180: 1, 181: 6, 182: 2, 183: 2}


class Step:
    """One message that a gateway sends or receives, or an event there"""

    def __init__(self, kind, side=None, out=False, what=None, raw=None):
        self.kind, self.side, self.out, self.what, self.raw = kind, side, out, what, raw or {}

    @property
    def status(self):
        return int(self.what.replace('x', '0')[:3]) if re.match(r'\dx*\d*', self.what) else 0

    def answers(self):
        return self.what in ACKNOWLEDGES or self.status == 100 or self.method() in ('BYE', 'CANCEL', 'PRACK', 'INFO') \
            or self.status == 487

    def method(self):
        cseq = self.raw.get('cseq', '')
        return cseq.split()[1] if self.status and cseq else ''


def steps_of(flow, gateway):
    """The steps of a flow that concern this gateway, in the order that they have"""
    steps, notes, forwarded = [], [], False
    for raw in flow['steps']:
        kind = raw.get('type', 'message')
        if kind == 'timer' or (kind == 'event' and ' timer expires' in raw['text'].lower()):
            steps.append(Step('timer', what=raw['text'].split()[0]))
        if kind != 'message' or gateway not in (raw['from'], raw['to']):
            continue
        what = str(raw.get('method') or raw.get('status') or raw['message'])
        protocol = raw['protocol']
        out = raw['from'] == gateway
        if protocol in ('FGB', 'ISDN'):
            notes.append(OTHER_PSTN % protocol)
            what = (FGB if protocol == 'FGB' else ISDN).get(what)
            if not what:
                continue
            if what == 'ACM' and any(s.what == 'ACM' for s in steps):
                what = 'CPG'
        what, _, extra = re.sub(r'-\(I\)$', '', what).partition(' with ')
        steps.append(Step('message', 'sip' if protocol == 'SIP' else 'isup', out, what, dict(raw, extra=extra)))
    return steps, sorted(set(notes))


# ---- ISUP ----

def number(par):
    noa = {'national': 'national', 'international': 'international', 'subscriber': 'subscriber'}
    return '(noa=%s digits=%s)' % (noa.get(par.get('noa', 'national').lower(), 'national'), par['digits'])


class Player:
    def __init__(self, flow, gateway, steps, prelude=None):
        self.flow, self.gateway, self.steps, self.prelude = flow, gateway, steps, prelude
        self.lines, self.notes, self.compared = [], [], 0
        self.overlap = any(s.what == 'SAM' for s in steps) or '3578' in flow.get('rfc', '')
        self.ansi = any('CdPN' in s.raw.get('params', {}) for s in steps) or 'entities' in flow
        self.pstn = any(s.raw.get('protocol') == 'ISUP' for s in steps) or \
            not any(s.raw.get('protocol') in ('FGB', 'ISDN') for s in steps)
        self.retransmitted, self.provisional, self.clock, self.digits = 0, False, None, 0
        self.invited, self.cancelled, self.provisionals, self.refused = None, False, 0, False
        self.vias = {}
        self.calling, self.called, self.iam, self.waiting = None, '9725552222', False, False

    def add(self, line):
        self.lines.append(line)

    def begin(self):
        if self.ansi:
            self.add('dialect ansi')
            self.add('numbering 1 -')
        if self.overlap:
            invites = sum(s.what == 'INVITE' and s.out for s in self.steps)
            refused = any(s.status >= 400 for s in self.steps)
            self.add('group overlap invite 5' if invites > 1 or refused else 'group collect 5 15')
        if self.prelude == 'sip':
            self.lines += ['sip > INVITE sdp', 'sip < 100', 'isup < IAM', 'isup > ACM bci(called_status=no-indication)',
                           'sip < 183', 'isup > ANM', 'sip < 200', 'sip > ACK']
        elif self.prelude == 'isup':
            self.lines += ['isup > IAM called=201234567', 'sip < INVITE', 'sip > 100', 'sip > 200 sdp', 'isup < CON',
                           'sip < ACK']
        if not any(s.status == 100 and s.out for s in self.steps) and not self.prelude:
            self.add('skip 100')
        if self.is_unavailable():
            self.add('mtp pause')

    def is_unavailable(self):
        """It refuses by itself, without the PSTN"""
        first = next((s for s in self.steps if s.out and s.status != 100), None)
        return self.steps[0].what == 'INVITE' and not self.steps[0].out and first and first.status >= 400 and \
            not any(s.side == 'isup' for s in self.steps)

    def ahead(self, i, side, out=True):
        return next((s for s in self.steps[i + 1:] if s.side == side and s.out == out), None)

    # -- in --

    def isup_in(self, i, s):
        pars, text = s.raw.get('params', {}), s.what
        answer = self.ahead(i, 'sip')
        status = answer.status if answer else 0
        if s.what == 'IAM':
            if 'CdPN' in pars:
                text += ' called' + number(pars['CdPN'])
                self.called, self.iam = pars['CdPN']['digits'], True
            elif self.overlap:
                text += ' called=20123'
            elif self.ansi:
                text += ' called(noa=national digits=%s)' % self.called
            else:
                text += ' called=201234567'
            if 'CgPN' in pars:
                text += ' calling' + number(pars['CgPN'])
                self.calling = pars['CgPN']['digits']
        elif s.what == 'SAM':
            text += ' subsequent=%s' % ('45', '67', '8', '9')[min(self.digits, 3)]
            if 'ST' in s.raw.get('explanation', ''):
                text += 'f'
            self.digits += 1
        elif s.what == 'ACM':
            alerting = (status == 180 and answer.what != '18x') or s.raw.get('message') == 'ALERT'
            text += ' bci(called_status=%s)' % ('subscriber-free' if alerting else 'no-indication')
            text += ' cause=17' if 'cause' in s.raw['extra'] else ''
        elif s.what == 'CPG':
            text += ' event=%d' % (CPG_EVENTS.get(status, 1) if answer and answer.what != '18x' else 1)
        elif s.what == 'REL':
            text += ' cause=%d' % (pars.get('cause') or {'value': STATUS_CAUSE.get(status, 16 if status < 400 else 17)}
                                   )['value']
        elif s.what in ('SUS', 'RES'):
            text += ' suspend_resume=network'
        self.received('isup', s, text)

    def sip_in(self, i, s):
        text, body = s.what, '\\n'.join(s.raw.get('sdp', []))
        if 'x' in s.what:
            text = '180' if s.what == '18x' and self.provisionals else \
                {'18x': '183', '4xx+': '404', '4xx': '404', '1xx': '183'}.get(s.what, s.what.replace('x', '0')[:3])
            body = body or ('sdp' if text == '183' else '')
        if s.status and s.status > 100 and s.status < 200:
            self.provisional = True
            self.provisionals += 1
        self.provisional |= s.status == 100
        if s.status:
            text += self.response_to(i, s)
        if not body and 'headers' not in s.raw and (s.what == 'INVITE' or (s.what == '200' and ' of=INVITE' in text)):
            body = 'sdp'
        if s.what == 'CANCEL':
            self.cancelled = True
        if not s.status:
            vias = [b for n, v in s.raw.get('headers', []) if n == 'Via' for b in re.findall(r'branch=[^;\s]+', v)]
            self.vias[s.what] = self.vias['INVITE'] if s.what == 'CANCEL' and 'INVITE' in self.vias else vias
        self.refused |= s.status >= 400 and s.method() != 'BYE'
        if s.what == 'INVITE' and not self.invited:
            self.invited = s
            if 'request_uri' in s.raw:
                text += ' ruri=' + s.raw['request_uri']
        text += ' sdp' if body == 'sdp' else ''
        text += ''.join(' | %s: %s' % tuple(h) for h in self.headers_in(s))
        if s.status // 100 == 3 and 'headers' not in s.raw:
            text += ' | Contact: <sip:+33298765432@192.0.2.2>'
            self.invited = None
        if body and body != 'sdp':
            text += ' || ' + body + '\\n'
        self.received('sip', s, text)

    def response_to(self, i, s):
        """of=METHOD, the tag"""
        to = s.method()
        if not to:
            last = [x for x in self.steps[:i] if x.side == 'sip' and x.out and not x.status and x.what != 'ACK']
            to = last[-1].what if last else 'INVITE'
            to = 'INVITE' if s.status < 200 or s.status >= 300 else to
        tag = next((re.search(r';tag=(\S+)', v).group(1) for n, v in s.raw.get('headers', [])
                    if n == 'To' and ';tag=' in v), None)
        return ' of=' + to + (' tag=' + tag if tag and to == 'INVITE' else '')

    def headers_in(self, s):
        """Those of the file, but for what the gateway's own messages decide"""
        drop = ['Content-Length']
        if s.status:
            drop += ['Via', 'From', 'To', 'Call-ID', 'CSeq']
        elif s.what != 'INVITE' or self.invited is not s:
            drop += ['From', 'To', 'Call-ID', 'Route']
            if s.what in ('ACK', 'CANCEL'):
                drop += ['Via', 'CSeq']
            elif not self.invited:
                drop += ['CSeq']
        return [h for h in s.raw.get('headers', []) if h[0] not in drop]

    def received(self, side, s, text):
        self.add('%s %s %s' % (side, '>>' if s.answers() else '>', text))
        self.clock = None
        self.retransmitted = 0

    # -- out --

    def isup_out(self, i, s):
        if not self.pstn:
            self.add('isup < %s' % s.what)
            return
        text, pars = s.what, s.raw.get('params', {})
        if s.what == 'IAM':
            if 'CdPN' in pars and '+' not in self.invited.raw.get('request_uri', '+'):
                text += ' called' + number(dict(pars['CdPN'], noa='national'))
                self.notes.append(OTHER_NATURE % pars['CdPN']['noa'].lower())
            elif 'CdPN' in pars:
                text += ' called' + number(pars['CdPN'])
            elif not self.ansi:
                text += ' called=201234567'
            if 'CgPN' in pars:
                text += ' calling' + number(pars['CgPN'])
        elif s.what == 'REL':
            text += self.cause_out(s, pars)
        elif s.what == 'CPG' and not any(x.what == 'ACM' and x.out for x in self.steps[:i]):
            self.notes.append(CPG_EARLY)
            return
        elif s.what == 'ACM' and self.clock:
            text += ' bci(called_status=no-indication)'
        self.expect('isup', s, text)

    def cause_out(self, s, pars):
        said = re.search(r'cause code (?:of )?(\d+)', s.raw.get('explanation', ''))
        cause = pars['cause']['value'] if 'cause' in pars else int(said.group(1)) if said else None
        if self.cancelled and cause not in (None, 16):
            self.notes.append(CANCEL_CAUSE % cause)
            cause = 16
        elif self.waiting and self.pstn and cause == 18 and not self.clock and not self.invited.out:
            self.notes.append(TIMER_CAUSE % cause)
            cause = 19
        return ' cause=%d' % cause if cause else ''

    def sip_out(self, i, s):
        text = s.what
        if s.what == 'CANCEL' and not self.provisional:
            self.notes.append(CANCEL_EARLY)
            return
        again = self.is_again(i, s)
        if again and not self.clock:
            self.clock = 'T1'
        if s.what == 'INVITE' and not self.invited:
            self.invited = s
        if again or s.raw.get('retransmission'):
            text += ' again'
            self.retransmitted += 1
        elif self.retransmitted and s.what == 'BYE':
            self.add('skip again')
            self.notes.append(FURTHER)
        text += self.headers_out(s)
        if (s.what == '200' and self.first_200(i)) or 'SDP' in s.raw['extra']:
            text += ' sdp'
        self.expect('sip', s, text)

    def is_again(self, i, s):
        """The same as before, and nothing was heard in between"""
        before = [x for x in self.steps[:i] if x.kind == 'message']
        last = next((x for x in reversed(before) if x.side == 'sip'), None)
        return bool(last and last.out and last.what == s.what and (self.clock == 'T1' or before[-1].out))

    def first_200(self, i):
        """The answer to the first INVITE of a caller's"""
        return self.invited and not self.invited.out and not any(
            x.what == '200' and x.side == 'sip' for x in self.steps[:i]) and not self.cancelled and not self.prelude

    def headers_out(self, s):
        text, headers = '', s.raw.get('headers', [])
        if s.status and self.invited and not self.invited.out:
            for name in ('From', 'Call-ID', 'CSeq') + (('Record-Route',) if s.status < 300 else ()):
                for n, v in headers:
                    if n == name:
                        part = re.search(r'tag=[^;\s]+', v)
                        text += ' %s~%s' % (name, part.group(0) if part else v.split()[0])
            text += self.vias_out(s)
        elif s.what == 'INVITE' and 'request_uri' in s.raw:
            for n, v in headers:
                user = re.search(r'\+\d+', v)
                if n in ('From', 'To') and user:
                    text += ' %s~%s' % (n, self.e164(user.group(0), n == 'From'))
            user = re.search(r'sip:(\+\d+)', s.raw['request_uri'])
            text += ' ruri=' + self.e164(user.group(1)) if user else ''
        elif not s.status and (s.what != 'CANCEL' and not (s.what == 'ACK' and self.refused)):
            for n, v in headers:
                if n == 'Route':
                    text += ' Route~' + v.split()[0]
            if self.invited and self.invited.out and s.raw.get('request_uri') and s.what != 'INVITE':
                text += ' ruri=' + s.raw['request_uri']
        if any(n == 'Content-Type' and 'sdp' in v for n, v in headers) and s.what == 'INVITE':
            text += ' sdp'
        return text

    def vias_out(self, s):
        own = [branch for n, v in s.raw.get('headers', []) if n == 'Via' for branch in re.findall(r'branch=[^;\s]+', v)]
        vias = self.vias.get(s.method(), own)
        if own and own != vias[:len(own)]:
            self.notes.append(OTHER_VIA)
        return ''.join(' Via~' + v for v in vias)

    def e164(self, user, calling=False):
        """The number of the flow's IAM, of which its SIP should be"""
        digits = self.calling if calling else self.called
        if self.iam and digits and user != '+1' + digits:
            self.notes.append(OTHER_NUMBER % user)
            return '+1' + digits
        return user

    def expect(self, side, s, text):
        at = ''
        if s.what == 'REL' and not self.clock and self.waiting:
            at = 'at=0-300 '
            self.add('skip again')
        elif self.clock == 'T1':
            at = self.retransmission_time(s)
        elif self.clock:
            at = 'at=%g-%g ' % TIMERS.get(self.clock, (0.1, 300))
        self.add('%s < %s%s' % (side, at, text))
        self.compared += 1
        if 'at=15.5' in at and s.what == 'INVITE' and not any(x.what == 'ACM' for x in self.steps):
            self.add('isup < at=15-20 ACM')
            self.notes.append(EARLY_ACM)

    def retransmission_time(self, s):
        if s.what in ('INVITE', '200'):
            when = sum(min(.5 * 2 ** n, 100 if s.what == 'INVITE' else 4) for n in range(self.retransmitted))
            return 'at=%g-%g ' % (when, when + .1)
        return 'at=31.5-33 '

    def other_pstn(self, i, s):
        """What a PSTN without a message for it does: it rings and answers at once, and hangs up."""
        if self.pstn:
            return
        if s.out and s.what == 'BYE' and not any(x.what == 'REL' for x in self.steps[:i]):
            self.lines += ['isup > REL cause=16', 'isup < RLC']

    def after_other_pstn(self, s, i):
        """What goes to it without a message of the flow"""
        if self.pstn or s.out or s.side != 'sip' or any(x.side == 'isup' and x.out for x in self.steps[i:]):
            return
        acm = any('isup < ACM' in line for line in self.lines)
        if self.invited and self.invited.out and s.status in range(180, 200):
            self.add('isup < ACM')
        elif self.invited and self.invited.out and s.what == '200' and s.method() == 'INVITE':
            self.add('isup < %s' % ('ANM' if acm else 'CON'))
        elif s.what == 'BYE':
            self.add('isup < REL cause=16')
            self.add('isup >> RLC')

    def play(self):
        self.begin()
        timers = {s.what for s in self.steps if s.kind == 'timer'}
        for i, s in enumerate(self.steps):
            if s.kind == 'timer':
                self.clock = s.what
                continue
            if len(timers) > 1 and s.what in ('ACM', 'REL') and s.out:
                self.clock = 'T11' if s.what == 'ACM' else 'T1'
            self.other_pstn(i, s)
            if s.what == 'ACM' and s.out and self.refused:
                self.notes.append(NO_TONE)
                self.lines += ['isup < REL', 'isup > RLC']
                break
            self.waiting = i > 0 and self.steps[i - 1].out and self.steps[i - 1].side == 'sip'
            if s.side == 'isup':
                (self.isup_out if s.out else self.isup_in)(i, s)
            else:
                (self.sip_out if s.out else self.sip_in)(i, s)
            self.after_other_pstn(s, i)
        if self.is_unavailable():
            self.add('mtp resume')
        self.add('finish')
        return self.lines


class Table:
    """What was compared, and what came of it"""

    def __init__(self, flow_test, verbose):
        self.flow_test, self.verbose, self.rows, self.failed = flow_test, verbose, [], 0

    def run(self, what, lines, compared, notes=()):
        text = '\n'.join(lines) + '\n'
        done = subprocess.run([self.flow_test, '-'], input=text.encode(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        good = done.returncode == 0
        self.failed += not good
        self.rows.append((what, 'ok' if good else 'FAILED', str(compared), '; '.join(sorted(set(notes)))))
        if self.verbose or not good:
            print('== %s\n%s' % (what, text), end='')
            print(done.stdout.decode(errors='replace'))

    def skip(self, what, reason):
        self.rows.append((what, '-', '0', reason))

    def print(self):
        width = max(len(r[0]) for r in self.rows)
        print('%-*s %-6s %s  %s' % (width, 'what', 'result', 'compared', 'note'))
        for row in self.rows:
            print('%-*s %-6s %8s  %s' % (width, row[0], row[1], row[2], row[3]))


def flow(table, path):
    with open(path, encoding='utf-8') as f:
        what = json.load(f)
    name = '%s %s' % (what.get('rfc', ''), what.get('section', os.path.basename(path)))
    gateways = what.get('gateways')
    if gateways is None:
        gateways = ['gateway']
    if not gateways:
        table.skip(name, 'no gateway is in it: ' + what.get('title', ''))
    for gateway in gateways:
        steps, notes = steps_of(what, gateway)
        messages = [s for s in steps if s.kind == 'message']
        if not messages:
            table.skip('%s, %s' % (name, gateway), 'no message of it')
            continue
        within = messages[0].what not in ('INVITE', 'IAM')
        for prelude in ('sip', 'isup') if within else (None,):
            player = Player(what, gateway, steps, prelude)
            lines = player.play()
            title = name + (', ' + gateway if gateway != 'gateway' else '') + \
                (' in a call from ' + prelude.upper() if prelude else '')
            table.run(title, lines, player.compared, notes + player.notes)


# ---- Tables ----

SIP_CALL = ['skip 100', 'sip > INVITE sdp', 'isup < IAM']
ISUP_CALL = ['isup > IAM called=201234567 calling=301112222', 'sip < INVITE']
ANSWERED = {'sip': SIP_CALL + ['isup > CON', 'sip < 200', 'sip > ACK'],
            'isup': ISUP_CALL + ['sip > 200 sdp', 'isup < CON', 'sip < ACK']}


def cause_rows(table, name, rows):
    """isup_cause -> sip_status, in a call from SIP and REL as the answer to its IAM"""
    for row in rows:
        cause = 126 if row['isup_cause'] == '*' else int(row['isup_cause'])
        status = re.match(r'\d{3}', row['sip_status'])
        diagnostics = ' diagnostics=0x7003813132' if 'w/ diagnostic' in row['cause_text'] else ''
        title = '%s: %s%s' % (name, row['isup_cause'], ' with diagnostics' if diagnostics else '')
        if not status:
            table.skip(title, 'no status: ' + row['sip_status'])
            continue
        for location, expected in (('ln', status.group(0)), ('user', '603')):
            if location == 'user' and '603 when cause location is user' not in row['remark']:
                continue
            table.run('%s, location %s' % (title, location) if location == 'user' else title,
                      SIP_CALL + ['isup > REL cause(value=%d location=%s%s)' % (cause, location, diagnostics),
                                  'isup < RLC', 'sip < %s reason=%d' % (expected, cause), 'sip > ACK'], 3)


def status_rows(table, name, rows):
    """sip_status -> isup_cause, in a call from ISUP whose INVITE is refused so"""
    for row in rows:
        title = '%s: %s' % (name, row['sip_status'])
        user = 'user' in row['cause_location']
        cases = [(row['isup_cause'], '', '')]
        if 'Warning' in row['cause_text']:
            cases = [('31', '', ''), ('65', ' | Warning: 304 pbx "bearer"', ' with Warning')]
        for cause, lines, what in cases:
            location = ' cause(value=%s location=%s)' % (cause, 'user' if user else 'bi') if cause else ''
            table.run(title + what, ISUP_CALL + ['sip > %s%s' % (row['sip_status'], lines), 'sip < ACK',
                                                 'isup < REL' + location, 'isup > RLC'], 2)


def progress_in(text, out):
    """Lines for what a row says comes in, in a call that is set up; and what it waits for"""
    number_of = re.search(r'(\d+)', text)
    if text.startswith('ACM'):
        status = 'subscriber-free' if 'subscriber free' in text else 'no-indication'
        if 'interworking' in text:
            return [['isup > ACM bci(called_status=no-indication interworking=1)'],
                    ['isup > ACM bci(called_status=no-indication) obci(inband_info=1)']]
        return [['isup > ACM bci(called_status=%s)' % status]]
    if text.startswith('CPG'):
        return [['isup > ACM bci(called_status=%s)' % acm, 'sip < %s' % first, 'isup > CPG event=%s' % number_of.group(1)]
                for acm, first in (('no-indication', '183'), ('subscriber-free', '180')) if not out.startswith(first)]
    if text == 'ANM or CON':
        return [['isup > ACM bci(called_status=no-indication)', 'sip < 183', 'isup > ANM'], ['isup > CON']]
    if text in ('ANM', 'CON'):
        return [['isup > ' + text]]
    return None


def progress_isup(table, title, row):
    text, out = row['in'], row['out']
    ways = progress_in(text, out)
    status = re.match(r'\d{3}', out)
    if ways and status:
        for i, way in enumerate(ways):
            words = ' sdp' if 'SDP' in out or 'early media' in out else ''
            ack = ['sip > ACK'] if status.group(0)[0] == '2' else []
            table.run(title + (' (%d)' % (i + 1) if len(ways) > 1 else ''),
                      SIP_CALL + way + ['sip < %s%s' % (status.group(0), words)] + ack + ['finish'], 1)
    elif text == 'T9 expiry':
        table.run(title, ['skip again'] + SIP_CALL + ['isup > ACM bci(called_status=subscriber-free)', 'sip < 180', 'isup < at=90-180 REL cause=19',
                                     'sip < 480', 'sip > ACK', 'isup > RLC'], 2)
    elif text in OF_CALLS:
        for side in ('sip', 'isup'):
            table.run('%s, call from %s' % (title, side.upper()), ANSWERED[side] + OF_CALLS[text] + ['finish'],
                      sum('<' in line for line in OF_CALLS[text]))
    else:
        table.skip(title, 'not known here')


# What comes from the exchange in an answered call on circuit 1, and what is to come of it
OF_CALLS = {
    'REL': ['isup > REL cause=16', 'isup < RLC', 'sip < BYE reason=16', 'sip > 200'],
    'GRS': ['isup > cic=1 GRS range=3', 'isup < GRA', 'sip < BYE', 'sip > 200'],
    'RSC': ['isup > cic=1 RSC', 'isup < RLC', 'sip < BYE', 'sip > 200'],
    'BLO': ['isup > cic=1 BLO', 'isup < BLA', 'wait 1', 'calls 1', 'isup > cic=1 UBL', 'isup < UBA'],
    'CGB maintenance': ['isup > cic=1 CGB cgs_type=maintenance range(range=3 status=0x0f)', 'isup < CGBA', 'wait 1', 'calls 1',
                        'isup > cic=1 CGU cgs_type=maintenance range(range=3 status=0x0f)', 'isup < CGUA'],
    'CGB hardware': ['isup > cic=1 CGB cgs_type=hardware range(range=3 status=0x0f)', 'isup < CGBA', 'sip < BYE', 'sip > 200',
                     'isup > cic=1 CGU cgs_type=hardware range(range=3 status=0x0f)', 'isup < CGUA'],
    'CCR': ['isup > cic=9 CCR', 'wait 1', 'calls 1', 'forget isup', 'isup > cic=9 REL cause=16', 'forget isup'],
    'CFN': ['isup > cic=1 CFN cause=97', 'wait 1', 'calls 1'],
}


def progress_sip(table, title, row):
    text, out = row['in'], row['out']
    begin = list(ISUP_CALL)
    if row['condition'] == 'ACM already sent':
        begin += ['sip > 183', 'isup < ACM']
    status = re.match(r'\d{3}', text)
    event = re.search(r'CPG event (\d+)', out)
    if text == 'T11 expiry':
        table.run(title, ['skip again'] + begin + ['isup < at=15-20 ACM bci(called_status=no-indication)',
                                                   'isup < at=31-33 REL cause=18', 'isup > RLC'], 2)
    elif text.startswith('CANCEL with Reason'):
        table.run(title, SIP_CALL + ['sip > CANCEL | Reason: Q.850;cause=102', 'sip < 200 of=CANCEL', 'sip < 487',
                                     'sip >> ACK', 'isup < REL cause=102', 'isup > RLC'], 3)
    elif status and status.group(0)[0] == '2':
        table.run(title, begin + ['sip > 200 sdp', 'isup < %s' % ('CON' if 'CON' in out else 'ANM'), 'sip < ACK', 'finish'], 2)
    elif status:
        lines = begin + ['sip > ' + status.group(0)]
        if 'ACM' in out:
            lines.append('isup < ACM bci(called_status=%s)' % ('subscriber-free' if 'subscriber free' in out else
                                                                'no-indication'))
        if event:
            lines.append('isup < CPG event(event=%s)' % event.group(1))
        table.run(title, lines + ['finish'], 1)
    else:
        table.skip(title, 'not known here')


def progress_rows(table, name, rows):
    for row in rows:
        title = '%s: %s%s' % (name, row['in'], ', ' + row['condition'] if row['condition'] else '')
        (progress_isup if row['direction'] == 'ISUP->SIP' else progress_sip)(table, title, row)


def to_iam(ruri, iam, lines=''):
    return ['skip 100', 'sip > INVITE ruri=%s sdp%s' % (ruri, lines), 'isup < IAM ' + iam, 'finish']


def to_invite(iam, invite):
    return ['isup > IAM ' + iam, 'sip < INVITE ' + invite, 'finish']


# Rules in words, by their ids: calls in which they hold
ADDRESS_RULES = {
    'A1': [to_iam('tel:+33201234567', 'called(noa=national npi=isdn digits=201234567)'),
           to_iam('sip:+33201234567@192.0.2.1', 'called(noa=national npi=isdn digits=201234567)')],
    'A3': [to_iam('tel:+33201234567', 'calling(noa=national apri=allowed screening=network digits=301112222)',
                  ' | From: <tel:+33301112222>;tag=a')],
    'A5': [['skip 100', 'sip > INVITE ruri=tel:+33 sdp', 'sip < 484', 'sip > ACK'],
           ['skip 100', 'sip > INVITE ruri=sip:alice@192.0.2.1 sdp', 'sip < 4xx', 'sip > ACK']],
    'A7': [to_iam('tel:+33201234567;npdi=yes', 'called(noa=national digits=201234567) fci(number_translated=1)')],
    'B1': [to_invite('called(noa=international digits=442079460000)', 'ruri=+442079460000')],
    'B3': [to_invite('called(noa=network-specific digits=83000)', 'ruri=sip:83000@192.0.2.2;user=phone')],
    'B5': [to_invite('called=201234567 calling(apri=not-available digits=301112222)', 'From~<sip:192.0.2.1>')],
    'B7': [to_invite('called=201234567 original_called=301112222', 'To~+33301112222 ruri=+33201234567')],
    'B9': [to_invite('called=201234567 fci(number_translated=1)', 'ruri=npdi=yes')],
    'B11': [ISUP_CALL + ['sip > 180', 'isup < ACM bci(charge=2 called_category=1 e2e_method=0 interworking=0 '
                         'isup_all_the_way=1 holding=0 isdn_access=0)', 'finish']],
}


def address_rows(table, name, rows):
    for row in rows:
        if row['id'] not in ADDRESS_RULES:
            table.skip('%s: %s' % (name, row['id']), 'played elsewhere: ' + row['given'] if 'encapsulated' in row['given']
                       else 'not known here: ' + row['given'])
        for i, lines in enumerate(ADDRESS_RULES.get(row['id'], [])):
            table.run('%s: %s (%d)' % (name, row['id'], i + 1), lines, 1)


# Bodies of SIP-I by the method or status that they stand in: lines around them, and what is to come of it
SIPI = ['peer sipi optional', 'skip 100']


def body_lines(path, row):
    """The call that has this message, or a reason why there is none"""
    name = os.path.basename(path)
    with open(path, 'rb') as f:
        start = f.read(200).decode(errors='replace')
    like = ' like=' + path
    refused = row['validity'] == 'invalid'
    ruri = re.match(r'INVITE (sip:(?:\+33(\d+))?\S*)', start)
    # the Request-URI wins (RFC 3398 7.2.1.1)
    called = 'called=' + ruri.group(2) if ruri and ruri.group(2) else ''
    invite = 'sip > INVITE%s%s' % (' ruri=' + ruri.group(1) if ruri else '', like)
    if start.startswith('INVITE') and ('415' in row['expected'] and refused):
        exact = re.match(r'\d{3}$', row['expected'])
        return SIPI + [invite, 'sip < ' + (exact.group(0) if exact else '4xx'), 'sip > ACK']
    if start.startswith('INVITE') and refused:
        # taken without its ISUP, or refused: the gateway goes on
        return SIPI + [invite, 'wait 0', 'forget sip', 'forget isup', 'finish', 'forget sip', 'sip > INVITE call=2 sdp',
                       'isup < IAM', 'isup > REL cause=17', 'isup < RLC', 'sip < 486', 'sip > ACK']
    if start.startswith('INVITE') and row['validity'] == 'valid' and row['isup_types']:
        return SIPI + [invite, 'isup < IAM ' + called,
                       'isup > ACM bci(called_status=subscriber-free)', 'sip < 180 isup', 'finish']
    if start.startswith('BYE'):
        return SIPI + ['sip > INVITE like=' + path.replace(name, '').replace('thirdparty', 'constructed') + 'invite_isup_sdp.dat',
                       'isup < IAM', 'isup > CON', 'sip < 200 isup', 'sip > ACK', 'sip > BYE' + like, 'sip < 200',
                       'isup < REL cause=%d' % (16 if 'cause 16' in row['what'] else int(row['isup_cause'])), 'isup > RLC']
    status = re.match(r'SIP/2.0 (\d+)', start)
    begin = SIPI + ['isup > IAM called=201234567', 'sip < INVITE isup']
    message = {'6': 'ACM', '44': 'ACM', '9': 'CON', '12': 'REL cause=' + row['isup_cause']}.get(row['isup_types'])
    if status and message and row['isup_types'] == '12':
        return begin + ['sip > %s of=INVITE%s' % (status.group(1), like), 'sip < ACK', 'isup < ' + message, 'isup > RLC']
    if status and message:
        return begin + ['sip > %s of=INVITE%s' % (status.group(1), like), 'isup < ' + message, 'forget sip', 'finish'] \
            if row['isup_types'] != '44' else \
            begin + ['sip > 180', 'isup < ACM', 'sip > %s of=INVITE%s' % (status.group(1), like), 'isup < CPG', 'finish']
    return None


def body_rows(table, name, rows):
    for row in rows:
        path = os.path.join(table.directory, row['file'])
        lines = body_lines(path, row)
        if lines:
            table.run('body: ' + row['file'], lines, sum(' < ' in line for line in lines))
        else:
            table.skip('body: ' + row['file'], row['what'])


TABLES = [({'file', 'what', 'validity', 'expected', 'isup_types', 'isup_called'}, 'body', body_rows),
          ({'isup_cause', 'cause_text', 'sip_status', 'remark'}, 'cause', cause_rows),
          ({'direction', 'condition', 'in', 'out'}, 'progress', progress_rows),
          ({'id', 'given', 'expect'}, 'address', address_rows)]


def read_table(table, path):
    table.directory = os.path.dirname(path)
    with open(path, encoding='utf-8', newline='') as f:
        reader = csv.DictReader(f)
        rows, columns = list(reader), reader.fieldnames or []
    if columns and columns[0] == 'sip_status':
        status_rows(table, 'status', rows)
        return
    for needs, name, play in TABLES:
        if needs <= set(columns):
            play(table, name, rows)
            return
    table.skip(os.path.basename(path), 'columns that are not known: ' + ', '.join(columns))


def main():
    args = [a for a in sys.argv[1:] if a != '--print']
    if len(args) < 2:
        sys.exit(__doc__)
    table = Table(args[0], '--print' in sys.argv)
    for top in args[1:]:
        paths = [top] if os.path.isfile(top) else sorted(os.path.join(d, f) for d, _, files in os.walk(top) for f in files)
        for path in paths:
            if path.endswith('.json'):
                flow(table, path)
            elif path.endswith('.csv'):
                read_table(table, path)
    if not table.rows:
        print('skipped: no flows at ' + ' '.join(args[1:]))
        sys.exit(77)
    table.print()
    sys.exit(table.failed > 0)


main()
