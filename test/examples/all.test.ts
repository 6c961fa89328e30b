// biome-ignore-all lint/suspicious/noExplicitAny: manifests are read freely here
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { run } from '../pulumi/monitor';
import { removeFolders } from '../synth/fixtures';
import { deployExample, objectsOf } from './engines';
import { synthesize } from './synthesize';

afterAll(removeFolders);

// workload-image needs its images, and has a test of its own.
const EXAMPLES = readdirSync('examples').filter(
  (name) => existsSync(join('examples', name, 'main.ts')) && name !== 'workload-image',
);

/** Namespaces that operators make, or who runs Prometheus: not we. */
const OPERATORS_OWN = ['cert-manager', 'monitoring', 'openshift-ingress'];

const nameOf = ({ apiVersion, kind, metadata }: any): string =>
  `${apiVersion} ${kind} ${metadata.namespace ?? ''}/${metadata.name}`;

/** Objects of each cluster of an example. */
function clustersOf(files: Readonly<Record<string, string>>): Map<string, any[]> {
  const clusters = new Map<string, any[]>();
  for (const path of Object.keys(files).sort()) {
    if (!path.endsWith('.yaml')) continue;
    const [cluster = ''] = path.split('/');
    const objects = parseAllDocuments(files[path] as string).map((document) => document.toJS());
    clusters.set(cluster, [...(clusters.get(cluster) ?? []), ...objects]);
  }
  return clusters;
}

test('the examples', () => {
  expect(EXAMPLES).toEqual([
    'federation',
    'kubernetes-federation',
    'monitored-federation',
    'openshift-federation',
    'openshift-internal-ca',
    'partner',
    'production',
    'quickstart',
    'regions',
  ]);
});

describe.each(EXAMPLES)('examples/%s', (example) => {
  const output = synthesize(example);
  const clusters = clustersOf(output.files);

  test('nothing is found, and twice the same bytes are written', () => {
    expect(output.shown).toContain('\nFindings: none\n');
    expect(synthesize(example)).toEqual(output);
  });

  test('no two objects of a cluster are one', () => {
    for (const objects of clusters.values()) {
      const names = objects.map(nameOf);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  test('a namespace comes before what is in it', () => {
    for (const objects of clusters.values()) {
      const seen = new Set<string>(OPERATORS_OWN);
      for (const { kind, metadata } of objects) {
        if (kind === 'Namespace') seen.add(metadata.name);
        if (metadata.namespace !== undefined) expect([...seen]).toContain(metadata.namespace);
      }
    }
  });

  test('the Pulumi engine is asked for the same objects, each like the other', async () => {
    const { objects, warnings } = await deployExample(example, [...clusters.keys()]);
    const byName = (list: readonly any[]) => list.map((it) => [nameOf(it), it] as const).sort(byFirst);
    expect(warnings).toEqual([]);
    expect(byName(objects)).toEqual(byName([...clusters.values()].flat()));
  });
});

/** By name, then by content: clusters have objects of the same names. */
function byFirst(a: readonly [string, any], b: readonly [string, any]): number {
  const [left, right] = [a, b].map(([name, it]) => name + JSON.stringify(sorted(it))) as [string, string];
  return left < right ? -1 : left > right ? 1 : 0;
}

function sorted(value: any): any {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}

describe.each([
  ['pulumi-quickstart', 'quickstart'],
  ['pulumi-federation', 'kubernetes-federation'],
])('examples/%s', (example, twin) => {
  test(`describes what examples/${twin} does`, async () => {
    const { registrations, warnings } = await run(() => require(`../../examples/${example}/index`));
    const byName = (list: readonly any[]) => list.map((it) => [nameOf(it), it] as const).sort(byFirst);
    expect(warnings).toEqual([]);
    expect(byName(objectsOf(registrations))).toEqual(byName([...clustersOf(synthesize(twin).files).values()].flat()));
  });
});
