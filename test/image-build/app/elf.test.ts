import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { ElfError, readElf } from '../../../lib/image-build/app/elf';
import { elfOf } from './fixtures/elf';

test('machine, libraries and versions are read', () => {
  const versions = { 'libc.so.6': ['GLIBC_2.2.5', 'GLIBC_2.34'], 'libstdc++.so.6': ['GLIBCXX_3.4.30', 'CXXABI_1.3'] };
  expect(readElf(elfOf({ needed: ['libc.so.6', 'libstdc++.so.6'], versions }))).toEqual({
    machine: 'amd64',
    needed: ['libc.so.6', 'libstdc++.so.6'],
    versions: ['GLIBC_2.2.5', 'GLIBC_2.34', 'GLIBCXX_3.4.30', 'CXXABI_1.3'],
  });
  expect(readElf(elfOf({ machine: 183, needed: [] }))).toEqual({ machine: 'arm64', needed: [], versions: [] });
  expect(readElf(elfOf({ machine: 243 })).machine).toBe(243);
});

test('versions that a library can do without are none that it needs', () => {
  const versions = { 'libc.so.6': ['GLIBC_2.2.5', 'GLIBC_2.99'] };
  expect(readElf(elfOf({ versions, weak: ['GLIBC_2.99'] })).versions).toEqual(['GLIBC_2.2.5']);
});

// A real file of many megabytes, linked by somebody else; a program where it is not position-independent.
(process.platform === 'linux' ? test : test.skip)('the Node.js of this machine is read', () => {
  const bytes = readFileSync(process.execPath);
  bytes.writeUInt16LE(3, 16);
  const { machine, needed, versions } = readElf(bytes);
  expect(machine).toBe(process.arch === 'x64' ? 'amd64' : process.arch);
  expect(needed).toEqual(expect.arrayContaining(['libc.so.6', 'libstdc++.so.6']));
  expect(versions).toEqual(expect.arrayContaining([expect.stringMatching(/^GLIBC_2\.\d+$/)]));
});

test.each([
  ['is no library for Linux', Buffer.from('hello')],
  ['is no library for Linux', Buffer.alloc(0)],
  ['is a library for macOS', Buffer.from('cffaedfe0c000001', 'hex')],
  ['is a library for macOS', Buffer.from('cafebabe00000002', 'hex')],
  ['is a library for Windows', Buffer.from('4d5a9000', 'hex')],
  ['is a library for a machine of 32 bits', Buffer.from('7f454c46010101', 'hex')],
  ['is a library for a big-endian machine', Buffer.from('7f454c46020201', 'hex')],
  ['is no shared library', elfOf({ type: 2 })],
  ['is damaged: it refers to places outside of itself', elfOf().subarray(0, 100)],
  ['is damaged: it refers to places outside of itself', elfOf().subarray(0, -40)],
])('%s', (message, bytes) => {
  expect(() => readElf(bytes)).toThrow(new ElfError(message));
});

test('whatever the bytes, there is an answer or a clear error', () => {
  const whole = elfOf({ versions: { 'libc.so.6': ['GLIBC_2.2.5', 'GLIBC_2.34'], 'libm.so.6': ['GLIBC_2.29'] } });
  const change = fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), fc.nat(whole.length), (changes, length) => {
      const bytes = Buffer.from(whole);
      for (const [at, value] of changes) bytes[at] = value;
      for (const each of [bytes, bytes.subarray(0, length)]) {
        try {
          expect(readElf(each).needed.every((name) => typeof name === 'string')).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(ElfError);
        }
      }
    }),
    { numRuns: 2000 },
  );
});
