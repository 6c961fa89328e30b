import type { Duplex } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { TLSSocket } from 'node:tls';
import { id } from '../../authorize';
import { quote } from '../../id/quote';
import type { X509Svid } from '../../svid';
import { connect, createServer, type IdentitySource, type MutualServerOptions, peerId, TlsError } from '../../tls';
import { WorkloadApiClient, WorkloadApiError } from '../../workload-api';
import { pickerFor } from '../client-options';
import type { Surroundings } from '../program';
import type { HandshakeOptions, Side } from './handshake-options';
import { type HandshakeResult, type Known, notAccepted } from './result';

/** What each side says when it accepts the other: in TLS 1.3 the end of a handshake says nothing about the other side. */
const ACCEPTED = 'accepted\n';

/**
 * Has one side of a handshake: fetches the identity of this workload, speaks TLS on the standard streams, and sees who is
 * there, and whether it is accepted there. Once, without trying again.
 *
 * @param role which side
 * @param options whom to expect, and how long all of it may take
 * @param surroundings the process
 * @returns what was seen; it never rejects for what the Workload API or the other side does
 */
export async function tryHandshake(
  role: Side,
  { expect, hint, socket: address, timeout }: HandshakeOptions,
  { stop, standardStream }: Pick<Surroundings, 'stop' | 'standardStream'>,
): Promise<HandshakeResult> {
  let known: Known = { role };
  let stream: Duplex | undefined;
  const deadline = Date.now() + timeout;
  // Zero would mean to wait as long as it takes.
  const timeoutMs = (): number => Math.max(deadline - Date.now(), 1);
  using client = new WorkloadApiClient({ address, timeoutMs: timeout });
  const onStop = (): void => {
    client.close();
    stream?.destroy();
  };
  stop.addEventListener('abort', onStop);
  try {
    const { svids, bundles } = await client.fetchX509Context();
    const svid = pick(svids, hint);
    known = { role, id: svid.id.toString() };
    stream = standardStream();
    const settings = {
      source: { x509Svid: () => svid, x509BundleFor: bundles.x509BundleFor.bind(bundles) } satisfies IdentitySource,
      authorize: id(expect),
      handshakeTimeoutMs: timeoutMs(),
    };
    const connection = await (role === 'client' ? connect({ ...settings, socket: stream }) : accept(settings, stream));
    return await verdict(connection, known, timeoutMs());
  } catch (error) {
    return notAccepted(known, error);
  } finally {
    stop.removeEventListener('abort', onStop);
    stream?.destroy();
  }
}

function pick(svids: readonly X509Svid[], hint: string | undefined): X509Svid {
  const picker = pickerFor(hint);
  const svid = picker ? picker(svids) : svids[0];
  if (svid === undefined) {
    const hints = svids.map((each) => (each.hint === undefined ? `none for ${each.id}` : quote(each.hint)));
    throw new WorkloadApiError(
      'no-svid',
      `X.509-SVID: none has the hint ${quote(hint)}; there are ${hints.join(', ')}`,
    );
  }
  return svid;
}

/** Has a server accept the one connection that there is. */
function accept(settings: MutualServerOptions, stream: Duplex): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    createServer(settings, resolve).on('tlsClientError', reject).emit('connection', stream);
    // A server of Node.js waits on when a stream that is no socket ends in the middle of a handshake.
    const onEnd = (): void =>
      reject(
        new TlsError(
          'handshake-failed',
          'client: ended the connection before the handshake was done; see whether it refused the X.509-SVID of this server',
        ),
      );
    stream.once('end', onEnd).once('close', onEnd);
  });
}

/** Tells the other side that it is accepted, and waits for the same from there. */
async function verdict(connection: TLSSocket, known: Known, timeoutMs: number): Promise<HandshakeResult> {
  const seen = { ...known, accepted: true, peer: peerId(connection).toString() };
  let said = '';
  connection.setEncoding('utf8').on('data', (chunk: string) => {
    said = (said + chunk).slice(0, ACCEPTED.length + 1);
  });
  // What is still said once the time is over must not be an uncaught error.
  connection.on('error', () => undefined).end(ACCEPTED);
  try {
    // Of both directions: what the other side says may be all there before what this one says has left.
    await finished(connection, { signal: AbortSignal.timeout(timeoutMs) });
  } catch {
    // How the connection broke says no more than that it did.
  }
  return said === ACCEPTED
    ? { ok: true, ...seen }
    : {
        ok: false,
        ...seen,
        code: 'refused',
        message: `peer '${seen.peer}': ended the connection without accepting '${known.id}'`,
      };
}
