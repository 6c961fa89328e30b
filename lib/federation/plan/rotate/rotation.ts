import {
  activatedBefore,
  DEFAULT_JWT_SVID_TTL,
  KEPT_AFTER_END,
  OWN_SVID_LOOK,
  preparedBefore,
  TAINTED_AT_A_TIME,
  TAINTED_PAUSE,
} from '../../../core';
import type { Mesh } from '../../mesh';
import type { Member } from '../../model';
import { span } from '../../rules/wording';
import { listOf, sentence, verbOf } from '../member-list';
import type { PlanStep, TellTask, WaitPart } from '../plan';
import { runsHere } from '../subjects';
import { tellTask } from '../tasks';
import { agentsHaveAsked, fetchedBy, part, pollOf, unseen } from '../waits';
import { Authorities } from './authorities';

/** A member whose keys are replaced, and who has to learn of it. */
export class Rotation {
  /** Its servers, each with keys of its own. */
  readonly servers: readonly Authorities[];
  /** Who believes it, and has a server of this program. */
  readonly here: readonly Member[];
  /** Who believes it, and is run by others. */
  readonly foreign: readonly Member[];

  constructor(
    readonly mesh: Mesh,
    readonly member: Member,
  ) {
    const believers = mesh.believersOf(member.name);
    this.servers = Authorities.of(member);
    this.here = believers.filter(runsHere);
    this.foreign = believers.filter((each) => !runsHere(each));
  }

  /** Until everybody has fetched what is new in its bundle. */
  get fetched(): WaitPart | undefined {
    return fetchedBy([...this.here, ...this.foreign], this.member);
  }

  /** The same of those who are run by others. */
  get fetchedByForeign(): WaitPart | undefined {
    return fetchedBy(this.foreign, this.member);
  }

  /** A sentence for each of those who are run by others. */
  tellForeign(text: string): TellTask[] {
    return this.foreign.map((each) => tellTask(each, text));
  }

  /** Those who fetch nobody knows how often. */
  get unknown(): readonly Member[] {
    return this.foreign.filter((each) => pollOf(each, this.member) === undefined);
  }

  /** What every rotation of it rests on. */
  facts(): string[] {
    const { member, fetched, unknown, servers } = this;
    return [
      ...(fetched ? [sentence(fetched.because)] : []),
      ...(unknown.length > 0
        ? [`How often ${listOf(unknown)} ${verbOf(unknown, 'fetches', 'fetch')} it is not known: ask who runs it.`]
        : []),
      ...(member.endpoint && !member.endpoint.servedBySpire
        ? [
            `The bundle of ${member.name} is not served by its own server: as long as what serves it has the old one, the others fetch that, and the checks hold so much later.`,
          ]
        : []),
      ...(servers.length > 1
        ? [
            `${member.name} has ${servers.length} servers, each with a CA and a JWT key of its own: they are replaced one after the other.`,
          ]
        : []),
    ];
  }
}

/** When SPIRE would replace the keys without any plan. */
export const byItself = ({ name, caTtl }: Member): string[] =>
  caTtl === undefined
    ? []
    : [
        `A CA of ${name} lives for ${span(caTtl)}: SPIRE makes the next one ${span(preparedBefore(caTtl))} before its end and signs with it ${span(activatedBefore(caTtl))} before, by itself. What has ended, and was not revoked, stays in the bundle for ${span(KEPT_AFTER_END)} more.`,
      ];

/** Why it is not enough to taint. */
export const TAINT_IS_LOCAL =
  'Only its own agents are told what is tainted, and renew what it has signed. The bundle that others fetch says nothing of it: they believe it until it is revoked, and they have fetched.';

/** Pods that a node takes where nothing else was set. */
const PODS_PER_NODE = { kubernetes: 110, openshift: 250, external: 110 } as const;

/** Until nothing of a member has an SVID of a tainted CA any more: neither its server, nor its agents, nor workloads. */
export function svidsRenewed({ platform }: Member): WaitPart[] {
  const pods = PODS_PER_NODE[platform];
  const pauses = Math.ceil(pods / TAINTED_AT_A_TIME) - 1;
  const seconds = Math.max(OWN_SVID_LOOK, pauses * TAINTED_PAUSE);
  return [
    agentsHaveAsked(),
    unseen(
      part(
        seconds,
        `agents renew their own SVIDs within ${span(OWN_SVID_LOOK)}, and ${TAINTED_AT_A_TIME} SVIDs of workloads every ${span(TAINTED_PAUSE)}, for up to ${pods} pods on a node`,
      ),
    ),
  ];
}

/** Until nobody has a JWT-SVID of the old key any more. */
export const tokensEnded = (): WaitPart =>
  unseen(
    part(
      DEFAULT_JWT_SVID_TTL,
      `JWT-SVIDs of the old key end within ${span(DEFAULT_JWT_SVID_TTL)}, where identities and server say nothing else`,
    ),
  );

/** What a plan for stolen keys rests on, and what breaks on the way. */
export function emergencyFacts(rotation: Rotation, steps: readonly PlanStep[]): string[] {
  const { mesh, member, here, foreign, fetchedByForeign } = rotation;
  const seconds = steps.reduce((sum, { wait }) => sum + (wait?.seconds ?? 0), 0);
  const revocations = steps.filter(({ id }) => id.startsWith('revoke')).length;
  const slower = (fetchedByForeign?.seconds ?? 0) * revocations;
  const { revocation } = mesh.budgets;
  return [
    ...rotation.facts(),
    TAINT_IS_LOCAL,
    ...(here.length === 0
      ? []
      : [
          `Workloads of ${listOf(here)} refuse what the stolen keys sign after waits of ${span(seconds - slower)} at most, and what the commands take.${revocation === undefined ? '' : ` The budget for it is ${span(revocation)}.`}`,
        ]),
    ...(foreign.length === 0
      ? []
      : [
          `When ${listOf(foreign)} ${verbOf(foreign, 'refuses', 'refuse')} it depends on those who run ${verbOf(foreign, 'it', 'them')}: tell them.`,
        ]),
    STRAGGLERS,
    'JWT-SVIDs that workloads hold are refused at once, until they ask for new ones.',
    ...(member.endpoint?.exposure === 'object-store'
      ? [
          `The bundle of ${member.name} is published: a cache that still has the old one gives the old keys back with the next fetch. Empty it before the old keys are revoked.`,
        ]
      : []),
  ];
}

/** What becomes of an agent that did not ask in time. */
const STRAGGLERS =
  'An agent that does not ask between the taint and the revocation never learns of the taint: its workloads keep SVIDs that everybody refuses, until half of their lifetime is over. Restart such agents.';
