import { SpiffeId } from '@spirekit/runtime/id';
import { bundleContent } from '../bundle-content';
import { fingerprintsIn } from '../certificate-text';
import type { Mesh } from '../mesh';
import type { Member } from '../model';
import { seedIsOfOwnCa } from './first-bundle';
import type { MeshFinding, MeshRule } from './rule';
import { dynamicOf, moment, type Place, span } from './wording';

/** Bundles that lie in the program are good, of the right trust domain, and stay good for long enough. */
export const bundles: MeshRule = {
  id: 'E15',
  severity: 'error',
  title: 'bundles in the program stay usable',
  text: 'A bundle that is written down ages. It must be readable by SPIRE, belong to the trust domain that it is given for, and outlive the time until it is surely written anew: an old one is imposed over a live one when the URL of a relationship changes.',
  remedy: 'paste a bundle of long-lived roots, and renew it in time',
  source:
    'https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Trust_Domain_and_Bundle.md#4-spiffe-bundle-format',

  *check(mesh, { now }) {
    for (const member of mesh.members) {
      const { seed, name, trustDomain } = member;
      if (seed) {
        const place = { member: name, property: 'seed.bundle' };
        const found = [...bundleFindings(mesh, seed.bundle, trustDomain, place, now, seedIsOfOwnCa(member))];
        yield* found.length > 0 ? found : foreignRoots(member, place);
      }
      yield* inlineFindings(mesh, member, now);
    }
  },
};

/** A seed of other roots than those that the member's CA is below: nobody could verify the member by it. */
function* foreignRoots({ seed, upstream }: Member, place: Place): Iterable<MeshFinding> {
  if (!seed || upstream?.roots === undefined) return;
  const { problems, fingerprints } = bundleContent(seed.bundle);
  const roots = fingerprintsIn(upstream.roots);
  if (problems.length > 0 || roots.length === 0 || roots.some((root) => fingerprints.includes(root))) return;
  yield {
    ...place,
    message: 'holds none of the roots of the upstream authority, so that nobody could verify the member by it',
    remedy: 'leave it out: the bundle is made of the roots',
  };
}

function* inlineFindings(mesh: Mesh, consumer: Member, now: Date): Iterable<MeshFinding> {
  for (const placed of dynamicOf(consumer)) {
    const { relationship } = placed;
    const { bundle, trustDomain } = relationship;
    // The provider's seed was looked at where it is.
    if (bundle === undefined || mesh.ofTrustDomain(trustDomain)?.seed?.bundle === bundle) continue;
    yield* bundleFindings(mesh, bundle, trustDomain, placed.at('bundle'), now, false);
  }
}

function* bundleFindings(
  mesh: Mesh,
  text: string,
  trustDomain: string,
  place: Place,
  now: Date,
  endIsKnown: boolean,
): Iterable<MeshFinding> {
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
  if (latestStart !== undefined && latestStart > now.getTime()) {
    yield {
      ...place,
      message: `has a certificate that is not valid before ${moment(latestStart)}`,
      remedy: 'paste a bundle that is valid now, or correct the clock',
    };
  }
  if (earliestEnd === undefined || endIsKnown) return;
  const left = (earliestEnd - now.getTime()) / 1000;
  if (left <= 0) {
    yield {
      ...place,
      message: `has a certificate that has ended at ${moment(earliestEnd)}`,
      remedy: 'paste the bundle of today',
    };
  } else if (left < mesh.seedShelfLife) {
    yield {
      ...place,
      message: `has a certificate that ends in ${span(left)}, but must stay usable for ${span(mesh.seedShelfLife)}`,
      remedy: 'paste a bundle of long-lived roots, or write a shorter seedShelfLife if it is renewed more often',
    };
  }
}
