import { Testing } from 'cdk8s';
import { findingsOf } from '../../lib/core';
import {
  BundleEndpointProfile,
  ClusterFederatedTrustDomain,
  type ClusterFederatedTrustDomainProps,
} from '../../lib/registration';
import { linesOf, NONSENSE, objectsOf } from './support';

const bundle = {
  keys: [
    { use: 'x509-svid', kty: 'EC', x5c: ['MII='] },
    { use: 'jwt-svid', kty: 'EC', kid: 'a' },
  ],
};
const base = {
  trustDomain: 'partner.example',
  bundleEndpointUrl: 'https://partner.example',
  profile: BundleEndpointProfile.httpsWeb(),
};
const lines = (props: object) =>
  linesOf((chart) => new ClusterFederatedTrustDomain(chart, 'td', { ...base, ...props }));

test('the smallest object', () => {
  expect(objectsOf((chart) => new ClusterFederatedTrustDomain(chart, 'td', base))).toMatchInlineSnapshot(`
[
  {
    "apiVersion": "spire.spiffe.io/v1alpha1",
    "kind": "ClusterFederatedTrustDomain",
    "metadata": {
      "name": "test-td",
    },
    "spec": {
      "bundleEndpointProfile": {
        "type": "https_web",
      },
      "bundleEndpointURL": "https://partner.example",
      "trustDomain": "partner.example",
    },
  },
]
`);
});

test('every property, by the field names of the resource', () => {
  const props: Required<ClusterFederatedTrustDomainProps> = {
    name: 'partner',
    trustDomain: 'partner.example',
    bundleEndpointUrl: 'https://partner.example:8443/bundle',
    profile: BundleEndpointProfile.httpsSpiffe('spiffe://partner.example/spire/server'),
    trustDomainBundle: JSON.stringify(bundle),
    className: 'spire',
    labels: { team: 'a' },
    annotations: { note: 'b' },
    ownTrustDomain: 'example.org',
  };
  expect(lines(props)).toEqual([]);
  expect(objectsOf((chart) => new ClusterFederatedTrustDomain(chart, 'td', props))).toMatchInlineSnapshot(`
[
  {
    "apiVersion": "spire.spiffe.io/v1alpha1",
    "kind": "ClusterFederatedTrustDomain",
    "metadata": {
      "annotations": {
        "note": "b",
      },
      "labels": {
        "team": "a",
      },
      "name": "partner",
    },
    "spec": {
      "bundleEndpointProfile": {
        "endpointSPIFFEID": "spiffe://partner.example/spire/server",
        "type": "https_spiffe",
      },
      "bundleEndpointURL": "https://partner.example:8443/bundle",
      "className": "spire",
      "trustDomain": "partner.example",
      "trustDomainBundle": "{"keys":[{"use":"x509-svid","kty":"EC","x5c":["MII="]},{"use":"jwt-svid","kty":"EC","kid":"a"}]}",
    },
  },
]
`);
});

test('what is wrong with the endpoint', () => {
  expect([
    ...[
      'http://a.example',
      'a.example',
      'https://',
      'https:a',
      'https:///x',
      'https://user:secret@a.example/',
      'https://a b/',
      'https://a:port/',
      'HTTPS://a.example',
    ].flatMap((bundleEndpointUrl) => lines({ bundleEndpointUrl })),
    ...lines({ profile: { type: 'https_web', endpointSPIFFEID: 'spiffe://a/b' } }),
    ...lines({ profile: { type: 'https_spiffe' } }),
    ...lines({ profile: BundleEndpointProfile.httpsSpiffe('spiffe://other.example/spire/server') }),
    ...lines({ profile: 'https_web' }),
    ...lines({ ownTrustDomain: 'partner.example' }),
    ...lines({ trustDomain: 'Partner' }),
  ]).toMatchInlineSnapshot(`
[
  "error bundle-endpoint-url: bundleEndpointUrl 'http://a.example' does not have the scheme https; write a URL that begins with https://, such as 'https://bundle.example.org'",
  "error bundle-endpoint-url: bundleEndpointUrl 'a.example' does not have the scheme https; write a URL that begins with https://, such as 'https://bundle.example.org'",
  "error bundle-endpoint-url: bundleEndpointUrl 'https://' has no host; write one, such as 'https://bundle.example.org'",
  "error bundle-endpoint-url: bundleEndpointUrl 'https:a' has no host; write one, such as 'https://bundle.example.org'",
  "error bundle-endpoint-url: bundleEndpointUrl 'https:///x' has no host; write one, such as 'https://bundle.example.org'",
  "error bundle-endpoint-url: bundleEndpointUrl 'https://…@a.example/' has a user name or password in it; remove it: bundles are public",
  "error bundle-endpoint-url: bundleEndpointUrl 'https://a b/' is not a URL; write one, such as 'https://bundle.example.org'",
  "error bundle-endpoint-url: bundleEndpointUrl 'https://a:port/' is not a URL; write one, such as 'https://bundle.example.org'",
  "error bundle-endpoint-profile: profile.endpointSPIFFEID 'spiffe://a/b' is set, but https_web does not use it; remove it, or write BundleEndpointProfile.httpsSpiffe(…)",
  "error bundle-endpoint-profile: profile.endpointSPIFFEID null is not valid: must be a string; pass its text, such as 'spiffe://example.org/web'",
  "warning bundle-endpoint-profile: profile.endpointSPIFFEID 'spiffe://other.example/spire/server' is not in trust domain 'partner.example': the server needs the bundle of another trust domain to fetch this one; write 'spiffe://partner.example/spire/server', or federate with 'other.example' too",
  "error bundle-endpoint-profile: profile 'https_web' is not a profile of a bundle endpoint; write BundleEndpointProfile.httpsWeb() or BundleEndpointProfile.httpsSpiffe(…)",
  "error federation-self: trustDomain 'partner.example' is the own trust domain of the cluster; name a foreign one, or remove the object: servers of one trust domain share its bundle",
  "error trust-domain: trustDomain 'Partner' is not valid: trust domain characters are limited to lowercase letters, numbers, dots, dashes, and underscores; write the trust domain in lowercase",
]
`);
});

test('what is wrong with the bundle', () => {
  const of = (value: unknown) =>
    lines({ trustDomainBundle: typeof value === 'string' ? value : JSON.stringify(value) });
  expect([
    ...of('x'),
    ...of('-----BEGIN CERTIFICATE-----'),
    ...of([]),
    ...of({}),
    ...of({ keys: [] }),
    ...of({
      keys: [
        ...bundle.keys,
        1,
        { use: 'sig', kty: 'EC' },
        { kty: 'EC' },
        { use: 'x509-svid', x5c: [] },
        { use: 'jwt-svid', kty: 'EC' },
      ],
    }),
  ]).toMatchInlineSnapshot(`
[
  "error bundle: trustDomainBundle is not JSON; paste what 'spire-server bundle show -format spiffe' prints",
  "error bundle: trustDomainBundle is PEM, not a SPIFFE bundle in JSON; paste what 'spire-server bundle show -format spiffe' prints",
  "error bundle: trustDomainBundle is not a SPIFFE bundle; paste what 'spire-server bundle show -format spiffe' prints",
  "error bundle: trustDomainBundle has no list 'keys'; paste what 'spire-server bundle show -format spiffe' prints",
  "warning bundle: trustDomainBundle has no key for 'x509-svid': no X509-SVID of the trust domain will be believed; paste what 'spire-server bundle show -format spiffe' prints",
  "error bundle: trustDomainBundle.keys[2] is not a key; paste what 'spire-server bundle show -format spiffe' prints",
  "error bundle: trustDomainBundle.keys[3] has the use "sig", for which SPIRE refuses the whole bundle; remove the key, or write its use: x509-svid, jwt-svid, wit-svid",
  "error bundle: trustDomainBundle.keys[4] has the use undefined, for which SPIRE refuses the whole bundle; remove the key, or write its use: x509-svid, jwt-svid, wit-svid",
  "error bundle: trustDomainBundle.keys[5] has no type 'kty'; paste what 'spire-server bundle show -format spiffe' prints",
  "error bundle: trustDomainBundle.keys[5] has 0 certificates in 'x5c'; give every certificate a key of its own",
  "error bundle: trustDomainBundle.keys[6] has no 'kid', by which a token names the key; paste what 'spire-server bundle show -format spiffe' prints",
]
`);
});

test('a hint of which SPIRE reads nothing', () => {
  const of = (hints: object) => lines({ trustDomainBundle: JSON.stringify({ ...bundle, ...hints }) });
  expect(of({ spiffe_refresh_hint: 300, spiffe_sequence: 1 })).toEqual([]);
  expect([...of({ refresh_hint: 300 }), ...of({ refresh_hint: 300, spiffe_refresh_hint: 300 })]).toEqual([
    'warning bundle: trustDomainBundle.refresh_hint is not read by SPIRE, which goes by spiffe_refresh_hint; write its number of seconds as spiffe_refresh_hint, or leave it out',
    'warning bundle: trustDomainBundle.refresh_hint is not read by SPIRE, which goes by spiffe_refresh_hint; leave it out',
  ]);
});

test('late values pass unchecked', () => {
  const output = { __pulumiOutput: true, apply: () => undefined, get: () => 'x' };
  expect(lines({ bundleEndpointUrl: output, trustDomainBundle: output })).toEqual([]);
});

test.each([
  'name',
  'trustDomain',
  'bundleEndpointUrl',
  'profile',
  'trustDomainBundle',
  'className',
  'labels',
  'annotations',
  'ownTrustDomain',
])('untyped values of %s never throw', (property) => {
  for (const value of NONSENSE) expect(Array.isArray(lines({ [property]: value }))).toBe(true);
  expect(lines({ [property]: Symbol('s') })).not.toEqual([]);
});

test('no properties at all', () => {
  const none = undefined as unknown as ClusterFederatedTrustDomainProps;
  expect(linesOf((chart) => new ClusterFederatedTrustDomain(chart, 'td', none))).toMatchInlineSnapshot(`
[
  "error trust-domain: trustDomain null is not valid: must be a string; pass its text, such as 'example.org'",
  "error bundle-endpoint-url: bundleEndpointUrl is missing; set it",
  "error bundle-endpoint-profile: profile null is not a profile of a bundle endpoint; write BundleEndpointProfile.httpsWeb() or BundleEndpointProfile.httpsSpiffe(…)",
]
`);
});

test('an endpoint of another trust domain that is believed beside it, or is the own one', () => {
  const chart = Testing.chart();
  const shown = BundleEndpointProfile.httpsSpiffe('spiffe://hub.example/bundles');
  const add = (trustDomain: string, props: object = {}) =>
    new ClusterFederatedTrustDomain(chart, trustDomain, {
      trustDomain,
      bundleEndpointUrl: 'https://hub.example',
      profile: shown,
      ...props,
    });
  add('own.example', { ownTrustDomain: 'hub.example' });
  add('a.example');
  const found = () => findingsOf(chart).map(({ path }) => path);
  expect(found()).toEqual(['test/a.example']);
  add('the hub', { trustDomain: 'hub.example' });
  expect(found()).toEqual([]);
});
