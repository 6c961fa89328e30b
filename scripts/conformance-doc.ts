/**
 * Writes docs/conformance.md: which test of the runtime stands for which case of the public conformance suite, and how it
 * ended. It runs those tests, so nothing in it is claimed.
 *
 * Usage: npm run docs:conformance [-- --check]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { AREAS, CATALOGUE, type ConformanceCase } from '../runtime/test/conformance/catalogue';

const ROOT = join(__dirname, '..');
const DOC = join(ROOT, 'docs', 'conformance.md');

/** How a test names the cases that it stands for: `XV-8 a CA`. */
const NAMED = `\\b(?:${Object.keys(AREAS).join('|')})-\\d+\\b`;

interface Ended {
  readonly file: string;
  readonly passed: boolean;
}

/** What Jest's JSON report says of one file. */
interface FileReport {
  readonly name: string;
  readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
}

/** Runs all tests that name a case. */
function run(): ReadonlyMap<string, Ended[]> {
  const folder = mkdtempSync(join(tmpdir(), 'spirekit-conformance-'));
  try {
    const report = join(folder, 'report.json');
    const jest = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
    const args = ['--selectProjects', 'runtime', '--json', '--outputFile', report, '--testNamePattern', NAMED];
    spawnSync(process.execPath, [jest, ...args], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
    return byCase((JSON.parse(readFileSync(report, 'utf8')) as { testResults: readonly FileReport[] }).testResults);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function byCase(reports: readonly FileReport[]): ReadonlyMap<string, Ended[]> {
  const ended = new Map<string, Ended[]>();
  for (const { name, assertionResults } of reports) {
    for (const { fullName, status } of assertionResults) {
      if (status === 'pending') continue; // left out by the pattern
      const ids = new Set([...fullName.matchAll(new RegExp(NAMED, 'g'))].map(([id]) => id));
      for (const id of ids) {
        const tests = ended.get(id) ?? [];
        tests.push({ file: relative(ROOT, name), passed: status === 'passed' });
        ended.set(id, tests);
      }
    }
  }
  return ended;
}

function doc(ended: ReadonlyMap<string, Ended[]>): string {
  return [
    '# Conformance of `@spirekit/runtime`',
    '',
    '<!-- Written by `npm run docs:conformance`, which runs the tests; changes made here are lost. -->',
    '',
    'The [public conformance suite](https://github.com/arndt-s/spiffe-conformance-test-suite) for SPIFFE libraries names 83 cases.',
    'Each has tests here that bear its ID, and each refusal stands beside something that is accepted. `spirekit-runtime harness`',
    'is the program that the suite itself drives. Where the standards leave room, or go-spiffe differs from them, see',
    '[the decisions](runtime-decisions.md).',
    '',
    ...Object.entries(AREAS).flatMap(([area, title]) => [
      `## ${area}: ${title}`,
      '',
      '| case | level | what holds | result | tests |',
      '| ---- | ----- | ---------- | ------ | ----- |',
      ...CATALOGUE.filter(({ id }) => id.startsWith(`${area}-`)).map((row) => line(row, ended.get(row.id) ?? [])),
      '',
    ]),
  ].join('\n');
}

function line({ id, level, title }: ConformanceCase, ended: readonly Ended[]): string {
  const files = [...new Set(ended.map(({ file }) => file))].sort();
  const links = files.map((file) => `[${file.replace('runtime/test/', '')}](../${file})`).join('<br>');
  return `| ${id} | ${level} | ${title} | ${resultOf(ended)} | ${links} |`;
}

function resultOf(ended: readonly Ended[]): string {
  if (ended.length === 0) return '**no test**';
  return ended.every(({ passed }) => passed) ? `passed (${ended.length})` : '**failed**';
}

function main(): void {
  const text = doc(run());
  const bad = text.match(/\*\*(no test|failed)\*\*/g)?.length ?? 0;
  if (!process.argv.includes('--check')) {
    writeFileSync(DOC, text);
    process.stdout.write(`${CATALOGUE.length} cases, of which ${bad} have no test or failed\n`);
  } else if (bad > 0 || readFileSync(DOC, 'utf8') !== text) {
    process.stderr.write('docs/conformance.md is not what the tests say: run `npm run docs:conformance`\n');
    process.exitCode = 1;
  } else {
    process.stdout.write(`${CATALOGUE.length} cases passed, as docs/conformance.md says\n`);
  }
}

if (require.main === module) main();
