import type { Member } from '../model';
import { serverOf } from '../server-place';
import type { InstallTask, PlanCheck } from './plan';
import { checkOf, installTask, kubectlTask } from './tasks';

/** Waves of a server's configuration. What OpenShift's believes is told to the operator by its subscription, and lies in a ConfigMap. */
const WAVES = { kubernetes: [20], openshift: [10, 15, 20], external: [] } as const;

/** A server whose own configuration changes, so that it is restarted. */
export interface Restart {
  readonly member: Member;
  readonly install: InstallTask;
  readonly checks: readonly PlanCheck[];
}

/** The restart of a member's server, when its configuration is applied. */
export function restartOf(member: Member): Restart {
  const { namespace, workload } = serverOf(member);
  return {
    member,
    install: installTask(member, ...WAVES[member.platform]),
    checks: [
      checkOf(
        `the server of ${member.name} runs with its new configuration`,
        kubectlTask(member, ['-n', namespace, 'rollout', 'status', workload, '--timeout=10m']),
      ),
    ],
  };
}

/** The consumers that have their providers in the configuration of their servers too, once each. */
export function restartsOf(edges: readonly { readonly consumer: Member; readonly provider: Member }[]): Restart[] {
  const members = edges
    .filter(({ consumer, provider }) => hasStatic(consumer, provider.trustDomain))
    .map(({ consumer }) => consumer);
  return [...new Set(members)].map(restartOf);
}

/** Whether a member's server has a trust domain in its own configuration. */
export const hasStatic = ({ staticRelationships = [] }: Member, trustDomain: string): boolean =>
  staticRelationships.some((each) => each.trustDomain === trustDomain);
