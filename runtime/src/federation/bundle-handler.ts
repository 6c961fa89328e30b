import type { IncomingMessage, ServerResponse } from 'node:http';
import { SpiffeBundle } from '../bundle';
import { isolate } from '../core';
import { badOption, requireCount } from './options';

/** What a bundle endpoint publishes. */
export interface BundleHandlerOptions {
  /**
   * The bundle, or a function that knows it. It is asked at every request.
   *
   * Without anything in it, the bundle would say that nobody is to be believed any more. That is mostly a mistake, so
   * such a bundle is answered with status 503 like one that is not there.
   *
   * Its sequence number has to grow with every change, also when the program starts anew. One that cannot be counted on
   * is better left out: then whoever fetches the bundle takes the latest.
   */
  readonly bundle: SpiffeBundle | (() => SpiffeBundle | undefined | Promise<SpiffeBundle | undefined>);

  /**
   * How often others should fetch it, in seconds. A new key has to be published three to five times as long before it is
   * used.
   *
   * @default - that of the bundle, or else 300
   */
  readonly refreshHintSeconds?: number;

  /**
   * Told why there was no bundle to answer with.
   *
   * @default - a warning of the process
   */
  readonly onError?: (error: unknown) => void;
}

/** A handler of requests, for servers of `node:http` and `node:https`, and for Express. */
export type BundleHandler = (request: IncomingMessage, response: ServerResponse) => void;

const REFRESH_HINT_SECONDS = 300;

/**
 * Publishes the bundle of a trust domain, on every path: mount it where it is to be. It asks nobody who they are, as
 * the standard demands: bundles are public.
 *
 * ```ts
 * const bundles = await BundleSource.create(); // an X509Source alone has no keys of JWT-SVIDs
 * const bundle = () =>
 *   SpiffeBundle.of({ trustDomain, x509: bundles.x509BundleFor(trustDomain), jwt: bundles.jwtBundleFor(trustDomain) });
 * https.createServer({ cert, key }, bundleHandler({ bundle })).listen(443); // https_web
 * ```
 *
 * {@link serveBundle} publishes it as `https_spiffe`.
 *
 * @param options the bundle
 * @throws {@link FederationError} `bad-option`
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Federation.md#53-spiffe-bundle-endpoint-server
 */
export function bundleHandler(options: BundleHandlerOptions): BundleHandler {
  const { bundle, refreshHintSeconds, onError = warn } = options;
  if (typeof bundle !== 'function' && !SpiffeBundle.is(bundle)) {
    throw badOption('bundle', bundle, 'is no SpiffeBundle; pass one, or a function that returns one');
  }
  if (refreshHintSeconds !== undefined && requireCount('refreshHintSeconds', refreshHintSeconds) === 0) {
    throw badOption('refreshHintSeconds', 0, 'would never let anyone rest; give seconds, from 1');
  }
  return (request, response) => {
    // Whatever a client sends along is of no interest, but would hold up its next request.
    request.resume();
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      answer(request, response, 405, 'text/plain', 'method not allowed\n', { allow: 'GET, HEAD' });
      return;
    }
    readBundle(bundle)
      .then((current) => document(current, refreshHintSeconds))
      .then(
        (text) => answer(request, response, 200, 'application/json', text),
        (error) => {
          answer(request, response, 503, 'text/plain', 'bundle not available\n');
          isolate("'onError' of a bundle handler", () => onError(error));
        },
      );
  };
}

/** Asynchronous in any case, so that what a function throws is a rejection. */
async function readBundle(bundle: BundleHandlerOptions['bundle']): Promise<SpiffeBundle> {
  const current = typeof bundle === 'function' ? await bundle() : bundle;
  if (!SpiffeBundle.is(current)) {
    throw new Error('there is no bundle');
  }
  if (current.isEmpty) {
    throw new Error(`the bundle of trust domain '${current.trustDomain.name}' is empty`);
  }
  return current;
}

function document(bundle: SpiffeBundle, refreshHintSeconds: number | undefined): string {
  const { trustDomain, x509, jwt, sequence } = bundle;
  const refreshHint = refreshHintSeconds ?? bundle.refreshHint ?? REFRESH_HINT_SECONDS;
  return SpiffeBundle.of({ trustDomain, x509, jwt, sequence, refreshHint }).toString();
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  type: 'application/json' | 'text/plain',
  text: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(text),
    // A copy in a cache would keep keys alive that are withdrawn.
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}

function warn(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  process.emitWarning(`bundle handler: no bundle is published: ${text}`, {
    type: 'SpiffeWarning',
    code: 'SPIREKIT_BUNDLE',
  });
}
