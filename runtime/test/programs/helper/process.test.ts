import { chmodSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { X509Svid } from '../../../src/svid';
import { TestAuthority } from '../../../src/testing';
import { FakeWorkloadApi } from '../../../src/testing/fake-workload-api';
import { endAll, start, startCommand } from '../run';
import { contentsOf, newFolder, removeFolders, tidiness } from './folders';

jest.setTimeout(60_000);

const authority = new TestAuthority('example.org');

let api: FakeWorkloadApi;
let env: NodeJS.ProcessEnv;

beforeEach(async () => {
  // Other users of this machine reach this one too.
  api = await FakeWorkloadApi.start({
    address: 'tcp',
    x509: [authority.x509Svid('/web')],
    bundles: [authority.bundle()],
  });
  env = { SPIFFE_ENDPOINT_SOCKET: api.address };
});

afterEach(async () => {
  await endAll();
  await api.close();
  removeFolders();
});

/** Reads like a program that knows the rule: where `..data` leads is looked up once. */
function readSet(folder: string): X509Svid | undefined {
  const set = join(folder, readlinkSync(join(folder, '..data')));
  try {
    const [certificates, key] = contentsOf(set, 'svid.pem', 'svid_key.pem') as [string, string];
    return X509Svid.parsePem(certificates, key);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

/** Reads like a program that opens one file by its name. */
function readCombined(folder: string): X509Svid | undefined {
  const [text] = contentsOf(folder, 'both.pem') as [string];
  const certificates = text.indexOf('-----BEGIN CERTIFICATE');
  return X509Svid.parsePem(text.slice(certificates), text.slice(0, certificates));
}

test('whoever reads all the time sees key and certificate of one set, through all rotations', async () => {
  const folder = newFolder();
  const rotations = 40;
  const helper = start(['helper', '--folder', folder, '--combined-file', 'both.pem'], { env });
  await helper.saysTimes('new files are in place', 1);
  const seen = new Set<string>();
  let done = false;
  const reading = (async () => {
    while (!done) {
      for (const read of [readSet, readCombined]) {
        // Throws where the key is not that of the certificate.
        const svid = read(folder);
        if (svid) {
          seen.add(svid.id.path);
        }
      }
      await setImmediate();
    }
  })();
  const rotating = (async () => {
    for (let count = 1; count <= rotations; count += 1) {
      api.set({ x509: [authority.x509Svid(`/web-${count}`)] });
      await helper.saysTimes('new files are in place', count + 1);
    }
  })();
  await Promise.race([rotating, reading]);
  done = true;
  await reading;
  expect(seen.size).toBeGreaterThan(1);
  expect(readSet(folder)?.id.path).toBe(`/web-${rotations}`);
  expect(tidiness(folder).sets).toBe(1);
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s ends it, with exit code 0', async (signal) => {
  const helper = start(['helper', '--folder', newFolder(), '--health', '127.0.0.1:0'], { env });
  await helper.saysTimes('new files are in place', 1);
  helper.child.kill(signal);
  expect(await helper.ended).toMatchObject({ code: 0, stdout: '', stderr: expect.stringMatching(/told to end\n$/) });
});

test('SIGTERM ends it while it waits for the first identity', async () => {
  api.set({ x509: null });
  const helper = start(['helper', '--folder', newFolder()], { env });
  await helper.says(/retryInMs/);
  helper.child.kill('SIGTERM');
  expect(await helper.ended).toMatchObject({ code: 0 });
});

test('a helper that was killed leaves its files, and the next one takes over', async () => {
  const folder = newFolder();
  const first = start(['helper', '--folder', folder], { env });
  await first.saysTimes('new files are in place', 1);
  first.child.kill('SIGKILL');
  await first.ended;
  expect(readSet(folder)?.id.path).toBe('/web');
  api.set({ x509: [authority.x509Svid('/next')] });
  expect(await start(['helper', '--folder', folder, '--once'], { env }).ended).toMatchObject({ code: 0 });
  expect(readSet(folder)?.id.path).toBe('/next');
  expect(tidiness(folder).sets).toBe(1);
});

test('a command sees the new files, and what it prints is all that is on the standard output', async () => {
  const folder = newFolder();
  const helper = start(['helper', '--folder', folder, '--', 'cat', join(folder, 'svid.pem')], { env });
  await helper.says(/END CERTIFICATE/);
  const next = authority.x509Svid('/next');
  const before = api.state.x509?.[0] as X509Svid;
  api.set({ x509: [next] });
  await helper.saysTimes('END CERTIFICATE', 2);
  helper.child.kill('SIGTERM');
  expect((await helper.ended).stdout).toBe(before.certificatesPem() + next.certificatesPem());
});

test('a process is signalled after the files are in place', async () => {
  const folder = newFolder();
  const pidFile = join(newFolder(), 'pid');
  const helper = start(['helper', '--folder', folder, '--pid-file', pidFile, '--signal', 'SIGUSR2'], { env });
  // The process that uses the files has not been started yet: that is said, and not an end.
  await helper.says(/error file '.*': ENOENT: .*; no signal was sent/);
  const script = `process.on('SIGUSR2', () => {
    console.log(fs.readFileSync(process.argv[1], 'utf8'));
    process.exit();
  });
  console.log('listening');
  setInterval(() => {}, 1000);`;
  const user = startCommand([process.execPath, '-e', script, join(folder, 'svid.pem')]);
  await user.says(/listening/);
  writeFileSync(pidFile, `${user.child.pid}\n`);
  const next = authority.x509Svid('/next');
  api.set({ x509: [next] });
  expect((await user.ended).stdout).toBe(`listening\n${next.certificatesPem()}\n`);
});

/** Whoever may do anything is not kept from writing by permissions. */
const isRoot = process.getuid?.() === 0;
const nobody = isRoot ? { uid: 65534, gid: 65534 } : {};
/** Somebody else can run the program only where everybody may read it. */
const canRun = !isRoot || everybodyReaches(__dirname);

function everybodyReaches(folder: string): boolean {
  return (statSync(folder).mode & 0o005) === 0o005 && (dirname(folder) === folder || everybodyReaches(dirname(folder)));
}

(canRun ? test : test.skip)('a folder that cannot be written', async () => {
  const folder = newFolder();
  chmodSync(folder, 0o555);
  const { code, stderr } = await start(['helper', '--folder', folder, '--once'], { env, ...nobody }).ended;
  chmodSync(folder, 0o755);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(
      / error folder '.*': cannot be changed: EACCES: permission denied, mkdir .*; what was there before is still there code="folder-write"\n$/,
    ),
  });
  expect(readdirSync(folder)).toEqual([]);
});

test('a set that does not fit leaves the one before, and nothing of itself', async () => {
  const folder = newFolder();
  api.set({ bundles: [authority.bundle(), new TestAuthority('west.example').bundle()] });
  expect(await start(['helper', '--folder', folder, '--once'], { env }).ended).toMatchObject({ code: 0 });
  const before = { ...tidiness(folder), set: readlinkSync(join(folder, '..data')) };
  const map = readFileSync(join(folder, 'bundle_map.json'));
  expect(map.length).toBeGreaterThan(1024);
  api.set({ x509: [authority.x509Svid('/next')] });
  // One block of 1024 bytes is the longest file: the certificates fit, the bundle map does not.
  const { code, stderr } = await start(['helper', '--folder', folder, '--once'], { env, before: 'ulimit -f 1' }).ended;
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(
      /cannot be changed: EFBIG: file too large, write; what was there before is still there/,
    ),
  });
  expect({ ...tidiness(folder), set: readlinkSync(join(folder, '..data')) }).toEqual(before);
  expect(readSet(folder)?.id.path).toBe('/web');
});
