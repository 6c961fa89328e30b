import { request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { ProxyChoice } from '@spirekit/runtime/federation';

/**
 * A connection to the host of an `https` URL, by the proxy that is chosen for it; what goes through it is still to be
 * encrypted.
 *
 * @throws what the network says, or the reason of the signal
 */
export function connectionTo(url: URL, signal: AbortSignal, proxyFor?: ProxyChoice): Promise<Socket> {
  const proxy = proxyFor?.(url);
  return proxy ? tunnelBy(proxy, url, signal) : directTo(url, signal);
}

const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');
const portOf = ({ port }: URL, standard: number): number => (port === '' ? standard : Number(port));

function directTo(url: URL, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = connect({ host: hostOf(url), port: portOf(url, 443) });
    const abort = () => socket.destroy(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      signal.removeEventListener('abort', abort);
      resolve(socket);
    });
  });
}

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6 */
function tunnelBy(proxy: URL, url: URL, signal: AbortSignal): Promise<Socket> {
  const target = `${url.hostname}:${portOf(url, 443)}`;
  const pair = [proxy.username, proxy.password].map(decoded).join(':');
  return new Promise((resolve, reject) => {
    const asking = httpRequest({
      host: hostOf(proxy),
      port: portOf(proxy, 80),
      method: 'CONNECT',
      path: target,
      agent: false,
      signal,
      headers: {
        host: target,
        ...(pair !== ':' && { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` }),
      },
    });
    const refuse = (why: string) =>
      reject(new Error(`the proxy ${proxy.protocol}//${proxy.host} does not lead there: ${why}`));
    asking.on('error', (error) => (signal.aborted ? reject(signal.reason) : refuse(error.message)));
    asking.on('response', ({ statusCode }) => refuse(`status ${statusCode}`));
    asking.on('connect', ({ statusCode = 0 }, socket: Socket, head) => {
      if (statusCode >= 200 && statusCode < 300 && head.length === 0) return resolve(socket);
      socket.destroy();
      refuse(head.length > 0 ? 'it speaks where the server should' : `status ${statusCode}`);
    });
    asking.end();
  });
}

/** What was escaped wrongly was not escaped. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
