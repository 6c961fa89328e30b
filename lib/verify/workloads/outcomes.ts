import { doubtful, type Outcome, ok, unseen, wrong } from '../verdict';
import { ALONE, PLAIN } from './identities';
import type { MeetingResult, SideResult } from './meeting';
import type { Meetings } from './meetings';
import { isBelieved, type Participant } from './participant';
import type { Stage } from './stage';

/*
 * What is concluded from what pods were given, and from what both sides of handshakes say. Nothing here asks a cluster.
 */

/** Codes that say that there was no handshake which anything could be concluded from. */
const NO_HANDSHAKE = new Set(['handshake-failed', 'handshake-timeout', 'failed']);

/** Why a certificate is refused, in the words of the standard. */
const CAUSES: Readonly<Record<string, string>> = {
  'no-bundle': 'unknown authority: it has no bundle of the trust domain',
  'no-path': 'unknown authority: no authority of the bundle has signed the certificate',
  'bundle-empty': 'the bundle of the trust domain is empty',
};

const podPlace = (stage: Stage, pod: string): string => `pod ${stage.namespace}/${pod}`;

/** Whether the pods of a member have the SPIFFE IDs that they should have; those that name a peer are told with the edge. */
export function identityOutcomes(stage: Stage): readonly Outcome[] {
  return [PLAIN, ALONE].map(({ pod, name }) => {
    const { ids, problem } = stage.givenTo(pod);
    const [id, expected] = [ids.get(name), stage.idOf(name)];
    const where = podPlace(stage, pod);
    if (id === expected) return ok(`the pod got ${id}`, where);
    if (id !== undefined) {
      return wrong('the pod got another SPIFFE ID than its ClusterSPIFFEID says', where, {
        evidence: `${id}, not ${expected}`,
      });
    }
    const others = [...ids].map(([hint, other]) => `${other} (hint '${hint}')`);
    const evidence = problem ?? (others.length > 0 ? `it got ${others.join(', ')}` : 'the Workload API gave nothing');
    return wrong(`the pod did not get ${expected}`, where, { evidence });
  });
}

/** Whether a pod whose identity names a peer gets identity and bundle. */
export function bundleOutcome(stage: Stage, trustDomain: string): Outcome {
  const { ids, bundles, problem } = stage.givenTo(PLAIN.pod);
  const where = podPlace(stage, PLAIN.pod);
  const authorities = bundles.get(trustDomain);
  const expected = stage.idOf(trustDomain);
  if (ids.get(trustDomain) !== expected) {
    const evidence = problem ?? `it got ${[...ids.values()].join(', ') || 'nothing'}`;
    return wrong(`the pod did not get the identity that names ${trustDomain}`, where, { evidence });
  }
  if (authorities === undefined || authorities === 0) {
    const evidence = `it got bundles of ${[...bundles.keys()].join(', ') || 'nobody'}`;
    return wrong(`the pod did not get the bundle of ${trustDomain} with its identity`, where, { evidence });
  }
  return ok(`the pod got ${expected}, and the bundle of ${trustDomain}`, where, `${authorities} X.509 authorities`);
}

/** Whether a workload of the consumer accepts one of the provider. */
export async function acceptsOutcomes(
  meetings: Meetings,
  consumer: Participant,
  provider: Participant,
): Promise<readonly Outcome[]> {
  const expected = expectedOf(meetings, provider, consumer);
  const asClient = await meetings.ofBoth(consumer, provider);
  const outcomes = [acceptance(asClient, asClient.client, 'client', expected, placeOf(meetings, consumer, provider))];
  if (isBelieved(provider, consumer)) {
    const asServer = await meetings.ofBoth(provider, consumer);
    // A client that refuses first does not show who it is; that it refuses is told with its own edge.
    if (!refusesFirst(asServer)) {
      outcomes.push(acceptance(asServer, asServer.server, 'server', expected, placeOf(meetings, consumer, provider)));
    }
  }
  return outcomes;
}

const refusesFirst = ({ client, server }: MeetingResult): boolean =>
  client?.accepted === false && !NO_HANDSHAKE.has(client.code ?? '') && server?.accepted === false;

function acceptance(
  { client, server, problem }: MeetingResult,
  own: SideResult | undefined,
  side: 'client' | 'server',
  expected: string,
  where: string,
): Outcome {
  if (!own) return unseen(`there was no handshake as ${side}: ${problem}`, where);
  const evidence = sidesText(client, server);
  if (own.accepted && own.peer === expected) return ok(`as ${side} it accepted ${expected}`, where, evidence);
  if (own.accepted) return wrong(`as ${side} it accepted another identity than ${expected}`, where, { evidence });
  if (NO_HANDSHAKE.has(own.code ?? '')) {
    return unseen(`there was no handshake as ${side}: ${own.message ?? own.code ?? ''}`, where, { evidence });
  }
  return wrong(`as ${side} it refused ${expected}: ${reasonOf(own)}`, where, { evidence });
}

/** Whether a workload of the consumer refuses another identity of the provider than the one that it expects. */
export async function exactOutcome(meetings: Meetings, consumer: Participant, provider: Participant): Promise<Outcome> {
  const { client, server, problem } = await meetings.withOther(consumer, provider);
  const where = placeOf(meetings, consumer, provider);
  if (!client) return unseen(`there was no handshake: ${problem}`, where);
  const evidence = sidesText(client, server);
  if (client.accepted)
    return wrong(`it accepted ${client.peer ?? 'an identity'}, which it did not expect`, where, { evidence });
  if (client.code === 'not-authorized')
    return ok(`it refused ${client.peer ?? 'another identity'}, which it did not expect`, where, evidence);
  return unseen(`whether it refuses another identity cannot be told: ${reasonOf(client)}`, where, { evidence });
}

/** Whether the pod of the consumer that names nobody refuses the provider. */
export async function aloneOutcome(meetings: Meetings, consumer: Participant, provider: Participant): Promise<Outcome> {
  const { client, server, problem } = await meetings.ofAlone(consumer, provider);
  const { stage } = meetings.identityFor(consumer, provider);
  const where = podPlace(stage, ALONE.pod);
  if (!client) return unseen(`there was no handshake: ${problem}`, where);
  const evidence = sidesText(client, server);
  const trustDomain = provider.member.trustDomain;
  if (isUnknownAuthority(client)) return ok(`the pod refused ${trustDomain}: ${reasonOf(client)}`, where, evidence);
  if (client.accepted && stage.givenTo(ALONE.pod).bundles.has(trustDomain)) {
    return doubtful(`a pod whose identity does not name ${trustDomain} gets its bundle, and trusts it`, where, {
      evidence,
    });
  }
  if (client.accepted) return wrong(`the pod accepted ${trustDomain} without its bundle`, where, { evidence });
  return unseen(`whether it refuses ${trustDomain} cannot be told: ${reasonOf(client)}`, where, { evidence });
}

/** Whether a workload of a member refuses one of a member that it does not believe. */
export async function undeclaredOutcome(meetings: Meetings, one: Participant, other: Participant): Promise<Outcome> {
  const { client, server, problem } = await meetings.ofBoth(one, other);
  const where = placeOf(meetings, one, other);
  if (!client) return unseen(`there was no handshake: ${problem}`, where);
  const evidence = sidesText(client, server);
  const { trustDomain } = other.member;
  if (isUnknownAuthority(client)) return ok(`it refused ${trustDomain}: ${reasonOf(client)}`, where, evidence);
  if (client.accepted)
    return wrong(`it accepted ${client.peer ?? trustDomain}, though nothing is declared`, where, { evidence });
  return unseen(`whether it refuses ${trustDomain} cannot be told: ${reasonOf(client)}`, where, { evidence });
}

/** SPIFFE ID of a member's workload towards another. */
function expectedOf(meetings: Meetings, one: Participant, other: Participant): string {
  const { stage, identity } = meetings.identityFor(one, other);
  return stage.idOf(identity);
}

function placeOf(meetings: Meetings, one: Participant, other: Participant): string {
  const { stage, pod } = meetings.identityFor(one, other);
  return podPlace(stage, pod);
}

const isUnknownAuthority = ({ accepted, code, cause }: SideResult): boolean =>
  !accepted && code === 'svid-refused' && (cause === 'no-bundle' || cause === 'no-path');

function reasonOf({ code, cause, message }: SideResult): string {
  return (cause !== undefined ? CAUSES[cause] : undefined) ?? message ?? cause ?? code ?? 'for no reason that it says';
}

const sidesText = (client: SideResult | undefined, server: SideResult | undefined): string =>
  [`client: ${sideText(client)}`, `server: ${sideText(server)}`].join('; ');

function sideText(side: SideResult | undefined): string {
  if (!side) return 'no result';
  const words = [side.ok ? 'ok' : (side.code ?? 'failed'), side.cause].filter(Boolean).join('/');
  return side.peer === undefined ? words : `${words}, sees ${side.peer}`;
}
