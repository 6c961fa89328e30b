import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, type ExternalOptions, ExternalTrustDomain, FederationMesh, KubernetesCluster } from 'spirekit';
import { bundleOfRoots } from '../../../lib/federation';
import { BundlePublisher, type ServerPlugin } from '../../../lib/spire';
import { HclMap } from '../../../lib/spire/config/hcl';
import { ApiServer } from '../support/api-server';
import { Authority, type KeyPair } from '../support/authority';
import { settled } from '../support/beside';
import { foundBy } from '../support/findings';
import { SpireRig } from '../support/spire-rig';
import { DocumentServer } from './document-server';
import { alone, asEast, below, federate } from './federation-world';

// E12: bundles that a SPIRE server publishes by a plugin, and something else serves.

const PARTNER = 'partner.example';
const NAMESPACE = 'default';

let folder: string;
let root: Authority;
let web: Authority;
let certificate: KeyPair;
let api: ApiServer;
const rigs: SpireRig[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spirekit-'));
  root = new Authority(folder, 'root');
  web = new Authority(folder, 'web');
  certificate = web.issue('localhost');
  api = await ApiServer.start();
});
afterAll(async () => {
  for (const rig of rigs) await rig.end();
  await api?.end();
  rmSync(folder, { recursive: true, force: true });
});

/** Has a server of the partner publish its bundle to a ConfigMap of each name, and gives what stands there then. */
async function published(
  plugins: (rig: SpireRig) => readonly ServerPlugin[],
  hints: Readonly<Record<string, string | undefined>>,
): Promise<string[]> {
  const clusters = Object.entries(hints).map(([name, hint]) => {
    const place = { namespace: NAMESPACE, configmap_name: name, configmap_key: 'bundle' };
    const access = { kubeconfig_path: api.env.KUBECONFIG };
    return [name, { format: 'spiffe', ...place, ...access, refresh_hint: hint }] as const;
  });
  const publisher = BundlePublisher.custom({ name: 'k8s_configmap', data: { clusters: HclMap.from(clusters) } });
  const rig = new SpireRig(PARTNER);
  rigs.push(rig);
  await rig.startServer({ plugins: [...plugins(rig), publisher] });
  return Promise.all(Object.keys(hints).map(bundleIn));
}

async function bundleIn(name: string): Promise<string> {
  const read = ['-n', NAMESPACE, 'get', 'configmap', name, '-o', 'jsonpath={.data.bundle}'];
  const { stdout } = await settled(
    20,
    () => api.tryKubectl(read),
    (outcome) => outcome.status === 0,
  );
  return stdout;
}

/** Seconds until east looks again at a bundle that lies in a bucket. */
async function pauseAfter(document: string): Promise<number> {
  const { secret } = certificate;
  const bucket = await DocumentServer.start({ cert: secret['tls.crt'], key: secret['tls.key'] }, document);
  let pause = Number.NaN;
  try {
    await asEast(
      async (rig, server) => {
        federate(rig, { trustDomain: PARTNER, url: bucket.url, profile: 'https_web' });
        await server.says(/msg="Bundle refreshed".*trust_domain=partner\.example/);
        const [, now = '', next = ''] = await server.says(
          /time="([^"]+)"[^\n]*msg="Scheduling next bundle refresh" at="([^"]+)"/,
        );
        pause = (Date.parse(next) - Date.parse(now)) / 1000;
      },
      { env: { SSL_CERT_FILE: web.certificateFile } },
    );
  } finally {
    await bucket.end();
  }
  return pause;
}

/** East believes the partner, whose bundle lies in a bucket. */
const partner =
  (options: ExternalOptions) =>
  (app: App): FederationMesh => {
    const east = new KubernetesCluster(app, 'east', { trustDomain: 'east.example.com' });
    const url = 'https://bundles.partner.example/spiffe.json';
    const peer = ExternalTrustDomain.at(PARTNER, url, { servedBy: 'object-store', ...options });
    east.identity('shop', { namespace: 'shop', federatesWith: [peer] });
    return new FederationMesh(app, 'mesh', { members: [east, peer] });
  };
const found = (pause: string) => [
  `warning E12 [partner.example] endpoint.refreshHint is not known, and plugins that publish to an object store write none unless they are told to: if there is none, consumers look again after ${pause}, a 40th of the shortest root lifetime; ask those who publish the bundle for a spiffe_refresh_hint of 5m, and write it here`,
];
const DAY = 24 * 3600;

/** Times are written in whole seconds. */
const expectSeconds = (seconds: number, expected: number) =>
  expect(Math.abs(seconds - expected)).toBeLessThanOrEqual(1);

test('E12: of a CA of a day, the bundle is looked at every 36 minutes; with a hint, within a quarter of it', async () => {
  const [without = '', hinted = ''] = await published(alone, { without: undefined, hinted: '5m' });
  expect(JSON.parse(without)).not.toHaveProperty('spiffe_refresh_hint');
  expect(JSON.parse(hinted)).toMatchObject({ spiffe_refresh_hint: 300 });

  expect(foundBy('E12', partner({ caTtl: '24h' }))).toEqual(found('24h/40 = 36m'));
  expectSeconds(await pauseAfter(without), 36 * 60);
  expect(foundBy('E12', partner({ caTtl: '24h', refreshHint: '5m' }))).toEqual([]);
  expectSeconds(await pauseAfter(hinted), 75);
});

test('E12: of a root of ten years, it is looked at after 91 days', async () => {
  const [document = ''] = await published((rig) => below(rig, root), { rooted: undefined });
  const seed = bundleOfRoots(root.certificate);
  expect(foundBy('E12', partner({ seed }))).toEqual(found('3650 days/40 = 91 days'));
  expectSeconds(await pauseAfter(document), (3650 * DAY) / 40);
});
