import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MeshData, MeshLock, meshFrom } from '../../lib';
import { newFolder, removeFolders } from '../synth/fixtures';
import { brokenData, file, LIBRARY, meshData, spirekit, tsx } from './fixtures';

// Programs are processes of their own, from source.
jest.setTimeout(120_000);

let folder: string;
let lock: string;
beforeEach(() => {
  folder = newFolder();
  lock = join(folder, 'mesh.lock.json');
});
afterEach(removeFolders);

/** Runs `spirekit lock` for data of the mesh `mesh`. */
const lockOf = (data: MeshData, ...args: string[]) =>
  spirekit('lock', file(folder, 'mesh.json', data), '--lock', lock, ...args);

/** West becomes somebody who believes east, too. */
function withEdge(approved: MeshData['approved'] = []): MeshData {
  const { members, edges } = meshData();
  const [east, west] = members;
  if (!east?.endpoint || !west) throw new Error('the mesh has two members');
  const { url, profile } = east.endpoint;
  const told = { trustDomain: east.trustDomain, url, profile, className: 'spire' };
  return {
    members: [east, { ...west, relationships: [told] }],
    edges: [...edges.map(({ consumer, provider }) => ({ consumer, provider })), { consumer: 'west', provider: 'east' }],
    approved,
  };
}

const WRITTEN = 'is written: 1 mesh, 2 members, 1 edge, 0 bundles\n';

test('the first lock is written, and the same program writes it no more', async () => {
  expect(await lockOf(meshData())).toEqual({ code: 0, stdout: '', stderr: `spirekit: '${lock}' ${WRITTEN}` });
  const text = readFileSync(lock, 'utf8');
  expect(text).toBe(MeshLock.of(new Map([['mesh', meshFrom(meshData())]])).toString());
  // Another form of the same: whoever formats files need not be fought.
  writeFileSync(lock, JSON.stringify(JSON.parse(text)));
  const again = await lockOf(meshData());
  expect(again.stderr).toBe(`spirekit: '${lock}' is up to date: 1 mesh, 2 members, 1 edge, 0 bundles\n`);
  expect(readFileSync(lock, 'utf8')).toBe(JSON.stringify(JSON.parse(text)));
  expect(readdirSync(folder).sort()).toEqual(['mesh.json', 'mesh.lock.json']);
});

test('beside the program, where nothing else is said', async () => {
  const before = process.cwd();
  process.chdir(folder);
  try {
    expect((await spirekit('lock', file(folder, 'mesh.json', meshData()))).stderr).toBe(
      `spirekit: 'mesh.lock.json' ${WRITTEN}`,
    );
  } finally {
    process.chdir(before);
  }
  expect(existsSync(lock)).toBe(true);
});

describe('--check', () => {
  test('writes nothing where there is no lock', async () => {
    expect(await lockOf(meshData(), '--check')).toEqual({
      code: 1,
      stdout: '',
      stderr: `spirekit: '${lock}' is not there; once the program is deployed, write it by 'spirekit lock'\n`,
    });
    expect(existsSync(lock)).toBe(false);
  });

  test('passes where it says what the program says', async () => {
    await lockOf(meshData());
    const { code, stderr } = await lockOf(meshData(), '--check');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `spirekit: '${lock}' is up to date: 1 mesh, 2 members, 1 edge, 0 bundles\n`,
    });
  });

  test('fails where it says something else', async () => {
    await lockOf(meshData());
    const text = readFileSync(lock, 'utf8');
    const { code, stderr } = await lockOf({ ...meshData(), budgets: { outage: 60 } }, '--check');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `spirekit: '${lock}' says something else than the program; once the program is deployed, write it by 'spirekit lock'\n`,
    });
    expect(readFileSync(lock, 'utf8')).toBe(text);
  });
});

describe('nothing is written', () => {
  test('of what has errors', async () => {
    const { code, stderr } = await lockOf(brokenData());
    expect(code).toBe(1);
    expect(stderr.replace(lock, 'LOCK')).toMatchInlineSnapshot(`
"spirekit: 'LOCK' is not written
What has 1 error was not deployed:
  west: 1 error
    error  E04  .  edges 'west → nobody' names 'nobody', which is no member; write the name of a member, or add the member
"
`);
    expect(existsSync(lock)).toBe(false);
  });

  test('of changes that nobody has approved', async () => {
    await lockOf(meshData());
    const text = readFileSync(lock, 'utf8');
    const refused = await lockOf(withEdge());
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(`spirekit: '${lock}' stays as it is\nChanges of 'mesh' to be decided about:\n`);
    expect(readFileSync(lock, 'utf8')).toBe(text);

    const ids = [...refused.stderr.matchAll(/^ {2}approval {2}(\S+) /gm)].map(([, id = '']) => id);
    expect(ids.length).toBeGreaterThan(0);
    const approved = ids.map((change) => ({ change, reason: 'they work together' }));
    expect((await lockOf(withEdge(approved))).stderr).toBe(
      `spirekit: '${lock}' is written: 1 mesh, 2 members, 2 edges, 0 bundles\n`,
    );
    // The approval was of the way here.
    expect((await lockOf(withEdge(), '--check')).code).toBe(0);
  });

  test('of what cannot have been deployed', async () => {
    await lockOf(meshData());
    const { members, edges } = meshData();
    const [east, west] = members;
    if (!east || !west) throw new Error('the mesh has two members');
    const refused = await lockOf({ members: [{ ...east, trustDomain: 'new.example.com' }, west], edges });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/^ {2}forbidden {2}trust-domain-changed-[0-9a-f]{8} {2}'east' /m);
  });

  test('where it is of another program, unless that is said', async () => {
    await lockOf(meshData());
    const text = readFileSync(lock, 'utf8');
    const others: MeshData = {
      members: [{ name: 'north', platform: 'kubernetes', trustDomain: 'north.example.com' }],
      edges: [],
    };
    for (const args of [[], ['--check']]) {
      const { code, stderr } = await lockOf(others, ...args);
      expect(code).toBe(1);
      expect(stderr).toContain(
        "\nNo member of 'mesh' is in the lock, which seems to be that of another program: name its own by --lock; if all members have given way to others, write --forget 'mesh'\n",
      );
    }
    expect(readFileSync(lock, 'utf8')).toBe(text);
    expect((await lockOf(others, '--forget', 'mesh')).code).toBe(0);
    expect(MeshLock.fromFile(lock).mesh('mesh')?.members).toMatchObject([{ name: 'north' }]);
  });

  test('by forgetting a mesh that is there', async () => {
    await lockOf(meshData());
    expect(await lockOf(withEdge(), '--forget', 'mesh')).toMatchObject({
      code: 2,
      stderr:
        "spirekit: --forget 'mesh' is a mesh of the program, which the lock is compared with\nSee 'spirekit lock --help'.\n",
    });
  });

  test('and its name commands no terminal', async () => {
    const odd = join(folder, 'a\u001b[2J\nb');
    const { code, stderr } = await spirekit('lock', file(folder, 'mesh.json', meshData()), '--lock', odd);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `spirekit: '${join(folder, 'a\\u001b[2J b')}' ${WRITTEN}`,
    });
  });

  test('where a mesh is gone, unless that is said', async () => {
    await lockOf(meshData());
    const other = file(folder, 'other.json', meshData());
    expect(await spirekit('lock', other, '--lock', lock)).toEqual({
      code: 1,
      stdout: '',
      stderr: `spirekit: '${lock}' stays as it is\nThere is no mesh 'mesh' any more: if it was renamed, give it back its name; if it was removed from all clusters, write --forget 'mesh'\n`,
    });
    const wrong = await spirekit('lock', other, '--lock', lock, '--forget', 'mash');
    expect(wrong).toMatchObject({
      code: 2,
      stderr: `spirekit: --forget 'mash' is no mesh of the lock; did you mean 'mesh'?\nSee 'spirekit lock --help'.\n`,
    });
    expect((await spirekit('lock', other, '--lock', lock, '--forget', 'mesh')).stderr).toBe(
      `spirekit: '${lock}' ${WRITTEN}`,
    );
    expect(MeshLock.fromFile(lock).names).toEqual(['other']);
  });
});

describe('it cannot be done, and the file is as it was', () => {
  test.each([
    ['a lock that was changed', (text: string) => text.replace('https_web', 'https_spiffe'), 'was changed by hand'],
    ['a lock that is cut off', (text: string) => text.slice(0, 300), 'is cut off'],
    ['a newer lock', (text: string) => text.replace('mesh-lock/v1', 'mesh-lock/v2'), 'was written by a newer spirekit'],
    ['something else', () => JSON.stringify(meshData()), 'has no schema'],
  ])('%s', async (_, change, problem) => {
    await lockOf(meshData());
    const text = change(readFileSync(lock, 'utf8'));
    writeFileSync(lock, text);
    for (const args of [[], ['--check']]) {
      const { code, stdout, stderr } = await lockOf(meshData(), ...args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(`spirekit: '${lock}' `);
      expect(stderr).toContain(problem);
      expect(readFileSync(lock, 'utf8')).toBe(text);
    }
  });

  test('a folder, and a folder that is not there', async () => {
    mkdirSync(lock);
    expect((await lockOf(meshData())).stderr).toBe(`spirekit: '${lock}' is a folder; name the file in it\n`);
    const nowhere = join(folder, 'nowhere', 'mesh.lock.json');
    const { code, stderr } = await spirekit('lock', file(folder, 'mesh.json', meshData()), '--lock', nowhere);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `spirekit: cannot write '${nowhere}': ENOENT: no such file or directory\n`,
    });
  });

  test('standard output is no place for it', async () => {
    for (const name of ['-', '']) {
      expect((await spirekit('lock', '--lock', name)).stderr).toBe(
        "spirekit: --lock is a file that is compared and written; name one\nSee 'spirekit lock --help'.\n",
      );
    }
  });

  test('no federation', async () => {
    const program = file(folder, 'main.ts', `import { App } from '${LIBRARY}'; new App().synth();`);
    expect(await spirekit('lock', '--app', tsx(program), '--lock', lock)).toMatchObject({
      code: 2,
      stderr: 'spirekit: there is no FederationMesh in it, so that there is nothing to lock\n',
    });
  });
});

/** A program of two clusters with a lock beside it. */
const program = (edit = '', id = 'mesh') => `
  import { App, BundleEndpoint, FederationMesh, Issuer, KubernetesCluster, MeshLock, WebTrust } from '${LIBRARY}';
  const issuer = Issuer.existing({ name: 'letsencrypt', kind: 'ClusterIssuer', trust: WebTrust.public() });
  const app = new App();
  const [east, west] = ['east', 'west'].map((name) => new KubernetesCluster(app, name, {
    trustDomain: name + '.example.com',
    bundleEndpoint: BundleEndpoint.httpsWeb({ issuer }),
  })) as [KubernetesCluster, KubernetesCluster];
  new FederationMesh(app, '${id}', { members: [east, west], previous: MeshLock.fromFile('${lock}') });
  ${edit}
  app.synth();`;

test('a program with its lock, from the first day on', async () => {
  const main = (text: string) => tsx(file(folder, 'main.ts', text));
  expect(await spirekit('lock', '--app', main(program()), '--lock', lock)).toMatchObject({
    code: 0,
    stderr: `spirekit: '${lock}' is written: 1 mesh, 2 members, 2 edges, 0 bundles\n`,
  });
  // What it is held to is reported: the locked mesh.
  const { stdout } = await spirekit('prove', '--json', '--app', main(program()));
  const [{ previous }] = JSON.parse(stdout).meshes;
  expect(previous).toEqual(JSON.parse(JSON.stringify(MeshLock.fromFile(lock).mesh('mesh'))));
  const other = program().replace('mesh.lock.json', 'mash.lock.json');
  expect((await spirekit('lock', '--app', main(other), '--lock', lock)).stderr).toBe(
    `spirekit: '${lock}' is up to date: 1 mesh, 2 members, 2 edges, 0 bundles\nspirekit: 'mesh' does not read it: write previous: MeshLock.fromFile(…)\n`,
  );
  // In the wrong folder: nobody would be held to it.
  const second = join(folder, 'second.lock.json');
  expect((await spirekit('lock', '--app', main(program()), '--lock', second)).stderr).toBe(
    `spirekit: '${second}' is written: 1 mesh, 2 members, 2 edges, 0 bundles\nspirekit: 'mesh' does not read it: write its file into previous; or name the lock that is there by --lock, and remove this one\n`,
  );
  const changed = `new KubernetesCluster(app, 'north', { trustDomain: 'north.example.com' });`;
  expect((await spirekit('lock', '--check', '--app', main(program(changed)), '--lock', lock)).code).toBe(0);
});

test('a change from the first proof to the lock that has it', async () => {
  const run = (command: string, approve: string, ...args: string[]) => {
    const peer = "east?.identity('web', { namespace: 'shop', serviceAccount: 'web', federatesWith: [west] });";
    const text = program(approve === 'none' ? '' : peer).replace(
      'members:',
      `approve: [${approve.replace('none', '')}], members:`,
    );
    return spirekit(command, '--app', tsx(file(folder, 'main.ts', text)), ...args);
  };
  const at = ['--lock', lock];
  expect((await run('lock', 'none', ...at)).code).toBe(0);

  const { stdout } = await run('prove', '', '--strict');
  const [approval = '', change = ''] = /\{ change: '([^']+)', reason: '…' \}/.exec(stdout) ?? [];
  expect(change).toMatch(/^identity-/);
  const refused = await run('lock', '', ...at);
  expect({ code: refused.code, names: refused.stderr.includes(`  approval  ${change}  `) }).toEqual({
    code: 1,
    names: true,
  });

  const decided = approval.replace('…', 'the shop reads stocks of the west');
  expect((await run('prove', decided, '--strict')).code).toBe(0);
  expect((await run('lock', decided, ...at)).code).toBe(0);
  // What is deployed needs no approval any more.
  const after = await run('prove', decided);
  expect(after.stdout).toContain(`'${change}' approves what has not changed (any more)`);
  expect((await run('prove', '', '--strict')).code).toBe(0);
  expect((await run('lock', '', '--check', ...at)).code).toBe(0);
}, 240_000);

test('a lock that somebody else writes while the program runs is not overwritten', async () => {
  const others = MeshLock.of(new Map([['mesh', meshFrom(meshData())]])).toString();
  const main = file(folder, 'main.ts', program().replace(/, previous: [^}]*/, ''));
  const app = `cp ${file(folder, 'others', others)} ${lock} && ${tsx(main)}`;
  expect(await spirekit('lock', '--app', app, '--lock', lock)).toEqual({
    code: 2,
    stdout: '',
    stderr: `spirekit: '${lock}' was written by somebody else meanwhile, and stays as it is; run this again\n`,
  });
  expect(readFileSync(lock, 'utf8')).toBe(others);
});

test('two meshes of one name would be compared with each other', async () => {
  const main = file(folder, 'main.ts', `${program()}\n{${program().replace(/import .*/, '')}}`);
  expect(await spirekit('lock', '--app', tsx(main), '--lock', lock)).toMatchObject({
    code: 2,
    stderr: "spirekit: two meshes of the program are called 'mesh'; give each a name of its own\n",
  });
  expect(existsSync(lock)).toBe(false);
}, 60_000);
