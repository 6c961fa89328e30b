import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { proveReport } from '../../lib/cli/report/report';
import { type MeshData, meshDashboard, meshFrom } from '../../lib/federation';
import { clusterDashboard } from '../../lib/monitoring';
import { newFolder, removeFolders } from '../synth/fixtures';
import { brokenData, file, meshData, proofOf, provenMesh, spirekit } from './fixtures';

let folder: string;
let fine: string;
beforeEach(() => {
  folder = newFolder();
  fine = file(folder, 'fine.json', meshData());
});
afterEach(removeFolders);

const make = (...args: string[]) => spirekit('dashboard', ...args);

const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

test('the dashboard of the federation', async () => {
  const { code, stdout, stderr } = await make(fine);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toEqual(plain(meshDashboard(meshFrom(meshData()), { name: 'fine' })));
  expect(stdout).toMatch(/^\{\n {2}".*\}\n$/s);
});

test('the dashboard of a cluster, by the settings of that cluster', async () => {
  const data: MeshData = {
    ...meshData(),
    members: meshData().members.map((member) => ({ ...member, caTtl: 172_800 })),
  };
  const { code, stdout } = await make(file(folder, 'longer.json', data), '--cluster', 'east', '--interval', '1m');
  expect(code).toBe(0);
  const facts = { name: 'east', trustDomain: 'east.example.com', caTtl: 172_800, interval: 60 };
  expect(JSON.parse(stdout)).toEqual(plain(clusterDashboard(facts)));
});

test('readings that are further apart are asked for less often', async () => {
  const { stdout } = await make(fine, '--interval', '2m');
  expect(stdout).toContain('"interval": "120s"');
});

test('what is wrong with the federation fails nothing', async () => {
  expect(await make(file(folder, 'broken.json', brokenData()))).toMatchObject({ code: 0, stderr: '' });
});

test('into a file', async () => {
  const output = join(folder, 'dashboard.json');
  expect(await make(fine, '--output', output)).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(readFileSync(output, 'utf8')).toBe((await make(fine)).stdout);
});

test('of several meshes one has to be named; clusters are found in all', async () => {
  const report = proveReport(proofOf({}, { meshes: ['prod', 'test'].map((name) => provenMesh({ name })) }));
  const several = file(folder, 'several.json', report);
  expect(JSON.parse((await make(several, '--mesh', 'test')).stdout).title).toBe('Federation: test');
  expect(JSON.parse((await make(several, '--cluster', 'west')).stdout).title).toBe('SPIRE: west');
  expect(await make(several)).toEqual({
    code: 2,
    stdout: '',
    stderr: "spirekit: there are 2 meshes; write --mesh and one of prod, test\nSee 'spirekit dashboard --help'.\n",
  });
});

test.each([
  [['--mesh', 'tests'], "there is no mesh 'tests'; there is fine"],
  [['--cluster', 'eest'], "there is no cluster 'eest'; did you mean 'east'?"],
  [['--cluster', 'north'], "there is no cluster 'north'; there is east, west"],
])('%j is not there', async (args, message) => {
  expect(await make(fine, ...args)).toEqual({
    code: 2,
    stdout: '',
    stderr: `spirekit: ${message}\nSee 'spirekit dashboard --help'.\n`,
  });
});

test('of a foreign system there are no metrics', async () => {
  const members = meshData().members.map((member) => ({ ...member, platform: 'external' as const }));
  const foreign = file(folder, 'foreign.json', { ...meshData(), members });
  expect((await make(foreign, '--cluster', 'east')).stderr).toBe(
    "spirekit: 'east' is external: nothing is known of it but its bundle endpoint\n",
  );
  expect((await make(foreign, '--cluster', 'north')).stderr).toBe(
    "spirekit: there is no cluster 'north'; there is none\nSee 'spirekit dashboard --help'.\n",
  );
});

test('without a mesh there is nothing to make it of', async () => {
  const none = file(folder, 'none.json', proveReport(proofOf({}, { meshes: [] })));
  expect(await make(none)).toEqual({
    code: 2,
    stdout: '',
    stderr: 'spirekit: there is no FederationMesh in it, so that there is nothing to make a dashboard of\n',
  });
  expect(await make(none, '--cluster', 'demo')).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'spirekit: there is no FederationMesh in it, and --cluster names a member of one; ' +
      "without one, 'dashboards' of the cluster's monitoring makes it\n",
  });
});

test.each([
  [['--interval', 'often'], /^spirekit: --interval 'often' is not a duration; write numbers with the units h, m, s/],
  [
    ['--interval', '1500ms'],
    /^spirekit: --interval '1500ms' is not a whole number of seconds; write one such as 30s\n/,
  ],
  [['--interval', '0s'], /^spirekit: --interval '0s' is not a whole number of seconds; write one such as 30s\n/],
  [['--mesh', 'a', '--cluster', 'b'], /^spirekit: --mesh and --cluster are two dashboards; leave one out\n/],
])('%j is refused before anything is read', async (args, message) => {
  const { code, stdout, stderr } = await make(join(folder, 'none.json'), ...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(message);
});
