import { byText, pushTo } from '../../core';
import type { Mesh } from '../mesh';
import type { Member, Relationship } from '../model';
import { relationshipsWith } from '../relationship-index';
import { rootsDigest } from '../roots-digest';
import { keptMembers, otherNamesake } from '../rules/previous';

/** A federation beside what it was: who has stayed, who is new, who is gone. */
export class MeshPair {
  /** Members that have stayed, in their order now, each with what it was. */
  readonly kept: ReadonlyMap<Member, Member>;
  /** Clusters of which the name has stayed and the trust domain has not, with what they were. */
  readonly replaced: ReadonlyMap<Member, Member>;
  private readonly successors: ReadonlyMap<string, string>;
  private readonly digests = new Map<string, string>();
  private readonly webRoots = new WeakMap<Member, ReadonlySet<string>>();
  private believers: ReadonlyMap<string, readonly Member[]> | undefined;
  private formerBelievers: ReadonlyMap<string, readonly Member[]> | undefined;
  /** Members that are new, in their order. */
  readonly added: ReadonlySet<Member>;
  /** Members that are gone, by name. */
  readonly removed: ReadonlySet<Member>;

  constructor(
    readonly was: Mesh,
    readonly is: Mesh,
  ) {
    this.kept = new Map(keptMembers(is, was));
    this.replaced = new Map(
      is.members.flatMap((member): [Member, Member][] => {
        const before = otherNamesake(member, is, was);
        return before ? [[member, before]] : [];
      }),
    );
    this.successors = new Map(
      [...this.replaced].flatMap(([member, before]): [string, string][] =>
        is.ofTrustDomain(before.trustDomain) ? [] : [[before.trustDomain, member.trustDomain]],
      ),
    );
    this.added = new Set(is.members.filter((member) => !this.kept.has(member) && !this.replaced.has(member)));
    const known = new Set([...this.kept.values(), ...this.replaced.values()]);
    const gone = was.members.filter((member) => !known.has(member));
    // A lock has them in this order, whatever order they had.
    this.removed = new Set(gone.sort((a, b) => byText(a.name, b.name)));
  }

  /** The trust domain that a cluster has now, by the one that it had: a change of it is told once. */
  nowOf(trustDomain: string): string {
    return this.successors.get(trustDomain) ?? trustDomain;
  }

  /** What a trust domain is called: the member that it belongs to, or belonged to. */
  nameOf(trustDomain: string): string {
    return (this.is.ofTrustDomain(trustDomain) ?? this.was.ofTrustDomain(trustDomain))?.name ?? trustDomain;
  }

  /** Trust domains that a member believes and did not, of those whom another change does not speak of. */
  newlyBelieved(is: Member, was: Member): string[] {
    return [...believed(this.is, is)].filter((trustDomain) => {
      const provider = this.is.ofTrustDomain(trustDomain);
      if (provider && (this.added.has(provider) || this.replaced.has(provider))) return false;
      return !believes(this.was, was, trustDomain);
    });
  }

  /** Trust domains that a member believed and does not, of those whom another change does not speak of. */
  noLongerBelieved(is: Member, was: Member): string[] {
    const gone = new Set(this.replaced.values());
    return [...believed(this.was, was)].sort(byText).filter((trustDomain) => {
      const provider = this.was.ofTrustDomain(trustDomain);
      if (provider && (this.removed.has(provider) || gone.has(provider))) return false;
      return !believes(this.is, is, trustDomain);
    });
  }

  /** The members that believe another. */
  believersOf({ trustDomain }: Member): readonly Member[] {
    this.believers ??= believersIn(this.is);
    return this.believers.get(trustDomain) ?? [];
  }

  /** The members that believed another. */
  formerBelieversOf({ trustDomain }: Member): readonly Member[] {
    this.formerBelievers ??= believersIn(this.was);
    return this.formerBelievers.get(trustDomain) ?? [];
  }

  /** Digest of root certificates, which many may have: read once. */
  digestOfRoots(pem: string): string {
    const digest = this.digests.get(pem) ?? rootsDigest(pem);
    this.digests.set(pem, digest);
    return digest;
  }

  /** Digests of the roots that a member's server believes beside the system's. */
  webRootsOf(member: Member): ReadonlySet<string> {
    const roots = this.webRoots.get(member) ?? new Set((member.webRoots ?? []).map((pem) => this.digestOfRoots(pem)));
    this.webRoots.set(member, roots);
    return roots;
  }

  /** The members that believe another, among those that have stayed. */
  keptBelievers(provider: Member): readonly Member[] {
    return this.believersOf(provider).filter((consumer) => this.kept.has(consumer));
  }
}

/** Who believes each trust domain, in the order of the members. */
function believersIn(mesh: Mesh): ReadonlyMap<string, readonly Member[]> {
  const believers = new Map<string, Member[]>();
  for (const member of mesh.members) {
    for (const trustDomain of believed(mesh, member)) pushTo(believers, trustDomain, member);
  }
  return believers;
}

/** Trust domains that a member believes, by what its server is told or by what is declared; its own is not among them. */
export function* believed(mesh: Mesh, member: Member): Iterable<string> {
  const trusted = mesh.trustedBy(member);
  for (const trustDomain of trusted) if (trustDomain !== member.trustDomain) yield trustDomain;
  if (isDeaf(member)) return;
  for (const name of mesh.providersOf(member.name)) {
    const trustDomain = mesh.member(name)?.trustDomain;
    if (trustDomain === undefined || trustDomain === member.trustDomain || trusted.has(trustDomain)) continue;
    yield trustDomain;
  }
}

/** Whether a member is not known to fetch, whatever is declared of it. */
const isDeaf = ({ platform, fetches }: Member): boolean => platform === 'external' && fetches === undefined;

/** Whether a member believes a trust domain. */
export function believes(mesh: Mesh, member: Member, trustDomain: string): boolean {
  if (mesh.trusts(member, trustDomain)) return true;
  if (isDeaf(member)) return false;
  const provider = mesh.ofTrustDomain(trustDomain);
  return provider !== undefined && mesh.hasEdge(member.name, provider.name);
}

/** What a member's server goes by: where its own configuration says something else than the object, that is what counts. */
export function relationshipOf(member: Member, trustDomain: string): Omit<Relationship, 'path'> | undefined {
  const { object, configured } = relationshipsWith(member, trustDomain);
  return object && configured ? { ...object, ...configured } : (configured ?? object);
}
