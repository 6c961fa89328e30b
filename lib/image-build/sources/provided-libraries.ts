import type { ImagePlatform } from '../../image';

/** What programs and native modules find in the image. */
export interface ProvidedLibraries {
  /** Names by which shared libraries are asked for (`DT_NEEDED`). */
  readonly sonames: readonly string[];
  /**
   * The newest of each kind of symbol versions that they have, such as `GLIBC` at `2.41`; older ones are there too.
   *
   * @see https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/symversion.html
   */
  readonly versions: Readonly<Record<string, string>>;
}

const SONAMES = [
  'libc.so.6',
  'libm.so.6',
  'libmvec.so.1',
  'libdl.so.2',
  'libpthread.so.0',
  'librt.so.1',
  'libutil.so.1',
  'libresolv.so.2',
  'libanl.so.1',
  'libgcc_s.so.1',
  'libstdc++.so.6',
  'libatomic.so.1',
] as const;

const VERSIONS = { GLIBC: '2.41', GLIBCXX: '3.4.33', CXXABI: '1.3.15', GCC: '14.0.0', LIBATOMIC: '1.2' } as const;

/** Read from the libraries of `debian-packages.ts` by `readelf --version-info`. */
const PROVIDED: Readonly<Record<ImagePlatform, ProvidedLibraries>> = {
  'linux/amd64': {
    sonames: ['ld-linux-x86-64.so.2', ...SONAMES],
    versions: VERSIONS,
  },
  'linux/arm64': {
    sonames: ['ld-linux-aarch64.so.1', ...SONAMES],
    versions: VERSIONS,
  },
};

/** The shared libraries of the image for a platform, so that a native module can be held to them before it runs. */
export function providedLibraries(platform: ImagePlatform): ProvidedLibraries {
  return PROVIDED[platform];
}
