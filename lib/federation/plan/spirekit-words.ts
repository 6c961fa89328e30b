import type { Mesh } from '../mesh';

/** How commands of `spirekit` are written. */
export interface SpirekitOptions {
  /** Contexts of the kubeconfig by the names of members. @default - the names themselves */
  readonly contexts?: ReadonlyMap<string, string>;
  /** The command that runs the program, as `--app` takes it. @default - the program of `cdk8s.yaml` */
  readonly app?: string;
  /** The lock file. @default 'mesh.lock.json' */
  readonly lock?: string;
}

/**
 * A command of `spirekit` in a plan, which is data of the federation alone, as it has to be typed: another program, another lock
 * and other contexts than the usual ones are said each time. Otherwise it would look at, or write down, another federation.
 */
export function spirekitWords(words: readonly string[], mesh: Mesh, options: SpirekitOptions): readonly string[] {
  const { contexts, app, lock } = options;
  const [, command, action] = words;
  const program = app === undefined ? [] : ['--app', app];
  const at = words.indexOf('--context');
  if (command === 'verify') {
    const members = mesh.members.flatMap(({ name }) => {
      const context = contexts?.get(name);
      return context === undefined || context === name ? [] : ['--context', `${name}=${context}`];
    });
    return [...words, ...program, ...members];
  }
  if (command === 'lock') return [...words, ...program, ...(lock === undefined ? [] : ['--lock', lock])];
  if (command !== 'bundle') return words;
  // From a cluster: all is said, and no program is asked.
  if (action === 'fetch' && at >= 0) {
    return words.map((word, index) => (index === at + 1 ? (contexts?.get(word) ?? word) : word));
  }
  return [...words, ...program];
}
