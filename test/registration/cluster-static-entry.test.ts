import { SpiffeId, TrustDomain } from '@spirekit/runtime/id';
import { ClusterStaticEntry, type ClusterStaticEntryProps, Parent } from '../../lib/registration';
import { linesOf, NONSENSE, objectsOf } from './support';

const base = {
  spiffeId: 'spiffe://example.org/billing',
  parentId: 'spiffe://example.org/vm',
  selectors: ['unix:uid:1000'],
};
const lines = (props: object) => linesOf((chart) => new ClusterStaticEntry(chart, 'entry', { ...base, ...props }));

test('the smallest object', () => {
  expect(objectsOf((chart) => new ClusterStaticEntry(chart, 'entry', base))).toMatchInlineSnapshot(`
[
  {
    "apiVersion": "spire.spiffe.io/v1alpha1",
    "kind": "ClusterStaticEntry",
    "metadata": {
      "name": "test-entry",
    },
    "spec": {
      "parentID": "spiffe://example.org/vm",
      "selectors": [
        "unix:uid:1000",
      ],
      "spiffeID": "spiffe://example.org/billing",
    },
  },
]
`);
});

test('every property, by the field names of the resource', () => {
  const props: Required<ClusterStaticEntryProps> = {
    name: 'billing',
    spiffeId: SpiffeId.parse('spiffe://example.org/billing'),
    parentId: Parent.server(TrustDomain.parse('example.org')),
    selectors: ['k8s:ns:billing', 'k8s:sa:default'],
    federatesWith: ['partner.example'],
    x509SvidTtl: '1h',
    jwtSvidTtl: '5m',
    dnsNames: ['billing.example.org', '*.billing.example.org'],
    hint: 'internal',
    admin: false,
    downstream: false,
    storeSvid: true,
    className: 'spire',
    labels: { team: 'billing' },
    annotations: { note: 'x' },
    trustDomain: 'example.org',
  };
  expect(lines(props)).toEqual([]);
  expect(objectsOf((chart) => new ClusterStaticEntry(chart, 'entry', props))).toMatchInlineSnapshot(`
[
  {
    "apiVersion": "spire.spiffe.io/v1alpha1",
    "kind": "ClusterStaticEntry",
    "metadata": {
      "annotations": {
        "note": "x",
      },
      "labels": {
        "team": "billing",
      },
      "name": "billing",
    },
    "spec": {
      "admin": false,
      "className": "spire",
      "dnsNames": [
        "billing.example.org",
        "*.billing.example.org",
      ],
      "downstream": false,
      "federatesWith": [
        "partner.example",
      ],
      "hint": "internal",
      "jwtSVIDTTL": "5m",
      "parentID": "spiffe://example.org/spire/server",
      "selectors": [
        "k8s:ns:billing",
        "k8s:sa:default",
      ],
      "spiffeID": "spiffe://example.org/billing",
      "storeSVID": true,
      "x509SVIDTTL": "1h",
    },
  },
]
`);
});

test('parents', () => {
  expect(Parent.server('example.org')).toBe('spiffe://example.org/spire/server');
  expect(Parent.k8sPsatNode('example.org', 'demo', 'abc')).toBe('spiffe://example.org/spire/agent/k8s_psat/demo/abc');
});

test('the rules of the server', () => {
  expect([
    ...lines({ spiffeId: 'spiffe://example.org/spire/agent/x' }),
    ...lines({ spiffeId: 'spiffe://example.org' }),
    ...lines({ spiffeId: 'spiffe://Example.org/a' }),
    ...lines({ parentId: 'spiffe://other.org/vm' }),
    ...lines({ parentId: 'spiffe://example.org' }),
    ...lines({ trustDomain: 'other.org', parentId: 'spiffe://other.org/vm' }),
    ...lines({ selectors: [] }),
    ...lines({ selectors: ['unix', ':x', 'unix:', 'unix:uid:1', 'unix:uid:1'] }),
    ...lines({ selectors: ['unix:uid:1', 'k8s:ns:a'], storeSvid: true }),
    ...lines({ dnsNames: ['ö', 'a.*', '', 'a..b', 'a.', '-a'] }),
    ...lines({ x509SvidTtl: '-1h', jwtSvidTtl: '1.5s' }),
    ...lines({ x509SvidTtl: '2000000h' }),
    ...lines({ hint: 'x'.repeat(1025) }),
    ...lines({ federatesWith: ['example.org'] }),
  ]).toMatchInlineSnapshot(`
[
  "error spiffe-id: spiffeId 'spiffe://example.org/spire/agent/x' is in the part of the trust domain that SPIRE keeps for itself: '/spire'; write a path that does not begin with '/spire/'",
  "error spiffe-id: spiffeId 'spiffe://example.org' has no path; add one, such as 'spiffe://example.org/web'",
  "error spiffe-id: spiffeId 'spiffe://Example.org/a' is not valid: trust domain characters are limited to lowercase letters, numbers, dots, dashes, and underscores; write the trust domain in lowercase",
  "error parent-id: parentId 'spiffe://other.org/vm' is not in trust domain 'example.org'; begin it with 'spiffe://example.org/'",
  "error parent-id: parentId 'spiffe://example.org' has no path; add one, such as 'spiffe://example.org/web'",
  "error spiffe-id: spiffeId 'spiffe://example.org/billing' is not in trust domain 'other.org'; begin it with 'spiffe://other.org/'",
  "error selector: selectors [] is empty, so that no process could match; write at least one, such as ['unix:uid:1000']",
  "error selector: selectors[0] 'unix' has no ':'; write type and value, such as 'k8s:ns:shop'",
  "error selector: selectors[1] ':x' has an empty type; write type and value, such as 'k8s:ns:shop'",
  "error selector: selectors[2] 'unix:' has an empty value; write type and value, such as 'k8s:ns:shop'",
  "error selector: selectors[4] 'unix:uid:1' is listed twice; remove one of the two",
  "error selector: selectors ["unix:uid:1","k8s:ns:a"] has the types unix and k8s, but a stored SVID needs selectors of one type; keep the selectors of the SVIDStore plugin that stores it",
  "error dns-name: dnsNames[0] 'ö' has characters that are not ASCII; write the name in punycode, such as 'xn--bcher-kva.example'",
  "error dns-name: dnsNames[1] 'a.*' has a '*' that is not the whole first label; write at most one, in front: '*.example.org'",
  "error dns-name: dnsNames[2] '' is empty; write a DNS name such as 'payments.shop.svc'",
  "error dns-name: dnsNames[3] 'a..b' has the part '', which is not a DNS label; write 1 to 63 letters, digits, '-' and '_' between dots, with no '-' at the ends nor twice as 3rd and 4th",
  "error dns-name: dnsNames[4] 'a.' ends with '.'; remove the last '.'",
  "error dns-name: dnsNames[5] '-a' has the part '-a', which is not a DNS label; write 1 to 63 letters, digits, '-' and '_' between dots, with no '-' at the ends nor twice as 3rd and 4th",
  "error svid-ttl: x509SvidTtl '-1h' is negative; write a duration of at least '0s'",
  "error svid-ttl: jwtSvidTtl '1.5s' is not a whole number of seconds, in which the SPIRE server counts; write '1s'",
  "error svid-ttl: x509SvidTtl '2000000h' is longer than the SPIRE server can hold (about 68 years); write a lifetime of hours or days, such as '24h'",
  "error hint: hint 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… (1027 characters) has 1025 bytes; shorten it to 1024 bytes",
  "warning federates-with: federatesWith[0] 'example.org' is the trust domain of the workload itself; remove it: workloads always get the bundle of their own trust domain",
]
`);
});

test.each([
  'name',
  'spiffeId',
  'parentId',
  'selectors',
  'federatesWith',
  'x509SvidTtl',
  'jwtSvidTtl',
  'dnsNames',
  'hint',
  'admin',
  'downstream',
  'storeSvid',
  'className',
  'labels',
  'annotations',
  'trustDomain',
])('untyped values of %s never throw', (property) => {
  for (const value of NONSENSE) expect(Array.isArray(lines({ [property]: value }))).toBe(true);
  expect(lines({ [property]: Symbol('s') })).not.toEqual([]);
});

test('no properties at all', () => {
  expect(
    linesOf((chart) => new ClusterStaticEntry(chart, 'entry', undefined as unknown as ClusterStaticEntryProps)),
  ).toMatchInlineSnapshot(`
[
  "error spiffe-id: spiffeId is missing; set it",
  "error parent-id: parentId is missing; set it",
  "error selector: selectors is missing; set it",
]
`);
});
