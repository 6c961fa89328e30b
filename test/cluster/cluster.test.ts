import { Testing } from 'cdk8s';
import { findingsOf, describe as textOf } from '../../lib/core';
import { FederationMesh } from '../../lib/federation';
import { KubernetesCluster } from '../../lib/spire';
import { fakeOutput } from '../core/fixtures';
import { find, findings, install, untyped } from '../spire/installation';

describe('namespaces', () => {
  test('are restricted, and hold what is made below them', () => {
    const cluster = install();
    const shop = cluster.addNamespace('shop', { labels: { team: 'shop' }, podSecurity: 'baseline' });
    expect(shop.namespaceName).toBe('shop');
    expect(find(cluster, 'Namespace', 'shop').metadata.labels).toEqual({
      team: 'shop',
      'pod-security.kubernetes.io/audit': 'baseline',
      'pod-security.kubernetes.io/enforce': 'baseline',
      'pod-security.kubernetes.io/warn': 'baseline',
    });
  });

  test("may have the name of a part of the cluster, such as 'spire'", () => {
    const cluster = install();
    expect(cluster.addNamespace('spire').namespaceName).toBe('spire');
    expect(cluster.addNamespace('shop').node.path).toBe('demo/shop');
    expect(findings(cluster)).toEqual([]);
    expect(find(cluster, 'Namespace', 'spire').kind).toBe('Namespace');
  });

  test('whose name is no text stop nothing', () => {
    const cluster = install();
    for (const name of [undefined, 7, fakeOutput()]) cluster.addNamespace(untyped(name));
    expect(findingsOf(cluster).map((finding) => `${textOf(finding)} (${finding.rule})`)).toEqual([
      'name is missing; write its name (namespace-name)',
      'name 7 is not text; write it in quotes (namespace-name)',
      'name is known only at deployment (a Pulumi Output), and objects are made by it; ' +
        "pass a plain value, such as one from new pulumi.Config().require('name') (namespace-name)",
    ]);
  });

  test('of one name are made once', () => {
    const cluster = install();
    const shop = cluster.addNamespace('shop');
    expect(cluster.addNamespace('shop')).toBe(shop);
    expect(findingsOf(cluster).map(textOf)).toEqual([
      "name 'shop' was added before; keep the first one, or give one of them another name",
    ]);
  });
});

describe('identities of pods that this program does not make', () => {
  test('select by namespace, labels and account', () => {
    const cluster = install();
    const identity = cluster.identity('legacy', {
      namespace: 'legacy',
      podLabels: { app: 'billing' },
      serviceAccount: 'billing',
      ttl: '30m',
    });
    expect(identity.toJson()).toMatchInlineSnapshot(`
{
  "apiVersion": "spire.spiffe.io/v1alpha1",
  "kind": "ClusterSPIFFEID",
  "metadata": {
    "labels": {
      "spire.spiffe.io/class-name": "spire",
    },
    "name": "legacy",
  },
  "spec": {
    "className": "spire",
    "namespaceSelector": {
      "matchLabels": {
        "kubernetes.io/metadata.name": "legacy",
      },
    },
    "podSelector": {
      "matchLabels": {
        "app": "billing",
      },
    },
    "spiffeIDTemplate": "spiffe://{{ .TrustDomain }}/ns/{{ .PodMeta.Namespace }}/sa/{{ .PodSpec.ServiceAccountName }}",
    "ttl": "30m",
    "workloadSelectorTemplates": [
      "k8s:sa:billing",
    ],
  },
}
`);
    expect(findings(cluster)).toEqual([]);
  });

  test('of a whole namespace', () => {
    const cluster = install();
    cluster.identity('all', { namespace: 'legacy' });
    const { spec } = find(cluster, 'ClusterSPIFFEID', 'all');
    expect(spec).not.toHaveProperty('podSelector');
    expect(spec).not.toHaveProperty('workloadSelectorTemplates');
    expect(findings(cluster)).toEqual([]);
  });

  test('carry the class of the installation and its trust domain is checked', () => {
    const cluster = install();
    cluster.identity('foreign', { namespace: 'legacy', spiffeIdTemplate: 'spiffe://other.example.com/web' });
    cluster.identity('broken', { namespace: 'legacy', spiffeIdTemplate: 'notaspiffeid' });
    expect(find(cluster, 'ClusterSPIFFEID', 'foreign').spec.className).toBe('spire');
    expect(findings(cluster)).toMatchInlineSnapshot(`
[
  "error [demo/identity-foreign] spiffeIdTemplate 'spiffe://other.example.com/web' is not in trust domain 'demo.example.com'; begin it with 'spiffe://demo.example.com/' (spiffe-id-template)",
  "error [demo/identity-broken] spiffeIdTemplate 'notaspiffeid' is not valid: scheme is missing or invalid; begin with 'spiffe://' (spiffe-id-template)",
]
`);
  });

  test('refused: what no pod can have, a namespace that is ignored, one id twice', () => {
    const cluster = install();
    cluster.identity('a', { namespace: 'Legacy', serviceAccount: 'Billing', podLabels: { 'a b': 'c d' } });
    cluster.identity('b', untyped({ namespace: undefined, serviceAccount: 7, podLabels: ['app'] }));
    cluster.identity('c', { namespace: 'spire-system' });
    cluster.identity('d', untyped({ namespace: 'legacy', podLabel: { app: 'x' } }));
    cluster.identity('e', untyped(undefined));
    const first = cluster.identity('f', { namespace: 'legacy' });
    expect(cluster.identity('f', { namespace: 'other' })).toBe(first);
    expect(findings(cluster).join('\n')).toMatchInlineSnapshot(`
"error [demo] podLabels ["app"] is not a map of text; write { 'example.com/key': 'value' } (property-kind)
error [demo] podLabel is not a property; write one of spiffeIdTemplate, ttl, jwtTtl, dnsNameTemplates, hint, federatesWith, accepts, namespace, podLabels, serviceAccount (property-unknown)
error [demo/identity-a] podSelector.matchLabels 'a b' is not a label key that Kubernetes accepts; write a name such as 'app', or one with a DNS prefix such as 'example.com/app' (label-selector)
error [demo/identity-a] podSelector.matchLabels['a b'] 'c d' is not a label value that Kubernetes accepts; write at most 63 characters of A-Z, a-z, 0-9, '-', '_' and '.', with a letter or digit at both ends (label-selector)
error [demo/identity-a] namespace 'Legacy' is not a DNS label, which Kubernetes requires here; write 1 to 63 characters of a-z, 0-9 and '-', with a letter or digit at both ends (identity-namespace)
error [demo/identity-a] serviceAccount 'Billing' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (identity-account)
error [demo/identity-b] namespace is missing; write its name (identity-namespace)
error [demo/identity-b] serviceAccount 7 is not text; write it in quotes (identity-account)
error [demo/identity-c] namespace 'spire-system' is a namespace that the controller manager ignores, so its pods would get no identity; use another namespace, or leave this one out of ignoreNamespaces (identity-namespace)
error [demo/identity-e] namespace is missing; write its name (identity-namespace)
error [demo/identity-f] id 'f' was used before; give each identity an id of its own (identity-twice)"
`);
  });
});

describe('meshes', () => {
  test('the first that a cluster joins is its mesh', () => {
    const cluster = install();
    expect(cluster.joinMesh('first')).toBeUndefined();
    expect(cluster.joinMesh('second')).toBe('first');
    expect(cluster.joinMesh('third')).toBe('first');
  });

  test('a second one is told so', () => {
    const app = Testing.app();
    const cluster = new KubernetesCluster(app, 'demo', { trustDomain: 'demo.example.com' });
    new FederationMesh(app, 'first', { members: [cluster] });
    new FederationMesh(app, 'second', { members: [cluster] });
    expect(findings(app)).toContain(
      "error [second] members[0] 'demo' is a member of the mesh 'first' already; " +
        'keep one: a mesh can join several topologies with Topology.union() (mesh-members)',
    );
  });
});
