import { CommandFailure, messageOf } from '../failure';
import { inputText, nameOfInput } from '../input-bytes';

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
  return parseJson(inputText(file, 'JSON'), name);
}

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
