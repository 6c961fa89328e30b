import type { ProxyChoice } from '@spirekit/runtime/federation';

/** How long a fetch may take where nothing is said, in milliseconds: from the first connection to the last byte. */
export const DEFAULT_WAIT = 30_000;

/** What it takes to fetch, whatever the way. */
export interface FetchMeans {
  /** How long it may take, in milliseconds. */
  readonly waitMs: number;
  /** Ends it; its reason is thrown. @default - nothing does */
  readonly signal?: AbortSignal;
  /** By which HTTP proxy endpoints are reached. @default - none */
  readonly proxyFor?: ProxyChoice;
  /** `spiffe_refresh_hint` in seconds of a bundle that was published in PEM, which has none. @default 300 */
  readonly refreshHint?: number;
}

/** A URL without query and user, where secrets may stand. */
export function shownUrl(url: string): string {
  if (!URL.canParse(url)) return url.replace(/^([a-z]+:\/\/)[^/?#]*@/i, '$1…@').replace(/[?#].*$/s, '?…');
  const { protocol, host, pathname, search } = new URL(url);
  return `${protocol}//${host}${pathname}${search === '' ? '' : '?…'}`;
}
