import { Delivery, type FluxOptions } from '../../../lib/synth';
import { ApiServer } from '../support/api-server';
import { definitionsOf } from '../support/foundation';
import { sleep } from '../support/process';
import { Delivered, plainWaves } from './delivered';
import { FluxController } from './flux-controller';
import { missingFrom, Played } from './played';
import { CERT_MANAGER, PlayedOperator, ZTWIM } from './played-operator';
import { mesh, openshift, relationships, withAnother, withoutAny } from './programs';

// Flux's own controller beside an API server without nodes. What would run there is played, so that it can be seen what the
// controller waits for.

const PATH = 'deploy/mesh';
const options: FluxOptions = { source: { name: 'platform' }, path: PATH, interval: '1h', retryInterval: '2s' };

const pruning: FluxOptions = { ...options, prune: true };

/** Long enough for a controller that would not wait to go on. */
const GRACE = 5_000;

const delivered = new Delivered();
let api: ApiServer;
let flux: FluxController;
let played: Played;

beforeEach(async () => {
  api = await ApiServer.start();
  played = new Played(api);
  flux = new FluxController(api, (name) => delivered.path(name));
  await flux.start();
});

afterEach(async () => {
  await flux?.end();
  await api?.end();
});

afterAll(() => delivered.remove());

/** Names of the identities that there are. */
async function identities(): Promise<string[]> {
  const names = (await api.kubectl('get', 'clusterspiffeids', '-o', 'name')).split('\n').filter(Boolean);
  return names.map((name) => name.split('/')[1] ?? '').sort();
}

test('a cluster is installed wave by wave, each when what it needs is there; then a change, and what is not written any more', async () => {
  await flux.deliver(delivered.write(withAnother, Delivery.flux(pruning)), PATH, 'east');
  await flux.ready('east-10-foundation');

  // Pods of the server, then the webhook's certificate: without either, nothing goes on.
  await played.appears('statefulset/spire-server', 'spire-server');
  await flux.waits('east-30-nodes', 'DependencyNotReady');
  await played.run('statefulset/spire-server', 'spire-server');
  await sleep(GRACE);
  await flux.waits('east-30-nodes', 'DependencyNotReady');
  expect(await played.has('daemonset/spire-agent', 'spire-system')).toBe(false);
  await played.fillWebhook('spire-controller-manager-webhook');
  await flux.ready('east-20-control-plane');

  await flux.ready('east-30-nodes');
  await flux.waits('east-50-trust', 'DependencyNotReady');
  expect(await played.has('clusterfederatedtrustdomain/west.example.com')).toBe(false);
  await played.run('deployment/spire-oidc-discovery-provider', 'spire-server');
  await flux.ready('east-50-trust');
  await flux.ready('east-60-identities');

  const plain = plainWaves(delivered.write(withAnother));
  const written = [...plain].flatMap(([wave, objects]) => (wave.startsWith('east/') ? objects : []));
  for (const object of written) {
    expect({ of: object.metadata.name, missing: missingFrom(await played.live(object), object) }).toEqual({
      of: object.metadata.name,
      missing: [],
    });
  }

  // What is not written any more is taken away, be it one object or the last of its wave.
  await flux.deliver(delivered.write(mesh, Delivery.flux(pruning)), PATH, 'east');
  await flux.ready('east-60-identities');
  expect(await identities()).toEqual(['spire-oidc-discovery-provider', 'web']);
  await flux.deliver(delivered.write(withoutAny, Delivery.flux(pruning)), PATH, 'east');
  await flux.ready('east-50-trust');
  expect(await identities()).toEqual([]);
  expect(await played.has('clusterfederatedtrustdomain/west.example.com')).toBe(true);

  // What pods run by stays, even if all Kustomizations are deleted: it is taken away in an order.
  const kustomizations = 'kustomizations.kustomize.toolkit.fluxcd.io';
  await api.kubectl('-n', 'flux-system', 'delete', kustomizations, '--all', '--timeout=60s');
  expect(await played.has('statefulset/spire-server', 'spire-server')).toBe(true);
  expect(await played.has('daemonset/spire-csi-driver', 'spire-system')).toBe(true);
}, 600_000);

test('an operator’s cluster waits for what the operator brings, and for the conditions of its operands', async () => {
  const operator = new PlayedOperator(api, played);
  await operator.prepare();
  await flux.deliver(delivered.write(openshift, Delivery.flux(options)), PATH, 'east');

  // A version that was chosen is not enough: the next wave needs what the operator brings.
  await operator.choose(CERT_MANAGER);
  await sleep(GRACE);
  await flux.waits('east-10-foundation', 'DependencyNotReady');
  await operator.bring(CERT_MANAGER);
  await flux.ready('east-05-prerequisites');
  await operator.choose(ZTWIM);
  await operator.bring(ZTWIM);
  await flux.ready('east-10-foundation');

  // An object without a status is not ready, and one whose condition is false neither.
  const certificate = 'certificate/spire-server-federation-tls';
  await played.appears(certificate, ZTWIM.namespace);
  await sleep(GRACE);
  await flux.waits('east-20-control-plane', 'DependencyNotReady');
  await operator.ready(certificate, ZTWIM.namespace);
  await flux.ready('east-15-certificates');
  await played.appears('spireserver/cluster');
  await operator.ready('spireserver/cluster', 'default', 'False');
  await sleep(GRACE);
  await flux.waits('east-30-nodes', 'DependencyNotReady');
  expect(await played.has('spireagent/cluster')).toBe(false);
  await operator.ready('spireserver/cluster');
  for (const operand of ['spireagent/cluster', 'spiffecsidriver/cluster', 'spireoidcdiscoveryprovider/cluster']) {
    await played.appears(operand);
    await operator.ready(operand);
  }
  await flux.ready('east-40-endpoints');
}, 600_000);

test('a newer Kustomize, that of Flux, gives each relationship the bundle that it is of', async () => {
  await api.make(definitionsOf('spire-controller-manager'));
  // Taken for a pattern, the second name fits the first, and would come last.
  const bundles = { 'a-b.example': '{"keys":[],"of":"a-b"}', 'a.b.example': '{"keys":[],"of":"a.b"}' };
  await flux.deliver(delivered.write(relationships(bundles), Delivery.flux(options)), PATH, 'east');
  await flux.ready('east-50-trust');
  for (const [name, bundle] of Object.entries(bundles)) {
    const path = 'jsonpath={.spec.trustDomainBundle}';
    expect(await api.kubectl('get', `clusterfederatedtrustdomain/${name}`, '-o', path)).toBe(bundle);
  }
}, 300_000);
