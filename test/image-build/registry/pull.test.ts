import { type ImagePlatform, ImageReference } from '../../../lib/image';
import { pullImage, pushImage, type RegistryOptions } from '../../../lib/image-build/registry';
import { type FakeOptions, FakeRegistry } from './fake-registry';
import { bytes, MemoryImage, MemorySink } from './images';
import { withoutLogins } from './without-logins';

const LARGE = 3 * 1024 * 1024;
const QUICK: RegistryOptions = { pause: 1, tries: 3 };
const BOTH: readonly ImagePlatform[] = ['linux/amd64', 'linux/arm64'];
const started: FakeRegistry[] = [];

withoutLogins();
afterEach(async () => {
  for (const each of started.splice(0)) await each.end();
});

async function start(options: FakeOptions = {}): Promise<FakeRegistry> {
  const registry = await FakeRegistry.start(options);
  started.push(registry);
  return registry;
}

/** A registry with an image, and the reference of that. */
async function withImage(image: MemoryImage, options: FakeOptions = {}) {
  const registry = await start(options);
  const { reference } = await pushImage(image, ImageReference.parse(`${registry.host}/base:1`), QUICK);
  registry.log.length = 0;
  return { registry, reference: ImageReference.parse(reference) };
}

test('both platforms are pulled, layers that they share once', async () => {
  const shared = bytes(100_000);
  const image = new MemoryImage([shared]);
  const { registry, reference } = await withImage(image);
  const sink = new MemorySink();
  const pulled = await pullImage(reference, BOTH, sink, QUICK);
  expect([...pulled.keys()]).toEqual(BOTH);
  for (const platform of BOTH) {
    const { config, layers, manifest } = pulled.get(platform) ?? {};
    expect(`${config?.os}/${config?.architecture}`).toBe(platform);
    expect(layers).toBe(manifest?.layers);
    expect(layers?.map(({ digest }) => sink.content.get(digest)?.toString('base64'))).toEqual(
      [shared, Buffer.from(`layer for ${platform}`)].map((layer) => layer.toString('base64')),
    );
  }
  expect(sink.content.size).toBe(3);
  expect(registry.log.filter((line) => line.includes('/blobs/'))).toHaveLength(2 + 3);
});

test('what the sink has is not fetched', async () => {
  const { registry, reference } = await withImage(new MemoryImage([bytes(1000)], { platforms: ['linux/amd64'] }));
  const sink = new MemorySink();
  await pullImage(reference, ['linux/amd64'], sink, QUICK);
  registry.log.length = 0;
  await pullImage(reference, ['linux/amd64'], sink, QUICK);
  expect(registry.log.filter((line) => line.includes('/blobs/'))).toHaveLength(1); // the configuration
});

test('types of Docker are understood, and stay', async () => {
  const registry = await start();
  const layer = registry.addBlob(bytes(100));
  const config = registry.addBlob(
    Buffer.from(`{"os":"linux","architecture":"amd64","rootfs":{"diff_ids":["${layer.digest}"]}}`),
  );
  const manifest = registry.addManifest('application/vnd.docker.distribution.manifest.v2+json', {
    schemaVersion: 2,
    mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    config: { mediaType: 'application/vnd.docker.container.image.v1+json', ...config },
    layers: [{ mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip', ...layer }],
  });
  const list = registry.addManifest('application/vnd.docker.distribution.manifest.list.v2+json', {
    schemaVersion: 2,
    manifests: [
      { ...manifest, platform: { os: 'unknown', architecture: 'unknown' } },
      { ...manifest, platform: { os: 'linux', architecture: 'amd64' } },
    ],
  });
  for (const { digest } of [manifest, list]) {
    const reference = ImageReference.parse(`${registry.host}/base@${digest}`);
    const pulled = await pullImage(reference, ['linux/amd64'], new MemorySink(), QUICK);
    expect(pulled.get('linux/amd64')?.layers).toEqual([
      { mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip', ...layer },
    ]);
  }
});

test('a reference without a digest is refused', async () => {
  await expect(pullImage(ImageReference.parse('node:24'), ['linux/amd64'], new MemorySink())).rejects.toThrow(
    "image reference 'node:24' has no digest, and what a tag leads to changes; write '@sha256:…' behind it, which 'skopeo inspect' or 'docker buildx imagetools inspect' shows",
  );
});

test('a platform that is not there is told with those that are', async () => {
  const platforms = ['linux/amd64', 'linux/s390x', 'unknown/unknown'];
  const { reference } = await withImage(new MemoryImage([], { platforms }));
  await expect(pullImage(reference, BOTH, new MemorySink(), QUICK)).rejects.toThrow(
    `image '${reference}' has nothing for linux/arm64, only for linux/amd64, linux/s390x; take an image that has it, or build for less platforms`,
  );
  const single = await withImage(new MemoryImage([], { platforms: ['linux/arm64'] }));
  await expect(pullImage(single.reference, ['linux/amd64'], new MemorySink(), QUICK)).rejects.toThrow(
    `image '${single.reference}' has nothing for linux/amd64, only for linux/arm64; take an image that has it, or build for less platforms`,
  );
});

test('an image that is not there is told', async () => {
  const registry = await start();
  const digest = `sha256:${'0'.repeat(64)}`;
  const reference = ImageReference.parse(`${registry.host}/base@${digest}`);
  await expect(pullImage(reference, BOTH, new MemorySink(), QUICK)).rejects.toThrow(
    `registry '${registry.host}' has no image ${digest} in repository 'base'; check repository and digest, it may have been removed`,
  );
});

describe('a layer whose connection ends', () => {
  test('goes on where it ended', async () => {
    const layer = bytes(LARGE);
    const { registry, reference } = await withImage(new MemoryImage([layer], { platforms: ['linux/amd64'] }));
    const sizes = [1_000_000, 500_000];
    registry.fault = (_, path) => {
      const isLayer = (registry.blobs.get(path.split('/').pop() ?? '')?.length ?? 0) === LARGE;
      const answerOnly = isLayer ? sizes.shift() : undefined;
      return answerOnly === undefined ? undefined : { answerOnly };
    };
    const sink = new MemorySink();
    const pulled = await pullImage(reference, ['linux/amd64'], sink, QUICK);
    const [first] = pulled.get('linux/amd64')?.layers ?? [];
    expect(sink.content.get(first?.digest ?? '')?.equals(layer)).toBe(true);
    const short = first?.digest.slice(7, 11);
    expect(registry.story.filter((line) => line.includes(`blobs/${short}`))).toEqual([
      `GET /v2/base/blobs/${short} dropped after 1000000`,
      `GET /v2/base/blobs/${short} dropped after 500000`,
      `GET /v2/base/blobs/${short} 206`,
    ]);
  });

  test('is given up when it gets no further', async () => {
    const { registry, reference } = await withImage(new MemoryImage([bytes(LARGE)], { platforms: ['linux/amd64'] }));
    registry.fault = (_, path) =>
      registry.blobs.get(path.split('/').pop() ?? '')?.length === LARGE ? { answerOnly: 0 } : undefined;
    const sink = new MemorySink();
    await expect(pullImage(reference, ['linux/amd64'], sink, QUICK)).rejects.toThrow(
      `registry '${registry.host}' dropped the connection (ECONNRESET), 3 times; try again: what has arrived is not sent again`,
    );
  });
});

describe('what ends before its end', () => {
  const large = () => new MemoryImage([bytes(LARGE)], { platforms: ['linux/amd64'] });

  test('by a signal, gives its reason', async () => {
    const { reference } = await withImage(large());
    const ending = new AbortController();
    const progress = {
      step: () => ({ advance: () => ending.abort(new Error('enough')), done: () => undefined }),
    };
    const sink = new MemorySink();
    const options = { ...QUICK, signal: ending.signal, progress };
    await expect(pullImage(reference, ['linux/amd64'], sink, options)).rejects.toThrow('enough');
    expect([...sink.content.values()].map(({ length }) => length)).not.toContain(LARGE);
  });

  test('by a sink that can take no more, gives its error', async () => {
    const { reference } = await withImage(large());
    const sink = new MemorySink();
    sink.write = async (_, stream) => {
      for await (const __ of stream) throw new Error('no space left');
    };
    await expect(pullImage(reference, ['linux/amd64'], sink, QUICK)).rejects.toThrow('no space left');
    sink.write = async () => Promise.reject(new Error('no space at all'));
    await expect(pullImage(reference, ['linux/amd64'], sink, QUICK)).rejects.toThrow('no space at all');
  });
});

describe('nothing is believed that its digest does not say', () => {
  test.each([
    [
      'other content',
      (content: Buffer) => Buffer.concat([Buffer.from('x'), content.subarray(1)]),
      /has other content, by its digest sha256:[0-9a-f]{64}; /,
    ],
    ['too short', (content: Buffer) => content.subarray(1), /ends after 99999 of 100000 bytes; /],
    [
      'too long',
      (content: Buffer) => Buffer.concat([content, content]),
      /is longer than the 100000 bytes that its descriptor says; /,
    ],
  ])('a layer that is %s', async (_, change, text) => {
    const { registry, reference } = await withImage(new MemoryImage([bytes(100_000)], { platforms: ['linux/amd64'] }));
    const [digest, content] = [...registry.blobs].find(([, each]) => each.length === 100_000) ?? ['', Buffer.alloc(0)];
    registry.blobs.set(digest, change(content));
    const sink = new MemorySink();
    const error = await pullImage(reference, ['linux/amd64'], sink, QUICK).catch((thrown: Error) => thrown);
    expect(String(error)).toMatch(`ImageError: what registry '${registry.host}' has as ${digest} `);
    expect(String(error)).toMatch(text);
    expect(sink.content.has(digest)).toBe(false);
  });

  test('an index', async () => {
    const image = new MemoryImage([]);
    const { registry, reference } = await withImage(image);
    const other = Buffer.from('{}');
    registry.manifests.set(image.root.digest, { type: image.root.mediaType, bytes: other });
    await expect(pullImage(reference, BOTH, new MemorySink(), QUICK)).rejects.toThrow(
      `registry '${registry.host}' answers for manifest '${image.root.digest}' with other content, by its digest sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a; check the registry, and whatever is between here and there`,
    );
  });

  test('nor one that has no end', async () => {
    const image = new MemoryImage([]);
    const { registry, reference } = await withImage(image);
    registry.manifests.set(image.root.digest, { type: image.root.mediaType, bytes: Buffer.alloc(5_000_000) });
    await expect(pullImage(reference, BOTH, new MemorySink(), QUICK)).rejects.toThrow(
      `registry '${registry.host}' answers for manifest '${image.root.digest}' with more than 4194304 bytes; check the registry, and whatever is between here and there`,
    );
  });
});

describe('an image that is none', () => {
  const layer = {
    mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
    digest: `sha256:${'1'.repeat(64)}`,
    size: 1,
  };
  const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

  test.each([
    ['application/vnd.oci.image.index.v1+json', 'no JSON', 'is no JSON; take an image that is not damaged'],
    [
      'application/vnd.oci.image.index.v1+json',
      { manifests: [{ digest: 'sha512:1' }] },
      'lists no content by digests of SHA-256 and sizes; take an image that is not damaged',
    ],
    [MANIFEST, null, 'lists no content by digests of SHA-256 and sizes; take an image that is not damaged'],
    [
      MANIFEST,
      { mediaType: 'a/b', layers: [] },
      `says that it is 'a/b', where '${MANIFEST}' is said of it; take an image that is not damaged`,
    ],
    [
      'application/vnd.docker.distribution.manifest.v1+prettyjws',
      {},
      "is of the type 'application/vnd.docker.distribution.manifest.v1+prettyjws', which is no image of the OCI or of Docker; write the digest of one",
    ],
  ])('of the type %s: %j', async (type, value, text) => {
    const registry = await start();
    const { digest } = registry.addManifest(type, value);
    const reference = ImageReference.parse(`${registry.host}/base@${digest}`);
    await expect(pullImage(reference, BOTH, new MemorySink(), QUICK)).rejects.toThrow(
      `what registry '${registry.host}' has as ${digest} ${text}`,
    );
  });

  test.each([
    ['[]', [], 'is none of an image that can be run; take another image'],
    [
      '{"os":"linux","architecture":"amd64","rootfs":{"diff_ids":[]}}',
      [layer],
      'lists 1 layers, and its configuration 0; take another image',
    ],
    [
      '{"os":"linux","architecture":"amd64","rootfs":{"diff_ids":[1]}}',
      [layer],
      'is none of an image that can be run; take another image',
    ],
    [
      `{"os":"linux","architecture":"amd64","config":{"Env":{"A":"b"}},"rootfs":{"diff_ids":["${layer.digest}"]}}`,
      [layer],
      'is none of an image that can be run; take another image',
    ],
    [
      `{"os":"linux","architecture":"amd64","rootfs":{"diff_ids":["${layer.digest}"]}}`,
      [{ ...layer, mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip' }],
      `lists the layer ${layer.digest}, which may not be distributed ('application/vnd.docker.image.rootfs.foreign.diff.tar.gzip'); take another image`,
    ],
  ])('by its configuration %s', async (config, layers, text) => {
    const registry = await start();
    const { digest } = registry.addManifest(MANIFEST, {
      config: { mediaType: 'a', ...registry.addBlob(Buffer.from(config)) },
      layers,
    });
    const reference = ImageReference.parse(`${registry.host}/base@${digest}`);
    await expect(pullImage(reference, ['linux/amd64'], new MemorySink(), QUICK)).rejects.toThrow(text);
  });
});

describe('a registry that leads to a storage', () => {
  test('is followed, and its credentials stay with it', async () => {
    const storage = await start();
    const image = new MemoryImage([bytes(1000)], { platforms: ['linux/amd64'] });
    const { registry, reference } = await withImage(image, {
      storage: () => storage.origin.replace('localhost', '127.0.0.1'),
    });
    for (const [digest, blob] of registry.blobs) storage.blobs.set(digest, blob);
    registry.fault = () => undefined;
    const credentials = { username: 'somebody', password: 'pass:word-äß' };
    await pullImage(reference, ['linux/amd64'], new MemorySink(), { ...QUICK, credentials });
    expect(storage.log.length).toBe(3);
    expect(storage.authorizations).toEqual([undefined, undefined, undefined]);
  });

  test('that refuses is told, without what was signed', async () => {
    const storage = await start();
    storage.fault = () => ({ status: 403, body: '<Error/>' });
    const image = new MemoryImage([], { platforms: ['linux/amd64'] });
    const { registry, reference } = await withImage(image, { storage: () => storage.origin });
    const error = await pullImage(reference, ['linux/amd64'], new MemorySink(), QUICK).catch((thrown) => thrown);
    expect(error.message.replace(/sha256:\w+/, 'DIGEST')).toBe(
      `registry '${registry.host}' leads /v2/base/blobs/DIGEST to '${storage.host}', which answers 403; try again, or ask who runs the registry`,
    );
  });

  test('that is not there is told', async () => {
    const storage = await start();
    const { host, origin } = storage;
    await storage.end();
    started.splice(started.indexOf(storage), 1);
    const image = new MemoryImage([], { platforms: ['linux/amd64'] });
    const { registry, reference } = await withImage(image, { storage: () => origin });
    await expect(pullImage(reference, ['linux/amd64'], new MemorySink(), QUICK)).rejects.toThrow(
      `server to which registry '${registry.host}' leads, '${host}' refuses connections, 3 times; check host and port, and that it runs`,
    );
  });

  test.each([
    ['to itself', (path: string) => path, /leads '.*' on and on; check that it is a registry$/],
    ['nowhere', () => '', /leads from '.*' to '', which is no URL to go to; check that it is a registry$/],
    [
      'out of the web',
      () => 'file:///etc/passwd',
      /to 'null\/etc\/passwd', which is no URL to go to; check that it is a registry$/,
    ],
  ])('%s is not followed', async (_, to, text) => {
    const image = new MemoryImage([], { platforms: ['linux/amd64'] });
    const { registry, reference } = await withImage(image);
    registry.fault = (__, path) =>
      path.includes('/blobs/') ? { status: 307, headers: { Location: to(path) } } : undefined;
    await expect(pullImage(reference, ['linux/amd64'], new MemorySink(), QUICK)).rejects.toThrow(text);
  });
});
