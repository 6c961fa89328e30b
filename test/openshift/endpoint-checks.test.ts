import { Issuer, WebTrust } from '../../lib/cert-manager';
import { BundleEndpoint, Exposure } from '../../lib/cluster';
import { FederationMesh, Topology } from '../../lib/federation';
import { OpenShiftCluster } from '../../lib/openshift';
import { fakeOutput } from '../core/fixtures';
import { openShift, said, untyped, web } from './installation';

const issuer = Issuer.acme({ email: 'pki@example.com' });
const trust = WebTrust.public();
const acme = { email: 'pki@example.com', tosAccepted: true };
const LABEL = 'a'.repeat(64);

/** Each mistake, with its finding alone. */
const MISTAKES: Readonly<Record<string, object>> = {
  'no endpoint': { bundleEndpoint: {} },
  'text in its place': { bundleEndpoint: 'https_web' },
  'known late': { bundleEndpoint: fakeOutput() },
  'a certificate that is text': { bundleEndpoint: { profile: 'https_web', certificate: 'tls' } },
  'an issuer that is text': { bundleEndpoint: web({ issuer: 'letsencrypt' }) },
  'two certificates': { bundleEndpoint: web({ issuer, secretName: 'tls', trust }) },
  'a certificate beside https_spiffe': { bundleEndpoint: { profile: 'https_spiffe', certificate: { issuer } } },
  "another host than the operator's": { bundleEndpoint: web({ issuer, host: 'federation.example.com' }) },
  'a host that is none': { bundleEndpoint: web({ issuer, host: 'https://federation.example.com' }) },
  'a host with a label that is too long': {
    bundleEndpoint: web({ issuer, host: `${LABEL}.example.com`, exposure: Exposure.route() }),
  },
  'a trust domain of which no host can be made': {
    trustDomain: `${LABEL}.example.com`,
    appsDomain: 'apps.example.com',
    bundleEndpoint: web({ issuer, dnsRecord: true }),
  },
  'an exposure of plain Kubernetes': { bundleEndpoint: web({ issuer, exposure: Exposure.loadBalancer() }) },
  'the same, with a host': {
    bundleEndpoint: web({ issuer, exposure: Exposure.loadBalancer(), host: 'federation.example.com' }),
  },
  'an exposure that is text': { bundleEndpoint: web({ issuer, exposure: 'route' }) },
  'an exposure that is known late': { bundleEndpoint: web({ issuer, exposure: fakeOutput() }) },
  'a host in the exposure': { bundleEndpoint: web({ issuer, exposure: { type: 'route', host: 'a.example.com' } }) },
  "annotations of the operator's Route": {
    bundleEndpoint: web({ issuer, exposure: { type: 'managed-route', annotations: { a: 'b' } } }),
  },
  'annotations that are a list': { bundleEndpoint: web({ issuer, exposure: { type: 'route', annotations: ['a'] } }) },
  'annotations that are known late': {
    bundleEndpoint: web({ issuer, exposure: { type: 'route', annotations: { a: fakeOutput() } } }),
  },
  'an address that only ZTWIM refuses': { bundleEndpoint: web({ acme: { ...acme, email: '-a@example.com' } }) },
  'a Secret that is known late': { bundleEndpoint: web({ secretName: fakeOutput(), trust }), version: '1.0' },
  'a hint out of bounds': { bundleEndpoint: web({ issuer, refreshHint: '59s' }) },
  'a seed that is a number': { bundleEndpoint: web({ issuer, seed: 5 }) },
  'a DNS record that is text': { bundleEndpoint: web({ issuer, dnsRecord: 'yes' }) },
};

test('each mistake is one finding, in the words of its user', () => {
  const found = Object.entries(MISTAKES).map(([name, props]) => [name, ...said(openShift(props))].join('\n  '));
  expect(found.join('\n')).toMatchInlineSnapshot(`
"no endpoint
  bundleEndpoint {} is not a bundle endpoint; make it with BundleEndpoint.httpsWeb() or BundleEndpoint.httpsSpiffe() (bundle-endpoint)
text in its place
  bundleEndpoint 'https_web' is not an object; write its properties in braces (property-kind)
known late
  bundleEndpoint is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (property-kind)
a certificate that is text
  bundleEndpoint has no certificate; write BundleEndpoint.httpsWeb() with exactly one of issuer, acme, secretName with trust, or router (bundle-endpoint-certificate)
an issuer that is text
  bundleEndpoint.issuer is not an issuer; make it with a factory: Issuer.acme({ … }), Issuer.ca({ … }) or Issuer.existing({ … }) (bundle-endpoint-certificate)
two certificates
  bundleEndpoint has issuer and secretName; write BundleEndpoint.httpsWeb() with exactly one of issuer, acme, secretName with trust, or router (bundle-endpoint-certificate)
a certificate beside https_spiffe
  bundleEndpoint.certificate is not a property; write one of host, refreshHint, exposure, seed, dnsRecord (property-unknown)
another host than the operator's
  bundleEndpoint.host 'federation.example.com' is not the host of the Route that the operator makes, which is 'federation.apps.demo.example.com'; leave it out, or make the Route here: exposure: Exposure.route() (bundle-endpoint-host)
a host that is none
  bundleEndpoint.host 'https://federation.example.com' is not the full name of a host; write one such as 'federation.example.com', in lowercase, without scheme, port and path (bundle-endpoint-host)
a host with a label that is too long
  bundleEndpoint.host 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com' is not the full name of a host; write one such as 'federation.example.com', in lowercase, without scheme, port and path (bundle-endpoint-host)
a trust domain of which no host can be made
  bundleEndpoint.host 'federation.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com' follows from the trust domain, and is not a host that a Route can have; choose a trust domain that is a DNS name of at most 242 characters, or write exposure: Exposure.route() (bundle-endpoint-host)
an exposure of plain Kubernetes
  bundleEndpoint.exposure 'load-balancer' is not an exposure on OpenShift; leave it out for the Route of the operator, or write Exposure.route() (bundle-endpoint-exposure)
the same, with a host
  bundleEndpoint.exposure 'load-balancer' is not an exposure on OpenShift; leave it out for the Route of the operator, or write Exposure.route() (bundle-endpoint-exposure)
an exposure that is text
  bundleEndpoint.exposure 'route' is not an exposure on OpenShift; leave it out for the Route of the operator, or write Exposure.route() (bundle-endpoint-exposure)
an exposure that is known late
  bundleEndpoint.exposure is not an exposure on OpenShift; leave it out for the Route of the operator, or write Exposure.route() (bundle-endpoint-exposure)
a host in the exposure
  bundleEndpoint.exposure.host is not a property; write one of annotations (property-unknown)
annotations of the operator's Route
  bundleEndpoint.exposure.annotations is not a property; leave it out, or write Exposure.route() (property-unknown)
annotations that are a list
  bundleEndpoint.exposure.annotations ["a"] is not a map of text; write { 'example.com/key': 'value' } (bundle-endpoint-exposure)
annotations that are known late
  bundleEndpoint.exposure.annotations is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (bundle-endpoint-exposure)
an address that only ZTWIM refuses
  bundleEndpoint.acme.email '-a@example.com' is not an address that ZTWIM accepts; write one with at least two characters before the '@', such as 'pki@example.com' (acme-email)
a Secret that is known late
  bundleEndpoint.secretName is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (bundle-endpoint-certificate)
a hint out of bounds
  bundleEndpoint.refreshHint '59s' is not a whole number of seconds from a minute to an hour; write a time such as '5m' (refresh-hint)
a seed that is a number
  bundleEndpoint.seed 5 is not text; write the JSON of the bundle as one text (property-kind)
a DNS record that is text
  bundleEndpoint.dnsRecord 'yes' is not a boolean; write true or false, without quotes (property-kind)"
`);
});

// Of a cluster without an endpoint the mesh says so, and of https_spiffe without a seed.
test.each(
  Object.keys(MISTAKES).filter((name) => !/^(?:no endpoint|text in|known late|a certificate beside)/.test(name)),
)('nothing more is said of it by a mesh: %s', (name) => {
  const east = openShift(MISTAKES[name]);
  const alone = said(east);
  const west = new OpenShiftCluster(untyped(east.node.scope), 'west', {
    trustDomain: 'apps.west.example.com',
    bundleEndpoint: BundleEndpoint.httpsWeb({ issuer }),
  });
  new FederationMesh(untyped(east.node.scope), 'mesh', {
    members: [east, west],
    topology: Topology.full(),
    staticRelationships: true,
  });
  expect(said(untyped(east.node.scope))).toEqual(alone);
  expect(alone).toHaveLength(1);
});

test('two mistakes are two findings', () => {
  const both = web({ issuer, host: 'federation.example.com', refreshHint: '59s' });
  expect(said(openShift({ bundleEndpoint: both })).map((line) => line.split(' ')[0])).toEqual([
    'bundleEndpoint.refreshHint',
    'bundleEndpoint.host',
  ]);
});

test('what does not count as given', () => {
  expect(said(openShift({ bundleEndpoint: web({ issuer, exposure: null, host: null, dnsRecord: null }) }))).toEqual([]);
  expect(said(openShift({ bundleEndpoint: web({ issuer, exposure: { type: 'route', annotations: null } }) }))).toEqual(
    [],
  );
});
