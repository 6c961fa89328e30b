import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync } from '@swc/core';

const readme = readFileSync('README.md', 'utf8');
const programs = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, text = '']) => text);
const [federation = '', monitored = '', quickstart = '', images = '', production = '', wrong = ''] = programs;

let outdir: string;

beforeEach(() => {
  outdir = join(mkdtempSync(join(tmpdir(), 'spirekit-readme-')), 'dist');
  process.env.CDK8S_OUTDIR = outdir;
});

afterEach(() => {
  delete process.env.CDK8S_OUTDIR;
  rmSync(join(outdir, '..'), { recursive: true, force: true });
});

/** Runs a program of the README, and gives what it shows. */
function run(program: string): string {
  const { code } = transformSync(program, { jsc: { parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } });
  let shown = '';
  const write = jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    shown += text;
    return true;
  });
  try {
    new Function('require', 'exports', code)(require, {});
  } finally {
    write.mockRestore();
  }
  return shown;
}

test('the README shows the programs that the types are checked of', () => {
  expect(programs).toHaveLength(6);
  expect(federation).toBe(readFileSync('examples/federation/main.ts', 'utf8'));
  expect(quickstart).toBe(readFileSync('examples/quickstart/main.ts', 'utf8'));
  expect(production).toBe(readFileSync('examples/production/main.ts', 'utf8'));
});

const words = (text: string) => text.split(/\s+/).filter(Boolean).join(' ');

test('what the README shows of images is in the example', () => {
  const example = words(readFileSync('examples/workload-image/mesh.ts', 'utf8'));
  const passages = images.split('\n\n').map(words);
  expect(passages).toHaveLength(2);
  expect(passages.filter((passage) => !example.includes(passage))).toEqual([]);
});

test('what the README shows of monitoring is in the example, line by line', () => {
  const example = new Set(readFileSync('examples/monitored-federation/main.ts', 'utf8').split('\n').map(words));
  const lines = monitored.split('\n').map(words);
  expect(lines.filter((line) => !example.has(line))).toEqual([]);
});

test.each([
  ['the federation', federation],
  ['the quickstart', quickstart],
])('the README shows what %s prints', (_, program) => {
  const shown = run(program).replaceAll(outdir, 'dist').trimEnd();
  expect(readme).toContain(`\`\`\`\n${shown}\n\`\`\``);
});

test('the production program is accepted without a finding', () => {
  const shown = run(production);
  expect(shown).toContain('\nFindings: none\n');
  expect(shown).toContain(`prod needs what is not made here, and waits until it is there:
  Secret spire-server/spire-upstream-ca, for StatefulSet spire-server
  Secret spire-server/spire-database, for StatefulSet spire-server
`);
});

test('the README shows the findings of its wrong program', () => {
  let message = '';
  try {
    run(wrong);
  } catch (error) {
    message = String(error);
  }
  expect(readme).toContain(`\`\`\`\n${message}\n\`\`\``);
});

test('what the README shows of changes is in the document about them, which is held to what the commands print', () => {
  const changed = readme.slice(readme.indexOf('\n## Changed\n'), readme.indexOf('\n## One cluster, seen to run\n'));
  const shown = [...changed.matchAll(/```\n([\s\S]*?)```/g)].map(([, text = '']) => text);
  const document = readFileSync('docs/mesh-over-time.md', 'utf8');
  expect(shown).toHaveLength(2);
  expect(shown.filter((text) => !document.includes(text))).toEqual([]);
});
