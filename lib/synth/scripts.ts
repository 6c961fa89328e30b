import { hasNoDependents, isDeletedInBackground, isKept, leftoversOf, podsAfter, shellWord } from '../core';
import { type ClusterPlan, commandsOf, type PlanStep, targetOf } from './plan';

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

/**
 * Deletes what a file names. What the API server does not know any more, or has never known, is gone already: so a removal
 * can be repeated, and takes away an installation that has stopped half-way. A failure without a word is a failure.
 */
const REMOVE = `errors=$(mktemp)
trap 'rm -f "$errors"' EXIT
remove() {
  cascade=$1 file=$2
  shift 2
  echo "== $file"
  kubectl "$@" delete "--cascade=$cascade" --ignore-not-found --timeout=5m -f "$file" 2> "$errors" && return
  grep -v -e 'no matches for kind' -e 'ensure CRDs are installed first' -e '^Warning:' "$errors" >&2 && exit 1
  grep -q 'no matches for kind' "$errors" || exit 1
}
single() {
  namespace=$1 object=$2
  shift 2
  kubectl "$@" -n "$namespace" delete --ignore-not-found --timeout=5m "$object" 2> "$errors" && return
  grep -q "doesn't have a resource type" "$errors" && return
  cat "$errors" >&2
  exit 1
}`;

function removeScript(plan: ClusterPlan): string {
  // Foreground: a wave is gone, pods included, before the next goes. Without the CSI driver, a pod with its volume never ends.
  const steps = plan.steps.toReversed().map((step) => {
    const file = shellWord(step.file.slice(plan.name.length + 1));
    if (step.objects.every(({ object }) => isKept(object))) return `echo "== ${file} stays: others may use it"`;
    const alone = step.objects.filter(({ object }) => hasNoDependents(object));
    const background =
      step.objects.some(({ object }) => isDeletedInBackground(object)) || alone.length === step.objects.length;
    return [
      ...(background
        ? []
        : alone.map(({ object }) => single(object.metadata.namespace ?? 'default', targetOf(object)))),
      `remove ${background ? 'background' : 'foreground'} ${file} "$@"`,
      ...podWaits(step),
      ...leftovers(step),
    ].join('\n');
  });
  const head = HEAD(
    `Removes ${plan.name} in reverse order, data included.`,
    'Options for kubectl may follow, such as --context NAME.',
  );
  return `${head}${REMOVE}\n${steps.join('\n')}\n`;
}

/** Waits for the pods of objects that are deleted before them; kubectl takes it well when there are none. */
function podWaits({ objects }: PlanStep): string[] {
  const waits = objects.flatMap(({ object }) =>
    podsAfter(object).map(({ namespace, labels }) => {
      const selector = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
      return kubectl(['-n', namespace, 'wait', '--for=delete', 'pod', '-l', selector.join(','), '--timeout=5m']);
    }),
  );
  return [...new Set(waits)];
}

/** Takes away what controllers leave behind. */
function leftovers({ objects }: PlanStep): string[] {
  return objects.flatMap(({ object }) =>
    leftoversOf(object).map(({ kind, namespace, name }) => single(namespace, `${kind}/${name}`)),
  );
}

/** Deletes one object, at once; of what has no namespace, any is right. */
const single = (namespace: string, object: string): string =>
  `single ${shellWord(namespace)} ${shellWord(object)} "$@"`;

/** Reads the arguments NAME=CONTEXT; clusters without one have the context of their name. Nothing is done with wrong ones. */
function contexts(plans: readonly ClusterPlan[], script: string, variables = ''): string {
  const names = plans.map(({ name }) => shellWord(name)).join(' ');
  return `clusters=${shellWord(plans.map(({ name }) => name).join(' '))}
for argument in "$@"; do
  case " $clusters " in *" \${argument%%=*} "*) case $argument in *=?*) continue ;; esac ;; esac
  echo "usage: ${variables}sh ${script} [NAME=CONTEXT ...], with NAME one of: $clusters" >&2
  exit 2
done
context() {
  name=$1
  shift
  for pair in "$@"; do case $pair in "$name="*) echo "\${pair#*=}"; return ;; esac; done
  echo "$name"
}
for cluster in ${names}; do
  kubectl config get-contexts "$(context "$cluster" "$@")" > /dev/null
done
`;
}

const USE = 'Each by the kubectl context of its name; arguments NAME=CONTEXT give another.';

function installAllScript(plans: readonly ClusterPlan[]): string {
  const waves = [...new Set(plans.flatMap(({ steps }) => steps.map(({ wave }) => wave.order)))].sort((a, b) => a - b);
  return `${HEAD(
    'Installs all clusters wave by wave, so that all can be asked for their bundles when the first identity names a peer.',
    USE,
    'The variable WAVES names the waves to install, such as "10 20".',
  )}${contexts(plans, 'install.sh', "[WAVES='10 20'] ")}for wave in ${waves.join(' ')}; do
  case " \${WAVES:-$wave} " in *" $wave "*) ;; *) continue ;; esac
  for cluster in ${plans.map(({ name }) => shellWord(name)).join(' ')}; do
    echo "== $cluster, wave $wave"
    WAVES=$wave sh "$cluster/install.sh" --context "$(context "$cluster" "$@")"
  done
done
`;
}

function removeAllScript(plans: readonly ClusterPlan[]): string {
  return `${HEAD('Removes all clusters, data included.', USE)}${contexts(plans, 'remove.sh')}for cluster in ${plans
    .map(({ name }) => shellWord(name))
    .join(' ')}; do
  echo "== $cluster"
  sh "$cluster/remove.sh" --context "$(context "$cluster" "$@")"
done
`;
}

function kubectl(words: readonly string[]): string {
  return `kubectl "$@" ${words.map(shellWord).join(' ')}`;
}
