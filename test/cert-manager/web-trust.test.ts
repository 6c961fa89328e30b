import { WebTrust, webTrustFindings } from '../../lib/cert-manager';
import { DEMO_LEAF, DEMO_ROOT, PRIVATE_KEY, SPIFFE_ROOT } from '../core/fixtures-certificates';
import { lineOf, NONSENSE } from './support';

const lines = (trust: unknown) => webTrustFindings('trust', trust).map(lineOf);

test('the kinds', () => {
  expect([WebTrust.public(), WebTrust.staging(), WebTrust.private(DEMO_ROOT)]).toEqual([
    { type: 'public' },
    { type: 'staging' },
    { type: 'private', roots: DEMO_ROOT },
  ]);
  expect([WebTrust.public(), WebTrust.staging(), WebTrust.private(DEMO_ROOT + SPIFFE_ROOT)].flatMap(lines)).toEqual([]);
});

test('roots are kept as every program reads them', () => {
  const indented = `\n  # ours\n${DEMO_ROOT.replaceAll(/^/gm, '  ')}`;
  expect(WebTrust.private(indented)).toEqual({ type: 'private', roots: DEMO_ROOT });
});

test('what is wrong', () => {
  expect([
    ...lines(undefined),
    ...lines('public'),
    ...lines({ type: 'mozilla' }),
    ...lines({ type: 'private' }),
    ...lines({ type: 'public', roots: DEMO_ROOT }),
    ...lines({ type: 'staging', roots: DEMO_ROOT }),
    ...lines(WebTrust.private('ca.pem')),
    ...lines(WebTrust.private(DEMO_LEAF)),
    ...lines(WebTrust.private(PRIVATE_KEY)),
  ]).toMatchInlineSnapshot(`
[
  "error web-trust: trust does not say who believes the certificates; write WebTrust.public(), WebTrust.staging() or WebTrust.private(roots)",
  "error web-trust: trust does not say who believes the certificates; write WebTrust.public(), WebTrust.staging() or WebTrust.private(roots)",
  "error web-trust: trust does not say who believes the certificates; write WebTrust.public(), WebTrust.staging() or WebTrust.private(roots)",
  "error web-trust: trust.roots is missing; paste the certificate with its lines '-----BEGIN CERTIFICATE-----' and '-----END CERTIFICATE-----'",
  "error web-trust: trust.roots is given, but trust of type 'public' has none; write WebTrust.private(roots), or remove it",
  "error web-trust: trust.roots is given, but trust of type 'staging' has none; write WebTrust.private(roots), or remove it",
  "error web-trust: trust.roots holds no certificate in PEM; paste the certificate with its lines '-----BEGIN CERTIFICATE-----' and '-----END CERTIFICATE-----'",
  "error web-trust: trust.roots holds as certificate 1 of 1 'CN=Demo Leaf', which is not a CA; paste the certificate of the CA that has issued it",
  "error web-trust: trust.roots holds a private key; remove it, and replace the key if others could read the program; paste certificates only",
]
`);
});

test.each(NONSENSE)('nonsense is found: %p', (value) => {
  expect(lines(value)).toHaveLength(1);
  expect(lines(WebTrust.private(value as string))).toHaveLength(1);
});
