import { ImageReference } from '../../../lib/image';
import { pushImage, type RegistryOptions } from '../../../lib/image-build/registry';
import { type FakeOptions, FakeRegistry } from './fake-registry';
import { bytes, MemoryImage } from './images';
import { withoutLogins } from './without-logins';

const LARGE = 3 * 1024 * 1024;
const QUICK: RegistryOptions = { pause: 1, tries: 3 };
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

const target = ({ host }: FakeRegistry, rest = 'app:1.0') => ImageReference.parse(`${host}/${rest}`);

test('an image is pushed from its blobs up, and its tag comes last', async () => {
  const registry = await start();
  const image = new MemoryImage([bytes(100)], { sbom: true });
  const pushed = await pushImage(image, target(registry), QUICK);
  expect(pushed).toEqual({
    reference: `${registry.host}/app:1.0@${image.root.digest}`,
    digest: image.root.digest,
  });
  const puts = registry.story.filter((line) => /^PUT .*manifests/.test(line));
  const short = (digest: string) => digest.slice(7, 11);
  const children = JSON.parse(image.manifest(image.root).toString()).manifests;
  expect(puts).toEqual([
    `PUT /v2/app/manifests/${short(children[0].digest)} 201`,
    `PUT /v2/app/manifests/${short(children[1].digest)} 201`,
    `PUT /v2/app/manifests/${short(image.root.digest)} 201`,
    `PUT /v2/app/manifests/${short(image.referrers[0]?.digest ?? '')} 201`,
    expect.stringMatching(/^PUT \/v2\/app\/manifests\/sha256-[0-9a-f]{64} 201$/),
    'PUT /v2/app/manifests/1.0 201',
  ]);
  expect(registry.log.findLastIndex((line) => line.includes('/blobs/'))).toBeLessThan(
    registry.log.findIndex((line) => /^PUT .*manifests/.test(line)),
  );
  for (const [digest, content] of image.content) {
    expect(registry.blobs.get(digest) ?? registry.manifests.get(digest)?.bytes).toEqual(content);
  }
  expect(registry.uploads.size).toBe(0);
});

test('what is there already is not sent again', async () => {
  const registry = await start();
  const image = new MemoryImage([bytes(LARGE)], { sbom: true });
  await pushImage(image, target(registry), QUICK);
  registry.log.length = 0;
  image.opened.length = 0;
  await pushImage(image, target(registry), QUICK);
  expect(registry.log.filter((line) => !/^(GET|HEAD) /.test(line))).toEqual([]);
  expect(image.opened).toEqual([]);
});

test('a new tag of the same image is one request', async () => {
  const registry = await start();
  const image = new MemoryImage([]);
  await pushImage(image, target(registry), QUICK);
  registry.log.length = 0;
  await pushImage(image, target(registry, 'app:2.0'), QUICK);
  expect(registry.log.filter((line) => !/^(GET|HEAD) /.test(line))).toEqual(['PUT /v2/app/manifests/2.0 201']);
});

test('without a tag the tag is latest, and none is moved where a digest is written', async () => {
  const registry = await start();
  const image = new MemoryImage([], { platforms: ['linux/amd64'] });
  expect((await pushImage(image, target(registry, 'app'), QUICK)).reference).toBe(
    `${registry.host}/app@${image.root.digest}`,
  );
  expect(registry.manifests.has('latest')).toBe(true);
  registry.manifests.delete('latest');
  await pushImage(image, target(registry, `app@${image.root.digest}`), QUICK);
  expect([...registry.manifests.keys()]).toEqual([image.root.digest]);
});

test('a digest of another image is refused before anything is asked', async () => {
  const registry = await start();
  const image = new MemoryImage([]);
  const other = `sha256:${'0'.repeat(64)}`;
  await expect(pushImage(image, target(registry, `app@${other}`), QUICK)).rejects.toThrow(
    `image reference '${registry.host}/app@${other}' has another digest than the image, ${image.root.digest}; leave it out`,
  );
  expect(registry.log).toEqual([]);
});

describe('a blob whose connection ends', () => {
  test('goes on where the registry has it to', async () => {
    const registry = await start();
    const drops = [1_000_000, 1_500_000];
    registry.fault = (method) => {
      const dropAfter = method === 'PATCH' ? drops.shift() : undefined;
      return dropAfter === undefined ? undefined : { dropAfter };
    };
    const layer = bytes(LARGE);
    const image = new MemoryImage([layer], { platforms: ['linux/amd64'] });
    const steps: string[] = [];
    const progress = {
      step: (label: string, total?: number) => {
        let done = 0;
        return {
          advance: (count: number) => {
            done += count;
          },
          done: (note = '') => {
            steps.push(`${label.split(' ')[0]} ${done} of ${total} ${note}`);
          },
        };
      },
    };
    await pushImage(image, target(registry), { ...QUICK, progress });
    const uploads = registry.story.filter((line) => /PATCH|GET .*uploads/.test(line));
    expect(uploads).toEqual([
      'PATCH /v2/app/blobs/uploads/upload1 dropped',
      'GET /v2/app/blobs/uploads/upload1 204',
      'PATCH /v2/app/blobs/uploads/upload1 dropped',
      'GET /v2/app/blobs/uploads/upload1 204',
      'PATCH /v2/app/blobs/uploads/upload1 202',
    ]);
    const [{ digest } = { digest: '' }] = JSON.parse(image.manifest(image.root).toString()).layers;
    expect(registry.blobs.get(digest)?.equals(layer)).toBe(true);
    expect(steps).toContain(`blob ${LARGE} of ${LARGE} `);
  });

  test('is sent anew to a registry that has forgotten it', async () => {
    const registry = await start({ forgets: true });
    let drops = 1;
    registry.fault = (method) => (method === 'PATCH' && drops-- > 0 ? { dropAfter: 1_000_000 } : undefined);
    const image = new MemoryImage([bytes(LARGE)], { platforms: ['linux/amd64'] });
    await pushImage(image, target(registry), QUICK);
    expect(registry.story.filter((line) => /PATCH|POST|GET .*uploads/.test(line)).slice(0, 4)).toEqual([
      'POST /v2/app/blobs/uploads/ 202',
      expect.stringMatching(/^(POST|PATCH)/),
      expect.stringMatching(/^(POST|PATCH)/),
      expect.anything(),
    ]);
    expect(registry.story.filter((line) => line.startsWith('PATCH'))).toHaveLength(2);
    expect(registry.manifests.has('1.0')).toBe(true);
  });

  test('is not sent again when only the answer was lost', async () => {
    const registry = await start();
    let drops = 1;
    registry.fault = (method, path) =>
      method === 'PUT' && path.includes('uploads') && drops-- > 0 ? { dropAnswer: true } : undefined;
    await pushImage(new MemoryImage([bytes(LARGE)], { platforms: ['linux/amd64'] }), target(registry), QUICK);
    expect(registry.story.filter((line) => line.startsWith('PATCH'))).toHaveLength(1);
  });

  test('is given up when it gets no further, and no tag is left; the next push goes on', async () => {
    const registry = await start();
    registry.fault = (method) => (method === 'PATCH' ? { dropAfter: 0 } : undefined);
    const image = new MemoryImage([bytes(LARGE)], { platforms: ['linux/amd64'] });
    await expect(pushImage(image, target(registry), QUICK)).rejects.toThrow(
      `registry '${registry.host}' dropped the connection (ECONNRESET), 3 times; try again: what has arrived is not sent again`,
    );
    expect([...registry.manifests.keys()]).toEqual([]);
    registry.fault = () => undefined;
    registry.log.length = 0;
    await pushImage(image, target(registry), QUICK);
    expect(registry.story.filter((line) => line.startsWith('PATCH'))).toHaveLength(1);
    expect(registry.manifests.has('1.0')).toBe(true);
  });
});

describe('answers that may be others the next time', () => {
  test.each([
    ['429', { status: 429, headers: { 'Retry-After': '0' } }],
    ['500', { status: 500 }],
    ['503 with a page', { status: 503, headers: { 'Content-Type': 'text/html' }, body: '<html>' }],
  ])('%s is tried again, wherever it comes', async (_, fault) => {
    const registry = await start();
    const seen = new Set<string>();
    registry.fault = (method, path) => {
      const key = `${method} ${path.replace(/uploads\/.+/, 'uploads/X')}`;
      if (seen.has(key)) return undefined;
      seen.add(key);
      return fault;
    };
    await pushImage(new MemoryImage([bytes(LARGE)], { sbom: true }), target(registry), QUICK);
    expect(seen.size).toBeGreaterThan(20);
    expect(registry.manifests.has('1.0')).toBe(true);
  });

  test.each([
    [
      { status: 429, body: '{"errors":[{"code":"TOOMANYREQUESTS","message":"rate limit\\nexceeded"}]}' },
      'answers 429 to PUT /v2/app/manifests/1.0 (TOOMANYREQUESTS: rate limit\\u{a}exceeded), 3 times; wait a while, or log in: it has a limit',
    ],
    [
      { status: 500 },
      'answers 500 to PUT /v2/app/manifests/1.0, 3 times; try again later: what has arrived is not sent again',
    ],
    [
      { status: 503, headers: { 'Retry-After': '3600' } },
      'answers 503 to PUT /v2/app/manifests/1.0 and asks to wait for 3600 s; try again later: what has arrived is not sent again',
    ],
    [
      { status: 413 },
      'answers 413 to PUT /v2/app/manifests/1.0; it is too long for the registry or a proxy before it: raise their limit',
    ],
    [
      { status: 405, body: '{"errors":[{"code":"UNSUPPORTED"}]}' },
      'answers 405 to PUT /v2/app/manifests/1.0 (UNSUPPORTED); check that it can be written to: caches of other registries cannot',
    ],
    [
      { status: 404, body: '{"errors":[{"code":"NAME_UNKNOWN","message":"no such repository"}]}' },
      'answers 404 to PUT /v2/app/manifests/1.0 (NAME_UNKNOWN: no such repository); check the name; some registries want a repository to be made before it is pushed to',
    ],
    [
      { status: 403, headers: { 'Content-Type': 'text/html' }, body: '<h1>Forbidden</h1>' },
      'answers 403 with a page for people to PUT /v2/app/manifests/1.0; check host and port, and the proxy before it',
    ],
  ])('%j is told when it stays, and the image has no tag', async (fault, text) => {
    const registry = await start();
    registry.fault = (method, path) => (method === 'PUT' && path.endsWith('/1.0') ? fault : undefined);
    await expect(pushImage(new MemoryImage([]), target(registry), QUICK)).rejects.toThrow(
      `registry '${registry.host}' ${text}`,
    );
    expect(registry.manifests.has('1.0')).toBe(false);
  });
});

describe('content is held to its digest', () => {
  test('a blob that has changed is not stored, and what was sent of it is thrown away', async () => {
    const registry = await start();
    const layer = bytes(LARGE);
    const image = new MemoryImage([layer], { platforms: ['linux/amd64'] });
    const [{ digest }] = JSON.parse(image.manifest(image.root).toString()).layers;
    image.content.set(digest, bytes(LARGE, 'b'));
    await expect(pushImage(image, target(registry), QUICK)).rejects.toThrow(
      new RegExp(
        `^blob ${digest} has other content, by its digest sha256:[0-9a-f]{64}; remove the folder of the image, and build it again$`,
      ),
    );
    expect([...registry.uploads.keys()]).toEqual([]);
    expect([...registry.manifests.keys()]).toEqual([]);
    expect(registry.blobs.has(digest)).toBe(false);
  });

  test.each([
    ['ends after 3145727 of 3145728 bytes', LARGE - 1],
    ['is longer than the 3145728 bytes that its descriptor says', LARGE + 1],
  ])('a blob that %s is refused', async (text, size) => {
    const registry = await start();
    const image = new MemoryImage([bytes(LARGE)], { platforms: ['linux/amd64'] });
    const [{ digest }] = JSON.parse(image.manifest(image.root).toString()).layers;
    image.content.set(digest, bytes(size));
    await expect(pushImage(image, target(registry), QUICK)).rejects.toThrow(
      `blob ${digest} ${text}; remove the folder of the image, and build it again`,
    );
    expect(registry.blobs.has(digest)).toBe(false);
  });

  test('a manifest that has changed is found before anything is sent', async () => {
    const registry = await start();
    const image = new MemoryImage([]);
    image.content.set(image.root.digest, Buffer.from('{}'));
    await expect(pushImage(image, target(registry), QUICK)).rejects.toThrow(
      `manifest ${image.root.digest} has other content than its descriptor says; build the image again`,
    );
    expect(registry.log).toEqual([]);
  });

  test('a registry that says it has stored something else is not believed', async () => {
    const registry = await start();
    const other = `sha256:${'1'.repeat(64)}`;
    registry.fault = (method, path) =>
      method === 'PUT' && path.endsWith('/1.0')
        ? { status: 201, headers: { 'Docker-Content-Digest': other } }
        : undefined;
    const image = new MemoryImage([]);
    await expect(pushImage(image, target(registry), QUICK)).rejects.toThrow(
      `registry '${registry.host}' has stored ${other} where ${image.root.digest} was sent; look into its log`,
    );
  });
});

describe('what tells of an image', () => {
  test('is listed by a registry that can', async () => {
    const registry = await start({ referrers: true });
    await pushImage(new MemoryImage([], { sbom: true }), target(registry), QUICK);
    expect([...registry.manifests.keys()].filter((name) => name.startsWith('sha256-'))).toEqual([]);
  });

  test('is listed under a tag by others, beside what is there', async () => {
    const registry = await start();
    const image = new MemoryImage([], { sbom: true });
    await pushImage(image, target(registry), QUICK);
    const second = image.addReferrer('{"another":1}');
    await pushImage(image, target(registry), QUICK);
    await pushImage(image, target(registry), QUICK);
    const tag = image.root.digest.replace(':', '-');
    const listed = JSON.parse(registry.manifests.get(tag)?.bytes.toString() ?? '{}');
    expect(listed).toEqual({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      manifests: [image.referrers[0], second].map((descriptor) => ({
        ...descriptor,
        artifactType: 'application/vnd.cyclonedx+json',
        annotations: { 'org.opencontainers.image.title': 'bom' },
      })),
    });
  });

  test('is no reason to overwrite something else under that tag', async () => {
    const registry = await start();
    const image = new MemoryImage([], { sbom: true });
    const tag = image.root.digest.replace(':', '-');
    registry.addManifest('application/vnd.oci.image.manifest.v1+json', { schemaVersion: 2 }, tag);
    await expect(pushImage(image, target(registry), QUICK)).rejects.toThrow(
      `registry '${registry.host}' has something else than an index under the tag '${tag}', where what tells of the image is listed; remove that tag`,
    );
    expect(registry.manifests.has('1.0')).toBe(false);
  });
});

test('a signal ends it: nothing is tagged', async () => {
  const registry = await start();
  const ending = new AbortController();
  registry.fault = (method) => {
    if (method === 'PATCH') ending.abort(new Error('enough'));
    return undefined;
  };
  const image = new MemoryImage([bytes(LARGE)]);
  await expect(pushImage(image, target(registry), { ...QUICK, signal: ending.signal })).rejects.toThrow('enough');
  expect([...registry.manifests.keys()]).toEqual([]);
});
