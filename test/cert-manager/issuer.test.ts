import { ClusterIssuer, Issuer, type IssuerProps, type IssuerSource, WebTrust } from '../../lib/cert-manager';
import { gateOf, ownWave, Waves } from '../../lib/core';
import { DEMO_ROOT } from '../core/fixtures-certificates';
import { linesOf, NONSENSE, newChart, objectOf, untyped } from './support';

const acme = Issuer.acme({ email: 'ops@example.com' });
const ca = Issuer.ca({ secretName: 'ca', roots: DEMO_ROOT, kind: 'ClusterIssuer' });
const namespace = 'spire-server';
const lines = (props: object) => linesOf((chart) => new Issuer(chart, 'issuer', { source: acme, namespace, ...props }));
const clusterLines = (props: object) =>
  linesOf((chart) => new ClusterIssuer(chart, 'issuer', { source: ca, ...props }));

test('an Issuer for a platform', () => {
  const props = { source: acme, namespace, ingressClassName: 'openshift-default', labels: { team: 'a' } };
  expect(objectOf((chart) => new Issuer(chart, 'issuer', props))).toMatchInlineSnapshot(`
{
  "apiVersion": "cert-manager.io/v1",
  "kind": "Issuer",
  "metadata": {
    "labels": {
      "team": "a",
    },
    "name": "acme",
    "namespace": "spire-server",
  },
  "spec": {
    "acme": {
      "email": "ops@example.com",
      "privateKeySecretRef": {
        "name": "acme-account-key",
      },
      "server": "https://acme-v02.api.letsencrypt.org/directory",
      "solvers": [
        {
          "http01": {
            "ingress": {
              "ingressClassName": "openshift-default",
            },
          },
        },
      ],
    },
  },
}
`);
  expect(lines(props)).toEqual([]);
});

test('a ClusterIssuer has no namespace', () => {
  expect(objectOf((chart) => new ClusterIssuer(chart, 'issuer', { source: ca, name: 'corp' }))).toMatchInlineSnapshot(`
{
  "apiVersion": "cert-manager.io/v1",
  "kind": "ClusterIssuer",
  "metadata": {
    "name": "corp",
  },
  "spec": {
    "ca": {
      "secretName": "ca",
    },
  },
}
`);
  expect(clusterLines({ name: 'corp' })).toEqual([]);
});

test('issuers come before what starts with their certificates, and nothing waits for them', () => {
  const chart = newChart();
  const made = [new Issuer(chart, 'a', { source: acme, namespace }), new ClusterIssuer(chart, 'b', { source: ca })];
  expect(made.map((issuer) => [ownWave(issuer), gateOf(issuer)])).toEqual([
    [Waves.certificates, undefined],
    [Waves.certificates, undefined],
  ]);
});

test('what is wrong', () => {
  const existing = Issuer.existing({ name: 'ours', trust: WebTrust.public() });
  expect([
    ...lines({ source: Issuer.acme({ email: 'ops', kind: untyped('issuer') }) }),
    ...lines({ source: ca }),
    ...clusterLines({ source: acme }),
    ...lines({ source: existing }),
    ...lines({ source: { acme: {} }, namespace: undefined }),
    ...lines({ name: 'My Issuer', labels: { 'a b': 'c', d: 'e f' }, ingressClassName: 'a/b' }),
    ...clusterLines({ namespace }),
  ]).toMatchInlineSnapshot(`
[
  "error issuer-kind: kind 'issuer' is not known here; write one of Issuer, ClusterIssuer",
  "error issuer-email: email 'ops' is not an email address; write an address, such as 'ops@example.com'",
  "error issuer-source: source is for an object of kind ClusterIssuer; write kind: 'Issuer' in it, or make a new ClusterIssuer()",
  "error issuer-source: source is for an object of kind Issuer; write kind: 'ClusterIssuer' in it, or make a new Issuer()",
  "error issuer-source: source names an issuer that exists; remove this construct, or write Issuer.acme({ … })",
  "error issuer-source: source is not an issuer; make it with a factory: Issuer.acme({ … }), Issuer.ca({ … }) or Issuer.existing({ … })",
  "error issuer-namespace: namespace is missing; write the namespace whose certificates it issues",
  "error issuer-name: name 'My Issuer' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part",
  "error issuer-solver: ingressClassName 'a/b' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part",
  "error labels: labels 'a b' is not a label key that Kubernetes accepts; write a name such as 'app', or one with a DNS prefix such as 'example.com/app'",
  "error labels: labels['d'] 'e f' is not a label value that Kubernetes accepts; write at most 63 characters of A-Z, a-z, 0-9, '-', '_' and '.', with a letter or digit at both ends",
  "error property-unknown: namespace is not a property; write one of source, name, labels, ingressClassName",
]
`);
});

test.each(['source', 'namespace', 'name', 'labels', 'ingressClassName'])(
  'untyped values of %s never throw',
  (property) => {
    for (const value of NONSENSE) expect(() => lines({ [property]: value })).not.toThrow();
    expect(lines({ [property]: Symbol('s') })).not.toEqual([]);
  },
);

test('no properties at all', () => {
  const none = untyped<IssuerProps>(undefined);
  expect(linesOf((chart) => new Issuer(chart, 'issuer', none))).toEqual([
    'error issuer-source: source is not an issuer; make it with a factory: Issuer.acme({ … }), Issuer.ca({ … }) or Issuer.existing({ … })',
    'error issuer-namespace: namespace is missing; write the namespace whose certificates it issues',
  ]);
});

describe('a construct as a source', () => {
  const chart = newChart();
  const { trust, solver } = acme;
  const about = { type: 'existing', group: 'cert-manager.io', findings: [] };

  test.each([
    ['of one namespace', acme, {}, { name: 'acme', trust, solver }],
    [
      'with a class',
      acme,
      { ingressClassName: 'nginx' },
      { name: 'acme', trust, solver: { type: 'http01', ingressClassName: 'nginx' } },
    ],
    ['with another name', acme, { name: 'corp' }, { name: 'corp', trust, solver }],
    // Its own object says what is wrong.
    ['with mistakes', Issuer.acme({ email: 'ops' }), {}, { name: 'acme', trust }],
    ['of nonsense', untyped<IssuerSource>(7), {}, { name: 'invalid', trust }],
  ])('%s', (id, source, props, expected) => {
    const issuer = new Issuer(chart, id.replaceAll(' ', '-'), { source, namespace, ...props });
    expect(issuer.source).toEqual({ ...about, kind: 'Issuer', namespace, ...expected });
  });

  test('of all namespaces', () => {
    const { source } = new ClusterIssuer(chart, 'all', { source: ca });
    expect(source).toEqual({ ...about, kind: 'ClusterIssuer', name: 'internal-ca', trust: ca.trust });
  });

  test('is one of those that exist already', () => {
    const { source } = new Issuer(newChart(), 'issuer', { source: acme, namespace });
    expect(lines({ source })).toEqual([
      'error issuer-source: source names an issuer that exists; remove this construct, or write Issuer.acme({ … })',
    ]);
  });
});
