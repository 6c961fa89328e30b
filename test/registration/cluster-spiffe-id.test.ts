import { Chart, Testing } from 'cdk8s';
import { Duration, findingsOf } from '../../lib/core';
import { ClusterSpiffeId, type ClusterSpiffeIdProps } from '../../lib/registration';
import { linesOf, NONSENSE, objectsOf } from './support';

const shop = { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } };
const lines = (props: object) =>
  linesOf((chart) => new ClusterSpiffeId(chart, 'id', { namespaceSelector: shop, ...props }));

test('the smallest object', () => {
  expect(objectsOf((chart) => new ClusterSpiffeId(chart, 'id', { namespaceSelector: shop }))).toMatchInlineSnapshot(`
[
  {
    "apiVersion": "spire.spiffe.io/v1alpha1",
    "kind": "ClusterSPIFFEID",
    "metadata": {
      "name": "test-id",
    },
    "spec": {
      "namespaceSelector": {
        "matchLabels": {
          "kubernetes.io/metadata.name": "shop",
        },
      },
      "spiffeIDTemplate": "spiffe://{{ .TrustDomain }}/ns/{{ .PodMeta.Namespace }}/sa/{{ .PodSpec.ServiceAccountName }}",
    },
  },
]
`);
});

test('every property, by the field names of the resource', () => {
  const props: Required<ClusterSpiffeIdProps> = {
    name: 'payments',
    spiffeIdTemplate: 'spiffe://{{ .TrustDomain }}/payments',
    podSelector: () => ({ matchExpressions: [{ key: 'app', operator: 'In', values: ['payments'] }] }),
    namespaceSelector: shop,
    federatesWith: ['partner.example', 'spiffe://other.example'],
    ttl: Duration.hours(1),
    jwtTtl: '90s',
    dnsNameTemplates: ['{{ .PodMeta.Name }}.shop.svc'],
    workloadSelectorTemplates: ['unix:uid:1000'],
    autoPopulateDnsNames: true,
    admin: true,
    downstream: false,
    fallback: false,
    hint: 'internal',
    className: 'spire',
    labels: { team: 'shop' },
    annotations: { 'example.com/note': 'a note' },
    trustDomain: 'example.org',
  };
  expect(lines(props)).toEqual([]);
  expect(objectsOf((chart) => new ClusterSpiffeId(chart, 'id', props))).toMatchInlineSnapshot(`
[
  {
    "apiVersion": "spire.spiffe.io/v1alpha1",
    "kind": "ClusterSPIFFEID",
    "metadata": {
      "annotations": {
        "example.com/note": "a note",
      },
      "labels": {
        "spire.spiffe.io/class-name": "spire",
        "team": "shop",
      },
      "name": "payments",
    },
    "spec": {
      "admin": true,
      "autoPopulateDNSNames": true,
      "className": "spire",
      "dnsNameTemplates": [
        "{{ .PodMeta.Name }}.shop.svc",
      ],
      "downstream": false,
      "fallback": false,
      "federatesWith": [
        "partner.example",
        "other.example",
      ],
      "hint": "internal",
      "jwtTtl": "1m30s",
      "namespaceSelector": {
        "matchLabels": {
          "kubernetes.io/metadata.name": "shop",
        },
      },
      "podSelector": {
        "matchExpressions": [
          {
            "key": "app",
            "operator": "In",
            "values": [
              "payments",
            ],
          },
        ],
      },
      "spiffeIDTemplate": "spiffe://{{ .TrustDomain }}/payments",
      "ttl": "1h",
      "workloadSelectorTemplates": [
        "unix:uid:1000",
      ],
    },
  },
]
`);
});

test('what is wrong with values', () => {
  expect(
    lines({
      spiffeIdTemplate: 'spiffe://other.org/a',
      trustDomain: 'example.org',
      federatesWith: ['Partner.Example', 'a.example', 'a.example', 'example.org', 5],
      ttl: '1d',
      jwtTtl: '500ms',
      dnsNameTemplates: ['a.*.b', '{{ .Foo }}', 'a', 'a'],
      workloadSelectorTemplates: ['k8s'],
      admin: 'yes',
      hint: 'é'.repeat(600),
      labels: { 'a b': 'x y' },
      annotations: { a: 1 },
      className: 7,
      name: 5,
    }),
  ).toMatchInlineSnapshot(`
[
  "error spiffe-id-template: spiffeIdTemplate 'spiffe://other.org/a' is not in trust domain 'example.org'; begin it with 'spiffe://example.org/'",
  "error trust-domain: federatesWith[0] 'Partner.Example' is not valid: trust domain characters are limited to lowercase letters, numbers, dots, dashes, and underscores; write the trust domain in lowercase",
  "error trust-domain: federatesWith[4] 5 is not valid: must be a string; pass its text, such as 'example.org'",
  "error federates-with: federatesWith[2] 'a.example' is listed twice; remove one of the two",
  "warning federates-with: federatesWith[3] 'example.org' is the trust domain of the workload itself; remove it: workloads always get the bundle of their own trust domain",
  "error svid-ttl: ttl '1d' has the unit 'd', which Go does not know; write hours",
  "error svid-ttl: jwtTtl '500ms' is not a whole number of seconds, in which the SPIRE server counts; write '1s'",
  "error dns-name-template: dnsNameTemplates[0] 'a.*.b' has a '*' that is not the whole first label; write at most one, in front: '*.example.org'",
  "error dns-name-template: dnsNameTemplates[1] '{{ .Foo }}' has the unknown field '.Foo'; known are .TrustDomain, .ClusterName, .ClusterDomain, .PodMeta, .PodSpec, .NodeMeta, .NodeSpec",
  "error dns-name-template: dnsNameTemplates[3] 'a' is listed twice; remove one of the two",
  "error selector-template: workloadSelectorTemplates[0] 'k8s' has no ':'; write type and value, such as 'k8s:ns:shop'",
  "error boolean: admin 'yes' is not a boolean; write true or false, without quotes",
  "error hint: hint 'ééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé… (602 characters) has 1200 bytes; shorten it to 1024 bytes",
  "error class-name: className 7 is not text; write it in quotes",
  "error object-name: name 5 is not text; write it in quotes",
  "error labels: labels 'a b' is not a label key that Kubernetes accepts; write a name such as 'app', or one with a DNS prefix such as 'example.com/app'",
  "error labels: labels['a b'] 'x y' is not a label value that Kubernetes accepts; write at most 63 characters of A-Z, a-z, 0-9, '-', '_' and '.', with a letter or digit at both ends",
  "error annotations: annotations['a'] 1 is not text; write it in quotes",
]
`);
});

test('lists and maps that are none', () => {
  expect(
    lines({ federatesWith: 'a.example', dnsNameTemplates: 'a', labels: [], ttl: 60, podSelector: { app: 'x' } }),
  ).toMatchInlineSnapshot(`
[
  "error federates-with: federatesWith 'a.example' is not a list of trust domains; write ['example.org']",
  "error svid-ttl: ttl 60 is not text; write a number with a unit, such as '1h30m'",
  "error dns-name-template: dnsNameTemplates 'a' is not a list; write it in square brackets",
  "error labels: labels [] is not a map of text; write { 'example.com/key': 'value' }",
  "error label-selector: podSelector 'app' is not a field of a label selector; write { matchLabels: { "app": … } }",
]
`);
});

test('an object without selectors matches every pod', () => {
  const all = (props: object) => linesOf((chart) => new ClusterSpiffeId(chart, 'id', props));
  expect([
    ...all({}),
    ...all({ podSelector: {}, namespaceSelector: { matchLabels: {} } }),
    ...all({ admin: true }),
    ...all({ admin: true, downstream: true, fallback: true }),
    ...all({ downstream: true, podSelector: shop }),
  ]).toMatchInlineSnapshot(`
[
  "warning identity-scope: gives the identity to every pod of the cluster; set podSelector or namespaceSelector",
  "warning identity-scope: gives the identity to every pod of the cluster; set podSelector or namespaceSelector",
  "error identity-scope: gives the identity with admin rights to every pod of the cluster; set podSelector or namespaceSelector",
  "error identity-scope: gives the identity with admin and downstream rights to every pod of the cluster; set podSelector or namespaceSelector",
  "warning identity-scope: gives downstream rights to pods of every namespace, whose authors choose their labels; set namespaceSelector, such as { matchLabels: { 'kubernetes.io/metadata.name': 'spire' } }",
]
`);
  expect(all({ fallback: true })).toEqual([]);
  expect(all({ podSelector: shop })).toEqual([]);
});

test('selectors that are made late are checked late', () => {
  let ready = false;
  const app = Testing.app();
  const object = new ClusterSpiffeId(new Chart(app, 'c'), 'id', {
    podSelector: () => {
      if (!ready) throw new Error('too early');
      return { matchLabels: { app: 'x y' } };
    },
  });
  ready = true;
  expect(findingsOf(app)).toMatchInlineSnapshot(`
[
  {
    "message": "is not a label value that Kubernetes accepts",
    "path": "c/id",
    "property": "podSelector.matchLabels['app']",
    "remedy": "write at most 63 characters of A-Z, a-z, 0-9, '-', '_' and '.', with a letter or digit at both ends",
    "rule": "label-selector",
    "severity": "error",
    "value": "x y",
  },
]
`);
  expect(object.toJson().spec.podSelector).toEqual({ matchLabels: { app: 'x y' } });
  expect(lines({ namespaceSelector: undefined, podSelector: () => undefined })).toMatchInlineSnapshot(`
[
  "error label-selector: podSelector is not a label selector; write { matchLabels: { app: 'web' } }",
]
`);
});

test('late values pass unchecked', () => {
  const output = { __pulumiOutput: true, apply: () => undefined, get: () => 'x' };
  expect(lines({ hint: output, ttl: output, spiffeIdTemplate: output, federatesWith: [output] })).toEqual([]);
});

const PROPERTIES = [
  'name',
  'spiffeIdTemplate',
  'podSelector',
  'namespaceSelector',
  'federatesWith',
  'ttl',
  'jwtTtl',
  'dnsNameTemplates',
  'workloadSelectorTemplates',
  'autoPopulateDnsNames',
  'admin',
  'downstream',
  'fallback',
  'hint',
  'className',
  'labels',
  'annotations',
  'trustDomain',
];

test.each(PROPERTIES)('untyped values of %s never throw', (property) => {
  for (const value of NONSENSE) expect(Array.isArray(lines({ [property]: value }))).toBe(true);
  expect(lines({ [property]: Symbol('s') })).not.toEqual([]);
});

test('no properties at all', () => {
  expect(linesOf((chart) => new ClusterSpiffeId(chart, 'id', null as unknown as object))).toHaveLength(1);
});
