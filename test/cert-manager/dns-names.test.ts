import fc from 'fast-check';
import { Issuer, WebTrust } from '../../lib/cert-manager';
import { certificateNameProblem, readDnsNames } from '../../lib/cert-manager/dns-names';
import { PropChecks } from '../../lib/cert-manager/prop-checks';
import { DEMO_ROOT } from '../core/fixtures-certificates';
import { lineOf } from './support';

const email = 'ops@example.com';
const linesOf = (names: unknown, issuer?: unknown) => {
  const checks = new PropChecks();
  readDnsNames(checks, names, issuer);
  return checks.findings.map(lineOf);
};

test.each([
  'web.example.com',
  '*.example.com',
  'Web.Example.COM',
  'localhost',
  'a.svc',
  'xn--bcher-kva.example',
  '1.a',
])('%s is a DNS name', (name) => {
  expect(certificateNameProblem(name)).toBeUndefined();
});

test.each([
  ['', 'has an empty part'],
  ['a..b', 'has an empty part'],
  ['a.example.com.', 'has an empty part'],
  ['*', "has a '*' that is not the whole first part"],
  ['a*.example.com', "has a '*' that is not the whole first part"],
  ['*.*.example.com', "has a '*' that is not the whole first part"],
  ['*.', 'has an empty part'],
  ['bücher.example', 'has characters that are not ASCII'],
  ['a_b.example.com', "has the part 'a_b', which is no DNS label"],
  ['-a.example.com', "has the part '-a', which is no DNS label"],
  ['https://example.com', "has the part 'https://example', which is no DNS label"],
  ['example.com:443', "has the part 'com:443', which is no DNS label"],
  [`${'a'.repeat(64)}.b`, `has the part '${'a'.repeat(64)}', which is no DNS label`],
  ['192.0.2.1', 'is an IP address or ends like one'],
  [`${'a.'.repeat(127)}`, 'has 254 characters'],
])("'%s' is none", (name, message) => {
  expect(certificateNameProblem(name)?.message).toBe(message);
});

test('names of labels are right up to 253 characters', () => {
  const label = fc.stringMatching(/^[a-z][a-z0-9]{0,20}$/);
  fc.assert(
    fc.property(fc.array(label, { minLength: 1, maxLength: 20 }), fc.boolean(), (labels, wildcard) => {
      const name = `${wildcard ? '*.' : ''}${labels.join('.')}`;
      expect(certificateNameProblem(name) === undefined).toBe(name.length <= 253);
    }),
    { seed: 1 },
  );
});

test('what is wrong with a list', () => {
  expect([
    ...linesOf(undefined),
    ...linesOf([]),
    ...linesOf('a.example.com'),
    ...linesOf(['a.example.com', 'A.example.com', undefined, 1, '']),
  ]).toMatchInlineSnapshot(`
[
  "error certificate-names: dnsNames is missing; write the names that clients use, such as ['web.example.com']",
  "error certificate-names: dnsNames is empty; write the names that clients use, such as ['web.example.com']",
  "error certificate-names: dnsNames is not a list of names; write the names that clients use, such as ['web.example.com']",
  "error certificate-names: dnsNames[1] 'A.example.com' is listed twice; remove one of the two",
  "error certificate-names: dnsNames[2] is missing; write the names that clients use, such as ['web.example.com']",
  "error certificate-names: dnsNames[3] 1 is not text; write it in quotes",
  "error certificate-names: dnsNames[4] is empty; write the names that clients use, such as ['web.example.com']",
]
`);
});

test('public CAs certify public names only', () => {
  const names = ['oidc.corp.internal'];
  const server = 'https://ca.corp.internal/acme/acme/directory';
  expect(linesOf(names, Issuer.acme({ email }))).toEqual([
    "error certificate-names: dnsNames[0] 'oidc.corp.internal' is a name of private networks, which no public CA certifies; write a name of the public DNS, or use Issuer.ca(…)",
  ]);
  expect(linesOf(names, Issuer.acme({ email, server, roots: DEMO_ROOT }))).toEqual([]);
  expect(linesOf(names, Issuer.ca({ secretName: 'ca', roots: DEMO_ROOT }))).toEqual([]);
  expect(linesOf(['*.corp.internal'], Issuer.existing({ name: 'a', trust: WebTrust.public() }))).toEqual([]);
});
