import type { JwtAuthority, JwtBundle, JwtBundleSource } from '../bundle';
import { quote } from '../id/quote';
import { ALGORITHMS, type Algorithm } from './algorithms';
import { type CompactToken, readCompact } from './compact';
import { JwtError } from './jwt-error';
import { JwtSvid } from './jwt-svid';

/** What a token is held to. */
export interface ValidateJwtSvidOptions {
  /** Names of the one who asks. The token must be for one of them. */
  readonly audience: string | readonly string[];

  /**
   * The time to go by, in milliseconds since 1970.
   *
   * @default Date.now()
   */
  readonly now?: number;

  /**
   * By how much clocks may differ, in seconds, from 0 to 300: a token is taken for so long after its end and before its
   * beginning.
   *
   * @default 10
   */
  readonly leewaySeconds?: number;
}

const DEFAULT_LEEWAY_SECONDS = 10;
const MAX_LEEWAY_SECONDS = 300;

/** Most keys that are tried for a token that names none, since everybody can send such tokens. */
const MAX_TRIED_KEYS = 16;

/**
 * Verifies a token of another workload: that it has the form of a JWT-SVID, that a key of its subject's own trust domain
 * has signed it, that it is for this audience, and that now is its time.
 *
 * The key is taken from the bundle of the subject's trust domain and from nowhere else, whatever the header says. The
 * standard does not demand that a token names its key: if it names none, the keys that fit its algorithm are tried, the
 * newest 16 at most. A token that says when it was issued or from when it is valid is refused before.
 *
 * The subject has to be a workload. What it may do is another question: see `authorize`.
 *
 * @param token the token in compact form
 * @param bundles the trust domains that are believed
 * @param options audience and time
 * @throws {@link JwtError}
 * @see https://github.com/spiffe/spiffe/blob/main/standards/JWT-SVID.md#5-jwt-svid-validation
 */
export function validateJwtSvid(token: string, bundles: JwtBundleSource, options: ValidateJwtSvidOptions): JwtSvid {
  const audience = readAudienceOption(options?.audience);
  const leeway = readLeeway(options.leewaySeconds);
  const parts = readCompact(token);
  const svid = JwtSvid.read(token, parts);
  checkAudience(svid, audience);
  checkTime(svid, options.now ?? Date.now(), leeway);
  checkSignature(svid, parts, bundles);
  return svid;
}

function checkAudience(svid: JwtSvid, accepted: readonly string[]): void {
  if (!svid.audience.some((audience) => accepted.includes(audience))) {
    throw new JwtError(
      'jwt-audience',
      `JWT-SVID of ${quote(svid.id.toString())}: is not for the audience ${accepted.map(quote).join(' or ')}; request a token for it`,
    );
  }
}

function checkTime(svid: JwtSvid, now: number, leeway: number): void {
  if (!(now < svid.expiresAt + leeway)) {
    throw new JwtError('jwt-expired', `${ofSvid(svid)}: ended at ${time(svid.expiresAt)}; request a new one`);
  }
  const begin = Math.max(svid.notBefore ?? -Infinity, svid.issuedAt ?? -Infinity);
  if (begin > now + leeway) {
    throw new JwtError('jwt-not-yet-valid', `${ofSvid(svid)}: begins at ${time(begin)}; set the clocks right`);
  }
}

function checkSignature(svid: JwtSvid, { header, signed, signature }: CompactToken, bundles: JwtBundleSource): void {
  const { trustDomain } = svid.id;
  const bundle = bundles.jwtBundleFor(trustDomain);
  // A source that answers with the bundle of another trust domain would let that one speak for this one.
  if (bundle === undefined || !trustDomain.equals(bundle.trustDomain)) {
    throw new JwtError(
      'jwt-untrusted',
      `${ofSvid(svid)}: is of trust domain ${quote(trustDomain.name)}, which has no bundle here; federate with it to trust it`,
    );
  }
  const algorithm = ALGORITHMS.get(header.alg) as Algorithm;
  const keys = candidates(svid, bundle, algorithm, header.kid as string | undefined);
  if (!keys.some(({ publicKey }) => algorithm.verify(publicKey, signed, signature))) {
    throw new JwtError(
      'jwt-signature',
      `${ofSvid(svid)}: is not signed by its trust domain ${quote(trustDomain.name)}; pass the token as it was issued`,
    );
  }
}

/** The keys that may have signed. */
function candidates(
  svid: JwtSvid,
  bundle: JwtBundle,
  algorithm: Algorithm,
  keyId: string | undefined,
): readonly JwtAuthority[] {
  const named = keyId === undefined ? bundle.authorities : [bundle.find(keyId)].filter((key) => key !== undefined);
  const fitting = named.filter(({ publicKey }) => algorithm.fits(publicKey));
  if (fitting.length === 0) {
    const fault =
      named.length === 0
        ? `no key ${keyId === undefined ? 'at all' : quote(keyId)}`
        : `no key for its algorithm${keyId === undefined ? '' : `: ${quote(keyId)} is of another type`}`;
    const remedy = bundle.isEmpty ? 'let it be published with its JWT keys' : 'fetch the bundle again';
    throw new JwtError(
      'jwt-key',
      `${ofSvid(svid)}: the bundle of trust domain ${quote(bundle.trustDomain.name)} has ${fault}; ${remedy}`,
    );
  }
  // New keys are added at the end.
  return fitting.slice(-MAX_TRIED_KEYS).reverse();
}

function readAudienceOption(audience: string | readonly string[]): readonly string[] {
  const list = typeof audience === 'string' ? [audience] : audience;
  if (!Array.isArray(list) || list.length === 0 || !list.every((name) => typeof name === 'string' && name !== '')) {
    throw new JwtError('jwt-options', 'audience: is no name of the one who asks; pass one, or a list of them');
  }
  return list;
}

function readLeeway(seconds = DEFAULT_LEEWAY_SECONDS): number {
  if (typeof seconds !== 'number' || !(seconds >= 0 && seconds <= MAX_LEEWAY_SECONDS)) {
    throw new JwtError(
      'jwt-options',
      `leewaySeconds ${quote(seconds)}: is not from 0 to ${MAX_LEEWAY_SECONDS}; pass a number of seconds that is`,
    );
  }
  return seconds * 1000;
}

const ofSvid = (svid: JwtSvid): string => `JWT-SVID of ${quote(svid.id.toString())}`;

const time = (milliseconds: number): string => new Date(milliseconds).toISOString();
