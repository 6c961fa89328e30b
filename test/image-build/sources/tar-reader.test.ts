import fc from 'fast-check';
import { ImageError } from '../../../lib/image';
import { type ArchiveRequest, readTar } from '../../../lib/image-build/sources/tar-reader';
import { type TestEntry, tarBytes } from './packages';

async function* inParts(content: Buffer, size = content.length): AsyncGenerator<Buffer> {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
}

const request = (options: Partial<ArchiveRequest> = {}): ArchiveRequest => ({
  label: 'x.tgz',
  wanted: ['package/bin/x'],
  limit: 100_000,
  ...options,
});

const problemOf = (entries: readonly TestEntry[], options: Partial<ArchiveRequest> = {}) =>
  readTar(inParts(tarBytes(entries)), request(options)).then(
    () => 'none',
    (error: unknown) => (error instanceof ImageError ? error.message : Promise.reject(error)),
  );

const X: TestEntry = { path: 'package/bin/x', content: 'program', mode: 0o6755 };

test('wanted files, whether they can be run, and nothing else', async () => {
  const entries = [
    { path: 'package/README', content: 'not wanted' },
    X,
    { path: 'package/LICENSE', content: 'ours', mode: 0o600 },
  ];
  const found = await readTar(inParts(tarBytes(entries)), request({ wanted: ['package/LICENSE', 'package/bin/x'] }));
  expect([...found]).toEqual([
    ['package/bin/x', { type: 'file', executable: true, content: Buffer.from('program') }],
    ['package/LICENSE', { type: 'file', executable: false, content: Buffer.from('ours') }],
  ]);
});

test('a file may be empty, and parts of any size', async () => {
  const wanted = ['a', 'empty', 'b'];
  const content = tarBytes([
    { path: './a', content: 'a'.repeat(1000) },
    { path: 'empty' },
    { path: 'not/wanted', content: 'n'.repeat(3000) },
    { path: 'b', content: 'b'.repeat(513) },
  ]);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: content.length }), async (size) => {
      const found = await readTar(inParts(content, size), request({ wanted }));
      const lengths = [...found].map(([path, entry]) => [path, 'content' in entry && entry.content.length]);
      expect(lengths).toEqual([
        ['a', 1000],
        ['empty', 0],
        ['b', 513],
      ]);
    }),
    { numRuns: 50, examples: [[1], [511], [512], [513]] },
  );
});

test('what comes after the last wanted file is not read', async () => {
  async function* endless() {
    yield tarBytes([X], { end: false });
    throw new Error('it was read');
  }
  expect((await readTar(endless(), request())).size).toBe(1);
});

describe('a hostile archive', () => {
  test.each<[string, readonly TestEntry[], string]>([
    [
      'a path that leads out',
      [{ path: '../../etc/passwd' }, X],
      "has an entry outside of it, '../../etc/passwd'; pin a package that is whole",
    ],
    [
      'a path that leads up',
      [{ path: 'package/bin/../bin/x' }],
      "has an entry outside of it, 'package/bin/../bin/x'; pin a package that is whole",
    ],
    [
      'a path from the root',
      [{ path: '/package/bin/x' }],
      "has an entry outside of it, '/package/bin/x'; pin a package that is whole",
    ],
    [
      'a link that leads out',
      [{ path: 'package/bin/x', type: 'SymbolicLink', linkpath: '../../../etc/passwd' }],
      "has a link 'package/bin/x' that leads outside of it, to '../../../etc/passwd'; pin a package that is whole",
    ],
    [
      'a link from the root',
      [{ path: 'package/bin/x', type: 'SymbolicLink', linkpath: '/etc/passwd' }],
      "has a link 'package/bin/x' that leads outside of it, to '/etc/passwd'; pin a package that is whole",
    ],
    [
      'a second name of a file',
      [{ path: 'package/bin/x', type: 'Link', linkpath: 'package/bin/y' }],
      "has 'package/bin/x', which is no file but of the kind Link; pin a package that is whole",
    ],
    [
      'a device',
      [{ path: 'package/bin/x', type: 'CharacterDevice' }],
      "has 'package/bin/x', which is no file but of the kind CharacterDevice; pin a package that is whole",
    ],
    [
      'a folder',
      [{ path: 'package/bin/x', type: 'Directory' }],
      "has 'package/bin/x', which is no file but of the kind Directory; pin a package that is whole",
    ],
    [
      'a huge file',
      [{ ...X, size: 8_000_000_000 }],
      "says that 'package/bin/x' has 8000000000 bytes, more than 100000; pin a package that is whole",
    ],
    [
      'a huge file that is not wanted',
      [{ path: 'package/y', size: 8_000_000_000 }, X],
      "says that 'package/y' has 8000000000 bytes, more than 100000; pin a package that is whole",
    ],
    ['no such file', [{ path: 'package/bin/y' }], "lacks 'package/bin/x'; pin a package that has it"],
    [
      'a name that would forge lines',
      [{ path: '../a\nERROR' }],
      "has an entry outside of it, '../a\\u{a}ERROR'; pin a package that is whole",
    ],
  ])('with %s', async (_, entries, problem) => {
    expect(await problemOf(entries)).toBe(`'x.tgz' ${problem}`);
  });

  test('with a file twice', async () => {
    expect(await problemOf([X, X], { wanted: ['package/bin/x', 'package/y'] })).toBe(
      "'x.tgz' has 'package/bin/x' twice; pin a package that is whole",
    );
  });

  test('that unpacks to more than it may', async () => {
    const many = Array.from({ length: 200 }, (_, index) => ({ path: `package/${index}`, content: 'x'.repeat(1000) }));
    expect(await problemOf([...many, X])).toBe(
      "'x.tgz' unpacks to more than 100000 bytes; pin a package that is whole",
    );
  });

  test('that ends anywhere', async () => {
    const content = tarBytes([{ path: 'package/a', content: 'a'.repeat(700) }, X]);
    // Header and content of both: 512 + 1024 + 512, and the seven bytes of the wanted file.
    const enough = 2560;
    await fc.assert(
      fc.asyncProperty(fc.nat(content.length), async (length) => {
        const result = await readTar(inParts(content.subarray(0, length)), request()).then(
          ({ size }) => size,
          (error: unknown) => (error as Error).message,
        );
        expect(result).toBe(
          length >= enough ? 1 : "'x.tgz' is damaged: it ends too early; pin a package that is whole",
        );
      }),
      { numRuns: 100, examples: [[0], [1], [512], [2048], [2055], [2559], [2560]] },
    );
  });

  test('with a header whose sum is wrong', async () => {
    const content = tarBytes([X]);
    content[0] = 0x71;
    await expect(readTar(inParts(content), request())).rejects.toThrow(
      /^'x\.tgz' is damaged: TAR_ENTRY_INVALID: checksum failure; pin a package that is whole$/,
    );
  });
});

test('the work ends when it shall', async () => {
  const reason = new Error('enough');
  await expect(readTar(inParts(tarBytes([X])), request({ signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
});
