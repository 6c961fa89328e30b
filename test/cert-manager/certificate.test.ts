import {
  AcmeSolver,
  Certificate,
  type CertificateProps,
  ClusterIssuer,
  Issuer,
  type IssuerSource,
  WebTrust,
} from '../../lib/cert-manager';
import { Duration, gateOf, ownWave, Waves } from '../../lib/core';
import { fakeOutput } from '../core/fixtures';
import { DEMO_ROOT } from '../core/fixtures-certificates';
import { linesOf, NONSENSE, newChart, objectOf, untyped } from './support';

const namespace = 'spire-server';
const base: CertificateProps = {
  namespace,
  secretName: 'endpoint-tls',
  dnsNames: ['bundle.example.com'],
  issuer: Issuer.acme({ email: 'ops@example.com' }),
};
const lines = (props: object) => linesOf((chart) => new Certificate(chart, 'certificate', { ...base, ...props }));
const specOf = (props: object) =>
  (objectOf((chart) => new Certificate(chart, 'certificate', { ...base, ...props })) as { spec: object }).spec;

test('the smallest object', () => {
  expect(objectOf((chart) => new Certificate(chart, 'certificate', base))).toMatchInlineSnapshot(`
{
  "apiVersion": "cert-manager.io/v1",
  "kind": "Certificate",
  "metadata": {
    "name": "endpoint-tls",
    "namespace": "spire-server",
  },
  "spec": {
    "dnsNames": [
      "bundle.example.com",
    ],
    "duration": "2160h",
    "issuerRef": {
      "group": "cert-manager.io",
      "kind": "Issuer",
      "name": "acme",
    },
    "privateKey": {
      "algorithm": "ECDSA",
      "rotationPolicy": "Always",
      "size": 256,
    },
    "renewBefore": "360h",
    "secretName": "endpoint-tls",
    "usages": [
      "server auth",
      "digital signature",
    ],
  },
}
`);
  expect(lines({})).toEqual([]);
});

test('every property', () => {
  const props: Required<CertificateProps> = {
    ...base,
    dnsNames: ['bundle.example.com', '*.example.com'],
    issuer: { name: 'corp', kind: 'AWSPCAClusterIssuer', group: 'awspca.cert-manager.io' },
    duration: Duration.hours(24),
    renewBefore: '6h30m',
    privateKey: { algorithm: 'RSA', size: 4096, rotationPolicy: 'Never', encoding: 'PKCS8' },
    usages: ['server auth', 'client auth'],
    commonName: 'Bundle.example.com',
    name: 'endpoint',
    labels: { team: 'a' },
  };
  expect(lines(props)).toEqual([]);
  expect(objectOf((chart) => new Certificate(chart, 'certificate', props))).toMatchInlineSnapshot(`
{
  "apiVersion": "cert-manager.io/v1",
  "kind": "Certificate",
  "metadata": {
    "labels": {
      "team": "a",
    },
    "name": "endpoint",
    "namespace": "spire-server",
  },
  "spec": {
    "commonName": "Bundle.example.com",
    "dnsNames": [
      "bundle.example.com",
      "*.example.com",
    ],
    "duration": "24h",
    "issuerRef": {
      "group": "awspca.cert-manager.io",
      "kind": "AWSPCAClusterIssuer",
      "name": "corp",
    },
    "privateKey": {
      "algorithm": "RSA",
      "encoding": "PKCS8",
      "rotationPolicy": "Never",
      "size": 4096,
    },
    "renewBefore": "6h30m",
    "secretName": "endpoint-tls",
    "usages": [
      "server auth",
      "client auth",
    ],
  },
}
`);
});

test('the next waves wait for it', () => {
  const certificate = new Certificate(newChart(), 'certificate', base);
  expect([ownWave(certificate), gateOf(certificate)?.condition, certificate.secretName]).toEqual([
    Waves.certificates,
    { type: 'condition', condition: 'Ready' },
    'endpoint-tls',
  ]);
});

test('issuers that were made by constructs, with names of their own', () => {
  const chart = newChart();
  const source = Issuer.ca({ secretName: 'ca', roots: DEMO_ROOT });
  const cluster = Issuer.ca({ secretName: 'ca', roots: DEMO_ROOT, kind: 'ClusterIssuer' });
  const issuers = [
    new Issuer(chart, 'a', { source, namespace, name: 'ours' }),
    new ClusterIssuer(chart, 'b', { source: cluster, name: 'corp' }),
  ];
  expect(issuers.map((issuer) => specOf({ issuer }))).toMatchObject([
    { issuerRef: { name: 'ours', kind: 'Issuer', group: 'cert-manager.io' } },
    { issuerRef: { name: 'corp', kind: 'ClusterIssuer', group: 'cert-manager.io' } },
  ]);
  expect(issuers.flatMap((issuer) => lines({ issuer }))).toEqual([]);
  const elsewhere = new Issuer(chart, 'c', { source, namespace: 'other' });
  expect(lines({ issuer: elsewhere })).toEqual([
    "error issuer-reference: issuer lives in namespace 'other', and issues certificates of that one only; make a ClusterIssuer, or an Issuer for each namespace",
  ]);
});

test('findings of a source are those of its object; what exists has none', () => {
  const trust = WebTrust.public();
  expect(lines({ issuer: Issuer.acme({ email: 'ops' }) })).toEqual([]);
  expect(lines({ issuer: Issuer.existing({ name: 'A b', trust }) })).toEqual([
    "error issuer-reference: name 'A b' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part",
  ]);
});

test('late names pass unchecked', () => {
  const props = { dnsNames: [fakeOutput()], commonName: 'bundle.example.com' };
  expect(lines(props)).toEqual([]);
  expect(lines({ commonName: fakeOutput() })).toEqual([]);
});

test('what is wrong with names and references', () => {
  expect([
    ...lines({ namespace: undefined, secretName: 'My Secret', name: 'A', labels: { a: 'b c' } }),
    ...lines({ secretName: '' }),
    ...lines({ issuer: undefined }),
    ...lines({ issuer: 'acme' }),
    ...lines({ issuer: {} }),
    ...lines({ issuer: { name: 'a', kind: 'AWSPCAClusterIssuer' } }),
    ...lines({ commonName: 'other.example.com' }),
    ...lines({ dnsNames: [`${'a'.repeat(60)}.example.com`], commonName: `${'a'.repeat(60)}.example.com` }),
    ...lines({ domains: ['a'] }),
  ]).toMatchInlineSnapshot(`
[
  "error certificate-namespace: namespace is missing; write the namespace of the pods that use it",
  "error certificate-secret: secretName 'My Secret' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part",
  "error certificate-name: name 'A' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part",
  "error labels: labels['a'] 'b c' is not a label value that Kubernetes accepts; write at most 63 characters of A-Z, a-z, 0-9, '-', '_' and '.', with a letter or digit at both ends",
  "error certificate-secret: secretName is empty; write the name of the Secret that shall be made",
  "error issuer-reference: issuer is missing; make it with a factory: Issuer.acme({ … }), Issuer.ca({ … }) or Issuer.existing({ … })",
  "error issuer-reference: issuer is not an issuer; make it with a factory: Issuer.acme({ … }), Issuer.ca({ … }) or Issuer.existing({ … })",
  "error issuer-reference: issuer.name is missing; write the name of an issuer",
  "error issuer-reference: issuer.kind 'AWSPCAClusterIssuer' is not a kind of the group 'cert-manager.io'; write Issuer or ClusterIssuer, or the group of the kind",
  "error certificate-names: commonName 'other.example.com' is not one of dnsNames; remove it, or list it there too",
  "error certificate-names: commonName 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com' has 72 bytes, of which X.509 holds 64; remove it",
  "error property-unknown: domains is not a property; write one of namespace, secretName, dnsNames, issuer, duration, renewBefore, privateKey, usages, commonName, name, labels",
]
`);
});

test('a wildcard needs DNS-01', () => {
  const dnsNames = ['*.example.com'];
  const dns01 = AcmeSolver.dns01({ cloudflare: { apiTokenSecretRef: { name: 'dns', key: 'token' } } });
  expect(lines({ dnsNames })).toEqual([
    "error certificate-names: dnsNames[0] '*.example.com' is a wildcard, which HTTP-01 cannot show to be ours; use AcmeSolver.dns01(…)",
  ]);
  expect(lines({ dnsNames, issuer: Issuer.acme({ email: 'ops@example.com', solver: dns01 }) })).toEqual([]);
});

test.each(
  Object.keys({ ...base, duration: 1, renewBefore: 1, privateKey: 1, usages: 1, commonName: 1, name: 1, labels: 1 }),
)('untyped values of %s never throw', (property) => {
  for (const value of NONSENSE) expect(() => lines({ [property]: value })).not.toThrow();
  expect(lines({ [property]: Symbol('s') })).not.toEqual([]);
});

test('no properties at all', () => {
  expect(linesOf((chart) => new Certificate(chart, 'certificate', untyped(undefined)))).toMatchInlineSnapshot(`
[
  "error certificate-namespace: namespace is missing; write the namespace of the pods that use it",
  "error certificate-secret: secretName is missing; write the name of the Secret that shall be made",
  "error certificate-names: dnsNames is missing; write the names that clients use, such as ['web.example.com']",
  "error issuer-reference: issuer is missing; make it with a factory: Issuer.acme({ … }), Issuer.ca({ … }) or Issuer.existing({ … })",
]
`);
});

test("a construct's source is as good as the construct", () => {
  const said = (source: IssuerSource, namespace: string, dnsNames: string[]): string[] =>
    linesOf((chart) => {
      const issuer = new Issuer(chart, 'issuer', { source, namespace });
      return new Certificate(chart, 'certificate', { ...base, dnsNames, issuer: issuer.source });
    });
  const acme = Issuer.acme({ email: 'ops@example.com' });
  expect(said(acme, base.namespace, ['bundle.example.com'])).toEqual([]);
  expect(said(acme, 'elsewhere', ['bundle.example.com'])).toEqual([
    "error issuer-reference: issuer lives in namespace 'elsewhere', and issues certificates of that one only; " +
      'make a ClusterIssuer, or an Issuer for each namespace',
  ]);
  expect(said(acme, base.namespace, ['*.example.com', 'db.internal'])).toEqual([
    "error certificate-names: dnsNames[0] '*.example.com' is a wildcard, which HTTP-01 cannot show to be ours; use AcmeSolver.dns01(…)",
    "error certificate-names: dnsNames[1] 'db.internal' is a name of private networks, which no public CA certifies; " +
      'write a name of the public DNS, or use Issuer.ca(…)',
  ]);
});
