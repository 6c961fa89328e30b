import { basename } from 'node:path';
import { isDeletedInBackground } from '../core';
import { type ClusterPlan, commandsOf } from './plan';

/** A word as a POSIX shell must read it. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

const HEAD = (...what: string[]): string => `#!/bin/sh
${what.map((line) => `# ${line}`).join('\n')}
set -eu
cd "$(dirname "$0")"
`;

/**
 * Scripts beside the manifests: for each cluster one that installs it wave by wave and one that removes it, and for several
 * clusters the same for all.
 *
 * @returns text by path relative to the output folder
 */
export function scriptsOf(plans: readonly ClusterPlan[]): Map<string, string> {
  const scripts = new Map<string, string>();
  for (const plan of plans) {
    scripts.set(`${plan.name}/install.sh`, installScript(plan));
    scripts.set(`${plan.name}/remove.sh`, removeScript(plan));
  }
  if (plans.length > 1) {
    scripts.set('install.sh', installAllScript(plans));
    scripts.set('remove.sh', removeAllScript(plans));
  }
  return scripts;
}

function installScript(plan: ClusterPlan): string {
  const steps = plan.steps.flatMap((step) => [
    `if wave ${step.wave.order} ${shellWord(step.wave.name)}; then`,
    ...commandsOf(step, '.').map((words) => kubectl(words.map((word) => word.replace(`./${plan.name}/`, '')))),
    'fi',
  ]);
  const head = HEAD(
    `Installs ${plan.name}, one wave after the other.`,
    'Options for kubectl may follow, such as --context NAME. The variable WAVES names the waves to install, such as "10 20".',
  );
  const wave = `wave() { case " \${WAVES:-$1} " in *" $1 "*) echo "== $2" ;; *) return 1 ;; esac }`;
  return `${head}${wave}\n${steps.join('\n')}\n`;
}

function removeScript(plan: ClusterPlan): string {
  // Foreground: a wave is gone, pods included, before the next goes. Without the CSI driver, a pod with its volume never ends.
  const steps = plan.steps.toReversed().map((step) => {
    const background = step.objects.some(({ object }) => isDeletedInBackground(object));
    const options = [`--cascade=${background ? 'background' : 'foreground'}`, '--ignore-not-found', '--timeout=5m'];
    return kubectl(['delete', ...options, '-f', basename(step.file)]);
  });
  const head = HEAD(
    `Removes ${plan.name}, data included, in reverse order.`,
    'Options for kubectl may follow, such as --context NAME.',
  );
  return `${head}${steps.join('\n')}\n`;
}

/** `kubectl`'s context for a cluster: the argument NAME=CONTEXT, else the name. */
const CONTEXT = `context() { name=$1; shift; for pair in "$@"; do case $pair in "$name="*) echo "\${pair#*=}"; return ;; esac; done; echo "$name"; }`;

const USE = 'Each by the kubectl context of its name; arguments NAME=CONTEXT give another.';

function installAllScript(plans: readonly ClusterPlan[]): string {
  const waves = [...new Set(plans.flatMap(({ steps }) => steps.map(({ wave }) => wave.order)))].sort((a, b) => a - b);
  return `${HEAD(
    'Installs all clusters wave by wave: an identity that names a peer waits until that peer can be asked for its bundle.',
    USE,
  )}${CONTEXT}
for wave in ${waves.join(' ')}; do
  for cluster in ${plans.map(({ name }) => shellWord(name)).join(' ')}; do
    echo "== $cluster, wave $wave"
    WAVES=$wave sh "$cluster/install.sh" --context "$(context "$cluster" "$@")"
  done
done
`;
}

function removeAllScript(plans: readonly ClusterPlan[]): string {
  return `${HEAD('Removes all clusters, data included.', USE)}${CONTEXT}
for cluster in ${plans.map(({ name }) => shellWord(name)).join(' ')}; do
  echo "== $cluster"
  sh "$cluster/remove.sh" --context "$(context "$cluster" "$@")"
done
`;
}

function kubectl(words: readonly string[]): string {
  return `kubectl "$@" ${words.map(shellWord).join(' ')}`;
}
