// node --expose-gc rotation.cjs http|http2|grpc ROTATIONS: rotates the SVIDs of server and clients under load, and their
// CA many times in between. Says how many requests were answered and lost, and the heap at the beginning and at the end.

const { setImmediate } = require('node:timers/promises');
const { memberOf } = require('@spirekit/runtime/authorize');
const { TestAuthority, TestSource } = require('@spirekit/runtime/testing');
const { protocols } = require('./rotation-protocols.cjs');

const [protocol, rotations] = [protocols[process.argv[2]], Number(process.argv[3])];
const TRUST_DOMAIN = 'example.org';
const CLIENTS = 8;
/** The CA is rotated at each so many rotations, and the one before is retired half as many later. */
const ROTATIONS_PER_CA = 50;
const SAMPLES = 10;

const authority = new TestAuthority(TRUST_DOMAIN);
const sources = [TestSource.of(authority, '/server'), TestSource.of(authority, '/client')];
const [server, client] = sources.map((source) => ({ source, authorize: memberOf(TRUST_DOMAIN) }));
const counts = { sent: 0, answered: 0, lost: 0, stale: 0, accepted: 0, caRotations: 0, reconnected: 0 };
const errors = new Set();
let stopped = false;
let passed = [];

/** One request; a lost one is counted, and nothing is tried again. */
async function ask(connection) {
  counts.sent++;
  try {
    const answer = await connection.request();
    counts.answered++;
    return answer;
  } catch (error) {
    counts.lost++;
    errors.add(error.message);
    return undefined;
  } finally {
    for (const wake of passed) wake();
    passed = [];
  }
}

/**
 * Sends one request after the other on one connection, through all rotations of the SVIDs. When the CA has been rotated,
 * it connects anew: when a CA is retired, the SVIDs that it signed have long expired, and so have their connections.
 */
async function load(port) {
  while (!stopped) {
    const since = counts.caRotations;
    const connection = await protocol.connect(client, port);
    let used;
    do {
      const answer = await ask(connection);
      used ??= answer?.connection;
      if (answer && answer.connection !== used) errors.add('a connection did not outlive a rotation');
    } while (!stopped && counts.caRotations === since);
    await connection.close();
    counts.reconnected++;
  }
}

/** Resolves as soon as the requests that have ended make it true. */
async function until(condition) {
  while (!condition()) await new Promise((resolve) => passed.push(resolve));
}

/** New SVIDs for both ends; whoever connects next has to get them. */
async function rotate(port) {
  const svids = ['/server', '/client'].map((path) => authority.x509Svid(path));
  for (const [i, source] of sources.entries()) source.set(svids[i]);
  const [serverLeaf, clientLeaf] = svids.map(({ leaf }) => leaf.fingerprint);
  const connection = await protocol.connect(client, port);
  const answer = await ask(connection);
  if (answer?.client !== clientLeaf || (answer.server ?? serverLeaf) !== serverLeaf) counts.stale++;
  await connection.close();
}

function trust() {
  const bundle = authority.x509Bundle();
  for (const source of sources) source.setBundles(bundle);
}

async function heap() {
  for (let i = 0; i < 3; i++) {
    await setImmediate();
    global.gc();
  }
  return process.memoryUsage().heapUsed;
}

async function main() {
  const listener = protocol.serve(server).on('secureConnection', () => counts.accepted++);
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address();
  const clients = Array.from({ length: CLIENTS }, () => load(port));
  const window = Math.min(100, Math.floor(rotations / 2));
  const heaps = { first: [], last: [] };
  for (let done = 1; done <= rotations; done++) {
    const ofCa = done % ROTATIONS_PER_CA;
    if (ofCa === 0) {
      authority.rotate();
      trust();
    }
    await rotate(port);
    if (ofCa === 0) {
      counts.caRotations++;
    } else if (ofCa === ROTATIONS_PER_CA / 2 && counts.caRotations > 0) {
      await until(() => counts.reconnected === CLIENTS * counts.caRotations);
      authority.retire();
      trust();
    }
    // Each rotation happens among requests.
    const answered = counts.answered + CLIENTS;
    await until(() => counts.answered >= answered);
    const part = done <= window ? heaps.first : done > rotations - window ? heaps.last : undefined;
    if (part && done % Math.ceil(window / SAMPLES) === 0) part.push(await heap());
  }
  stopped = true;
  await Promise.all(clients);
  process.stdout.write(JSON.stringify({ ...counts, heaps, errors: [...errors] }), () => process.exit());
}

main();
