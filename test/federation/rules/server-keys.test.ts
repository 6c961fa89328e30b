import { type Draft, tableOf } from '../fixtures';
import { tableOfChanges } from '../fixtures-changes';

/** `west`, whose CA signs itself, as `east` and a foreign system believe it. */
const west = (change: (mesh: Draft) => void) => (mesh: Draft) => {
  mesh.west.keysInMemory = true;
  change(mesh);
};

const foreign = (interval?: number) => (mesh: Draft) => {
  mesh.partner.fetches = { profiles: ['https_web'], ...(interval !== undefined && { interval }), fetchesPerHint: 1 };
  mesh.edges.push({ consumer: 'partner', provider: 'prod/west', oneWay: true });
};

test('keys that go with the process', () => {
  expect(
    tableOf({
      'of a CA that signs itself': west(() => undefined),
      'of one whose hint is long': west(({ west }) => {
        west.endpoint.refreshHint = 3600;
        west.caTtl = 10 * 24 * 3600;
      }),
      'fetched by a foreign system once per hint': west(foreign()),
      'fetched by a foreign system every two hours': west(foreign(7200)),
      'fetched from something that says no hint': west(({ west }) => {
        west.endpoint.servedBySpire = false;
        Object.assign(west.endpoint, { refreshHint: undefined });
      }),
      'below an upstream authority': ({ east }) => {
        east.keysInMemory = true;
      },
      'by https_spiffe, and without an upstream authority': ({ east }) => {
        east.keysInMemory = true;
        Object.assign(east, { upstream: undefined });
      },
      'of one server among several, by https_spiffe': ({ east }) => {
        Object.assign(east, { keysInMemory: true, replicas: 3, upstream: undefined });
      },
      'that nobody believes': west((mesh) => {
        mesh.edges.shift();
        mesh.edges[0] = { consumer: 'prod/west', provider: 'prod/east', oneWay: true };
        mesh.east.relationships.shift();
        mesh.east.identities = [];
      }),
      'of a foreign system': ({ partner }) => {
        partner.keysInMemory = true;
      },
    }),
  ).toMatchInlineSnapshot(`
"# of a CA that signs itself
error E21 [prod/west] keysInMemory loses its keys with the process: every restart makes a CA that signs at once, unseen by 'prod/east' for up to 1m15s between two fetches + 5s between two questions of an agent = 1m20s; keep the keys (KeyManager.disk, or a key service), and let an upstream authority sign the CA
# of one whose hint is long
error E21 [prod/west] keysInMemory loses its keys with the process: every restart makes a CA that signs at once, unseen by 'prod/east' for up to 15m between two fetches + 5s between two questions of an agent = 15m5s; keep the keys (KeyManager.disk, or a key service), and let an upstream authority sign the CA
# fetched by a foreign system once per hint
error E21 [prod/west] keysInMemory loses its keys with the process: every restart makes a CA that signs at once, unseen by 'prod/east' and 'partner' for up to 5m, after which 'partner' fetches again; keep the keys (KeyManager.disk, or a key service), and let an upstream authority sign the CA
# fetched by a foreign system every two hours
error E21 [prod/west] keysInMemory loses its keys with the process: every restart makes a CA that signs at once, unseen by 'prod/east' and 'partner' for up to 2h, after which 'partner' fetches again; keep the keys (KeyManager.disk, or a key service), and let an upstream authority sign the CA
warning W31 [partner] fetches.interval is 2h whatever the hint is, and of 'prod/west' a CA of 24h is published min(24h/2, 720h) - min(24h/6, 168h) = 8h before it signs, 4 times that: the standard wants up to 5; fetch more often, or lengthen the caTtl of 'prod/west' to 30h at least
# fetched from something that says no hint
error E12 [prod/west] endpoint.refreshHint is missing, and what publishes the bundle writes none by itself: consumers look again after 24h/40 = 36m, a 40th of the shortest root lifetime; publish it with a refresh_hint of 5m
error E21 [prod/west] keysInMemory loses its keys with the process: every restart makes a CA that signs at once, unseen by 'prod/east' for up to 36m between two fetches + 5s between two questions of an agent = 36m5s; keep the keys (KeyManager.disk, or a key service), and let an upstream authority sign the CA
# below an upstream authority
warning E21 [prod/east] keysInMemory loses its keys with the process: every restart makes keys of JWT-SVIDs that sign at once, unseen by 'prod/west' for up to 1m15s between two fetches + 5s between two questions of an agent = 1m20s; keep the keys (KeyManager.disk, or a key service)
# by https_spiffe, and without an upstream authority
error E21 [prod/east] keysInMemory loses its keys with the process: every restart makes a CA that signs at once, unseen by 'prod/west' for up to 1m15s between two fetches + 5s between two questions of an agent = 1m20s; by https_spiffe 'prod/west' cannot verify the endpoint any more, and would never see it; keep the keys (KeyManager.disk, or a key service), and let an upstream authority sign the CA
# of one server among several, by https_spiffe
error E21 [prod/east] keysInMemory loses its keys with the process: every restart makes a CA that signs at once, unseen by 'prod/west' for up to 1m15s between two fetches + 5s between two questions of an agent = 1m20s; keep the keys (KeyManager.disk, or a key service), and let an upstream authority sign the CA
# that nobody believes
# of a foreign system"
`);
});

test('servers that are added', () => {
  expect(
    tableOf({
      'each with a CA of its own': ({ west }) => {
        west.replicas = 2;
      },
      'below an upstream authority': ({ east }) => {
        east.replicas = 3;
      },
      'of a foreign system': ({ partner }) => {
        partner.replicas = 2;
      },
    }),
  ).toMatchInlineSnapshot(`
"# each with a CA of its own
warning E21 [prod/west] replicas 2 servers that sign themselves have a CA each: that of an added one signs at once and is unseen by 'prod/east' for up to 1m15s between two fetches + 5s between two questions of an agent = 1m20s; let an upstream authority sign their CAs, or accept that peers refuse what an added server signs for so long
# below an upstream authority
# of a foreign system"
`);
});

test('a member that is installed anew on another platform', () => {
  expect(
    tableOfChanges({
      'with a CA that signs itself': (_, { west }) => {
        west.platform = 'kubernetes';
      },
      'below an upstream authority': (_, { east }) => {
        east.platform = 'openshift';
      },
      'by https_spiffe, and without an upstream authority': ({ east }, before) => {
        Object.assign(east, { upstream: undefined, replicas: 2 });
        before.east.platform = 'openshift';
      },
      'that somebody else ran': (_, { west }) => {
        west.platform = 'external';
      },
    }),
  ).toMatchInlineSnapshot(`
"# with a CA that signs itself
warning E21 [prod/west] platform 'openshift' was 'kubernetes': a new installation has a CA that signs at once, unseen by 'prod/east' for up to 1m15s between two fetches + 5s between two questions of an agent = 1m20s; let one upstream authority sign the CA before and after the move, or give the peers the new bundle as it is made
# below an upstream authority
warning E21 [prod/east] platform 'kubernetes' was 'openshift': a new installation has keys of JWT-SVIDs that sign at once, unseen by 'prod/west' for up to 1m15s between two fetches + 5s between two questions of an agent = 1m20s; accept it, where no peer verifies JWT-SVIDs
# by https_spiffe, and without an upstream authority
warning E21 [prod/east] platform 'kubernetes' was 'openshift': a new installation has a CA that signs at once, unseen by 'prod/west' for up to 1m15s between two fetches + 5s between two questions of an agent = 1m20s; by https_spiffe 'prod/west' cannot verify the endpoint any more, and would never see it; let one upstream authority sign the CA before and after the move, or give the peers the new bundle as it is made
warning E21 [prod/east] replicas 2 servers that sign themselves have a CA each: that of an added one signs at once and is unseen by 'prod/west' for up to 1m15s between two fetches + 5s between two questions of an agent = 1m20s; let an upstream authority sign their CAs, or accept that peers refuse what an added server signs for so long
# that somebody else ran"
`);
});
