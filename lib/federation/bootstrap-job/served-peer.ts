import { DEFAULT_CA_TTL } from '../../core';
import { isClusterMember, type MeshMember } from '../members';
import type { Mesh } from '../mesh';
import type { Endpoint, Member } from '../model';
import { signsItself } from '../rules/first-bundle';
import { span } from '../rules/wording';
import type { PublishedBundle } from './first-bundle';

/** What is asked of a peer before its first bundle can be fetched. */
export interface ServedPeer {
  readonly name: string;
  readonly trustDomain: string;
  /** Where its bundle is fetched afterwards. */
  readonly endpoint: Endpoint;
  /** Whether its own CA is its root. */
  readonly signsItself: boolean;
  /** How long a CA lives, in words. */
  readonly caLife: string;
  /** Undefined: it is no cluster of this program. */
  readonly publishedBundle: PublishedBundle | undefined;
}

/** A member of a mesh as a peer; undefined when it serves no bundle, which the proof finds. */
export function servedPeer(mesh: Mesh, member: MeshMember, name: string): ServedPeer | undefined {
  const known: Member | undefined = mesh.member(name);
  if (!known?.endpoint) return undefined;
  return {
    name,
    trustDomain: known.trustDomain,
    endpoint: known.endpoint,
    signsItself: signsItself(known),
    caLife: span(known.caTtl ?? DEFAULT_CA_TTL),
    publishedBundle: isClusterMember(member) ? member.federation.publishedBundle : undefined,
  };
}
