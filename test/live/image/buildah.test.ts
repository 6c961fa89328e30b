import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf, type ImageConfig, type ImagePlatform, OciLayout } from '../../../lib/image';
import { type BuildOptions, buildImage, exportContext, type ImageBackEnd, pushLayout } from '../../../lib/image-build';
import { buildah } from '../../../lib/image-build/back-end/buildah';
import { DockerRegistry, LOGIN } from '../support/docker-registry';
import { must } from '../support/run';
import { build, errorOf, imageCache, REPOSITORY, tryBuild } from './builder';
import { filesOf } from './unpacked';

const ENTRY = 'examples/workload-image/server.mts';
const ARCHITECTURES = ['amd64', 'arm64'] as const;

/** Texts that a Dockerfile has to hold in quotes. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: such a text
const WILD = 'a "b" \'c\' $HOME ${PATH} \\ \\n `d` # e=f\tä {g} \\';
const env = { WILD, EMPTY: '', SPACE: ' x ' };
const labels = { 'org.opencontainers.image.description': WILD, 'shop.example.com/empty': '' };
const props = { entry: ENTRY, repository: REPOSITORY, env, labels };

const folder = mkdtempSync(join(tmpdir(), 'spirekit-'));
const place = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const made = (name: string, options: BuildOptions = {}) =>
  buildImage({ ...props, layout: place(name) }, { cacheFolder: imageCache(), ...options });

const configOf = (image: string): ImageConfig => JSON.parse(must('skopeo', ['inspect', '--config', image]));

/** Everything that is in an image, as umoci unpacks it: owners, permissions, times and content. */
function contentOf(image: string): Record<string, unknown> {
  const bundle = mkdtempSync(place('bundle-'));
  must('umoci', ['unpack', '--image', image, join(bundle, 'image')]);
  const rootfs = join(bundle, 'image', 'rootfs');
  const found = filesOf(rootfs).map(({ path, type, mode, uid, gid }) => {
    const at = join(rootfs, path);
    const content =
      type === 'file' ? digestOf(readFileSync(at)) : type === 'link' ? readlinkSync(at) : lstatSync(at).mtimeMs;
    return [path, { type, mode, uid, gid, content, time: lstatSync(at).mtimeMs }] as const;
  });
  rmSync(bundle, { recursive: true });
  return Object.fromEntries(found);
}

let before: readonly string[];
beforeAll(async () => {
  await made('own');
  before = readdirSync(imageCache());
  await made('one', { backend: 'buildah' });
});

test('it is the same image again', async () => {
  const { digest } = await made('two', { backend: 'buildah' });
  expect(digest).toBe(OciLayout.open(place('one'))?.root.digest);
  expect(digest).not.toBe(OciLayout.open(place('own'))?.root.digest);
});

test('nothing of its store is left in the cache', () => {
  expect(before).toContain('layers');
  expect(readdirSync(imageCache())).toEqual(before);
});

test.each(ARCHITECTURES)('skopeo has it for %s, run as ours is', (arch) => {
  const [ours, theirs] = ['own', 'one'].map((name) => configOf(`oci:${place(name)}:latest-${arch}`));
  expect(theirs?.config).toEqual(ours?.config);
  expect(theirs?.config?.Env).toEqual(expect.arrayContaining([`WILD=${WILD}`, 'EMPTY=', 'SPACE= x ']));
  expect(theirs?.config?.Labels).toMatchObject(labels);
  expect([theirs?.architecture, theirs?.os, theirs?.created]).toEqual([arch, 'linux', '1970-01-01T00:00:00Z']);
  expect(theirs?.rootfs.diff_ids).toHaveLength(4);
});

test.each(ARCHITECTURES)('for %s, it holds what ours holds', (arch) => {
  const [ours, theirs] = ['own', 'one'].map((name) => contentOf(`${place(name)}:latest-${arch}`));
  expect(Object.keys(ours ?? {}).length).toBeGreaterThan(40);
  expect(theirs).toEqual(ours);
});

test('skopeo copies the whole of it, with the same digest', () => {
  must('skopeo', ['copy', '--all', `oci:${place('one')}:latest`, `oci:${place('copy')}:latest`]);
  const digest = must('skopeo', ['inspect', '--format', '{{.Digest}}', `oci:${place('copy')}:latest`]).trim();
  expect(digest).toBe(OciLayout.open(place('one'))?.root.digest);
});

test('the command builds it too', async () => {
  const options = ['--backend', 'buildah', '--platform', 'linux/amd64'];
  const image = await build({ entry: ENTRY, layout: place('command'), options });
  expect(image.platforms.map(({ layers }) => layers.map(({ name }) => name))).toEqual([
    ['libraries', 'node', 'programs', 'app'],
  ]);
  OciLayout.open(place('command'))?.requireWhole();
});

describe('upon a base', () => {
  const platforms: ImagePlatform[] = ['linux/amd64'];
  let registry: DockerRegistry;
  let base: string;
  beforeAll(async () => {
    registry = await DockerRegistry.start({ isGuarded: true });
    const options = { credentials: LOGIN, ca: registry.certificate?.ca ?? '' };
    base = (await pushLayout(place('own'), { to: `localhost:${registry.port}/shop/node`, ...options })).reference;
  });
  afterAll(() => registry.end());

  test('that buildah pulls with the certificates and the password that it is told', async () => {
    const registryOptions = { credentials: LOGIN, ca: registry.certificate?.ca ?? '' };
    const build = (name: string, options: BuildOptions = {}) =>
      buildImage(
        { ...props, base, platforms, layout: place(name) },
        { cacheFolder: imageCache(), registry: registryOptions, ...options },
      );
    await build('own-based');
    const image = await build('based', { backend: 'buildah' });
    expect(image.platforms[0]?.layers.map(({ name }) => name)).toEqual([
      ...['base', 'base', 'base', 'base'],
      ...['programs', 'app'],
    ]);
    const [ours, theirs] = ['own-based', 'based'].map((name) => `${place(name)}:latest`);
    expect(contentOf(`${theirs}`)).toEqual(contentOf(`${ours}`));
    expect(configOf(`oci:${theirs}`).config).toEqual(configOf(`oci:${ours}`).config);
  });

  test('that buildah may not have fails the build, with what buildah says', async () => {
    const { ca = '' } = registry.certificate ?? {};
    // It is told nothing of the password.
    const backend: ImageBackEnd = {
      ...buildah,
      make: (content, tools) => buildah.make(content, { ...tools, options: { registry: { ca } } }),
    };
    await expect(
      buildImage(
        { ...props, base, platforms, layout: place('refused') },
        { cacheFolder: imageCache(), registry: { credentials: LOGIN, ca }, backend },
      ),
    ).rejects.toThrow(
      /^buildah bud ended with 125: .*(unauthorized|authentication required).*; see what is wrong with it, or /,
    );
    expect(readdirSync(folder)).not.toContain('refused');
  });
});

test('without buildah the command says so, and writes nothing', async () => {
  const options = ['--backend', 'buildah', '--platform', 'linux/amd64'];
  const outcome = await tryBuild({ entry: ENTRY, layout: place('none'), options, env: { PATH: '/nowhere' } });
  expect(outcome.status).not.toBe(0);
  expect(errorOf(outcome)).toBe(
    'spirekit: buildah is not installed; install it where there is Linux, ' +
      "or leave the back end out: 'spirekit' needs no other program",
  );
  expect(readdirSync(folder)).not.toContain('none');
});

describe('a context that is written for others', () => {
  beforeAll(() => exportContext(props, place('context'), { cacheFolder: imageCache() }));

  test.each(ARCHITECTURES)('gives the same image for %s', (arch) => {
    const store = ['--root', place('store'), '--runroot', place('run'), '--storage-driver', 'vfs'];
    const byHand = (...args: string[]) => must('buildah', [...store, ...args]).trim();
    // As somebody calls it who has the folder alone.
    const id = byHand(
      'bud',
      '--quiet',
      '--layers',
      '--isolation',
      'chroot',
      '--platform',
      `linux/${arch}`,
      place('context'),
    );
    byHand('push', '--quiet', id, `oci:${place(`by-hand-${arch}`)}:x`);
    expect(contentOf(`${place(`by-hand-${arch}`)}:x`)).toEqual(contentOf(`${place('own')}:latest-${arch}`));
    const { Labels, ...config } = configOf(`oci:${place(`by-hand-${arch}`)}:x`).config ?? {};
    const { Labels: ours, ...rest } = configOf(`oci:${place('own')}:latest-${arch}`).config ?? {};
    expect(config).toEqual(rest);
    expect(Labels).toMatchObject(ours ?? {});
  });

  test('is the same again', async () => {
    const before = readFileSync(join(place('context'), 'Dockerfile'), 'utf8');
    writeFileSync(join(place('context'), 'Dockerfile'), `${before}# changed\n`);
    await exportContext(props, place('context'), { cacheFolder: imageCache() });
    expect(readFileSync(join(place('context'), 'Dockerfile'), 'utf8')).toBe(before);
  });
});
