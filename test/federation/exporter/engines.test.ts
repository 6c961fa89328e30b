// biome-ignore-all lint/suspicious/noExplicitAny: manifests are read freely here
import * as pulumi from '@pulumi/pulumi';
import { parseAllDocuments } from 'yaml';
import { App, BundleEndpoint, FederationMesh, KubernetesCluster, Monitoring, OpenShiftCluster } from '../../../lib';
import { deploy, kubernetesProvider } from '../../../lib/pulumi';
import { objectsOf } from '../../examples/engines';
import { run } from '../../pulumi/monitor';
import { untyped } from '../../spire/installation';
import { IMAGE } from './fixtures';

const clusters = ['east', 'west'];
const monitoring = Monitoring.serviceMonitors({ scrapers: [{ namespace: 'monitoring' }] });

function describeMesh(app: App, proxy: unknown, image: unknown = IMAGE): void {
  const bundleEndpoint = BundleEndpoint.httpsWeb({ secretName: 'tls', trust: { type: 'public' }, dnsRecord: true });
  const east = new KubernetesCluster(app, 'east', {
    ...{ trustDomain: 'east.example.com', bundleEndpoint, monitoring },
    server: { proxy: { https: untyped(proxy) } },
  });
  const west = new OpenShiftCluster(app, 'west', { trustDomain: 'apps.west.example.com', bundleEndpoint, monitoring });
  new FederationMesh(app, 'mesh', { members: [east, west], exporter: { image: untyped(image) } });
}

const deployed = (describe: (app: App) => void) =>
  run(() =>
    deploy('mesh', describe, {
      providers: Object.fromEntries(clusters.map((name) => [name, kubernetesProvider(name)])),
    }),
  );

const nameOf = ({ kind, metadata }: any): string => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
const ofExporter = (list: readonly any[]) =>
  list
    .filter(({ metadata }) => metadata.name.startsWith('spirekit-exporter'))
    .map((it) => [nameOf(it), it] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));

const PROXY = 'http://proxy.example.com:3128';

test('both engines are given the same objects', async () => {
  const app = new App();
  describeMesh(app, PROXY);
  const written = parseAllDocuments(app.synthYaml()).map((document) => document.toJS());
  const { registrations } = await deployed((into) => describeMesh(into, PROXY));
  expect(ofExporter(written)).toHaveLength(18);
  expect(ofExporter(objectsOf(registrations))).toEqual(ofExporter(written));
});

test('proxy and image may be known at deployment alone', async () => {
  const late = <T>(value: T) => pulumi.output(Promise.resolve(value));
  const image = { ...IMAGE, image: late(IMAGE.image) };
  const { registrations } = await deployed((into) => describeMesh(into, late(PROXY), image));
  const plain = await deployed((into) => describeMesh(into, PROXY));
  expect(ofExporter(objectsOf(registrations))).toEqual(ofExporter(objectsOf(plain.registrations)));
});
