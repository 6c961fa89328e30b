import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Descriptor, hexOf, type Manifest } from '../../lib/image';
import type { Progress } from '../../lib/image-build';
import { removeFolders } from '../synth/fixtures';
import { BaseRegistry, failureOf, Project, stateOf } from './fixtures';
import { withoutLogins } from './registry/without-logins';

withoutLogins();

let registry: BaseRegistry;
let base: string;
let project: Project;
beforeAll(async () => {
  registry = await BaseRegistry.start();
  base = registry.add();
});
afterAll(() => registry.end());
beforeEach(() => {
  project = new Project(base);
});
afterEach(removeFolders);

const places = () => ({ [project.folder]: '<project>', [base]: '<base>' });
const failure = (action: () => unknown) => failureOf(action, places());
const annotationsOf = (entries: readonly Descriptor[]) => entries.map(({ annotations }) => annotations);

describe('the image', () => {
  test('has an index of both platforms, each with a name, and a bill of materials that refers to it', async () => {
    const built = await project.build({ repository: 'registry.example.com/shop/server:1.2' });
    const { image } = project;
    expect(image.root.digest).toBe(built.digest);
    expect(built.reference).toBe(`registry.example.com/shop/server@${built.digest}`);
    expect(image.images().map(({ digest, platform }) => ({ digest, platform }))).toEqual(
      built.platforms.map(({ platform, digest }) => {
        const [os, architecture] = platform.split('/');
        return { digest, platform: { os, architecture } };
      }),
    );
    expect(annotationsOf(image.entries)).toEqual([
      { 'org.opencontainers.image.ref.name': '1.2' },
      { 'org.opencontainers.image.ref.name': '1.2-amd64' },
      { 'org.opencontainers.image.ref.name': '1.2-arm64' },
      undefined,
      undefined,
    ]);
    expect(image.index(image.root).annotations).toEqual({
      'org.opencontainers.image.licenses': 'MIT',
      'org.opencontainers.image.title': 'shop',
      'org.opencontainers.image.version': '1.2.3',
    });
    const artifacts = image.referrers.map((each) => JSON.parse(image.bytes(each).toString()) as Manifest);
    expect(artifacts.map(({ subject, artifactType, config }) => ({ subject, artifactType, config }))).toEqual(
      image.images().map(({ mediaType, digest, size }) => ({
        subject: { mediaType, digest, size },
        artifactType: 'application/vnd.cyclonedx+json',
        config: {
          mediaType: 'application/vnd.oci.empty.v1+json',
          digest: 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
          size: 2,
        },
      })),
    );
    expect(() => image.requireWhole()).not.toThrow();
  });

  test('has a configuration that runs it without rights, by Node.js itself', async () => {
    const built = await project.build({
      platforms: ['linux/arm64'],
      env: { PORT: '8443', LANG: 'de' },
      labels: { 'org.opencontainers.image.version': '2', a: 'b' },
      sourceMap: true,
    });
    const { image } = project;
    const manifest = image.manifest(image.root);
    const config = image.config(manifest.config);
    expect(config.config).toEqual({
      User: '65532:65532',
      Env: ['PATH=/usr/bin:/bin', 'LANG=de', 'NODE_ENV=production', 'PORT=8443'],
      Entrypoint: ['/usr/bin/node', '--enable-source-maps', '/app/main.mjs'],
      WorkingDir: '/app',
      Labels: {
        a: 'b',
        'org.opencontainers.image.licenses': 'MIT',
        'org.opencontainers.image.title': 'shop',
        'org.opencontainers.image.version': '2',
      },
      StopSignal: 'SIGTERM',
    });
    expect([config.created, config.os, config.architecture]).toEqual(['1970-01-01T00:00:00Z', 'linux', 'arm64']);
    expect(manifest.layers).toHaveLength(3);
    expect(config.rootfs.diff_ids).toHaveLength(3);
    expect(config.history?.filter((each) => !each.empty_layer)).toHaveLength(3);
    expect(config.history?.slice(2).map(({ created, created_by, comment }) => [created, created_by, comment])).toEqual([
      ['1970-01-01T00:00:00Z', expect.stringMatching(/^@spirekit\/runtime 0\.1\.0: /), 'spirekit'],
      ['1970-01-01T00:00:00Z', 'spirekit: server.ts', 'spirekit'],
    ]);
    expect(manifest.annotations).toEqual({
      'org.opencontainers.image.base.digest': base.split('@')[1],
      'org.opencontainers.image.base.name': base.split('@')[0],
    });
    // Of one platform alone, there is no index.
    expect([image.root.digest, annotationsOf(image.entries)]).toEqual([
      built.platforms[0]?.digest,
      [{ 'org.opencontainers.image.ref.name': 'latest' }, undefined],
    ]);
    expect(built.programs).toEqual({ node: '/usr/bin/node', runtime: '/app/spirekit/runtime.cjs' });
    expect(built.platforms[0]?.layers.map(({ name }) => name)).toEqual(['base', 'programs', 'app']);
  });

  test('is the same in another folder, with another cache, however its platforms are written', async () => {
    const other = new Project(base);
    const one = await project.build();
    const two = await other.build({ platforms: ['linux/arm64', 'linux/amd64', 'linux/arm64'] });
    expect(two.digest).toBe(one.digest);
    const inOrder = (it: Project) =>
      Object.entries(stateOf(it.layout)).map(([path, digest]) => [basename(path), digest]);
    expect(inOrder(other)).toEqual(inOrder(project));
  });
});

describe('a rebuild', () => {
  test('of the same changes nothing, and uses what is there', async () => {
    await project.build();
    const before = stateOf(project.layout);
    const { platforms } = await project.build();
    expect(stateOf(project.layout)).toEqual(before);
    const cached = platforms.map(({ layers }) => layers.filter((layer) => layer.cached).map(({ name }) => name));
    expect(cached).toEqual([
      ['base', 'programs'],
      ['base', 'programs'],
    ]);
  });

  test('of another program writes its layer and what names it, and removes what the old one had alone', async () => {
    const one = await project.build();
    const before = Object.keys(stateOf(project.layout));
    project.write('server.ts', "console.log('two');");
    const two = await project.build();
    expect(two.digest).not.toBe(one.digest);
    const after = Object.keys(stateOf(project.layout));
    // The layer, and for each platform configuration, manifest, bill of materials and its manifest; the index.
    expect(after.filter((path) => !before.includes(path))).toHaveLength(1 + 2 * 4 + 1);
    expect(before.filter((path) => !after.includes(path))).toHaveLength(1 + 2 * 4 + 1);
    const needed = project.image.entries.flatMap((entry) => [...project.image.contentOf(entry)].map((it) => it.digest));
    expect(readdirSync(join(project.layout, 'blobs', 'sha256')).sort()).toEqual([...new Set(needed.map(hexOf))].sort());
    // The layer, and the manifests and configurations.
    const layers = ({ platforms }: typeof one) => platforms.map((it) => it.layers.map(({ digest }) => digest));
    expect(layers(two).map((it) => it.slice(0, 2))).toEqual(layers(one).map((it) => it.slice(0, 2)));
    expect(layers(two)[0]?.[2]).not.toBe(layers(one)[0]?.[2]);
  });

  test('mends a document that is damaged, and a layer that is cut off', async () => {
    const { platforms } = await project.build();
    const [layer] = platforms[0]?.layers ?? [];
    if (!layer) throw new Error('no layer');
    const before = stateOf(project.layout);
    writeFileSync(project.image.fileOf(project.image.root.digest), '{}');
    truncateSync(project.image.fileOf(layer.digest), 1);
    await project.build();
    expect(stateOf(project.layout)).toEqual(before);
  });

  test('goes where a link leads', async () => {
    const elsewhere = join(project.folder, 'elsewhere');
    mkdirSync(elsewhere);
    mkdirSync(dirname(project.layout));
    symlinkSync(elsewhere, project.layout);
    await project.build();
    expect(readdirSync(elsewhere).sort()).toEqual(['blobs', 'index.json', 'oci-layout', 'spirekit.json']);
    expect(readdirSync(dirname(project.layout))).toEqual(['server']);
  });
});

describe('nothing is changed', () => {
  test.each([
    [
      'a folder of something else',
      () => {
        mkdirSync(project.layout, { recursive: true });
        writeFileSync(join(project.layout, 'notes.txt'), 'mine');
      },
      "'<project>/images/server' holds something else than an image ('notes.txt'); name another folder",
    ],
    [
      'a file',
      () => {
        mkdirSync(dirname(project.layout));
        writeFileSync(project.layout, 'mine');
      },
      "'<project>/images/server' is no folder; name another one for the image",
    ],
    [
      'a file above it',
      () => void project.write('images', 'mine'),
      /^'<project>\/images\/server\/blobs\/sha256\/[0-9a-f]{64}' cannot be written: a file stands where a folder is needed; name another folder$/,
    ],
    [
      'half a layout',
      () => {
        mkdirSync(project.layout, { recursive: true });
        writeFileSync(join(project.layout, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
      },
      "the image in '<project>/images/server' is damaged: index.json does not list manifests; " +
        'remove the folder, and build the image again',
    ],
    [
      "somebody else's layout",
      () => {
        mkdirSync(project.layout, { recursive: true });
        writeFileSync(join(project.layout, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
        writeFileSync(join(project.layout, 'index.json'), '{"schemaVersion":2,"manifests":[]}');
      },
      "'<project>/images/server' holds an image that was not built here, without 'spirekit.json'; name another folder",
    ],
  ])('where there is %s', async (_, prepare, text) => {
    prepare();
    const before = stateOf(project.folder);
    const said = await failure(() => project.build({}, { cacheFolder: join(project.folder, '..', 'spirekit-cache') }));
    rmSync(join(project.folder, '..', 'spirekit-cache'), { recursive: true, force: true });
    expect(said).toEqual(text instanceof RegExp ? expect.stringMatching(text) : text);
    expect(stateOf(project.folder)).toEqual(before);
    expect(readdirSync(project.folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('when the layout is damaged', async () => {
    await project.build();
    writeFileSync(join(project.layout, 'index.json'), 'null');
    const before = stateOf(project.layout);
    expect(await failure(() => project.build())).toBe(
      "the image in '<project>/images/server' is damaged: index.json does not list manifests; " +
        'remove the folder, and build the image again',
    );
    expect(stateOf(project.layout)).toEqual(before);
  });

  test('when the program does not bundle', async () => {
    await project.build();
    const before = stateOf(project.layout);
    project.write('server.ts', 'const = 1;');
    expect(await failure(() => project.build())).toContain('server.ts:1:7');
    expect(stateOf(project.layout)).toEqual(before);
  });

  test('when it is ended, at the beginning or at any step', async () => {
    const asked = new AbortController();
    asked.abort(new Error('enough'));
    expect(await failure(() => project.build({}, { signal: asked.signal }))).toBe('Error: enough');
    // The steps of a build, to end it at each of them.
    const labels: string[] = [];
    const record = (onStep: (count: number) => void): Progress => ({
      step: (label) => {
        onStep(labels.push(label));
        return { advance: () => undefined, done: () => undefined };
      },
    });
    await new Project(base).build(
      {},
      { progress: record(() => undefined), cacheFolder: join(project.folder, 'other') },
    );
    const count = labels.splice(0).length;
    expect(count).toBeGreaterThan(3);
    for (let at = 1; at <= count; at++) {
      const ending = new AbortController();
      const progress = record((steps) => steps === at && ending.abort(new Error('enough')));
      const cacheFolder = join(project.folder, `cache-${at}`);
      expect(await failure(() => project.build({}, { signal: ending.signal, progress, cacheFolder }))).toBe(
        'Error: enough',
      );
      labels.splice(0);
      expect(existsSync(project.layout)).toBe(false);
      mkdirSync(cacheFolder, { recursive: true }); // what ends at once makes none
      expect(Object.keys(stateOf(cacheFolder)).filter((path) => basename(path).startsWith('.'))).toEqual([]);
    }
  });
});

test('a layer that was damaged in the cache is said once, and made anew', async () => {
  const { platforms } = await project.build();
  const programs = platforms[0]?.layers[1];
  if (!programs) throw new Error('no layer');
  rmSync(project.layout, { recursive: true });
  const file = join(project.cacheFolder, 'blobs', 'sha256', hexOf(programs.digest));
  const bytes = readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(20) ^ 1, 20);
  writeFileSync(file, bytes);
  expect(await failure(() => project.build())).toBe(
    `${programs.digest} in the cache '<project>/cache' was damaged, and has been removed; build the image again`,
  );
  expect(readdirSync(dirname(project.layout))).toEqual([]);
  expect((await project.build()).platforms[0]?.layers[1]).toEqual({ ...programs, cached: false });
});

test('a layer that is longer in the cache than it was is made anew at once', async () => {
  const { digest, platforms } = await project.build();
  rmSync(project.layout, { recursive: true });
  const programs = platforms[0]?.layers[1]?.digest;
  if (!programs) throw new Error('no layer');
  appendFileSync(join(project.cacheFolder, 'blobs', 'sha256', hexOf(programs)), 'x');
  expect((await project.build()).digest).toBe(digest);
});

test('a record alone gives way to the image', async () => {
  await project.build();
  const record = readFileSync(join(project.layout, 'spirekit.json'));
  rmSync(project.layout, { recursive: true });
  mkdirSync(project.layout);
  writeFileSync(join(project.layout, 'spirekit.json'), record);
  await project.build();
  expect(() => project.image.requireWhole()).not.toThrow();
});

describe('properties', () => {
  test('are held to what they should be, all at once', async () => {
    const props = { entry: undefined, repository: 'Shop', node: 24, platform: ['linux/amd64'] } as never;
    expect(await failure(() => project.build(props))).toBe(
      [
        'platform is not a property; write one of entry, repository, layout, platforms, node, base, files, env, labels, ' +
          'define, sourceMap',
        'entry is missing; name the file that the program begins with',
        "repository is no reference: image reference 'Shop' has the repository 'Shop', which is not in lowercase; write 'shop'",
        "node 24 is not text; write a version in quotes, such as '24'",
      ].join('\n'),
    );
  });

  test('that hold null are as if they were left out', async () => {
    const nothing = { env: null, labels: null, define: null, files: null, node: null, platforms: null } as never;
    expect((await project.build(nothing)).digest).toBe((await project.build()).digest);
  });

  test('a base that the registry does not have', async () => {
    const unknown = `${base.split('@')[0]}@sha256:${'0'.repeat(64)}`;
    expect(await failure(() => project.build({ base: unknown }))).toContain(`has no image sha256:${'0'.repeat(64)}`);
    expect(existsSync(project.layout)).toBe(false);
  });

  test('a version of Node.js that is not known', async () => {
    expect(await failure(() => project.build({ node: '19' }))).toContain("node '19'");
  });

  test('a cache without a name', async () => {
    expect(await failure(() => project.build({}, { cacheFolder: '' }))).toBe(
      'the folder of the cache has no name; write one, or leave it out',
    );
  });

  test('a cache that is a file', async () => {
    const cacheFolder = project.write('file', '');
    expect(await failure(() => project.build({}, { cacheFolder }))).toBe(
      "'<project>/file/blobs/sha256/new' cannot be written: a file stands where a folder is needed; name another folder",
    );
  });
});

test('files beside the program are in its layer, and decide it', async () => {
  mkdirSync(join(project.folder, 'public'));
  project.write('public/index.html', 'one');
  const files = [{ from: join(project.folder, 'public'), to: 'public' }];
  const one = await project.build({ files });
  project.write('public/index.html', 'two');
  const two = await project.build({ files });
  expect(two.digest).not.toBe(one.digest);
  expect(two.files).toBe(3);
  expect(Object.keys(JSON.parse(readFileSync(join(project.layout, 'spirekit.json'), 'utf8')).inputs)).toEqual([
    'package.json',
    'public/',
    'public/index.html',
    'server.ts',
  ]);
});

test('a base that does not look as if it had Node.js is doubted', async () => {
  const { warnings } = await project.build({ base: registry.add({ config: { Entrypoint: ['/bin/sh'] } }) });
  expect(warnings.map((warning) => warning.replace(/'[^']*@sha256:[0-9a-f]{64}'/, "'<base>'"))).toEqual([
    "base '<base>' does not say that it has Node.js, which is started as '/usr/local/bin/node'; see that it is there",
  ]);
});
