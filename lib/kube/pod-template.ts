import type { AnyManifest } from './manifest';

type Fields = Readonly<Record<string, unknown>>;

/** Where the template of the pods stands in each kind that runs pods. */
const PATHS: ReadonlyMap<string, readonly string[]> = new Map([
  ['CronJob', ['spec', 'jobTemplate', 'spec', 'template']],
  ['DaemonSet', ['spec', 'template']],
  ['Deployment', ['spec', 'template']],
  ['Job', ['spec', 'template']],
  ['Pod', []],
  ['ReplicaSet', ['spec', 'template']],
  ['StatefulSet', ['spec', 'template']],
]);

/** Names of the kinds that run pods. */
export const WORKLOAD_KINDS: readonly string[] = [...PATHS.keys()];

/**
 * The template of a workload's pods (`metadata` and `spec`), the object itself when it is a Pod; undefined for other kinds,
 * and where untyped data has something else than objects on the way.
 */
export function podTemplateOf(manifest: AnyManifest): Fields | undefined {
  let at: unknown = PATHS.has(manifest.kind) ? manifest : undefined;
  for (const field of PATHS.get(manifest.kind) ?? []) at = (at as Fields | null | undefined)?.[field];
  return typeof at === 'object' && at !== null ? (at as Fields) : undefined;
}
