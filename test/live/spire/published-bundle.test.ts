import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SpiffeBundle } from '@spirekit/runtime/bundle';
import { TrustDomain } from '@spirekit/runtime/id';
import { BundleEndpoint, KubernetesCluster } from 'spirekit';
import { type BundleOutcome, bundleCommand } from '../support/bundle-command';
import { LiveMesh } from './mesh';
import type { MeshCluster } from './mesh-cluster';

// A bundle that a real server has published in its cluster, read by who may do no more than that.

const WEST = 'west.example.com';
/** An account that may read one ConfigMap. */
const READER = 'bundle-reader';
const CONTEXT = 'apiserver';

let folder: string;
let mesh: LiveMesh;
let west: MeshCluster;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spirekit-published-'));
  mesh = await LiveMesh.start((app) => {
    new KubernetesCluster(app, 'west', { trustDomain: WEST, bundleEndpoint: BundleEndpoint.httpsSpiffe() });
  }, {});
  west = mesh.member('west');
});
afterAll(async () => {
  await mesh?.end();
  rmSync(folder, { recursive: true, force: true });
});

const fetchBy = (env: NodeJS.ProcessEnv, ...args: string[]): Promise<BundleOutcome> =>
  bundleCommand(['fetch', WEST, '--context', CONTEXT, ...args], { cwd: folder, env });
const own = (): SpiffeBundle =>
  SpiffeBundle.parse(TrustDomain.parse(WEST), west.server.must('bundle', 'show', '-format', 'spiffe'));
function stored(): SpiffeBundle {
  const [name = '', ...others] = readdirSync(join(folder, 'bundles'));
  expect(others).toEqual([]);
  return SpiffeBundle.parse(TrustDomain.parse(WEST), readFileSync(join(folder, 'bundles', name), 'utf8'));
}

test('where the configuration of the server says', async () => {
  const { code, stdout } = await fetchBy(west.api.env);
  expect(stdout).toContain('from       ConfigMap spire-system/spire-bundle, key bundle.spiffe, of context apiserver\n');
  expect(stdout).toMatch(/proof {6}the API server of context apiserver \(https:\/\/127\.0\.0\.1:\d+\)\n/);
  expect(code).toBe(0);
  expect(stored().x509.equals(own().x509)).toBe(true);
  expect(stored().jwt.equals(own().jwt)).toBe(true);
});

test('who may get that one ConfigMap needs no more', async () => {
  const namespace = 'spire-system';
  const metadata = { name: READER, namespace };
  await west.api.make([
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata,
      rules: [{ apiGroups: [''], resources: ['configmaps'], resourceNames: ['spire-bundle'], verbs: ['get'] }],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: READER },
      subjects: [{ kind: 'ServiceAccount', name: READER, namespace }],
    },
  ]);
  const token = (await west.api.kubectl('-n', namespace, 'create', 'token', READER)).trim();
  const config = JSON.parse(readFileSync(west.api.env.KUBECONFIG ?? '', 'utf8'));
  config.users[0].user = { token };
  const KUBECONFIG = join(folder, 'reader.json');
  writeFileSync(KUBECONFIG, JSON.stringify(config), { mode: 0o600 });
  const env = { ...west.api.env, KUBECONFIG };

  const searching = await fetchBy(env);
  expect([searching.code, searching.stdout]).toEqual([
    2,
    expect.stringMatching(
      /failed: context apiserver .*cannot list resource "pods".*; name the ConfigMap by --config-map NAMESPACE\/NAME/,
    ),
  ]);
  const { code, stdout } = await fetchBy(env, '--config-map', `${namespace}/spire-bundle`);
  expect([code, stdout]).toEqual([0, expect.stringContaining('unchanged  bundles/')]);
  expect((await fetchBy(env, '--config-map', `${namespace}/other`)).stdout).toContain(
    'cannot get resource "configmaps"',
  );
});

test('a new key is published, and fetched', async () => {
  west.server.must('localauthority', 'x509', 'prepare');
  const { x509 } = own();
  expect(x509.authorities).toHaveLength(2);
  const end = Date.now() + 30_000;
  let outcome: BundleOutcome;
  do outcome = await fetchBy(west.api.env);
  while (!/\n {2}changed /.test(outcome.stdout) && Date.now() < end);
  expect(outcome.stdout).toMatch(/\n {2}\+ X\.509 /);
  expect(stored().x509.equals(x509)).toBe(true);
});

test('credentials that are not accepted, and a context that is not there', async () => {
  const config = JSON.parse(readFileSync(west.api.env.KUBECONFIG ?? '', 'utf8'));
  config.users[0].user = { token: 'none' };
  const KUBECONFIG = join(folder, 'stranger.json');
  writeFileSync(KUBECONFIG, JSON.stringify(config), { mode: 0o600 });
  const refused = await fetchBy({ ...west.api.env, KUBECONFIG });
  expect([refused.code, refused.stdout]).toEqual([2, expect.stringContaining('does not accept the credentials')]);
  const nowhere = await bundleCommand(['fetch', WEST, '--context', 'nowhere'], { cwd: folder, env: west.api.env });
  expect([nowhere.code, nowhere.stdout]).toEqual([2, expect.stringContaining("there is no context 'nowhere'")]);
});
