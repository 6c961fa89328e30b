import type { TLSSocket } from 'node:tls';
import { type BundleLimits, SpiffeBundle } from '../bundle';
import { isolate, SpiffeError } from '../core';
import type { TrustDomain } from '../id';
import { quote } from '../id/quote';
import { requireTrustDomain } from '../id/trust-domain';
import type { BundleEndpoint } from './bundle-endpoint';
import { connectSpiffe, requireBundle } from './connect-spiffe';
import { connectWeb } from './connect-web';
import { withDeadline } from './deadline';
import type { EndpointProfile } from './endpoint-profile';
import { type EndpointServer, serverOf } from './endpoint-server';
import { resolveRedirect, showUrl } from './endpoint-url';
import { FederationError } from './federation-error';
import { requireCount, requireDuration } from './options';
import { get, type Request } from './request';
import { type ProxyChoice, tunnelFor } from './tunnel';

/** Settings of {@link fetchBundle}. */
export interface FetchBundleOptions {
  /** Stops it. */
  readonly signal?: AbortSignal;

  /**
   * How long it may take from the first connection to the last byte, redirects included, in milliseconds.
   *
   * @default 30000
   */
  readonly timeoutMs?: number;

  /**
   * How many redirects are followed. Each has to lead to an `https` URL whose server is verified by the same profile:
   * for its own host name, or as the same SPIFFE ID. None is remembered.
   *
   * @default 5
   */
  readonly maxRedirects?: number;

  /** What is read of the bundle at most. */
  readonly limits?: BundleLimits;

  /**
   * Says by which HTTP proxy a server is reached (`http://proxy.example:3128`, with user and password if it takes any), each
   * time, redirects included. The proxy connects, and sees nothing of what is said; the server is verified as without it.
   *
   * @default - none: variables of the environment that name proxies are not looked at
   */
  readonly proxyFor?: ProxyChoice;

  /**
   * Told of every server that has proven to be the right one, before it is asked: one, and one more for each redirect.
   * A server that is refused is not told of. What it throws becomes a warning of the process.
   *
   * @default - nobody is told
   */
  readonly onServer?: (server: EndpointServer) => void;
}

/** Default of {@link FetchBundleOptions.timeoutMs}. */
const TIMEOUT_MS = 30_000;

const MAX_REDIRECTS = 5;

/** As many as are read of a bundle from elsewhere. */
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Fetches the bundle of a trust domain from its endpoint, once. A `BundleWatcher` keeps it up to date.
 *
 * The connection is made directly, whatever proxies the environment names, unless `proxyFor` names one. No certificate, cookie or other credential is
 * sent. What the server calls the type of the document is not looked at: the document itself decides.
 *
 * ```ts
 * const bundle = await fetchBundle(TrustDomain.parse('example.org'), endpoint);
 * ```
 *
 * @param trustDomain the trust domain that the bundle is of: nothing in the document tells it
 * @param endpoint where it is published
 * @param options limits
 * @throws {@link FederationError}
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Federation.md#5-serving-and-consuming-a-spiffe-bundle-endpoint
 */
export function fetchBundle(
  trustDomain: TrustDomain,
  endpoint: BundleEndpoint,
  options: FetchBundleOptions = {},
): Promise<SpiffeBundle> {
  return fetchFrom(trustDomain, endpoint, endpoint.profile, options, false);
}

/**
 * {@link fetchBundle} for whoever has something to say about how.
 *
 * @param profile takes the place of the profile of the endpoint
 * @param background whether nobody waits, so that it must not keep the process alive
 */
export async function fetchFrom(
  trustDomain: TrustDomain,
  endpoint: BundleEndpoint,
  profile: EndpointProfile,
  options: FetchBundleOptions,
  background: boolean,
): Promise<SpiffeBundle> {
  const { timeoutMs, maxRedirects } = readFetchOptions(options);
  const subject = subjectOf(trustDomain, endpoint);
  const maxBytes = options.limits?.maxBytes ?? MAX_BYTES;
  const { body, contentType } = await withDeadline(subject, timeoutMs, options.signal, (signal) =>
    follow(
      { subject, url: new URL(endpoint.url), signal, maxBytes, background, proxyFor: options.proxyFor },
      profile,
      maxRedirects,
      options.onServer,
    ),
  );
  try {
    return SpiffeBundle.parse(trustDomain, body, options.limits);
  } catch (cause) {
    throw SpiffeError.is(cause) ? badBundle(subject, trustDomain, contentType, cause) : cause;
  }
}

/** The numbers of the options, with every value. */
export function readFetchOptions(options: FetchBundleOptions): { timeoutMs: number; maxRedirects: number } {
  return {
    timeoutMs: requireDuration('timeoutMs', options.timeoutMs ?? TIMEOUT_MS),
    maxRedirects: requireCount('maxRedirects', options.maxRedirects ?? MAX_REDIRECTS),
  };
}

/** What is fetched from where, for messages. */
export function subjectOf(trustDomain: TrustDomain, endpoint: BundleEndpoint): string {
  return `${bundleOf(trustDomain)} at ${showUrl(new URL(endpoint.url))}`;
}

function bundleOf(trustDomain: TrustDomain): string {
  return `SPIFFE bundle of trust domain ${quote(requireTrustDomain(trustDomain).name)}`;
}

/** Asks, and asks again where the answer says so. */
async function follow(
  first: Request,
  profile: EndpointProfile,
  maxRedirects: number,
  onServer: FetchBundleOptions['onServer'],
): Promise<{ body: Buffer; contentType: string | undefined }> {
  const seen = new Set<string>();
  let request = first;
  for (;;) {
    seen.add(request.url.href);
    const socket = await connect(request, profile);
    if (onServer) isolate("'onServer' of a fetch", () => onServer(serverOf(request.url, socket)));
    const answer = await get(request, socket);
    if ('body' in answer) {
      return answer;
    }
    const url = resolveRedirect(answer.location, request.url);
    if (typeof url === 'string') {
      throw redirectError(request, `to ${showUrl(answer.location)}, which ${url}`);
    }
    if (seen.has(url.href)) {
      throw redirectError(request, `in a circle, back to ${showUrl(url)}; correct the server`);
    }
    if (seen.size > maxRedirects) {
      throw redirectError(request, `more than ${maxRedirects} times; use the URL of the bundle itself`);
    }
    request = { ...first, url, subject: `${first.subject}, redirected to ${showUrl(url)}` };
  }
}

async function connect(request: Request, profile: EndpointProfile): Promise<TLSSocket> {
  if (profile.type === 'https_spiffe') requireBundle(request, profile);
  const tunnel = await tunnelFor(request);
  if (request.signal.aborted) {
    tunnel?.destroy();
    throw request.signal.reason;
  }
  return profile.type === 'https_web'
    ? await connectWeb(request, profile, tunnel)
    : await connectSpiffe(request, profile, tunnel);
}

function redirectError({ subject }: Request, where: string): FederationError {
  return new FederationError('redirect', `${subject}: the server redirects ${where}`);
}

function badBundle(
  subject: string,
  trustDomain: TrustDomain,
  contentType: string | undefined,
  cause: SpiffeError,
): FederationError {
  // The subject says it already.
  const fault = cause.message.replace(`${bundleOf(trustDomain)}: `, '');
  const type = contentType === undefined ? '' : ` (its content type is ${quote(contentType)})`;
  return new FederationError('bad-bundle', `${subject}: what the server sent${type} is refused: ${fault}`, { cause });
}
