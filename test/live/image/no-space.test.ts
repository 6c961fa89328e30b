import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BuiltImage } from '../../../lib/image-build';
import { DEBIAN_PACKAGES } from '../../../lib/image-build/sources/debian-packages';
import { build, errorOf, tryBuild } from './builder';
import { NODE, PackageServer } from './package-server';

/** An image is built on a disk that is too small: one in memory, of this build alone, which goes with it. */
const ENTRY = 'examples/workload-image/server.mts';
const PLATFORM = ['--platform', 'linux/amd64'];
const NO_SPACE = 'cannot be written: there is no space left on the disk; free some, or name another folder';

const folder = mkdtempSync(join(tmpdir(), 'spirekit-'));
const disk = join(folder, 'disk');
let reference: BuiltImage;

beforeAll(async () => {
  mkdirSync(disk);
  reference = await build({ entry: ENTRY, layout: join(folder, 'reference'), options: PLATFORM });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a script with a small disk; `"$@"` in it is the build. */
const onDisk = (size: string, script: string): string[] => [
  ...['unshare', '--mount', 'sh', '-c', `mount -t tmpfs -o size=${size} tmpfs '${disk}' && { ${script}; }`, 'sh'],
];

/** Runs the build, and shows what lies on the disk then. */
const AND_LIST = `"$@"; status=$?; find '${disk}' -mindepth 1; exit $status`;

/** Without the names of blobs, which are digests. */
const plain = (text: string): string => text.replace(/[0-9a-f]{64}/g, 'HEX');

/** Of its layers, compressed, in bytes. */
function sizeOf({ platforms }: BuiltImage): number {
  return platforms.flatMap(({ layers }) => layers).reduce((sum, { size }) => sum + size, 0);
}

test('no space for the image: an error, and nothing is left of it', async () => {
  const layout = join(disk, 'server');
  const outcome = await tryBuild({ entry: ENTRY, layout, options: PLATFORM, within: onDisk('20m', AND_LIST) });
  expect({ status: outcome.status, left: outcome.stdout, error: plain(errorOf(outcome)) }).toEqual({
    status: 2,
    left: '',
    error: `spirekit: '${disk}/server/blobs/sha256/HEX' ${NO_SPACE}`,
  });
});

test('no space for a newer image: the one that is there stays', async () => {
  const layout = join(disk, 'server');
  // It holds the image, and not another layer with a large file in it.
  const size = `${Math.ceil(sizeOf(reference) / 1024) + 1024}k`;
  const script = [
    `"$@" > '${folder}/first.json'`,
    `"$@" --file node_modules/typescript/lib/typescript.js=large.js > '${folder}/second.json'; status=$?`,
    `skopeo inspect --format '{{.Digest}}' 'oci:${layout}:latest'`,
    `umoci unpack --image '${layout}:latest' '${folder}/bundle' && find '${layout}' -name '.*'; exit $status`,
  ].join('; ');
  const outcome = await tryBuild({ entry: ENTRY, layout, options: PLATFORM, within: onDisk(size, script) });
  expect({ status: outcome.status, stdout: outcome.stdout, error: plain(errorOf(outcome)) }).toEqual({
    status: 2,
    stdout: `${reference.digest}\n`,
    error: `spirekit: '${layout}/blobs/sha256/HEX' ${NO_SPACE}`,
  });
});

test('no space for the cache: an error, and nothing is left of what was under way', async () => {
  const [cache, layout] = [join(disk, 'cache'), join(folder, 'server')];
  const packages = await PackageServer.start('serves');
  try {
    const options = [...PLATFORM, '--npm-registry', packages.url, '--debian-mirror', packages.url];
    const within = onDisk('20m', `${AND_LIST.replace('exit', `test -e '${layout}' && echo '${layout}'; exit`)}`);
    const outcome = await tryBuild({ entry: ENTRY, layout, cache, options, within });
    expect({ status: outcome.status, error: errorOf(outcome) }).toEqual({
      status: 2,
      error: `spirekit: '${cache}/downloads/${NODE.file}' ${NO_SPACE}`,
    });
    const left = outcome.stdout.split('\n').filter((line) => line !== '');
    // What was whole before stays: the packages of Debian, and their layer.
    expect(left.filter((path) => /\/\./.test(path.replace(folder, '')) || path.includes(NODE.file))).toEqual([]);
    expect(left.filter((path) => path.includes('/downloads/sha256-'))).toHaveLength(DEBIAN_PACKAGES.length);
    expect(left).not.toContain(layout);
  } finally {
    await packages.end();
  }
});
