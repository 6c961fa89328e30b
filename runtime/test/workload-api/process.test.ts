import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { FakeWorkloadApi } from '../../src/testing/fake-workload-api';
import { TestAuthority } from '../../src/testing/test-authority';
import { Cleanup } from './fixtures';

// What keeps a process alive, seen from outside of it.

const authority = new TestAuthority('example.org');
const cleanup = new Cleanup();

afterEach(() => cleanup.run());

async function run(program: string, api: FakeWorkloadApi): Promise<string> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'programs', program)], {
    env: { ...process.env, SPIFFE_ENDPOINT_SOCKET: api.address },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  cleanup.defer(() => child.kill());
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  const [code] = await once(child, 'close');
  return `${printed} (${code})`;
}

async function start(): Promise<FakeWorkloadApi> {
  return cleanup.add(
    await FakeWorkloadApi.start({ x509: [authority.x509Svid('/web')], bundles: [authority.bundle()] }),
  );
}

test('an open watch does not', async () => {
  expect(await run('watch-only.ts', await start())).toBe('ended (0)');
}, 30_000);

test('a watch with ref() does, also while it waits for its next try', async () => {
  const api = await start();
  api.fail('FetchX509SVID', { status: 14 }, 2);
  expect(await run('watch-and-wait.ts', api)).toBe('unavailable unavailable update spiffe://example.org/web (0)');
}, 30_000);

test('an awaited call does, until it is answered', async () => {
  expect(await run('fetch.ts', await start())).toBe('fetched spiffe://example.org/web (0)');
}, 30_000);
