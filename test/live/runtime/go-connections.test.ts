import { type Client, Server as GrpcServer, makeGenericClientConstructor, type ServiceDefinition } from '@grpc/grpc-js';
import { X509Source } from '@spirekit/runtime';
import { type AuthorizeOption, any, id, memberOf } from '@spirekit/runtime/authorize';
import { peerId as callerOf, clientCredentials, createServer as createGrpcListener } from '@spirekit/runtime/grpc';
import { Agent, createServer, fetch, peerId } from '@spirekit/runtime/http';
import { connect as connectHttp2, createServer as createHttp2Server } from '@spirekit/runtime/http2';
import { settled } from '../support/beside';
import { askGo, askGoOnce, GoPeer } from './go-program';
import { ask, listen, shut } from './traffic';
import { PROGRAMS, WorkloadRig } from './workload-rig';

const rig = new WorkloadRig();
const ME = rig.id('node');
const GO = rig.id('go');
let source: X509Source;

/** Ways to say whom one accepts, in our words and in those of the program, and whether a peer of `demo` is meant. */
const authorizers: readonly [
  name: string,
  ours: AuthorizeOption,
  theirs: (peer: string) => string,
  accepts: boolean,
][] = [
  ['any', any(), () => 'any', true],
  ['the ID of the peer', id(GO), (peer) => `id:${peer}`, true],
  ['its trust domain', memberOf(rig.trustDomain), () => `member-of:${rig.trustDomain}`, true],
  ['another ID', id(rig.id('other')), () => `id:${rig.id('other')}`, false],
  ['another trust domain', memberOf('other.example.com'), () => 'member-of:other.example.com', false],
];

beforeAll(async () => {
  await rig.startServer();
  rig.enter('node', { selector: PROGRAMS.node });
  rig.enter('go', { selector: PROGRAMS.go });
  await rig.startAgent();
  source = await X509Source.create({ address: rig.socket });
  await settled(
    20,
    () => askGo(rig.socket, 'fetch-jwt', ['-audience', 'a']),
    ([it]) => it?.event === 'jwt-svid',
  );
});

afterAll(async () => {
  await source?.close();
  await rig.end();
});

describe.each(authorizers)('authorizing %s', (_, ours, theirs, accepts) => {
  test('go-spiffe calls our HTTPS server', async () => {
    const server = createServer({ source, authorize: ours }, (request, response) => response.end(`${peerId(request)}`));
    const refused: string[] = [];
    server.on('tlsClientError', (error: Error & { code?: string }) => refused.push(`${error.code}`));
    try {
      const url = `https://127.0.0.1:${await listen(server)}/`;
      const answer = await askGoOnce(rig.socket, 'call-http', ['-url', url, '-authorize', 'any']);
      const expected = { event: 'answer', peer: ME, protocol: 'HTTP/1.1', status: 200, body: GO };
      expect(answer).toEqual(accepts ? expected : { event: 'error', message: expect.any(String) });
      expect(refused).toEqual(accepts ? [] : ['not-authorized']);
    } finally {
      await shut(server);
    }
  });

  test('go-spiffe decides about our HTTPS server', async () => {
    const server = createServer({ source, authorize: id(GO) }, (_request, response) => response.end('hello'));
    try {
      const flags = ['-url', `https://127.0.0.1:${await listen(server)}/`, '-authorize', theirs(ME)];
      const answer = await askGoOnce(rig.socket, 'call-http', flags);
      expect(answer).toMatchObject(accepts ? { event: 'answer', body: 'hello' } : { event: 'error' });
    } finally {
      await shut(server);
    }
  });

  test("we call go-spiffe's server by Agent, fetch and HTTP/2", async () => {
    const peer = new GoPeer(rig.socket, 'serve-http', '-authorize', `id:${ME}`);
    const agent = new Agent({ source, authorize: ours });
    try {
      const url = `https://${await peer.address()}/`;
      const calls: Record<string, () => Promise<string>> = {
        agent: async () => (await ask(url, { agent })).body,
        fetch: async () => (await fetch(url, { source, authorize: ours })).text(),
        http2: async () => {
          const session = await connectHttp2(url, { source, authorize: ours });
          try {
            expect(String(peerId(session))).toBe(GO);
            const stream = session.request({ ':path': '/' });
            let body = '';
            for await (const chunk of stream.setEncoding('utf8')) body += chunk;
            return body;
          } finally {
            session.destroy();
          }
        },
      };
      for (const call of Object.values(calls)) {
        if (accepts) expect(await call()).toBe(ME);
        else await expect(call()).rejects.toThrow();
      }
      const protocols = peer.events.filter(({ event }) => event === 'request').map(({ protocol }) => protocol);
      expect(protocols).toEqual(accepts ? ['HTTP/1.1', 'HTTP/1.1', 'HTTP/2.0'] : []);
    } finally {
      agent.destroy();
      await peer.end();
    }
  });

  test("go-spiffe's server decides about us", async () => {
    const peer = new GoPeer(rig.socket, 'serve-http', '-authorize', theirs(ME));
    const agent = new Agent({ source, authorize: id(GO) });
    try {
      const url = `https://${await peer.address()}/`;
      if (accepts) expect((await ask(url, { agent })).body).toBe(ME);
      else {
        await expect(ask(url, { agent })).rejects.toThrow();
        await peer.next('refused');
      }
    } finally {
      agent.destroy();
      await peer.end();
    }
  });
});

test('go-spiffe speaks HTTP/2 with our HTTP/2 server', async () => {
  const server = createHttp2Server({ source, authorize: id(GO) }, (request, response) =>
    response.end(`${peerId(request)}`),
  );
  try {
    const flags = ['-url', `https://127.0.0.1:${await listen(server)}/`];
    const answer = await askGoOnce(rig.socket, 'call-http', flags);
    expect(answer).toEqual({ event: 'answer', peer: ME, protocol: 'HTTP/2.0', status: 200, body: GO });
  } finally {
    server.close();
  }
});

describe('gRPC', () => {
  /** gRPC's health service, as far as the tests need it: messages are bytes. */
  const bytes = (value: Buffer): Buffer => value;
  const health = {
    Check: {
      path: '/grpc.health.v1.Health/Check',
      requestStream: false,
      responseStream: false,
      requestSerialize: bytes,
      requestDeserialize: bytes,
      responseSerialize: bytes,
      responseDeserialize: bytes,
    },
  } satisfies ServiceDefinition;
  /** Field 1, an enumeration: SERVING. */
  const SERVING = Buffer.from([0x08, 1]);

  function check(address: string, authorize: AuthorizeOption): Promise<Buffer> {
    const Health = makeGenericClientConstructor(health, 'Health');
    const client = new Health(address, clientCredentials({ source, authorize })) as Client;
    return new Promise<Buffer>((resolve, reject) => {
      const { path, requestSerialize, responseDeserialize } = health.Check;
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, Buffer.alloc(0), (error, answer) =>
        error ? reject(error) : resolve(answer as Buffer),
      );
    }).finally(() => client.close());
  }

  test.each(authorizers)('go-spiffe calls our server, which authorizes %s', async (_, ours, _theirs, accepts) => {
    const callers: string[] = [];
    const grpc = new GrpcServer();
    grpc.addService(health, {
      Check: (call: Parameters<typeof callerOf>[0], done: (error: null, answer: Buffer) => void) => {
        callers.push(String(callerOf(call)));
        done(null, SERVING);
      },
    });
    const listener = createGrpcListener({ source, authorize: ours }, grpc);
    try {
      const flags = ['-target', `127.0.0.1:${await listen(listener)}`, '-authorize', `id:${ME}`];
      const answer = await askGoOnce(rig.socket, 'call-grpc', flags);
      expect(answer).toMatchObject(
        accepts
          ? { event: 'answer', peer: ME, status: 'SERVING' }
          : { event: 'error', message: expect.stringContaining('Unavailable') },
      );
      expect(callers).toEqual(accepts ? [GO] : []);
    } finally {
      listener.close();
      grpc.forceShutdown();
    }
  });

  test.each(authorizers)("we call go-spiffe's server, and authorize %s", async (_, ours, _theirs, accepts) => {
    const peer = new GoPeer(rig.socket, 'serve-grpc', '-authorize', `id:${ME}`);
    try {
      const call = check(await peer.address(), ours);
      if (accepts) {
        expect(await call).toEqual(SERVING);
        expect(await peer.next('request')).toEqual({ event: 'request', peer: ME, known: true });
      } else await expect(call).rejects.toMatchObject({ code: 14 });
    } finally {
      await peer.end();
    }
  });
});
