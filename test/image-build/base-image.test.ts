import { readFileSync } from 'node:fs';
import { MEDIA_TYPE } from '../../lib/image';
import { pullBase } from '../../lib/image-build/base-image';
import { BlobCache } from '../../lib/image-build/blob-cache';
import { newFolder, removeFolders } from '../synth/fixtures';
import { BaseRegistry, failureOf, stateOf } from './fixtures';
import { withoutLogins } from './registry/without-logins';

withoutLogins();

let registry: BaseRegistry;
beforeAll(async () => {
  registry = await BaseRegistry.start();
});
afterAll(() => registry.end());
afterEach(() => {
  registry.registry.fault = () => undefined;
  removeFolders();
});

const pull = (name: string, cache: BlobCache, withLayers = true) =>
  pullBase(name, ['linux/amd64', 'linux/arm64'], cache, { registry: { tries: 1 }, withLayers });

test('its layers come into the cache, once', async () => {
  const name = registry.add();
  const cache = new BlobCache(newFolder());
  const base = await pull(name, cache);
  expect([...base.keys()]).toEqual(['linux/amd64', 'linux/arm64']);
  for (const { layers, config, reference } of base.values()) {
    expect(reference).toBe(name);
    expect(config.rootfs.diff_ids).toHaveLength(layers.length);
    for (const layer of layers) expect(cache.has(layer)).toBe(true);
  }
  registry.registry.log.splice(0);
  await pull(name, cache);
  const blobs = registry.registry.log.filter((line) => line.includes('/blobs/'));
  expect(blobs).toHaveLength(2); // the configurations
});

test('without its layers, what it says of itself is known all the same', async () => {
  const cache = new BlobCache(newFolder());
  const base = await pull(registry.add(), cache, false);
  expect(base.get('linux/arm64')?.config.architecture).toBe('arm64');
  expect(stateOf(cache.folder)).toEqual({});
});

test("layers that Docker's types name have those of the OCI", async () => {
  const { registry: fake } = registry;
  const layer = { mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip', ...fake.addBlob(Buffer.from('x')) };
  const config = fake.addBlob(
    Buffer.from(JSON.stringify({ os: 'linux', architecture: 'amd64', rootfs: { diff_ids: [layer.digest] } })),
  );
  const { digest } = fake.addManifest(MEDIA_TYPE.dockerManifest, {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.dockerManifest,
    config: { mediaType: 'application/vnd.docker.container.image.v1+json', ...config },
    layers: [layer],
  });
  const options = { registry: {}, withLayers: true };
  const base = await pullBase(`${fake.host}/base@${digest}`, ['linux/amd64'], new BlobCache(newFolder()), options);
  expect(base.get('linux/amd64')?.layers).toEqual([{ ...layer, mediaType: MEDIA_TYPE.layer }]);
});

test('a layer that ends in the middle leaves nothing under its name', async () => {
  const name = registry.add();
  const cache = new BlobCache(newFolder());
  const [layer] = (await pull(name, cache)).get('linux/amd64')?.layers ?? [];
  if (!layer) throw new Error('no layer');
  expect(readFileSync(cache.fileOf(layer.digest))).toHaveLength(layer.size);
  const other = new BlobCache(newFolder());
  registry.registry.fault = (_, path) => (path.includes(layer.digest) ? { answerOnly: 10 } : undefined);
  expect(await failureOf(() => pull(name, other))).toContain(registry.registry.host);
  expect(other.has(layer)).toBe(false);
  expect(Object.keys(stateOf(other.folder)).filter((path) => path.includes('.new.'))).toEqual([]);
});
