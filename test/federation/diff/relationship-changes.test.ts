import { bundleOfRoots, type Relationship } from '../../../lib/federation';
import { type Draft, fixed, web } from '../fixtures';
import { EAST_ROOT, WEST_ROOT } from '../fixtures-certificates';
import { move } from '../fixtures-changes';
import { changesBy, tableOf } from './fixtures';

const SEED = bundleOfRoots(WEST_ROOT, { refreshHint: 300 });

/** What west is told of east. */
const told = ({ west }: Draft) => west.relationships[0] ?? web('', '');

test('one consumer is told something else than there is', () => {
  const stranger = web('stranger.example', 'https://old.stranger.example/');
  const both =
    (is: Partial<typeof stranger>, was: Partial<typeof stranger> = {}) =>
    (now: Draft, before: Draft) => {
      before.east.relationships.push({ ...stranger, ...was });
      now.east.relationships.push({ ...stranger, ...was, ...is });
    };
  const bySpiffe = { profile: 'https_spiffe', endpointSpiffeId: 'spiffe://stranger.example/server' } as const;
  expect(
    tableOf({
      'another host': both({ url: 'https://new.stranger.example/' }),
      'another path': both({ url: 'https://old.stranger.example/bundle' }),
      'https_web becomes https_spiffe': both(bySpiffe),
      'https_spiffe becomes https_web': both({ profile: 'https_web', endpointSpiffeId: undefined }, bySpiffe),
      'another ID': both({ endpointSpiffeId: 'spiffe://stranger.example/other' }, bySpiffe),
      'another host by https_spiffe': both({ url: 'https://new.stranger.example/' }, bySpiffe),
      'a URL that is written otherwise, which has SPIRE take the bundle again': (now) => {
        Object.assign(told(now), { url: 'https://federation.east.example.org:8443/' });
      },
      'a member, whose own endpoint is where it was': (now) => {
        Object.assign(now.east.relationships[0] ?? {}, { url: 'https://mirror.example.org/' });
      },
    }),
  ).toMatchInlineSnapshot(`
"# another host
approval endpoint-moved: 'prod/east' fetches the bundle of 'stranger.example' at another host: whoever gets a web certificate for 'new.stranger.example' says whom it believes as 'stranger.example'
  was: https_web at https://old.stranger.example/
  is: https_web at https://new.stranger.example/
  do: make sure that the host is in the right hands, and approve it
# another path
note endpoint-url-changed: 'prod/east' fetches the bundle of 'stranger.example' at another URL of the same host
  was: https_web at https://old.stranger.example/
  is: https_web at https://old.stranger.example/bundle
# https_web becomes https_spiffe
note profile-upgraded: 'prod/east' fetches the bundle of 'stranger.example' by its SPIFFE ID, and no longer by a certificate of the web
  was: https_web at https://old.stranger.example/
  is: https_spiffe at https://old.stranger.example/ as 'spiffe://stranger.example/server'
  do: look that the bundle in the program is the live one: SPIRE takes it again, and where it is outdated every later fetch fails
# https_spiffe becomes https_web
approval profile-downgraded: 'prod/east' fetches the bundle of 'stranger.example' by a certificate of the web, and no longer by a SPIFFE ID: whoever gets a web certificate for 'old.stranger.example' says whom it believes as 'stranger.example'
  was: https_spiffe at https://old.stranger.example/ as 'spiffe://stranger.example/server'
  is: https_web at https://old.stranger.example/
  do: keep https_spiffe, or approve it
# another ID
approval endpoint-id-changed: 'prod/east' fetches the bundle of 'stranger.example' from another SPIFFE ID: whoever has an SVID of it says whom it believes as 'stranger.example'
  was: https_spiffe at https://old.stranger.example/ as 'spiffe://stranger.example/server'
  is: https_spiffe at https://old.stranger.example/ as 'spiffe://stranger.example/other'
  do: look whose identity it is, and approve it; look that the bundle in the program is the live one: SPIRE takes it again, and where it is outdated every later fetch fails
# another host by https_spiffe
note endpoint-moved: 'prod/east' fetches the bundle of 'stranger.example' at another host, which proves itself by the same SPIFFE ID
  was: https_spiffe at https://old.stranger.example/ as 'spiffe://stranger.example/server'
  is: https_spiffe at https://new.stranger.example/ as 'spiffe://stranger.example/server'
  do: look that the bundle in the program is the live one: SPIRE takes it again, and where it is outdated every later fetch fails
# a URL that is written otherwise, which has SPIRE take the bundle again
note endpoint-url-changed: 'prod/west' fetches the bundle of 'prod/east' at another URL of the same host, which proves itself by the same SPIFFE ID
  was: https_spiffe at https://federation.east.example.org:8443 as 'spiffe://east.example.org/spire/server'
  is: https_spiffe at https://federation.east.example.org:8443/ as 'spiffe://east.example.org/spire/server'
  do: look that the bundle in the program is the live one: SPIRE takes it again, and where it is outdated every later fetch fails
# a member, whose own endpoint is where it was
approval endpoint-moved: 'prod/east' fetches the bundle of 'prod/west' at another host: whoever gets a web certificate for 'mirror.example.org' says whom it believes as 'apps.west.example.org'
  was: https_web at https://federation.apps.west.example.org/
  is: https_web at https://mirror.example.org/
  do: make sure that the host is in the right hands, and approve it"
`);
});

test('a bundle alone does nothing', () => {
  expect(
    tableOf({
      'the seed of a member': (now) => {
        now.east.seed = { bundle: SEED };
        told(now).bundle = SEED;
      },
      'none was there': (_, before) => {
        delete told(before).bundle;
      },
      'none is there any more': (now) => {
        delete told(now).bundle;
      },
      'a Job fetches it now': (now) => {
        delete told(now).bundle;
        told(now).firstBundle = 'pin';
      },
    }),
  ).toMatchInlineSnapshot(`
"# the seed of a member
no-effect bundle-alone: 'prod/east' has another bundle in the program, which does not arrive at 'prod/west': a ClusterFederatedTrustDomain is not acted on when nothing but its bundle has changed
  was: bundle sha256:ecc82cf306804c9c
  is: bundle sha256:bbb4a760526e88af at 'prod/west'
  do: nothing, where the live bundle is fetched; where it cannot be, delete the ClusterFederatedTrustDomain of 'east.example.org' and apply it again, or run 'spire-server bundle set -format spiffe -id spiffe://east.example.org'
# none was there
no-effect bundle-alone: 'prod/east' has another bundle in the program, which does not arrive at 'prod/west': a ClusterFederatedTrustDomain is not acted on when nothing but its bundle has changed
  was: bundle none
  is: bundle sha256:ecc82cf306804c9c at 'prod/west'
  do: nothing, where the live bundle is fetched; where it cannot be, delete the ClusterFederatedTrustDomain of 'east.example.org' and apply it again, or run 'spire-server bundle set -format spiffe -id spiffe://east.example.org'
# none is there any more
note bundle-removed: 'prod/east' is no longer given to 'prod/west' to begin with: servers keep what they have, and new ones have to fetch
  was: bundle sha256:ecc82cf306804c9c
  is: bundle none at 'prod/west'
# a Job fetches it now
note first-bundle-changed: 'prod/west' has a Job that takes the first bundle of 'prod/east' for the right one by keys that the program names; a server that has one keeps it
  was: bundle sha256:ecc82cf306804c9c
  is: pin"
`);
});

test('a bundle of the same keys is the same', () => {
  expect(
    changesBy((now) => {
      told(now).bundle = bundleOfRoots(EAST_ROOT, { refreshHint: 60 });
    }),
  ).toEqual([]);
});

test('a bundle that comes with another URL is taken, which is for somebody to decide', () => {
  expect(
    tableOf({
      'other keys': (now) => {
        move(now, 'east', { url: 'https://bundles.example.org/' });
        now.east.seed = { bundle: SEED };
        told(now).bundle = SEED;
      },
      'an entry of the configuration becomes an object, with a bundle': (now, before) => {
        const [{ bundle: _bundle, className: _class, wave: _wave, ...entry }] = [told(before)];
        before.west.relationships = [];
        before.west.staticRelationships = [entry];
        told(now).bundle = SEED;
      },
      'an object of another name': (now) => {
        told(now).object = 'east';
        told(now).bundle = SEED;
      },
      'the same keys': (now) => {
        move(now, 'east', { url: 'https://bundles.example.org/' });
        told(now).bundle = bundleOfRoots(EAST_ROOT, { refreshHint: 60 });
      },
      'none any more': (now) => {
        move(now, 'east', { url: 'https://bundles.example.org/' });
        delete told(now).bundle;
      },
    }),
  ).toMatchInlineSnapshot(`
"# other keys
approval bundle-imposed: 'prod/east' has another bundle in the program, which 'prod/west' takes in the place of the live one, together with what else has changed: whoever has its keys can sign identities of 'east.example.org'
  was: bundle sha256:ecc82cf306804c9c
  is: bundle sha256:bbb4a760526e88af at 'prod/west'
  do: compare it with what 'spire-server bundle show -format spiffe' prints at 'prod/east', and approve it
note endpoint-moved: 'prod/east' is fetched by 'prod/west' at another host, which proves itself by the same SPIFFE ID
  was: https_spiffe at https://federation.east.example.org:8443/ as 'spiffe://east.example.org/spire/server'
  is: https_spiffe at https://bundles.example.org/ as 'spiffe://east.example.org/spire/server'
  do: look that the bundle in the program is what 'spire-server bundle show -format spiffe' prints at the provider: SPIRE takes it in the place of the live one, and where it is outdated every later fetch fails
# an entry of the configuration becomes an object, with a bundle
approval bundle-imposed: 'prod/east' has another bundle in the program, which 'prod/west' takes in the place of the live one, together with what else has changed: whoever has its keys can sign identities of 'east.example.org'
  was: bundle none
  is: bundle sha256:bbb4a760526e88af at 'prod/west'
  do: compare it with what 'spire-server bundle show -format spiffe' prints at 'prod/east', and approve it
note static-relationships-changed: 'prod/west' has other peers in its server's own configuration, which starts the servers anew: 'prod/east' no longer there
  was: 'prod/east'
  is: nobody
# an object of another name
approval bundle-imposed: 'prod/east' has another bundle in the program, which 'prod/west' takes in the place of the live one, together with what else has changed: whoever has its keys can sign identities of 'east.example.org'
  was: bundle sha256:ecc82cf306804c9c
  is: bundle sha256:bbb4a760526e88af at 'prod/west'
  do: compare it with what 'spire-server bundle show -format spiffe' prints at 'prod/east', and approve it
# the same keys
note endpoint-moved: 'prod/east' is fetched by 'prod/west' at another host, which proves itself by the same SPIFFE ID
  was: https_spiffe at https://federation.east.example.org:8443/ as 'spiffe://east.example.org/spire/server'
  is: https_spiffe at https://bundles.example.org/ as 'spiffe://east.example.org/spire/server'
  do: look that the bundle in the program is what 'spire-server bundle show -format spiffe' prints at the provider: SPIRE takes it in the place of the live one, and where it is outdated every later fetch fails
# none any more
note endpoint-moved: 'prod/east' is fetched by 'prod/west' at another host, which proves itself by the same SPIFFE ID
  was: https_spiffe at https://federation.east.example.org:8443/ as 'spiffe://east.example.org/spire/server'
  is: https_spiffe at https://bundles.example.org/ as 'spiffe://east.example.org/spire/server'
  do: look that the bundle in the program is what 'spire-server bundle show -format spiffe' prints at the provider: SPIRE takes it in the place of the live one, and where it is outdated every later fetch fails
note bundle-removed: 'prod/east' is no longer given to 'prod/west' to begin with: servers keep what they have, and new ones have to fetch
  was: bundle sha256:ecc82cf306804c9c
  is: bundle none at 'prod/west'"
`);
});

test('by what a first bundle is known', () => {
  const by = (is: Relationship['firstBundle'], was: Relationship['firstBundle']) => (now: Draft, before: Draft) => {
    for (const [draft, firstBundle] of [[now, is] as const, [before, was] as const]) {
      delete told(draft).bundle;
      if (firstBundle) told(draft).firstBundle = firstBundle;
    }
  };
  expect(
    tableOf({
      'the web instead of keys': by('web', 'pin'),
      'keys instead of the web': by('pin', 'web'),
      'the cluster, where it was just fetched': by('cluster', undefined),
      'the web instead of a bundle in the program': (now) => {
        delete told(now).bundle;
        told(now).firstBundle = 'web';
      },
      'as before': by('pin', 'pin'),
    }),
  ).toMatchInlineSnapshot(`
"# the web instead of keys
approval first-bundle-changed: 'prod/west' has a Job that takes the first bundle of 'prod/east' for the right one by a certificate of the web; a server that has one keeps it
  was: pin
  is: web
  do: keep the stronger proof, or approve it
# keys instead of the web
note first-bundle-changed: 'prod/west' has a Job that takes the first bundle of 'prod/east' for the right one by keys that the program names; a server that has one keeps it
  was: web
  is: pin
# the cluster, where it was just fetched
note first-bundle-changed: 'prod/west' has a Job that takes the first bundle of 'prod/east' for the right one as the API server of its cluster has it; a server that has one keeps it
  was: bundle none
  is: cluster
# the web instead of a bundle in the program
approval first-bundle-changed: 'prod/west' has a Job that takes the first bundle of 'prod/east' for the right one by a certificate of the web; a server that has one keeps it
  was: bundle sha256:ecc82cf306804c9c
  is: web
  do: keep the stronger proof, or approve it
# as before"
`);
});

test('entries of the server’s own configuration', () => {
  const [partner, other] = [
    fixed('partner.example', 'https://bundle.partner.example/spiffe.json'),
    fixed('apps.west.example.org', 'https://federation.apps.west.example.org/'),
  ];
  expect(
    tableOf({
      'one more': (now, before) => {
        before.east.staticRelationships = [partner];
        now.east.staticRelationships = [other, partner];
      },
      'one less': (now, before) => {
        before.east.staticRelationships = [partner, other];
        now.east.staticRelationships = [other];
      },
      'one that is told otherwise': (now, before) => {
        before.east.staticRelationships = [partner];
        now.east.staticRelationships = [{ ...partner, url: 'https://partner.example/' }];
      },
      'in another order': (now, before) => {
        before.east.staticRelationships = [partner, other];
        now.east.staticRelationships = [other, partner];
      },
    }),
  ).toMatchInlineSnapshot(`
"# one more
note static-relationships-changed: 'prod/east' has other peers in its server's own configuration, which starts the servers anew: 'prod/west' new
  was: 'partner'
  is: 'partner', 'prod/west'
# one less
note static-relationships-changed: 'prod/east' has other peers in its server's own configuration, which starts the servers anew: 'partner' no longer there
  was: 'partner', 'prod/west'
  is: 'prod/west'
# one that is told otherwise
approval endpoint-moved: 'prod/east' fetches the bundle of 'partner' at another host: whoever gets a web certificate for 'partner.example' says whom it believes as 'partner.example'
  was: https_web at https://bundle.partner.example/spiffe.json
  is: https_web at https://partner.example/
  do: make sure that the host is in the right hands, and approve it
# in another order"
`);
});
