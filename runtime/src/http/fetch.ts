import type { Dispatcher, RequestInit, Response } from 'undici';
import { meaningOf } from '../authorize/authorizers';
import type { ClientIdentityOptions } from '../tls';
import { clientSettings } from '../tls/client-options';
import { httpsTarget } from '../tls/https-url';
import { dispatcher } from './dispatcher';

/** What is to be sent, who sends it and which servers it may be sent to. */
export type FetchOptions = ClientIdentityOptions & Omit<RequestInit, 'dispatcher'>;

/** The pools of connections: by source, then by what makes two of them differ. */
const pools = new WeakMap<object, Pools>();

interface Pools {
  readonly byMeaning: Map<string, Dispatcher>;
  readonly byAuthorizer: WeakMap<object, Map<string, Dispatcher>>;
}

/**
 * The `fetch` of the web over mutual TLS: presents the SVID of the source and sends the request only to a server that
 * the authorizer accepts, also where a redirect leads to. Never does it fall back to public certificate authorities.
 *
 * Connections are pooled for each source and authorizer. An authorizer of `id()`, `oneOf()`, `memberOf()` or `any()` may
 * be written inline; make others once and keep them.
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
  return await undici.fetch(url, { ...options, dispatcher: pooled(options) });
}

/** The dispatcher of a source and an authorizer, which holds the connections that are there already. */
function pooled(options: ClientIdentityOptions): Dispatcher {
  const { authorize, servername, clientAuthentication, protocol, lifetime } = keyParts(options);
  const rest = JSON.stringify([servername, clientAuthentication, protocol, lifetime]);
  let ofSource = pools.get(options.source);
  if (ofSource === undefined) {
    ofSource = { byMeaning: new Map(), byAuthorizer: new WeakMap() };
    pools.set(options.source, ofSource);
  }
  const meaning = meaningOf(authorize);
  let named = ofSource.byMeaning;
  let key = rest;
  if (typeof meaning === 'string') {
    key = `${meaning} ${rest}`;
  } else {
    named = ofSource.byAuthorizer.get(meaning) ?? new Map();
    ofSource.byAuthorizer.set(meaning, named);
  }
  let pool = named.get(key);
  if (pool === undefined) {
    pool = dispatcher(options);
    named.set(key, pool);
  }
  return pool;
}

function keyParts(options: ClientIdentityOptions) {
  const { servername, protocol, lifetime } = clientSettings(options, false);
  const { authorize, clientAuthentication = 'required' } = options;
  return { authorize, servername, clientAuthentication, protocol, lifetime };
}
