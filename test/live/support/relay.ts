import { LiveProcess } from './process';

/** Where connections arrive, or where they are passed on to: a port of a network, or a socket in a file. */
export type Address = { readonly host: string; readonly port: number } | { readonly path: string };

/** Connections to the first address are passed on to the second. */
export type RelayLine = readonly [from: Address, to: Address];

const PROGRAM = `
const { connect, createServer } = require('node:net');
const lines = JSON.parse(process.argv[1]);
let left = lines.length;
for (const [from, to] of lines) {
  createServer((socket) => {
    const other = connect(to);
    socket.on('error', () => other.destroy());
    other.on('error', () => socket.destroy());
    socket.pipe(other).pipe(socket);
  }).listen(from, () => { if (--left === 0) console.log('ready'); });
}`;

/**
 * Starts a program that passes connections on. Sockets in files lead from one network to another, for files belong to none.
 *
 * @param enter a command that starts it in another network
 */
export async function startRelay(lines: readonly RelayLine[], enter: readonly string[] = []): Promise<LiveProcess> {
  const [program, ...args] = [...enter, process.execPath, '-e', PROGRAM, JSON.stringify(lines)];
  const relay = new LiveProcess(program as string, args, { name: 'relay' });
  try {
    await relay.says(/ready/, 30);
  } catch (error) {
    await relay.end();
    throw error;
  }
  return relay;
}
