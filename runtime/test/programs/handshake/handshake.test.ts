import { once } from 'node:events';
import { Duplex, PassThrough, Transform } from 'node:stream';
import { id } from '../../../src/authorize';
import type { HandshakeResult } from '../../../src/programs/handshake/result';
import { TestAuthority } from '../../../src/testing';
import { FakeWorkloadApi, type FakeWorkloadApiOptions } from '../../../src/testing/fake-workload-api';
import { connect } from '../../../src/tls';
import { endAll, type Outcome, type RunningHere, startHere } from '../run';

const east = new TestAuthority('east.example');
const west = new TestAuthority('west.example');
const apis: FakeWorkloadApi[] = [];

afterEach(async () => {
  await endAll();
  await Promise.all(apis.splice(0).map((api) => api.close()));
});

/** A workload of a trust domain that holds the bundles of others. */
async function workload(own: TestAuthority, believes: TestAuthority[], more: FakeWorkloadApiOptions = {}) {
  const bundles = [own, ...believes].map((each) => each.bundle());
  const api = await FakeWorkloadApi.start({ x509: [own.x509Svid('/verify')], bundles, ...more });
  apis.push(api);
  return api.address;
}

/** Hands on what comes in at once, all in one, when nothing has come for a while: a network, or a machine, that is busy. */
function inOne(): Duplex {
  let held: Buffer[] = [];
  let timer: NodeJS.Timeout | undefined;
  const handOn = (stream: Transform): void => {
    if (held.length > 0) stream.push(Buffer.concat(held));
    held = [];
  };
  return new Transform({
    transform(chunk, _, done) {
      held.push(chunk);
      clearTimeout(timer);
      timer = setTimeout(() => handOn(this), 50);
      done();
    },
    flush(done) {
      clearTimeout(timer);
      handOn(this);
      done();
    },
  });
}

/** Two streams, each of which ends when the other is gone: what a carrier between two processes makes of them. */
function carried(pipe: () => Duplex = () => new PassThrough()): [Duplex, Duplex] {
  const [there, back] = [pipe(), pipe()];
  const side = (readable: Duplex, writable: Duplex): Duplex => {
    const stream = new Duplex({
      read: () => void readable.resume(),
      write: (chunk, _, done) => void writable.write(chunk, done),
      destroy: (error, done) => {
        writable.end();
        done(error);
      },
    });
    readable.on('data', (chunk) => stream.push(chunk)).on('end', () => stream.push(null));
    return stream;
  };
  return [side(back, there), side(there, back)];
}

interface Ended {
  readonly code: number | null;
  readonly result: HandshakeResult;
}

async function resultOf(running: RunningHere): Promise<Ended> {
  return read(await running.ended);
}

function read({ code, stdout, stderr }: Outcome): Ended {
  expect([stdout, stderr.split('\n').length]).toEqual(['', 2]);
  return { code, result: JSON.parse(stderr) };
}

async function meet(client: string[], server: string[], pipe?: () => Duplex): Promise<[Ended, Ended]> {
  const [left, right] = carried(pipe);
  const both = [
    startHere(['handshake', 'server', ...server], right),
    startHere(['handshake', 'client', ...client], left),
  ] as const;
  const [second, first] = await Promise.all(both.map(resultOf));
  return [first as Ended, second as Ended];
}

const EAST = 'spiffe://east.example/verify';
const WEST = 'spiffe://west.example/verify';

test('both accept each other', async () => {
  const [client, server] = await meet(
    ['--socket', await workload(east, [west]), '--expect', WEST],
    ['--socket', await workload(west, [east]), '--expect', EAST],
  );
  expect(client).toEqual({ code: 0, result: { ok: true, role: 'client', id: EAST, accepted: true, peer: WEST } });
  expect(server).toEqual({ code: 0, result: { ok: true, role: 'server', id: WEST, accepted: true, peer: EAST } });
});

test("a side that hears of the other's acceptance and end in one piece says its own before it goes", async () => {
  const both = await meet(
    ['--socket', await workload(east, [west]), '--expect', WEST],
    ['--socket', await workload(west, [east]), '--expect', EAST],
    inOne,
  );
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
});

test('trust in one direction: the client accepts the server, which has no bundle for the client', async () => {
  const [client, server] = await meet(
    ['--socket', await workload(east, [west]), '--expect', WEST],
    ['--socket', await workload(west, []), '--expect', EAST],
  );
  expect(client).toEqual({
    code: 1,
    result: {
      ok: false,
      role: 'client',
      id: EAST,
      accepted: true,
      peer: WEST,
      code: 'refused',
      message: `peer '${WEST}': ended the connection without accepting '${EAST}'`,
    },
  });
  expect(server).toMatchObject({
    code: 1,
    result: { ok: false, role: 'server', id: WEST, accepted: false, code: 'svid-refused', cause: 'no-bundle' },
  });
  expect(server.result.peer).toBeUndefined();
});

test('a client that has no bundle for the server is gone before that learns who it is', async () => {
  const [client, server] = await meet(
    ['--socket', await workload(east, []), '--expect', WEST],
    ['--socket', await workload(west, [east]), '--expect', EAST],
  );
  expect(client.result).toMatchObject({ ok: false, accepted: false, code: 'svid-refused', cause: 'no-bundle' });
  expect(server.result).toMatchObject({ ok: false, accepted: false, code: 'handshake-failed' });
});

test('another authority of the same name', async () => {
  const [client] = await meet(
    ['--socket', await workload(east, [new TestAuthority('west.example')]), '--expect', WEST],
    ['--socket', await workload(west, [east]), '--expect', EAST],
  );
  expect(client.result).toMatchObject({ accepted: false, code: 'svid-refused', cause: 'no-path' });
});

test('only the exact SPIFFE ID is accepted', async () => {
  const [client, server] = await meet(
    ['--socket', await workload(east, [west]), '--expect', WEST],
    ['--socket', await workload(west, [east]), '--expect', `${EAST}/other`],
  );
  expect(client.result).toMatchObject({ accepted: true, peer: WEST, code: 'refused' });
  expect(server.result).toMatchObject({ accepted: false, peer: EAST, code: 'not-authorized' });
  expect(server.result.message).toContain(`expected '${EAST}/other'`);
});

test('--hint says which identity is presented', async () => {
  const svids = ['a', 'b'].map((name) => east.x509Svid(`/to/${name}`, { hint: name }));
  const socket = await workload(east, [west], { x509: svids });
  const [client, server] = await meet(
    ['--socket', socket, '--expect', WEST, '--hint', 'b'],
    ['--socket', await workload(west, [east]), '--expect', 'spiffe://east.example/to/b'],
  );
  expect([client.result.id, server.result.peer]).toEqual(Array(2).fill('spiffe://east.example/to/b'));
  const [none] = await meet(
    ['--socket', socket, '--expect', WEST, '--hint', 'c'],
    ['--socket', await workload(west, [east]), '--expect', EAST, '--timeout', '500ms'],
  );
  expect(none.result).toEqual({
    ok: false,
    role: 'client',
    accepted: false,
    code: 'no-svid',
    message: "X.509-SVID: none has the hint 'c'; there are 'a', 'b'",
  });
});

test('no identity, and nobody at the other end', async () => {
  const none = await workload(east, [], { x509: null });
  const some = await workload(east, [west]);
  const alone = (side: string, socket: string) =>
    resultOf(startHere(['handshake', side, '--socket', socket, '--expect', WEST, '--timeout', '3s'], carried()[0]));
  expect((await alone('client', none)).result).toMatchObject({ ok: false, accepted: false, code: 'permission-denied' });
  for (const side of ['client', 'server']) {
    expect(await alone(side, some)).toMatchObject({ code: 1, result: { id: EAST, code: 'handshake-timeout' } });
  }
});

test('what comes in is no TLS', async () => {
  const socket = await workload(east, [west]);
  for (const side of ['client', 'server']) {
    const [own, other] = carried();
    other.resume().write('GET / HTTP/1.1\r\n\r\n');
    const { result } = await resultOf(startHere(['handshake', side, '--socket', socket, '--expect', WEST], own));
    expect(result).toMatchObject({ accepted: false, code: 'handshake-failed' });
  }
});

test('another side that goes on talking is given up in time', async () => {
  const [own, other] = carried();
  const server = startHere(
    ['handshake', 'server', '--socket', await workload(west, [east]), '--expect', EAST, '--timeout', '3s'],
    own,
  );
  const svid = east.x509Svid('/verify');
  const connection = await connect({
    socket: other,
    source: { x509Svid: () => svid, x509BundleFor: () => west.x509Bundle() },
    authorize: id(WEST),
  });
  const talking = setInterval(() => connection.write('accepted, '), 100);
  expect(await resultOf(server)).toMatchObject({ code: 1, result: { accepted: true, peer: EAST, code: 'refused' } });
  clearInterval(talking);
  connection.destroy();
});

test('told to end', async () => {
  const socket = await workload(east, [west]);
  for (const side of ['client', 'server']) {
    const [own, other] = carried();
    const running = startHere(['handshake', side, '--socket', socket, '--expect', WEST], own);
    if (side === 'client') {
      await once(other, 'data');
    }
    expect((await running.stop()).code).toBe(1);
  }
});

test('wrong options', async () => {
  const messages: string[] = [];
  for (const args of [[], ['peer'], ['server'], ['client', '--expect', 'nope'], ['watch', '--expect', EAST]]) {
    const { code, stderr } = await startHere(['handshake', ...args]).ended;
    expect(code).toBe(2);
    messages.push(stderr.split('\n')[0] as string);
  }
  expect(messages).toMatchInlineSnapshot(`
[
  "spirekit-runtime handshake: no role is named; write one of server, client, watch behind 'handshake'",
  "spirekit-runtime handshake: 'peer' is no role; write one of server, client, watch behind 'handshake'",
  "spirekit-runtime handshake: --expect: is missing",
  "spirekit-runtime handshake: --expect: SPIFFE ID 'nope' is not valid: scheme is missing or invalid; begin with 'spiffe://'",
  "spirekit-runtime handshake: 'spiffe://east.example/verify': is no option; remove it",
]
`);
});
