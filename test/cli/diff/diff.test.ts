import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { proveReport } from '../../../lib/cli/report/report';
import { diffMeshes, type MeshData, meshFrom } from '../../../lib/federation';
import { newFolder, removeFolders } from '../../synth/fixtures';
import { file, meshData, proofOf, spirekit } from '../fixtures';
import { lockFile } from './fixtures';

let folder: string;
let lock: string;
beforeEach(() => {
  folder = newFolder();
  lock = lockFile(folder, { mesh: meshData() });
});
afterEach(removeFolders);

/** West is fetched somewhere else, and east is told so. */
function moved(approved: MeshData['approved'] = []): MeshData {
  return JSON.parse(
    JSON.stringify({ ...meshData(), approved }).replaceAll('federation.west', 'bundles.west'),
  ) as MeshData;
}

const CHANGE = diffMeshes(meshFrom(meshData()), meshFrom(moved()))[0]?.id ?? '';

const diff = (data: unknown, ...args: string[]) =>
  spirekit('diff', file(folder, 'now.json', data), '--lock', lock, ...args);

test('no changes', async () => {
  expect(await diff(meshData())).toEqual({
    code: 0,
    stderr: '',
    stdout: `Federation now: no changes since ${lock}\n\nChanges: none\n`,
  });
});

test('a federation with errors is compared, one that cannot be read is not', async () => {
  const { members, edges } = meshData();
  const twice = await diff({ members: [...members, members[0]], edges });
  expect(twice.stderr).toMatch(
    /^spirekit: the federation as it is declared has \d+ errors; 'spirekit prove' shows what to mend first\n$/,
  );
  expect(await diff({ members: [null], edges })).toEqual({
    code: 2,
    stdout: '',
    stderr: 'spirekit: the federation cannot be read: members[0] is not an object; write its properties in braces\n',
  });
});

test('a lock that has no end', async () => {
  expect(await spirekit('diff', file(folder, 'now.json', meshData()), '--lock', '/dev/zero')).toEqual({
    code: 2,
    stdout: '',
    stderr: "spirekit: '/dev/zero' is no file; name a file\n",
  });
});

test('one to decide about, one that is approved', async () => {
  const { code, stdout, stderr } = await diff(moved());
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout).toContain(`\n    { change: '${CHANGE}', reason: '…' },\n`);
  const approved = await diff(moved([{ change: CHANGE, reason: 'asked for' }]));
  expect(approved.code).toBe(0);
  expect(approved.stdout).toContain('\n  Approved: 1\n');
  expect(approved.stdout).toContain('\n      approved: asked for\n');
  expect(approved.stdout).toMatch(/\nChanges: 1 approved\n$/);
});

test('strictly, approvals of nothing fail', async () => {
  const data = { ...meshData(), approved: [{ change: CHANGE, reason: 'asked for' }] };
  expect((await diff(data)).code).toBe(0);
  expect((await diff(data, '--strict')).code).toBe(1);
});

test('for programs and for people: the counts stand beside it', async () => {
  const json = await diff(moved(), '--json');
  expect(JSON.parse(json.stdout).schema).toBe('spirekit/diff-report/1');
  const markdown = await diff(moved(), '--markdown');
  expect(markdown.stdout).toMatch(/^\*\*Changes of the federation: 1 to be approved\*\*\n/);
  const output = join(folder, 'diff.md');
  const written = await diff(moved(), '--markdown', '--output', output);
  expect(readFileSync(output, 'utf8')).toBe(markdown.stdout);
  expect(written.stdout).toBe('');
  for (const { code, stderr } of [json, markdown, written]) {
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'spirekit: changes: 1 to be approved\n' });
  }
});

test('what was reported when it was deployed does as well as a lock', async () => {
  const found = (await diff(moved())).stdout.replaceAll(lock, 'LOCK').replaceAll('now', 'mesh');
  for (const [name, content] of [
    ['was.json', meshData()],
    ['report.json', proveReport(proofOf())],
  ] as const) {
    const was = file(folder, name, content);
    const { stdout } = await spirekit('diff', file(folder, 'mesh.json', moved()), '--lock', was);
    expect(stdout.replaceAll(was, 'LOCK')).toBe(found);
  }
});

test('a mesh of several', async () => {
  lock = lockFile(folder, { mesh: meshData(), other: meshData() });
  const report = (...names: string[]) =>
    file(folder, 'now.json', proveReport({ ...proofOf(), meshes: names.flatMap((name) => proofOf({ name }).meshes) }));
  const run = (names: string[], ...args: string[]) => spirekit('diff', report(...names), '--lock', lock, ...args);
  expect((await run(['mesh', 'other'])).code).toBe(0);
  const gone = await run(['mesh', 'third']);
  expect(gone.code).toBe(1);
  expect(gone.stdout).toContain(
    `Federation third: ${lock} does not know it; 'spirekit lock' takes it up when it is deployed\n`,
  );
  expect(gone.stdout).toContain(
    'Federation other: the program has it no more; if it was renamed, give it back its name;',
  );
  expect(await run(['mesh', 'third'], '--mesh', 'mesh')).toMatchObject({ code: 0 });
  expect(await run(['mesh'], '--mesh', 'nobody')).toMatchObject({
    code: 2,
    stderr: "spirekit: there is no mesh 'nobody'; there is mesh, other\nSee 'spirekit diff --help'.\n",
  });
});

describe('it could not be done', () => {
  const failing = async (...args: string[]) => {
    const { code, stdout, stderr } = await spirekit('diff', ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    return stderr.replaceAll(folder, '…');
  };

  test('without a lock', async () => {
    expect(await failing(file(folder, 'now.json', meshData()), '--lock', join(folder, 'no.json'))).toBe(
      "spirekit: there is no lock '…/no.json', so that nobody knows what is deployed; write it by 'spirekit lock' when the program is, or name another by --lock\n",
    );
  });

  test('with a lock that cannot be gone by', async () => {
    const now = file(folder, 'now.json', meshData());
    const text = readFileSync(lock, 'utf8');
    const said = async (content: unknown) => failing(now, '--lock', file(folder, 'bad.json', content));
    expect([
      await said(text.slice(0, -20)),
      await said(text.replace('mesh-lock/v1', 'mesh-lock/v2')),
      await said(text.replace('east.example.com', 'evil.example.com')),
      await said({ schema: 'spirekit/verify-report/1' }),
      await said([]),
      await said('null'),
      await failing(now, '--lock', folder),
    ]).toMatchInlineSnapshot(`
[
  "spirekit: '…/bad.json' is cut off; restore it from version control, as it says what is deployed
",
  "spirekit: '…/bad.json' has the schema 'spirekit/mesh-lock/v2': it was written by a newer spirekit than this one; update spirekit here
",
  "spirekit: '…/bad.json' was changed by hand, or by a program: its digest is of another content; restore it from version control, as it says what is deployed
",
  "spirekit: '…/bad.json' has the schema 'spirekit/verify-report/1', and is something else than a lock; name a file that 'spirekit lock' wrote, of the schema 'spirekit/mesh-lock/v1'
",
  "spirekit: '…/bad.json' is no object of JSON; restore it from version control, as it says what is deployed
",
  "spirekit: '…/bad.json' is no object of JSON; restore it from version control, as it says what is deployed
",
  "spirekit: '…' is a folder; name the file in it
",
]
`);
  });

  test('without a federation, and with options that are none', async () => {
    expect(await failing(join(folder, 'no.json'), '--lock', lock)).toBe("spirekit: there is no file '…/no.json'\n");
    const now = file(folder, 'now.json', meshData());
    expect(await failing(now, '--lock', lock, '--json', '--markdown')).toBe(
      "spirekit: --json and --markdown exclude each other; write one\nSee 'spirekit diff --help'.\n",
    );
    expect(await failing(now, '--lcok', lock)).toContain("there is no option '--lcok'; did you mean '--lock'?");
  });
});
