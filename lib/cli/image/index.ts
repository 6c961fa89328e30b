import { nearest } from '../../core';
import { UsageFailure } from '../failure';

/** What can be done with images; each is loaded when it is asked for. */
const ACTIONS: Readonly<Record<string, () => (args: readonly string[]) => Promise<number>>> = {
  build: () => (require('./build') as typeof import('./build')).build,
  archive: () => (require('./archive') as typeof import('./archive')).archive,
  push: () => (require('./push') as typeof import('./push')).push,
};

/** `spirekit image ACTION`: builds and pushes images of workloads. */
export async function image([name, ...args]: readonly string[]): Promise<number> {
  const known = Object.keys(ACTIONS);
  if (name === undefined) throw new UsageFailure(`an action is missing; write one of ${known.join(', ')}`, 'image');
  const load = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (!load) throw new UsageFailure(`there is no action '${name}'${nearest(name, known)}`, 'image');
  return load()(args);
}
