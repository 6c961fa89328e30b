/**
 * Writes docs/rules.md from the rules themselves. A test holds the file to what this would write.
 *
 * Usage: npm run docs:rules
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MESH_RULES, type MeshRule } from '../lib/federation';

/** Where the document lies. */
export const RULES_DOC = join(__dirname, '..', 'docs', 'rules.md');

/** The document about the rules of a federation, in Markdown. */
export function rulesDoc(rules: readonly MeshRule[] = MESH_RULES): string {
  return [
    '# Rules of a federation',
    '',
    '<!-- Written by `npm run docs:rules` from lib/federation/rules; changes made here are lost. -->',
    '',
    'A `FederationMesh` is held to these rules at every synth, before anything is written. An error stops the synth, a',
    'warning does not. The column says how severe the findings of a rule are; single ones may be milder, or harder. An id',
    'is a name and never changes: its letter may differ from that. `proveMesh()` holds plain data to the rules.',
    '',
    '| Rule | Severity | What holds |',
    '|------|----------|------------|',
    ...rules.map(({ id, severity, title }) => `| [${id}](#${id.toLowerCase()}) | ${severity} | ${cell(title)} |`),
    '',
    ...rules.flatMap(section),
  ].join('\n');
}

function section({ id, severity, title, text, remedy, source, shownBy = [] }: MeshRule): string[] {
  return [
    `## ${id}`,
    '',
    `**${title}** (${severity})`,
    '',
    text,
    '',
    `Remedy: ${remedy}.`,
    '',
    `Source: ${sourceLink(source)}`,
    '',
    ...(shownBy.length === 0 ? [] : [`Shown by real programs: ${shownBy.map(testLink).join(', ')}.`, '']),
  ];
}

/** A page of the web, or a file of this repository. */
const sourceLink = (source: string): string =>
  source.startsWith('https://') ? `<${source}>` : `[${source}](../${source})`;

const testLink = (name: string): string => `[${name}](../test/live/${name}.test.ts)`;

const cell = (text: string): string => text.replaceAll('|', '\\|');

if (require.main === module) writeFileSync(RULES_DOC, rulesDoc());
