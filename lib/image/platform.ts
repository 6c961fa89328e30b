/** A system that images are built for, as the OCI image index names it: operating system and architecture of Go. */
export type ImagePlatform = 'linux/amd64' | 'linux/arm64';

/** Every platform that images can be built for, in the order in which they stand in an index. */
export const IMAGE_PLATFORMS = ['linux/amd64', 'linux/arm64'] as const satisfies readonly ImagePlatform[];

/** The architecture of a platform, as Go, the OCI and Debian call it. */
export function architectureOf(platform: ImagePlatform): 'amd64' | 'arm64' {
  return platform === 'linux/amd64' ? 'amd64' : 'arm64';
}
