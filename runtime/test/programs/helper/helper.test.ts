import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { BundleMap } from '../../../src/bundle';
import { validateJwtSvid } from '../../../src/jwt';
import { ExitCode } from '../../../src/programs/program';
import { X509Svid } from '../../../src/svid';
import { TestAuthority } from '../../../src/testing';
import { FakeWorkloadApi, type FakeWorkloadApiOptions } from '../../../src/testing/fake-workload-api';
import { endAll, run, startHere } from '../run';
import { contentsOf, newFolder, removeFolders, tidiness } from './folders';

const authority = new TestAuthority('example.org');
const west = new TestAuthority('west.example');
const bundles = () => [authority.bundle(), west.bundle()];

let api: FakeWorkloadApi;
async function startApi(state: FakeWorkloadApiOptions = {}): Promise<string[]> {
  api = await FakeWorkloadApi.start({
    x509: [authority.x509Svid('/web')],
    bundles: bundles(),
    jwt: authority,
    ...state,
  });
  return ['helper', '--socket', api.address];
}

afterEach(async () => {
  await endAll();
  await api.close();
  removeFolders();
});

const idIn = (folder: string) => {
  const [certificates, key] = contentsOf(folder, 'svid.pem', 'svid_key.pem') as [string, string];
  return X509Svid.parsePem(certificates, key).id.toString();
};

test('--once writes everything and ends', async () => {
  const folder = newFolder();
  const args = [
    '--folder',
    folder,
    '--once',
    '--jwt-bundles',
    '--jwt-svid',
    'db.jwt=db',
    '--combined-file',
    'both.pem',
  ];
  const { code, stdout, stderr } = await run([...(await startApi()), ...args]);
  expect([code, stdout]).toEqual([0, '']);
  expect(stderr).toMatch(
    /info new files are in place spiffeId="spiffe:\/\/example.org\/web" expiresAt="[^"]+" trustDomains=2 files=9\n$/,
  );
  expect(idIn(folder)).toBe('spiffe://example.org/web');
  const [map, token] = contentsOf(folder, 'bundle_map.json', 'db.jwt') as [string, string];
  expect(validateJwtSvid(token, BundleMap.parse(map), { audience: 'db' }).id.toString()).toBe(
    'spiffe://example.org/web',
  );
  expect(tidiness(folder)).toMatchObject({ sets: 1 });
  expect(stderr).not.toContain(token.split('.')[2]);
  expect(stderr).not.toContain('PRIVATE');
});

test('--once that comes to nothing says why', async () => {
  const folder = newFolder();
  const args = ['--folder', folder, '--once', '--timeout', '1s'];
  const denied = await run([...(await startApi({ x509: null })), ...args]);
  expect(denied.code).toBe(1);
  expect(denied.stderr).toMatch(/error files: there are none after 1000 ms: .*PermissionDenied.* code="timeout"\n$/s);
  expect(tidiness(folder)).toEqual({ sets: 0, others: [] });
});

test('--once with nobody who answers', async () => {
  const args = await startApi();
  api.hang('FetchX509SVID');
  const { code, stderr } = await run([...args, '--folder', newFolder(), '--once', '--timeout', '300ms']);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    / error files: there are none after 300 ms: the Workload API has not answered; look whether it runs code="timeout"\n$/,
  );
});

test('--once that is told to end before it has written has failed', async () => {
  const args = await startApi({ x509: null });
  const helper = startHere([...args, '--folder', newFolder(), '--once']);
  await helper.says(/retryInMs/);
  const { code, stderr } = await helper.stop();
  expect([code, stderr.split('\n').at(-2)]).toEqual([
    1,
    expect.stringMatching(/ error files: the helper was told to end before there were any: .* code="stopped"$/),
  ]);
});

test('what can never work ends it', async () => {
  const args = await startApi();
  api.fail('FetchX509SVID', { status: 3, message: 'no' }, Number.POSITIVE_INFINITY);
  const refused = await run([...args, '--folder', newFolder()]);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('code="invalid-argument"')]);
  const address = await run(['helper', '--socket', 'tcp://localhost:1', '--folder', newFolder()]);
  expect([address.code, address.stderr]).toEqual([1, expect.stringContaining('code="bad-address"')]);
  const missing = await run([...args, '--folder', '/no/such/folder']);
  expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('code="folder-missing"')]);
});

test('keys of JWT-SVIDs that are not offered end it once they are wanted', async () => {
  const args = await startApi();
  api.fail('FetchJWTBundles', { status: 12, message: 'disabled' }, Number.POSITIVE_INFINITY);
  const { code, stderr } = await run([...args, '--folder', newFolder(), '--jwt-bundles']);
  expect([code, stderr]).toEqual([1, expect.stringContaining('code="unimplemented"')]);
});

test('new files are written for what is new only', async () => {
  const folder = newFolder();
  const helper = startHere([...(await startApi()), '--folder', folder]);
  await helper.saysTimes('new files are in place', 1);
  const set = readFileSync(join(folder, '..data', 'svid.pem'), 'utf8');
  // The agent sends the same again; the next change shows that it has been seen.
  api.set({ x509: api.state.x509 });
  api.set({ bundles: [authority.bundle()] });
  await helper.saysTimes('new files are in place', 2);
  expect(contentsOf(folder, 'svid.pem')).toEqual([set]);
  expect(existsSync(join(folder, 'federated'))).toBe(false);
  const { code, stderr } = await helper.stop();
  expect(code).toBe(0);
  expect(stderr.match(/new files/g)).toHaveLength(2);
  expect(stderr).toMatch(/info the helper was told to end\n$/);
});

test('it goes on with an agent that was restarted', async () => {
  const folder = newFolder();
  const helper = startHere([...(await startApi()), '--folder', folder]);
  await helper.saysTimes('new files are in place', 1);
  await api.stop();
  await helper.says(/warn .*retryInMs/);
  expect(idIn(folder)).toBe('spiffe://example.org/web');
  api.set({ x509: [authority.x509Svid('/next')] });
  await api.resume();
  await helper.saysTimes('new files are in place', 2);
  expect(idIn(folder)).toBe('spiffe://example.org/next');
});

test('a message that breaks a rule leaves the files as they are', async () => {
  const folder = newFolder();
  const helper = startHere([...(await startApi()), '--folder', folder]);
  await helper.saysTimes('new files are in place', 1);
  api.push('FetchX509SVID', { svids: [] });
  await helper.says(/warn .*no SVID/);
  expect(idIn(folder)).toBe('spiffe://example.org/web');
});

test('--hint chooses one of several identities, and waits for it', async () => {
  const folder = newFolder();
  const web = authority.x509Svid('/web', { hint: 'web' });
  const helper = startHere([...(await startApi({ x509: [web] })), '--folder', folder, '--hint', 'admin']);
  await helper.says(
    /error X\.509-SVID: the picker chooses none of those that are there; there are spiffe:\/\/example\.org\/web/,
  );
  api.set({ x509: [web, authority.x509Svid('/admin', { hint: 'admin' })] });
  await helper.saysTimes('new files are in place', 1);
  expect(idIn(folder)).toBe('spiffe://example.org/admin');
});

test('JWT-SVIDs are renewed after half of their life', async () => {
  const folder = newFolder();
  const args = await startApi({
    jwt: ({ audience }) => [
      authority.jwtSvid('/web', { audience, lifetimeSeconds: 2, claims: { jti: `${Math.random()}` } }),
    ],
  });
  const helper = startHere([...args, '--folder', folder, '--jwt-svid', 'a.jwt=a', '--jwt-svid', 'a.jwt=b']);
  await helper.saysTimes('new files are in place', 1);
  const [first] = contentsOf(folder, 'a.jwt');
  await helper.saysTimes('new files are in place', 2);
  const [second] = contentsOf(folder, 'a.jwt');
  expect(second).not.toBe(first);
  expect(api.callsOf('FetchJWTSVID')[0]?.request.audience).toEqual(['a', 'b']);
});

test('JWT-SVIDs that are refused are asked for again, and the other files wait', async () => {
  const folder = newFolder();
  const args = await startApi({ jwt: () => [] });
  const helper = startHere([...args, '--folder', folder, '--jwt-svid', 'a.jwt=a']);
  await helper.says(/info JWT-SVIDs: the Workload API has not given those for a\.jwt yet/);
  await helper.says(/warn .*PermissionDenied.* retryInMs=1000/);
  expect(tidiness(folder)).toEqual({ sets: 0, others: [] });
  api.set({ jwt: authority });
  await helper.saysTimes('new files are in place', 1);
});

test('--on-redaction remove takes the files away, also those of a helper that ran before', async () => {
  const [folder, other] = [newFolder(), newFolder()];
  const args = [...(await startApi()), '--on-redaction', 'remove'];
  // Its deadline has passed when the files are removed, and is that of the first set alone.
  const helper = startHere([...args, '--folder', folder, '--timeout', '9s']);
  expect((await startHere([...args, '--folder', other, '--once']).ended).code).toBe(ExitCode.ok);
  await helper.saysTimes('new files are in place', 1);
  api.set({ x509: null });
  const next = startHere([...args, '--folder', other]);
  const removed = /warn the Workload API has taken the identity away; the files are removed/;
  await Promise.all([helper.says(removed), next.says(removed)]);
  expect([folder, other].map(tidiness)).toEqual(Array(2).fill({ sets: 0, others: [] }));
  api.set({ x509: [authority.x509Svid('/web')] });
  await helper.saysTimes('new files are in place', 2);
  expect(idIn(folder)).toBe('spiffe://example.org/web');
}, 60_000);

test('--on-redaction remove leaves the files of a helper that ran before once the identity is given again', async () => {
  const [folder, other] = [newFolder(), newFolder()];
  const args = [...(await startApi()), '--on-redaction', 'remove', '--folder'];
  await run([...args, folder, '--once']);
  await run([...args, other, '--once']);
  api.fail('FetchX509SVID', { status: 7 });
  api.fail('FetchJWTSVID', { status: 14 }, Number.POSITIVE_INFINITY);
  const helper = startHere([...args, folder, '--jwt-svid', 'a.jwt=a']);
  await helper.says(/warn .*PermissionDenied/);
  await helper.says(/info JWT-SVIDs: the Workload API has not given those for a\.jwt yet/);
  // One that is denied for good, by an agent of its own, says when the time is over for the first too.
  await using denying = await FakeWorkloadApi.start();
  await startHere(['helper', '--socket', denying.address, ...args.slice(3), other]).says(/the files are removed/);
  expect(idIn(folder)).toBe('spiffe://example.org/web');
  expect((await helper.stop()).stderr).not.toContain('removed');
}, 60_000);

test('what is in the way is said, and tried again', async () => {
  const folder = newFolder();
  const planted = join(folder, 'svid_key.pem');
  writeFileSync(planted, 'planted');
  const helper = startHere([...(await startApi()), '--folder', folder]);
  await helper.says(/error folder '.*': 'svid_key\.pem' is no link, which somebody else has made; .* retryInMs=1000/);
  expect(readFileSync(planted, 'utf8')).toBe('planted');
  await rm(planted);
  await helper.saysTimes('new files are in place', 1);
  expect(idIn(folder)).toBe('spiffe://example.org/web');
});

test('/ready follows the files', async () => {
  const args = await startApi({ x509: null });
  const helper = startHere([...args, '--folder', newFolder(), '--health', '127.0.0.1:0']);
  const [, port] = await helper.says(/the health server listens .*port=(\d+)/);
  const ask = (path: string) =>
    new Promise<string>((resolve, reject) => {
      get({ port: Number(port), path }, (response) => {
        response.setEncoding('utf8').on('data', (text) => resolve(`${response.statusCode} ${text}`));
      }).on('error', reject);
    });
  expect([await ask('/live'), await ask('/ready')]).toEqual(['200 ok\n', '503 there are no files yet\n']);
  const svid = authority.x509Svid('/web', { lifetimeSeconds: 6 });
  api.set({ x509: [svid] });
  await helper.saysTimes('new files are in place', 1);
  expect(await ask('/ready')).toBe('200 ok\n');
  let ready = '';
  while (!ready.startsWith('503')) {
    ready = await ask('/ready');
  }
  expect(Date.now()).toBeGreaterThanOrEqual(svid.notAfter);
  expect(ready).toBe(`503 the files have expired at ${new Date(svid.notAfter).toISOString()}\n`);
  expect(await ask('/live')).toBe('200 ok\n');
}, 60_000);

test('--log json: every line is an object', async () => {
  const folder = newFolder();
  const { stderr } = await run([...(await startApi()), '--folder', folder, '--once', '--log', 'json', '--', 'false']);
  const lines = stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ level, message, code }) => [level, message, code])).toEqual([
    ['info', 'new files are in place', undefined],
    ['error', "command 'false': ended with exit code 1", undefined],
    ['error', "command 'false': ended with exit code 1", 'command'],
  ]);
});
