import { byText } from '../../core';
import type { Member } from '../model';
import { names } from '../rules/wording';
import type { ChangeInput } from './change';
import { believes, type MeshPair, relationshipOf } from './pair';
import { authorityText, begunText, digestOf, fetchedText, listText, toldOf } from './words';

/** Of one consumer, so many edges are told one by one; more are one change of its. */
const SINGLE = 5;

/** Who believes whom among those that have stayed. */
export function* edgeChanges(pair: MeshPair): Iterable<ChangeInput> {
  for (const [is, was] of pair.kept) {
    const more = pair.newlyBelieved(is, was);
    if (more.length > SINGLE) yield manyAdded(pair, is, more);
    else for (const trustDomain of more) yield addedEdge(pair, is, trustDomain);
    const less = pair.noLongerBelieved(is, was);
    if (less.length > SINGLE) yield manyRemoved(pair, is, less);
    else for (const trustDomain of less) yield removedEdge(pair, is, trustDomain);
  }
}

const isForeign = ({ platform }: Member): boolean => platform === 'external';

function addedEdge(pair: MeshPair, consumer: Member, trustDomain: string): ChangeInput {
  const provider = pair.is.ofTrustDomain(trustDomain);
  // So it was, and so it has stayed: the other direction alone.
  const wasOneWay =
    provider !== undefined &&
    believes(pair.is, provider, consumer.trustDomain) &&
    pair.kept.has(provider) &&
    believes(pair.was, pair.kept.get(provider) as Member, consumer.trustDomain);
  const peer = pair.nameOf(trustDomain);
  return {
    kind: wasOneWay ? 'edge-made-mutual' : 'edge-added',
    ...decisionOf(consumer),
    member: consumer.name,
    peer,
    is: toldText(pair, consumer, trustDomain),
    message: `${wasOneWay ? `was believed by '${peer}' alone, and believes it from now on` : `believes '${peer}' from now on`}: workloads of '${consumer.name}' whose identities name it verify what a CA of '${trustDomain}' signs`,
    remedy: isForeign(consumer)
      ? `tell those who run '${consumer.name}'`
      : 'approve it, or leave the edge out; let identities name the peer only when its bundle is there',
  };
}

/** What others do with their own system is theirs to decide. */
const decisionOf = (consumer: Member): Pick<ChangeInput, 'effect'> => ({
  effect: isForeign(consumer) ? 'note' : 'approval',
});

function manyAdded(pair: MeshPair, consumer: Member, trustDomains: readonly string[]): ChangeInput {
  const peers = trustDomains.map((trustDomain) => pair.nameOf(trustDomain));
  return {
    kind: 'edges-added',
    ...decisionOf(consumer),
    member: consumer.name,
    is: `${listText(peers)}, as told in digest ${digestOf([...trustDomains].sort(byText).map((each) => toldText(pair, consumer, each)))}`,
    message: `believes ${peers.length} members from now on that it did not: ${names(peers)}`,
    remedy: isForeign(consumer)
      ? `tell those who run '${consumer.name}'`
      : 'approve it, which approves all of these edges, or leave edges out',
  };
}

/** How a consumer is to fetch, and what it begins with. */
function toldText({ is }: MeshPair, consumer: Member, trustDomain: string): string {
  const told = relationshipOf(consumer, trustDomain);
  const endpoint = is.ofTrustDomain(trustDomain)?.endpoint;
  if (told) return `${begunText(told, told)}${authorityText(endpoint)}`;
  return endpoint ? `${fetchedText(toldOf(endpoint))}${authorityText(endpoint)}` : `'${trustDomain}'`;
}

function removedEdge(pair: MeshPair, consumer: Member, trustDomain: string): ChangeInput {
  const provider = pair.is.ofTrustDomain(trustDomain);
  const goesOn = provider !== undefined && believes(pair.is, provider, consumer.trustDomain);
  const peer = pair.nameOf(trustDomain);
  return {
    kind: 'edge-removed',
    effect: 'note',
    member: consumer.name,
    peer,
    was: `'${trustDomain}'`,
    message: `no longer has a relationship with '${peer}', but goes on to believe it until its bundle is deleted there${goesOn ? `; '${peer}' goes on to believe '${consumer.name}'` : ''}`,
    remedy: `follow 'spirekit plan remove ${peer} --from ${consumer.name}': to delete a relationship ends no trust`,
  };
}

function manyRemoved(pair: MeshPair, consumer: Member, trustDomains: readonly string[]): ChangeInput {
  const peers = trustDomains.map((trustDomain) => pair.nameOf(trustDomain));
  return {
    kind: 'edges-removed',
    effect: 'note',
    member: consumer.name,
    was: listText(peers),
    message: `no longer has relationships with ${peers.length} members, ${names(peers)}, but goes on to believe them until their bundles are deleted there`,
    remedy: `follow 'spirekit plan remove NAME --from ${consumer.name}' for each: to delete a relationship ends no trust`,
  };
}
