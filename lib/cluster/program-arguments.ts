import type { ProgramImage } from '../image';

/** Options of a program by their names in code. What is undefined or false is left out; a list repeats its option. */
export type ProgramOptions = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/**
 * The command that runs a program of the runtime.
 *
 * @param program its name
 * @param options its options: `minRemaining` is `--min-remaining`
 */
export function programCommand({ programs }: ProgramImage, program: string, options: ProgramOptions): string[] {
  const words = Object.entries(options).flatMap(([name, value]) => {
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (value === undefined || value === false) return [];
    if (value === true) return [flag];
    // In one word: a value that begins with a dash is no option then.
    return [value].flat().map((each) => `${flag}=${each}`);
  });
  return [programs.node, programs.runtime, program, ...words].map(literal);
}

/** Kubernetes puts variables in the place of `$(NAME)`, and one dollar in the place of two. */
function literal(word: string): string {
  return word.replaceAll('$', () => '$$');
}
