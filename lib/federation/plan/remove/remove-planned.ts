import type { Member } from '../../model';
import { listOf, verbOf } from '../member-list';
import {
  bundlesStep,
  entriesStep,
  namingIdentities,
  type Parting,
  type PartingWords,
  relationshipSteps,
  unnamedText,
} from '../partings';
import type { Plan, PlanStep } from '../plan';
import { planOf, safely, stepsOf } from '../plan-of';
import { programTask, tellTask } from '../tasks';
import { type RemoveCase, removeFacts } from './remove-case';
import { finallySteps, hostedStep, refusedStep } from './remove-proof';

/** Nobody loses anything on the way but the trust that shall end. */
export function removeInOrder(about: RemoveCase): Plan {
  const { member, leaves, partings, foreign, own } = about;
  const { name } = member;
  const all = [...partings.map(({ consumer }) => consumer), ...foreign];
  const changes = { ...identityChange([...partings, ...own]), edges: edgesText(about) };
  const words: PartingWords = { prefix: '', who: name, changes };
  return planOf({
    action: 'remove',
    order: 'planned',
    member: name,
    title: leaves
      ? `Remove ${name} from the federation`
      : `${listOf(all)} ${verbOf(all, 'stops', 'stop')} believing ${name}`,
    facts: removeFacts(about),
    steps: stepsOf(
      hostedStep(about),
      policiesStep(about),
      ...(partings.length > 0
        ? [entriesStep(partings, words), ...relationshipSteps(partings, words), bundlesStep(partings, words)]
        : []),
      foreignStep(about),
      partings.length > 0 ? refusedStep(about) : undefined,
      ...ownSteps(member, own, partings.length > 0 ? {} : changes),
      ...finallySteps(about),
    ),
  });
}

/** What the program says of identities. Both directions at once: the edges that they need go together too. */
function identityChange(partings: readonly Parting[]): { readonly identities?: string } {
  const identities = unnamedText(partings);
  return identities === undefined ? {} : { identities };
}

/** What the program says of edges, when the trust has ended. */
export function edgesText({ mesh, member: { name }, leaves, partings }: RemoveCase): string {
  if (leaves) {
    return `let nobody believe '${name}', and '${name}' nobody: take its edges out of the topology, but leave it a member until the last step, so that it is still looked at`;
  }
  const consumers = partings.map(({ consumer }) => consumer);
  const back = consumers.filter((consumer) => mesh.hasEdge(name, consumer.name));
  return [
    `take these edges out of the topology: ${consumers.map((consumer) => `${consumer.name} → ${name}`).join(', ')}`,
    ...(back.length > 0
      ? [
          `the other direction stays, and says so: ${back.map((consumer) => `Trust.oneWay(${name}, ${consumer.name})`).join(', ')}`,
        ]
      : []),
  ].join('; ');
}

/** Programs that decide about identities by themselves come first: that can be taken back by one line. */
function policiesStep({ member, partings }: RemoveCase): PlanStep | undefined {
  const { name, trustDomain } = member;
  const concerned = partings.filter(({ consumer }) => namingIdentities(consumer, trustDomain).length > 0);
  if (concerned.length === 0) return undefined;
  const accepting = concerned.flatMap(({ consumer }) =>
    (consumer.identities ?? [])
      .filter(({ accepts }) => Array.isArray(accepts) && accepts.some((each: string) => isOf(trustDomain, each)))
      .map((identity) => `'${identity.name}' of ${consumer.name}`),
  );
  return {
    id: 'policies',
    title: `Workloads refuse ${name} by name`,
    why: `Whoever still needs ${name} is found now, while one edit brings everything back.`,
    tasks: [
      ...(accepting.length > 0
        ? [programTask(`take the identities of '${name}' out of accepts of ${accepting.join(', ')}`)]
        : []),
      ...concerned.map(({ consumer }) =>
        tellTask(
          consumer,
          `take ${trustDomain} out of what this program does not write: authorization policies of workloads and proxies, aliases and lists of CAs of a service mesh, accounts that trust its OIDC issuer; then look who fails.`,
        ),
      ),
    ],
    checks: [],
    stop: safely(`${name} is refused where a policy says so, and everything else is as it was`),
  };
}

const isOf = (trustDomain: string, accepted: string): boolean =>
  accepted === trustDomain || accepted === `spiffe://${trustDomain}` || accepted.startsWith(`spiffe://${trustDomain}/`);

/** What is run by others is done by them. */
function foreignStep({ member: { name, trustDomain }, foreign }: RemoveCase): PlanStep | undefined {
  if (foreign.length === 0) return undefined;
  return {
    id: 'others',
    title: `Others stop believing ${name}`,
    why: 'They are not of this program, and nobody here sees what they believe.',
    tasks: foreign.map((each) =>
      tellTask(
        each,
        `take ${trustDomain} out of your identities first, then delete the relationship, then the bundle itself.`,
      ),
    ),
    checks: [],
    stop: safely(`${listOf(foreign)} may still believe ${name}`),
  };
}

/** Then the member's own trust in others, when nobody believes it any more. */
function ownSteps({ name }: Member, own: readonly Parting[], changes: PartingWords['changes']): PlanStep[] {
  if (own.length === 0) return [];
  const words: PartingWords = { prefix: 'own-', who: listOf(own.map(({ provider }) => provider)), by: name, changes };
  return [entriesStep(own, words), ...relationshipSteps(own, words), bundlesStep(own, words)];
}
