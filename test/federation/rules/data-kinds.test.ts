import type { MeshData } from '../../../lib/federation';
import { findingsIn, tableOf, untyped } from '../fixtures';

test('values of another kind, and what is missing', () => {
  expect(
    tableOf({
      'a lifetime that is no number': ({ east }) => {
        east.caTtl = Number.NaN;
      },
      'an endpoint without a URL': ({ west }) => {
        west.endpoint.url = untyped(undefined);
      },
      'a port too high': ({ east }) => {
        east.endpoint.ports = [8443, 70_000];
      },
      'an endpoint that is text': ({ partner }) => {
        partner.endpoint = untyped('https://partner.example');
      },
      'a profile that is none': ({ east }) => {
        east.relationships[1] = { ...east.relationships[1], profile: untyped('https') } as never;
      },
      'an identity that names one peer without a list': ({ east }) => {
        east.identities = untyped([{ name: 'shop', federatesWith: 'apps.west.example.org' }]);
      },
      'a value that is known late': ({ east }) => {
        east.endpoint.host = untyped({ __pulumiOutput: true });
      },
      'an edge without a provider': ({ edges }) => {
        edges.push(untyped({ consumer: 'prod/east' }));
      },
      'a property that is misspelt, at every place': (mesh) => {
        Object.assign(mesh.east, {
          nodes: 3,
          relationships: mesh.east.relationships.map((it) => ({ ...it, note: 'x' })),
        });
        Object.assign(mesh.edges[0] as object, { oneway: true });
      },
      'a property that is not known, and is nothing': ({ east }) => {
        Object.assign(east, { nodes: undefined, labels: null });
      },
      'a shelf life that is text': (mesh) => {
        mesh.seedShelfLife = untyped('30d');
      },
    }),
  ).toMatchInlineSnapshot(`
"# a lifetime that is no number
error E00 [prod/east] caTtl 'NaN' is not a number of seconds; write a number above 0, such as 300
# an endpoint without a URL
error E00 [prod/west] endpoint.url is missing; set it
error E08 [prod/west] endpoint.url '' does not begin with https://; write a URL that does, such as 'https://bundle.example.org/'
# a port too high
error E00 [prod/east] endpoint.ports[1] 70000 is not a port; write a whole number from 1 to 65535
# an endpoint that is text
error E00 [partner] endpoint 'https://partner.example' is not an object; write its properties in braces
error E04 [partner] endpoint is missing, and 'prod/east' cannot fetch the bundle; give the member a bundle endpoint, or remove the edges to it
# a profile that is none
error E00 [prod/east] relationships[1].profile 'https' is not a word that is known here; write one of https_web, https_spiffe
# an identity that names one peer without a list
error E00 [prod/east] identities[0].federatesWith 'apps.west.example.org' is not a list; write it in square brackets
# a value that is known late
error E00 [prod/east] endpoint.host is known only at deployment (a Pulumi Output), and proofs are made before; pass a plain value, or leave it out
# an edge without a provider
error E00 [] edges[3].provider is missing; set it
# a property that is misspelt, at every place
error E00 [] edges[0].oneway is not a property; write one of consumer, provider, oneWay
error E00 [prod/east] relationships[0].note is not a property; write one of path, trustDomain, url, profile, endpointSpiffeId, className, bundle, wave, object, firstBundle
error E00 [prod/east] relationships[1].note is not a property; write one of path, trustDomain, url, profile, endpointSpiffeId, className, bundle, wave, object, firstBundle
error E00 [prod/east] nodes is not a property; write one of name, platform, version, trustDomain, className, watchClassless, server, caTtl, keyType, keysInMemory, upstream, replicas, agents, fetches, proxy, endpoint, seed, webRoots, relationships, staticRelationships, identities, exporter
# a property that is not known, and is nothing
# a shelf life that is text
error E00 [] seedShelfLife '30d' is not a number of seconds; write a number above 0, such as 300"
`);
});

test.each<[unknown, string[]]>([
  [
    { members: [], edges: [], seedShelflife: 3600 },
    [
      'error E00 [] seedShelflife is not a property; write one of members, edges, accepted, approved, budgets, seedShelfLife, sharedRoots',
    ],
  ],
  [undefined, ['error E00 [] is not an object; write its properties in braces']],
  [{}, ['error E00 [] members is missing; set it', 'error E00 [] edges is missing; set it']],
  [
    { members: [null, { name: 'a' }], edges: 'all' },
    [
      "error E00 [] edges 'all' is not a list; write it in square brackets",
      'error E00 [] members[0] null is not an object; write its properties in braces',
      'error E00 [a] platform is missing; set it',
      'error E00 [a] trustDomain is missing; set it',
      "error E01 [a] trustDomain '' is not valid: trust domain is missing; write one, such as 'example.org'",
    ],
  ],
])('no mesh at all: %j', (data, lines) => {
  expect(findingsIn(data as MeshData)).toEqual(lines);
});
