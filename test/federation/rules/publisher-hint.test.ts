import { bundleOfRoots } from '../../../lib/federation';
import { type Draft, identity, tableOf } from '../fixtures';
import { WEB_ROOT } from '../fixtures-certificates';

const DAY = 24 * 3600;

/** The partner without a hint, whose bundle workloads of `east` get. */
const partner = (change: (mesh: Draft) => void) => (mesh: Draft) => {
  Object.assign(mesh.partner.endpoint, { refreshHint: undefined });
  mesh.east.identities = [identity('shop', ['partner.example'])];
  change(mesh);
};

/** The cluster `west` without a hint. */
const west = (change: (mesh: Draft) => void) => (mesh: Draft) => {
  Object.assign(mesh.west.endpoint, { refreshHint: undefined });
  change(mesh);
};

test('bundles of foreign systems, of whose hint nothing is known', () => {
  expect(
    tableOf({
      'in an object store': partner(() => undefined),
      'in an object store, of CAs of a day': partner((mesh) => {
        mesh.partner.caTtl = DAY;
      }),
      'in an object store, of CAs of an hour': partner((mesh) => {
        mesh.partner.caTtl = 3600;
      }),
      'in an object store, of which there is a sample': partner((mesh) => {
        mesh.partner.seed = { bundle: bundleOfRoots(WEB_ROOT, { refreshHint: 300 }) };
      }),
      'served by something else, of CAs of 10 years': partner((mesh) => {
        mesh.partner.endpoint.exposure = 'other';
        mesh.partner.caTtl = 3650 * DAY;
      }),
      'served by SPIRE, which always has one': partner((mesh) => {
        Object.assign(mesh.partner.endpoint, {
          exposure: 'other',
          servedBySpire: true,
          url: 'https://bundle.partner.example/',
        });
        Object.assign(mesh.east.relationships[1] ?? {}, { url: 'https://bundle.partner.example/' });
        mesh.partner.caTtl = DAY;
      }),
      'that no workload gets': partner((mesh) => {
        mesh.east.identities = [];
      }),
      'that nobody fetches': partner((mesh) => {
        mesh.edges.pop();
        mesh.east.relationships.pop();
        mesh.east.identities = [];
      }),
      'with a hint': partner((mesh) => {
        mesh.partner.endpoint.refreshHint = 300;
        mesh.partner.caTtl = DAY;
      }),
    }),
  ).toMatchInlineSnapshot(`
"# in an object store
warning E12 [partner] endpoint.refreshHint is not known, and plugins that publish to an object store write none unless they are told to: if there is none, consumers look again after a 40th of the shortest root lifetime, which is 91 days for a root of 10 years; ask those who publish the bundle for a spiffe_refresh_hint of 5m, and write it here
# in an object store, of CAs of a day
warning E12 [partner] endpoint.refreshHint is not known, and plugins that publish to an object store write none unless they are told to: if there is none, consumers look again after 24h/40 = 36m, a 40th of the shortest root lifetime; ask those who publish the bundle for a spiffe_refresh_hint of 5m, and write it here
# in an object store, of CAs of an hour
warning E12 [partner] endpoint.refreshHint is not known, and plugins that publish to an object store write none unless they are told to: if there is none, consumers look again after 1h/40 = 1m30s, a 40th of the shortest root lifetime; ask those who publish the bundle for a spiffe_refresh_hint of 4m, and write it here
# in an object store, of which there is a sample
warning E12 [partner] endpoint.refreshHint is not known, and plugins that publish to an object store write none unless they are told to: if there is none, consumers look again after 36524 days/40 = 913 days, a 40th of the shortest root lifetime; ask those who publish the bundle for a spiffe_refresh_hint of 5m, and write it here
# served by something else, of CAs of 10 years
warning E12 [partner] endpoint.refreshHint is not known: if there is none, consumers look again after 3650 days/40 = 91 days, a 40th of the shortest root lifetime; ask those who publish the bundle for a spiffe_refresh_hint of 5m, and write it here
# served by SPIRE, which always has one
# that no workload gets
# that nobody fetches
# with a hint"
`);
});

test('bundles of clusters', () => {
  expect(
    tableOf({
      'in an object store, of a CA that signs itself': west(({ west }) => {
        west.endpoint.exposure = 'object-store';
      }),
      'served by something else, below an upstream authority': west(({ west }) => {
        west.endpoint.servedBySpire = false;
        west.upstream = { roots: WEB_ROOT };
      }),
      'below an upstream authority of which nothing is known': west(({ west }) => {
        west.endpoint.servedBySpire = false;
        west.upstream = {};
        Object.assign(west, { caTtl: undefined });
      }),
      'served by SPIRE': west(() => undefined),
      'that nobody fetches': west((mesh) => {
        mesh.west.endpoint.servedBySpire = false;
        mesh.edges.shift();
        mesh.edges[0] = { consumer: 'prod/west', provider: 'prod/east', oneWay: true };
        mesh.east.relationships.shift();
        mesh.east.identities = [];
      }),
    }),
  ).toMatchInlineSnapshot(`
"# in an object store, of a CA that signs itself
error E12 [prod/west] endpoint.refreshHint is missing, and what publishes the bundle writes none by itself: consumers look again after 24h/40 = 36m, a 40th of the shortest root lifetime; publish it with a refresh_hint of 5m
# served by something else, below an upstream authority
error E12 [prod/west] endpoint.refreshHint is missing, and what publishes the bundle writes none by itself: consumers look again after 36524 days/40 = 913 days, a 40th of the shortest root lifetime; publish it with a refresh_hint of 5m
# below an upstream authority of which nothing is known
error E12 [prod/west] endpoint.refreshHint is missing, and what publishes the bundle writes none by itself: consumers look again after a 40th of the shortest root lifetime, which is 91 days for a root of 10 years; publish it with a refresh_hint of 5m
# served by SPIRE
# that nobody fetches"
`);
});
