import type { TLSSocket } from 'node:tls';
import { id } from '../../authorize';
import type { X509BundleSource } from '../../bundle';
import type { SpiffeId } from '../../id';
import { quote } from '../../id/quote';
import type { X509Svid } from '../../svid';
import { connect } from '../../tls';
import type { HostAndPort } from '../options';
import { messageOf } from '../program';
import { ProbeError } from './probe-error';

/** How long a server may take to end the connection, if it does not want this client. */
const VERDICT_MS = 200;

/**
 * Connects to a server by mutual TLS, and ends the connection.
 *
 * In TLS 1.3 a server looks at the certificate of its client when the client is connected already, and may just hang
 * up. So one that does that, within a fifth of a second and without having said a word, is taken to refuse.
 *
 * @param svid who connects
 * @param bundles what the server is verified by
 * @param address where it listens
 * @param expected who it has to be
 * @param timeoutMs how long it may take
 * @throws {@link PeerError} or {@link TlsError} when there is no connection
 * @throws {@link ProbeError} when the server refuses this client
 */
export async function dial(
  svid: X509Svid,
  bundles: X509BundleSource,
  address: HostAndPort,
  expected: SpiffeId,
  timeoutMs: number,
): Promise<void> {
  const source = {
    x509Svid: () => svid,
    x509BundleFor: bundles.x509BundleFor.bind(bundles),
  };
  const socket = await connect({
    source,
    authorize: id(expected),
    ...address,
    handshakeTimeoutMs: timeoutMs,
    signal: AbortSignal.timeout(timeoutMs),
  });
  const refusal = await verdict(socket, Math.min(timeoutMs, VERDICT_MS));
  socket.on('error', () => undefined).destroy();
  if (refusal !== undefined) {
    const server = quote(`${address.host}:${address.port}`);
    throw new ProbeError('refused', `server ${server}: ${refusal}; it may refuse ${quote(svid.id.toString())}`);
  }
}

/** How the server hung up; undefined when it did not, or had something to say before. */
function verdict(socket: TLSSocket, waitMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    // What has come while this process was held up is read before.
    const timer = setTimeout(() => setImmediate(() => settle(undefined)), waitMs);
    const settle = (refusal: string | undefined): void => {
      clearTimeout(timer);
      resolve(refusal);
    };
    socket.once('data', () => settle(undefined));
    socket.once('error', (error) => settle(`broke the connection: ${messageOf(error)}`));
    socket.once('close', () => settle('ended the connection at once'));
  });
}
