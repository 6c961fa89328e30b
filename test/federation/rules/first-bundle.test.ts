import { bundleOfRoots, type Relationship } from '../../../lib/federation';
import { tableOf } from '../fixtures';
import { DAY_CA, WEST_ROOT } from '../fixtures-certificates';

test('bundles to begin with', () => {
  expect(
    tableOf({
      'no seed': ({ east, west }) => {
        delete east.seed;
        delete west.relationships[0]?.bundle;
      },
      'no seed, but a bundle in the relationship': ({ east }) => {
        delete east.seed;
      },
      'no seed of a CA that signs itself': ({ east, west }) => {
        delete east.seed;
        delete east.upstream;
        delete west.relationships[0]?.bundle;
      },
      'a seed of a CA that signs itself, of a day': ({ east, west }) => {
        delete east.upstream;
        east.seed = { bundle: bundleOfRoots(DAY_CA) };
        east.trustDomain = 'west.example.org';
        east.endpoint.spiffeId = 'spiffe://west.example.org/spire/server';
        west.relationships[0] = {
          ...(west.relationships[0] as object as Relationship),
          trustDomain: 'west.example.org',
          endpointSpiffeId: 'spiffe://west.example.org/spire/server',
          bundle: east.seed.bundle,
        };
        west.identities = [];
      },
      'a seed of a CA that signs itself, and lives for long': ({ east }) => {
        delete east.upstream;
        east.caTtl = 10 * 365 * 24 * 3600;
      },
      'no seed with https_web': ({ west }) => {
        delete west.seed;
      },
      'no seed that nobody needs': ({ east, west, edges }) => {
        delete east.seed;
        edges.splice(1, 1);
        Object.assign(edges[0] as object, { oneWay: true });
        west.relationships = [];
        west.identities = [];
      },
      'a foreign endpoint without a bundle': ({ west }) => {
        west.relationships.push({
          trustDomain: 'far.example',
          url: 'https://far.example',
          profile: 'https_spiffe',
          endpointSpiffeId: 'spiffe://far.example/spire/server',
          className: 'ztwim',
        });
      },
      'a foreign endpoint with a bundle': ({ west }) => {
        west.relationships.push({
          trustDomain: 'far.example',
          url: 'https://far.example',
          profile: 'https_spiffe',
          endpointSpiffeId: 'spiffe://far.example/spire/server',
          className: 'ztwim',
          bundle: bundleOfRoots(WEST_ROOT, { refreshHint: 300 }),
        });
      },
    }),
  ).toMatchInlineSnapshot(`
"# no seed
error E06 [prod/east] seed is missing: 'prod/west' cannot verify the endpoint by https_spiffe the first time; give the roots of its authority (server.upstreamAuthority: UpstreamAuthority.disk({ secret, roots })), or a seed of them
# no seed, but a bundle in the relationship
# no seed of a CA that signs itself
error E06 [prod/east] seed is missing: 'prod/west' cannot verify the endpoint by https_spiffe the first time; its CA signs itself and lives 24h (caTtl), so that a bundle of it in Git is dead within that time; give it an upstream authority with its roots (server.upstreamAuthority: UpstreamAuthority.disk({ secret, roots })), or choose https_web (BundleEndpoint.httpsWeb)
# a seed of a CA that signs itself, of a day
error E06 [prod/east] seed.bundle ends in 12h, but must stay usable for 720h: its CA signs itself and lives 24h (caTtl), so that a bundle of it in Git is dead within that time; give it an upstream authority with its roots (server.upstreamAuthority: UpstreamAuthority.disk({ secret, roots })), or choose https_web (BundleEndpoint.httpsWeb)
# a seed of a CA that signs itself, and lives for long
# no seed with https_web
# no seed that nobody needs
# a foreign endpoint without a bundle
error E06 [prod/west] relationships[1].bundle is missing, and 'far.example' cannot be verified by https_spiffe without it; paste the bundle of its roots, or choose the profile https_web
# a foreign endpoint with a bundle"
`);
});
