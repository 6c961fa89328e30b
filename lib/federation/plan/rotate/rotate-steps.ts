import { giveBundle, hasKeyCheck, keepBundle, lacksKeyCheck, ownLacksKeyCheck } from '../bundle-tasks';
import { listOf } from '../member-list';
import type { PlanCheck, PlanOrder, PlanStep, PlanTask } from '../plan';
import { safely, unsafely } from '../plan-of';
import { fetchesCheck } from '../tasks';
import { agentsHaveAsked, waitOf } from '../waits';
import type { Authorities } from './authorities';
import type { Rotation } from './rotation';
import { svidsRenewed, tokensEnded } from './rotation';

/** How a rotation goes on. */
export interface RotationSteps {
  readonly rotation: Rotation;
  readonly order: PlanOrder;
  /** A CA that signs itself, one below an upstream authority whose root stays, or one below another root. */
  readonly ca: 'own' | 'below' | 'root';
  /** Whether the JWT key is replaced too. */
  readonly key: boolean;
}

/** All steps of a rotation in which each server replaces its own keys. */
export function rotationSteps(how: RotationSteps): PlanStep[] {
  return [
    prepareStep(how),
    activateStep(how),
    // One server after the other, so that there is one tainted CA at a time, and it is known which.
    ...how.rotation.servers.flatMap((server) => [taintStep(how, server), revokeStep(how, server)]),
  ];
}

/** The next keys are made, and everybody has them before anything is signed by them. */
export function prepareStep({ rotation, order, ca, key }: RotationSteps): PlanStep {
  const { member, servers, here, foreign, fetched } = rotation;
  const tasks: PlanTask[] = servers.flatMap((each) => [
    ...each.prepareCa(),
    ...(ca === 'below' ? [] : each.keepPrepared()),
    ...(key ? each.prepareKey() : []),
  ]);
  const isUrgent = order === 'emergency';
  const handed =
    isUrgent && here.length > 0 ? [keepBundle(member), ...here.map((each) => giveBundle(each, member))] : [];
  // Below an upstream authority whose root stays, nobody has to learn of a new CA.
  const learned = (each: Authorities): (readonly [key: string, kept: string])[] => [
    ...(ca === 'below' ? [] : [[ca === 'root' ? 'new root' : 'new CA', each.kept('PREPARED_CERT')] as const]),
    ...(key ? [['new JWT key', each.kept('PREPARED_KEY')] as const] : []),
  ];
  return {
    id: 'prepare',
    title: `Make the next keys of ${member.name}, and let all have them who believe it`,
    why: isUrgent
      ? `Who has not got the new CA refuses all that it signs, and by https_spiffe cannot fetch any more. The bundles go by the API servers, for whoever has the stolen keys can answer in the name of the endpoint.`
      : 'Nothing is signed by the new keys until everybody has them, so that nobody refuses anything.',
    tasks: [
      ...tasks,
      ...handed,
      ...rotation.tellForeign(
        isUrgent
          ? `fetch the bundle of ${member.trustDomain} now, and again when you are told that the old keys are revoked`
          : `make sure that you have fetched the bundle of ${member.trustDomain} with the new keys: they sign next`,
      ),
    ],
    wait: isUrgent
      ? waitOf(agentsHaveAsked())
      : waitOf(here.length + foreign.length > 0 ? fetched : undefined, agentsHaveAsked()),
    checks: here.flatMap((each) =>
      servers.flatMap((server) => learned(server).map(([word, kept]) => hasKeyCheck(each, member, word, kept))),
    ),
    stop: isUrgent
      ? unsafely('the stolen keys are believed as before')
      : safely(
          'all is signed by the old keys as before, and SPIRE takes the new ones by itself when the old ones are due; whoever goes on later begins here anew',
        ),
  };
}

/** From now on the new keys sign. */
export function activateStep({ rotation, order, key }: RotationSteps): PlanStep {
  const { member, servers } = rotation;
  return {
    id: 'activate',
    title: `Sign with the new keys of ${member.name}`,
    why: 'SVIDs that there are stay as they are, and are believed: only what is signed from now on is of the new keys.',
    tasks: servers.flatMap((each) => [...each.activateCa(), ...(key ? each.activateKey() : [])]),
    checks: [],
    stop:
      order === 'emergency'
        ? unsafely('the stolen keys are believed as before')
        : safely('both keys are believed; the old ones can be tainted until SPIRE makes the next ones'),
  };
}

/**
 * The member's own agents renew what the old keys have signed.
 *
 * @param others servers that taint their JWT keys in the same step
 */
export function taintStep(
  { rotation, order, ca, key }: RotationSteps,
  server: Authorities,
  others: readonly Authorities[] = [],
): PlanStep {
  const { member } = rotation;
  const renewed = ca === 'below' ? [agentsHaveAsked()] : svidsRenewed(member);
  const isAll = others.length > 0;
  return {
    id: isAll ? 'taint' : server.stepId('taint'),
    title: `Renew what the old keys of ${isAll ? member.name : server.owner} have signed`,
    why:
      ca === 'below'
        ? 'SPIRE revokes only what is tainted: agents forget the JWT-SVIDs of a tainted key, and ask for new ones.'
        : 'SPIRE revokes only what is tainted, and what is revoked before agents have asked is never renewed: taint, let them ask, then revoke.',
    tasks: [
      ...(ca === 'own' ? server.taintCa() : ca === 'root' ? server.taintRoot() : []),
      ...(key ? [server, ...others].flatMap((each) => each.taintKey()) : []),
    ],
    wait: order === 'emergency' || !key ? waitOf(...renewed) : waitOf(...renewed, tokensEnded()),
    // An https_spiffe endpoint proves itself by the new CA now: who cannot verify it would never see the next bundle.
    checks: ca === 'below' ? [] : fetchesOf(rotation),
    stop:
      order === 'emergency'
        ? unsafely(`the old keys sign nothing of ${member.name} any more, and the others believe them as before`)
        : safely('the old keys sign nothing any more, and are still believed by all who believed them'),
  };
}

/**
 * Nobody believes the old keys any more.
 *
 * @param others servers whose JWT keys are revoked in the same step
 */
export function revokeStep(how: RotationSteps, server: Authorities, others: readonly Authorities[] = []): PlanStep {
  const { rotation, order, ca, key } = how;
  const { member, here } = rotation;
  const isUrgent = order === 'emergency';
  const isAll = others.length > 0;
  const keys = key ? [server, ...others] : [];
  const gone: (readonly [key: string, kept: string])[] = [
    ...(ca === 'below' ? [] : [[ca === 'root' ? 'old root' : 'old CA', server.kept('OLD_CERT')] as const]),
    ...keys.map((each) => ['old JWT key', each.kept('OLD_KEY')] as const),
  ];
  return {
    id: isAll ? 'revoke' : server.stepId('revoke'),
    title: `Revoke the old keys of ${isAll ? member.name : server.owner}`,
    why: isUrgent
      ? 'They leave the bundle, and with it the servers of all who believe it. To wait for their next fetch would take longer, and whoever has the keys could answer it.'
      : "They leave the bundle, which is fetched as always. 'spire-server federation refresh' fetches it at once where that is too slow.",
    tasks: [
      ...(ca === 'own' ? server.revokeCa() : ca === 'root' ? server.revokeRoot() : []),
      ...keys.flatMap((each) => server.revokeKey(each)),
      ...(isUrgent && here.length > 0 ? [keepBundle(member), ...here.map((each) => giveBundle(each, member))] : []),
      ...rotation.tellForeign(`fetch the bundle of ${member.trustDomain} now: its old keys are revoked`),
    ],
    wait: waitOf(isUrgent ? rotation.fetchedByForeign : rotation.fetched, agentsHaveAsked()),
    checks: [
      ...gone.map(([word, kept]) => ownLacksKeyCheck(member, word, kept)),
      // A fetch that had begun before could bring the old keys back.
      ...(isUrgent ? fetchesOf(rotation) : []),
      ...here.flatMap((each) => gone.map(([word, kept]) => lacksKeyCheck(each, member, word, kept))),
    ],
    stop: safely(refusedState(how)),
  };
}

function refusedState({ rotation: { member, here, foreign }, ca }: RotationSteps): string {
  const believers = [...here, ...foreign];
  if (believers.length === 0) return 'nothing is left of the old keys but connections that are open';
  const what = ca === 'below' ? 'JWT-SVIDs of the old key' : 'what the old keys have signed';
  return `workloads of ${listOf([member, ...believers])} refuse ${what}; connections that are open stay`;
}

/** That the endpoint can be verified by the new keys. */
const fetchesOf = ({ here, member }: Rotation): PlanCheck[] => here.map((each) => fetchesCheck(each, member));
