import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'cdk8s';
import { type Finding, groupsOf, makerOf, REPORT_VARIABLE, reportedFinding, reportFolder, reportsOf } from '../core';

/** Id of the form in which a program reports to the command. */
export const PROGRAM_REPORT = 'spirekit/program-report/1';

/** The file of each app that has reported, so that a second report replaces the first. */
const FILES = new WeakMap<App, string>();

/**
 * Writes what is known of a program as JSON, errors or not: the findings, and what constructs say of themselves, such as a
 * mesh its data.
 *
 * @throws Error if it cannot be written
 */
export function writeReport(app: App, findings: readonly Finding[]): void {
  const folder = reportFolder();
  if (folder === undefined) return;
  const sections = reportsOf(app);
  const made = new Map<unknown, Finding[]>(sections.map(({ construct }) => [construct, []]));
  const others: Finding[] = [];
  for (const finding of findings) (made.get(makerOf(finding)) ?? others).push(finding);
  const report = {
    schema: PROGRAM_REPORT,
    groups: groupsOf(app),
    sections: sections.map(({ construct, section }) => ({
      path: construct.node.path,
      findings: made.get(construct)?.map(reportedFinding),
      ...section(),
    })),
    findings: others.map(reportedFinding),
  };
  write(app, folder, `${JSON.stringify(report)}\n`);
}

function write(app: App, folder: string, text: string): void {
  const known = FILES.get(app);
  if (known !== undefined) {
    writeFileSync(known, text);
    return;
  }
  // Apps of one program may live in several processes: a number that is free is taken as it is found.
  for (let number = 1; ; number++) {
    const file = join(folder, `${String(number).padStart(4, '0')}.json`);
    try {
      writeFileSync(file, text, { flag: 'wx' });
      FILES.set(app, file);
      return;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') continue;
      throw new Error(
        `the report cannot be written: ${message}; ${REPORT_VARIABLE} names the folder for it: ` +
          'unset it, unless spirekit runs the program',
      );
    }
  }
}
