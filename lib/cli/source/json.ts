import { constants } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';
import { CommandFailure, messageOf } from '../failure';

/** What no text in Node.js can hold. */
const LONGEST = constants.MAX_STRING_LENGTH;

/**
 * Reads a file of JSON.
 *
 * @param file its path; `-` is standard input
 * @throws CommandFailure if it is not there, too large or no JSON
 */
export function readJson(file: string): unknown {
  const name = nameOfInput(file);
  if (PROGRAM.test(file)) {
    throw new CommandFailure(`${name} is a program, and FILE is JSON; run it by --app, such as --app 'node ${file}'`);
  }
  return parseJson(readText(file, name), name);
}

/** What a file is called in what is said of it. */
export const nameOfInput = (file: string): string => (file === '-' ? 'standard input' : `'${file}'`);

/** Names of what Node.js runs. */
const PROGRAM = /\.[cm]?[jt]sx?$/;

/** @throws CommandFailure if the text is no JSON */
export function parseJson(text: string, name: string): unknown {
  if (text.trim() === '') throw new CommandFailure(`${name} is empty; JSON was expected`);
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    // Of some texts Node shows a part, which may run over several lines.
    const why = messageOf(error).replace(/\s+/g, ' ');
    const cut = /^Unexpected end|^Unterminated/.test(why) ? ': it is cut off' : '';
    throw new CommandFailure(`${name} is not JSON${cut} (${why})`);
  }
}

function readText(file: string, name: string): string {
  try {
    if (file !== '-') {
      const { size } = statSync(file);
      if (size > LONGEST) throw new CommandFailure(`${name} is too large: ${size} bytes, of at most ${LONGEST}`);
    }
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new CommandFailure(`there is no file ${name}`);
    if (code === 'EISDIR') throw new CommandFailure(`${name} is a folder; name a file`);
    throw new CommandFailure(`cannot read ${name}: ${messageOf(error)}`);
  }
}
