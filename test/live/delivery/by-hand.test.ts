import { join } from 'node:path';
import { Delivery } from '../../../lib/synth';
import { ApiServer } from '../support/api-server';
import { runBeside } from '../support/beside';
import { Delivered, plainWaves } from './delivered';
import { missingFrom, Played } from './played';
import { mesh } from './programs';

// Where files are for a delivery, the scripts beside them install and remove the same by kubectl alone.

const delivered = new Delivered();
let api: ApiServer;

beforeAll(async () => {
  api = await ApiServer.start();
});

afterAll(async () => {
  await api?.end();
  delivered.remove();
});

test('install.sh makes what is written without a delivery, and remove.sh takes it away', async () => {
  const folder = delivered.write(mesh, Delivery.flux({ source: { name: 'platform' }, path: 'deploy/mesh' }));
  const played = new Played(api);
  const installation = runBeside('sh', [join(folder, 'east', 'install.sh')], { env: api.env });
  await played.run('statefulset/spire-server', 'spire-server');
  await played.fillWebhook('spire-controller-manager-webhook');
  await played.run('deployment/spire-oidc-discovery-provider', 'spire-server');
  expect(await installation).toMatchObject({ status: 0, stderr: '' });

  const plain = plainWaves(delivered.write(mesh));
  const written = [...plain].flatMap(([wave, objects]) => (wave.startsWith('east/') ? objects : []));
  for (const object of written) {
    const missing = missingFrom(await played.live(object), object);
    expect({ of: object.metadata.name, missing }).toEqual({ of: object.metadata.name, missing: [] });
  }

  // It has learnt of the new types then.
  await api.restartControllers();
  expect(await runBeside('sh', [join(folder, 'east', 'remove.sh')], { env: api.env })).toMatchObject({ status: 0 });
  const left: string[] = [];
  for (const { kind, metadata, apiVersion } of written) {
    const type = apiVersion.includes('/') ? `${kind}.${apiVersion.split('/')[0]}` : kind;
    if (await played.has(`${type}/${metadata.name}`, metadata.namespace)) left.push(`${type}/${metadata.name}`);
  }
  expect(left).toEqual([]);
}, 600_000);
