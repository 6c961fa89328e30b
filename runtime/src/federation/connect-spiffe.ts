import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { id } from '../authorize';
import type { X509Bundle } from '../bundle';
import { SpiffeError } from '../core';
import { quote } from '../id/quote';
import { connect, PeerError } from '../tls';
import type { HttpsSpiffeProfile } from './endpoint-profile';
import { FederationError } from './federation-error';
import { addressOf, type Request, unreachable } from './request';

/**
 * Connects to a server with an X.509-SVID of exactly one SPIFFE ID. No certificate is presented to it.
 *
 * @param tunnel a connection that leads there already
 * @throws {@link FederationError} `unreachable` or `untrusted-server`
 */
export async function connectSpiffe(
  request: Request,
  profile: HttpsSpiffeProfile,
  tunnel: Socket | undefined,
): Promise<TLSSocket> {
  const { background, signal, subject, url } = request;
  const { endpointId } = profile;
  try {
    return await connect({
      ...addressOf(url),
      ...(tunnel && { socket: tunnel }),
      ALPNProtocols: ['http/1.1'],
      clientAuthentication: 'none',
      source: profile.bundles,
      authorize: id(endpointId),
      signal,
      background,
    });
  } catch (error) {
    if (signal.aborted) {
      throw signal.reason;
    }
    if (!(error instanceof PeerError)) {
      // What the network said, if it was that.
      const { cause } = error as Error;
      throw unreachable(request, (cause === undefined || SpiffeError.is(cause) ? error : cause) as Error);
    }
    throw new FederationError(
      'untrusted-server',
      `${subject}: the server has not proven to be ${quote(endpointId.toString())}: ${error.message}; look whether URL ` +
        'and endpoint ID are right, and whether TLS is passed through to the server; if it has lost its authorities, ' +
        'get its bundle anew from its operator',
      { cause: error },
    );
  }
}

/**
 * Says that there is nothing to verify with, rather than that the server is not trusted.
 *
 * @throws {@link FederationError} `no-endpoint-bundle`
 */
export function requireBundle({ subject }: Request, { endpointId, bundles }: HttpsSpiffeProfile): void {
  const { trustDomain } = endpointId;
  let bundle: X509Bundle | undefined;
  let cause: unknown;
  try {
    bundle = bundles.x509BundleFor(trustDomain);
  } catch (error) {
    cause = error;
  }
  if (bundle === undefined || bundle.isEmpty) {
    const what = bundle === undefined ? 'there is no bundle' : 'the bundle has no X.509 authorities';
    throw new FederationError(
      'no-endpoint-bundle',
      `${subject}: ${what} of trust domain ${quote(trustDomain.name)} to verify the endpoint with; pass the one that its ` +
        'operator has handed over',
      { cause },
    );
  }
}
