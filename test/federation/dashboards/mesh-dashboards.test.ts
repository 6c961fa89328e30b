import {
  App,
  BundleEndpoint,
  FederationMesh,
  type FederationMeshProps,
  KubernetesCluster,
  Monitoring,
  WebTrust,
} from '../../../lib';
import { describe as describeFinding, findingsOf } from '../../../lib/core';
import { meshDashboard } from '../../../lib/federation';

/** Two clusters, and a third that is no member. */
function program(dashboards: unknown, intervals: { readonly east?: string; readonly west?: string } = {}) {
  const app = new App({ outdir: 'none' });
  const cluster = (name: string, interval?: string) =>
    new KubernetesCluster(app, name, {
      trustDomain: `${name}.example.com`,
      bundleEndpoint: BundleEndpoint.httpsWeb({ secretName: 'tls', trust: WebTrust.public() }),
      ...(interval && { monitoring: Monitoring.podMonitors({ scrapers: [{ namespace: 'monitoring' }], interval }) }),
    });
  const [east, west, other] = [cluster('east', intervals.east), cluster('west', intervals.west), cluster('other')];
  const given = typeof dashboards === 'function' ? dashboards({ east, west, other }) : dashboards;
  const mesh = new FederationMesh(app, 'mesh', { members: [east, west], dashboards: given } as FederationMeshProps);
  return { app, mesh, east, west };
}

type Members = Readonly<Record<'east' | 'west' | 'other', KubernetesCluster>>;

const configMapsIn = (cluster: KubernetesCluster) =>
  (cluster.toJson() as { kind: string; metadata: Record<string, unknown>; data: Record<string, string> }[]).filter(
    ({ kind, metadata }) => kind === 'ConfigMap' && String(metadata.name).startsWith('spirekit-'),
  );

const found = (dashboards: unknown) =>
  findingsOf(program(dashboards).app)
    .filter(({ path }) => path === 'mesh')
    .map((finding) => `${finding.rule} ${describeFinding(finding)}`);

test('nothing is made that was not asked for', () => {
  const { east, west } = program(undefined);
  expect([...configMapsIn(east), ...configMapsIn(west)]).toEqual([]);
});

test('the dashboard is in the clusters that are named', () => {
  const { east, west, mesh } = program(({ west }: Members) => ({
    clusters: [west, west],
    namespace: 'monitoring',
    folder: 'SPIRE',
  }));
  expect(configMapsIn(east)).toEqual([]);
  const [only, ...others] = configMapsIn(west);
  expect(others).toEqual([]);
  expect(only?.metadata).toEqual({
    name: 'spirekit-federation-mesh',
    namespace: 'monitoring',
    labels: { grafana_dashboard: '1' },
    annotations: { grafana_folder: 'SPIRE' },
  });
  expect(only?.data).toEqual({
    'spirekit-federation-mesh.json': JSON.stringify(meshDashboard(mesh.model(), { name: 'mesh' })),
  });
});

test('it goes by the member that is read the least often', () => {
  const dashboards = ({ east }: Members) => ({ clusters: [east], namespace: 'monitoring' });
  const [only] = configMapsIn(program(dashboards, { east: '10s', west: '90s' }).east);
  expect(only?.data['spirekit-federation-mesh.json']).toContain('"interval":"90s"');
});

test('what cannot be', () => {
  expect(found('monitoring')).toMatchInlineSnapshot(`
[
  "property-kind dashboards 'monitoring' is not an object; write its properties in braces",
]
`);
  expect(found({})).toMatchInlineSnapshot(`
[
  "mesh-dashboards dashboards.clusters is missing; name the members in which a Grafana runs: [east]",
  "mesh-dashboards dashboards.namespace is missing; name the namespace of Grafana",
]
`);
  expect(found({ clusters: [], namespace: 'monitoring' })).toMatchInlineSnapshot(`
[
  "mesh-dashboards dashboards.clusters is empty, so that nobody finds the dashboard; name the members in which a Grafana runs: [east]",
]
`);
  expect(
    found(({ east, other }: Members) => ({
      clusters: [east, other, 'west', 7],
      namespace: 'No/namespace',
      labels: { grafana: true },
      folder: '',
      folderAnnotation: 'a b',
      name: 'x',
    })),
  ).toMatchInlineSnapshot(`
[
  "property-unknown dashboards.name is not a property; write one of clusters, namespace, labels, folder, folderAnnotation",
  "mesh-dashboards dashboards.clusters[1] 'other' is no member of the mesh; name the members in which a Grafana runs: [east]",
  "mesh-dashboards dashboards.clusters[2] 'west' is not a cluster; name the members in which a Grafana runs: [east]",
  "mesh-dashboards dashboards.clusters[3] is not a cluster; name the members in which a Grafana runs: [east]",
  "mesh-dashboards dashboards.namespace 'No/namespace' is not a DNS label, which Kubernetes requires here; write 1 to 63 characters of a-z, 0-9 and '-', with a letter or digit at both ends",
  "mesh-dashboards dashboards.labels['grafana'] true is not text; write it in quotes",
  "mesh-dashboards dashboards.folder '' is empty; write it, or leave it out",
  "mesh-dashboards dashboards.folderAnnotation 'a b' is not a label key that Kubernetes accepts; write a name such as 'app', or one with a DNS prefix such as 'example.com/app'",
]
`);
});

test('what is known only at deployment', () => {
  const late: unknown = { __pulumiOutput: true };
  expect(found(late)).toMatchInlineSnapshot(`
[
  "mesh-dashboards dashboards is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name')",
]
`);
  expect(found(({ east }: Members) => ({ clusters: [east], namespace: late }))).toMatchInlineSnapshot(`
[
  "mesh-dashboards dashboards.namespace is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name')",
]
`);
});
