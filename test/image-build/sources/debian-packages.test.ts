import { IMAGE_PLATFORMS } from '../../../lib/image';
import { providedLibraries } from '../../../lib/image-build/sources';
import { DEBIAN_PACKAGES, LOADERS, TRIPLETS } from '../../../lib/image-build/sources/debian-packages';

describe.each(DEBIAN_PACKAGES)('$name', ({ name, version, source, license, builds }) => {
  test('is pinned for each platform, by a hash of its own', () => {
    expect(Object.keys(builds)).toEqual([...IMAGE_PLATFORMS]);
    for (const { sha256, size } of Object.values(builds)) {
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(size).toBeGreaterThan(1000);
    }
    expect(new Set(Object.values(builds).map(({ sha256 }) => sha256)).size).toBe(IMAGE_PLATFORMS.length);
  });

  test('lies where Debian puts its source, version and architecture', () => {
    const folder = `pool/main/${source[0]}/${source}`;
    expect(Object.values(builds).map(({ path }) => path)).toEqual([
      `${folder}/${name}_${version}_amd64.deb`,
      `${folder}/${name}_${version}_arm64.deb`,
    ]);
  });

  test('has a licence', () => {
    expect(license).toMatch(/^L?GPL-\d\.\d-or-later( WITH GCC-exception-3\.1)?$/);
  });
});

test('packages, files and hashes stand once', () => {
  const all = [
    DEBIAN_PACKAGES.map(({ name }) => name),
    DEBIAN_PACKAGES.flatMap(({ files }) => files),
    DEBIAN_PACKAGES.flatMap(({ builds }) => Object.values(builds).map(({ sha256 }) => sha256)),
  ];
  for (const each of all) expect(new Set(each).size).toBe(each.length);
});

test.each(IMAGE_PLATFORMS)('every library that is promised for %s is taken from a package', (platform) => {
  const files = [LOADERS[platform].file, ...DEBIAN_PACKAGES.flatMap(({ files }) => files)];
  const folder = `usr/lib/${TRIPLETS[platform]}/`;
  const names = files.map((path) => path.replace('*', TRIPLETS[platform])).filter((path) => path.startsWith(folder));
  const asked = names.map((path) => path.slice(folder.length)).filter((name) => !/\.so\.\d+\.\d/.test(name));
  expect([...providedLibraries(platform).sonames].sort()).toEqual(asked.sort());
});

test('every package names its licence in the image, and the texts of these licences are there', () => {
  for (const { name, files } of DEBIAN_PACKAGES) {
    if (name === 'base-files') {
      expect(files).toContain('usr/share/common-licenses/LGPL-2.1');
      continue;
    }
    expect(files.filter((path) => `${path}/`.startsWith(`usr/share/doc/${name}/`))).toHaveLength(1);
  }
});
