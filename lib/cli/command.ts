import { CommandFailure, EXIT, Interrupted, messageOf, UsageFailure } from './failure';
import { endQuietly, write } from './output';
import { manifest } from './package';
import { HELP, USAGE } from './usage';

/** A command: gets what stands behind its name, and gives the exit code. */
type Command = (args: readonly string[]) => Promise<number>;

/** Commands are loaded when they are asked for: what proves a federation takes longer to load than help takes to show. */
const COMMANDS: Readonly<Record<string, () => Command>> = {
  prove: () => (require('./prove') as typeof import('./prove')).prove,
  graph: () => (require('./graph') as typeof import('./graph')).graph,
  dashboard: () => (require('./dashboard') as typeof import('./dashboard')).dashboard,
  rules: () => (require('./rules') as typeof import('./rules')).rules,
  diff: () => (require('./diff') as typeof import('./diff')).diff,
  lock: () => (require('./lock') as typeof import('./lock')).lock,
  plan: () => (require('./plan') as typeof import('./plan')).plan,
  bundle: () => (require('./bundle') as typeof import('./bundle')).bundle,
  verify: () => (require('./verify') as typeof import('./verify')).verify,
  image: () => (require('./image') as typeof import('./image')).image,
};

/**
 * Runs the command line. Never throws: what goes wrong stands on standard error.
 *
 * @returns the exit code
 */
export async function run(args: readonly string[]): Promise<number> {
  endQuietly(process.stdout);
  endQuietly(process.stderr);
  try {
    return await dispatch(args);
  } catch (error) {
    if (error instanceof Interrupted) return error.exitCode;
    if (error instanceof CommandFailure) {
      // Parts of files are quoted in it, and must not command a terminal. Loaded late, as commands are.
      const { oneLine } = require('../core') as typeof import('../core');
      const help = error instanceof UsageFailure ? `See '${helpOf(error)}'.\n` : '';
      await write(process.stderr, `spirekit: ${oneLine(error.message)}\n${help}`);
    } else {
      // Not foreseen: where it happened is of use to whoever mends it.
      const { stack = messageOf(error) } = (error ?? {}) as Error;
      await write(process.stderr, `spirekit: ${stack}\n`);
    }
    return EXIT.failure;
  }
}

const helpOf = ({ command }: UsageFailure): string => ['spirekit', command, '--help'].filter(Boolean).join(' ');

async function dispatch([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined) {
    await write(process.stderr, USAGE);
    return EXIT.failure;
  }
  if (name === '--help' || name === '-h' || name === 'help') return help(args[0]);
  if (name === '--version' || name === '-v') {
    await write(process.stdout, `${manifest().version}\n`);
    return EXIT.ok;
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!load) throw new UsageFailure(`there is no ${kindOf(name)} '${name}'${nearest(name, Object.keys(COMMANDS))}`);
  if (args.includes('--help') || args.includes('-h')) return help(name);
  return load()(args);
}

/** Loaded late, as commands are. */
const nearest = (word: string, known: readonly string[]): string =>
  (require('../core') as typeof import('../core')).nearest(word, known);

const kindOf = (word: string): string => (word.startsWith('-') ? 'option' : 'command');

async function help(name: string | undefined): Promise<number> {
  const text = name === undefined ? USAGE : Object.hasOwn(HELP, name) ? HELP[name] : undefined;
  if (text === undefined)
    throw new UsageFailure(`there is no command '${name}'${nearest(name ?? '', Object.keys(HELP))}`);
  await write(process.stdout, text);
  return EXIT.ok;
}
