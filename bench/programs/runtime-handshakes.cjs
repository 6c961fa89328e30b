// node runtime-handshakes.cjs COUNT same|rotated: handshakes of mutual TLS, ours and plain ones in turns; milliseconds of
// each, of both ends together, since both are in this process. The client presents the same SVID each time, or a new one,
// of which the context has to be made and which the server has not seen before.

const { once } = require('node:events');
const { performance } = require('node:perf_hooks');
const { anotherClient, listening, sides } = require('./runtime-sides.cjs');

const [count, rotated] = [Number(process.argv[2]), process.argv[3] === 'rotated'];
const WARM_UP = 50;

async function open(side) {
  const server = side.tlsServer((socket) => socket.on('error', () => {}));
  const port = await listening(server);
  return { ...side, server, port };
}

/** From the call until both ends have verified each other. */
async function handshake({ connect, present, server, port }) {
  const accepted = once(server, 'secureConnection');
  const svid = rotated ? anotherClient() : undefined;
  const began = performance.now();
  if (svid) present(svid);
  const [socket, [other]] = await Promise.all([connect(port), accepted]);
  const took = performance.now() - began;
  if (socket.isSessionReused() || !other.authorized) throw new Error('this handshake is not the one to measure');
  const closed = Promise.all([once(socket, 'close'), once(other, 'close')]);
  other.resume();
  socket.resume().end();
  await closed;
  return took;
}

async function main() {
  const [ours, plain] = [await open(sides.ours()), await open(sides.plain())];
  const took = { ours: [], plain: [] };
  for (let i = -WARM_UP; i < count; i++) {
    const pair = i % 2 === 0 ? ['ours', 'plain'] : ['plain', 'ours'];
    for (const name of pair) {
      const one = await handshake(name === 'ours' ? ours : plain);
      if (i >= 0) took[name].push(one);
    }
  }
  ours.server.close();
  plain.server.close();
  process.stdout.write(JSON.stringify(took));
}

main();
