import type { RequestInit, Response } from 'undici';
import { meaningOf } from '../authorize/authorizers';
import type { ClientIdentityOptions } from '../tls';
import { clientSettings } from '../tls/client-options';
import { httpsTarget } from '../tls/https-url';
import { dispatcher } from './dispatcher';
import { Pools } from './pools';

/** What is to be sent, who sends it and which servers it may be sent to. */
export type FetchOptions = ClientIdentityOptions & Omit<RequestInit, 'dispatcher'>;

/** The pools of connections, by source. */
const poolsOf = new WeakMap<object, Pools>();

/** The numbers by which authorizers are told apart that say nothing about themselves. */
const numbers = new WeakMap<object, number>();
let lastNumber = 0;

/**
 * The `fetch` of the web over mutual TLS: presents the SVID of the source and sends the request only to a server that
 * the authorizer accepts, also where a redirect leads to. Never does it fall back to public certificate authorities.
 *
 * Connections are pooled for each source and authorizer, for the hundred that were used last. An authorizer of `id()`,
 * `oneOf()`, `memberOf()` or `any()`, also within `federated()` or `within()`, may be written inline; make others once
 * and keep them.
 *
 * @param url a URL of `https:`
 * @param options the options of `fetch`, who sends and which servers are accepted
 * @throws {@link TlsError} when an option is wrong, or the URL is not of `https:`
 * @throws {@link AuthorizeError} when there is no authorizer
 * @throws `TypeError` when the request fails; its `cause` is the {@link PeerError} when the server was refused
 */
export async function fetch(url: string | URL, options: FetchOptions): Promise<Response> {
  httpsTarget(url);
  const undici = require('undici') as typeof import('undici');
  // Reads the options, and so says what is wrong with them.
  const key = keyOf(options);
  return await poolsOfSource(options.source).use(
    key,
    () => dispatcher(options),
    (pool) => undici.fetch(url, { ...options, dispatcher: pool }),
  );
}

/** The pools of a source. @internal */
export function poolsOfSource(source: object): Pools {
  let pools = poolsOf.get(source);
  if (pools === undefined) {
    pools = new Pools();
    poolsOf.set(source, pools);
  }
  return pools;
}

/** What makes the pools of a source differ: a connection is used only for whom it was verified for. */
function keyOf(options: ClientIdentityOptions): string {
  const { identity, authorize, servername, protocol, lifetime } = clientSettings(options, false);
  const presents = identity !== undefined;
  // A matcher is asked by its own name: what stands for it is made anew each time.
  const meaning = meaningOf(typeof options.authorize === 'function' ? options.authorize : authorize);
  return JSON.stringify([
    typeof meaning === 'string' ? meaning : numberOf(meaning),
    { servername, presents, protocol, lifetime },
  ]);
}

function numberOf(authorizer: object): number {
  let number = numbers.get(authorizer);
  if (number === undefined) {
    lastNumber += 1;
    number = lastNumber;
    numbers.set(authorizer, number);
  }
  return number;
}
