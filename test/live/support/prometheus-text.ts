/** One sample of a metric. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric as a program exports it: what it says of it, and all samples. */
export interface Family {
  readonly name: string;
  /** `counter`, `gauge`, `summary`, `histogram` or `untyped`. */
  readonly type: string;
  readonly samples: readonly Sample[];
}

const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)(?: -?\d+)?$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)",?/y;
const ESCAPES: Readonly<Record<string, string>> = { '\\\\': '\\', '\\"': '"', '\\n': '\n' };
/** Samples of one summary or histogram have names of their own. */
const PARTS = /_(?:sum|count|bucket)$/;

/**
 * Reads what a program exports, and refuses what is no text of the format.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function familiesIn(text: string): ReadonlyMap<string, Family> {
  const families = new Map<string, { name: string; type: string; samples: Sample[] }>();
  const familyOf = (name: string) => {
    const found = families.get(name) ?? { name, type: 'untyped', samples: [] };
    families.set(name, found);
    return found;
  };
  for (const line of text.split('\n').filter(Boolean)) {
    const [, type] = /^# TYPE \S+ (\S+)$/.exec(line) ?? [];
    if (type !== undefined) familyOf(line.split(' ')[2] as string).type = type;
    if (line.startsWith('#')) continue;
    const sample = sampleIn(line);
    const whole = sample.name.replace(PARTS, '');
    const hasParts = ['summary', 'histogram'].includes(families.get(whole)?.type ?? '');
    familyOf(hasParts ? whole : sample.name).samples.push(sample);
  }
  return families;
}

function sampleIn(line: string): Sample {
  const [, name = '', inBraces = '', value] = SAMPLE.exec(line) ?? [];
  if (value === undefined) throw new Error(`no sample: ${line}`);
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < inBraces.length) {
    const match = LABEL.exec(inBraces);
    if (!match) throw new Error(`no labels: ${line}`);
    labels[match[1] as string] = (match[2] as string).replaceAll(/\\[\\"n]/g, (text) => ESCAPES[text] as string);
  }
  return { name, labels, value: numberIn(value) };
}

/** Go's numbers. */
function numberIn(text: string): number {
  return Number(text.replace(/^([+-]?)Inf$/, '$1Infinity'));
}
