import { pushTo } from '../../core';
import { certificatesIn, fingerprintsIn } from '../certificate-text';
import type { Mesh } from '../mesh';
import type { Member } from '../model';
import type { MeshFinding, MeshRule } from './rule';
import { memberNames, names } from './wording';

/** Those who fetch believe the certificate of the endpoint. */
export const webTrust: MeshRule = {
  id: 'E11',
  severity: 'error',
  title: 'consumers believe the certificates of https_web',
  text: "SPIRE verifies https_web by the certificates of its own system and nothing else; there is no root per peer. A private authority's roots must be on every member that fetches; a staging authority is believed by nobody.",
  remedy: 'use a public authority, or give the roots of the private one to every consumer',
  source: 'https://github.com/spiffe/spire/issues/5331',
  shownBy: ['spire/federation-web'],

  *check(mesh) {
    const believed = new Map<Member, ReadonlySet<string>>();
    const unbelieved = new Map<Member, Member[]>();
    for (const provider of mesh.members) yield* providerFindings(mesh, provider, believed, unbelieved);
    for (const member of mesh.members) {
      yield* unreadable(member);
      const providers = unbelieved.get(member);
      if (!providers) continue;
      yield {
        member: member.name,
        property: 'webRoots',
        message: `lack the private authority of ${memberNames(providers)}, whose bundle endpoint is not believed here`,
        remedy: "add the authority's root certificates to webRoots of this member",
      };
    }
  },
};

function* providerFindings(
  mesh: Mesh,
  provider: Member,
  believed: Map<Member, ReadonlySet<string>>,
  unbelieved: Map<Member, Member[]>,
): Iterable<MeshFinding> {
  const { endpoint, name } = provider;
  const trust = endpoint?.certificate?.trust;
  if (endpoint?.profile !== 'https_web' || !trust || trust.type === 'public') return;
  const consumers = mesh.believersOf(name).filter(fetchesByWeb);
  if (consumers.length === 0) return;
  const place = { member: name, property: 'endpoint.certificate.trust' };
  if (trust.type === 'staging') {
    yield {
      ...place,
      value: 'staging',
      message: `is of an authority that nobody believes, and ${memberNames(consumers)} cannot fetch the bundle`,
      remedy: "take the certificate from the authority's production directory",
    };
    return;
  }
  const { roots } = trust;
  const reading = roots === undefined ? undefined : certificatesIn(roots);
  if (!reading || 'message' in reading) {
    yield {
      ...place,
      property: `${place.property}.roots`,
      message: `${reading?.message ?? 'are missing'}: without the roots of the private authority ${memberNames(consumers)} cannot be told to believe it`,
      remedy: 'paste the root certificates of the authority in PEM',
    };
    return;
  }
  const wanted = fingerprintsIn(roots as string);
  const untold = consumers.filter(isUntold);
  if (untold.length > 0) yield untoldFinding(provider, untold);
  const told = untold.length === 0 ? consumers : consumers.filter((consumer) => !isUntold(consumer));
  const blind = told.filter((consumer) => {
    const known = believed.get(consumer) ?? new Set((consumer.webRoots ?? []).flatMap(fingerprintsIn));
    believed.set(consumer, known);
    return wanted.some((fingerprint) => !known.has(fingerprint));
  });
  if (blind.length === told.length && blind.length > 0) {
    // One finding where the authority is, not one for each of those who do not know it.
    yield {
      ...place,
      value: 'private',
      message: `is of an authority that none of its consumers believes: ${memberNames(blind)}`,
      remedy: 'add its root certificates to webRoots of every consumer, or use a public authority',
    };
    return;
  }
  for (const consumer of blind) {
    pushTo(unbelieved, consumer, provider);
  }
}

/** Clusters know both profiles; of those who do not know this one another rule speaks. */
const fetchesByWeb = ({ platform, fetches }: Member): boolean =>
  platform !== 'external' || fetches?.profiles.includes('https_web') === true;

/** Whom a foreign system believes is its own affair; it may have been told. */
const isUntold = ({ platform, webRoots }: Member): boolean => platform === 'external' && webRoots === undefined;

function untoldFinding({ name }: Member, consumers: readonly Member[]): MeshFinding {
  return {
    member: name,
    severity: 'warning',
    property: 'endpoint.certificate.trust',
    value: 'private',
    message: `is of an authority that ${memberNames(consumers)} must be told to believe by those who run ${consumers.length === 1 ? 'it' : 'them'}`,
    remedy: 'hand them its root certificates and accept this, or use a public authority',
  };
}

/** Roots that a member was given and that are none. */
function* unreadable(member: Member): Iterable<MeshFinding> {
  const bad: string[] = [];
  let why = '';
  for (const [index, pem] of (member.webRoots ?? []).entries()) {
    const reading = certificatesIn(pem);
    if (!('message' in reading)) continue;
    bad.push(`webRoots[${index}]`);
    why ||= reading.message;
  }
  if (bad.length === 0) return;
  yield {
    member: member.name,
    property: bad.length === 1 ? bad[0] : 'webRoots',
    message: bad.length === 1 ? why : `cannot be read at ${names(bad)}; the first ${why}`,
    remedy: 'paste root certificates in PEM',
  };
}
