import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FakeBundleEndpoint } from '../../src/testing';
import { authority } from './fixtures';

/** Each test starts a process that compiles the sources. */
jest.setTimeout(60_000);

const ROOT = join(__dirname, '../../..');
const FEDERATION = join(ROOT, 'runtime/src/federation/index.ts');
const BUNDLE = join(ROOT, 'runtime/src/bundle/index.ts');
const ID = join(ROOT, 'runtime/src/id/index.ts');

let fake: FakeBundleEndpoint;

beforeEach(async () => {
  fake = await FakeBundleEndpoint.start({ authority, profile: 'https_web' });
});

afterEach(() => fake.close());

/** What a program says that has the federation of this package, the endpoint of the fake, and its roots. */
async function run(program: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const script = `
    const { BundleEndpoint, BundleWatcher, fetchBundle, httpsSpiffe, httpsWeb } = require(${JSON.stringify(FEDERATION)});
    const td = require(${JSON.stringify(ID)}).TrustDomain.parse('partner.example');
    const url = ${JSON.stringify(fake.url)};
    const endpoint = BundleEndpoint.of({ url, profile: httpsWeb({ roots: ${JSON.stringify(fake.roots)} }) });
    ${program}
  `;
  const args = ['--import', 'tsx', '--eval', script];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...env },
    timeout: 50_000,
  });
  return stdout;
}

test('a watcher does not keep the process alive, not even while it fetches', async () => {
  fake.always({ hang: 'body' });
  const program = `
    BundleWatcher.start(td, endpoint, { timeoutMs: 3600000 });
    process.on('exit', (code) => console.log('ended', code));
  `;
  expect(await run(program)).toBe('ended 0\n');
});

test('nor while it connects to a server that says nothing', async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  // What it observes would be there if connecting had come to an end.
  const program = `
    const { BundleSet, SpiffeBundle } = require(${JSON.stringify(BUNDLE)});
    const { SpiffeId } = require(${JSON.stringify(ID)});
    const bundles = BundleSet.of(SpiffeBundle.parse(td, ${JSON.stringify(JSON.stringify(authority.bundle()))}));
    const profile = httpsSpiffe({ endpointId: SpiffeId.parse('spiffe://partner.example/bundles'), bundles });
    const silent = BundleEndpoint.of({ url: 'https://127.0.0.1:${(silent.address() as AddressInfo).port}', profile });
    BundleWatcher.start(td, silent, { timeoutMs: 3600000, observe: ({ type }) => console.log(type) });
    process.on('exit', (code) => console.log('ended', code));
  `;
  try {
    expect(await run(program)).toBe('ended 0\n');
  } finally {
    for (const socket of sockets) {
      socket.destroy();
    }
    silent.close();
  }
});

test('waiting for the first bundle does, and no longer', async () => {
  fake.next({ status: 503 });
  const program = `
    const watcher = BundleWatcher.start(td, endpoint, { minIntervalMs: 200, maxIntervalMs: 200 });
    watcher.ready().then((bundle) => console.log(bundle.x509.authorities.length));
  `;
  expect(await run(program)).toBe('1\n');
  expect(fake.requests.length).toBe(2);
});

test('the environment adds no authorities and switches nothing off', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'roots-'));
  const roots = join(folder, 'roots.pem');
  writeFileSync(roots, fake.roots);
  const program = `
    const by = (profile) => fetchBundle(td, BundleEndpoint.of({ url, profile })).then(() => 'fetched', ({ code }) => code);
    Promise.all([by(httpsWeb()), by(endpoint.profile)]).then((outcomes) => console.log(outcomes.join()));
  `;
  const env = { NODE_EXTRA_CA_CERTS: roots, NODE_TLS_REJECT_UNAUTHORIZED: '0', HTTPS_PROXY: 'http://127.0.0.1:1' };
  try {
    expect(await run(program, env)).toBe('untrusted-server,fetched\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
