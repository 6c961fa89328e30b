import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PackageURL } from 'packageurl-js';
import { ImageError } from '../../../lib/image';
import type { LayerEntry } from '../../../lib/image-build/layer-entry';
import { librariesLayer } from '../../../lib/image-build/sources';
import { DEBIAN_PACKAGES, type DebianPackage } from '../../../lib/image-build/sources/debian-packages';
import { answers, Mirror, sends } from './mirror';
import { debPackage, hashOf, tarBytes } from './packages';

let cacheFolder: string;

beforeEach(() => {
  cacheFolder = mkdtempSync(join(tmpdir(), 'spirekit-libraries-'));
});

afterEach(() => rmSync(cacheFolder, { recursive: true, force: true }));

const shown = (entries: readonly LayerEntry[]) =>
  Object.fromEntries(
    entries.map((entry) => {
      if (entry.type === 'link') return [entry.path, `-> ${entry.target}`];
      const mode = entry.mode.toString(8);
      return [entry.path, entry.type === 'folder' ? mode : `${mode} ${Buffer.from(entry.content).toString()}`];
    }),
  );

/** A small package under another's name. */
function standIn(name: string, files: readonly string[], deb: Buffer): DebianPackage {
  const build = { path: `pool/main/${name}_1+2.deb`, sha256: hashOf(deb).hex, size: deb.length };
  const builds = { 'linux/amd64': build, 'linux/arm64': build };
  return { name, version: '1+2', source: name, license: 'LGPL-2.1-or-later', files, builds };
}

test('what the layer holds', async () => {
  const loader = { type: 'SymbolicLink', linkpath: '../lib/x86_64-linux-gnu/ld-linux-x86-64.so.2' } as const;
  const deb = debPackage(
    gzipSync(
      tarBytes([
        { path: './usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2', content: 'loader', mode: 0o755 },
        { path: './usr/lib/x86_64-linux-gnu/libc.so.6', content: 'libc', mode: 0o755 },
        { path: './usr/lib/x86_64-linux-gnu/libnsl.so.1', content: 'not wanted' },
        { path: './usr/lib64/ld-linux-x86-64.so.2', ...loader },
        { path: './usr/share/doc/libc6/copyright', content: 'ours' },
      ]),
    ),
  );
  const libc = standIn('libc6', ['usr/lib/*/libc.so.6', 'usr/share/doc/libc6/copyright'], deb);
  await using mirror = await Mirror.start(answers(404), sends(deb));
  const debianMirrors = [`${mirror.url}/gone/`, `${mirror.url}/debian/`];
  const { layer, components } = librariesLayer('linux/amd64', { cacheFolder, debianMirrors }, [libc]);
  expect(mirror.requests).toEqual([]);
  expect(shown(await layer.entries())).toMatchInlineSnapshot(`
{
  "app": "755",
  "dev": "755",
  "etc/group": "644 root:x:0:
nonroot:x:65532:
",
  "etc/hosts": "644 127.0.0.1 localhost
::1 localhost ip6-localhost ip6-loopback
",
  "etc/nsswitch.conf": "644 passwd: files
group: files
hosts: files dns
",
  "etc/passwd": "644 root:x:0:0:root:/root:/sbin/nologin
nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin
",
  "home/nonroot": "755",
  "lib": "-> usr/lib",
  "lib64": "-> usr/lib64",
  "proc": "755",
  "root": "755",
  "run": "755",
  "sys": "755",
  "tmp": "1777",
  "usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2": "755 loader",
  "usr/lib/x86_64-linux-gnu/libc.so.6": "755 libc",
  "usr/lib64/ld-linux-x86-64.so.2": "-> ../lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
  "usr/share/doc/libc6/copyright": "644 ours",
  "var": "755",
  "var/lib/dpkg/status.d/libc6": "644 Package: test
Version: 1
",
  "var/run": "-> ../run",
}
`);
  // A plus would be a space to some stores.
  expect(mirror.requests).toEqual(['/gone/pool/main/libc6_1%2B2.deb', '/debian/pool/main/libc6_1%2B2.deb']);
  expect([layer.name, layer.createdBy]).toEqual(['libraries', 'spirekit: libc6 1+2 of Debian']);
  expect(components).toHaveLength(1);
});

test('a package that was altered is refused', async () => {
  await using mirror = await Mirror.start(sends(Buffer.from('not what Debian has signed')));
  const { layer } = librariesLayer('linux/arm64', { cacheFolder, debianMirrors: [mirror.url] });
  const error = await layer.entries().catch((thrown: unknown) => thrown as Error);
  expect(error).toBeInstanceOf(ImageError);
  expect((error as Error).message.replace(mirror.url, 'MIRROR')).toBe(
    "libc6 2.41-12+deb13u5 (arm64) could not be downloaded: 'MIRROR/pool/main/g/glibc/libc6_2.41-12%2Bdeb13u5_arm64.deb' " +
      "has 26 bytes where 2488872 are expected; name mirrors that have it by 'debianMirrors', or an image to build upon by 'base'",
  );
});

describe('the key', () => {
  const keyOf = (...from: Parameters<typeof librariesLayer>) => librariesLayer(...from).layer.key;

  test('is the same wherever packages come from', () => {
    expect(keyOf('linux/amd64', { debianMirrors: ['http://127.0.0.1:9'] })).toBe(keyOf('linux/amd64'));
    expect(keyOf('linux/amd64')).toMatchInlineSnapshot(
      `"libraries 2 linux/amd64 sha256:31f2e8d2b690f1c0549d8f2fce970183526da8f9f4251c33ac718a9a21984af0"`,
    );
  });

  test('is another for each platform and each change of a package', () => {
    const [first, ...rest] = DEBIAN_PACKAGES;
    if (!first) throw new Error('no packages');
    const { 'linux/amd64': build } = first.builds;
    const changed = { ...first, builds: { ...first.builds, 'linux/amd64': { ...build, sha256: '0'.repeat(64) } } };
    const fewer = { ...first, files: first.files.slice(1) };
    const keys = [
      keyOf('linux/amd64'),
      keyOf('linux/arm64'),
      keyOf('linux/amd64', {}, rest),
      keyOf('linux/amd64', {}, [changed, ...rest]),
      keyOf('linux/amd64', {}, [fewer, ...rest]),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});

test('components tell of Debian packages as scanners look for them', () => {
  const { components } = librariesLayer('linux/arm64');
  expect(components.map(({ purl }) => purl)).toMatchInlineSnapshot(`
[
  "pkg:deb/debian/libc6@2.41-12%2Bdeb13u5?arch=arm64&distro=debian-13&upstream=glibc",
  "pkg:deb/debian/libgcc-s1@14.2.0-19?arch=arm64&distro=debian-13&upstream=gcc-14",
  "pkg:deb/debian/libstdc%2B%2B6@14.2.0-19?arch=arm64&distro=debian-13&upstream=gcc-14",
  "pkg:deb/debian/libatomic1@14.2.0-19?arch=arm64&distro=debian-13&upstream=gcc-14",
  "pkg:deb/debian/gcc-14-base@14.2.0-19?arch=arm64&distro=debian-13&upstream=gcc-14",
  "pkg:deb/debian/base-files@13.8%2Bdeb13u8?arch=arm64&distro=debian-13&upstream=base-files",
]
`);
  for (const { purl, name, version } of components) {
    const read = PackageURL.fromString(purl);
    expect([read.type, read.namespace, read.name, read.version]).toEqual(['deb', 'debian', name, version]);
  }
  expect(components[0]).toMatchInlineSnapshot(`
{
  "architecture": "arm64",
  "hashes": {
    "SHA-256": "0966fc3da1a26cc57647c68b5736f791b6e7eb498173a7993f63b6c89b4ed4f5",
  },
  "license": "LGPL-2.1-or-later",
  "name": "libc6",
  "purl": "pkg:deb/debian/libc6@2.41-12%2Bdeb13u5?arch=arm64&distro=debian-13&upstream=glibc",
  "type": "library",
  "version": "2.41-12+deb13u5",
}
`);
});

test.each<[unknown, string]>([
  [[], "debianMirrors names no mirror; write a list such as ['https://deb.debian.org/debian'], or leave it out"],
  [
    'https://deb.debian.org/debian',
    "debianMirrors names no mirror; write a list such as ['https://deb.debian.org/debian'], or leave it out",
  ],
  [
    ['https://deb.debian.org/debian', 'ftp://x'],
    "debianMirrors[1] 'ftp://x' is no http or https URL; write one such as 'https://deb.debian.org/debian'",
  ],
  [
    [undefined],
    "debianMirrors[0] 'undefined' is no http or https URL; write one such as 'https://deb.debian.org/debian'",
  ],
  [
    ['https://x/?y'],
    "debianMirrors[0] 'https://x/?y' is no http or https URL; write one such as 'https://deb.debian.org/debian'",
  ],
])('mirrors %j are refused', async (debianMirrors, message) => {
  const { layer } = librariesLayer('linux/amd64', { cacheFolder, debianMirrors: debianMirrors as string[] });
  await expect(layer.entries()).rejects.toEqual(new ImageError(message));
});
