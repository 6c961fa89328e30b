import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runBeside } from '../support/beside';
import { nodeProgram } from '../support/node-program';
import { run } from '../support/run';

const ROOT = resolve(__dirname, '../../..');

/** The newest of each line that the package supports. */
const VERSIONS = ['20.20.2', '22.23.3', '24.21.0'] as const;

/** What jest writes with `--json`, as far as it is read here. */
interface Report {
  readonly numTotalTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** Tests that failed, and files that could not be run, by name. */
function failuresOf({ testResults }: Report): string[] {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = name.replace(`${ROOT}/`, '');
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (status === 'failed' && failed.length === 0) return [`${file}: ${message.split('\n', 1)[0]}`];
    return failed.map(({ fullName }) => `${file}: ${fullName}`);
  });
}

test.each(VERSIONS)('the tests of the runtime on Node.js %s', async (version) => {
  const folder = mkdtempSync(join(tmpdir(), 'spirekit-'));
  try {
    const node = nodeProgram(version);
    expect(run(node, ['--version']).stdout.trim()).toBe(`v${version}`);
    const file = join(folder, 'report.json');
    // As if from a shell: nothing of the jest that runs this.
    const { JEST_WORKER_ID, NODE_OPTIONS, NODE_ENV, ...env } = process.env;
    const { text } = await runBeside(
      node,
      ['node_modules/jest/bin/jest.js', '--selectProjects', 'runtime', '--json', '--outputFile', file],
      { env: { ...env, FORCE_COLOR: '0' } },
    );
    if (!existsSync(file)) throw new Error(text);
    const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
    expect(failuresOf(report)).toEqual([]);
    expect(report.numTotalTests).toBeGreaterThan(500);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
