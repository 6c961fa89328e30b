import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Chart } from 'cdk8s';
import { type App, Delivery } from '../../../lib/synth';
import { configMap } from '../../synth/fixtures';
import { mustBeside } from '../support/beside';
import type { Written } from '../support/synthesized';
import { built, Delivered, plainWaves } from './delivered';
import { mesh, openshift, relationships, texts } from './programs';

// What is delivered is built by Kustomize from several files: it has to be what is written without a delivery.

const SYNC_WAVE = 'argocd.argoproj.io/sync-wave';
const KEPT = {
  'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
  'kustomize.toolkit.fluxcd.io/prune': 'disabled',
};

const argoCd = Delivery.argoCd({ repoUrl: 'https://git.example.com/platform.git', path: 'deploy/mesh' });
const flux = Delivery.flux({ source: { name: 'platform' }, path: 'deploy/mesh' });

const delivered = new Delivered();
afterAll(() => delivered.remove());

interface Annotated extends Written {
  readonly metadata: Written['metadata'] & { readonly annotations?: Readonly<Record<string, string>> };
}

/** Without what the delivery says of objects. */
function plainOf(object: Written): Written {
  const { annotations, ...metadata } = (object as Annotated).metadata;
  const own = Object.entries(annotations ?? {}).filter(([key]) => key !== SYNC_WAVE && !Object.hasOwn(KEPT, key));
  return { ...object, metadata: { ...metadata, ...(own.length > 0 && { annotations: Object.fromEntries(own) }) } };
}

const keyOf = ({ apiVersion, kind, metadata }: Written): string =>
  [apiVersion, kind, metadata.namespace ?? '', metadata.name].join(' ');

/** Kustomize sorts by kinds; each object is there once. */
const sorted = (objects: readonly Written[]): Written[] => [...objects].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));

const annotation = (object: Written, key: string): string | undefined =>
  (object as Annotated).metadata.annotations?.[key];

const KEY = '{"keys":[{"use":"x509-svid","kty":"EC","x5c":["AA=="]}]';
const bundles = relationships({
  'plain.example': `${KEY}}`,
  'newline.example': `${KEY}}\n`,
  'indented.example': `${KEY},\n\t"a": " b: c # d ",\r\n  "ä": "\\u2028\u2028'"}  \n\n`,
  // Of these, Kustomize from 5.8 on would take the first name for a pattern of the second.
  'a.b.example': `${KEY},"of":"a.b"}`,
  'a-b.example': `${KEY},"of":"a-b"}`,
});

const disagreeing = (app: App): void => {
  relationships({ 'lab.example': `${KEY},"of":"old"}` }, 'east')(app);
  relationships({ 'lab.example': `${KEY},"of":"new"}` }, 'west')(app);
};

describe.each([
  ['the mesh of an example', mesh, 129],
  ['an operator’s cluster', openshift, undefined],
  ['bundles of all shapes', bundles, 5],
  ['clusters that begin with other bundles of one trust domain', disagreeing, 2],
  ['texts of all shapes', texts, 1],
])('%s', (_, describe_, count) => {
  const plain = plainWaves(delivered.write(describe_));

  test('there is something to compare', () => {
    const written = [...plain.values()].flat().length;
    expect(written).toBeGreaterThan(0);
    if (count !== undefined) expect(written).toBe(count);
  });

  test.each([
    ['Argo CD', argoCd],
    ['Flux', flux],
  ])('%s: each wave is what is written without a delivery, object for object', async (_name, delivery) => {
    const folder = delivered.write(describe_, delivery);
    for (const [wave, objects] of plain) {
      const made = (await built(join(folder, wave))).map(plainOf);
      expect({ wave, objects: sorted(made) }).toEqual({ wave, objects: sorted(objects) });
    }
  });

  test('Argo CD: a cluster is all of its waves, and each object has the number of its wave', async () => {
    const folder = delivered.write(describe_, argoCd);
    for (const cluster of new Set([...plain.keys()].map((key) => key.split('/')[0] ?? ''))) {
      const waves = [...plain].filter(([key]) => key.startsWith(`${cluster}/`));
      const objects = await built(join(folder, cluster));
      expect(sorted(objects.map(plainOf))).toEqual(sorted(waves.flatMap(([, written]) => written)));
      const numbers = waves.flatMap(([key, written]) => {
        const number = String(Number.parseInt(key.split('/')[1] ?? '', 10));
        return written.map((object) => [keyOf(object), number]);
      });
      const made = objects.map((object) => [keyOf(object), annotation(object, SYNC_WAVE)]);
      expect(Object.fromEntries(made)).toEqual(Object.fromEntries(numbers));
    }
  });
});

test('what others may use is kept, and nothing else', async () => {
  for (const [delivery, key] of [
    [argoCd, 'argocd.argoproj.io/sync-options'],
    [flux, 'kustomize.toolkit.fluxcd.io/prune'],
  ] as const) {
    const folder = delivered.write(openshift, delivery);
    for (const wave of plainWaves(delivered.write(openshift)).keys()) {
      const marks = (await built(join(folder, wave))).map((object) => annotation(object, key));
      expect({ wave, marks: [...new Set(marks)] }).toEqual({
        wave,
        marks: wave.endsWith('-prerequisites') ? [KEPT[key]] : [undefined],
      });
    }
  }
});

test('line separators come through Kustomize as Go programs read it', async () => {
  const text = 'ä\u2028b\u2029c';
  const folder = delivered.write((app) => configMap(new Chart(app, 'east'), 'config', { data: { text } }), argoCd);
  const output = await mustBeside('kubectl', ['kustomize', join(folder, 'east')]);
  const read = await mustBeside('kubectl', ['label', '--local', '-f', '-', '-o', 'json', 'read=yes'], {
    input: output,
  });
  expect(JSON.parse(read).data.text).toBe(text);
});

test('what documents show of Kustomize is what it makes', async () => {
  const doc = readFileSync('docs/mesh-over-time.md', 'utf8');
  const shown = /```text\n\$ kubectl kustomize dist\/east\/50-trust\n([\s\S]*?)…\n```/.exec(doc)?.[1] ?? 'nothing';
  const output = await mustBeside('kubectl', ['kustomize', join(delivered.write(mesh, argoCd), 'east/50-trust')]);
  expect(output.slice(0, shown.length)).toBe(shown);
});
