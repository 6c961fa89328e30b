import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { FakeWorkloadApi, TestAuthority } from '../src/testing';

const RUNTIME = join(__dirname, '..');
const readme = readFileSync(join(RUNTIME, 'README.md'), 'utf8');
const example = (name: string): string => readFileSync(join(RUNTIME, 'examples', name), 'utf8');

/** Runs an example with the package as it was built, and gives what it writes. */
async function run(name: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const child = spawn(process.execPath, ['--import', 'tsx', join('examples', name)], {
    cwd: RUNTIME,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text) => {
      written[stream] += text;
    });
  }
  const [code] = await once(child, 'close');
  expect({ code, stderr: written.stderr }).toEqual({ code: 0, stderr: '' });
  return written.stdout;
}

/** A port that nobody has at the moment. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

test('the README holds the examples', () => {
  const programs = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, text = '']) => text);
  expect(programs).toEqual(['hello.mts', 'tokens.mts', 'own-tests.mts', 'two-trust-domains.mts'].map(example));
});

test('the README shows what the demo writes', async () => {
  const withoutPorts = (text: string) => text.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT');
  const [, shown = ''] = /```\n(web \(west\)[\s\S]*?)```/.exec(readme) ?? [];
  expect(withoutPorts(await run('demo.mts'))).toBe(withoutPorts(shown));
}, 30_000);

test('the examples of the README run', async () => {
  const authority = new TestAuthority('east.example.com');
  await using api = await FakeWorkloadApi.start({
    x509: [authority.x509Svid('/ns/shop/sa/payments')],
    bundles: [authority.bundle()],
    jwt: authority,
  });
  const env = { SPIFFE_ENDPOINT_SOCKET: api.address, PORT: String(await freePort()) };
  expect(await run('hello.mts', env)).toBe('hello spiffe://east.example.com/ns/shop/sa/payments\n\n');
  expect(await run('tokens.mts', env)).toBe('');
  expect(await run('own-tests.mts', env)).toBe('');
  expect(api.callsOf('FetchJWTSVID')).toHaveLength(1);
}, 30_000);
