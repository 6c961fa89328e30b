import { once } from 'node:events';
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';

/** Certificates and key, in PEM. */
export type Proof = Pick<ServerOptions, 'cert' | 'key'>;

/** Serves one text at every path, by TLS on loopback: what is no SPIRE server, such as a bucket. */
export class DocumentServer {
  private constructor(
    private readonly server: Server,
    /** What is served, from the next request on. */
    public document: string,
  ) {}

  static async start(proof: Proof, document: string): Promise<DocumentServer> {
    const server = createServer(proof);
    const started = new DocumentServer(server, document);
    server.on('request', (_, response) => {
      response.setHeader('Content-Type', 'application/json');
      // Whoever asks again makes a connection of their own, as SPIRE does; none is left when the server ends.
      response.setHeader('Connection', 'close');
      response.end(started.document);
    });
    server.on('tlsClientError', () => undefined); // a client that refuses it
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return started;
  }

  /** Proves itself otherwise, from the next connection on. */
  prove(proof: Proof): void {
    this.server.setSecureContext(proof);
  }

  get url(): string {
    return `https://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  async end(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}
