import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** An HTTP proxy that leads to the port that it is asked for, on this machine, whatever the host is. */
export class TestProxy {
  readonly asked: { readonly target: string | undefined; readonly headers: IncomingHttpHeaders }[] = [];
  readonly sockets = new Set<Socket>();
  /** What it answers instead. */
  answer: string | undefined;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer().on('connect', ({ url = '', headers }, socket: Socket) => {
      this.asked.push({ target: url, headers });
      this.sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
      if (this.answer !== undefined) {
        socket.end(this.answer);
        return;
      }
      const peer = connect({ host: 'localhost', port: Number(url.split(':').at(-1)) }, () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        socket.pipe(peer).pipe(socket);
      });
      peer.on('error', () => socket.destroy());
      socket.on('close', () => peer.destroy());
    });
  }

  static async start(): Promise<TestProxy> {
    const proxy = new TestProxy();
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): URL {
    return new URL(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`);
  }

  /** The hosts and ports that it was asked for. */
  get targets(): (string | undefined)[] {
    return this.asked.map(({ target }) => target);
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    for (const socket of this.sockets) socket.destroy();
  }
}
