import { byText, sha256 } from '../../core';
import { bundleDigest } from '../bundle-digest';
import type { Endpoint, Member, Relationship } from '../model';
import { rootsDigest } from '../roots-digest';
import { withoutUserInfo } from '../url';

/** How many names stand in what a change was or is; more are told by their number and a digest. */
const LISTED = 10;
const SHOWN = 3;
const DIGITS = 8;

/**
 * Names in their order as texts, such that another list gives another text: an approval is of exactly these. Many are not
 * listed, and their digest stands for them.
 */
export function listText(names: Iterable<string>): string {
  const sorted = [...new Set(names)].sort(byText);
  if (sorted.length === 0) return 'nobody';
  if (sorted.length <= LISTED) return sorted.map((name) => `'${name}'`).join(', ');
  const shown = sorted.slice(0, SHOWN).map((name) => `'${name}'`);
  return `${shown.join(', ')} and ${sorted.length - SHOWN} more (digest ${digestOf(sorted)})`;
}

/** What stands for texts that are not shown. */
export const digestOf = (texts: readonly string[]): string => sha256(JSON.stringify(texts)).slice(0, DIGITS);

/** Where and how a bundle is fetched. */
type Fetched = Pick<Relationship, 'url' | 'profile'> & { readonly endpointSpiffeId?: string };

/** Where and how a bundle is fetched, in words. */
export function fetchedText({ url, profile, endpointSpiffeId }: Fetched): string {
  const by = profile === 'https_spiffe' && endpointSpiffeId !== undefined ? ` as '${endpointSpiffeId}'` : '';
  return `${profile} at ${withoutUserInfo(url)}${by}`;
}

/** The same, and what is believed before anything is fetched: that decides who is believed at all. */
export function begunText(
  fetched: Fetched,
  { bundle, firstBundle }: Pick<Relationship, 'bundle' | 'firstBundle'>,
): string {
  if (firstBundle !== undefined) return `${fetchedText(fetched)}, first bundle by ${firstBundle}`;
  return bundle === undefined ? fetchedText(fetched) : `${fetchedText(fetched)}, first bundle ${bundleText(bundle)}`;
}

/** A bundle by its keys. */
export function bundleText(bundle: string | undefined): string {
  if (bundle === undefined) return 'none';
  const digest = bundleDigest(bundle);
  return digest === undefined ? 'unreadable' : shortDigest(digest);
}

/** What peers are told of an endpoint. */
export const toldOf = ({ url, profile, spiffeId }: Endpoint): Fetched => ({
  url,
  profile,
  ...(spiffeId !== undefined && { endpointSpiffeId: spiffeId }),
});

/** Who is believed about the certificate of an `https_web` endpoint, where it is not whoever every system believes. */
export function authorityText(endpoint: Endpoint | undefined): string {
  const { type, roots } = endpoint?.certificate?.trust ?? {};
  if (endpoint?.profile !== 'https_web' || type === undefined || type === 'public') return '';
  return `, by a certificate of a ${type} authority${roots === undefined ? '' : ` (roots ${shortDigest(rootsDigest(roots))})`}`;
}

/** Whose signatures make a CA. */
export function upstreamText({ upstream }: Pick<Member, 'upstream'>): string {
  if (!upstream) return 'signs its CA itself';
  return upstream.roots === undefined ? 'roots not known' : `roots ${shortDigest(rootsDigest(upstream.roots))}`;
}

/** As much of a digest as tells bundles and roots apart. */
export const shortDigest = (digest: string): string => digest.slice(0, 'sha256:0123456789abcdef'.length);
