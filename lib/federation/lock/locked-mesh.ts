import { byText, sha256, sortedByName } from '../../core';
import { bundleDigest } from '../bundle-digest';
import type { Mesh } from '../mesh';
import type { Identity, Member, MeshData } from '../model';
import { acceptanceKind, budgetsKind, edgeKind, memberKind } from '../model-kinds';
import { inModelOrder } from '../plain-data';
import { rootsDigest } from '../roots-digest';
import { LOCK_SCHEMA, type LockContent } from './lock-document';
import { lockedBundle, lockedRoots } from './locked-bundle';

/** What a lock says of meshes: bundles and roots stand in it once, by what they are known by, however many hold them. */
export function lockContent(meshes: ReadonlyMap<string, Mesh>): LockContent {
  const texts = new Texts();
  const locked = [...meshes].map(([name, mesh]) => [name, lockedData(mesh, texts)] as const);
  const bundles = [...texts.bundles].map(([digest, { text, of }]) => [digest, lockedBundle(text, of)] as const);
  const roots = [...texts.roots].map(([digest, pem]) => [digest, lockedRoots(pem)] as const);
  return {
    schema: LOCK_SCHEMA,
    bundles: sortedByName(Object.fromEntries(bundles)),
    roots: sortedByName(Object.fromEntries(roots)),
    meshes: sortedByName(Object.fromEntries(locked)),
  };
}

/**
 * The data of a mesh with digests in the place of bundles and roots: members by name, edges by consumer and provider.
 * Acceptances of warnings are in it, as they say why something is as it is.
 */
function lockedData(mesh: Mesh, texts: Texts): MeshData {
  const { members, edges, seedShelfLife, sharedRoots, budgets, accepted } = mesh.data();
  return {
    members: members
      .map((member) => inModelOrder(memberKind, lockedMember(member, texts)))
      .sort((a, b) => byText(a.name, b.name)),
    edges: edges
      .map((edge) => inModelOrder(edgeKind, edge))
      .sort((a, b) => byText(a.consumer, b.consumer) || byText(a.provider, b.provider)),
    ...(seedShelfLife !== undefined && { seedShelfLife }),
    ...(sharedRoots && { sharedRoots }),
    ...(budgets && Object.keys(budgets).length > 0 && { budgets: inModelOrder(budgetsKind, budgets) }),
    ...(accepted && accepted.length > 0 && { accepted: accepted.map((each) => inModelOrder(acceptanceKind, each)) }),
  };
}

function lockedMember(member: Member, texts: Texts): Member {
  const { trustDomain, upstream, endpoint, seed, webRoots, relationships, staticRelationships, identities, exporter } =
    member;
  const byTrustDomain = (a: { trustDomain: string }, b: { trustDomain: string }) =>
    byText(a.trustDomain, b.trustDomain);
  const byName = (a: { name: string }, b: { name: string }) => byText(a.name, b.name);
  // Of two relationships with one trust domain the first acts, and stays the first: sorting keeps the order of equals.
  return {
    ...member,
    ...(upstream?.roots !== undefined && { upstream: { ...upstream, roots: texts.ofRoots(upstream.roots) } }),
    ...(endpoint && { endpoint: lockedEndpoint(endpoint, texts) }),
    ...(seed && { seed: { ...seed, bundle: texts.ofBundle(seed.bundle, trustDomain) } }),
    ...(webRoots && { webRoots: sorted(webRoots.map((pem) => texts.ofRoots(pem))) }),
    ...(relationships && {
      relationships: relationships
        .map(({ bundle, ...rest }) => ({
          ...rest,
          ...(bundle !== undefined && { bundle: texts.ofBundle(bundle, rest.trustDomain) }),
        }))
        .sort(byTrustDomain),
    }),
    ...(staticRelationships && { staticRelationships: [...staticRelationships].sort(byTrustDomain) }),
    ...(identities && { identities: identities.map(lockedIdentity).sort(byName) }),
    ...(exporter && { exporter: exporter.map(lockedIdentity).sort(byName) }),
  };
}

/** Whom an identity names and accepts are sets, in whatever order they are written. */
function lockedIdentity({ federatesWith, accepts, ...rest }: Identity): Identity {
  return {
    ...rest,
    federatesWith: sorted(federatesWith),
    ...(accepts !== undefined && { accepts: typeof accepts === 'string' ? accepts : sorted(accepts) }),
  };
}

const sorted = (texts: readonly string[]): string[] => [...texts].sort(byText);

function lockedEndpoint(endpoint: NonNullable<Member['endpoint']>, texts: Texts): Member['endpoint'] {
  const { certificate } = endpoint;
  if (certificate?.trust.roots === undefined) return endpoint;
  const trust = { ...certificate.trust, roots: texts.ofRoots(certificate.trust.roots) };
  return { ...endpoint, certificate: { ...certificate, trust } };
}

/** Texts by their digests. */
class Texts {
  readonly bundles = new Map<string, { readonly text: string; readonly of: Set<string> }>();
  readonly roots = new Map<string, string>();
  /** The bundle of a provider is the same text at all who believe it. */
  private readonly digests = new Map<string, string>();

  ofBundle(text: string, trustDomain: string): string {
    const digest = this.digests.get(text) ?? bundleDigest(text) ?? `sha256:${sha256(text)}`;
    this.digests.set(text, digest);
    const known = this.bundles.get(digest) ?? { text, of: new Set() };
    known.of.add(trustDomain);
    this.bundles.set(digest, known);
    return digest;
  }

  ofRoots(pem: string): string {
    const digest = rootsDigest(pem);
    if (!this.roots.has(digest)) this.roots.set(digest, pem);
    return digest;
  }
}

/** What is no bundle is known by its text. */
