#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tries isupsim --decode and --encode as a user would, with Python's JSON as judge.

Usage: codec_check.py ISUPSIM messages.txt...       vectors: octets, JSON, text and back; every cut
       codec_check.py ISUPSIM --errors              what is refused, and how
       codec_check.py ISUPSIM --csv FILE.csv...     material from outside: columns hex_with_cic, hex_without_cic
       codec_check.py ISUPSIM --sip [FILE...]       --sip; files from outside hold one SIP message each"""
import base64
import csv
import json
import re
import subprocess
import sys

ISUPSIM = sys.argv[1]
complaints = []


def expect(what, got, wanted):
    if got != wanted:
        complaints.append('%s\n  is     %s\n  not    %s' % (what, got, wanted))


def run(args, lines):
    """Status and lines that it prints, of which there is one for each"""
    data = ''.join(line + '\n' for line in lines).encode('utf-8', 'surrogateescape')
    done = subprocess.run([ISUPSIM] + args, input=data, stdout=subprocess.PIPE)
    out = done.stdout.decode().splitlines()
    expect('lines of ' + ' '.join(args), len(out), len(lines))
    return done.returncode, out


def round_trip(args, messages):
    """What does not decode must say where; the rest must come back. Returns the objects."""
    status, out = run(['--decode'] + args, messages)
    objects = [json.loads(line) for line in out]
    good = [n for n, o in enumerate(objects) if 'error' not in o]
    expect('status', status, int(len(good) < len(messages)))
    for octets, o in zip(messages, objects):
        if 'error' in o:
            expect('offset in ' + octets, 0 <= o['offset'] <= len(octets) // 2 and set(o) == {'error', 'offset'}, True)
    status, again = run(['--encode'] + args, [out[n] for n in good])
    expect('status', status, 0)
    for n, line in zip(good, again):
        expect(out[n], line, messages[n].replace(' ', '').lower())
    return objects


def cuts(octets):
    return [octets[:n] for n in range(len(octets))]


def items(par):
    return par['items'] if 'items' in par else [par.get('fields', {})]


def variants(o):
    """The same object with words only where there are words, and with values only"""
    for key in ('word', 'value'):
        copy = json.loads(json.dumps(o))
        for par in copy['parameters']:
            for item in items(par):
                for name, field in item.items():
                    if isinstance(field, dict):
                        item[name] = field.get(key, field['value'])
        yield json.dumps(copy, sort_keys=True)


def fields_of_text(text):
    """[(parameter, [(field, word)])]; the latter is a word where there is but one field"""
    for name, many, one in re.findall(r' (\w+)(?:\(([^)]*)\)|=(\S+))', re.sub(r'^\S+ cic=\d+', '', text)):
        yield name, [tuple(w.split('=', 1)) for w in many.split()] if not one else one


def expect_fields(octets, o, text):
    for par, (name, wanted) in zip(o['parameters'], fields_of_text(text)):
        got = [(n, str(f.get('word', f['value'])) if isinstance(f, dict) else f)
               for item in items(par) for n, f in item.items()]
        got = [(n, f) for n, f in got if f or n == 'digits']
        if 'octets' in par:
            got.append(('octets', par['octets']))
        if isinstance(wanted, str):
            got = got.pop()[1]
        expect('%s: %s' % (octets, name), (par.get('name', 'param0x%02x' % par['code']), got), (name, wanted))


def vectors(path):
    lines = [line.rstrip('\n') for line in open(path) if line.strip() and line[0] != '#']
    octets, texts = [line for line in lines if line[0] != '\t'], [line[1:] for line in lines if line[0] == '\t']
    objects = round_trip([], octets)
    for o, text, message in zip(objects, texts, octets):
        expect(message, o.get('message'), text.split()[0])
        expect_fields(message, o, text)
    expect(path, run(['--encode'], texts), (0, octets))
    every = [list(variants(o)) for o in objects]
    for n in range(2):
        expect(path, run(['--encode'], [v[n] for v in every]), (0, octets))
    with_cic = round_trip(['--with-cic'], ['23f1' + message for message in octets])
    for o in with_cic:
        expect('CIC', (o['cic'], o['cic_spare']), (0x123, 15))
    round_trip([], [cut for message in octets for cut in cuts(message)])
    round_trip(['--with-cic'], [cut for message in octets for cut in cuts('0100' + message)])
    print('%s: %d messages' % (path, len(octets)))


DECODE_ERRORS = [
    ('', 'no message has this length', 0), ('0', 'half an octet at the end', 0), ('0c02x', 'not hexadecimal', 2),
    ('0c 02 0', 'half an octet at the end', 2), ('xy', 'not hexadecimal', 0), ('{', 'not hexadecimal', 0),
    ('010020', 'mandatory fixed part is cut short', 2), ('00' * 547, 'too many octets for a message', 546),
    ('"\\é', 'not hexadecimal', 0),
]
ENCODE_ERRORS = [
    ('', "no message is called ''"), ('FOO', "no message is called 'FOO'"), ('REL cause=x', "cause: 'x' is no value"),
    ('{', None), ('{}', "message takes a string of letters, digits, '-' and '_'"), ('[]', "no message is called '[]'"),
    ('{"message": 5}', "message takes a string of letters, digits, '-' and '_'"),
    ('{"message": "FOO"}', "no message is called 'FOO'"), ('{"message": "REL"} x', None),
    ('{"message": "REL cause=17"}', "message takes a string of letters, digits, '-' and '_'"),
    ('{"message": "REL", "cics": 1}', "the message has no member 'cics'"),
    ('{"message": "REL", "\\u00e9": 1}', "the message has no member '?'"),
    ('{"message": "REL", "message": "REL"}', None),
    ('{"message": "REL", "cic": 4096}', 'cic takes a number from 0 to 4095'),
    ('{"message": "REL", "cic_spare": 16}', 'cic_spare takes a number from 0 to 15'),
    ('{"message": "REL", "parameters": {}}', 'parameters is no array'),
    ('{"message": "REL", "octets": "00"}', "octets: '00' is no 0xHEX"),
    ('{"message": "REL", "octets": 5}', "octets takes a string of letters, digits, '-' and '_'"),
] + [('{"message": "REL", "parameters": [%s]}' % par, error) for par, error in [
    ('5', 'a parameter is no object'), ('{}', 'a parameter has neither name nor code'),
    ('{"name": "foo"}', "no parameter is called 'foo'"), ('{"code": 256}', 'code takes a number from 0 to 255'),
    ('{"name": "cause", "code": 4}', 'cause has code 18, not 4'), ('{"code": 254}', 'parameter 254 is not known: it '
                                                                   'takes octets'),
    ('{"name": "cause", "items": []}', 'cause has fields, not items'),
    ('{"name": "circuit_state", "fields": {}}', 'circuit_state has items, not fields'),
    ('{"name": "circuit_state", "items": []}', 'items is no array, or empty'),
    ('{"name": "circuit_state", "items": [5]}', 'an item is no object'),
    ('{"name": "circuit_state", "items": [{"hardware": 1}]}', 'an item of circuit_state has no call'),
    ('{"name": "circuit_state", "items": [{"call": 1, "soft": 1}]}', "circuit_state has no field 'soft'"),
    ('{"name": "circuit_state", "items": [%s{"call": 1}]}' % ('{"call": 1}, ' * 32), "circuit_state: '1' is no call"),
    ('{"name": "cause", "field": {}}', "a parameter has no member 'field'"),
    ('{"name": "cause", "fields": 1}', 'fields is no object'),
    ('{"name": "cause", "fields": {"v": 1}}', "cause has no field 'v'"),
    ('{"name": "cause", "fields": {"value": 128}}', 'value takes a number from 0 to 127'),
    ('{"name": "cause", "fields": {"value": 1.5}}', 'value takes a number from 0 to 127'),
    ('{"name": "cause", "fields": {"value": null}}', 'value takes a number from 0 to 127'),
    ('{"name": "cause", "fields": {"value": {}}}', "value takes a string of letters, digits, '-' and '_'"),
    ('{"name": "cause", "fields": {"location": {"value": 2, "word": "user"}}}',
     'location: value and word do not mean the same'),
    ('{"name": "cause", "fields": {"location": "nowhere"}}', "cause: 'nowhere' is no location"),
    ('{"name": "cause", "fields": {"location": "ln) cic=5"}}',
     "location takes a string of letters, digits, '-' and '_'"),
    ('{"name": "cause", "fields": {"diagnostics": "01"}}', "cause: '01' is no diagnostics"),
    ('{"name": "usi", "fields": {"colour": 1}}', "usi has no field 'colour'"),
    ('{"name": "usi", "octets": "0x8"}', "'octets=0x8' is no 0xHEX"),
    ('{"name": "usi", "fields": {"more_6a": 1}}', 'usi( more_6a=1) cannot be encoded'),
    ('{"code": 254, "octets": "0x' + 600 * '0' + '"}', None),
]] + [
    ('{"message": "PAM", "content": {"message": "FOO"}}', "no message is called 'FOO'"),
    ('{"message": "PAM", "content": {"message": "PAM", "content": {"message": "RSC"}}}',
     'a message inside a message inside a message'),
    ('{"message": "GRS", "parameters": [{"name": "range"}, {"name": "range"}]}', 'range does not fit into this message'),
    ('{"message": "COT", "parameters": [{"name": "continuity", "octets": "0x0102"}]}',
     'a mandatory parameter has a length that the message cannot carry'),
    ('REL \udce9', 'neither JSON nor text: a character that is not printable ASCII'), ('[' * 100000, None),
    ('{"message": ' + '[' * 100000, None), ('{"message": "ANM", "parameters": [' + '{"code": 254, "octets": "0x"}, ' * 200
                                            + '{"code": 254, "octets": "0x"}]}', 'param0xfe does not fit into this message'),
]
ENCODE_GOOD = [
    ('REL cause=17', '0c0200028291'), ('{"message": "REL"}', '0c0200028290'),
    ('{"message": "rel", "cic": 5, "parameters": [{"code": 18, "fields": {"value": 17}}]}', '0c0200028291'),
    ('{"message": "REL", "parameters": [{"name": "cause", "fields": {"location": {"word": "user"}}}]}', '0c0200028090'),
    ('{"message": "ANM", "parameters": [{"code": 254, "octets": "0x01"}]}', '0901fe010100'),
    ('{"message": "MSG-0x99", "octets": "0x0102"}', '990102'),
    ('{"message": "PAM", "content": {"message": "ANM", "parameters": [{"name": "acl"}]}}', '28090127010100'),
    ('PAM octets=0x090127010100 [ANM cic=0 acl=1]', '28090127010100'),
]


def errors():
    for line, error, offset in DECODE_ERRORS:
        status, out = run(['--decode'], [line])
        o = json.loads(out[0])
        expect('status', status, 1)
        expect(line, (o.get('error'), o.get('offset')), (error, offset))
    for line, error in ENCODE_ERRORS:
        status, out = run(['--encode'], [line])
        o = json.loads(out[0])
        expect('status', status, 1)
        expect(line[:200], o.get('error') if error else bool(o['error']), error or True)
    for line, octets in ENCODE_GOOD:
        expect(line, run(['--encode'], [line]), (0, [octets]))
    expect('CIC', run(['--encode', '--with-cic'], ['RSC cic=258']), (0, ['020112']))
    expect('CIC', run(['--encode', '--with-cic'], ['{"message": "RSC", "cic": 258}']), (0, ['020112']))
    expect('CIC', json.loads(run(['--decode', '--with-cic'], ['02'])[1][0]), {'error': 'CIC is cut short', 'offset': 1})
    for args in (['--decode', '--encode'], ['--decode', 'x'], ['--decode', '--dialect', 'nonesuch'], ['--encode', '-x'],
                 ['--decode', '--sip', '--with-cic']):
        done = subprocess.run([ISUPSIM] + args, stdin=subprocess.DEVNULL, capture_output=True)
        expect(args, (done.returncode, done.stdout, done.stderr.startswith(b'isupsim: ') or len(done.stderr) > 0),
               (2, b'', True))
    expect('--dialect', run(['--decode', '--dialect', 'itu'], ['12'])[0], 0)


def csv_file(path):
    csv.field_size_limit(10 ** 7)
    rows = list(csv.DictReader(open(path)))
    for column, args in (('hex_with_cic', ['--with-cic']), ('hex_without_cic', [])):
        messages = [row[column] for row in rows if row.get(column) and re.fullmatch('(..)*', row[column])]
        messages = [m for m in messages if len(m) < 1088]
        round_trip(args, messages)
        round_trip(args, [cut for message in messages for cut in cuts(message)])
    print('%s: %d rows' % (path, len(rows)))


# ---- SIP ----

IAM, REL = bytes.fromhex('010020010a00020907831002214365070a078313031121220200'), bytes.fromhex('0c0200028291')
ISUP_TYPE = b'Content-Type: application/ISUP;version=itu-t92+\r\n'
HEADERS = (b'Via: SIP/2.0/UDP h;branch=z9hG4bKx\r\nFrom: <sip:a@h>;tag=1\r\nTo: <sip:b@h>\r\nCall-ID: c\r\n'
           b'Max-Forwards: 70\r\n')
MIXED = (b'--=b=\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n\r\n--=b=\r\n' + ISUP_TYPE + b'\r\n' + IAM +
         b'\r\n--=b=\r\nContent-Type: application/isup\r\nContent-Transfer-Encoding: base64\r\n\r\n' +
         base64.b64encode(REL) + b'\r\n--=b=--\r\n')


def sip(method, headers, body):
    return b'%s sip:b@h SIP/2.0\r\nCSeq: 1 %s\r\n%sContact: <sip:a@h>\r\n%sContent-Length: %d\r\n\r\n%s' % (
        method, method, HEADERS, headers, len(body), body)


SIP_GOOD = [
    (sip(b'BYE', ISUP_TYPE, REL), ['REL']), (sip(b'INVITE', b'Content-Type: multipart/mixed;boundary="=b="\r\n', MIXED),
                                            ['IAM', 'REL']),
    (MIXED, ['IAM', 'REL']), (ISUP_TYPE + b'\r\n' + REL, ['REL']),
    (b'Content-Type: multipart/mixed; boundary="=b="\r\n\r\n' + MIXED, ['IAM', 'REL']),
]
SIP_BAD = [
    (sip(b'BYE', b'', b''), 'there is no application/ISUP part', None),
    (sip(b'BYE', b'Content-Type: application/sdp\r\n', b'v=0'), 'there is no application/ISUP part', None),
    (ISUP_TYPE + b'\r\n' + REL[:4], 'mandatory variable parameter is cut short', len(ISUP_TYPE) + 2 + 3),
    (ISUP_TYPE + b'\r\n', 'there is no application/ISUP part', len(ISUP_TYPE) + 2),
    (ISUP_TYPE + b'Content-Transfer-Encoding: x\r\n\r\n' + REL, 'the encoding of the ISUP part is broken or not known',
     len(ISUP_TYPE) + 32), (b'hello', None, None), (b'', None, None),
]
SIP_ENCODE = [
    ('{"sip": ["a\\r\\n", "0x00ff", {"message": "REL"}, {"encoded": "QQ==", "isup": {}}]}', '610d0a00ff0c0200028290515' +
     '13d3d'), ('{"sip": []}', ''), ('{"sip": 5}', None), ('{}', None), ('[]', None), ('x', None),
    ('{"sip": [5]}', None), ('{"sip": ["\u00e9"]}', None), ('{"sip": ["0x0"]}', None), ('{"sip": [{"message": "F"}]}', None),
    ('{"sip": ["0x%s"]}' % ('00' * 65536), None),
]


def sip_round_trip(messages):
    """The objects; what is none must say where"""
    _, out = run(['--decode', '--sip'], [m.hex() for m in messages])
    objects = [json.loads(line) for line in out]
    good = [n for n, o in enumerate(objects) if 'error' not in o]
    for m, o in zip(messages, objects):
        expect('offset in %r' % m, 'error' not in o or 0 <= o['offset'] <= len(m), True)
    status, again = run(['--encode', '--sip'], [out[n] for n in good])
    expect('status', status, 0)
    for n, line in zip(good, again):
        expect(out[n], line, messages[n].hex())
    return objects


def sip_messages(paths):
    for (m, names), o in zip(SIP_GOOD, sip_round_trip([m for m, _ in SIP_GOOD])):
        found = [p.get('isup', p)['message'] for p in o.get('sip', []) if isinstance(p, dict)]
        expect(m, (o.get('error'), found), (None, names))
    for m, _ in SIP_GOOD:
        sip_round_trip(cuts(m))
    for (m, error, offset), o in zip(SIP_BAD, sip_round_trip([m for m, _, _ in SIP_BAD])):
        expect(m, o.get('error') if error else 'error' in o, error or True)
        expect(m, o.get('offset') if offset is not None else None, offset)
    for line, octets in SIP_ENCODE:
        status, out = run(['--encode', '--sip'], [line])
        expect(line[:100], out[0] if octets is not None else 'error' in json.loads(out[0]), True if octets is None else octets)
    objects = sip_round_trip([open(path, 'rb').read() for path in paths])
    print('%d of %d files hold ISUP messages' % (len([o for o in objects if 'sip' in o]), len(paths)))


if __name__ == '__main__':
    if sys.argv[2] == '--errors':
        errors()
    elif sys.argv[2] == '--sip':
        sip_messages(sys.argv[3:])
    else:
        for name in sys.argv[2 + (sys.argv[2] == '--csv'):]:
            (csv_file if sys.argv[2] == '--csv' else vectors)(name)
    print('\n'.join(complaints[:20]))
    sys.exit(bool(complaints))
