import { describe, type Finding, type Severity } from './finding';

/** A finding as plain data that JSON can hold. */
export interface ReportedFinding {
  readonly severity: Severity;
  readonly rule: string;
  readonly path: string;
  readonly property?: string;
  /** The offending value, unless it is long or cannot be written in JSON. */
  readonly value?: unknown;
  /** Why the value is not there. */
  readonly valueOmitted?: string;
  readonly message: string;
  readonly remedy?: string;
  /** Why the warning is put up with. */
  readonly accepted?: string;
  /** Property, value, what is wrong and the remedy, as one sentence. */
  readonly text: string;
}

/** Longest value that a report holds, in characters of JSON: a pasted bundle must not bury the rest. */
const LONGEST = 400;

/** A finding as plain data; the same finding gives the same text of JSON. */
export function reportedFinding(finding: Finding): ReportedFinding {
  const { severity, rule, path, property, value, message, remedy, accepted } = finding;
  return {
    severity,
    rule,
    path,
    ...(property !== undefined && { property }),
    ...(value !== undefined && plainValue(value)),
    message,
    ...(remedy !== undefined && { remedy }),
    ...(accepted !== undefined && { accepted }),
    text: describe(finding),
  };
}

function plainValue(value: unknown): Pick<ReportedFinding, 'value' | 'valueOmitted'> {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    // A bigint, or data that holds itself.
  }
  if (text === undefined) return { valueOmitted: 'JSON has no form for it' };
  if (text.length > LONGEST) return { valueOmitted: `${text.length} characters` };
  return { value: JSON.parse(text) };
}
