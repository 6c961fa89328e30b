import { readFileSync } from 'node:fs';
import { RULES_DOC, rulesDoc } from '../../scripts/rules-doc';

test('docs/rules.md is what the rules say; npm run docs:rules writes it', () => {
  expect(readFileSync(RULES_DOC, 'utf8')).toBe(rulesDoc());
});

test('a rule has a line in the table and a section of its own', () => {
  const rule = {
    id: 'E99',
    severity: 'warning',
    title: 'this | that',
    text: 'Why it is so.',
    remedy: 'write that',
    check: () => [],
  } as const;
  const doc = rulesDoc([{ ...rule, source: 'https://spiffe.example/a' }]);
  expect(doc.slice(doc.indexOf('| Rule'))).toMatchInlineSnapshot(`
"| Rule | Severity | What holds |
|------|----------|------------|
| [E99](#e99) | warning | this \\| that |

## E99

**this | that** (warning)

Why it is so.

Remedy: write that.

Source: <https://spiffe.example/a>
"
`);
  expect(rulesDoc([{ ...rule, source: 'lib/a.ts' }])).toContain('Source: [lib/a.ts](../lib/a.ts)\n');
});
