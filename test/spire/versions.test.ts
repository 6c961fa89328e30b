import { DEFAULT_SPIRE_VERSION, imageReference, ServingCertificate, SPIRE_VERSIONS } from '../../lib/spire';
import { containersOf, install, manifestsOf, podOf } from './installation';

test('the versions that go together', () => {
  expect(SPIRE_VERSIONS).toMatchInlineSnapshot(`
{
  "1.15.3": {
    "controllerManager": {
      "repository": "ghcr.io/spiffe/spire-controller-manager",
      "tag": "0.7.0",
    },
    "nodeDriverRegistrar": {
      "repository": "registry.k8s.io/sig-storage/csi-node-driver-registrar",
      "tag": "v2.15.0",
    },
    "oidcDiscoveryProvider": {
      "repository": "ghcr.io/spiffe/oidc-discovery-provider",
      "tag": "1.15.3",
    },
    "spiffeCsiDriver": {
      "repository": "ghcr.io/spiffe/spiffe-csi-driver",
      "tag": "0.2.12",
    },
    "spiffeHelper": {
      "repository": "ghcr.io/spiffe/spiffe-helper",
      "tag": "0.11.0",
    },
    "spireAgent": {
      "repository": "ghcr.io/spiffe/spire-agent",
      "tag": "1.15.3",
    },
    "spireServer": {
      "repository": "ghcr.io/spiffe/spire-server",
      "tag": "1.15.3",
    },
  },
}
`);
  expect(DEFAULT_SPIRE_VERSION).toBe('1.15.3');
});

test('every container of every variant runs an image of the table, by tag', () => {
  const known = Object.values(SPIRE_VERSIONS[DEFAULT_SPIRE_VERSION]).map((it) => `${it.repository}:${it.tag}`);
  const used = [install(), install({ oidc: { servingCertificate: ServingCertificate.ingress() } })].flatMap((cluster) =>
    manifestsOf(cluster)
      .flatMap((manifest) => podOf(manifest) ?? [])
      .flatMap(containersOf)
      .map(({ image }) => image as string),
  );
  expect([...new Set(used)].sort()).toEqual(known.sort());
});

test('an override changes what it names and leaves the rest to the table', () => {
  const digest = `sha256:${'0'.repeat(64)}`;
  expect([
    imageReference('1.15.3', 'spireServer'),
    imageReference('1.15.3', 'spireServer', { spireAgent: { tag: 'x' } }),
    imageReference('1.15.3', 'spireServer', { spireServer: { repository: 'mirror.test/server' } }),
    imageReference('1.15.3', 'spireServer', { spireServer: { tag: 'edge' } }),
    imageReference('1.15.3', 'spireServer', { spireServer: { digest } }),
  ]).toEqual([
    'ghcr.io/spiffe/spire-server:1.15.3',
    'ghcr.io/spiffe/spire-server:1.15.3',
    'mirror.test/server:1.15.3',
    'ghcr.io/spiffe/spire-server:edge',
    `ghcr.io/spiffe/spire-server:1.15.3@${digest}`,
  ]);
});
