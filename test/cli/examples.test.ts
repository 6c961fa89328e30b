import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder, removeFolders } from '../synth/fixtures';
import { FROM_SOURCE, ROOT, spirekit, tsx } from './fixtures';

// The programs of examples/, with the library as it stands in lib/. Each is a process of its own, run from source.
jest.setTimeout(120_000);

const before = process.cwd();
beforeAll(() => {
  process.chdir(ROOT);
  Object.assign(process.env, FROM_SOURCE);
});
afterAll(() => {
  removeFolders();
  process.chdir(before);
  for (const name of Object.keys(FROM_SOURCE)) delete process.env[name];
});

const NOW = ['--now', '2027-06-01T00:00:00Z'];

test('the program of cdk8s.yaml, with all analyses', async () => {
  expect(await spirekit('prove', '--table', 'all', ...NOW)).toMatchInlineSnapshot(`
{
  "code": 0,
  "stderr": "",
  "stdout": "Federation mesh: 3 members, 6 directed edges

  believes    1       2       3
  1 cluster1  —       web     web
  2 cluster2  web     —       web
  3 cluster3  web     web     —

Times

  member    fetched every  change is seen in  published ahead  fetches in it  outage without harm  revoked in  seed lasts  upstream lasts  certificate renewed before its end
  cluster1  1m15s          1m20s              8h               384            7h57m25s             1m20s       -           -               15 days
  cluster2  1m15s          1m20s              8h               384            7h57m25s             1m20s       -           -               15 days
  cluster3  1m15s          1m20s              8h               384            7h57m25s             1m20s       -           -               15 days

Blast radius

  out of reach  bundles  no identity for new pods  no authentication of others  after
  cluster1      1        2                         2                            7h57m25s
  cluster2      1        1                         1                            7h57m25s
  cluster3      1        1                         1                            7h57m25s

  in wrong hands      trust domains forged  identities deceived
  the CA of cluster1  1                     3
  the CA of cluster2  1                     2
  the CA of cluster3  1                     3

Load

  member    bundles of an agent  calls of all agents  bundles to agents  fetches made  fetches received  relationships  seeds  largest answer to a workload
  cluster1  2                    nodes not given      ?                  0.03/s        0.03/s            2              0 B    6.3 KiB
  cluster2  1                    nodes not given      ?                  0.03/s        0.03/s            2              0 B    4.2 KiB
  cluster3  1                    nodes not given      ?                  0.03/s        0.03/s            2              0 B    4.2 KiB

Who serves whose bundle

  every bundle is served by the trust domain whose it is

Findings: none
",
}
`);
});

test('its picture', async () => {
  const app = tsx('examples/federation/main.ts');
  expect((await spirekit('graph', '--format', 'mermaid', '--app', app)).stdout).toMatchInlineSnapshot(`
"flowchart LR
  m0["cluster1<br/>apps.cluster1.example.com<br/>openshift"]
  m1["cluster2<br/>apps.cluster2.example.com<br/>openshift"]
  m2["cluster3<br/>cluster3.example.com<br/>kubernetes"]
  m0 <-->|web| m1
  m0 <-->|web| m2
  m1 <-->|web| m2
  i0(["web"])
  m0 --- i0
  i0 -.-> m1
  i0 -.-> m2
  i1(["payments"])
  m1 --- i1
  i1 -.-> m0
  i2(["reports"])
  m2 --- i2
  i2 -.-> m0
"
`);
});

test('the README shows what is proven of the regions', async () => {
  const { code, stdout } = await spirekit('prove', '--table', 'all', '--app', tsx('examples/regions/main.ts'));
  expect(code).toBe(0);
  expect(readFileSync('README.md', 'utf8')).toContain(`\`\`\`\n${stdout}\`\`\``);
});

test('the lock beside the regions says what the program says', async () => {
  const lock = 'examples/regions/mesh.lock.json';
  expect(await spirekit('lock', '--check', '--lock', lock, '--app', tsx('examples/regions/main.ts'))).toEqual({
    code: 0,
    stdout: '',
    stderr: `spirekit: '${lock}' is up to date: 1 mesh, 6 members, 10 edges, 0 bundles\n`,
  });
});

test('docs/mesh-over-time.md shows what is written', async () => {
  const docs = readFileSync('docs/mesh-over-time.md', 'utf8');
  const shown = async (example: string) => {
    const file = join(newFolder(), 'mesh.lock.json');
    const { stderr } = await spirekit('lock', '--lock', file, '--app', tsx(`examples/${example}/main.ts`));
    const lines = readFileSync(file, 'utf8').split('\n');
    // What is said besides is about this file, which is not the one that the program reads.
    const [said = ''] = stderr.replace(file, `examples/${example}/mesh.lock.json`).split('\n');
    return { said, lines };
  };
  /** Some lines from one of a name on, as they stand in the document. */
  const part = (lines: readonly string[], name: string, count: number): string => {
    const start = lines.findIndex((line) => line.trim().startsWith(`"${name}": `));
    const indent = lines[start]?.search(/\S/) ?? 0;
    return lines
      .slice(start, start + count)
      .map((line) => `    ${line.slice(indent)}\n`)
      .join('');
  };
  const [regions, kubernetes] = [await shown('regions'), await shown('kubernetes-federation')];
  expect(docs).toContain(`\n    ${regions.said}\n`);
  expect(docs).toContain(part(regions.lines, 'edges', 3));
  expect(docs).toContain(part(kubernetes.lines, 'bundles', 7));
  expect(docs).toContain(part(kubernetes.lines, 'roots', 4));
});

test.each(['federation', 'regions'])('docs/images/%s.svg is what is drawn of the example', async (name) => {
  const { stdout } = await spirekit('graph', '--app', tsx(`examples/${name}/main.ts`));
  expect(stdout).toBe(readFileSync(`docs/images/${name}.svg`, 'utf8'));
});

test('a program of Pulumi, without an engine', async () => {
  const app = tsx('examples/pulumi-federation/index.ts');
  expect(await spirekit('prove', '--app', app, ...NOW)).toMatchInlineSnapshot(`
{
  "code": 0,
  "stderr": "",
  "stdout": "Federation mesh: 3 members, 6 directed edges

  believes  1       2       3
  1 east    —       spiffe  spiffe
  2 west    spiffe  —       spiffe
  3 lab     spiffe  spiffe  —

Findings: none
",
}
`);
});
