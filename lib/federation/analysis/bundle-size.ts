import { DEFAULT_CA_TTL, generationsOf } from '../../core';
import { bundleContent } from '../bundle-content';
import { certificatesIn } from '../certificate-text';
import type { Member } from '../model';
import { signsItself } from '../rules/first-bundle';

/** What a trust domain's bundle takes, in bytes; at least. */
export interface BundleSize {
  /** Its X.509 authorities, as certificates in DER: what a workload gets of it beside its X509-SVIDs. */
  readonly certificates: number;
  /** Its JWT keys, as JSON: what a workload gets of it to verify JWT-SVIDs. */
  readonly keys: number;
  /** All of it as an agent gets it from its server. */
  readonly message: number;
}

/** Sizes of one generation of keys. */
interface Generation {
  /** A CA that signs itself, in DER, without the letters of its trust domain. */
  readonly certificate: number;
  /** A JWT key in JSON, indented as SPIRE writes it. */
  readonly key: number;
  /** A JWT key in DER, with its ID and its end. */
  readonly message: number;
}

/**
 * As SPIRE 1.15.3 makes them, by the type of the key. Random numbers make a certificate some bytes shorter or longer.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/pkg/server/credtemplate/builder.go
 * @see https://github.com/spiffe/spire/blob/v1.15.3/pkg/common/bundleutil/marshal.go
 */
const GENERATIONS: ReadonlyMap<string, Generation> = new Map([
  ['ec-p256', { certificate: 504, key: 256, message: 91 + 44 }],
  ['ec-p384', { certificate: 566, key: 298, message: 120 + 44 }],
  ['rsa-2048', { certificate: 900, key: 489, message: 294 + 44 }],
  ['rsa-4096', { certificate: 1412, key: 830, message: 550 + 44 }],
]);
/** Where the kind of key is not known, the shortest. */
const SHORTEST = GENERATIONS.get('ec-p256') as Generation;
/** The JSON around the keys. */
const REST_OF_JSON = 22;

/**
 * How great the bundle of a member is, at least, once its server has run for some days: a CA that signs itself is in it
 * several times, for each server, for SPIRE makes the next one halfway and keeps old ones for a day after their end. Of a
 * foreign system, what its seed holds; without one, one generation of the shortest kind.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/pkg/server/ca/manager/manager.go
 */
export function bundleSizeOf(member: Member): BundleSize {
  const { keyType, caTtl, replicas, platform, trustDomain } = member;
  const { certificate, key, message } = GENERATIONS.get(keyType ?? '') ?? SHORTEST;
  const ofOne = certificate + trustDomain.length;
  const isForeign = platform === 'external';
  const generations = isForeign ? 1 : generationsOf(caTtl ?? DEFAULT_CA_TTL) * Math.max(1, replicas ?? 1);
  const certificates = signsItself(member) ? generations * ofOne : rootsSize(member) || ofOne;
  return { certificates, keys: REST_OF_JSON + generations * key, message: certificates + generations * message };
}

/** Of the roots above a member, or of what it is known to have. */
function rootsSize({ upstream, seed }: Member): number {
  if (upstream?.roots === undefined) return seed ? bundleContent(seed.bundle).certificateBytes : 0;
  const reading = certificatesIn(upstream.roots);
  if ('message' in reading) return 0;
  return reading.certificates.reduce((sum, { x509 }) => sum + x509.raw.length, 0);
}
