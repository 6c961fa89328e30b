import { request as httpsRequest, type RequestOptions } from 'node:https';
import { any, federated } from '../../src/authorize';
import { type Agent, createServer, type PeerError, peer, type ServerOptions } from '../../src/http';
import { TestAuthority } from '../../src/testing/test-authority';
import { TestSource } from '../../src/testing/test-source';
import { listen } from '../tls/support';

/** Two trust domains that trust each other, and a server of the one that greets. */
export async function greeter(options: Partial<ServerOptions> = {}) {
  const authority = new TestAuthority('own.test');
  const foreign = new TestAuthority('foreign.test');
  const serverSource = TestSource.of(authority, '/server', foreign);
  const clientSource = TestSource.of(foreign, '/client', authority);
  const requests: string[] = [];
  const errors: PeerError[] = [];
  const server = createServer(
    { source: serverSource, authorize: federated(any()), ...options } as ServerOptions,
    (request, response) => {
      requests.push(request.url as string);
      response.end(`hello ${peer(request)?.id ?? 'nobody'}`);
    },
  );
  let connections = 0;
  server.on('secureConnection', () => {
    connections += 1;
  });
  server.on('tlsClientError', (error) => errors.push(error as PeerError));
  const url = `https://127.0.0.1:${await listen(server)}`;
  return {
    ...{ authority, foreign, serverSource, clientSource, requests, errors, server, url },
    connections: () => connections,
  };
}

/** What a request by `node:https` gets. */
export function get(url: string, agent: Agent, options: RequestOptions = {}) {
  return new Promise<{ text: string; peer?: string; connection?: string }>((resolve, reject) => {
    const request = httpsRequest(url, { agent, ...options }, async (response) => {
      const server = peer(response)?.id.toString();
      let text = '';
      for await (const chunk of response) {
        text += chunk;
      }
      resolve({ text, peer: server, connection: response.headers.connection });
    });
    request.on('error', reject).end();
  });
}
