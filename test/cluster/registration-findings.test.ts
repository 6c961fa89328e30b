import { ApiObject } from 'cdk8s';
import { registrationFindings } from '../../lib/cluster';
import { KubeObject } from '../../lib/kube';
import {
  BundleEndpointProfile,
  ClusterFederatedTrustDomain,
  ClusterSpiffeId,
  ClusterStaticEntry,
} from '../../lib/registration';
import { type KubernetesCluster, Spire } from '../../lib/spire';
import { fakeOutput } from '../core/fixtures';
import { findings, install, untyped } from '../spire/installation';

const inShop = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } } };

function believe(cluster: KubernetesCluster, trustDomain: string): void {
  new ClusterFederatedTrustDomain(cluster, `trust-${trustDomain}`, {
    trustDomain,
    bundleEndpointUrl: `https://spire.${trustDomain}`,
    profile: BundleEndpointProfile.httpsWeb(),
    className: 'spire',
  });
}

describe('foreign trust domains', () => {
  test('of which the server has no bundle take the identity with them', () => {
    const cluster = install();
    believe(cluster, 'partner.example');
    new ClusterSpiffeId(cluster, 'web', { ...inShop, federatesWith: ['partner.example', 'nowhere.example'] });
    new ClusterStaticEntry(cluster, 'vm', {
      spiffeId: 'spiffe://demo.example.com/vm',
      parentId: 'spiffe://demo.example.com/node',
      selectors: ['unix:uid:1'],
      federatesWith: ['nowhere.example'],
    });
    const spec = { spiffeIDTemplate: 'spiffe://demo.example.com/x', federatesWith: ['spiffe://elsewhere.example'] };
    new ApiObject(cluster, 'plain', { apiVersion: 'spire.spiffe.io/v1alpha1', kind: 'ClusterSPIFFEID', spec });
    expect(findings(cluster)).toMatchInlineSnapshot(`
[
  "error [demo] web.federatesWith 'nowhere.example' is a trust domain that the server would have no bundle of, and it gives no identity then; join both in a FederationMesh, or add a ClusterFederatedTrustDomain for it to this cluster (federates-with)",
  "error [demo] vm.federatesWith 'nowhere.example' is a trust domain that the server would have no bundle of, and it gives no identity then; join both in a FederationMesh, or add a ClusterFederatedTrustDomain for it to this cluster (federates-with)",
  "error [demo] plain.federatesWith 'elsewhere.example' is a trust domain that the server would have no bundle of, and it gives no identity then; join both in a FederationMesh, or add a ClusterFederatedTrustDomain for it to this cluster (federates-with)",
]
`);
  });

  test('that are believed, whoever made the object, are fine; the own one is no foreign one', () => {
    const cluster = install();
    new ClusterSpiffeId(cluster, 'web', {
      ...inShop,
      federatesWith: ['partner.example', 'other.example', 'demo.example.com', untyped(fakeOutput())],
    });
    believe(cluster, 'partner.example');
    new ApiObject(cluster, 'plain', {
      apiVersion: 'spire.spiffe.io/v1alpha1',
      kind: 'ClusterFederatedTrustDomain',
      spec: { trustDomain: 'other.example' },
    });
    expect(findings(cluster)).toEqual([]);
  });
});

describe('what others look after', () => {
  const peer = { trustDomain: 'partner.example', url: 'https://spire.partner.example', profile: 'https_web' } as const;

  test("a foreign trust domain in the server's own configuration is believed", () => {
    const cluster = install();
    cluster.identity('web', { namespace: 'shop', federatesWith: ['partner.example'] });
    expect(findings(cluster)).toHaveLength(1);
    cluster.federation.addStaticPeer(peer);
    expect(findings(cluster)).toEqual([]);
  });

  test('a mesh proves relationships, and which of them identities name; classes of identities it does not', () => {
    const build = (): KubernetesCluster => {
      const cluster = install();
      believe(cluster, 'demo.example.com');
      new ClusterFederatedTrustDomain(cluster, 'other-class', {
        trustDomain: 'partner.example',
        bundleEndpointUrl: 'https://spire.partner.example',
        profile: BundleEndpointProfile.httpsWeb(),
        className: 'other',
      });
      new ClusterSpiffeId(cluster, 'web', { ...inShop, className: 'spira', federatesWith: ['nowhere.example'] });
      return cluster;
    };
    const rulesOf = (isProven: boolean) =>
      registrationFindings(build(), 'demo.example.com', isProven).map(({ rule, property }) => [rule, property]);
    expect(rulesOf(false)).toEqual([
      ['federation-self', 'trust-demo.example.com.trustDomain'],
      ['registration-class', 'other-class.className'],
      ['registration-class', 'web.className'],
      ['federates-with', 'web.federatesWith'],
    ]);
    expect(rulesOf(true)).toEqual([['registration-class', 'web.className']]);
    const joined = build();
    joined.joinMesh('mesh');
    expect(findings(joined)).toHaveLength(1);
  });
});

test('a cluster does not federate with itself', () => {
  const cluster = install();
  believe(cluster, 'demo.example.com');
  expect(findings(cluster)).toEqual([
    "error [demo] trust-demo.example.com.trustDomain 'demo.example.com' is the own trust domain of the cluster; " +
      'name a foreign one, or remove the object: servers of one trust domain share its bundle (federation-self)',
  ]);
});

describe('classes', () => {
  test('that no controller manager acts on', () => {
    const cluster = install();
    new ClusterSpiffeId(cluster, 'web', { ...inShop, className: 'spira' });
    expect(findings(cluster)).toMatchInlineSnapshot(`
[
  "error [demo] web.className 'spira' is not the class of a controller manager of this cluster, so none would act on the object; write 'spire' (registration-class)",
]
`);
  });

  test('none, where controller managers act on their own class alone', () => {
    const cluster = install({ controllerManager: { watchClassless: false } });
    new ClusterSpiffeId(cluster, 'web', inShop);
    cluster.identity('legacy', { namespace: 'legacy' });
    expect(findings(cluster)).toMatchInlineSnapshot(`
[
  "error [demo] web.className is missing, and no controller manager of this cluster acts on objects without a class; write 'spire' (registration-class)",
]
`);
    const watching = install();
    new ClusterSpiffeId(watching, 'web', inShop);
    expect(findings(watching)).toEqual([]);
  });

  test('of a second installation in the cluster are known too', () => {
    const cluster = install();
    new Spire(cluster, 'other', {
      trustDomain: 'demo.example.com',
      clusterName: 'demo',
      instance: 'other',
      crds: false,
    });
    new ClusterSpiffeId(cluster, 'web', { ...inShop, className: 'other' });
    expect(findings(cluster)).toEqual([]);
  });
});

test('an object that cannot be rendered stops no check', () => {
  const cluster = install();
  const broken = () => {
    throw new Error('no labels yet');
  };
  new ClusterSpiffeId(cluster, 'web', { ...inShop, podSelector: broken, federatesWith: ['nowhere.example'] });
  new KubeObject(cluster, 'empty', { apiVersion: 'spire.spiffe.io/v1alpha1', kind: 'ClusterSPIFFEID' });
  const late = new ApiObject(cluster, 'late', { apiVersion: 'spire.spiffe.io/v1alpha1', kind: 'ClusterSPIFFEID' });
  late.toJson = broken;
  expect(findings(cluster)).toMatchInlineSnapshot(`
[
  "error [demo] web.federatesWith 'nowhere.example' is a trust domain that the server would have no bundle of, and it gives no identity then; join both in a FederationMesh, or add a ClusterFederatedTrustDomain for it to this cluster (federates-with)",
  "error [demo/web] podSelector cannot be made: no labels yet; correct the function that makes it (label-selector)",
]
`);
});
