import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { TestAuthority } from '../../../src/testing';
import { FakeWorkloadApi } from '../../../src/testing/fake-workload-api';
import { PROGRAM } from '../run';

jest.setTimeout(60_000);

const EAST = 'spiffe://east.example/verify';
const WEST = 'spiffe://west.example/verify';

test('two processes, whose streams are carried over', async () => {
  const [east, west] = [new TestAuthority('east.example'), new TestAuthority('west.example')];
  const bundles = [east.bundle(), west.bundle()];
  await using eastApi = await FakeWorkloadApi.start({ x509: [east.x509Svid('/verify')], bundles });
  await using westApi = await FakeWorkloadApi.start({ x509: [west.x509Svid('/verify')], bundles });
  const start = (side: string, socket: string, expected: string) =>
    spawn(process.execPath, [...PROGRAM, 'handshake', side, '--socket', socket, '--expect', expected]);
  const client = start('client', eastApi.address, WEST);
  const server = start('server', westApi.address, EAST);
  for (const { stdin } of [client, server]) stdin.on('error', () => undefined);
  client.stdout.pipe(server.stdin);
  server.stdout.pipe(client.stdin);
  const ended = await Promise.all(
    [client, server].map(async (child) => {
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (text) => {
        stderr += text;
      });
      const [code] = await once(child, 'close');
      return [code, JSON.parse(stderr).peer];
    }),
  );
  expect(ended).toEqual([
    [0, WEST],
    [0, EAST],
  ]);
});
