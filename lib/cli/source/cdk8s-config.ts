import { readFileSync } from 'node:fs';
import { Yaml } from 'cdk8s';
import { CommandFailure, messageOf } from '../failure';

/** Where `cdk8s synth` finds the command that runs the program. */
const CONFIG = 'cdk8s.yaml';

/**
 * The command that runs the program of this folder, as `cdk8s synth` finds it.
 *
 * @param what can be named instead, as the help of the command calls it
 * @throws CommandFailure if there is none
 * @see https://cdk8s.io/docs/latest/cli/synth/
 */
export function appOfConfig(what = 'FILE'): string {
  const instead = `name ${/^[AEIOU]/.test(what) ? 'an' : 'a'} ${what}, or a program by --app, such as --app 'node main.js'`;
  const { app } = read(instead);
  if (app === undefined || app === null)
    throw new CommandFailure(`'${CONFIG}' has no 'app'; set it to the command that runs the program, or ${instead}`);
  if (typeof app === 'string' && app.trim() !== '') return app;
  const found = typeof app === 'string' ? 'is empty' : 'is not text';
  throw new CommandFailure(`'app' of '${CONFIG}' ${found}; write the command that runs the program in quotes`);
}

function read(instead: string): { app?: unknown } {
  let documents: readonly unknown[];
  try {
    // The program of cdk8s that reads it would say of a missing file that it is no URL.
    readFileSync(CONFIG);
    documents = Yaml.load(CONFIG);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new CommandFailure(`there is no ${CONFIG} in this folder; ${instead}`);
    }
    throw new CommandFailure(`cannot read '${CONFIG}': ${messageOf(error).split('\n')[0]}`);
  }
  const [config] = documents;
  if (typeof config === 'object' && config !== null && !Array.isArray(config)) return config;
  throw new CommandFailure(
    `'${CONFIG}' holds no settings; write app: and the command that runs the program, or ${instead}`,
  );
}
