import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { FakeBundleEndpoint, TestAuthority } from '@spirekit/runtime/testing';
import { BOOTSTRAP_SCHEMA, type BootstrapSource } from '../../../lib/federation';
import { newFolder, removeFolders } from '../../synth/fixtures';
import { COMMAND, file, ROOT, spirekit, start } from '../fixtures';
import { WANTED, WEST } from './bootstrapping/fixtures';

// The command is a process of its own, from its source.
jest.setTimeout(120_000);

const COLLECTION = '/apis/spire.spiffe.io/v1alpha1/clusterfederatedtrustdomains';
const HELP = "See 'spirekit bundle --help'.\n";

let folder: string;
let api: Server;
let endpoint: FakeBundleEndpoint;
const authority = new TestAuthority(WEST);
/** So many requests to make one are refused for now. */
let busy = 0;
/** Relationships by name. */
const objects = new Map<string, object>();

beforeAll(async () => {
  folder = newFolder();
  api = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const name = request.url?.startsWith(`${COLLECTION}/`) ? request.url.slice(COLLECTION.length + 1) : '';
    if (request.method === 'POST' && busy > 0) {
      busy -= 1;
      response.writeHead(503).end();
      return;
    }
    const object = request.method === 'POST' ? JSON.parse(Buffer.concat(chunks).toString()) : objects.get(name);
    if (request.method === 'POST') objects.set(object.metadata.name, object);
    if (request.method === 'DELETE') objects.delete(name);
    response.writeHead(object ? 200 : 404, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(object ?? { kind: 'Status', message: `${name} not found`, details: { name } }));
  });
  api.listen(0, '127.0.0.1');
  await once(api, 'listening');
  endpoint = await FakeBundleEndpoint.start({ authority, profile: 'https_web' });
  const server = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  file(folder, 'kubeconfig', {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'east', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'east', user: {} }],
    contexts: [{ name: 'east', context: { cluster: 'east', user: 'east' } }],
  });
});
beforeEach(() => objects.clear());
afterAll(async () => {
  await endpoint[Symbol.asyncDispose]();
  api.close();
  removeFolders();
});

const config = (from: BootstrapSource = { by: 'web', url: endpoint.url, roots: endpoint.roots }): string =>
  file(folder, 'bootstrap.json', { schema: BOOTSTRAP_SCHEMA, relationships: [{ ...WANTED, from }] });

/** As a process of its own: the client of Kubernetes is an ES module, which Jest cannot load. */
async function bootstrap(...args: string[]) {
  const { code, stdout, stderr } = await start(
    ['bundle', 'bootstrap', '--wait', '20s', '--context', 'east', ...args, '--kubeconfig', `${folder}/kubeconfig`],
    { cwd: ROOT, env: { HTTPS_PROXY: '' } },
  ).ended;
  const shown = stdout.replaceAll(endpoint.url, 'URL').replace(/sha256:[0-9a-f]{64}/g, 'DIGEST');
  return { code, stdout: shown, stderr: stderr.replaceAll(folder, 'FOLDER') };
}

test('makes what is not there, and leaves it alone then', async () => {
  expect(await bootstrap(config())).toEqual({
    code: 0,
    stdout: `west.example.com: ClusterFederatedTrustDomain west.example.com-bootstrap is made, with the bundle from URL; proven by the Web PKI (the given authorities alone) (DIGEST)\n`,
    stderr: '',
  });
  expect([...objects.keys()]).toEqual(['west.example.com-bootstrap']);
  expect(await bootstrap(config({ by: 'web', url: 'https://127.0.0.1:1' }))).toEqual({
    code: 0,
    stdout: `west.example.com: ClusterFederatedTrustDomain west.example.com-bootstrap is there as declared, and is left alone\n`,
    stderr: '',
  });
});

test('a server that is not believed is asked again, and given up', async () => {
  const { code, stdout, stderr } = await bootstrap(config({ by: 'web', url: endpoint.url }), '--wait', '4s');
  expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
  // How often it was asked depends on the machine.
  expect(stdout.trimEnd().split('\n').at(-1)).toMatch(
    /^west\.example\.com: given up: SPIFFE bundle of trust domain 'west\.example\.com' at 'URL': the certificate of the server is refused: /,
  );
  expect(objects.size).toBe(0);
});

describe('what it has deleted it makes anew', () => {
  const command = () => ['bundle', 'bootstrap', config(), '--context', 'east', '--kubeconfig', `${folder}/kubeconfig`];
  beforeEach(() => {
    const other = { ...WANTED.spec, className: 'other', trustDomainBundle: authority.bundle().toString() };
    objects.set(WANTED.name, { metadata: { name: WANTED.name }, spec: other });
  });

  test('told to end in the middle, while the API server is busy', async () => {
    const { child, ended } = start(command(), { cwd: ROOT, env: { HTTPS_PROXY: '' } });
    while (objects.size > 0 && child.exitCode === null) await sleep(20);
    busy = 2;
    child.kill('SIGTERM');
    expect((await ended).code).toBe(143);
    expect(busy).toBe(0);
    expect(objects.get(WANTED.name)).toMatchObject({ spec: WANTED.spec });
  });

  // A device of Linux on which nothing has room.
  (existsSync('/dev/full') ? test : test.skip)('where nothing can be told', async () => {
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [...COMMAND, ...command()], {
      cwd: ROOT,
      env: { ...process.env, HTTPS_PROXY: '' },
      stdio: ['ignore', full, 'ignore'],
    });
    closeSync(full);
    expect((await once(child, 'exit'))[0]).toBe(0);
    expect(objects.get(WANTED.name)).toMatchObject({ spec: WANTED.spec });
  });
});

test('a context that is not there is said at once', async () => {
  const { code, stderr } = await bootstrap(config(), '--context', 'north');
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: "spirekit: the kubeconfig has no context 'north'; there is 'east'\n",
  });
});

test('a URL that cannot be used is refused at once', async () => {
  const url = 'http://bundles.example.com';
  const { code, stdout } = await bootstrap(config({ by: 'web', url }));
  expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringMatching(/^west\.example\.com: refused: .*https/) });
});

test.each([
  [[], 'name the FILE that says which relationships are made'],
  [['x.json'], '--context NAME is missing: the cluster in which they are made'],
  [
    ['x.json', '--context', 'east', '--wait', 'soon'],
    "--wait 'soon' is not a duration; write numbers with the units h, m, s, ms, us or ns, such as '1h30m'",
  ],
  [
    ['x.json', '--context', 'east', '--replace', 'abc'],
    "--replace 'abc' is no digest of a bundle, such as 'sha256:' and 64 digits",
  ],
  [['x.json', '--insecure'], "there is no option '--insecure'"],
])('%j cannot be understood', async (args, message) => {
  const { code, stdout, stderr } = await spirekit('bundle', 'bootstrap', ...args);
  expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: `spirekit: ${message}\n${HELP}` });
});

test('a file that is none, or of a newer edition', async () => {
  const other = file(folder, 'other.json', { schema: 'spirekit/bundle-bootstrap/v2', relationships: [] });
  const shown = [];
  for (const name of [other, `${folder}/none.json`]) {
    shown.push(await spirekit('bundle', 'bootstrap', name, '--context', 'east'));
  }
  expect(shown.map(({ code, stderr }) => [code, stderr.replaceAll(folder, 'FOLDER')])).toEqual([
    [
      2,
      "spirekit: 'FOLDER/other.json' is no file of a BootstrapJob: schema is not a word that is known here; write one of spirekit/bundle-bootstrap/v1\n",
    ],
    [2, "spirekit: there is no file 'FOLDER/none.json'\n"],
  ]);
});
