import fc from 'fast-check';
import { Parser } from 'tar';
import type { LayerEntry } from '../../lib/image-build/layer-entry';
import { tarOf } from '../../lib/image-build/tar';
import { failureOf, fileEntry } from './fixtures';

/** An entry as tar's own parser reads it. */
interface Read {
  readonly path: string;
  readonly type: string;
  readonly mode: number | undefined;
  readonly content: string;
  readonly link: string | undefined;
  readonly owner: readonly (number | undefined)[];
  readonly time: number | undefined;
}

const archiveOf = (entries: readonly LayerEntry[]): Buffer => Buffer.concat([...tarOf(entries)]);

async function readBack(archive: Buffer): Promise<Read[]> {
  const read: Read[] = [];
  const parser = new Parser({ strict: true });
  parser.on('entry', (entry) => {
    const chunks: Buffer[] = [];
    entry.on('data', (chunk: Buffer) => chunks.push(chunk));
    entry.on('end', () => {
      const { path, type, mode, linkpath, uid, gid, mtime } = entry;
      const content = Buffer.concat(chunks).toString('base64');
      // A folder's name may end with a slash; tar leaves it out of some long ones.
      read.push({
        path: type === 'Directory' ? path.replace(/\/$/, '') : path,
        type,
        mode,
        content,
        link: linkpath || undefined,
        owner: [uid, gid],
        time: mtime?.getTime(),
      });
    });
  });
  await new Promise<void>((done, fail) => {
    parser.on('end', done).on('error', fail);
    parser.end(archive);
  });
  return read;
}

/** Names that file systems can hold: of any length and letters, with no NUL and no slash in them. */
const name = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }),
    fc.constantFrom('x'.repeat(120), 'ä'.repeat(70), 'a b', '.x'),
  )
  .filter((text) => !/[\0/]/.test(text) && text !== '.' && text !== '..' && text.isWellFormed());
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));
const entry: fc.Arbitrary<LayerEntry> = fc.oneof(
  fc.record({
    type: fc.constant('file' as const),
    path,
    mode: fc.constantFrom(0o644, 0o755),
    content: fc.oneof(fc.uint8Array({ maxLength: 64 }), fc.constantFrom(new Uint8Array(512), new Uint8Array(513))),
  }),
  fc.record({ type: fc.constant('link' as const), path, target: path.map((to) => `/${to}`) }),
  fc.record({ type: fc.constant('folder' as const), path, mode: fc.constantFrom(0o755, 0o700) }),
);
/** Entries that can stand in one archive. */
const entries = fc.array(entry, { minLength: 1, maxLength: 8 }).filter((all) => {
  const places = new Map(all.map((each) => [each.path, each]));
  const isBelow = ({ path: below }: LayerEntry) =>
    [...places.values()].some((it) => it.type !== 'folder' && below.startsWith(`${it.path}/`));
  return places.size === all.length && !all.some(isBelow);
});

test('what is put in is read back by tar, with the folders above it', async () => {
  await fc.assert(
    fc.asyncProperty(entries, async (all) => {
      const read = await readBack(archiveOf(all));
      const given = new Map(all.map((each) => [each.path, each]));
      for (const each of read) {
        expect([each.owner, each.time]).toEqual([[0, 0], 0]);
        const it = given.get(each.path);
        if (!it) {
          // A folder above others, which was not asked for.
          expect([each.type, each.mode]).toEqual(['Directory', 0o755]);
          continue;
        }
        if (it.type === 'file') {
          expect([each.type, each.mode, each.content]).toEqual([
            'File',
            it.mode,
            Buffer.from(it.content).toString('base64'),
          ]);
        } else if (it.type === 'link') {
          expect([each.type, each.link]).toEqual(['SymbolicLink', it.target]);
        } else {
          expect([each.type, each.mode]).toEqual(['Directory', it.mode]);
        }
      }
      const paths = read.map((each) => each.path);
      expect([...given.keys()].filter((it) => !paths.includes(it))).toEqual([]);
      expect(new Set(paths).size).toBe(paths.length);
      // Whatever lies in a folder comes after it.
      for (const [at, it] of paths.entries()) {
        const above = it.split('/').slice(0, -1).join('/');
        if (above !== '') expect(paths.slice(0, at)).toContain(above);
      }
    }),
  );
});

test('the order in which entries come does not matter', () => {
  fc.assert(
    fc.property(entries, fc.infiniteStream(fc.nat()), (all, numbers) => {
      const shuffled = all.map((each) => [numbers.next().value as number, each] as const);
      const others = shuffled.sort(([a], [b]) => a - b).map(([, each]) => each);
      expect(archiveOf(others).equals(archiveOf(all))).toBe(true);
    }),
  );
});

test('an archive of nothing is two empty blocks', () => {
  expect(archiveOf([])).toEqual(Buffer.alloc(1024));
});

test.each([
  [[fileEntry('app/a'), fileEntry('app/a')], "'/app/a' is twice in one layer; leave one of them out"],
  [
    [fileEntry('app/a'), fileEntry('app/a/b/c')],
    "'/app/a/b/c' lies below '/app/a', which is no folder; give one another place",
  ],
  [
    [{ type: 'link', path: 'lib', target: 'usr/lib' } as const, fileEntry('lib/a')],
    "'/lib/a' lies below '/lib', which is no folder; give one another place",
  ],
])('entries that cannot be in one layer: %#', async (all, text) => {
  expect(await failureOf(() => archiveOf(all))).toBe(text);
});
