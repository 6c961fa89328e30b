import { X509Certificate } from 'node:crypto';
import { chownSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { NODE_PROGRAM, NONROOT_ID, RUNTIME_PROGRAMS } from '../../../lib/image';
import { eventuallyBeside } from '../support/beside';
import { answers, freePort, type LiveProcess } from '../support/process';
import { progress } from '../support/progress';
import { build } from './builder';
import { type Container, Containers, SOCKET } from './container';
import { Organisation } from './organisation';

/** Two organisations that believe each other; and one that calls itself `west` too, with keys of its own. */
const east = new Organisation('east.example.com');
const west = new Organisation('west.example.com');
const forger = new Organisation('west.example.com');
const organisations = [east, west, forger];
const SERVER = east.id('ns/shop/sa/server');
const CLIENT = west.id('ns/office/sa/client');
const PROBE = [NODE_PROGRAM, RUNTIME_PROGRAMS, 'probe'] as const;

const folder = mkdtempSync(join(tmpdir(), 'spirekit-'));
const containers = new Containers();
const images: Record<string, string> = {};
let westAgent: LiveProcess;
let server: Container;
let client: Container;
let port: number;

/** The unpacked image of a program. */
function image(name: string): string {
  const bundle = images[name];
  if (bundle === undefined) throw new Error(`the image ${name} was not built`);
  return bundle;
}

async function startServer(name: string): Promise<{ container: Container; port: number }> {
  const free = await freePort();
  const env = { PORT: String(free), CLIENTS: CLIENT };
  const container = await containers.start(image(name), { workloadApi: east.workloadApi, env });
  await container.says(/ serves at \d+/);
  return { container, port: free };
}

function startClient(from: Organisation, at: number): Promise<Container> {
  const env = { SERVER_URL: `https://127.0.0.1:${at}/`, SERVER_ID: SERVER };
  return containers.start(image('client'), { workloadApi: from.workloadApi, env });
}

beforeAll(async () => {
  progress('building the images');
  const programs = {
    server: 'examples/workload-image/server.mts',
    client: 'examples/workload-image/client.mts',
    patient: 'test/live/image/programs/patient-server.mts',
  };
  for (const [name, entry] of Object.entries(programs)) {
    const layout = join(folder, name);
    await build({ entry: resolve(entry), layout, options: ['--platform', 'linux/amd64'] });
    images[name] = containers.unpack(layout, 'latest');
  }
  progress('starting SPIRE');
  await Promise.all(organisations.map((organisation) => organisation.startEndpoint()));
  east.believe(west);
  west.believe(east);
  forger.believe(east); // a bundle is published to everybody
  east.enterContainers('ns/shop/sa/server', [west]);
  west.enterContainers('ns/office/sa/client', [east]);
  forger.enterContainers('ns/office/sa/client', [east]);
  const agents = await Promise.all(organisations.map((organisation) => organisation.startAgent()));
  westAgent = agents[1] as LiveProcess;
  ({ container: server, port } = await startServer('server'));
  client = await startClient(west, port);
});

afterAll(async () => {
  await containers.end();
  await Promise.all(organisations.map((organisation) => organisation.end()));
  rmSync(folder, { recursive: true, force: true });
});

test('a container has the identity that the agent behind its socket gives, and no other', async () => {
  expect((await server.says(/^(.*) serves at /m))[1]).toBe(SERVER);
  expect((await client.says(/^(.*) calls /m))[1]).toBe(CLIENT);
});

test('containers of two trust domains authenticate each other', async () => {
  expect((await client.says(/^hello (.*)$/m))[1]).toBe(CLIENT);
  expect((await server.says(/^served (.*)$/m))[1]).toBe(CLIENT);
});

test('one of a forged trust domain of the same name is refused, and the server says why', async () => {
  const forged = await startClient(forger, port);
  // Its own SPIRE gives it the name that is served.
  expect((await forged.says(/^(.*) calls /m))[1]).toBe(CLIENT);
  const [, reason = ''] = await server.says(/^refused: (.*)$/m);
  expect(reason.replace(/:\d+'/, ":PORT'")).toBe(
    `peer '::ffff:127.0.0.1:PORT': its X.509-SVID is refused: X.509-SVID '${CLIENT}': certificate 1 of 1 was signed neither ` +
      'by an authority of its trust domain nor by a certificate that came with it; present the CAs in between, and update ' +
      'the bundle',
  );
  await forged.says(/^no answer: (.*)$/m);
  expect(forged.text).not.toContain('hello');
  await forged.end();
});

test('it runs as a user without rights, and can write nothing', async () => {
  const program = `
    const { readFileSync, writeFileSync } = require('node:fs');
    const write = (file) => { try { writeFileSync(file, ''); return 'written'; } catch ({ code }) { return code; } };
    const status = Object.fromEntries(readFileSync('/proc/1/status', 'utf8').split('\\n').map((line) => line.split(':\\t')));
    const { Uid, Gid, CapEff, CapBnd, NoNewPrivs } = status;
    const files = ['/x', '/app/main.mjs', '/tmp/x', '/home/nonroot/x', '/spiffe-workload-api/x'];
    console.log(JSON.stringify({ Uid, Gid, CapEff, CapBnd, NoNewPrivs, writes: files.map((file) => file + ' ' + write(file)) }));`;
  const { stdout, stderr } = await server.exec(NODE_PROGRAM, '-e', program);
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toMatchInlineSnapshot(`
{
  "CapBnd": "0000000000000000",
  "CapEff": "0000000000000000",
  "Gid": "65532	65532	65532	65532",
  "NoNewPrivs": "1",
  "Uid": "65532	65532	65532	65532",
  "writes": [
    "/x EROFS",
    "/app/main.mjs EROFS",
    "/tmp/x EROFS",
    "/home/nonroot/x EROFS",
    "/spiffe-workload-api/x EROFS",
  ],
}
`);
});

test('its environment is what the image says, and what it was given', async () => {
  const { stdout } = await server.exec(NODE_PROGRAM, '-e', 'console.log(JSON.stringify(process.env))');
  expect({ ...JSON.parse(stdout), PORT: undefined }).toMatchInlineSnapshot(`
{
  "CLIENTS": "spiffe://west.example.com/ns/office/sa/client",
  "HOME": "/home/nonroot",
  "NODE_ENV": "production",
  "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  "PORT": undefined,
  "SPIFFE_ENDPOINT_SOCKET": "unix:///spiffe-workload-api/agent.sock",
  "TERM": "xterm",
}
`);
});

test.each(['/bin/sh', '/bin/bash', '/bin/busybox', 'sh'])('there is no %s in it', async (shell) => {
  const { status, text } = await server.exec(shell, '-c', 'echo it runs');
  expect({ status, ran: text.includes('it runs') }).toEqual({ status: 255, ran: false });
  expect(text).toMatch(/no such file or directory|executable file not found/);
});

test('the probe of the image sees its identity, and reaches a server by it', async () => {
  const plain = await client.exec(...PROBE, `--socket=${SOCKET}`);
  expect({ ...plain, text: '' }).toMatchObject({
    status: 0,
    stderr: '',
    stdout: expect.stringMatching(`^ok: ${CLIENT} until `),
  });
  const dialing = await client.exec(...PROBE, `--dial=127.0.0.1:${port}`, `--expect=${SERVER}`);
  expect(dialing.stdout).toMatch(new RegExp(`, reached ${SERVER}\n$`));
});

test('the helper of the image writes an identity into files, and ends', async () => {
  const identity = mkdtempSync(join(folder, 'identity-'));
  chownSync(identity, NONROOT_ID, NONROOT_ID);
  const helper = await containers.start(image('server'), {
    workloadApi: east.workloadApi,
    args: [NODE_PROGRAM, RUNTIME_PROGRAMS, 'helper', '--folder=/identity', '--once', '--key-mode=0600'],
    mounts: [{ from: identity, to: '/identity', isWritable: true }],
  });
  expect(await helper.exit()).toBe(0);
  expect(
    readdirSync(identity)
      .filter((name) => !name.startsWith('.'))
      .sort(),
  ).toMatchInlineSnapshot(`
[
  "bundle_map.json",
  "federated",
  "svid.pem",
  "svid_bundle.pem",
  "svid_key.pem",
]
`);
  const leaf = new X509Certificate(readFileSync(join(identity, 'svid.pem')));
  expect(leaf.subjectAltName).toBe(`URI:${SERVER}`);
  expect(readdirSync(join(identity, 'federated'))).toEqual([`${west.trustDomain}.pem`]);
  const { uid, mode } = statSync(join(identity, 'svid_key.pem'));
  expect({ uid, mode: mode & 0o7777 }).toEqual({ uid: NONROOT_ID, mode: 0o600 });
});

test('told to end, it answers who waits, takes nobody new, and ends in order', async () => {
  const patient = await startServer('patient');
  const waiting = await startClient(west, patient.port);
  await patient.container.says(/was asked/);
  patient.container.kill('TERM');
  await patient.container.says(/ends/);
  await eventuallyBeside(10, 'refused connections', async () => {
    if (await answers('127.0.0.1', patient.port)) throw new Error('it takes connections still');
  });
  expect(patient.container.status).toBe(null);
  expect(waiting.text).not.toContain('answered');
  patient.container.kill('USR2');
  await waiting.says(/^answered at last$/m);
  expect(await patient.container.exit(30)).toBe(0);
  await waiting.says(/^no answer: /m);
  await waiting.end();
});

test('without an agent the probe fails, and with the next one it is content again', async () => {
  await westAgent.end();
  const { status, stderr } = await client.exec(...PROBE);
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr:
      `failed: FetchX509SVID at '${SOCKET}': there is no such socket (ENOENT); start the SPIRE agent, or correct the ` +
      'address; in Kubernetes check that the pod mounts a volume of the CSI driver csi.spiffe.io\n',
  });
  // The folder is mounted, not the socket: another one takes its place.
  westAgent = await west.startAgent();
  await eventuallyBeside(30, 'an identity', async () => {
    const again = await client.exec(...PROBE);
    if (again.status !== 0) throw new Error(again.text);
  });
});

test('the example ends in order while its client is connected, and so does the client', async () => {
  server.kill('TERM');
  expect(await server.exit(30)).toBe(0);
  expect(server.text).toMatch(/^ends$/m);
  client.kill('TERM');
  expect(await client.exit(30)).toBe(0);
});
