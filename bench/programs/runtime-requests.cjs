// node runtime-requests.cjs ROUNDS REQUESTS CONCURRENCY: keep-alive requests over HTTPS, ours and plain ones in turns;
// requests per second of each round. Client and server share this process, and so its CPU.

const https = require('node:https');
const { performance } = require('node:perf_hooks');
const { peerId } = require('@spirekit/runtime/http');
const { listening, sides } = require('./runtime-sides.cjs');

const [rounds, requests, concurrency] = process.argv.slice(2).map(Number);
const WARM_UP = 4;

async function open(side, answer) {
  const server = side.httpsServer((request, response) => response.end(answer(request)));
  const port = await listening(server);
  return { server, port, agent: side.agent(concurrency) };
}

function request({ agent, port }) {
  return new Promise((resolve, reject) => {
    https
      .get({ agent, host: '127.0.0.1', port, path: '/' }, (response) => {
        response.once('end', resolve).once('error', reject).resume();
      })
      .once('error', reject);
  });
}

/** As many requests at a time as there are connections. */
async function round(side) {
  let left = requests;
  const worker = async () => {
    while (left-- > 0) await request(side);
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: concurrency }, worker));
  return (requests * 1000) / (performance.now() - began);
}

async function main() {
  const ours = await open(sides.ours(), (request) => peerId(request).toString());
  const plain = await open(sides.plain(), () => 'spiffe://example.org/client');
  const rates = { ours: [], plain: [] };
  // The first rounds open the connections and warm up.
  for (let i = -WARM_UP; i < rounds; i++) {
    for (const name of i % 2 === 0 ? ['ours', 'plain'] : ['plain', 'ours']) {
      const rate = await round(name === 'ours' ? ours : plain);
      if (i >= 0) rates[name].push(rate);
    }
  }
  for (const { agent, server } of [ours, plain]) {
    agent.destroy();
    server.close();
  }
  process.stdout.write(JSON.stringify(rates));
}

main();
