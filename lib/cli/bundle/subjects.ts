import type { TrustDomain } from '@spirekit/runtime/id';
import { TrustDomain as TrustDomains } from '@spirekit/runtime/id';
import { nearest } from '../../core';
import { folderContent, type Member, type Mesh, readBundle } from '../../federation';
import { UsageFailure } from '../failure';
import { COMMAND, trustDomainOf } from './bundle-input';

/** Whose bundle is fetched. */
export interface Subject {
  readonly trustDomain: TrustDomain;
  /** Undefined: no federation is asked. */
  readonly member?: Member;
}

/** Those that are named, by their trust domains. */
export const namedSubjects = (names: readonly string[]): readonly Subject[] =>
  [...new Set(names)].map((name) => ({ trustDomain: trustDomainOf(name) }));

/**
 * Members that are named, by their trust domains or by their names in the federation.
 *
 * @throws UsageFailure if there is no such member
 */
export function membersNamed(mesh: Mesh, names: readonly string[]): readonly Subject[] {
  const known = mesh.members.flatMap(({ name, trustDomain }) => [trustDomain, name]);
  const found = names.map((name) => {
    const member = mesh.ofTrustDomain(name) ?? mesh.member(name);
    if (member) return member;
    const hint = nearest(name, known) || `; there is ${mesh.members.map((each) => each.trustDomain).join(', ')}`;
    throw new UsageFailure(`'${name}' is no member of the federation${hint}`, COMMAND);
  });
  // Some may be named twice, in one way or in both.
  return [...new Set(found)].map((member) => ({ trustDomain: trustDomainOf(member.trustDomain), member }));
}

/**
 * Members whose bundle somebody begins with: those of `https_spiffe` whom somebody believes, unless the program has a bundle
 * of them that is made of their roots; and those of whom the folder has one, so that it is renewed.
 */
export function membersInNeed(mesh: Mesh, folder: string): readonly Subject[] {
  const content = folderContent(folder);
  const stored = 'message' in content ? new Map() : content.byTrustDomain;
  return mesh.members.flatMap((member) => {
    const parsed = TrustDomains.tryParse(member.trustDomain);
    if (!parsed.ok || member.endpoint === undefined) return [];
    const isNeeded = stored.has(member.trustDomain) || needsSeed(mesh, member);
    return isNeeded ? [{ trustDomain: parsed.value, member }] : [];
  });
}

/** Whether somebody cannot fetch a member's bundle without one to begin with, and the program has none. */
export function needsSeed(mesh: Mesh, { name, trustDomain, endpoint, seed }: Member): boolean {
  if (endpoint?.profile !== 'https_spiffe' || !isBelieved(mesh, name, trustDomain)) return false;
  const parsed = TrustDomains.tryParse(trustDomain);
  return parsed.ok && (seed === undefined || 'message' in readBundle(parsed.value, seed.bundle));
}

/** Whether a cluster of the federation begins with the bundle, rather than a Job in it that fetches one. */
const isBelieved = (mesh: Mesh, name: string, trustDomain: string): boolean =>
  mesh.consumersOf(name).some(({ relationships = [] }) => {
    const own = relationships.filter((each) => each.trustDomain === trustDomain);
    return own.length === 0 || own.some(({ firstBundle }) => firstBundle === undefined);
  });
