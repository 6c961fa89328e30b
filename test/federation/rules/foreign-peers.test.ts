import { bundleOfRoots, type Fetching } from '../../../lib/federation';
import { type Draft, identity, partnerBelieves, tableOf } from '../fixtures';
import { WEB_ROOT } from '../fixtures-certificates';
import type { Mutable } from '../mutable';

const HOUR = 3600;

/** A partner of whom nothing is known, and whose bundle workloads of `east` get. */
const stranger = (change: (mesh: Draft) => void) => (mesh: Draft) => {
  Object.assign(mesh.partner.endpoint, { refreshHint: undefined, exposure: 'other' });
  mesh.east.identities = [identity('shop', ['partner.example'])];
  change(mesh);
};

test('of whose bundle nothing is known', () => {
  expect(
    tableOf({
      'neither hint nor lifetime': stranger(() => undefined),
      'by https_spiffe': stranger((mesh) => {
        const spiffeId = 'spiffe://partner.example/spire/server';
        const bundle = bundleOfRoots(WEB_ROOT, { refreshHint: 300 });
        Object.assign(mesh.partner.endpoint, { profile: 'https_spiffe', spiffeId, certificate: undefined });
        mesh.partner.seed = { bundle };
        Object.assign(mesh.east.relationships[1] ?? {}, {
          profile: 'https_spiffe',
          endpointSpiffeId: spiffeId,
          bundle,
        });
      }),
      'the hint alone': stranger(({ partner }) => {
        partner.endpoint.refreshHint = 300;
      }),
      'served by SPIRE': stranger(({ partner, east }) => {
        Object.assign(partner.endpoint, { servedBySpire: true, url: 'https://bundle.partner.example/' });
        Object.assign(east.relationships[1] ?? {}, { url: 'https://bundle.partner.example/' });
      }),
      'that no workload gets': stranger(({ east }) => {
        east.identities = [];
      }),
    }),
  ).toMatchInlineSnapshot(`
"# neither hint nor lifetime
warning W31 [partner] endpoint.refreshHint is not known, and neither is the lifetime of its CAs (caTtl): nobody can tell whether a new one is seen before it signs; ask those who run it for both, and write refreshHint and caTtl
# by https_spiffe
warning W31 [partner] endpoint.refreshHint is not known, and neither is the lifetime of its CAs (caTtl): nobody can tell whether a new one is seen before it signs; by https_spiffe, who misses one can never verify the endpoint again; ask those who run it for both, and write refreshHint and caTtl
# the hint alone
# served by SPIRE
# that no workload gets"
`);
});

/** The partner, as it believes both clusters. */
const consumer =
  (fetches: Partial<Mutable<Fetching>>, change: (mesh: Draft) => void = () => undefined) =>
  (mesh: Draft) => {
    mesh.partner.fetches = { profiles: ['https_web', 'https_spiffe'], ...fetches };
    partnerBelieves(mesh, 'prod/east', 'prod/west');
    change(mesh);
  };

/** CAs that live for so long, with a hint that suits them. */
const cas =
  (east: number | undefined, west: number | undefined) =>
  (mesh: Draft): void => {
    Object.assign(mesh.east, { caTtl: east, replicas: 2 });
    Object.assign(mesh.west, { caTtl: west, replicas: 2, upstream: { roots: undefined } });
    Object.assign(mesh.east.endpoint, { refreshHint: 60 });
    Object.assign(mesh.west.endpoint, { refreshHint: 60 });
  };

/** West signs itself, alone. */
const itself = (mesh: Draft): void => {
  Object.assign(mesh.west, { upstream: undefined, replicas: 1 });
};

test('that look as often as they want', () => {
  expect(
    tableOf({
      'every half an hour, for a CA of a day': consumer({ interval: HOUR / 2 }),
      'a fifth of the time': consumer({ interval: 96 * 60 }),
      'a little more than a fifth': consumer({ interval: 96 * 60 + 1 }),
      'a third of the time': consumer({ interval: 160 * 60 }),
      'a little more than a third': consumer({ interval: 160 * 60 + 1 }),
      'too seldom for short CAs': consumer({ interval: HOUR / 2 }, (mesh) => {
        cas(3 * HOUR, 3 * HOUR)(mesh);
        itself(mesh);
      }),
      'too seldom for JWT keys': consumer({ interval: HOUR / 2 }, cas(3 * HOUR, 4 * HOUR)),
      'of whose CAs nothing is known': consumer({ interval: 10 * HOUR }, cas(undefined, undefined)),
      'so seldom that no CA lives long enough': consumer({ interval: 10 * 24 * HOUR }),
      'by the hint': consumer({ fetchesPerHint: 1 }),
    }),
  ).toMatchInlineSnapshot(`
"# every half an hour, for a CA of a day
# a fifth of the time
# a little more than a fifth
warning W31 [partner] fetches.interval is 1h36m1s whatever the hint is, and of 'prod/west' a CA of 24h is published min(24h/2, 720h) - min(24h/6, 168h) = 8h before it signs, 4.9 times that: the standard wants up to 5; fetch more often, or lengthen the caTtl of 'prod/west' to 24h15s at least
# a third of the time
warning W31 [partner] fetches.interval is 2h40m whatever the hint is, and of 'prod/west' a CA of 24h is published min(24h/2, 720h) - min(24h/6, 168h) = 8h before it signs, 3 times that: the standard wants up to 5; fetch more often, or lengthen the caTtl of 'prod/west' to 40h at least
# a little more than a third
error W31 [partner] fetches.interval is 2h40m1s whatever the hint is, and of 'prod/west' a CA of 24h is published min(24h/2, 720h) - min(24h/6, 168h) = 8h before it signs, 2.9 times that: fewer than three chances to see it; fetch more often, or lengthen the caTtl of 'prod/west' to 40h15s at least
warning W31 [partner] fetches.interval is 2h40m1s whatever the hint is, and of 'prod/east' a CA of 24h is published min(24h/2, 720h) - min(24h/6, 168h) = 8h before it signs, 2.9 times that: so are the keys of its JWT-SVIDs, with fewer than three chances to see them; fetch more often, or lengthen the caTtl of 'prod/east' to 40h15s at least
# too seldom for short CAs
error W31 [partner] fetches.interval is 30m whatever the hint is, and of 'prod/west' a CA of 3h is published min(3h/2, 720h) - min(3h/6, 168h) = 1h before it signs, 2 times that: fewer than three chances to see it; fetch more often, or lengthen the caTtl of 'prod/west' to 7h30m at least
warning W31 [partner] fetches.interval is 30m whatever the hint is, and of 'prod/east' a CA of 3h is published min(3h/2, 720h) - min(3h/6, 168h) = 1h before it signs, 2 times that: so are the keys of its JWT-SVIDs, with fewer than three chances to see them; fetch more often, or lengthen the caTtl of 'prod/east' to 7h30m at least
# too seldom for JWT keys
warning W31 [partner] fetches.interval is 30m whatever the hint is, and of 'prod/east' a CA of 3h is published min(3h/2, 720h) - min(3h/6, 168h) = 1h before it signs, 2 times that: so are the keys of its JWT-SVIDs, with fewer than three chances to see them (the same is true of 'prod/west'); fetch more often, or lengthen the caTtl of these members to 7h30m at least
# of whose CAs nothing is known
# so seldom that no CA lives long enough
error W31 [partner] fetches.interval is 240h whatever the hint is, and of 'prod/west' a CA of 24h is published min(24h/2, 720h) - min(24h/6, 168h) = 8h before it signs, 0 times that: fewer than three chances to see it; fetch more often
warning W31 [partner] fetches.interval is 240h whatever the hint is, and of 'prod/east' a CA of 24h is published min(24h/2, 720h) - min(24h/6, 168h) = 8h before it signs, 0 times that: so are the keys of its JWT-SVIDs, with fewer than three chances to see them; fetch more often
# by the hint"
`);
});

test('that forget, or put all into one pool', () => {
  expect(
    tableOf({
      'forget at an interval': consumer({ forgetsOnFailure: true, interval: HOUR / 2 }),
      'forget by the hint': consumer({ forgetsOnFailure: true }),
      'one pool': consumer({ poolsRoots: true }),
      neither: consumer({ forgetsOnFailure: false, poolsRoots: false }),
      'of those whom they believe, who are nobody': (mesh) => {
        mesh.partner.fetches = { profiles: ['https_web'], forgetsOnFailure: true, poolsRoots: true };
        mesh.edges.push({ consumer: 'partner', provider: 'x' });
      },
    }),
  ).toMatchInlineSnapshot(`
"# forget at an interval
warning W31 [partner] fetches.forgetsOnFailure makes it refuse 'prod/east' and 'prod/west' when a single fetch has failed, until it fetches again, 30m later; run more than one server behind the endpoints that it fetches from, and accept this
# forget by the hint
warning W31 [partner] fetches.forgetsOnFailure makes it refuse 'prod/east' and 'prod/west' when a single fetch has failed, until it has fetched again; run more than one server behind the endpoints that it fetches from, and accept this
# one pool
warning W31 [partner] fetches.poolsRoots lets 'prod/east' and 'prod/west' sign identities of any trust domain in its eyes, and of its own too; let it believe only those who may, and accept this
# neither
# of those whom they believe, who are nobody
error E04 [partner] edges 'partner → x' names 'x', which is no member; write the name of a member, or add the member"
`);
});
