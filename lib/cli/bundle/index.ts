import { nearest } from '../../core';
import { UsageFailure } from '../failure';

/** What can be done with bundles; each is loaded when it is asked for. */
const ACTIONS: Readonly<Record<string, () => (args: readonly string[]) => Promise<number>>> = {
  fetch: () => (require('./fetch') as typeof import('./fetch')).fetchBundles,
  show: () => (require('./show') as typeof import('./show')).show,
  check: () => (require('./check') as typeof import('./check')).check,
  bootstrap: () => (require('./bootstrap') as typeof import('./bootstrap')).bootstrap,
};

/** `spirekit bundle ACTION`: fetches, shows and checks first bundles. */
export async function bundle([name, ...args]: readonly string[]): Promise<number> {
  const known = Object.keys(ACTIONS);
  if (name === undefined) throw new UsageFailure(`an action is missing; write one of ${known.join(', ')}`, 'bundle');
  const load = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (!load) throw new UsageFailure(`there is no action '${name}'${nearest(name, known)}`, 'bundle');
  return load()(args);
}
