import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { proveReport } from '../../lib/cli/report/report';
import { newFolder, removeFolders } from '../synth/fixtures';
import { brokenData, file, finding, LIBRARY, meshData, proofOf, spirekit, tsx } from './fixtures';

let folder: string;
let fine: string;
let broken: string;
beforeEach(() => {
  folder = newFolder();
  fine = file(folder, 'fine.json', meshData());
  broken = file(folder, 'broken.json', brokenData());
});
afterEach(removeFolders);

/** A report of one finding. */
const reportOf = (rest: Parameters<typeof finding>[2]) =>
  file(folder, 'report.json', proveReport(proofOf({}, { findings: [finding('r', 'east', rest)] })));

test('nothing found', async () => {
  expect(await spirekit('prove', fine)).toEqual({
    code: 0,
    stderr: '',
    stdout: [
      'Federation fine: 2 members, 1 directed edge',
      '',
      '  believes  1       2',
      '  1 east    —       web',
      '  2 west    ·       —',
      '',
      'Findings: none',
      '',
    ].join('\n'),
  });
});

test('errors fail', async () => {
  const { code, stdout, stderr } = await spirekit('prove', broken);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout).toContain("edges 'west → nobody' names 'nobody', which is no member");
});

test('a wrong program: every finding of its clusters and of its mesh', async () => {
  const program = file(
    folder,
    'main.ts',
    `import { App, BundleEndpoint, FederationMesh, KubernetesCluster } from '${LIBRARY}';
    const app = new App();
    const [east, west] = ['east', 'west'].map((name) => new KubernetesCluster(app, name, {
      trustDomain: name === 'west' ? 'West' : 'east.example.com',
      server: { defaultX509SvidTtl: '48h', nonsense: true },
      bundleEndpoint: BundleEndpoint.httpsSpiffe(),
    }));
    new FederationMesh(app, 'mesh', { members: [east, west], sharedRoots: 'yes' });
    east.identity('web', { namespace: 'shop', serviceAccount: 'web', federatesWith: ['nobody.example.com'] });
    app.synth();`,
  );
  const { code, stdout } = await spirekit('prove', '--app', tsx(program));
  expect(code).toBe(1);
  const [, found = ''] = stdout.split('\nFindings: ');
  expect(found.replace(/^( {4}\w+ +[\w-]+ +\S+).*$/gm, '$1')).toMatchInlineSnapshot(`
"9 errors
  east: 4 errors
    error  property-unknown  spire/server
    error  svid-ttl          spire/server
    error  E06               .
    error  E16               identity-web
  west: 4 errors
    error  trust-domain      spire
    error  property-unknown  spire/server
    error  svid-ttl          spire/server
    error  E06               .
  mesh: 1 error
    error  property-kind  .
"
`);
});

test.each([
  ['an error', { severity: 'error' }, 1, 1],
  ['a warning', { severity: 'warning' }, 0, 1],
  ['an accepted warning', { severity: 'warning', accepted: 'so' }, 0, 0],
] as const)('%s', async (_, rest, code, strict) => {
  const report = reportOf(rest);
  expect((await spirekit('prove', report)).code).toBe(code);
  expect((await spirekit('prove', report, '--strict')).code).toBe(strict);
});

test('tables that were asked for, in their own order, each once', async () => {
  const titles = async (...args: string[]) =>
    (await spirekit('prove', fine, ...args)).stdout.match(/^\S.*$/gm)?.slice(1, -1);
  expect(await titles()).toEqual([]);
  expect(await titles('--table', 'load')).toEqual(['Load']);
  expect(await titles('--table', 'serving', '--table', 'times', '--table', 'times')).toEqual([
    'Times',
    'Who serves whose bundle',
  ]);
  expect(await titles('--table', 'all')).toEqual(['Times', 'Blast radius', 'Load', 'Who serves whose bundle']);
});

test('for programs: the report on standard output, the counts beside it', async () => {
  const json = await spirekit('prove', '--json', broken);
  expect(JSON.parse(json.stdout).schema).toBe('spirekit/prove-report/1');
  const junit = await spirekit('prove', '--junit', broken);
  expect(junit.stdout).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites /);
  const sarif = await spirekit('prove', '--sarif', broken);
  expect(JSON.parse(sarif.stdout).version).toBe('2.1.0');
  for (const { code, stderr } of [json, junit, sarif]) {
    expect(code).toBe(1);
    expect(stderr).toMatch(/^spirekit: \d+ errors?(, .*)?\n$/);
  }
});

test('what is written as JSON is read again as it was', async () => {
  const report = join(folder, 'report.json');
  const first = await spirekit('prove', '--json', '--output', report, broken);
  expect({ ...first, stderr: '' }).toEqual({ code: 1, stdout: '', stderr: '' });
  for (const args of [[], ['--json'], ['--junit'], ['--sarif'], ['--table', 'all']]) {
    const [direct, again] = [await spirekit('prove', broken, ...args), await spirekit('prove', report, ...args)];
    if (args[0] === '--json') expect(again.stdout).toBe(readFileSync(report, 'utf8'));
    // Between the two the clock has gone on, by which lifetimes are counted.
    else expect(again).toEqual(direct);
  }
});

test('with --strict warnings fail their cases', async () => {
  const report = reportOf({ severity: 'warning' });
  expect((await spirekit('prove', '--junit', report)).stdout).not.toContain('<failure ');
  expect((await spirekit('prove', '--junit', '--strict', report)).stdout).toContain('<failure ');
});

test('into a file, the counts are shown', async () => {
  const output = join(folder, 'found.txt');
  expect(await spirekit('prove', fine, '--output', output)).toEqual({
    code: 0,
    stdout: '',
    stderr: 'spirekit: no findings\n',
  });
  expect(readFileSync(output, 'utf8')).toMatch(/^Federation fine: /);
  expect((await spirekit('prove', fine, '--output', '-')).stdout).toBe(readFileSync(output, 'utf8'));
});

test('by the moment that is asked for', async () => {
  const at = async (now: string) => JSON.parse((await spirekit('prove', '--json', '--now', now, fine)).stdout);
  expect((await at('2030-01-01')).meshes[0].now).toBe('2030-01-01T00:00:00.000Z');
  expect(await at('2030-01-01')).toEqual(await at('2030-01-01T01:00:00+01:00'));
});

test('without a mesh, what was found is shown, and that there is none', async () => {
  const report = file(folder, 'none.json', proveReport(proofOf({}, { meshes: [], findings: [finding('r', 'east')] })));
  expect(await spirekit('prove', report)).toEqual({
    code: 1,
    stdout: 'Findings: 1 error\n  east: 1 error\n    error  r  .  r is wrong\n',
    stderr: 'spirekit: there is no FederationMesh in it; what is shown are findings of the clusters alone\n',
  });
});

test.each([
  [['--json', '--sarif'], '--json and --sarif exclude each other; write one, and run the command again for the other'],
  [
    ['--json', '--junit', '--sarif'],
    '--json and --junit and --sarif exclude each other; write one, and run the command again for the other',
  ],
  [
    ['--json', '--table', 'load'],
    '--table is for people, and --json for programs; leave one out; --json holds all tables',
  ],
  [['--junit', '--table', 'load'], '--table is for people, and --junit for programs; leave one out'],
  [['--table', 'loads'], "--table 'loads' is not known; write one of times, blast-radius, load, serving, all"],
])('%j is refused before anything is read', async (args, message) => {
  expect(await spirekit('prove', join(folder, 'none.json'), ...args)).toEqual({
    code: 2,
    stdout: '',
    stderr: `spirekit: ${message}\nSee 'spirekit prove --help'.\n`,
  });
});

test('what cannot be written has been proven in vain, and is no finding', async () => {
  const output = join(folder, 'none', 'found.txt');
  expect(await spirekit('prove', fine, '--output', output)).toEqual({
    code: 2,
    stdout: '',
    stderr: `spirekit: cannot write '${output}': ENOENT: no such file or directory\n`,
  });
});

test('a report that no text can hold', async () => {
  jest.spyOn(JSON, 'stringify').mockImplementationOnce(() => {
    throw new RangeError('Invalid string length');
  });
  const shown = await spirekit('prove', '--json', '--now', '2026-06-01', fine).finally(() => jest.restoreAllMocks());
  expect(shown).toEqual({
    code: 2,
    stdout: '',
    stderr: 'spirekit: the report is too long for a text of Node.js (Invalid string length); ask for another form\n',
  });
});
