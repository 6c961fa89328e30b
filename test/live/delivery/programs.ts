import { Chart } from 'cdk8s';
import { describeMesh } from '../../../examples/kubernetes-federation/mesh';
import { BundleEndpoint, Issuer } from '../../../lib';
import { FederationMesh } from '../../../lib/federation';
import { KubeObject } from '../../../lib/kube';
import { OpenShiftCluster } from '../../../lib/openshift';
import { BundleEndpointProfile, ClusterFederatedTrustDomain } from '../../../lib/registration';
import type { KubernetesCluster } from '../../../lib/spire';
import type { App } from '../../../lib/synth';
import type { Describe } from './delivered';

/** Three plain clusters, whose bundles are roots that lie in Git. */
export const mesh: Describe = (app) => describeMesh(app as never);

/** An operator's cluster: subscriptions, definitions that come with them, and operands with conditions. */
export const openshift: Describe = (app) => {
  const east = new OpenShiftCluster(app, 'east', {
    trustDomain: 'apps.east.example.com',
    bundleEndpoint: BundleEndpoint.httpsWeb({
      issuer: Issuer.acme({ name: 'letsencrypt-http01', email: 'pki@example.com' }),
    }),
  });
  new FederationMesh(app, 'mesh', { members: [east] });
};

/** Relationships by name, each with the bundle that it begins with. */
export const relationships =
  (bundles: Readonly<Record<string, string>>, cluster = 'east'): Describe =>
  (app: App) => {
    const chart = new Chart(app, cluster);
    for (const [trustDomain, trustDomainBundle] of Object.entries(bundles)) {
      new ClusterFederatedTrustDomain(chart, trustDomain, {
        name: trustDomain,
        trustDomain,
        bundleEndpointUrl: `https://bundle.${trustDomain}`,
        profile: BundleEndpointProfile.httpsSpiffe(`spiffe://${trustDomain}/spire/server`),
        trustDomainBundle,
      });
    }
  };

/** Texts on which writers and readers of YAML have disagreed. */
export const texts: Describe = (app) => {
  const chart = new Chart(app, 'east');
  const data = Object.fromEntries(TEXTS.map((text, index) => [`text-${index}`, text]));
  new KubeObject(chart, 'texts', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: '0x1f', namespace: 'shop', annotations: { yes: 'no', y: '1e3' }, labels: { '1': '2' } },
    data,
  });
};

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: it is what has to stay as it is
const TEXTS = [
  ...[
    'yes',
    'NO',
    'null',
    '~',
    '012',
    '0o7',
    '1_000',
    '1e3',
    '0x1f',
    '.5',
    '12:30:45',
    '2001-01-01',
    '=',
    '<<',
    '- a',
    '# b',
  ],
  ...[
    ' leading',
    'trailing ',
    '\ttab',
    'a\n',
    'a\n\n',
    '\na',
    ' a\n b',
    'a \nb',
    'a\r\nb',

    '\u{1f600}',
    '\'"\\',
  ],
  ...['', '{{ .x }}', '${X}', '$(X)', 'a: b', '[a', '{a', '!tag', '&a', '*a', '%a', '@a', '`a', '|', '>', '---', '...'],
];
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: it is what has to stay as it is

/** The same mesh, in which the cluster east has one more identity. */
export const withAnother: Describe = (app) => {
  mesh(app);
  const east = app.node.findChild('east') as KubernetesCluster;
  east.identity('audit', { namespace: 'shop', serviceAccount: 'audit' });
};

/** The same mesh, in which the cluster east has no identity any more. */
export const withoutAny: Describe = (app) => {
  mesh(app);
  for (const { node } of app.node.findChild('east').node.findAll()) {
    for (const child of node.children) if (isIdentity(child)) node.tryRemoveChild(child.node.id);
  }
};

const isIdentity = (each: unknown): boolean => KubeObject.is(each) && each.kind === 'ClusterSPIFFEID';
