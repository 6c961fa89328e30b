import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { settled } from '../support/beside';
import { build, errorOf, seedDownloads, tryBuild } from './builder';
import { type Behaviour, hashesOf, LIBC, NODE, type Package, PackageServer } from './package-server';
import { filesOf } from './unpacked';

/** An image is built where the packages come from somewhere that is not as it should be. */
const ENTRY = 'examples/workload-image/server.mts';
const PLATFORM = ['--platform', 'linux/amd64'];
const FOR_NODE = "name a registry that has it by --npm-registry, or an image to build upon by 'base'";
const FOR_DEBIAN = "name mirrors that have it by --debian-mirror, or an image to build upon by 'base'";

let folder: string;
let cache: string;
let layout: string;
const servers: PackageServer[] = [];
let digest: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spirekit-'));
  // It fills the common cache, from which the servers have what they serve.
  ({ digest } = await build({ entry: ENTRY, layout: join(folder, 'reference'), options: PLATFORM }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(() => {
  const own = mkdtempSync(join(folder, 'build-'));
  [cache, layout] = [join(own, 'cache'), join(own, 'server')];
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.end()));
});

async function serve(behaviour: Behaviour): Promise<PackageServer> {
  const server = await PackageServer.start(behaviour);
  servers.push(server);
  return server;
}

/** The cache holds all that was downloaded but one package. */
const without = ({ file }: Package) => seedDownloads(cache, (name) => name !== file);

/** Nothing is left of a package, nor of what was under way; and there is no image. */
function expectNothingOf({ file }: Package): void {
  const names = existsSync(cache) ? filesOf(cache).map(({ path }) => basename(path)) : [];
  expect(names.filter((name) => name === file || name.startsWith('.'))).toEqual([]);
  expect(existsSync(layout)).toBe(false);
}

test('a package of Node.js with another byte is refused', async () => {
  without(NODE);
  const registry = await serve('alters');
  const options = [...PLATFORM, '--npm-registry', registry.url];
  const outcome = await tryBuild({ entry: ENTRY, layout, cache, options });
  const { pinned, altered } = hashesOf(NODE);
  expect({ status: outcome.status, error: errorOf(outcome) }).toEqual({
    status: 2,
    error: `spirekit: ${NODE.label} could not be downloaded: '${registry.at(NODE)}' sends other content than is pinned: ${altered} instead of ${pinned}; ${FOR_NODE}`,
  });
  expectNothingOf(NODE);
  // The same again would not be better.
  expect(registry.requests).toEqual([NODE.path]);
});

test('a package of Debian with another byte is refused', async () => {
  without(LIBC);
  const mirror = await serve('alters');
  const options = [...PLATFORM, '--debian-mirror', mirror.url];
  const outcome = await tryBuild({ entry: ENTRY, layout, cache, options });
  const { pinned, altered } = hashesOf(LIBC);
  expect({ status: outcome.status, error: errorOf(outcome) }).toEqual({
    status: 2,
    error: `spirekit: ${LIBC.label} could not be downloaded: '${mirror.at(LIBC)}' sends other content than is pinned: ${altered} instead of ${pinned}; ${FOR_DEBIAN}`,
  });
  expectNothingOf(LIBC);
});

test('where the first mirror alters it, the next one is taken', async () => {
  without(LIBC);
  const [bad, good] = [await serve('alters'), await serve('serves')];
  const options = [...PLATFORM, '--debian-mirror', bad.url, '--debian-mirror', good.url];
  expect(await build({ entry: ENTRY, layout, cache, options })).toMatchObject({ digest });
  expect([bad.requests, good.requests]).toEqual([[LIBC.path], [LIBC.path]]);
});

test('a registry that breaks off once is asked for the rest', async () => {
  without(NODE);
  const registry = await serve('drops-once');
  const options = [...PLATFORM, '--npm-registry', registry.url];
  expect(await build({ entry: ENTRY, layout, cache, options })).toMatchObject({ digest });
  expect(registry.requests).toEqual([NODE.path, expect.stringMatching(`^${NODE.path} bytes=[1-9][0-9]*-$`)]);
});

test('a registry that always breaks off is left after three tries', async () => {
  without(NODE);
  const registry = await serve('drops');
  const options = [...PLATFORM, '--npm-registry', registry.url];
  const outcome = await tryBuild({ entry: ENTRY, layout, cache, options });
  expect({ status: outcome.status, error: errorOf(outcome) }).toEqual({
    status: 2,
    error: `spirekit: ${NODE.label} could not be downloaded: '${registry.at(NODE)}' drops the connection (UND_ERR_SOCKET); ${FOR_NODE}`,
  });
  expectNothingOf(NODE);
  expect(registry.requests).toHaveLength(3);
});

test('a registry that is not there is named', async () => {
  without(NODE);
  const registry = await PackageServer.start('serves');
  const at = registry.at(NODE);
  const options = [...PLATFORM, '--npm-registry', registry.url];
  await registry.end();
  const outcome = await tryBuild({ entry: ENTRY, layout, cache, options });
  expect({ status: outcome.status, error: errorOf(outcome) }).toEqual({
    status: 2,
    error: `spirekit: ${NODE.label} could not be downloaded: '${at}' refuses connections (ECONNREFUSED); ${FOR_NODE}`,
  });
  expectNothingOf(NODE);
});

test('a build that waits for a registry which stalls can be ended, and leaves nothing', async () => {
  without(NODE);
  const registry = await serve('stalls');
  let pid = 0;
  const ended = tryBuild({
    entry: ENTRY,
    layout,
    cache,
    options: [...PLATFORM, '--npm-registry', registry.url],
    onStart: (started) => {
      pid = started;
    },
  });
  await settled(60, async () => registry.requests.length, Boolean);
  // What has come lies beside its final name.
  const underWay = () => filesOf(cache).filter(({ path }) => basename(path).startsWith(`.${NODE.file}`)).length;
  expect(await settled(30, async () => underWay(), Boolean)).toBe(1);
  process.kill(pid, 'SIGINT');
  expect(await ended).toMatchObject({ status: 130, stdout: '' });
  expectNothingOf(NODE);
});
