import fc from 'fast-check';
import { NoProxy, noProxyProblem } from '../../lib/core';
import { NO_PROXY_CASES } from './no-proxy-cases';

const covers = (entries: readonly string[], text: string): boolean => {
  const { hostname, port } = new URL(text);
  return new NoProxy(entries).covers(hostname, port === '' ? 443 : Number(port));
};

test.each(NO_PROXY_CASES)("NO_PROXY='%s' and %s: reached without the proxy is %s", (noProxy, url, direct) => {
  expect(covers([noProxy], url)).toBe(direct);
});

const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,5}$/);
const name = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => labels.join('.'));
const octets = fc.array(fc.nat(255), { minLength: 4, maxLength: 4 });
const addressOf = (parts: readonly number[]): string => parts.join('.');
const groups = fc.array(fc.nat(0xffff), { minLength: 8, maxLength: 8 });
const port = fc.integer({ min: 1, max: 65_535 });

describe('properties', () => {
  test('a name covers itself and what is below, with a dot before it only what is below, and never what it is a part of', () => {
    fc.assert(
      fc.property(name, label, port, (domain, below, at) => {
        const with_ = (entry: string, host: string) => new NoProxy([entry]).covers(host, at);
        expect([with_(domain, domain), with_(domain, `${below}.${domain}`)]).toEqual([true, true]);
        expect([with_(`.${domain}`, `${below}.${domain}`), with_(`*.${domain}`, `${below}.${domain}`)]).toEqual([
          true,
          true,
        ]);
        expect([with_(`.${domain}`, domain), with_(`*.${domain}`, domain)]).toEqual([
          domain === 'localhost',
          domain === 'localhost',
        ]);
        expect(with_(domain, `x${domain}`)).toBe(`x${domain}` === 'localhost');
      }),
    );
  });

  test('a port binds an entry to it', () => {
    fc.assert(
      fc.property(name, port, port, (domain, at, other) => {
        fc.pre(domain !== 'localhost');
        expect(new NoProxy([`${domain}:${at}`]).covers(domain, other)).toBe(at === other);
      }),
    );
  });

  test('a network holds the addresses that begin as it does', () => {
    fc.assert(
      fc.property(octets, octets, fc.nat(32), (network, address, bits) => {
        fc.pre(address[0] !== 127);
        const number = (parts: readonly number[]) => parts.reduce((sum, part) => sum * 256 + part, 0);
        const size = 2 ** (32 - bits);
        const same = Math.floor(number(network) / size) === Math.floor(number(address) / size);
        expect(new NoProxy([`${addressOf(network)}/${bits}`]).covers(addressOf(address), 443)).toBe(same);
      }),
    );
  });

  test('an IPv6 address is one, however it is written', () => {
    fc.assert(
      fc.property(groups, (parts) => {
        const long = parts.map((group) => group.toString(16).padStart(4, '0')).join(':');
        const { hostname } = new URL(`https://[${long}]/`);
        expect(new NoProxy([long]).covers(hostname, 443)).toBe(true);
        expect(new NoProxy([hostname.slice(1, -1)]).covers(`[${long}]`, 443)).toBe(true);
        expect(new NoProxy([`${long}/128`]).covers(hostname, 443)).toBe(true);
      }),
    );
  });

  test('what is wrong covers nothing, and what covers something is not wrong', () => {
    const piece = fc.constantFrom(
      'a',
      'b.example',
      '10',
      '.',
      ':',
      '/',
      '*',
      '[',
      ']',
      '::1',
      '443',
      '8',
      ' ',
      '10.0.0.0',
    );
    const entry = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(''));
    const host = fc.constantFrom(
      'a',
      'b.example',
      'a.b.example',
      'example',
      '10.0.0.0',
      '[2001:db8::1]',
      '443.example',
    );
    fc.assert(
      fc.property(entry, host, port, (text, at, number) => {
        if (noProxyProblem(text)) expect(new NoProxy([text]).covers(at, number)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  test('entries in one text are those in several', () => {
    fc.assert(
      fc.property(fc.array(name), name, port, (entries, host, at) => {
        expect(new NoProxy([entries.join(' , ')]).covers(host, at)).toBe(new NoProxy(entries).covers(host, at));
      }),
    );
  });
});

test('what is wrong with an entry', () => {
  const wrong = [
    '',
    ' ',
    'a.example b.example',
    'http://a.example',
    '10.0.0.0/33',
    'a/b',
    '[::1]',
    '10.*',
    'a.*.example',
    'a.example:https',
    'a.example:0',
    'a.example.',
    ':443',
    '10.0.0',
    'a_b!',
  ];
  const right = [
    'a',
    '.svc',
    '*.a.example',
    'a.example:8443',
    '10.1.2.3',
    '10.1.2.3:8443',
    '10.0.0.0/8',
    'fd00::/8',
    '::1',
    '[::1]:8443',
    '*',
    'münchen.example',
    'a.example, b.example',
  ];
  expect(right.flatMap((entry) => noProxyProblem(entry) ?? [])).toEqual([]);
  const said = wrong.map((entry) => {
    const { message, remedy } = noProxyProblem(entry) ?? {};
    return `'${entry}' ${message}; ${remedy}`;
  });
  expect(said.join('\n')).toMatchInlineSnapshot(`
"'' is empty; leave it out
' ' is empty; leave it out
'a.example b.example' has a space in it; write several entries, each in quotes of its own
'http://a.example' is a URL, which no host ever equals; write the host alone, such as 'example.com'
'10.0.0.0/33' is not a network; write one such as '10.0.0.0/8' or 'fd00::/8'
'a/b' is not a network; write one such as '10.0.0.0/8' or 'fd00::/8'
'[::1]' has brackets, which go with a port alone; write the address without them
'10.*' has a * that stands for nothing; write '.example.com' for all hosts below a domain
'a.*.example' has a * that stands for nothing; write '.example.com' for all hosts below a domain
'a.example:https' has a port that is none; write one such as 'example.com:8443', or leave it out
'a.example:0' has a port that is none; write one such as 'example.com:8443', or leave it out
'a.example.' ends with a dot, and hosts of URLs do not; leave the dot out
':443' is neither a host name nor an address nor a network; write one such as '.example.com', '10.1.2.3' or '10.0.0.0/8'
'10.0.0' is neither a host name nor an address nor a network; write one such as '.example.com', '10.1.2.3' or '10.0.0.0/8'
'a_b!' is neither a host name nor an address nor a network; write one such as '.example.com', '10.1.2.3' or '10.0.0.0/8'"
`);
});
