import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Delivery } from '../../../lib/synth';
import { ApiServer, documentsOf } from '../support/api-server';
import { eventuallyBeside, mustBeside } from '../support/beside';
import { LiveProcess, sleep } from '../support/process';
import type { Written } from '../support/synthesized';
import { definitionsBeside } from './definitions';
import { Delivered, plainWaves } from './delivered';
import { missingFrom, Played } from './played';
import { CERT_MANAGER, PlayedOperator, ZTWIM } from './played-operator';
import { mesh, openshift } from './programs';

// The packages of Argo CD in a program of ours (test/live/delivery/argo-cd): what its controllers would make of the files, beside
// an API server without nodes. What would run there is played.

const PROGRAM = 'argo-cd-sync';
const REPOSITORY = { repoUrl: 'https://git.example.com/platform.git', path: 'deploy/mesh' };
const delivery = Delivery.argoCd(REPOSITORY);
/** One of the clusters is where Argo CD runs itself. */
const withServer = Delivery.argoCd({ ...REPOSITORY, clusters: { lab: 'https://kubernetes.default.svc' } });

/** Long enough for a sync that would not wait to go on. */
const GRACE = 5_000;

const delivered = new Delivered();
let api: ApiServer;
let played: Played;

beforeEach(async () => {
  api = await ApiServer.start();
  played = new Played(api);
});

afterEach(() => api?.end());
afterAll(() => delivered.remove());

/** The arguments by which the program finds what was written. */
const of = (folder: string): string[] => [
  ...['-applicationset', join(folder, 'argo-cd', 'applicationset.yaml')],
  ...['-health', join(folder, 'argo-cd', 'health.yaml')],
];

/** Starts to sync a cluster, as its Application says. */
async function sync(folder: string, cluster: string): Promise<LiveProcess> {
  const manifests = delivered.path(`${cluster}.yaml`);
  writeFileSync(manifests, await mustBeside('kubectl', ['kustomize', join(folder, cluster)]));
  const args = [...of(folder), '-application', `spirekit-${cluster}`, '-manifests', manifests];
  return new LiveProcess(PROGRAM, args, { env: api.env });
}

interface Application extends Written {
  readonly spec: { readonly source: unknown; readonly destination: unknown };
}

test('Argo CD’s definitions take the ApplicationSet, and the Applications that its controller makes of it', async () => {
  // One of them is so large that kubectl may look at it before the server has.
  await eventuallyBeside(60, 'definitions are served', () => api.make(definitionsBeside(PROGRAM, 'argo-cd-crds')));
  await api.make([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'argocd' } }]);
  const folder = delivered.write(mesh, withServer);
  const set = await api.apply(readFileSync(join(folder, 'argo-cd', 'applicationset.yaml'), 'utf8'));
  expect(set).toMatchObject({ status: 0, stderr: '' });
  const health = await api.apply(readFileSync(join(folder, 'argo-cd', 'health.yaml'), 'utf8'));
  expect(health).toMatchObject({ status: 0, stderr: '' });

  const made = JSON.parse(await mustBeside(PROGRAM, of(folder))) as Application[];
  expect(made.map(({ metadata, spec: { source, destination } }) => [metadata.name, source, destination])).toEqual(
    ['east', 'west', 'lab'].map((cluster) => [
      `spirekit-${cluster}`,
      { repoURL: 'https://git.example.com/platform.git', targetRevision: 'HEAD', path: `deploy/mesh/${cluster}` },
      {
        ...(cluster === 'lab' ? { server: 'https://kubernetes.default.svc' } : { name: cluster }),
        namespace: 'default',
      },
    ]),
  );
  // To delete one takes nothing away: no finalizer asks for that.
  expect(made.map(({ metadata }) => (metadata as { finalizers?: unknown }).finalizers)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  const applications = made.map(({ metadata, spec }) => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: metadata.name, namespace: metadata.namespace },
    spec,
  }));
  expect(await api.apply(documentsOf(applications))).toMatchObject({ status: 0, stderr: '' });
}, 600_000);

test('a cluster is installed wave by wave, each when what it needs is there', async () => {
  const process = await sync(delivered.write(mesh, delivery), 'east');
  try {
    await played.run('statefulset/spire-server', 'spire-server');
    await sleep(GRACE);
    expect(await played.has('daemonset/spire-agent', 'spire-system')).toBe(false);
    await played.fillWebhook('spire-controller-manager-webhook');
    await played.appears('deployment/spire-oidc-discovery-provider', 'spire-server');
    await sleep(GRACE);
    expect(await played.has('clusterfederatedtrustdomain/west.example.com')).toBe(false);
    // Beside the gates, Argo CD waits for everything whose health it knows.
    await played.balance('spire-bundle-endpoint', 'spire-server');
    await played.run('deployment/spire-oidc-discovery-provider', 'spire-server');
    expect(await process.exit(300)).toBe(0);
  } finally {
    await process.end();
  }
  const plain = plainWaves(delivered.write(mesh));
  for (const object of [...plain].flatMap(([wave, objects]) => (wave.startsWith('east/') ? objects : []))) {
    expect({ of: object.metadata.name, missing: missingFrom(await played.live(object), object) }).toEqual({
      of: object.metadata.name,
      missing: [],
    });
  }
}, 600_000);

test('definitions that an operator brings may come during a sync: it is tried again', async () => {
  const operator = new PlayedOperator(api, played);
  await operator.prepare();
  const process = await sync(delivered.write(openshift, delivery), 'east');
  try {
    await operator.choose(CERT_MANAGER);
    await operator.choose(ZTWIM);
    await process.says(/"attempt":1/, 300);
    await operator.bring(CERT_MANAGER);
    await operator.bring(ZTWIM);
    await played.appears('certificate/spire-server-federation-tls', ZTWIM.namespace);
    for (const object of ['issuer/letsencrypt-http01', 'certificate/spire-server-federation-tls']) {
      await operator.ready(object, ZTWIM.namespace);
    }
    await played.appears('spireserver/cluster');
    await sleep(GRACE);
    // It would go on at once if Argo CD were not told of the operands' health.
    expect(await played.has('spireagent/cluster')).toBe(false);
    await operator.ready('spireserver/cluster');
    for (const operand of ['spireagent/cluster', 'spiffecsidriver/cluster', 'spireoidcdiscoveryprovider/cluster']) {
      await played.appears(operand);
      await operator.ready(operand);
    }
    expect(await process.exit(300)).toBe(0);
  } finally {
    await process.end();
  }
}, 600_000);

test('health is what the gates say, and that of others is left as it was', async () => {
  const operand = (name: string, status?: object) => ({
    apiVersion: 'operator.openshift.io/v1alpha1',
    kind: 'SpireServer',
    metadata: { name },
    ...(status && { status }),
  });
  const ready = (status: string) => ({
    conditions: [
      { type: 'Other', status: 'True' },
      { type: 'Ready', status },
    ],
  });
  const cases = [
    operand('cluster'),
    operand('cluster', ready('False')),
    operand('cluster', ready('True')),
    operand('other'),
  ];
  const webhook = (name: string, caBundle?: string) => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name },
    webhooks: [{ name: 'a', clientConfig: { ...(caBundle !== undefined && { caBundle }) } }],
  });
  const name = 'spire-controller-manager-webhook';
  expect([
    await judged(openshift, cases),
    await judged(mesh, [webhook(name), webhook(name, ''), webhook(name, 'AA=='), webhook('other')]),
  ]).toEqual([
    ['Progressing', 'Progressing', 'Healthy', 'Healthy'],
    ['Progressing', 'Progressing', 'Healthy', 'Healthy'],
  ]);
}, 120_000);

/** How Argo CD judges objects when it is told what a program writes. */
async function judged(program: typeof mesh, objects: readonly object[]): Promise<string[]> {
  const manifests = delivered.path('judged.yaml');
  writeFileSync(manifests, documentsOf(objects));
  const text = await mustBeside(PROGRAM, [
    ...of(delivered.write(program, delivery)),
    '-judge',
    '-manifests',
    manifests,
  ]);
  const lines = text.split('\n').filter(Boolean);
  return lines.map((line) => (JSON.parse(line) as { health: { status: string } }).health.status);
}
