/**
 * Writes the part of docs/verify.md about the checks from the checks themselves; what stands before it is written by hand. A test
 * holds the file to what this would write.
 *
 * Usage: npm run docs:verify
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKS, type CheckText, workloadTexts } from '../lib/verify';

/** Where the document lies. */
export const VERIFY_DOC = join(__dirname, '..', 'docs', 'verify.md');

/** What the part about the checks begins with. */
const BEGIN =
  '<!-- From here on written by `npm run docs:verify` from lib/verify/checks; changes made here are lost. -->\n';

const ABOUT: Readonly<Record<CheckText['about'], string>> = {
  cluster: 'a cluster',
  endpoint: 'an endpoint',
  edge: 'an edge',
};

/** The document with the part about the checks as they are, in Markdown. */
export function verifyDoc(document: string, checks: readonly CheckText[] = [...CHECKS, ...workloadTexts()]): string {
  const [before = ''] = document.split(BEGIN);
  return [
    `${before}${BEGIN}`,
    '| Check | Of | What holds |',
    '|-------|----|------------|',
    ...checks.map(({ id, about, title }) => `| [${id}](#${id.toLowerCase()}) | ${ABOUT[about]} | ${title} |`),
    '',
    ...checks.flatMap(section),
  ].join('\n');
}

function section({ id, title, proves, causes, next }: CheckText): string[] {
  return [
    `### ${id}`,
    '',
    `**${title}**`,
    '',
    proves,
    '',
    'Likely causes of a failure:',
    '',
    ...causes.map((cause, index) => `${index + 1}. ${cause}`),
    '',
    'Next:',
    '',
    `    ${next}`,
    '',
  ];
}

if (require.main === module) writeFileSync(VERIFY_DOC, verifyDoc(readFileSync(VERIFY_DOC, 'utf8')));
