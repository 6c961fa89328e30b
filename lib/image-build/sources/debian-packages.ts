import type { ImagePlatform } from '../../image';

/** A package of Debian from which files go into the image. */
export interface DebianPackage {
  readonly name: string;
  readonly version: string;
  /** The name of what it is built from, under which security trackers know it. */
  readonly source: string;
  /** SPDX expression, of the files that are taken. */
  readonly license: string;
  /** Files and links that go into the image; `*` stands for the architecture's triplet, such as `x86_64-linux-gnu`. */
  readonly files: readonly string[];
  /** For each platform: where it is in the pool, and what it has to be. */
  readonly builds: Readonly<Record<ImagePlatform, DebianBuild>>;
}

/** A package as it was built for one architecture. */
export interface DebianBuild {
  /** Below a mirror. */
  readonly path: string;
  /** Hexadecimal. */
  readonly sha256: string;
  /** In bytes. */
  readonly size: number;
}

/** What the folder of an architecture's libraries is called. */
export const TRIPLETS: Readonly<Record<ImagePlatform, string>> = {
  'linux/amd64': 'x86_64-linux-gnu',
  'linux/arm64': 'aarch64-linux-gnu',
};

/** The release that the packages are of, as package URLs name it. */
export const DEBIAN_RELEASE = 'debian-13';

const GCC_LICENSE = 'GPL-3.0-or-later WITH GCC-exception-3.1';

/**
 * The C and C++ libraries: of Debian 13.8 ("trixie"), 21 November 2026. Paths, sizes and hashes stand in the indexes
 * `dists/trixie/main/binary-{amd64,arm64}/Packages`, whose hashes stand in `dists/trixie/InRelease`, which Debian signs: to be
 * verified by `gpgv` when they are renewed. What the libraries provide stands in `provided-libraries.ts`, and the moment of
 * snapshot.debian.org in `mirrors.ts`; both change with this table.
 *
 * Not taken of libc6: what debugs or profiles, the character sets of `iconv`, and plugins for name services, since those for
 * files and DNS are in `libc.so.6` itself.
 *
 * @see https://deb.debian.org/debian/dists/trixie/InRelease
 */
export const DEBIAN_PACKAGES: readonly DebianPackage[] = [
  {
    name: 'libc6',
    version: '2.41-12+deb13u5',
    source: 'glibc',
    license: 'LGPL-2.1-or-later',
    files: [
      'usr/lib/*/libc.so.6',
      'usr/lib/*/libm.so.6',
      'usr/lib/*/libmvec.so.1',
      'usr/lib/*/libdl.so.2',
      'usr/lib/*/libpthread.so.0',
      'usr/lib/*/librt.so.1',
      'usr/lib/*/libutil.so.1',
      'usr/lib/*/libresolv.so.2',
      'usr/lib/*/libanl.so.1',
      'usr/share/doc/libc6/copyright',
    ],
    builds: {
      'linux/amd64': {
        path: 'pool/main/g/glibc/libc6_2.41-12+deb13u5_amd64.deb',
        sha256: 'b59b0625cd1a791375d40dab23a4d5d3d0641e3d0a773501becdc3725b7f99cf',
        size: 2_850_108,
      },
      'linux/arm64': {
        path: 'pool/main/g/glibc/libc6_2.41-12+deb13u5_arm64.deb',
        sha256: '0966fc3da1a26cc57647c68b5736f791b6e7eb498173a7993f63b6c89b4ed4f5',
        size: 2_488_872,
      },
    },
  },
  {
    name: 'libgcc-s1',
    version: '14.2.0-19',
    source: 'gcc-14',
    license: GCC_LICENSE,
    files: ['usr/lib/*/libgcc_s.so.1', 'usr/share/doc/libgcc-s1'],
    builds: {
      'linux/amd64': {
        path: 'pool/main/g/gcc-14/libgcc-s1_14.2.0-19_amd64.deb',
        sha256: '3c71917b490d1a17aed43196a2787a256ecf060526cdb20216a74bedc061b150',
        size: 72_772,
      },
      'linux/arm64': {
        path: 'pool/main/g/gcc-14/libgcc-s1_14.2.0-19_arm64.deb',
        sha256: '1108bc87879833d6d9a145f22a4a15cddb34e065b4b5f4b97bee586adbac2851',
        size: 54_104,
      },
    },
  },
  {
    name: 'libstdc++6',
    version: '14.2.0-19',
    source: 'gcc-14',
    license: GCC_LICENSE,
    files: ['usr/lib/*/libstdc++.so.6', 'usr/lib/*/libstdc++.so.6.0.33', 'usr/share/doc/libstdc++6'],
    builds: {
      'linux/amd64': {
        path: 'pool/main/g/gcc-14/libstdc++6_14.2.0-19_amd64.deb',
        sha256: 'ab1fa05837aa7a92aae748fd07a18a35f7d18bb4a71c4724fe2bbf0e32089de0',
        size: 713_628,
      },
      'linux/arm64': {
        path: 'pool/main/g/gcc-14/libstdc++6_14.2.0-19_arm64.deb',
        sha256: '6669b0c52a2e7c6af9adfdabce3ff6e286065cdfbc7b85280862b5f799daebee',
        size: 637_536,
      },
    },
  },
  {
    name: 'libatomic1',
    version: '14.2.0-19',
    source: 'gcc-14',
    license: GCC_LICENSE,
    files: ['usr/lib/*/libatomic.so.1', 'usr/lib/*/libatomic.so.1.2.0', 'usr/share/doc/libatomic1'],
    builds: {
      'linux/amd64': {
        path: 'pool/main/g/gcc-14/libatomic1_14.2.0-19_amd64.deb',
        sha256: '212b399aae2f7299203d261a57e49372e09565a9a5ea971905f94a3960366c05',
        size: 9_308,
      },
      'linux/arm64': {
        path: 'pool/main/g/gcc-14/libatomic1_14.2.0-19_arm64.deb',
        sha256: '7ccff90234484bf21ae5ecb79d25b6a84b2f4038f65dd139085b2e3a937cd8dc',
        size: 10_128,
      },
    },
  },
  {
    name: 'gcc-14-base',
    version: '14.2.0-19',
    source: 'gcc-14',
    license: GCC_LICENSE,
    files: ['usr/share/doc/gcc-14-base/copyright'],
    builds: {
      'linux/amd64': {
        path: 'pool/main/g/gcc-14/gcc-14-base_14.2.0-19_amd64.deb',
        sha256: '5b6825de4263824b78c4c51f6476414f3b4e89c2ab63e81dc8b9b5501e867cf6',
        size: 49_432,
      },
      'linux/arm64': {
        path: 'pool/main/g/gcc-14/gcc-14-base_14.2.0-19_arm64.deb',
        sha256: '34ee90679b018c0e64234747a4c4c0ae6b7f63541115037465a8627c2dfbc594',
        size: 49_444,
      },
    },
  },
  {
    // The texts of the licences that the other packages' copyright files name, and by which release scanners judge these.
    name: 'base-files',
    version: '13.8+deb13u8',
    source: 'base-files',
    license: 'GPL-2.0-or-later',
    files: [
      'etc/os-release',
      'usr/lib/os-release',
      'usr/share/common-licenses/GPL-2',
      'usr/share/common-licenses/GPL-3',
      'usr/share/common-licenses/LGPL-2.1',
    ],
    builds: {
      'linux/amd64': {
        path: 'pool/main/b/base-files/base-files_13.8+deb13u8_amd64.deb',
        sha256: 'f5a0546098f38bad5843380521781fe7214e5a283d3bed63f79c505545f262af',
        size: 88_324,
      },
      'linux/arm64': {
        path: 'pool/main/b/base-files/base-files_13.8+deb13u8_arm64.deb',
        sha256: '893616b7ce203a05a0528652f7d754cc5e3de7e8eff3b396f95383a5b8b1c668',
        size: 88_320,
      },
    },
  },
];

/**
 * The program that starts every other, of libc6: it lies where the binaries of the architecture look for it.
 *
 * @see https://wiki.debian.org/Multiarch/TheCaseForMultiarch
 */
export const LOADERS: Readonly<Record<ImagePlatform, { readonly file: string; readonly link: string }>> = {
  'linux/amd64': {
    file: 'usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2',
    link: 'usr/lib64/ld-linux-x86-64.so.2',
  },
  'linux/arm64': {
    file: 'usr/lib/aarch64-linux-gnu/ld-linux-aarch64.so.1',
    link: 'usr/lib/ld-linux-aarch64.so.1',
  },
};
