import { bundleOfRoots, type Fetching } from '../../../lib/federation';
import { type Draft, partnerBelieves, tableOf } from '../fixtures';
import { WEB_ROOT } from '../fixtures-certificates';
import type { Mutable } from '../mutable';

/** The partner, as it shall believe both clusters. */
const partner =
  (profiles: Mutable<Fetching>['profiles'], ...providers: string[]) =>
  (mesh: Draft) => {
    mesh.partner.fetches = { profiles };
    partnerBelieves(mesh, ...providers);
  };

test('profiles of foreign consumers', () => {
  expect(
    tableOf({
      'of everyone': partner(['https_web', 'https_spiffe'], 'prod/east', 'prod/west'),
      'https_web alone': partner(['https_web'], 'prod/east', 'prod/west'),
      'https_web alone, which is enough': partner(['https_web'], 'prod/west'),
      'https_spiffe alone': partner(['https_spiffe'], 'prod/east', 'prod/west'),
      none: partner([], 'prod/east', 'prod/west'),
      'https_web alone, of two': (mesh) => {
        const spiffeId = 'spiffe://apps.west.example.org/spire/server';
        const bundle = bundleOfRoots(WEB_ROOT, { refreshHint: 300 });
        const { west } = mesh;
        Object.assign(west.endpoint, {
          profile: 'https_spiffe',
          spiffeId,
          termination: 'passthrough',
          certificate: undefined,
        });
        Object.assign(west, { seed: { bundle }, upstream: { roots: WEB_ROOT } });
        const [relationship = {}] = mesh.east.relationships;
        Object.assign(relationship, { profile: 'https_spiffe', endpointSpiffeId: spiffeId, bundle });
        partner(['https_web'], 'prod/east', 'prod/west')(mesh);
      },
      'that believe nobody': partner(['https_web']),
      'that believe those who serve nothing, are none, or themselves': (mesh) => {
        partner(['https_web'], 'x', 'partner')(mesh);
      },
      'of a cluster, which is SPIRE': ({ west }) => {
        west.fetches = { profiles: ['https_web'] };
      },
    }),
  ).toMatchInlineSnapshot(`
"# of everyone
# https_web alone
error E33 [partner] fetches.profiles lack https_spiffe, by which 'prod/east' serves its bundle: 'partner' can never fetch it; give 'prod/east' an endpoint with https_web, or remove the edges
# https_web alone, which is enough
# https_spiffe alone
error E33 [partner] fetches.profiles lack https_web, by which 'prod/west' serves its bundle: 'partner' can never fetch it; give 'prod/west' an endpoint with https_spiffe, or remove the edges
# none
error E33 [partner] fetches.profiles lack https_web, by which 'prod/west' serves its bundle: 'partner' can never fetch it; give 'prod/west' an endpoint with https_spiffe, or remove the edges
error E33 [partner] fetches.profiles lack https_spiffe, by which 'prod/east' serves its bundle: 'partner' can never fetch it; give 'prod/east' an endpoint with https_web, or remove the edges
# https_web alone, of two
error E33 [partner] fetches.profiles lack https_spiffe, by which 'prod/east' and 'prod/west' serve their bundles: 'partner' can never fetch them; give these members endpoints with https_web, or remove the edges
# that believe nobody
# that believe those who serve nothing, are none, or themselves
error E02 [partner] edges 'partner → partner' is an edge to oneself; remove it: servers of one trust domain share its bundle
error E04 [partner] edges 'partner → x' names 'x', which is no member; write the name of a member, or add the member
# of a cluster, which is SPIRE"
`);
});
