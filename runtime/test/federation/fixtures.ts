import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { BundleEndpoint, FederationError, httpsSpiffe, httpsWeb } from '../../src/federation';
import { TrustDomain } from '../../src/id';
import { type FakeBundleEndpoint, TestAuthority } from '../../src/testing';

export const td = TrustDomain.parse('partner.example');

/** Keys take a while to make, and no test changes this authority. */
export const authority = new TestAuthority(td);

/** The endpoint that a fake is, in the profile `https_web`. */
export function webEndpoint(fake: FakeBundleEndpoint, path = '/'): BundleEndpoint {
  return BundleEndpoint.of({ url: fake.urlOf(path), profile: httpsWeb({ roots: fake.roots }) });
}

/** The endpoint that a fake is, in the profile `https_spiffe`. */
export function spiffeEndpoint(fake: FakeBundleEndpoint, bundles = authority.x509Bundle()): BundleEndpoint {
  return BundleEndpoint.of({ url: fake.url, profile: httpsSpiffe({ endpointId: fake.endpointId, bundles }) });
}

/** The error of this area that something throws or rejects with. Anything else fails the test. */
export async function failure(action: () => unknown): Promise<FederationError> {
  try {
    await action();
  } catch (error) {
    if (error instanceof FederationError) {
      return error;
    }
    throw error;
  }
  throw new Error('expected a FederationError');
}

/** The same, with the ports of fakes written `PORT`. */
export async function fault(action: () => unknown): Promise<[string, string]> {
  const { code, message } = await failure(action);
  return [code, message.replace(/localhost:\d+/g, 'localhost:PORT').replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')];
}

/** A port on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
