import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeMesh } from '../../../examples/kubernetes-federation/mesh';
import { Authority } from '../support/authority';
import { synthesized, type Written } from '../support/synthesized';
import { objectsOf, ServerPod } from './federation-pods';

// Servers of the examples, by their manifests alone. Nothing in these is changed: roots, certificates and keys are the test's.

const VALID = 'SPIRE server configuration file is valid.\n';
const NAMES = ['east', 'west', 'lab'] as const;

let folder: string;
let pods: ServerPod[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'spirekit-'));
});
afterEach(async () => {
  await Promise.all(pods.splice(0).map((pod) => pod.end()));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The example with roots of the test's own. */
function kubernetesFederation(roots: readonly Authority[]): Written[][] {
  const given = join(folder, 'roots');
  mkdirSync(given);
  for (const { name, certificate } of roots) writeFileSync(join(given, `${name}.pem`), certificate);
  const written = objectsOf((app) => describeMesh(app, given));
  return NAMES.map((name) => written(name));
}

test('kubernetes-federation: three servers, told nothing but what is written, fetch each other’s bundles by https_spiffe', async () => {
  const roots = NAMES.map((name) => new Authority(folder, name));
  const objects = kubernetesFederation(roots);
  pods = await Promise.all(
    roots.map(({ secret }, index) =>
      ServerPod.create(objects[index] ?? [], { secrets: { 'spire-upstream-ca': secret } }),
    ),
  );
  for (const pod of pods) expect(await pod.validate()).toEqual({ status: 0, text: VALID });

  const servers = await Promise.all(pods.map((pod) => pod.run()));
  const byTrustDomain = new Map(pods.map((pod, index) => [`${NAMES[index]}.example.com`, pod]));
  for (const pod of pods) await pod.reach(byTrustDomain);
  for (const [index, pod] of pods.entries()) {
    for (const each of pod.believed) pod.federate(each);
    expect(pod.believed).toHaveLength(2);
    for (const { trustDomain } of pod.believed) {
      await servers[index]?.says(new RegExp(`profile=https_spiffe .*trust_domain=${trustDomain}`));
      await servers[index]?.says(new RegExp(`msg="Bundle refreshed".*trust_domain=${trustDomain}`));
      // It has JWT keys now, which no seed has.
      const live = byTrustDomain.get(trustDomain)?.keys();
      expect(pod.keys(trustDomain)).toEqual(live);
      expect(live?.map(({ use }) => use).sort()).toEqual(['jwt-svid', 'x509-svid']);
    }
    for (const each of pod.identities) pod.register(`${NAMES[index]}.example.com`, each);
    expect(servers[index]?.text).not.toMatch(/Error updating bundle/);
  }
});

test('federation: cluster3 serves its bundle with the certificate of the Secret', async () => {
  const authority = new Authority(folder, 'web');
  const { secret } = authority.issue('federation.cluster3.example.com');
  const pod = await ServerPod.create(synthesized('examples/federation/main.ts', 'cluster3'), {
    secrets: { 'spire-bundle-endpoint-tls': secret },
  });
  pods.push(pod);
  expect(await pod.validate()).toEqual({ status: 0, text: VALID });
  await pod.run();
  const url = 'https://federation.cluster3.example.com/';
  const served = JSON.parse(
    pod.curl('-sSf', '--cacert', authority.certificateFile, '--connect-to', '::127.0.0.1:8443', url),
  );
  expect(served).toMatchObject({ keys: pod.keys(), spiffe_refresh_hint: 300 });
});
