import { createServer as createHttpsServer, request as httpsRequest, type RequestOptions } from 'node:https';
import { any, federated } from '../../src/authorize';
import { type Agent, createServer, type PeerError, peer, type ServerOptions } from '../../src/http';
import { type Issued, TestAuthority } from '../../src/testing/test-authority';
import { TestSource } from '../../src/testing/test-source';
import { listen, pem } from '../tls/support';

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

/** A server of Node.js itself, with whatever certificates, that counts who gets through. */
export async function stockServer(issued: Issued): Promise<{ readonly url: string; requests(): number }> {
  let requests = 0;
  const options = { ...pem(issued), requestCert: true, rejectUnauthorized: false };
  const server = createHttpsServer(options, (_, response) => {
    requests += 1;
    response.end('hello');
  });
  return { url: `https://127.0.0.1:${await listen(server)}`, requests: () => requests };
}
