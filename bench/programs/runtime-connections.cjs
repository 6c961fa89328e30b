// node --expose-gc runtime-connections.cjs ours|plain COUNT: bytes by which the process grows with open connections of
// mutual TLS, of which it holds both ends.

const { once } = require('node:events');
const { setTimeout } = require('node:timers/promises');
const { listening, sides } = require('./runtime-sides.cjs');

const [side, count] = [sides[process.argv[2]](), Number(process.argv[3])];
const WARM_UP = 50;

async function resident() {
  for (let i = 0; i < 3; i++) {
    global.gc();
    await setTimeout(50);
  }
  return process.memoryUsage();
}

async function main() {
  const held = [];
  const server = side.tlsServer((socket) => held.push(socket.on('error', () => {})));
  const port = await listening(server);
  const open = async (connections) => {
    for (let i = 0; i < connections; i++) {
      const accepted = once(server, 'secureConnection');
      held.push((await side.connect(port)).on('error', () => {}));
      await accepted;
    }
  };
  await open(WARM_UP);
  const before = await resident();
  await open(count);
  const after = await resident();
  if (held.length !== 2 * (WARM_UP + count)) throw new Error(`${held.length} ends are open`);
  process.stdout.write(JSON.stringify({ rss: after.rss - before.rss, heap: after.heapUsed - before.heapUsed }));
  process.exit();
}

main();
