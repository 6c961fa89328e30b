import { readFileSync } from 'node:fs';
import { removeFolders } from '../synth/fixtures';
import { type Output, synthesize } from './synthesize';

afterAll(removeFolders);

const readme = readFileSync('examples/openshift-federation/README.md', 'utf8');
const rows = readme
  .split('\n')
  .filter((line) => /^\| (?:\d+|—) \|/.test(line))
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| ?| ?\|$/g, '').trim()));

const { files, shown }: Output = synthesize('openshift-federation');

/** Objects that a text names, as `Kind name`, each with the file that it was named for. */
function namedIn(text: string): { file: string; kind: string; name: string }[] {
  let file = '';
  return [...text.matchAll(/`([^`]+)`/g)].flatMap(([, word = '']) => {
    if (word.endsWith('.yaml')) file = word;
    const [, kind = '', name = ''] = /^([A-Z]\w+) (\S+)$/.exec(word) ?? [];
    return kind ? [{ file, kind, name }] : [];
  });
}

test('the table ticks off all steps', () => {
  expect(rows.map(([step]) => step)).toEqual([...Array.from({ length: 21 }, (_, index) => String(index + 1)), '—']);
});

test.each(rows)('step %s: what the table names is written', (_step, _byHand, here = '', why = '') => {
  for (const { file, kind, name } of [...namedIn(here), ...namedIn(why)]) {
    const text = files[`cluster1/${file || '10-foundation.yaml'}`] ?? '';
    const objects = text.split('---\n');
    expect(objects.filter((it) => it.includes(`\nkind: ${kind}\n`) && it.includes(`\n  name: ${name}\n`))).toHaveLength(
      1,
    );
  }
});

test('every deviation of the page from the operator is explained', () => {
  const explained = new Set([...readme.matchAll(/\bD(\d+)\b/g)].map(([, number]) => Number(number)));
  expect([...explained].sort((a, b) => a - b)).toEqual(Array.from({ length: 15 }, (_, index) => index + 1));
});

test('what is derived: hosts, names, peers', () => {
  expect(files['cluster1/15-certificates.yaml']).toContain('    - federation.apps.cluster1.example.com\n');
  for (const cluster of ['cluster1', 'cluster2', 'cluster3']) {
    const peers = [...(files[`${cluster}/50-trust.yaml`] ?? '').matchAll(/ {2}trustDomain: (\S+)/g)].map(
      ([, td]) => td,
    );
    expect(peers).toEqual(
      ['cluster1', 'cluster2', 'cluster3'].filter((name) => name !== cluster).map((name) => `apps.${name}.example.com`),
    );
  }
  expect(files['cluster1/20-control-plane.yaml']).not.toContain('federatesWith');
  expect(shown).not.toContain('needs');
});

test('the internal CA goes to every cluster that fetches', () => {
  const internal = synthesize('openshift-internal-ca');
  const root = readFileSync('examples/openshift-internal-ca/internal-ca.pem', 'utf8').trim().split('\n')[1] ?? '';
  for (const cluster of ['cluster1', 'cluster2', 'cluster3']) {
    expect(internal.files[`${cluster}/15-certificates.yaml`]).toContain(root);
    expect(internal.files[`${cluster}/10-foundation.yaml`]).toContain('name: TRUSTED_CA_BUNDLE_CONFIGMAP');
    expect(internal.shown).toContain(
      `Secret zero-trust-workload-identity-manager/internal-ca-key-pair, for Issuer internal-ca`,
    );
  }
});
