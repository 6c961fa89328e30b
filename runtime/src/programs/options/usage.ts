import { flagOf, type Options } from './option';

const WIDTH = 100;
const INDENT = 28;

/**
 * The lines of a usage that describe options.
 *
 * @param options the options, in the order in which they are shown
 */
export function describeOptions(options: Options): string {
  return Object.entries(options)
    .map(([name, { placeholder, help }]) => {
      const head = `  ${flagOf(name)}${placeholder === '' ? '' : ` ${placeholder}`}`;
      const lines = wrap(help);
      const [first = '', ...others] = head.length < INDENT - 1 ? lines : ['', ...lines];
      return [(head.padEnd(INDENT) + first).trimEnd(), ...others.map((line) => ' '.repeat(INDENT) + line)].join('\n');
    })
    .join('\n');
}

function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > WIDTH - INDENT) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
