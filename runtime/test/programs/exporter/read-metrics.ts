/** Values of metrics by `name{label="value",…}`, as they are written. */
export type Values = Readonly<Record<string, string>>;

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\[\\\\"n])*"';
const NUMBER = '[+-]?(?:[0-9]+(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|Inf)|NaN';
const HEAD = new RegExp(`^# (HELP|TYPE) (${NAME}) (.*)$`);
const SAMPLE = new RegExp(`^((${NAME})(?:\\{${LABEL}(?:,${LABEL})*\\})?) (${NUMBER})$`);

/**
 * Reads the text format of Prometheus by its rules, which are stricter than any of its readers.
 *
 * @param text what a program answers at `/metrics`
 * @throws when a rule is broken: of the lines, or that all of one metric stand together, with help and type in front
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function readMetrics(text: string): Values {
  const values: Record<string, string> = {};
  const described = new Map<string, { help?: string; type?: string }>();
  let current: string | undefined;
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line has no end');
  for (const line of text.split('\n').slice(0, -1)) {
    const [, kind, about = '', rest = ''] = HEAD.exec(line) ?? [];
    const [, series = '', name = '', value = ''] = SAMPLE.exec(line) ?? [];
    if (kind !== undefined) {
      if (about !== current && described.has(about)) throw new Error(`${about} is in two places`);
      current = about;
      const metric = described.get(about) ?? {};
      const key = kind === 'HELP' ? 'help' : 'type';
      if (metric[key] !== undefined) throw new Error(`${about} has a second ${kind}`);
      if (key === 'help' && !/^(?:[^\\]|\\[\\n])*$/.test(rest))
        throw new Error(`${about} has an unknown escape in its help`);
      if (key === 'type' && !/^(counter|gauge|untyped)$/.test(rest)) throw new Error(`${about} has the type ${rest}`);
      described.set(about, { ...metric, [key]: rest });
    } else if (name === '') {
      throw new Error(`no line of the format: ${line}`);
    } else {
      const { help, type } = described.get(name) ?? {};
      if (name !== current || help === undefined || type === undefined) throw new Error(`${name} is not described`);
      if (Object.hasOwn(values, series)) throw new Error(`${series} is there twice`);
      if (type === 'counter' && !name.endsWith('_total')) throw new Error(`${name} is a counter by its type alone`);
      values[series] = value;
    }
  }
  return values;
}

/** The labels of a series that {@link readMetrics} has read, as they were before they were escaped. */
export function labelsOf(series: string): Record<string, string> {
  const pairs = series.matchAll(/([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g);
  return Object.fromEntries(
    [...pairs].map(([, name = '', value = '']) => [
      name,
      value.replace(/\\(.)/g, (_, escaped) => (escaped === 'n' ? '\n' : escaped)),
    ]),
  );
}
