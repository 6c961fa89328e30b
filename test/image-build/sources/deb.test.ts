import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { ImageError } from '../../../lib/image';
import { readDeb, readDebControl } from '../../../lib/image-build/sources/deb';
import { arBytes, debPackage, tarBytes, XZ_ARCHIVE } from './packages';

const WANTED = ['usr/lib/libx.so.1', 'usr/lib/libx.so.1.0'];
const DATA = gzipSync(
  tarBytes([
    { path: './usr/lib/', type: 'Directory', mode: 0o755 },
    { path: './usr/lib/libx.so.1', type: 'SymbolicLink', linkpath: 'libx.so.1.0' },
    { path: './usr/lib/libx.so.1.0', content: 'hello, library\n' },
    { path: './usr/share/doc/libx/copyright', content: 'ours' },
  ]),
);

const read = (content: Uint8Array, wanted = WANTED) =>
  readDeb(content, { label: 'libx_1.0_amd64.deb', wanted, limit: 1_000_000 });

/** The files that are read, or what is wrong. */
async function told(content: Uint8Array, wanted = WANTED) {
  try {
    const found = await read(content, wanted);
    return Object.fromEntries(
      [...found].map(([path, entry]) => [path, 'content' in entry ? entry.content.toString() : `-> ${entry.target}`]),
    );
  } catch (error) {
    if (error instanceof ImageError) return error.message;
    throw error;
  }
}

test.each([
  [
    'data.tar',
    tarBytes([
      { path: './usr/lib/libx.so.1', type: 'SymbolicLink', linkpath: 'libx.so.1.0' },
      { path: 'usr/lib/libx.so.1.0', content: 'hello, library\n' },
    ]),
  ],
  ['data.tar.gz', DATA],
  ['data.tar.xz', XZ_ARCHIVE],
  ['data.tar.xz/', XZ_ARCHIVE],
])('a package with its files in %s', async (name, data) => {
  expect(await told(debPackage(data, name))).toEqual({
    'usr/lib/libx.so.1': '-> libx.so.1.0',
    'usr/lib/libx.so.1.0': 'hello, library\n',
  });
});

test('many packages are read at once, whether they are whole or not', async () => {
  const [whole, broken] = [
    debPackage(XZ_ARCHIVE, 'data.tar.xz'),
    debPackage(XZ_ARCHIVE.subarray(0, 100), 'data.tar.xz'),
  ];
  const all = await Promise.all([whole, broken, whole, broken, whole].map((each) => told(each)));
  expect(all.map((each) => typeof each)).toEqual(['object', 'string', 'object', 'string', 'object']);
});

describe('what is no package, or damaged', () => {
  test.each<[string, Uint8Array, string]>([
    ['nothing', Buffer.alloc(0), "is no Debian package: it does not begin with '!<arch>'"],
    ['a page', Buffer.from('<html>not here</html>'), "is no Debian package: it does not begin with '!<arch>'"],
    ['an empty archive', arBytes([]), "is no Debian package: it does not begin with 'debian-binary'"],
    ['another archive', arBytes([['x.o', 'x']]), "is no Debian package: it does not begin with 'debian-binary'"],
    ['a new format', arBytes([['debian-binary', '3.0\n']]), "has the format '3.0', where 2.x is known"],
    ['no files', arBytes([['debian-binary', '2.0\n']]), "has 0 archives 'data.tar', where it has to have one"],
    [
      'files twice',
      arBytes([
        ['debian-binary', '2.0\n'],
        ['data.tar', ''],
        ['data.tar.xz', ''],
      ]),
      "has 2 archives 'data.tar', where it has to have one",
    ],
    [
      'zstd',
      debPackage(Buffer.from('x'), 'data.tar.zst'),
      "has its files in 'data.tar.zst', where xz and gz can be read",
    ],
    ['half a header', debPackage(DATA).subarray(0, 100), 'is damaged: at byte 72 there is no header of a member'],
    ['half the files', debPackage(DATA).subarray(0, -20), 'is damaged: it ends too early'],
    [
      'a size that is none',
      Buffer.from(
        debPackage(DATA)
          .toString('latin1')
          .replace(/4 {9}`/, '-4        `'),
        'latin1',
      ),
      'is damaged: at byte 8 there is no header of a member',
    ],
    [
      'an empty archive of files',
      debPackage(tarBytes([]), 'data.tar'),
      "lacks 'usr/lib/libx.so.1', 'usr/lib/libx.so.1.0'",
    ],
    ['no archive of files', debPackage(Buffer.from('x'), 'data.tar'), 'is damaged: it ends too early'],
    ['no gzip', debPackage(Buffer.from('x'.repeat(600))), 'is damaged: incorrect header check'],
    ['half of gzip', debPackage(DATA.subarray(0, 60)), 'is damaged: unexpected end of file'],
  ])('%s', async (_, content, problem) => {
    const remedy = problem.startsWith('lacks') ? 'pin a package that has it' : 'pin a package that is whole';
    expect(await told(content)).toBe(`'libx_1.0_amd64.deb' ${problem}; ${remedy}`);
  });

  test.each([0, 4, 100, 200, XZ_ARCHIVE.length - 1])('the first %i bytes of xz', async (length) => {
    const result = await told(debPackage(XZ_ARCHIVE.subarray(0, length), 'data.tar.xz'));
    // The last bytes say nothing of the files: these are all there, and hold to the hash of the package.
    expect(result).toEqual(
      length < 200
        ? expect.stringMatching(
            /^'libx_1\.0_amd64\.deb' is damaged: its xz data is broken( \(code \d\))?; pin a package that is whole$/,
          )
        : expect.anything(),
    );
  });

  test('no bytes crash it, or bring other files than were wanted', async () => {
    const packages = [debPackage(DATA), debPackage(XZ_ARCHIVE, 'data.tar.xz')];
    const change = fc.record({ at: fc.nat(800), to: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...packages),
        fc.array(change, { minLength: 1, maxLength: 5 }),
        fc.nat(800),
        async (whole, changes, cut) => {
          const content = Buffer.from(whole);
          for (const { at, to } of changes) content[at % content.length] = to;
          const result = await told(content.subarray(0, Math.max(content.length - (cut % 3 === 0 ? cut : 0), 0)));
          expect(
            typeof result === 'string' ? [] : Object.keys(result).filter((path) => !WANTED.includes(path)),
          ).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });
});

test('what a package says of itself', async () => {
  const content = await readDebControl(debPackage(tarBytes([])), 'libx.deb');
  expect(Buffer.from(content).toString('utf8')).toBe('Package: test\nVersion: 1\n');
});

test('a package that says nothing of itself', async () => {
  const silent = arBytes([
    ['debian-binary', '2.0\n'],
    ['control.tar', tarBytes([{ path: './md5sums', content: '' }])],
    ['data.tar', tarBytes([])],
  ]);
  await expect(readDebControl(silent, 'libx.deb')).rejects.toThrow("'libx.deb' lacks 'control'");
});
