import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { eventuallyBeside } from '../support/beside';
import { LiveCluster } from '../support/cluster';
import { eventually } from '../support/run';
import { objectsIn, type Written } from '../support/synthesized';
import { Workspace } from '../support/workspace';

/** An object as the API server has it. */
interface Stored {
  readonly metadata: {
    readonly name: string;
    readonly generation?: number;
    readonly managedFields?: readonly { readonly manager: string; readonly fieldsV1: unknown }[];
  };
}

const cluster = LiveCluster.get(0);
const QUICKSTART = 'npx tsx examples/quickstart/main.ts';
const ISSUER = 'https://oidc-discovery.demo.example.com';
const ID = 'spiffe://demo.example.com/ns/shop/sa/payments';
const AGENT = '/opt/spire/bin/spire-agent';
const SOCKET = ['-socketPath', '/spiffe-workload-api/spire-agent.sock'];

const workspace = new Workspace();
const dist = workspace.path('dist');

/** What a newcomer types, as the README says it. */
function readmeCommands(): string[] {
  const [, block = ''] = /^ {4}kind create cluster\n((?: {4}.*\n)+)/m.exec(readFileSync('README.md', 'utf8')) ?? [];
  return block.split('\n').flatMap((line) => line.replace(/ # .*/, '').trim() || []);
}

beforeAll(async () => {
  await workspace.run(QUICKSTART);
  await workspace.run('sh dist/demo/remove.sh', cluster.env); // what a run left that was aborted
});

afterAll(() => workspace.remove());

/** The files in the order of the waves. */
const files = (): string[] =>
  readdirSync(join(dist, 'demo'))
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => join(dist, 'demo', name));

const documents = (file: string): Written[] => objectsIn(readFileSync(file, 'utf8'));

function reference({ apiVersion, kind, metadata }: Written): string[] {
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/').reverse().join('.')}` : '';
  return [...(metadata.namespace ? ['-n', metadata.namespace] : []), `${kind}${group}/${metadata.name}`];
}

function inPod(...command: string[]): string {
  return cluster.kubectl('-n', 'shop', 'exec', 'deploy/payments', '--', ...command);
}

test("the README's commands install the quickstart, and show the identity", async () => {
  const commands = readmeCommands();
  expect(commands).toEqual([QUICKSTART, 'sh dist/demo/install.sh', 'kubectl -n shop logs deployment/payments']);
  const [synth = '', install = '', logs = ''] = commands;
  await workspace.run(synth);
  await workspace.run(install, cluster.env);
  await eventuallyBeside(60, 'the identity in the log', async () => {
    const log = await workspace.run(logs, cluster.env);
    if (!log.includes(`SPIFFE ID:\t\t${ID}`)) throw new Error(log);
  });
});

test('all pods run ready under their own security contexts', async () => {
  for (const namespace of ['spire-server', 'spire-system', 'shop']) {
    cluster.kubectl('-n', namespace, 'wait', 'pod', '--all', '--for=condition=Ready', '--timeout=120s');
  }
  const labels = cluster.json<Stored & { metadata: { labels: Record<string, string> } }>('get', 'ns', 'spire-server');
  expect(labels.metadata.labels['pod-security.kubernetes.io/enforce']).toBe('restricted');
});

test('every object stands a second, strict apply without a change to what is ours', () => {
  for (const file of files()) {
    const objects = documents(file);
    const state = () =>
      objects.map((object) => {
        const { metadata } = cluster.json<Stored>('get', ...reference(object), '--show-managed-fields');
        const ours = metadata.managedFields?.filter(({ manager }) => manager === 'kubectl').map((m) => m.fieldsV1);
        expect(ours).toHaveLength(1);
        return { name: metadata.name, generation: metadata.generation, ours };
      });
    const before = state();
    cluster.kubectl('apply', '--server-side', '--validate=strict', '-f', file);
    expect(state()).toEqual(before);
  }
});

test('a misspelt field is refused, so the strict apply can fail', () => {
  const [agent] = documents(join(dist, 'demo', '30-nodes.yaml')).filter(({ kind }) => kind === 'DaemonSet');
  const wrong = JSON.stringify({ ...agent, spec: { ...(agent as unknown as { spec: object }).spec, templat: {} } });
  const outcome = cluster.apply(wrong, '--server-side', '--validate=strict', '--dry-run=server');
  expect(outcome.status).toBe(1);
  expect(outcome.stderr).toContain('.spec.templat: field not declared in schema');
});

test('the webhook refuses a registration that cannot render', () => {
  const outcome = cluster.apply(
    JSON.stringify({
      apiVersion: 'spire.spiffe.io/v1alpha1',
      kind: 'ClusterSPIFFEID',
      metadata: { name: 'broken' },
      spec: { className: 'spire', spiffeIDTemplate: '{{ .Nothing' },
    }),
    '--dry-run=server',
  );
  expect(outcome.status).toBe(1);
  expect(outcome.stderr).toContain('vclusterspiffeid.kb.io');
});

test('the workload fetches its X509-SVID through the CSI volume', async () => {
  const text = await eventually(60, () => inPod(AGENT, 'api', 'fetch', 'x509', ...SOCKET), 'first X509-SVID');
  expect(text).toContain(`SPIFFE ID:\t\t${ID}`);
  expect(inPod(AGENT, 'api', 'fetch', 'x509', ...SOCKET).match(/SPIFFE ID:/g)).toHaveLength(1);
});

test('a JWT-SVID of the workload verifies through the documents of the OIDC provider', async () => {
  const [token] =
    /eyJ[\w-]+\.[\w-]+\.[\w-]+/.exec(inPod(AGENT, 'api', 'fetch', 'jwt', '-audience', 'bank', ...SOCKET)) ?? [];
  if (!token) throw new Error('no token');
  const [head = '', body = '', signature = ''] = token.split('.');
  const header = decode<{ kid: string; alg: string }>(head);
  const claims = decode<{ sub: string; aud: string | string[]; iss: string }>(body);
  expect({ sub: claims.sub, aud: [claims.aud].flat(), iss: claims.iss }).toEqual({
    sub: ID,
    aud: ['bank'],
    iss: ISSUER,
  });

  const bundle = cluster.json<{ data: Record<string, string> }>(
    '-n',
    'spire-system',
    'get',
    'configmap',
    'spire-bundle',
  );
  const { keys: roots } = JSON.parse(bundle.data['bundle.spiffe'] ?? '') as { keys: { use: string; x5c: string[] }[] };
  const ca = roots.filter(({ use }) => use === 'x509-svid').map(({ x5c: [der] }) => pem(der ?? ''));

  await cluster.forward('spire-server', 'svc/spire-oidc-discovery-provider', 443, async (port) => {
    // The name and the certificate are the real ones; only DNS is the rig's part.
    const discovery = await getJson<{ issuer: string; jwks_uri: string }>(
      port,
      ca,
      `${ISSUER}/.well-known/openid-configuration`,
    );
    expect(discovery.issuer).toBe(claims.iss);
    const { keys } = await getJson<{ keys: (JsonWebKey & { kid: string; use: string })[] }>(
      port,
      ca,
      discovery.jwks_uri,
    );
    const key = keys.find(({ kid }) => kid === header.kid);
    if (!key) throw new Error(`the provider does not publish key ${header.kid}`);
    const publicKey = createPublicKey({ key: key as never, format: 'jwk' });
    const signed = Buffer.from(`${head}.${body}`);
    const bytes = Buffer.from(signature, 'base64url');
    expect(verify('sha256', signed, { key: publicKey, dsaEncoding: 'ieee-p1363' }, bytes)).toBe(true);
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    expect(verify('sha256', signed, { key: publicKey, dsaEncoding: 'ieee-p1363' }, bytes)).toBe(false);
  });
});

test('remove.sh leaves nothing behind', async () => {
  cluster.keepLogs('quickstart', 'spire-server', 'spire-system', 'shop');
  await workspace.run('sh dist/demo/remove.sh', cluster.env);
  for (const file of files()) {
    for (const object of documents(file)) {
      const outcome = cluster.tryKubectl('get', ...reference(object));
      expect(outcome.stderr).toMatch(/NotFound|doesn't have a resource type/);
    }
  }
});

const decode = <T>(part: string): T => JSON.parse(Buffer.from(part, 'base64url').toString()) as T;

const pem = (der: string): string => `-----BEGIN CERTIFICATE-----\n${der}\n-----END CERTIFICATE-----\n`;

function getJson<T>(port: number, ca: string[], url: string): Promise<T> {
  const { hostname, pathname } = new URL(url);
  return new Promise((resolve, reject) => {
    const call = request(
      { host: '127.0.0.1', port, path: pathname, servername: hostname, headers: { host: hostname }, ca },
      (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => {
          if (response.statusCode === 200) resolve(JSON.parse(text) as T);
          else reject(new Error(`${url}: ${response.statusCode} ${text}`));
        });
      },
    );
    call.on('error', reject);
    call.end();
  });
}
