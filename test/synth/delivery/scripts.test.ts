import { parseAllDocuments } from 'yaml';
import { App, Delivery } from '../../../lib/synth';
import { removeFolders } from '../fixtures';
import { believes, bundleOf, cluster, written } from './program';

afterEach(removeFolders);

const delivery = Delivery.flux({ source: { name: 'platform' }, path: 'dist' });

test('install.sh applies what Kustomize builds, and remove.sh deletes what is in it', () => {
  const { files } = written(delivery, (app) => believes(cluster(app, 'east'), 'lab.example.com'));
  const commands = (path: string, word: string) => files[path]?.split('\n').filter((line) => line.startsWith(word));
  expect(commands('east/install.sh', 'kubectl "$@" apply')).toEqual([
    'kubectl "$@" apply --server-side -k 05-prerequisites',
    'kubectl "$@" apply --server-side -k 10-foundation',
    'kubectl "$@" apply --server-side -k 20-control-plane',
    'kubectl "$@" apply --server-side -k 50-trust',
  ]);
  expect(commands('east/remove.sh', 'remove ')).toEqual([
    'remove background 50-trust/objects.yaml "$@"',
    'remove foreground 20-control-plane/objects.yaml "$@"',
    'remove foreground 10-foundation/objects.yaml "$@"',
  ]);
  expect(commands('east/remove.sh', 'echo "== 05')).toEqual([
    'echo "== 05-prerequisites/objects.yaml stays: others may use it"',
  ]);
});

test('as one text, objects are whole', () => {
  const app = new App({ delivery, summary: () => {} });
  believes(cluster(app, 'east'), 'lab.example.com');
  const objects = parseAllDocuments(app.synthYaml()).map((document) => document.toJS());
  expect(objects.map(({ kind }) => kind)).toEqual([
    ...['Namespace', 'Namespace', 'StatefulSet', 'ValidatingWebhookConfiguration', 'ClusterFederatedTrustDomain'],
  ]);
  expect(objects.at(-1).spec.trustDomainBundle).toBe(bundleOf('lab.example.com'));
});
