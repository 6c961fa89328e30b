import { existsSync } from 'node:fs';
import { nearest } from '../../core';
import type { Mesh } from '../../federation';
import { type Check, namespaceProblem, rbacYaml } from '../../verify';
import { CommandFailure, UsageFailure } from '../failure';

/** What was given for `--print-rbac`. */
interface Given {
  readonly 'print-rbac'?: boolean;
  readonly namespace?: readonly string[];
  readonly member?: string;
  readonly app?: string;
  readonly mesh?: string;
  readonly timeout?: string;
  readonly live?: boolean;
}

/** Namespaces of SPIRE, where nothing else is said: as spirekit and as the operator have them. */
const NAMESPACES = {
  kubernetes: ['spire-server', 'spire-system'],
  openshift: ['zero-trust-workload-identity-manager'],
} as const;

/** Where a program is found that nobody has named. */
const CONFIG = 'cdk8s.yaml';

/**
 * Refuses what has no effect on the rights that are printed.
 *
 * @param file FILE of the command line
 * @throws UsageFailure
 */
export function refuseRbacContradictions(given: Given, file: string | undefined): void {
  const { namespace, member, live } = given;
  if (!given['print-rbac']) {
    const without = namespace ? 'namespace' : member !== undefined ? 'member' : undefined;
    if (without === undefined) return;
    throw new UsageFailure(`--${without} belongs to --print-rbac; add that, or leave it out`, 'verify');
  }
  if (namespace) {
    const option = (['app', 'member', 'mesh', 'timeout'] as const).find((each) => given[each] !== undefined);
    const what = file !== undefined ? `FILE '${file}'` : option && `--${option}`;
    if (what !== undefined) {
      throw new UsageFailure(
        `--namespace says where SPIRE runs, and ${what} is about a federation that says so; leave one out (several namespaces are several --namespace)`,
        'verify',
      );
    }
    for (const each of namespace) {
      const problem = namespaceProblem(each);
      if (problem !== undefined) throw new UsageFailure(`--namespace '${each}' ${problem}`, 'verify');
    }
  }
  if (live && member !== undefined) {
    throw new UsageFailure('--print-rbac asks no cluster, so that --live has no members; leave out --member', 'verify');
  }
}

/**
 * The service account with the rights that checks need, for one cluster.
 *
 * @param file FILE of the command line
 * @param mesh the federation that is named
 */
export async function rbacText(
  checks: readonly Pick<Check, 'needs'>[],
  file: string | undefined,
  given: Given,
  mesh: () => Promise<Mesh>,
): Promise<string> {
  const namespaces = given.namespace ?? (await namespacesOf(file, given, mesh));
  const [first = 'default'] = namespaces;
  return rbacYaml(checks, namespaces, { namespace: first });
}

/** Of the platform of the member, or of all; without a federation, of plain Kubernetes. */
async function namespacesOf(
  file: string | undefined,
  { app, live, member, mesh: name, timeout }: Given,
  mesh: () => Promise<Mesh>,
): Promise<readonly string[]> {
  const isNamed = [file, app, member, name, timeout].some((each) => each !== undefined);
  if (live || (!isNamed && !existsSync(CONFIG))) return NAMESPACES.kubernetes;
  const { members } = await mesh();
  const clusters = members.flatMap(({ name: each, platform }) => (platform === 'external' ? [] : { each, platform }));
  const names = clusters.map(({ each }) => each).join(', ');
  const asked = member === undefined ? clusters : clusters.filter(({ each }) => each === member);
  const platforms = [...new Set(asked.map(({ platform }) => platform))];
  const [platform] = platforms;
  if (platforms.length > 1) {
    // One file would name namespaces that are not there, and kubectl stops in the middle of it.
    throw new UsageFailure(
      `SPIRE has other namespaces on Kubernetes than on OpenShift, and the federation has both; write --member and one of ${names}`,
      'verify',
    );
  }
  if (platform !== undefined) return NAMESPACES[platform];
  if (clusters.length === 0) throw new CommandFailure('the federation has no cluster that rights could be given in');
  const hint =
    nearest(
      member ?? '',
      clusters.map(({ each }) => each),
    ) || `; there is ${names}`;
  throw new UsageFailure(`--member names '${member}', which is no cluster of the federation${hint}`, 'verify');
}
