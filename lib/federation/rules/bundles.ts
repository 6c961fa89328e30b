import { SpiffeId } from '@spirekit/runtime/id';
import { fetchIntervalWithoutHint, moment } from '../../core';
import { bundleContent } from '../bundle-content';
import { fingerprintsIn } from '../certificate-text';
import type { Mesh } from '../mesh';
import type { Member, Profile } from '../model';
import { seedIsOfOwnCa } from './first-bundle';
import type { MeshFinding, MeshRule } from './rule';
import { dynamicOf, type Place, remaining, span, spanInDays } from './wording';

/** Bundles that lie in the program are good, of the right trust domain, and stay good for long enough. */
export const bundles: MeshRule = {
  id: 'E15',
  severity: 'error',
  title: 'bundles in the program stay usable',
  text: 'A bundle that is written down ages. It must be readable by SPIRE, belong to the trust domain that it is given for, and outlive the time until it is surely written anew: an old one is imposed over a live one when the URL of a relationship changes. It must say how often to look for a new one, too: without a hint SPIRE derives from the lifetime of its certificates when it tries again.',
  remedy: 'paste a bundle of long-lived roots with a spiffe_refresh_hint, and renew it in time',
  source:
    'https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Trust_Domain_and_Bundle.md#4-spiffe-bundle-format',
  shownBy: ['spire/federation-rules'],

  *check(mesh, { now }) {
    for (const member of mesh.members) {
      const { seed, name, trustDomain } = member;
      if (seed) {
        const place = { member: name, property: 'seed.bundle' };
        const ofOwnCa = seedIsOfOwnCa(member);
        const bundle = { text: seed.bundle, trustDomain, profile: member.endpoint?.profile, place, ofOwnCa };
        const found = [...bundleFindings(mesh, bundle, now)];
        if (found.length === 0) found.push(...foreignRoots(bundle, member));
        yield* found.length > 0 ? found : hintFindings(mesh, bundle, now);
      }
      for (const bundle of inlineBundles(mesh, member)) {
        const found = [...bundleFindings(mesh, bundle, now)];
        if (found.length === 0) found.push(...foreignRoots(bundle, mesh.ofTrustDomain(bundle.trustDomain)));
        yield* found.length > 0 ? found : hintFindings(mesh, bundle, now);
      }
    }
  },
};

/** A bundle in the program, wherever it is. */
interface PlacedBundle {
  readonly text: string;
  /** Whose it shall be. */
  readonly trustDomain: string;
  /** Of the endpoint at which a newer one is fetched. */
  readonly profile: Profile | undefined;
  readonly place: Place;
  /** Whether it is of a CA that signs itself, of whose end the rule about first bundles speaks. */
  readonly ofOwnCa: boolean;
}

/** A bundle of other roots than those that its owner's CA is below: nobody could verify the owner by it. */
function* foreignRoots({ text, profile, place }: PlacedBundle, owner: Member | undefined): Iterable<MeshFinding> {
  if (owner?.upstream?.roots === undefined) return;
  const { problems, fingerprints } = bundleContent(text);
  const roots = fingerprintsIn(owner.upstream.roots);
  if (problems.length > 0 || roots.length === 0 || roots.some((root) => fingerprints.includes(root))) return;
  if (owner.seed?.bundle === text) {
    yield {
      ...place,
      message: 'holds none of the roots of the upstream authority, so that nobody could verify the member by it',
      remedy: 'leave it out: the bundle is made of the roots',
    };
    return;
  }
  yield {
    ...place,
    // The first fetch by https_web replaces it.
    ...(profile === 'https_web' && { severity: 'warning' as const }),
    message: `holds none of the roots above '${owner.name}', which could not be verified by it`,
    remedy: `write a bundle of the roots of '${owner.name}'`,
  };
}

function* inlineBundles(mesh: Mesh, consumer: Member): Iterable<PlacedBundle> {
  for (const placed of dynamicOf(consumer)) {
    const { bundle, trustDomain, profile } = placed.relationship;
    // The provider's seed was looked at where it is.
    if (bundle === undefined || mesh.ofTrustDomain(trustDomain)?.seed?.bundle === bundle) continue;
    yield { text: bundle, trustDomain, profile, place: placed.at('bundle'), ofOwnCa: false };
  }
}

function* bundleFindings(mesh: Mesh, bundle: PlacedBundle, now: Date): Iterable<MeshFinding> {
  const { text, trustDomain, profile, place, ofOwnCa } = bundle;
  const { problems, earliestEnd, latestStart, uris } = bundleContent(text);
  for (const { at, ...problem } of problems) {
    yield { ...place, property: `${place.property}${at}`, ...problem };
  }
  for (const uri of new Set(uris)) {
    if (!uri.toLowerCase().startsWith('spiffe:')) continue;
    const id = SpiffeId.tryParse(uri);
    if (id.ok && id.value.trustDomain.name === trustDomain) continue;
    yield {
      ...place,
      message: `holds the CA of '${uri}', not of '${trustDomain}'`,
      remedy: `paste the bundle of '${trustDomain}'`,
    };
  }
  // The first fetch by https_web replaces the bundle, whatever it holds; that by https_spiffe is verified by it.
  const inTime = { ...place, ...(profile === 'https_web' && { severity: 'warning' as const }) };
  if (latestStart !== undefined && latestStart > now.getTime()) {
    yield {
      ...inTime,
      message: `has a certificate that is not valid before ${moment(latestStart)}`,
      remedy: 'paste a bundle that is valid now, or correct the clock',
    };
  }
  if (earliestEnd === undefined || ofOwnCa) return;
  const left = (earliestEnd - now.getTime()) / 1000;
  if (left <= 0) {
    yield {
      ...inTime,
      message: `has a certificate that has ended at ${moment(earliestEnd)}`,
      remedy: 'paste the bundle of today',
    };
  } else if (left < mesh.seedShelfLife) {
    yield {
      ...inTime,
      message: `has a certificate that ends in ${remaining(left)}, but must stay usable for ${span(mesh.seedShelfLife)}`,
      remedy: 'paste a bundle of long-lived roots, or write a shorter seedShelfLife if it is renewed more often',
    };
  }
}

/** Asked of bundles that nothing else is wrong with: what has to be replaced need not be completed. */
function* hintFindings(mesh: Mesh, { text, place, ofOwnCa }: PlacedBundle, now: Date): Iterable<MeshFinding> {
  const { hasHint, shortestLife, earliestEnd } = bundleContent(text);
  if (hasHint || shortestLife === undefined || earliestEnd === undefined) return;
  if (ofOwnCa && (earliestEnd - now.getTime()) / 1000 < mesh.seedShelfLife) return; // the rule about first bundles
  const pause = spanInDays(fetchIntervalWithoutHint(shortestLife / 1000));
  yield {
    ...place,
    severity: 'warning',
    message: `has no spiffe_refresh_hint: when the first fetch fails, SPIRE tries again after ${pause}, a 40th of the shortest certificate lifetime`,
    remedy: 'add "spiffe_refresh_hint": 300',
  };
}
