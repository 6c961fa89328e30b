import { byText } from '../../core';
import { blastRadius } from '../analysis/blast-radius';
import type { Mesh } from '../mesh';
import type { Member } from '../model';
import { operatorImmutables } from '../rules/operator-immutables';
import type { MeshFinding } from '../rules/rule';
import { trustDomainChanges } from '../rules/trust-domain-change';
import { names } from '../rules/wording';
import { normalUrl } from '../url';
import type { ChangeInput } from './change';
import { believed, believes, type MeshPair, relationshipOf } from './pair';
import { authorityText, begunText, digestOf, listText, toldOf, upstreamText } from './words';

/** Who is new, gone, called otherwise, or runs on something else. */
export function* memberChanges(pair: MeshPair): Iterable<ChangeInput> {
  for (const [is, was] of pair.kept) {
    yield* nameChange(is, was);
    yield* platformChange(pair, is, was);
  }
  yield* addedMembers(pair);
  for (const member of pair.removed) yield removedMember(pair, member);
}

/** What SPIRE and the operator of ZTWIM refuse, as their rules say. */
export function* forbiddenChanges({ was, is, kept, replaced }: MeshPair): Iterable<ChangeInput> {
  const context = { now: new Date(0), previous: was, rules: [], findings: [] };
  for (const finding of trustDomainChanges.check(is, context)) {
    const member = is.member(finding.member);
    const before = member && replaced.get(member);
    yield forbidden('trust-domain-changed', finding, before?.trustDomain, member?.trustDomain);
  }
  for (const finding of operatorImmutables.check(is, context)) {
    const member = is.member(finding.member);
    const before = member && kept.get(member);
    yield forbidden('operator-immutable', finding, immutableText(before), immutableText(member));
  }
}

function forbidden(
  kind: 'trust-domain-changed' | 'operator-immutable',
  { member, property, message, remedy }: MeshFinding,
  was: string | undefined,
  is: string | undefined,
): ChangeInput {
  return {
    kind,
    effect: 'forbidden',
    member,
    ...(was !== undefined && { was }),
    ...(is !== undefined && { is }),
    message: `must keep its ${property}, which ${message}`,
    remedy,
  };
}

/** What an operator does not change about an endpoint. */
function immutableText(member: Member | undefined): string | undefined {
  const { endpoint } = member ?? {};
  if (!endpoint) return undefined;
  const { certificate } = endpoint;
  return certificate ? `${endpoint.profile}, certificate from ${certificate.source}` : endpoint.profile;
}

function* nameChange(is: Member, was: Member): Iterable<ChangeInput> {
  if (is.name === was.name) return;
  yield {
    kind: 'member-renamed',
    effect: 'note',
    member: is.name,
    was: was.name,
    is: is.name,
    message: `is the member of '${is.trustDomain}', which was called '${was.name}': the trust stays as it is, but files, folders and resources are named by it`,
    remedy:
      'with Pulumi, give the old names as aliases, or its objects are made anew; with files, delete the old folder',
  };
}

function* platformChange(pair: MeshPair, is: Member, was: Member): Iterable<ChangeInput> {
  if (is.platform === was.platform) return;
  const believers = pair.keptBelievers(is).map(({ name }) => name);
  yield {
    kind: 'platform-changed',
    effect: 'approval',
    member: is.name,
    was: was.platform,
    is: is.platform,
    message: `runs on another platform: that is another installation, with keys of its own${believers.length > 0 ? `, which ${names(believers)} will believe as '${is.trustDomain}'` : ''}`,
    remedy: `approve it, and have the others believe its new keys by the steps of 'spirekit plan recover ${is.name}'; or keep '${was.platform}'`,
  };
}

function* addedMembers(pair: MeshPair): Iterable<ChangeInput> {
  if (pair.added.size === 0) return;
  const reach = reachOf(pair.is);
  for (const member of pair.added) {
    const believers = pair.believersOf(member);
    const others = believers.filter((consumer) => pair.kept.has(consumer) || pair.replaced.has(consumer));
    const [first] = others;
    const providers = [...believed(pair.is, member)].map((trustDomain) => pair.nameOf(trustDomain));
    const { name, trustDomain, platform } = member;
    yield {
      kind: 'member-added',
      // Whom nobody believes that was there can deceive nobody that was there.
      effect: first ? 'approval' : 'note',
      member: name,
      is: `'${trustDomain}' (${platform})${believedText(member, believers)}; believed by ${listText(believers.map((each) => each.name))}; believes ${listText(providers)}`,
      message: `is new${first ? `, and believed by ${names(others.map((each) => each.name))}` : ', and believed by nobody who was there'}; ${believers.length + providers.length > 0 ? 'its edges in both directions are part of this' : 'it believes nobody either'}${reach(name)}`,
      remedy: `${first ? 'approve it, which approves its edges too, and ' : ''}bring it in by the steps of 'spirekit plan add ${name}': bundles before identities`,
    };
  }
}

/** All that decides who is believed with a new member: where it is fetched, what is believed at first, and whose roots. */
function believedText(member: Member, believers: readonly Member[]): string {
  const { endpoint, seed, trustDomain, upstream } = member;
  const own = endpoint && begunText({ ...toldOf(endpoint), url: normalUrl(endpoint.url) }, seed ?? {});
  const told = new Set(
    believers.flatMap((consumer) => {
      const relationship = relationshipOf(consumer, trustDomain);
      return relationship ? begunText({ ...relationship, url: normalUrl(relationship.url) }, relationship) : [];
    }),
  );
  // As a rule all are told what the endpoint is.
  if (own !== undefined) told.delete(own);
  const otherwise = [...told].sort().map((text) => `told ${text}`);
  const { hostedBy } = endpoint ?? {};
  return [
    ...(own === undefined ? [] : [`${own}${authorityText(endpoint)}`]),
    ...(hostedBy === undefined || hostedBy === trustDomain ? [] : [`served by '${hostedBy}'`]),
    ...(upstream ? [`with a CA below ${upstreamText(member)}`] : []),
    ...(otherwise.length > 1 ? [`told in ${otherwise.length} other ways (digest ${digestOf(otherwise)})`] : otherwise),
  ]
    .map((text) => `, ${text}`)
    .join('');
}

/** What an outage and a theft would do, as clauses. */
function reachOf(mesh: Mesh): (member: string) => string {
  const { outages, compromises } = blastRadius(mesh);
  const taken = new Map(outages.map(({ member, authentication }) => [member, authentication]));
  const deceived = new Map(compromises.flatMap((each) => (each.kind === 'ca' ? [[each.of, each.deceived]] : [])));
  return (member) => {
    const [outage, theft] = [taken.get(member) ?? 0, deceived.get(member) ?? 0];
    const parts = [
      ...(outage > 0 ? [`its outage can take ${counted(outage)} of others with it`] : []),
      ...(theft > 0 ? [`a theft of its CA can deceive ${counted(theft)}`] : []),
    ];
    return parts.map((part) => `; ${part}`).join('');
  };
}

const counted = (count: number): string => `${count} ${count === 1 ? 'identity' : 'identities'}`;

function removedMember(pair: MeshPair, member: Member): ChangeInput {
  const { name, trustDomain, platform } = member;
  const left = pair.formerBelieversOf(member).filter((consumer) => {
    const now = pair.is.ofTrustDomain(consumer.trustDomain);
    return now !== undefined && !pair.removed.has(consumer) && !believes(pair.is, now, trustDomain);
  });
  const believers = left.map((consumer) => pair.nameOf(consumer.trustDomain)).sort(byText);
  return {
    kind: 'member-removed',
    effect: 'note',
    member: name,
    was: `'${trustDomain}' (${platform})`,
    message:
      believers.length === 0
        ? 'is gone, and nobody who is left has believed it; its edges are part of this'
        : `is gone; its edges are part of this, but ${names(believers)} ${believers.length === 1 ? 'goes' : 'go'} on to believe it until its bundle is deleted there`,
    ...(believers.length > 0 && {
      remedy: `follow 'spirekit plan remove ${name}': to delete its relationships ends no trust`,
    }),
  };
}
