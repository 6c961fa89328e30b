import type { Construct } from 'constructs';
import {
  BundleEndpointProfile,
  ClusterFederatedTrustDomain,
  type ClusterFederatedTrustDomainProps,
  ClusterSpiffeId,
  type ClusterSpiffeIdProps,
  ClusterStaticEntry,
  type ClusterStaticEntryProps,
  Parent,
  Template,
} from '../../../lib';

/** Every property that is written into the object. */
type All<T> = { readonly [K in keyof Required<T>]: NonNullable<T[K]> };

const metadata = { labels: { team: 'shop' }, annotations: { 'example.com/a': 'b' } };

const spiffeId: All<ClusterSpiffeIdProps> = {
  ...metadata,
  name: 'full-spiffe-id',
  className: 'spire',
  trustDomain: 'demo.example.com',
  spiffeIdTemplate: `spiffe://${Template.trustDomain}/region/${Template.node.label('region')}/${Template.pod.name}`,
  podSelector: {
    matchLabels: { app: 'payments' },
    matchExpressions: [{ key: 'tier', operator: 'In', values: ['a', 'b'] }],
  },
  namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'Exists' }] },
  federatesWith: ['one.example', 'two.example'],
  ttl: '1h30m',
  jwtTtl: '5m',
  dnsNameTemplates: [`${Template.pod.name}.shop.svc`],
  workloadSelectorTemplates: [`k8s:sa:${Template.pod.serviceAccount}`],
  autoPopulateDnsNames: true,
  admin: true,
  downstream: true,
  fallback: true,
  hint: 'internal',
};

const staticEntry: All<ClusterStaticEntryProps> = {
  ...metadata,
  name: 'full-static-entry',
  className: 'spire',
  trustDomain: 'demo.example.com',
  spiffeId: 'spiffe://demo.example.com/vm/billing',
  parentId: Parent.k8sPsatNode('demo.example.com', 'demo', '00000000-0000-0000-0000-000000000000'),
  selectors: ['unix:uid:1000', 'unix:path:/usr/bin/billing'],
  federatesWith: ['one.example'],
  x509SvidTtl: '1h',
  jwtSvidTtl: '5m',
  dnsNames: ['billing.example.com'],
  hint: 'external',
  admin: true,
  downstream: true,
  storeSvid: true,
};

const federated: All<ClusterFederatedTrustDomainProps> = {
  ...metadata,
  name: 'full-federated',
  className: 'spire',
  ownTrustDomain: 'demo.example.com',
  trustDomain: 'one.example',
  bundleEndpointUrl: 'https://bundle.one.example:8443/',
  profile: BundleEndpointProfile.httpsSpiffe('spiffe://one.example/spire/server'),
  trustDomainBundle: '{"keys":[],"spiffe_sequence":1}',
};

/** Every registration construct, with every property and with none that may be left out. */
export function addRegistrations(scope: Construct): void {
  new ClusterSpiffeId(scope, 'full-spiffe-id', spiffeId);
  new ClusterSpiffeId(scope, 'least-spiffe-id', { name: 'least-spiffe-id' });
  new ClusterStaticEntry(scope, 'full-static-entry', staticEntry);
  new ClusterStaticEntry(scope, 'least-static-entry', {
    name: 'least-static-entry',
    spiffeId: 'spiffe://demo.example.com/a',
    parentId: Parent.server('demo.example.com'),
    selectors: ['unix:uid:0'],
  });
  new ClusterFederatedTrustDomain(scope, 'full-federated', federated);
  new ClusterFederatedTrustDomain(scope, 'least-federated', {
    name: 'least-federated',
    trustDomain: 'two.example',
    bundleEndpointUrl: 'https://two.example',
    profile: BundleEndpointProfile.httpsWeb(),
  });
}
