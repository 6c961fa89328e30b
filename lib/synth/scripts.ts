import { basename } from 'node:path';
import { isDeletedInBackground } from '../core';
import { type ClusterPlan, commandsOf } from './plan';

/** A word as a POSIX shell must read it. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

const HEAD = (what: string): string => `#!/bin/sh
# ${what}
# Options for kubectl may follow, such as --context NAME.
set -eu
cd "$(dirname "$0")"
`;

/**
 * Two scripts beside a cluster's manifests: one that installs them wave by wave, one that removes them.
 *
 * @returns text by path relative to the output folder
 */
export function scriptsOf(plan: ClusterPlan): Map<string, string> {
  const install = plan.steps.flatMap((step) => [
    `echo "== ${step.wave.name}"`,
    ...commandsOf(step, '.').map((words) => kubectl(words.map((word) => word.replace(`./${plan.name}/`, '')))),
  ]);
  // Foreground: a wave is gone, pods included, before the next goes. Without the CSI driver, a pod with its volume never ends.
  const remove = plan.steps.toReversed().map((step) => {
    const background = step.objects.some(({ object }) => isDeletedInBackground(object));
    const options = [`--cascade=${background ? 'background' : 'foreground'}`, '--ignore-not-found', '--timeout=5m'];
    return kubectl(['delete', ...options, '-f', basename(step.file)]);
  });
  return new Map([
    [`${plan.name}/install.sh`, script(`Installs ${plan.name}, one wave after the other.`, install)],
    [`${plan.name}/remove.sh`, script(`Removes ${plan.name}, data included, in reverse order.`, remove)],
  ]);
}

function kubectl(words: readonly string[]): string {
  return `kubectl "$@" ${words.map(shellWord).join(' ')}`;
}

function script(what: string, lines: readonly string[]): string {
  return `${HEAD(what)}${lines.join('\n')}\n`;
}
