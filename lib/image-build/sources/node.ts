import { architectureOf, type ImagePlatform, NODE_PROGRAM } from '../../image';
import type { Component } from '../component';
import type { LayerEntry, LayerSource } from '../layer-entry';
import type { SourceOptions } from '../options';
import { hashOfIntegrity } from './content-hash';
import { download } from './download';
import { layerEntry, type SourcedLayer } from './layer';
import { npmUrl } from './mirrors';
import { NODE_PACKAGES, type NodeVersion, nodeIntegrity } from './node-versions';

/** To be changed with whatever changes the layer's bytes and stands in no table. */
const FORMAT = 'node 1';

/** The package unpacks to less, in bytes. */
const LIMIT = 1024 * 1024 * 1024;

/** Files of the package, and where they go. */
const FILES: Readonly<Record<string, string>> = {
  'package/bin/node': NODE_PROGRAM.slice(1),
  'package/LICENSE': 'usr/local/share/doc/node/LICENSE',
};

/**
 * The layer of the `node` program and its licences. Nothing is downloaded before its entries are asked for.
 *
 * @param version others than those of `nodeVersion()` are for tests
 * @throws ImageError if it has no integrity for the platform
 */
export function nodeLayer(platform: ImagePlatform, version: NodeVersion, options: SourceOptions = {}): SourcedLayer {
  const name = NODE_PACKAGES[platform];
  const integrity = nodeIntegrity(version, platform);
  const layer: LayerSource = {
    name: 'node',
    createdBy: `spirekit: node ${version.version} from ${name} of npm`,
    key: `${FORMAT} ${platform} ${integrity} ${JSON.stringify(FILES)}`,
    entries: () => entriesOf(platform, version, options),
  };
  return { layer, components: [componentOf(platform, version)] };
}

async function entriesOf(
  platform: ImagePlatform,
  version: NodeVersion,
  options: SourceOptions,
): Promise<readonly LayerEntry[]> {
  const name = NODE_PACKAGES[platform];
  const content = await download(
    {
      label: `${name} ${version.version}`,
      urls: [npmUrl(name, version.version, options)],
      hash: hashFor(platform, version),
      size: version.size?.[platform],
      remedy: "name a registry that has it by 'npmRegistry', or an image to build upon by 'base'",
    },
    options,
  );
  const request = { label: `${name}-${version.version}.tgz`, wanted: Object.keys(FILES), limit: LIMIT };
  // Loaded here: most builds find the layer in the cache, and need nothing that unpacks.
  const { readNpmPackage } = require('./npm-package') as typeof import('./npm-package');
  const found = await readNpmPackage(content, { ...request, signal: options.signal });
  return [...found].map(([from, entry]) => layerEntry(FILES[from] ?? from, entry));
}

function componentOf(platform: ImagePlatform, version: NodeVersion): Component {
  return {
    type: 'platform',
    name: 'node',
    version: version.version,
    purl: `pkg:npm/${NODE_PACKAGES[platform]}@${version.version}`,
    license: 'MIT',
    hashes: { 'SHA-512': hashFor(platform, version).hex },
    architecture: architectureOf(platform),
  };
}

function hashFor(platform: ImagePlatform, version: NodeVersion) {
  const integrity = nodeIntegrity(version, platform);
  const hash = hashOfIntegrity(integrity);
  if (hash) return hash;
  throw new Error(`node.integrity['${platform}'] '${integrity}' is none`);
}
