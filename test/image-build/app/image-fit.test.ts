import { misfitOf } from '../../../lib/image-build/app/image-fit';

const provided = { sonames: ['libc.so.6', 'libstdc++.so.6'], versions: { GLIBC: '2.41', GLIBCXX: '3.4.33' } };

test('what an image has is enough', () => {
  const versions = ['GLIBC_2.2.5', 'GLIBC_2.41', 'GLIBCXX_3.4.9', 'GLIBC_ABI_DT_RELR', 'GCC_3.0'];
  expect(misfitOf({ machine: 'amd64', needed: ['libc.so.6'], versions }, 'linux/amd64', provided)).toBeUndefined();
});

test('where nobody knows what it has, the machine and musl alone count', () => {
  const elf = { machine: 'arm64', needed: ['libvips.so.42'], versions: ['GLIBC_2.99'] } as const;
  expect(misfitOf(elf, 'linux/arm64')).toBeUndefined();
  expect(misfitOf(elf, 'linux/amd64')?.problem).toBe('is for arm64 where the image is for amd64');
});

test.each([
  [
    { machine: 'arm64', needed: [], versions: [] },
    "is for arm64 where the image is for amd64; build for 'linux/arm64' alone, or install its package for the image: 'npm install --os=linux --cpu=x64 --libc=glibc'",
  ],
  [
    { machine: 243, needed: [], versions: [] },
    "is for machine 243 of ELF where the image is for amd64; install its package for the image: 'npm install --os=linux --cpu=x64 --libc=glibc'",
  ],
  [
    { machine: 'amd64', needed: ['libc.musl-x86_64.so.1'], versions: [] },
    "is built for musl (it needs 'libc.musl-x86_64.so.1') where the image has glibc; install its package for the image: 'npm install --os=linux --cpu=x64 --libc=glibc'",
  ],
  [
    // musl's own name, which Alpine changes.
    { machine: 'amd64', needed: ['libc.so'], versions: [] },
    "is built for musl (it needs 'libc.so') where the image has glibc; install its package for the image: 'npm install --os=linux --cpu=x64 --libc=glibc'",
  ],
  [
    { machine: 'amd64', needed: ['libc.so.6', 'libvips.so.42'], versions: [] },
    "needs the library 'libvips.so.42', which the image has not; use a base image by digest that has it, or another package",
  ],
  [
    { machine: 'amd64', needed: ['libc.so.6'], versions: ['GLIBC_2.34', 'GLIBC_2.43'] },
    'needs GLIBC_2.43 where the image has 2.41; use a base image by digest that has it, or a package that was built on an older system',
  ],
  [
    { machine: 'amd64', needed: [], versions: ['GLIBCXX_3.4.34'] },
    'needs GLIBCXX_3.4.34 where the image has 3.4.33; use a base image by digest that has it, or a package that was built on an older system',
  ],
] as const)('%j does not fit', (elf, message) => {
  const misfit = misfitOf(elf, 'linux/amd64', provided);
  expect(`${misfit?.problem}; ${misfit?.remedy}`).toBe(message);
});

test.each(['2.41', '2.5', '2.2.5', '2.34', '2', '2.41.0'])(
  'GLIBC_%s is there, by numbers and not by letters',
  (version) => {
    const elf = { machine: 'amd64', needed: [], versions: [`GLIBC_${version}`] } as const;
    expect(misfitOf(elf, 'linux/amd64', provided)).toBeUndefined();
  },
);

test.each(['2.41.1', '2.100', '3', '10.1'])('GLIBC_%s is newer', (version) => {
  const elf = { machine: 'amd64', needed: [], versions: [`GLIBC_${version}`] } as const;
  expect(misfitOf(elf, 'linux/amd64', provided)?.problem).toBe(`needs GLIBC_${version} where the image has 2.41`);
});
