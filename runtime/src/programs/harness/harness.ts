import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { any, federated } from '../../authorize';
import { JwtSource, X509Source } from '../../source';
import { createServer, peerId } from '../../tls';
import { WorkloadApiClient } from '../../workload-api';
import { ExitCode, type Surroundings, untilAborted } from '../program';
import { createControlServer } from './control-server';
import { operations } from './operations';

/**
 * Runs the harness: shows what this package does to a suite that knows nothing of it. Every decision about SPIFFE is one
 * of the package; the peers that it authenticates are all authorized.
 *
 * @param surroundings the process
 * @param version the version of this package
 * @returns the exit code
 * @throws {@link WorkloadApiError} when the Workload API can never give an identity
 */
export async function runHarness({ stdout, stop }: Surroundings, version: string): Promise<number> {
  // Its address comes from the environment, which is a part of what is tested.
  const client = new WorkloadApiClient();
  // Ends waiting for whatever is still awaited when the harness ends for another reason than `stop`.
  const ending = new AbortController();
  const settings = { client, signal: AbortSignal.any([stop, ending.signal]), initialTimeoutMs: 0 } as const;
  // Asked at once, and not waited for: an identity is enough to begin with.
  const jwt = JwtSource.create(settings);
  jwt.catch(() => undefined);
  try {
    await using x509 = await X509Source.create(settings);
    const tls = createServer({ source: x509, authorize: federated(any()) }, (socket) => {
      socket.on('error', () => undefined).end(`${peerId(socket)}\n`);
    });
    const connections = new Set<Socket>();
    tls.on('connection', (socket) => {
      connections.add(socket);
      socket.once('close', () => connections.delete(socket));
    });
    const control = createControlServer(operations({ client, x509, jwt, version }));
    const ports = await Promise.all([listen(tls), listen(control)]);
    stdout(`SPIFFE_HARNESS_VERSION=1\nSPIFFE_X509_PORT=${ports[0]}\nSPIFFE_CONTROL_PORT=${ports[1]}\nREADY\n`);
    await untilAborted(stop);
    const closing = Promise.all([closed(tls), closed(control)]);
    control.closeAllConnections();
    for (const socket of connections) {
      socket.destroy();
    }
    await closing;
  } catch (error) {
    if (!stop.aborted) {
      throw error;
    }
  } finally {
    ending.abort();
    client.close();
    await jwt.then(
      (source) => source.close(),
      () => undefined,
    );
  }
  return ExitCode.ok;
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function closed(server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
