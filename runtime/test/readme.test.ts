import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runBeside } from '../../test/live/support/beside';
import { freePort } from '../../test/live/support/process';
import { FakeWorkloadApi, TestAuthority } from '../src/testing';

// Each example is a process of its own.
jest.setTimeout(60_000);

const RUNTIME = join(__dirname, '..');
const readme = readFileSync(join(RUNTIME, 'README.md'), 'utf8');
const example = (name: string): string => readFileSync(join(RUNTIME, 'examples', name), 'utf8');

/** Runs an example with the package as it was built, and gives what it writes. */
async function run(name: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const args = ['--import', 'tsx', join(RUNTIME, 'examples', name)];
  const { status, stdout, stderr } = await runBeside(process.execPath, args, { env: { ...process.env, ...env } });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

test('the README holds the examples', () => {
  const programs = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, text = '']) => text);
  expect(programs).toEqual(['hello.mts', 'tokens.mts', 'own-tests.mts', 'two-trust-domains.mts'].map(example));
});

test('the README shows what the demo writes', async () => {
  const withoutPorts = (text: string) => text.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT');
  const [, shown = ''] = /```\n(web \(west\)[\s\S]*?)```/.exec(readme) ?? [];
  expect(withoutPorts(await run('demo.mts'))).toBe(withoutPorts(shown));
});

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
});
