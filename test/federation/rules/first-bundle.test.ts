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
      'no seed of a foreign system': ({ east, partner }) => {
        const spiffeId = 'spiffe://partner.example/spire/server';
        Object.assign(partner.endpoint, { exposure: 'other', profile: 'https_spiffe', spiffeId });
        Object.assign(east.relationships[1] as object, { profile: 'https_spiffe', endpointSpiffeId: spiffeId });
      },
      'a seed that is not in the relationship': ({ west }) => {
        delete west.relationships[0]?.bundle;
      },
      'a seed, and a static relationship that can hold none': ({ west }) => {
        const [{ trustDomain, url, profile, endpointSpiffeId }] = west.relationships as [Relationship];
        west.staticRelationships = [{ trustDomain, url, profile, ...(endpointSpiffeId && { endpointSpiffeId }) }];
        west.relationships = [];
      },
      'a seed that is broken, which nobody is given': ({ east, west }) => {
        east.seed = { bundle: '{}' };
        delete west.relationships[0]?.bundle;
      },
      'a seed without a relationship': ({ west }) => {
        west.relationships = [];
        west.identities = [];
      },
      'no seed of a CA that signs itself': ({ east, west }) => {
        delete east.seed;
        delete east.upstream;
        delete west.relationships[0]?.bundle;
      },
      'no seed of a CA that signs itself, which the consumer fetches by itself': ({ east, west }) => {
        delete east.seed;
        delete east.upstream;
        delete west.relationships[0]?.bundle;
        Object.assign(west.relationships[0] as object, { firstBundle: 'cluster' });
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
      'a foreign endpoint whose bundle is fetched': ({ west }) => {
        west.relationships.push({
          trustDomain: 'far.example',
          url: 'https://far.example',
          profile: 'https_spiffe',
          endpointSpiffeId: 'spiffe://far.example/spire/server',
          className: 'ztwim',
          firstBundle: 'web',
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
# no seed of a foreign system
error E06 [partner] seed is missing: 'prod/east' cannot verify the endpoint by https_spiffe the first time; ask those who run it for a bundle of its roots, and write it as seed
# a seed that is not in the relationship
error E06 [prod/east] seed is not in the relationships of 'prod/west', and the endpoint cannot be verified by https_spiffe the first time; write it into these relationships as their bundle
# a seed, and a static relationship that can hold none
error E06 [prod/east] seed is not in the relationships of 'prod/west', and the endpoint cannot be verified by https_spiffe the first time; write it into these relationships as their bundle
# a seed that is broken, which nobody is given
error E15 [prod/east] seed.bundle has no list 'keys'; paste what 'spire-server bundle show -format spiffe' prints
# a seed without a relationship
error E04 [prod/west] edges 'prod/west → prod/east' is declared, but 'prod/west' has no relationship with 'east.example.org'; add the relationship, or remove the edge
# no seed of a CA that signs itself
error E06 [prod/east] seed is missing: 'prod/west' cannot verify the endpoint by https_spiffe the first time; its CA signs itself and lives 24h (caTtl), so that a bundle of it in Git is dead within that time; give it an upstream authority with its roots (server.upstreamAuthority: UpstreamAuthority.disk({ secret, roots })), choose https_web (BundleEndpoint.httpsWeb), or have peers fetch its bundle (BootstrapJob)
# no seed of a CA that signs itself, which the consumer fetches by itself
# a seed of a CA that signs itself, of a day
error E06 [prod/east] seed.bundle ends in 12h, but must stay usable for 720h: its CA signs itself and lives 24h (caTtl), so that a bundle of it in Git is dead within that time; give it an upstream authority with its roots (server.upstreamAuthority: UpstreamAuthority.disk({ secret, roots })), choose https_web (BundleEndpoint.httpsWeb), or have peers fetch its bundle (BootstrapJob)
# a seed of a CA that signs itself, and lives for long
# no seed with https_web
# no seed that nobody needs
# a foreign endpoint without a bundle
error E06 [prod/west] relationships[1].bundle is missing, and 'far.example' cannot be verified by https_spiffe without it; paste the bundle of its roots, or choose the profile https_web
# a foreign endpoint whose bundle is fetched
# a foreign endpoint with a bundle"
`);
});
