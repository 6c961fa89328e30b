import {
  type Identity,
  type Member,
  type Mesh,
  meshFrom,
  type Plan,
  PlanError,
  planText,
  type Relationship,
  ShellWords,
} from '../../../lib/federation';
import { dataOf, draft, partnerBelieves } from '../fixtures';

/** Plain Kubernetes, OpenShift, and a partner: the clusters believe each other, and both the partner, which believes west. */
export function smallMesh(change: (mesh: ReturnType<typeof draft>) => void = () => {}): Mesh {
  const mesh = draft();
  Object.assign(mesh.partner, { fetches: { profiles: ['https_web'], interval: 600 } });
  partnerBelieves(mesh, 'prod/west');
  change(mesh);
  return meshFrom(dataOf(mesh));
}

/** A plan as people see it. */
export const textOf = (mesh: Mesh, plan: Plan | undefined): string =>
  plan === undefined ? '' : planText(plan, new ShellWords(mesh));

/** The one plan of an order. */
export const ofOrder = (plans: readonly Plan[], order: Plan['order']): Plan => {
  const [found, ...others] = plans.filter((plan) => plan.order === order);
  if (!found || others.length > 0) throw new Error(`there are ${others.length + (found ? 1 : 0)} plans ${order}`);
  return found;
};

/** Ids of the steps of a plan. */
export const idsOf = ({ steps }: Plan): string[] => steps.map(({ id }) => id);

/** A step by its id. */
export function stepOf(plan: Plan, id: string): Plan['steps'][number] {
  const found = plan.steps.find((step) => step.id === id);
  if (!found) throw new Error(`there is no step '${id}' among ${idsOf(plan).join(', ')}`);
  return found;
}

/** Tasks of a step as commands, or as what is said. */
export const saidBy = (mesh: Mesh, plan: Plan, id: string): string[] => {
  const shell = new ShellWords(mesh);
  return stepOf(plan, id).tasks.map(
    (task) => shell.commandOf(task) ?? ('text' in task ? `${task.type}: ${task.text}` : task.type),
  );
};

/** What is said of something that cannot be planned. */
export function problemOf(build: () => unknown): string {
  try {
    build();
  } catch (error) {
    if (error instanceof PlanError) return error.message;
    throw error;
  }
  throw new Error('it was planned');
}

/** A cluster that believes others, by an identity for each. */
export function clusterOf(name: string, peers: readonly string[], rest: Partial<Member> = {}): Member {
  const url = (peer: string) => `https://federation.${peer}.example/`;
  return {
    name,
    platform: 'kubernetes',
    trustDomain: `${name}.example`,
    caTtl: 86_400,
    endpoint: {
      url: url(name),
      profile: 'https_web',
      servedBySpire: true,
      exposure: 'load-balancer',
      termination: 'passthrough',
      refreshHint: 300,
    },
    relationships: peers.map(
      (peer): Relationship => ({ trustDomain: `${peer}.example`, url: url(peer), profile: 'https_web', wave: 50 }),
    ),
    identities: peers.map((peer): Identity => ({ name: `to-${peer}`, federatesWith: [`${peer}.example`], wave: 60 })),
    ...rest,
  };
}
