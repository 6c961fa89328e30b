/** A line of the log of a SPIRE program. */
export interface LogLine {
  /** Undefined: it says none. */
  readonly time?: Date;
  /** In lower case, such as `error`. */
  readonly level: string;
  readonly message: string;
  /** What stands beside the message, such as `error` or `trust_domain`. */
  readonly fields: Readonly<Record<string, string>>;
  /** As it was written. */
  readonly text: string;
}

/** Reads a log in one of the forms that SPIRE and its controller manager write: logfmt, JSON, or tabs between time, level and rest. */
export const logLines = (log: string): LogLine[] =>
  log
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(logLine);

function logLine(text: string): LogLine {
  if (text.startsWith('{')) {
    const fields = jsonFields(text);
    if (fields) return withFields(fields, text);
  }
  if (/^(?:time|level|msg)=/.test(text)) return withFields(logfmtFields(text), text);
  const [time = '', level = '', ...rest] = text.split('\t');
  if (rest.length > 0 && !Number.isNaN(Date.parse(time))) {
    // What zap writes in its console form: the fields are an object of JSON at the end.
    const last = rest.at(-1) ?? '';
    const fields = last.startsWith('{') ? (jsonFields(last) ?? {}) : {};
    const words = last.startsWith('{') ? rest.slice(0, -1) : rest;
    // Before the message may stand the name of the logger.
    return { time: new Date(time), level: level.toLowerCase(), message: words.at(-1) ?? '', fields, text };
  }
  return { level: '', message: text, fields: {}, text };
}

function withFields(fields: Record<string, string>, text: string): LogLine {
  const { time, ts, level = '', msg = '', message = msg, ...rest } = fields;
  const moment = new Date(time ?? ts ?? '');
  return {
    ...(!Number.isNaN(moment.getTime()) && { time: moment }),
    level: level.toLowerCase(),
    message,
    fields: rest,
    text,
  };
}

function jsonFields(text: string): Record<string, string> | undefined {
  try {
    const given = JSON.parse(text) as Record<string, unknown>;
    return Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
    );
  } catch {
    return undefined;
  }
}

/** `key=value` and `key="value"`, as logrus writes them. */
function logfmtFields(text: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [, name = '', quoted, bare = ''] of text.matchAll(/([\w.]+)=(?:"((?:[^"\\]|\\.)*)"|(\S*))/g)) {
    fields[name] = quoted === undefined ? bare : quoted.replace(/\\(.)/g, (_, it: string) => (it === 'n' ? '\n' : it));
  }
  return fields;
}
