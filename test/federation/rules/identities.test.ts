import { fixed, identity, tableOf } from '../fixtures';

test('peers of identities', () => {
  expect(
    tableOf({
      'a peer without a relationship': ({ east }) => {
        east.identities = [identity('shop', ['apps.west.example.org', 'far.example'])];
      },
      'a peer of a static relationship': ({ east }) => {
        east.staticRelationships = [fixed('far.example', 'https://far.example')];
        east.identities = [identity('shop', ['far.example'])];
      },
      'its own trust domain': ({ east }) => {
        east.identities = [identity('shop', ['east.example.org'])];
      },
      'the relationship is no earlier': ({ east }) => {
        Object.assign(east.relationships[0] as object, { wave: 60 });
        east.identities = [{ ...identity('shop', ['apps.west.example.org']), path: 'prod/east/shop' }];
      },
      'waves that are not known': ({ east }) => {
        delete east.relationships[0]?.wave;
      },
      'the federation exporter': ({ east }) => {
        east.exporter = [
          identity('own', []),
          identity('far', ['far.example']),
          { ...identity('west', ['apps.west.example.org']), path: 'prod/east/exporter/west', wave: 40 },
        ];
        Object.assign(east.relationships[0] as object, { wave: 50 });
      },
      "an identity of SPIRE's own parts": ({ east }) => {
        east.identities = [{ ...identity('oidc', ['apps.west.example.org']), controlPlane: true }];
      },
      'an identity of whatever there is': ({ east }) => {
        east.identities = [{ ...identity('default', ['apps.west.example.org', 'partner.example']), catchAll: true }];
      },
      'an identity of whatever there is, without peers': ({ east }) => {
        east.identities = [{ ...identity('default', []), catchAll: true, controlPlane: true }];
      },
    }),
  ).toMatchInlineSnapshot(`
"# a peer without a relationship
error E16 [prod/east] identities[0].federatesWith[1] 'far.example' has no relationship on this member: the workloads would get no identity at all; make it a member of the mesh, or remove it here
# a peer of a static relationship
# its own trust domain
# the relationship is no earlier
error E16 [prod/east/shop] federatesWith[0] 'apps.west.example.org' has its relationship in wave 60, and this identity is in wave 60; place the relationship in an earlier wave than the identity
# waves that are not known
# the federation exporter
error E16 [prod/east] exporter[1].federatesWith[0] 'far.example' has no relationship on this member: the workloads would get no identity at all; make it a member of the mesh, or remove it here
error E16 [prod/east/exporter/west] federatesWith[0] 'apps.west.example.org' has its relationship in wave 50, and this identity is in wave 40; place the relationship in an earlier wave than the identity
# an identity of SPIRE's own parts
error E17 [prod/east] identities[0].federatesWith names 'apps.west.example.org', but 'oidc' is an identity of SPIRE's own parts; remove the peers, and name them on an identity of the workloads that talk to them
# an identity of whatever there is
error E17 [prod/east] identities[0].federatesWith names 'apps.west.example.org' and 'partner.example', but 'default' covers whatever pod there is; remove the peers, and name them on an identity of the workloads that talk to them
# an identity of whatever there is, without peers"
`);
});
