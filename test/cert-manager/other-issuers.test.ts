import { Issuer, isIssuerSource, issuerSpec, WebTrust } from '../../lib/cert-manager';
import { fakeOutput } from '../core/fixtures';
import { DEMO_LEAF, DEMO_ROOT, PRIVATE_KEY } from '../core/fixtures-certificates';
import { lineOf, NONSENSE, untyped } from './support';

const ca = (options: object) => Issuer.ca({ secretName: 'ca', roots: DEMO_ROOT, ...options });
const existing = (options: object) => Issuer.existing({ name: 'ours', trust: WebTrust.public(), ...options });

test("a CA's key in a Secret", () => {
  expect(ca({})).toEqual({
    type: 'ca',
    name: 'internal-ca',
    kind: 'Issuer',
    group: 'cert-manager.io',
    trust: { type: 'private', roots: DEMO_ROOT },
    spec: { ca: { secretName: 'ca' } },
    findings: [],
  });
  const cluster = ca({ kind: 'ClusterIssuer', name: 'corp', secretName: fakeOutput() });
  expect([cluster.kind, cluster.name, cluster.findings]).toEqual(['ClusterIssuer', 'corp', []]);
  expect(issuerSpec(ca({}), { ingressClassName: 'nginx' })).toEqual({ ca: { secretName: 'ca' } });
});

test('an issuer that exists', () => {
  expect(existing({})).toEqual({
    type: 'existing',
    name: 'ours',
    kind: 'Issuer',
    group: 'cert-manager.io',
    trust: { type: 'public' },
    findings: [],
  });
  const foreign = existing({ kind: 'AWSPCAClusterIssuer', group: 'awspca.cert-manager.io' });
  expect([foreign.kind, foreign.group, foreign.findings]).toEqual([
    'AWSPCAClusterIssuer',
    'awspca.cert-manager.io',
    [],
  ]);
  expect(issuerSpec(foreign)).toBeUndefined();
  expect(existing({ trust: { type: 'private', roots: ` ${DEMO_ROOT}` } }).trust).toEqual(WebTrust.private(DEMO_ROOT));
});

test('what is wrong', () => {
  const sources = [
    ca({ secretName: undefined }),
    ca({ secretName: 'My CA', kind: 'issuer' }),
    ca({ roots: undefined }),
    ca({ roots: DEMO_LEAF }),
    ca({ roots: PRIVATE_KEY }),
    ca({ trust: WebTrust.public() }),
    existing({ name: undefined }),
    existing({ name: 'A', group: 'B' }),
    existing({ kind: 'AWSPCAClusterIssuer' }),
    existing({ trust: undefined }),
    existing({ trust: WebTrust.private(DEMO_LEAF) }),
    existing({ trusts: 1 }),
  ];
  expect(sources.flatMap(({ findings }) => findings.map(lineOf))).toMatchInlineSnapshot(`
[
  "error issuer-secret: secretName is missing; write the name of a Secret with the certificate and the key of the CA",
  "error issuer-kind: kind 'issuer' is not known here; write one of Issuer, ClusterIssuer",
  "error issuer-secret: secretName 'My CA' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part",
  "error issuer-roots: roots is missing; paste the certificate with its lines '-----BEGIN CERTIFICATE-----' and '-----END CERTIFICATE-----'",
  "error issuer-roots: roots holds as certificate 1 of 1 'CN=Demo Leaf', which is not a CA; paste the certificate of the CA that has issued it",
  "error issuer-roots: roots holds a private key; remove it, and replace the key if others could read the program; paste certificates only",
  "error property-unknown: trust is not a property; write one of secretName, roots, kind, name",
  "error issuer-reference: name is missing; write the name of an issuer",
  "error issuer-reference: name 'A' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part",
  "error issuer-reference: group 'B' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part",
  "error issuer-reference: kind 'AWSPCAClusterIssuer' is not a kind of the group 'cert-manager.io'; write Issuer or ClusterIssuer, or the group of the kind",
  "error web-trust: trust does not say who believes the certificates; write WebTrust.public(), WebTrust.staging() or WebTrust.private(roots)",
  "error web-trust: trust.roots holds as certificate 1 of 1 'CN=Demo Leaf', which is not a CA; paste the certificate of the CA that has issued it",
  "error property-unknown: trusts is not a property; write one of name, kind, group, trust",
]
`);
});

test('untyped options never throw', () => {
  for (const value of NONSENSE) {
    for (const property of ['secretName', 'roots', 'kind', 'name', 'group', 'trust']) {
      expect(isIssuerSource(ca({ [property]: value }))).toBe(true);
      expect(isIssuerSource(existing({ [property]: value }))).toBe(true);
    }
    expect(Issuer.ca(untyped(value)).findings.length).toBeGreaterThan(0);
    expect(Issuer.existing(untyped(value)).findings.length).toBeGreaterThan(0);
    expect(isIssuerSource(value)).toBe(false);
  }
});
