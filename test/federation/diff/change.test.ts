import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ChangeInput, changeOf, EFFECTS } from '../../../lib/federation/diff/change';

const CHANGE: ChangeInput = {
  kind: 'edge-added',
  effect: 'approval',
  member: 'east',
  peer: 'west',
  is: 'https_web at https://west.example/',
  message: 'believes it',
  remedy: 'approve it',
};

test('an id is of what has changed, and not of what is said of it', () => {
  const { id } = changeOf(CHANGE);
  expect(id).toMatchInlineSnapshot(`"edge-added-f58a1990"`);
  expect(changeOf({ ...CHANGE, message: 'said better', remedy: 'another', effect: 'note' }).id).toBe(id);
  const others: readonly Partial<ChangeInput>[] = [
    { kind: 'edge-removed' },
    { member: 'north' },
    { peer: 'north' },
    { identity: 'shop' },
    { was: 'https_web at https://west.example/' },
    { is: 'https_web at https://evil.example/' },
    // What stands in one place is not taken for what stands in another.
    { peer: undefined, identity: 'west' },
    { is: undefined, was: CHANGE.is },
  ] as never;
  expect(new Set([id, ...others.map((other) => changeOf({ ...CHANGE, ...other }).id)]).size).toBe(others.length + 1);
});

test('nothing is there that is not', () => {
  const { kind, effect, member, message } = CHANGE;
  expect(Object.keys(changeOf({ kind, effect, member, message }))).toEqual([
    'id',
    'kind',
    'effect',
    'member',
    'message',
  ]);
});

test('every kind is made somewhere, and shown by a test', () => {
  const folder = join(__dirname, '..', '..', '..', 'lib', 'federation', 'diff');
  const kinds = [...readFileSync(join(folder, 'change.ts'), 'utf8').matchAll(/^ {2}\| '([a-z-]+)'/gm)].map(
    ([, kind]) => kind ?? '',
  );
  expect(kinds.length).toBeGreaterThan(50);
  const textOf = (names: readonly string[], from: string, ending: string) =>
    names.map((name) => readFileSync(join(from, `${name}-changes${ending}`), 'utf8')).join('');
  const files = ['member', 'edge', 'endpoint', 'relationship', 'root', 'setting', 'identity', 'mesh', 'radius'];
  const [made, shown] = [textOf(files, folder, '.ts'), textOf(files, __dirname, '.test.ts')];
  expect(kinds.filter((kind) => !made.includes(`'${kind}'`))).toEqual([]);
  expect(kinds.filter((kind) => !new RegExp(`(?:${EFFECTS.join('|')}) ${kind}:`).test(shown))).toEqual([]);
});
