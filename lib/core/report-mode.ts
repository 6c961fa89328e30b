/*
 * A program that is run for its report alone, as `spirekit prove` does, proves everything and writes no manifests. The
 * environment says so, which reaches programs through whatever shell or package manager starts them.
 */

/** Names the folder that reports are written into. */
export const REPORT_VARIABLE = 'SPIREKIT_REPORT';
/** The moment for which it is asked, in ISO 8601. */
export const NOW_VARIABLE = 'SPIREKIT_NOW';

/** Folder for the reports; undefined when the program is run for its manifests. */
export function reportFolder(): string | undefined {
  return process.env[REPORT_VARIABLE] || undefined;
}

/** The moment for which the report is asked; undefined when the program decides. */
export function reportNow(): Date | undefined {
  const given = reportFolder() === undefined ? undefined : process.env[NOW_VARIABLE];
  const now = new Date(given ?? '');
  return Number.isNaN(now.getTime()) ? undefined : now;
}
