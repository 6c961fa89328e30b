import type { ProxyChoice } from '@spirekit/runtime/federation';
import { NoProxy } from '../../../core';

/** A proxy of the environment that cannot be used. */
export class ProxyError extends Error {}

/**
 * The HTTP proxy that the environment names (`HTTPS_PROXY`, `NO_PROXY`, in capitals or not, as SPIRE and kubectl read them). It
 * connects, and sees nothing: endpoints are verified as without it.
 *
 * @returns undefined when there is none
 * @throws ProxyError if it is no URL of an HTTP proxy
 */
export function proxyOfEnvironment(env: NodeJS.ProcessEnv = process.env): ProxyChoice | undefined {
  const name = ['HTTPS_PROXY', 'https_proxy'].find((each) => (env[each] ?? '').trim() !== '');
  if (name === undefined) return undefined;
  const given = (env[name] ?? '').trim();
  const text = given.includes('://') ? given : `http://${given}`;
  if (!URL.canParse(text) || new URL(text).protocol !== 'http:') {
    throw new ProxyError(`${name} names no HTTP proxy; write one such as 'http://proxy.example.com:3128', or unset it`);
  }
  const proxy = new URL(text);
  const without = new NoProxy([env.NO_PROXY || env.no_proxy || '']);
  return ({ hostname, port }) => (without.covers(hostname, Number(port || 443)) ? undefined : proxy);
}
