import { countOf } from './count-of';
import { placeOf, WHOLE } from './finding-groups';

/** A finding as a row. */
export interface FindingRow {
  readonly severity: 'error' | 'warning';
  readonly rule: string;
  /** Path of the construct that it concerns; empty for the program as a whole. */
  readonly path: string;
  /** Property, value, what is wrong and the remedy, as one sentence. */
  readonly text: string;
  /** Why a warning is put up with. */
  readonly accepted?: string;
}

/** A group of findings, with the rows in the order in which they were found. */
interface Group {
  readonly name: string;
  readonly rows: { readonly finding: FindingRow; readonly path: string }[];
}

/** How a group shows what concerns itself. */
const ITSELF = '.';
const GAP = '  ';

/**
 * Findings as lines of text: a heading for each cluster or mesh with its counts, and below it a row for each finding:
 * severity, rule, path within the group, and what was found. Rows are not wrapped, so that a search in the text finds the
 * whole of a finding in a line.
 *
 * @param groups paths of clusters and meshes in their order; undefined: nothing is known of the tree, and the first part of
 * a path stands for its group
 */
export function findingsTable(findings: readonly FindingRow[], groups?: readonly string[]): string[] {
  return grouped(findings, groups).flatMap(({ name, rows }) => {
    const cells = rows.map(({ finding, path }) => [
      isAccepted(finding) ? 'accepted' : finding.severity,
      oneLine(finding.rule),
      oneLine(path || ITSELF),
      oneLine(isAccepted(finding) ? `${finding.text} (accepted: ${finding.accepted})` : finding.text),
    ]);
    const widths = [0, 1, 2].map((column) =>
      cells.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), 0),
    );
    return [
      `${oneLine(name)}: ${findingCounts(rows.map(({ finding }) => finding))}`,
      ...cells.map((row) => GAP + row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(GAP)),
    ];
  });
}

/** Whether a finding is a warning that somebody puts up with; errors cannot be accepted. */
export const isAccepted = ({ severity, accepted }: Pick<FindingRow, 'severity' | 'accepted'>): boolean =>
  severity === 'warning' && accepted !== undefined;

/** How many findings there are of each kind. */
export interface FindingCounts {
  readonly errors: number;
  readonly warnings: number;
  /** Warnings that somebody puts up with, which are not among the others. */
  readonly accepted: number;
}

/** How many there are of each kind, such as `2 errors, 1 warning, 1 accepted`. */
export const findingCounts = (findings: readonly Pick<FindingRow, 'severity' | 'accepted'>[]): string =>
  countWords(countFindings(findings)).join(', ') || 'no findings';

/** What is counted, in words, the worst first; nothing of what there is none. */
export function countWords({ errors, warnings, accepted }: FindingCounts): string[] {
  return [
    ...(errors > 0 ? [countOf(errors, 'error')] : []),
    ...(warnings > 0 ? [countOf(warnings, 'warning')] : []),
    ...(accepted > 0 ? [`${accepted} accepted`] : []),
  ];
}

/** How many there are of each kind; an accepted warning counts as accepted alone. */
export function countFindings(findings: readonly Pick<FindingRow, 'severity' | 'accepted'>[]): FindingCounts {
  let [errors, warnings, accepted] = [0, 0, 0];
  for (const finding of findings) {
    if (finding.severity === 'error') errors++;
    else if (isAccepted(finding)) accepted++;
    else warnings++;
  }
  return { errors, warnings, accepted };
}

/** In the order of the groups; the program as a whole comes first. */
function grouped(findings: readonly FindingRow[], paths: readonly string[] | undefined): Group[] {
  const known = paths && new Set(paths);
  const groups = new Map<string, Group>();
  const add = (path: string): Group => {
    const group = groups.get(path) ?? { name: path || WHOLE, rows: [] };
    groups.set(path, group);
    return group;
  };
  for (const path of ['', ...(paths ?? [])]) add(path);
  for (const finding of findings) {
    const { group, path } = placeOf(finding.path, known);
    add(group).rows.push({ finding, path });
  }
  return [...groups.values()].filter(({ rows }) => rows.length > 0);
}

/** Characters that would break a row, or command a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

/** A text that stays on its line, and shows what a terminal would obey. */
export const oneLine = (text: string): string =>
  text.replace(CONTROL, (character) =>
    /\s/.test(character) ? ' ' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
