import { DEFAULT_HINT, fetchIntervalWithoutHint, publishedAhead, SHORTEST_HINT } from '../../core';
import { bundleContent } from '../bundle-content';
import { certificatesIn } from '../certificate-text';
import type { Mesh } from '../mesh';
import type { Endpoint, Member } from '../model';
import type { MeshFinding, MeshRule } from './rule';
import { span, spanInDays } from './wording';

/** What is not served by SPIRE says how often to look for it. */
export const publisherHints: MeshRule = {
  id: 'E12',
  severity: 'error',
  title: 'a published bundle has a refresh hint',
  text: "SPIRE's own endpoint always says how often to look again. The plugins that publish a bundle elsewhere say it only if they are told to, and other systems may not say it at all. SPIRE then looks again after a 40th of the shortest lifetime among the roots, and does not see before that what comes or goes out of turn: a CA that was revoked, one of an added server.",
  remedy: 'set refresh_hint of the plugin that publishes the bundle, or ask those who publish it to',
  source: 'https://github.com/spiffe/spire/blob/v1.15.3/pkg/common/bundleutil/refreshhint.go',
  shownBy: ['spire/federation-published'],

  *check(mesh) {
    for (const member of mesh.members) {
      const { endpoint } = member;
      if (!endpoint || endpoint.refreshHint !== undefined) continue;
      // An old bundle does no harm where no workload gets it.
      if (mesh.consumersOf(member.name).length === 0) continue;
      if (member.platform !== 'external') {
        if (isPublished(endpoint)) yield missing(member);
      } else if (namedTrustDomains(mesh).has(member.trustDomain)) {
        const finding = unknown(member, endpoint);
        if (finding) yield finding;
      }
    }
  },
};

const NAMED = new WeakMap<Mesh, ReadonlySet<string>>();

/** Trust domains that identities of any member name; looked for once for a mesh, when somebody asks. */
export function namedTrustDomains(mesh: Mesh): ReadonlySet<string> {
  const known = NAMED.get(mesh);
  if (known) return known;
  const named = new Set<string>();
  for (const { identities = [] } of mesh.members) {
    for (const { federatesWith } of identities) for (const trustDomain of federatesWith) named.add(trustDomain);
  }
  NAMED.set(mesh, named);
  return named;
}

/** Whether something else than a SPIRE server answers. */
const isPublished = ({ servedBySpire, exposure }: Endpoint): boolean => !servedBySpire || exposure === 'object-store';

const placeOf = ({ name }: Member) => ({ member: name, property: 'endpoint.refreshHint' });

function missing(member: Member): MeshFinding {
  return {
    ...placeOf(member),
    message: `is missing, and what publishes the bundle writes none by itself: consumers look again after ${pauseOf(member)}`,
    remedy: `publish it with a refresh_hint of ${goodHint(member)}`,
  };
}

/** Of a foreign system it is not known whether there is a hint. */
function unknown(member: Member, endpoint: Endpoint): MeshFinding | undefined {
  const isStored = endpoint.exposure === 'object-store';
  if (!isPublished(endpoint)) return undefined;
  // Where nothing is known at all, the rule about foreign peers says what to ask for.
  if (!isStored && member.caTtl === undefined) return undefined;
  const why = isStored ? ', and plugins that publish to an object store write none unless they are told to' : '';
  return {
    ...placeOf(member),
    severity: 'warning',
    message: `is not known${why}: if there is none, consumers look again after ${pauseOf(member)}`,
    remedy: `ask those who publish the bundle for a spiffe_refresh_hint of ${goodHint(member)}, and write it here`,
  };
}

/** How long it takes until somebody looks again. */
function pauseOf(member: Member): string {
  const lifetime = rootLifetime(member);
  if (lifetime === undefined) return 'a 40th of the shortest root lifetime, which is 91 days for a root of 10 years';
  return `${spanInDays(lifetime)}/40 = ${spanInDays(fetchIntervalWithoutHint(lifetime))}, a 40th of the shortest root lifetime`;
}

/** Shortest lifetime of the certificates in a member's bundle, in seconds, as far as it can be known. */
function rootLifetime({ seed, upstream, caTtl }: Member): number | undefined {
  const ofSeed = seed && bundleContent(seed.bundle).shortestLife;
  if (ofSeed !== undefined) return ofSeed / 1000;
  if (!upstream) return caTtl;
  const reading = upstream.roots === undefined ? undefined : certificatesIn(upstream.roots);
  if (!reading || 'message' in reading || reading.certificates.length === 0) return undefined;
  return Math.min(...reading.certificates.map(({ notBefore, notAfter }) => notAfter - notBefore)) / 1000;
}

/** SPIRE's own hint, or a shorter one where the CA needs it. */
function goodHint({ caTtl }: Member): string {
  if (caTtl === undefined) return span(DEFAULT_HINT);
  return span(Math.max(SHORTEST_HINT, Math.min(DEFAULT_HINT, publishedAhead(caTtl) / 5)));
}
