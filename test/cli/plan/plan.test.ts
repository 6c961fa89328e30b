import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MeshData, MeshLock, meshFrom, type Plan } from '../../../lib/federation';
import { newFolder, removeFolders } from '../../synth/fixtures';
import { brokenData, file, meshData, spirekit } from '../fixtures';

let folder: string;
let fine: string;
beforeEach(() => {
  folder = newFolder();
  fine = file(folder, 'fine.json', meshData());
});
afterEach(removeFolders);

const plan = (...args: string[]) => spirekit('plan', ...args);

/** Titles of the plans that are shown. */
const titlesIn = (text: string) => text.split('\n').filter((line) => /\((planned|emergency)\)$/.test(line));

/** A lock of a mesh, as `spirekit lock` writes it. */
const lockOf = (name: string, data: MeshData) =>
  file(folder, 'mesh.lock.json', MeshLock.of(new Map([[name, meshFrom(data)]])).toString());

test.each([
  [['add', 'west'], ['Add west to the federation (planned)']],
  [
    ['remove', 'west'],
    ['Remove west from the federation (planned)', 'Cut west off at once (emergency)'],
  ],
  [
    ['remove', 'west', '--from', 'east'],
    ['east stops believing west (planned)', 'east cuts west off at once (emergency)'],
  ],
  [['remove', 'west', '--emergency'], ['Cut west off at once (emergency)']],
])('%j', async (args, titles) => {
  const [action = '', member = '', ...rest] = args;
  const { code, stdout, stderr } = await plan(action, member, fine, ...rest);
  expect({ code, stderr, titles: titlesIn(stdout) }).toEqual({ code: 0, stderr: '', titles });
});

test.each(['rotate', 'recover'])('%s', async (action) => {
  const { code, stdout, stderr } = await plan(action, 'west', fine);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(titlesIn(stdout).length).toBeGreaterThan(0);
});

test('for programs', async () => {
  const { code, stdout } = await plan('remove', 'west', fine, '--json');
  const { schema, plans } = JSON.parse(stdout) as { schema: string; plans: Plan[] };
  expect({ code, schema }).toEqual({ code: 0, schema: 'spirekit/plan-report/1' });
  expect(plans.map(({ action, order, member }) => [action, order, member])).toEqual([
    ['remove', 'planned', 'west'],
    ['remove', 'emergency', 'west'],
  ]);
});

test('as a list to tick, into a file, with other contexts', async () => {
  const output = join(folder, 'plan.md');
  const args = ['--emergency', '--markdown', '--output', output, '--context', 'east=admin@east'];
  expect(await plan('remove', 'west', fine, ...args)).toEqual({ code: 0, stdout: '', stderr: '' });
  const text = readFileSync(output, 'utf8');
  expect(text).toMatch(/^# Cut west off at once \(emergency\)\n/);
  expect(text).toContain('- [ ] At east:\n\n  ```sh\n  kubectl --context admin@east -n spire-server exec ');
});

test.each([
  ['out/mesh/', 'out/mesh'],
  ['-o', './-o'],
  ["team's", "'team'\\''s"],
])('manifests in %j', async (manifests, shown) => {
  const { stdout } = await plan('remove', 'west', fine, `--manifests=${manifests}`);
  const quote = shown.startsWith("'") ? "'" : '';
  expect(stdout).toContain(`WAVES='80 90' sh ${shown}/east/install.sh${quote} --context east\n`);
  expect(stdout).toMatch(/sh west\/remove\.sh in the folder of the\s+manifests/);
  expect(stdout).not.toContain('dist');
});

describe('what was deployed last', () => {
  /** The mesh without west. */
  const gone = (): MeshData => {
    const { members } = meshData();
    return { members: members.slice(0, 1).map((member) => ({ ...member, relationships: [] })), edges: [] };
  };

  test('has a member that the program has no more', async () => {
    const lock = lockOf('mesh', meshData());
    const { code, stdout } = await plan('remove', 'west', file(folder, 'gone.json', gone()), '--lock', lock);
    expect(code).toBe(0);
    expect(stdout).toContain(
      'kubectl --context east delete clusterfederatedtrustdomain west.example.com --ignore-not-found',
    );
  });

  test('is not asked for a file, unless it is named', async () => {
    const { code, stderr } = await plan('remove', 'west', file(folder, 'gone.json', gone()));
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "spirekit: there is no member 'west'; did you mean 'east'?\n",
    });
  });

  test('is what a move is compared with', async () => {
    const { members, edges } = meshData();
    const url = 'https://bundle.west.example.com/';
    const [east, west] = members.map((member) => ({
      ...member,
      ...(member.relationships && { relationships: member.relationships.map((each) => ({ ...each, url })) }),
      ...(member.name === 'west' &&
        member.endpoint && { endpoint: { ...member.endpoint, url, host: 'bundle.west.example.com' } }),
    }));
    const moved = file(folder, 'moved.json', { members: [east, west], edges });
    const { code, stdout } = await plan('migrate', 'west', moved, '--lock', lockOf('mesh', meshData()));
    expect({ code, titles: titlesIn(stdout) }).toEqual({
      code: 0,
      titles: [`Move the bundle endpoint of west from https://federation.west.example.com/ to ${url} (planned)`],
    });
  });
});

test.each([
  [[], 'what is planned? Write one of add, remove, rotate, migrate, recover'],
  [['remoev', 'west'], "there is no plan 'remoev'; did you mean 'remove'?"],
  [['draw', 'west'], "there is no plan 'draw'; there are add, remove, rotate, migrate, recover"],
  [['remove'], 'remove whom? Write the name of a member behind it'],
  [
    ['add', 'west', '--from', 'east'],
    "--from says who stops believing a member, and is of 'remove' alone; leave it out",
  ],
  [['add', 'west', '--json', '--markdown'], '--json and --markdown exclude each other; write one'],
  [['add', 'west', '--manifests', ''], '--manifests is empty; name a folder'],
  [['add', 'west', '--context', 'east'], "--context 'east' is no MEMBER=CONTEXT"],
  [['add', 'west', '--contxt', 'east'], "there is no option '--contxt'; did you mean '--context'?"],
])('%j is not understood', async (args, problem) => {
  expect(await plan(...args)).toEqual({
    code: 2,
    stdout: '',
    stderr: `spirekit: ${problem}\nSee 'spirekit plan --help'.\n`,
  });
});

test.each([
  [['add', 'wets'], "there is no member 'wets'; did you mean 'west'?"],
  [
    ['add', 'west', '--emergency'],
    "there is no other order for an emergency: add of 'west' has one; leave out --emergency",
  ],
  [
    ['add', 'west', '--context', 'esat=x'],
    "there is no member 'esat' that a context could be of; did you mean 'east'?",
  ],
  [
    ['add', 'west', '--lock', 'nowhere.json'],
    "there is no lock 'nowhere.json'; write it by 'spirekit lock' when the program is deployed",
  ],
  [
    ['migrate', 'west'],
    "nobody knows what is deployed, so that nothing has changed; write the lock by 'spirekit lock' when the program is deployed, or name another by --lock",
  ],
])('%j cannot be done', async ([action = '', member = '', ...rest], problem) => {
  expect(await plan(action, member, fine, ...rest)).toEqual({ code: 2, stdout: '', stderr: `spirekit: ${problem}\n` });
});

test('of a federation with errors the plan is shown, and that it has some', async () => {
  const { code, stdout, stderr } = await plan('add', 'west', file(folder, 'broken.json', brokenData()));
  expect({ code, titles: titlesIn(stdout) }).toEqual({ code: 0, titles: ['Add west to the federation (planned)'] });
  expect(stderr).toBe(
    "spirekit: the federation as it is declared has 1 error; 'spirekit prove' shows what to mend first\n",
  );
});

test('a lock that cannot be gone by', async () => {
  const { code, stderr } = await plan('remove', 'west', fine, '--lock', file(folder, 'bad.json', '{'));
  expect(code).toBe(2);
  expect(stderr).toMatch(/^spirekit: '.*bad\.json' .*; .*\n$/);
});
