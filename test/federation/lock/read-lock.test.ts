import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LockError, MeshLock, meshFrom, readLock } from '../../../lib/federation';
import { digestOf } from '../../../lib/federation/lock/lock-document';
import { newFolder, removeFolders } from '../../synth/fixtures';
import { dataOf, draft } from '../fixtures';

afterEach(removeFolders);

const GOOD = MeshLock.of(new Map([['mesh', meshFrom(dataOf(draft()))]])).toString();

/** Why a text is no lock. */
function problemOf(text: string): string {
  try {
    readLock(text);
    return 'none';
  } catch (error) {
    if (error instanceof LockError) return `${error.problem}; ${error.remedy}`;
    throw error;
  }
}

/** The good lock after a change by one who knows how its digest is made. */
// biome-ignore lint/suspicious/noExplicitAny: what is changed has every shape
function forged(change: (lock: any) => void): string {
  const { digest: _, ...lock } = JSON.parse(GOOD);
  change(lock);
  return JSON.stringify({ ...lock, digest: digestOf(lock) });
}

const RESTORE = 'restore it from version control, as it says what is deployed';
const EDITED = `was changed by hand, or by a program: its digest is of another content; ${RESTORE}`;
const newer = (problem: string): string =>
  `${problem}: it was written by a newer spirekit than this one; update spirekit here`;

test('a good lock is read', () => {
  expect(problemOf(GOOD)).toBe('none');
  expect(problemOf(forged(() => undefined))).toBe('none');
});

test.each([
  ['by other white space', JSON.stringify(JSON.parse(GOOD))],
  ['by wide white space', JSON.stringify(JSON.parse(GOOD), null, '\t')],
  ['by other ends of lines', GOOD.replace(/\n/g, '\r\n')],
  ['without its last end of line', GOOD.trimEnd()],
])('how it is laid out is nobody’s concern: %s', (_, text) => {
  expect(readLock(text).toString()).toBe(GOOD);
});

test.each([
  ['another value', GOOD.replace('"https_web"', '"https_spiffe"')],
  ['a line more', GOOD.replace('"members"', '"extra": 1,\n      "members"')],
  ['a line less', GOOD.replace(/ {8}\{ "consumer": "prod\/east", "provider": "prod\/west" \},\n/, '')],
  ['another order', GOOD.replace(/(.*"consumer": "prod\/east".*),\n(.*"consumer": "prod\/west".*)\n/, '$2,\n$1\n')],
  ['something twice', GOOD.replace('"edges": [', '"edges": [], "edges": [')],
  ['another digest', GOOD.replace(/"digest": "sha256:./, '"digest": "sha256:x')],
  ['no digest', GOOD.replace(/ {2}"digest": ".*\n/, '')],
  ['a number in another form', GOOD.replace('"refreshHint": 300', '"refreshHint": 3e2')],
  ['a text in another form', GOOD.replace('"prod/east"', '"prod\\/east"')],
  ['nesting without end', GOOD.replace('"edges": [', `"x": ${'['.repeat(100_000)}${']'.repeat(100_000)}, "edges": [`)],
])('what was changed is found: %s', (_, text) => {
  expect(text).not.toBe(GOOD);
  expect(problemOf(text)).toBe(EDITED);
});

test.each([
  ['nothing', '', `is empty; ${RESTORE}`],
  ['white space', ' \n', `is empty; ${RESTORE}`],
  [
    'a byte order mark',
    `\uFEFF${GOOD}`,
    'begins with a byte order mark; save it as UTF-8 without one, as it was written',
  ],
  ['null', 'null', `is no object of JSON; ${RESTORE}`],
  ['a list', '[]', `is no object of JSON; ${RESTORE}`],
  ['no schema', '{}', `has no schema, which would be 'spirekit/mesh-lock/v1'; ${RESTORE}`],
  [
    'a report',
    '{"schema":"spirekit/prove/v1"}',
    "has the schema 'spirekit/prove/v1', and is something else than a lock; name a file that 'spirekit lock' wrote, of the schema 'spirekit/mesh-lock/v1'",
  ],
  ['a newer lock', '{"schema":"spirekit/mesh-lock/v2"}', newer("has the schema 'spirekit/mesh-lock/v2'")],
  ['a tenth', '{"schema":"spirekit/mesh-lock/v10"}', newer("has the schema 'spirekit/mesh-lock/v10'")],
])('what is no lock is called what it is: %s', (_, text, problem) => {
  expect(problemOf(text)).toBe(problem);
});

test('what is no JSON at all', () => {
  expect(problemOf('members:\n  - east\n')).toMatch(/^is not JSON \(Unexpected token .*\); restore it from version/);
});

test.each(['<<<<<<< HEAD', '=======', '>>>>>>> branch', '||||||| base'])('a merge conflict: %s', (marker) => {
  const [first, second, ...rest] = GOOD.split('\n');
  const problem = 'take the side that is deployed, whole, as two halves make no lock';
  for (const end of ['\n', '\r\n']) {
    expect(problemOf([first, second, marker, ...rest].join(end))).toBe(
      `holds the marker of a merge conflict in line 3; ${problem}`,
    );
  }
});

describe('a digest that fits says that spirekit wrote it, another one than this', () => {
  test.each([
    [
      'a property of the whole',
      (lock: Record<string, unknown>) => Object.assign(lock, { plans: {} }),
      'plans',
      'is not a property',
    ],
    [
      'a property of a member',
      // biome-ignore lint/suspicious/noExplicitAny: what is changed has every shape
      (lock: any) => Object.assign(lock.meshes.mesh.members[0], { weather: 'fine' }),
      'meshes.mesh.partner.weather',
      'is not a property',
    ],
    [
      'a word',
      // biome-ignore lint/suspicious/noExplicitAny: what is changed has every shape
      (lock: any) => Object.assign(lock.meshes.mesh.members[0], { platform: 'vax' }),
      'meshes.mesh.partner.platform',
      'is not a word that is known here',
    ],
    [
      'another kind',
      (lock: Record<string, unknown>) => Object.assign(lock, { bundles: [] }),
      'bundles',
      'is not an object',
    ],
    [
      'a mesh that is none',
      (lock: Record<string, unknown>) => Object.assign(lock, { meshes: { mesh: null } }),
      'meshes.mesh.',
      'is not an object',
    ],
  ])('%s', (_, change, at, message) => {
    expect(problemOf(forged(change))).toBe(newer(`holds '${at}', which ${message}`));
  });

  test('bundles that meshes name are in it, and no others', () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    const bundle = { trustDomains: [], keys: [] };
    expect([
      problemOf(forged(({ bundles }) => Object.assign(bundles, { [digest]: bundle }))),
      problemOf(forged((lock) => Object.assign(lock, { roots: {} }))),
      problemOf(forged(({ meshes }) => Object.assign(meshes.mesh.members[1].seed, { bundle: 'hunter2' }))),
    ]).toMatchInlineSnapshot(`
[
  "describes 'sha256:0000000000000000000000000000000000000000000000000000000000000000', which no mesh holds; restore it from version control, as it says what is deployed",
  "names 'sha256:691487742891c00fcd40c6b75840234b00ac95012f749b8392bc835016f5522a', which is not in it; restore it from version control, as it says what is deployed",
  "names 'hunter2', which is not in it; restore it from version control, as it says what is deployed",
]
`);
  });
});

describe('files', () => {
  const problemOfFile = (content: Buffer | string): string | undefined => {
    const file = join(newFolder(), 'mesh.lock.json');
    writeFileSync(file, content);
    return MeshLock.fromFile(file).problem?.problem;
  };

  test('of 200 MB are not read at all', () => {
    const file = join(newFolder(), 'mesh.lock.json');
    writeFileSync(file, GOOD);
    truncateSync(file, 200_000_000);
    const { problem } = MeshLock.fromFile(file);
    expect(problem?.message).toBe(`the lock is too large: 200000000 bytes, of at most 104857600; ${RESTORE}`);
  });

  test.each([
    ['UTF-16, as some shells write', Buffer.from(`\uFEFF${GOOD}`, 'utf16le'), 'is no UTF-8'],
    ['half a character', Buffer.concat([Buffer.from(GOOD), Buffer.from([0xc3])]), 'is no UTF-8'],
    ['a byte order mark', `\uFEFF${GOOD}`, 'begins with a byte order mark'],
    ['nothing', '', 'is empty'],
    ['all right', GOOD, undefined],
  ])('%s', (_, content, problem) => {
    expect(problemOfFile(content)).toBe(problem);
  });
});

test('cut at any byte it is no lock, but for the end of its last line', () => {
  const cuts = Array.from({ length: GOOD.length - 1 }, (_, length) => problemOf(GOOD.slice(0, length)));
  expect([...new Set(cuts)]).toEqual([`is empty; ${RESTORE}`, `is cut off; ${RESTORE}`]);
});
