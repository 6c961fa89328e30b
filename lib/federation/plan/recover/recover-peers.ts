import { Waves } from '../../../core';
import type { MemberEdge } from '../../member-edges';
import type { Mesh } from '../../mesh';
import type { Member } from '../../model';
import { APPROVE } from '../approve';
import { giveBundle, hasKeyCheck, keepBundle } from '../bundle-tasks';
import { listOf, verbOf } from '../member-list';
import type { PlanStep, WaitPart } from '../plan';
import { safely, unsafely } from '../plan-of';
import { beginsWithBundle, verifiedByBundleOf } from '../profiles';
import { runsHere } from '../subjects';
import { commandTask, fetchesCheck, installTask, programTask, serverTask, tellTask } from '../tasks';
import { agentsHaveAsked, fetchedBy, waitOf } from '../waits';

/** A member that has lost its keys, and who is concerned. */
export class LostCa {
  /** Whom it believes. */
  readonly providers: readonly Member[];
  /** Who believes it. */
  readonly believers: readonly Member[];
  /** Edges on which nothing can be fetched by the bundle that is lost. */
  readonly broken: readonly MemberEdge[];
  /** Who cannot fetch on them. */
  readonly lockedOut: readonly Member[];
  /** Who gets the new bundle with the next fetch. */
  readonly healing: readonly Member[];
  /** Who begins with a bundle in the program that is lost. */
  readonly seeded: readonly Member[];

  constructor(
    readonly mesh: Mesh,
    readonly member: Member,
    /** Whether its new CA is below a root that all have. */
    readonly isBelowRoot: boolean,
  ) {
    this.providers = [...mesh.providersOf(member.name)].flatMap((name) => {
      const provider = mesh.member(name);
      return provider && provider !== member ? [provider] : [];
    });
    this.believers = mesh.believersOf(member.name);
    this.broken = this.isBelowRoot ? [] : verifiedByBundleOf(mesh, member);
    this.lockedOut = [...new Set(this.broken.map(({ consumer }) => consumer))];
    this.seeded = isBelowRoot ? [] : mesh.members.filter((each) => each !== member && beginsWithBundle(each, member));
    this.healing = this.believers.filter((each) => !this.lockedOut.includes(each));
  }

  /** Until those have it who fetch it by themselves. */
  get fetched(): WaitPart | undefined {
    return fetchedBy(this.healing, this.member);
  }
}

/** Who cannot verify the endpoint any more gets the bundle by the API servers. */
export function lockedOutStep(lost: LostCa): PlanStep | undefined {
  const { member, broken, lockedOut } = lost;
  if (lockedOut.length === 0) return undefined;
  const here = lockedOut.filter(runsHere);
  return {
    id: 'peers',
    title: `Give the new bundle of ${member.name} to all who verify an endpoint by it`,
    why: 'They never fetch it by themselves, and another bundle in a relationship that there is does nothing. It goes by the API servers, which prove themselves by the kubeconfig.',
    tasks: [
      ...(here.length > 0 ? [keepBundle(member), ...here.map((each) => giveBundle(each, member))] : []),
      ...lockedOut
        .filter((each) => !runsHere(each))
        .map((each) =>
          tellTask(
            each,
            `${member.trustDomain} has a new CA, by which you cannot verify its endpoint: take its bundle anew, by a way that you trust`,
          ),
        ),
    ],
    wait: waitOf(agentsHaveAsked()),
    checks: broken
      .filter(({ consumer }) => runsHere(consumer))
      .map(({ consumer, provider }) => fetchesCheck(consumer, provider)),
    stop: lockedOutStop(lost),
  };
}

function lockedOutStop({ lockedOut, healing, seeded }: LostCa): PlanStep['stop'] {
  const believe = `${listOf(lockedOut)} ${verbOf(lockedOut, 'believes', 'believe')} the new CA`;
  if (healing.length > 0) return unsafely(`${believe}; ${listOf(healing)} may not have it yet`);
  return seeded.length > 0 ? unsafely(`${believe}; the program still begins with the lost one`) : safely(believe);
}

/** The others fetch it by themselves. */
export function healedStep({ member, healing, seeded, fetched, isBelowRoot }: LostCa): PlanStep | undefined {
  if (healing.length === 0) return undefined;
  const kept = isBelowRoot ? 'NEW_KEY' : 'NEW_CERT';
  const path = isBelowRoot ? 'jwt_authorities.-1.key_id' : 'x509_authorities.-1.asn1';
  return {
    id: 'fetched',
    title: `Wait until all others have fetched the new bundle of ${member.name}`,
    why: isBelowRoot
      ? 'They do so by themselves: they know the root above its CA.'
      : "They do so by themselves: the Web's authorities vouch for its endpoint.",
    tasks: [
      serverTask(member, ['bundle', 'show', '-output', 'json'], { keeps: { name: kept, path } }),
      ...healing
        .filter((each) => !runsHere(each))
        .map((each) => tellTask(each, `fetch the bundle of ${member.trustDomain}: its keys are new`)),
    ],
    wait: waitOf(fetched, agentsHaveAsked()),
    checks: healing
      .filter(runsHere)
      .map((each) => hasKeyCheck(each, member, isBelowRoot ? 'new JWT key' : 'new CA', `$${kept}`)),
    stop:
      seeded.length > 0
        ? unsafely(`all who believe ${member.name} verify what it signs; the program still begins with the lost bundle`)
        : safely(`all who believe ${member.name} verify what it signs`),
  };
}

/** No object holds a bundle of a CA that there is no more. */
export function freshSeedsStep({ member, seeded }: LostCa): PlanStep | undefined {
  if (seeded.length === 0) return undefined;
  return {
    id: 'seeds',
    title: `Let ${listOf(seeded)} begin with the new bundle of ${member.name}`,
    why: 'At servers that have the relationship it changes nothing. But the next change of its URL would put the lost bundle in the place of the live one, and a server that begins anew would begin with it.',
    tasks: [
      commandTask('spirekit', 'bundle', 'fetch', member.trustDomain, '--context', member.name, '--replace'),
      programTask(`begin with the bundle of ${member.trustDomain} that was fetched, and ${APPROVE}`),
      ...seeded.map((each) => installTask(each, Waves.trust.order)),
      commandTask('spirekit', 'lock'),
    ],
    checks: seeded.map((each) => fetchesCheck(each, member)),
    stop: safely(`${member.name} is what it was before`),
  };
}
