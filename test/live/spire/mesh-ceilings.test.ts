import { TestAuthority } from '@spirekit/runtime/testing';
import { App, ExternalTrustDomain, FederationMesh, KubernetesCluster, loadEstimate } from 'spirekit';
import { bundleOfRoots } from '../../../lib/federation';
import { settled } from '../support/beside';
import { foundBy } from '../support/findings';
import { EAST, relationshipsWith } from './federation-world';
import { LiveMesh } from './mesh';
import type { MeshCluster } from './mesh-cluster';
import { expectSoon } from './mesh-expect';
import { staticEntry } from './mesh-workloads';

// E36: entries that the controller manager asks for at once, and cannot take.

const PODS = 200;
const LABEL = 'a'.repeat(63);
/** Of the longest names, so that there are few. */
const domains = Array.from({ length: 105 }, (_, index) => `${index}.${LABEL}.${LABEL}.${LABEL}.example`);

let mesh: LiveMesh;
let east: MeshCluster;

beforeAll(async () => {
  mesh = await LiveMesh.start((app) => void new KubernetesCluster(app, 'east', { trustDomain: EAST }), {});
  east = mesh.member('east');
  const { server } = east;
  const root = new TestAuthority('any.example', { subjectAltNames: null }).certificate;
  server.pod.write('/tmp/relationships.json', relationshipsWith(domains, bundleOfRoots(root.toPem())));
  // The controller manager takes relationships away that no object describes; their bundles stay.
  server.must('federation', 'create', '-data', server.pod.path('/tmp/relationships.json'));
});
afterAll(() => mesh?.end());

/** East with an identity that names so many of them. */
const naming =
  (count: number) =>
  (app: App): FederationMesh => {
    const cluster = new KubernetesCluster(app, 'east', { trustDomain: EAST });
    const peers = domains
      .slice(0, count)
      .map((trustDomain) => ExternalTrustDomain.at(trustDomain, 'https://bundles.example'));
    cluster.identity('shop', { namespace: 'shop', federatesWith: peers });
    return new FederationMesh(app, 'mesh', { members: [cluster, ...peers] });
  };

/** What entries of so many pods are estimated to take. */
function estimate(): number {
  const [load] = loadEstimate(naming(domains.length)(new App({ summary: () => undefined })).model());
  return load?.identities[0]?.entriesBytes ?? 0;
}

const made = () => east.managerText.match(/Created entry/g)?.length ?? 0;
const failed = () => [...east.managerText.matchAll(/Failed to list SPIRE entries.*larger than max \((\d+) vs/g)];

test('E36: with 200 pods whose entries are longer than 4 MiB together, nothing is registered any more', async () => {
  expect(foundBy('E36', naming(domains.length))).toEqual([
    expect.stringMatching(/^warning E36 .* the entries of 200 pods take 4\.1 MiB.* it registers nothing any more; /),
  ]);
  expect(foundBy('E36', naming(domains.length - 5))).toEqual([]);

  const pod = (index: number) =>
    staticEntry(east, { name: `shop-${index}`, user: 3000 + index, federatesWith: domains });
  await east.apply(Array.from({ length: PODS }, (_, index) => pod(index)).join('\n---\n'));
  // It writes the status of each object first, twenty in a second.
  expect(await settled(90, async () => failed().length > 0, Boolean)).toBe(true);
  // It may have seen the last of the objects too late for the entries that it makes before it asks again.
  const before = made();
  expect(before).toBeGreaterThan(PODS * 0.95);
  const [, bytes] = failed().at(-1) ?? [];
  const estimated = (estimate() * before) / PODS;
  expect(Number(bytes) / estimated).toBeGreaterThan(0.98);
  expect(Number(bytes) / estimated).toBeLessThan(1.02);

  const failures = failed().length;
  await east.apply(staticEntry(east, { name: 'late', user: 4000, federatesWith: [] }));
  await expectSoon(east, () => failed().length > failures, true);
  expect(made()).toBe(before);
});
