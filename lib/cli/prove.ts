import { countFindings, findingCounts } from '../core';
import { CommandFailure, EXIT, UsageFailure } from './failure';
import { oneOf, readOptions } from './options';
import { deliver, write } from './output';
import { allFindings, type Proof } from './proof';
import { ANALYSIS_NAMES, type AnalysisName } from './report/analyses';
import { junitReport } from './report/junit';
import { proveReport } from './report/report';
import { sarifReport } from './report/sarif';
import { textReport } from './report/text';
import { proofOf, SOURCE_OPTIONS } from './source';

const OPTIONS = {
  ...SOURCE_OPTIONS,
  table: { type: 'string', multiple: true },
  json: { type: 'boolean' },
  junit: { type: 'boolean' },
  sarif: { type: 'boolean' },
  output: { type: 'string' },
  strict: { type: 'boolean' },
} as const;

/** What programs read, by the option that asks for it. */
const FORMS = {
  json: proveReport,
  junit: junitReport,
  sarif: sarifReport,
} as const satisfies Record<string, (proof: Proof, strict: boolean) => string>;

type Form = keyof typeof FORMS;

/** `spirekit prove [FILE]`: holds a federation to its rules. */
export async function prove(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions('prove', args, OPTIONS);
  const { strict = false, output } = values;
  const form = formOf((Object.keys(FORMS) as Form[]).filter((option) => values[option]));
  const tables = tablesOf(values.table ?? []);
  if (form !== undefined && tables.length > 0) {
    const instead = form === 'json' ? '; --json holds all tables' : '';
    throw new UsageFailure(`--table is for people, and --${form} for programs; leave one out${instead}`, 'prove');
  }

  const proof = await proofOf('prove', positionals[0], values);
  if (proof.meshes.length === 0) {
    await write(
      process.stderr,
      'spirekit: there is no FederationMesh in it; what is shown are findings of the clusters alone\n',
    );
  }
  const findings = allFindings(proof);
  await deliver(
    rendered(() => (form === undefined ? textReport(proof, tables) : FORMS[form](proof, strict))),
    output,
  );
  if (form !== undefined || (output !== undefined && output !== '-')) {
    // Who does not see the findings shall know why the command fails.
    await write(process.stderr, `spirekit: ${findingCounts(findings)}\n`);
  }
  const { errors, warnings } = countFindings(findings);
  return errors > 0 || (strict && warnings > 0) ? EXIT.findings : EXIT.ok;
}

function formOf(asked: readonly Form[]): Form | undefined {
  if (asked.length <= 1) return asked[0];
  throw new UsageFailure(
    `--${asked.join(' and --')} exclude each other; write one, and run the command again for the other`,
    'prove',
  );
}

function tablesOf(given: readonly string[]): AnalysisName[] {
  const asked = new Set(given.map((name) => oneOf('prove', 'table', name, [...ANALYSIS_NAMES, 'all'] as const)));
  return ANALYSIS_NAMES.filter((name) => asked.has(name) || asked.has('all'));
}

/** The text of a report. Of hundreds of thousands of members it may be longer than a text can be. */
function rendered(render: () => string): string {
  try {
    return render();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CommandFailure(`the report is too long for a text of Node.js (${error.message}); ask for another form`);
  }
}
