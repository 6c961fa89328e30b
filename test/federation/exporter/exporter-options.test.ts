import { Topology, Trust, WorkloadImage } from '../../../lib';
import { find, findings, untyped } from '../../spire/installation';
import { exporterOf, IMAGE, Program } from './fixtures';

/** What is found of an exporter in a mesh of two clusters that is right otherwise. */
function found(exporter: unknown): string[] {
  const program = new Program();
  const members = [program.kubernetes('east'), program.kubernetes('west')];
  program.mesh(members, { exporter: untyped(exporter) });
  return findings(program.app);
}

test('one that can run has no findings', () => {
  expect(found({ image: IMAGE })).toEqual([]);
  expect(
    found({
      image: IMAGE,
      imagePullSecrets: ['registry'],
      resources: { requests: { memory: '1Gi' } },
      nodeSelector: { 'kubernetes.io/os': 'linux' },
      tolerations: [{ operator: 'Exists' }],
    }),
  ).toEqual([]);
});

test.each([
  ['true', true, 'error [mesh] exporter true is not an object; write its properties in braces (property-kind)'],
  [
    'without an image',
    {},
    'error [mesh] exporter.image is missing; pass WorkloadImage.spirekit(…), or WorkloadImage.existing(…) of one that was built elsewhere (federation-exporter)',
  ],
  [
    'a reference alone',
    { image: 'registry.example.com/spirekit' },
    "error [mesh] exporter.image 'registry.example.com/spirekit' is not an image with the runtime in it; pass WorkloadImage.spirekit(…), or WorkloadImage.existing(…) of one that was built elsewhere (federation-exporter)",
  ],
  [
    'programs without a place',
    { image: { ...IMAGE, programs: { node: 'node', runtime: '' } } },
    'error [mesh] exporter.image is not an image with the runtime in it; pass WorkloadImage.spirekit(…), or WorkloadImage.existing(…) of one that was built elsewhere (federation-exporter)',
  ],
  [
    'another property',
    { image: IMAGE, port: 9464 },
    'error [mesh] exporter.port is not a property; write one of image, clusters, imagePullSecrets, resources, nodeSelector, tolerations (property-unknown)',
  ],
  [
    'no clusters',
    { image: IMAGE, clusters: [] },
    'error [mesh] exporter.clusters is empty, so that there is no exporter; list clusters of the mesh: [east] (federation-exporter)',
  ],
  [
    'the name of a cluster',
    { image: IMAGE, clusters: ['east'] },
    "error [mesh] exporter.clusters[0] 'east' is not a cluster; list clusters of the mesh: [east] (federation-exporter)",
  ],
  [
    'a Secret that cannot be',
    { image: IMAGE, imagePullSecrets: ['Registry', 1] },
    "error [mesh] exporter.imagePullSecrets[0] 'Registry' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (federation-exporter)",
    'error [mesh] exporter.imagePullSecrets[1] 1 is not text; write it in quotes (federation-exporter)',
  ],
  [
    'options of another kind',
    { image: IMAGE, resources: '1Gi', nodeSelector: { disk: 1, 'a b': 'c', role: '' }, tolerations: {} },
    "error [mesh] exporter.resources '1Gi' is not an object; write its properties in braces (federation-exporter)",
    "error [mesh] exporter.nodeSelector['disk'] 1 is not text; write it in quotes (federation-exporter)",
    "error [mesh] exporter.nodeSelector 'a b' is not a label key that Kubernetes accepts; write a name such as 'app', or one with a DNS prefix such as 'example.com/app' (federation-exporter)",
    'error [mesh] exporter.tolerations {} is not a list; write it in square brackets (federation-exporter)',
  ],
])('%s', (_, exporter, ...wrong) => {
  expect(found(exporter)).toEqual(wrong);
});

test('clusters of others, twice the same, and one that believes nobody', () => {
  const program = new Program();
  const [east, west, lab] = [program.kubernetes('east'), program.kubernetes('west'), program.kubernetes('lab')];
  const stranger = program.kubernetes('stranger');
  program.mesh([east, west, lab], {
    topology: Topology.edges([Trust.oneWay(east, west)]),
    exporter: { image: IMAGE, clusters: [east, east, stranger, lab] },
  });
  expect(findings(program.app).filter((line) => line.includes('exporter'))).toEqual([
    "error [mesh] exporter.clusters[1] 'east' is listed twice; keep one (federation-exporter)",
    "error [mesh] exporter.clusters[2] 'stranger' is no member of the mesh; list clusters of the mesh: [east] (federation-exporter)",
    "warning [mesh] exporter.clusters 'lab' has no effect: the cluster believes nobody; leave it out (no-effect)",
  ]);
  expect([east, west, lab, stranger].map((cluster) => exporterOf(cluster) !== undefined)).toEqual([
    true,
    false,
    false,
    false,
  ]);
});

test('images of every making', () => {
  const program = new Program();
  const reference = `registry.example.com/spirekit@sha256:${'b'.repeat(64)}`;
  const existing = WorkloadImage.existing(program.app, 'image', reference, { node: '/nodejs/bin/node' });
  const east = program.kubernetes('east');
  program.mesh([east, program.kubernetes('west')], { exporter: { image: existing } });
  expect(findings(program.app)).toEqual([]);
  const [{ image, command }] = find(east, 'Deployment', 'spirekit-exporter').spec.template.spec.containers;
  expect([image, ...command]).toEqual([
    reference,
    '/nodejs/bin/node',
    '/app/spirekit/runtime.cjs',
    'exporter',
    '--config=/run/spirekit/exporter/exporter.json',
  ]);
});
