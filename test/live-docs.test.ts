import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { MESH_RULES } from '../lib/federation';

// docs/live-tests.md says which tier and which test prove each claim: here it is held to the tests that there are.

const doc = readFileSync('docs/live-tests.md', 'utf8');

/** The tiers, as the runner has them. It is an ES module, which jest loads by a flag alone. */
const print = "import { TIERS } from './test/live/runner/tiers.mjs'; console.log(Object.keys(TIERS).join());";
const tiers = execFileSync(process.execPath, ['--input-type=module', '--eval', print], { encoding: 'utf8' })
  .trim()
  .split(',');

/** Texts in backticks. */
const words = (text: string): string[] => [...text.matchAll(/`([^`\n]+)`/g)].map(([, word = '']) => word);

/** The rows of all tables whose head begins with a word. */
function rowsBelow(head: string): string[][] {
  const tables = doc.split(/\n(?!\|)/).map((block) => block.split('\n').filter((line) => line.startsWith('|')));
  const cells = (line: string) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim());
  return tables
    .map((lines) => lines.map(cells))
    .filter(([first]) => first?.[0] === head)
    .flatMap((lines) => lines.slice(2));
}

const claims = rowsBelow('claim').map(([claim = '', tier = '', where = '']) => ({ claim, tier, where }));

/** Whether a name is a path of its own; others stand for live tests. */
const isPath = (name: string): boolean => /^(test|runtime\/test|scripts)\//.test(name);

/** Where a name leads: `spire/running` to test/live/spire/running.test.ts. */
const isThere = (name: string): boolean => {
  const path = isPath(name) ? name : `test/live/${name}`;
  return [path, `${path}.test.ts`].some((each) => existsSync(each));
};

/** What a test belongs to: a tier, or those that need no real program. */
const tierOf = (name: string): string => (isPath(name) ? 'unit' : (name.split('/')[0] ?? ''));

test('the table of tiers lists those of the runner, in their order', () => {
  expect(rowsBelow('tier').map(([tier = '']) => tier)).toEqual(tiers.map((tier) => `\`${tier}\``));
});

test('no other tier is spoken of', () => {
  const named = [...doc.matchAll(/\btiers? `([^`]+)`/g)].map(([, tier = '']) => tier);
  const sections = [...doc.matchAll(/^## The tier `([^`]+)`$/gm)].map(([, tier = '']) => tier);
  expect(sections.length).toBeGreaterThan(0);
  expect([...named, ...sections].filter((tier) => !tiers.includes(tier))).toEqual([]);
});

test('every test that is named is there', () => {
  const named = words(doc).filter((word) => /^[\w./-]+$/.test(word) && [...tiers, 'unit'].includes(tierOf(word)));
  const tests = named.filter((word) => word.includes('/'));
  expect(tests.length).toBeGreaterThan(50);
  expect(tests.filter((name) => !isThere(name))).toEqual([]);
});

test('every claim has a tier, and a test of each of its tiers', () => {
  expect(claims.length).toBeGreaterThan(50);
  for (const { claim, tier, where } of claims) {
    expect({ claim, tier }).toEqual({
      claim,
      tier: expect.stringMatching(/^`\w+`( accepted)?(, `\w+`( accepted)?)*$/),
    });
    const shown = words(where).map(tierOf);
    expect({ claim, where: [...new Set(shown)].sort() }).toEqual({ claim, where: words(tier).sort() });
  }
});

test('every rule of a federation has a row', () => {
  const ids = claims.flatMap(({ claim }) => /^[EW]\d+\b/.exec(claim) ?? []);
  const byNumber = (a: string, b: string) => Number(a.slice(1)) - Number(b.slice(1));
  expect(ids).toEqual(MESH_RULES.map(({ id }) => id).sort(byNumber));
});

test('what a rule is shown by stands in its row too', () => {
  const rows = new Map(
    claims.map(({ claim, where }) => [claim.split(' ')[0], words(where).filter((name) => !isPath(name))]),
  );
  for (const { id, shownBy = [] } of MESH_RULES) expect({ id, shownBy }).toEqual({ id, shownBy: rows.get(id) });
});
