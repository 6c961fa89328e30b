import { ApiObject, type Chart } from 'cdk8s';
import { Construct } from 'constructs';
import type { StaticPeer } from '../../lib/cluster';
import { KubeNamespace } from '../../lib/kube';
import { handMadeWebPeers } from '../../lib/openshift/hand-made-peers';
import { newCluster } from './installation';

const relationship = (scope: Construct, trustDomain: unknown, type = 'https_web') =>
  new ApiObject(scope, `to ${trustDomain}`.replaceAll('/', '-'), {
    apiVersion: 'spire.spiffe.io/v1alpha1',
    kind: 'ClusterFederatedTrustDomain',
    spec: { trustDomain, bundleEndpointProfile: { type } },
  });
const stated = (trustDomain: string, profile: StaticPeer['profile'] = 'https_web'): StaticPeer => ({
  trustDomain,
  url: `https://${trustDomain}`,
  profile,
});

type Row = readonly [string, (cluster: Chart) => unknown, readonly StaticPeer[], readonly string[]];

test.each<Row>([
  ['nothing', () => {}, [], []],
  ['an object', (cluster) => relationship(cluster, 'a'), [], ['a']],
  ['an object that names its trust domain by an ID', (cluster) => relationship(cluster, 'spiffe://a'), [], ['a']],
  ['an object without a name', (cluster) => relationship(cluster, undefined), [], []],
  ['an object of https_spiffe', (cluster) => relationship(cluster, 'a', 'https_spiffe'), [], []],
  ['entries of the configuration', () => {}, [stated('a'), stated('b', 'https_spiffe')], ['a']],
  ['both for one trust domain', (cluster) => relationship(cluster, 'a'), [stated('a')], ['a']],
  ['what a mesh has made', (cluster) => relationship(new Construct(cluster, 'federation'), 'a'), [stated('a')], []],
  [
    'a namespace with the name of what a mesh makes',
    (cluster) => {
      relationship(new KubeNamespace(cluster, 'federation'), 'a');
      relationship(new Construct(cluster, 'federation-relationships'), 'b');
    },
    [],
    ['a'],
  ],
])('%s', (_, make, configured, names) => {
  const cluster = newCluster();
  make(cluster);
  expect(handMadeWebPeers(cluster, configured)).toEqual(names);
});
