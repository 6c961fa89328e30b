import { TrustDomain } from '@spirekit/runtime/id';
import { ApiObject, Testing } from 'cdk8s';
import { trustDomainOf } from '../../lib/cluster';
import { ExternalTrustDomain } from '../../lib/federation';
import { BundleEndpointProfile } from '../../lib/registration';
import { KubernetesCluster } from '../../lib/spire';
import { fakeOutput } from '../core/fixtures';
import { find, findings, install, untyped } from '../spire/installation';

const app = Testing.app();
const west = new KubernetesCluster(app, 'west', { trustDomain: 'west.example.com' });
const partner = new ExternalTrustDomain({
  trustDomain: 'partner.example',
  bundleEndpointUrl: 'https://spire.partner.example',
  profile: BundleEndpointProfile.httpsWeb(),
});
const south = TrustDomain.parse('south.example.com');

/** A cluster that has the bundles of all peers by its own configuration, so that the peers alone are judged. */
function demo(): KubernetesCluster {
  const cluster = install();
  for (const trustDomain of ['west.example.com', 'south.example.com', 'north.example.com', 'partner.example']) {
    cluster.federation.addStaticPeer({ trustDomain, url: `https://spire.${trustDomain}`, profile: 'https_web' });
  }
  return cluster;
}

const PEERS = [west, south, 'north.example.com', partner];
const NAMES = ['west.example.com', 'south.example.com', 'north.example.com', 'partner.example'];

test('identity(): peers are clusters, trust domains, their names, and what has a trust domain', () => {
  const cluster = demo();
  const identity = cluster.identity('web', { namespace: 'shop', federatesWith: PEERS });
  expect(identity.federatesWith).toEqual(NAMES);
  expect(find(cluster, 'ClusterSPIFFEID', 'web').spec.federatesWith).toEqual(NAMES);
  expect(findings(cluster)).toEqual([]);
});

test('giveIdentity(): the same', () => {
  const cluster = demo();
  const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web:1' }] } };
  const web = new ApiObject(cluster.addNamespace('shop'), 'web', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { selector: { matchLabels: { app: 'web' } }, template },
  });
  expect(cluster.giveIdentity(web, { federatesWith: PEERS })?.federatesWith).toEqual(NAMES);
  expect(find(cluster, 'ClusterSPIFFEID', 'shop-web').spec.federatesWith).toEqual(NAMES);
  expect(findings(cluster)).toEqual([]);
});

test('a late name of a peer is handed on', () => {
  const name = fakeOutput();
  expect(trustDomainOf(untyped(name))).toBe(name);
  const cluster = demo();
  expect(cluster.identity('web', { namespace: 'shop', federatesWith: [untyped(name)] }).federatesWith).toEqual([name]);
  expect(findings(cluster)).toEqual([]);
});

test('an identity needs no peers', () => {
  const identity = demo().identity('web', { namespace: 'shop' });
  expect(identity.federatesWith).toEqual([]);
  expect(identity.toJson().spec).not.toHaveProperty('federatesWith');
});

test('refused: nonsense, one peer twice, peers of whom there is no bundle; the own trust domain is superfluous', () => {
  const cluster = demo();
  const namespace = 'shop';
  cluster.identity('own', { namespace, federatesWith: [cluster] });
  cluster.identity('twice', { namespace, federatesWith: [west, 'west.example.com'] });
  cluster.identity('unknown', { namespace, federatesWith: ['nowhere.example'] });
  cluster.identity('text', { namespace, federatesWith: untyped('west.example.com') });
  cluster.identity('cluster', { namespace, federatesWith: untyped(west) });
  cluster.identity('nonsense', { namespace, federatesWith: untyped([7, null, {}, { trustDomain: 'Bad!' }]) });
  expect(findings(cluster).join('\n')).toMatchInlineSnapshot(`
"error [demo] identity-unknown.federatesWith 'nowhere.example' is a trust domain that the server would have no bundle of, and it gives no identity then; join both in a FederationMesh, or add a ClusterFederatedTrustDomain for it to this cluster (federates-with)
warning [demo/identity-own] federatesWith[0] 'demo.example.com' is the trust domain of the workload itself; remove it: workloads always get the bundle of their own trust domain (federates-with)
error [demo/identity-twice] federatesWith[1] 'west.example.com' is listed twice; remove one of the two (federates-with)
error [demo/identity-text] federatesWith 'west.example.com' is not a list of trust domains; write ['example.org'] (federates-with)
error [demo/identity-cluster] federatesWith "west.example.com" is not a list of trust domains; write ['example.org'] (federates-with)
error [demo/identity-nonsense] federatesWith[0] 7 is not valid: must be a string; pass its text, such as 'example.org' (trust-domain)
error [demo/identity-nonsense] federatesWith[1] null is not valid: must be a string; pass its text, such as 'example.org' (trust-domain)
error [demo/identity-nonsense] federatesWith[2] {} is not valid: must be a string; pass its text, such as 'example.org' (trust-domain)
error [demo/identity-nonsense] federatesWith[3] 'Bad!' is not valid: trust domain characters are limited to lowercase letters, numbers, dots, dashes, and underscores; write the trust domain in lowercase (trust-domain)"
`);
});
