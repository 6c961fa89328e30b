/** How important a line of a log is. */
export type LogLevel = 'info' | 'warn' | 'error';

/** Details of a line of a log. Neither keys nor tokens belong here. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Takes lines of a log: what happened, and details. */
export type Log = (level: LogLevel, message: string, fields?: LogFields) => void;

/** How lines of a log look: one JSON object each, or plain text. */
export type LogFormat = 'json' | 'text';

/**
 * A log.
 *
 * @param format how lines look
 * @param write takes a line with its end
 * @param now the time, in milliseconds since 1970
 */
export function createLog(format: LogFormat, write: (line: string) => void, now: () => number = Date.now): Log {
  return (level, message, fields = {}) => {
    const time = new Date(now()).toISOString();
    if (format === 'json') {
      write(`${JSON.stringify({ time, level, message, ...fields })}\n`);
      return;
    }
    const details = Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => ` ${name}=${JSON.stringify(value)}`);
    write(`${time} ${level} ${oneLine(message)}${details.join('')}\n`);
  };
}

/** Line breaks would forge lines. */
function oneLine(text: string): string {
  return JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll('\\\\', '\\');
}
