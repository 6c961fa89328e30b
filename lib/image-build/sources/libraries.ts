import { architectureOf, digestOf, type ImagePlatform } from '../../image';
import type { Component } from '../component';
import type { LayerEntry, LayerSource } from '../layer-entry';
import type { SourceOptions } from '../options';
import { baseFiles } from './base-files';
import { DEBIAN_PACKAGES, DEBIAN_RELEASE, type DebianPackage, LOADERS, TRIPLETS } from './debian-packages';
import { download } from './download';
import { layerEntry, type SourcedLayer } from './layer';
import { debianUrls } from './mirrors';

/** To be changed with whatever changes the layer's bytes and stands in neither table. */
const FORMAT = 'libraries 2';

/** Where scanners of images look for packages that no package manager has installed, as Google's distroless images have it. */
const STATUS_FOLDER = 'var/lib/dpkg/status.d';

/** No package unpacks to more, in bytes. */
const LIMIT = 256 * 1024 * 1024;

/**
 * The layer of the C and C++ libraries, and of what else a system has to have: users, name lookup, folders to mount into.
 * Nothing is downloaded before its entries are asked for.
 *
 * @param pinnedPackages others are for tests
 */
export function librariesLayer(
  platform: ImagePlatform,
  options: SourceOptions = {},
  pinnedPackages: readonly DebianPackage[] = DEBIAN_PACKAGES,
): SourcedLayer {
  const packages = pinnedPackages.map((it) => ({ ...it, files: filesOf(it, platform) }));
  const base = baseFiles(platform);
  const pinned = packages.map(({ files, builds }) => [builds[platform].sha256, files]);
  const layer: LayerSource = {
    name: 'libraries',
    createdBy: `spirekit: ${packages.map(({ name, version }) => `${name} ${version}`).join(', ')} of Debian`,
    key: `${FORMAT} ${platform} ${digestOf(JSON.stringify([pinned, base]))}`,
    entries: async () => {
      const entries = [...base];
      for (const each of packages) entries.push(...(await entriesOf(each, platform, options)));
      return entries;
    },
  };
  return { layer, components: packages.map((each) => componentOf(each, platform)) };
}

async function entriesOf(
  { name, version, files, builds }: DebianPackage,
  platform: ImagePlatform,
  options: SourceOptions,
): Promise<LayerEntry[]> {
  const { path, sha256, size } = builds[platform];
  const content = await download(
    {
      label: `${name} ${version} (${architectureOf(platform)})`,
      urls: debianUrls(path, options),
      hash: { algorithm: 'sha256', hex: sha256 },
      size,
      remedy: "name mirrors that have it by 'debianMirrors', or an image to build upon by 'base'",
    },
    options,
  );
  const label = path.slice(path.lastIndexOf('/') + 1);
  // Loaded here: most builds find the layer in the cache, and need nothing that unpacks.
  const { readDeb, readDebControl } = require('./deb') as typeof import('./deb');
  const found = await readDeb(content, { label, wanted: files, limit: LIMIT, signal: options.signal });
  const control = await readDebControl(content, label, options.signal);
  return [
    ...[...found].map(([at, entry]) => layerEntry(at, entry)),
    { type: 'file', path: `${STATUS_FOLDER}/${name}`, mode: 0o644, content: control },
  ];
}

function filesOf({ name, files }: DebianPackage, platform: ImagePlatform): string[] {
  const { file, link } = LOADERS[platform];
  const own = files.map((path) => path.replace('*', TRIPLETS[platform]));
  return name === 'libc6' ? [file, link, ...own] : own;
}

/** @see https://github.com/package-url/purl-spec/blob/main/types-doc/deb-definition.md */
function componentOf({ name, version, source, license, builds }: DebianPackage, platform: ImagePlatform): Component {
  const architecture = architectureOf(platform);
  const [asName, asVersion] = [encodeURIComponent(name), encodeURIComponent(version)];
  return {
    type: 'library',
    name,
    version,
    purl: `pkg:deb/debian/${asName}@${asVersion}?arch=${architecture}&distro=${DEBIAN_RELEASE}&upstream=${source}`,
    license,
    hashes: { 'SHA-256': builds[platform].sha256 },
    architecture,
  };
}
