import type { Endpoint, MeshData, Relationship } from '../../../lib/federation';
import { fixed, partnerBelieves, web } from '../fixtures';
import { WEB_ROOT, WEST_ROOT } from '../fixtures-certificates';
import { changesFrom, linesOf, tableOf } from './fixtures';

test('edges among those who have stayed', () => {
  expect(
    tableOf(
      {
        'one more': (now) => {
          now.west.relationships.push(web('partner.example', 'https://bundle.partner.example/spiffe.json'));
          now.edges.push({ consumer: 'prod/west', provider: 'partner', oneWay: true });
        },
        'one more, in the configuration of the server alone': (now) => {
          now.west.staticRelationships = [fixed('partner.example', 'https://bundle.partner.example/spiffe.json')];
        },
        'one to somebody who is no member': (now) => {
          now.west.relationships.push(web('stranger.example', 'https://stranger.example/'));
        },
        'one that is declared, and of which no server is told': (now) => {
          now.edges.push({ consumer: 'prod/west', provider: 'partner' });
        },
        'one direction becomes both': (now, before) => {
          before.west.relationships = [];
          before.edges = before.edges.filter(({ consumer }) => consumer !== 'prod/west');
          now.edges.reverse();
        },
        'a foreign system believes a member': (now) => {
          now.partner.fetches = { profiles: ['https_web', 'https_spiffe'] };
          partnerBelieves(now, 'prod/east');
        },
        'one less, of both directions': (now) => {
          now.west.relationships = [];
          now.west.identities = [];
          now.edges = now.edges.filter(({ consumer }) => consumer !== 'prod/west');
        },
        'one less, of one direction': (now) => {
          now.east.relationships.pop();
          now.edges = now.edges.filter(({ provider }) => provider !== 'partner');
        },
      },
      /^edge|static/,
    ),
  ).toMatchInlineSnapshot(`
"# one more
approval edge-added: 'prod/west' believes 'partner' from now on: workloads of 'prod/west' whose identities name it verify what a CA of 'partner.example' signs
  is: https_web at https://bundle.partner.example/spiffe.json
  do: approve it, or leave the edge out; let identities name the peer only when its bundle is there
# one more, in the configuration of the server alone
approval edge-added: 'prod/west' believes 'partner' from now on: workloads of 'prod/west' whose identities name it verify what a CA of 'partner.example' signs
  is: https_web at https://bundle.partner.example/spiffe.json
  do: approve it, or leave the edge out; let identities name the peer only when its bundle is there
note static-relationships-changed: 'prod/west' has other peers in its server's own configuration, which starts the servers anew: 'partner' new
  was: nobody
  is: 'partner'
# one to somebody who is no member
approval edge-added: 'prod/west' believes 'stranger.example' from now on: workloads of 'prod/west' whose identities name it verify what a CA of 'stranger.example' signs
  is: https_web at https://stranger.example/
  do: approve it, or leave the edge out; let identities name the peer only when its bundle is there
# one that is declared, and of which no server is told
approval edge-added: 'prod/west' believes 'partner' from now on: workloads of 'prod/west' whose identities name it verify what a CA of 'partner.example' signs
  is: https_web at https://bundle.partner.example/spiffe.json
  do: approve it, or leave the edge out; let identities name the peer only when its bundle is there
# one direction becomes both
approval edge-made-mutual: 'prod/west' was believed by 'prod/east' alone, and believes it from now on: workloads of 'prod/west' whose identities name it verify what a CA of 'east.example.org' signs
  is: https_spiffe at https://federation.east.example.org:8443 as 'spiffe://east.example.org/spire/server', first bundle sha256:ecc82cf306804c9c
  do: approve it, or leave the edge out; let identities name the peer only when its bundle is there
# a foreign system believes a member
note edge-made-mutual: 'partner' was believed by 'prod/east' alone, and believes it from now on: workloads of 'partner' whose identities name it verify what a CA of 'east.example.org' signs
  is: https_spiffe at https://federation.east.example.org:8443/ as 'spiffe://east.example.org/spire/server'
  do: tell those who run 'partner'
# one less, of both directions
note edge-removed: 'prod/west' no longer has a relationship with 'prod/east', but goes on to believe it until its bundle is deleted there; 'prod/east' goes on to believe 'prod/west'
  was: 'east.example.org'
  do: follow 'spirekit plan remove prod/east --from prod/west': to delete a relationship ends no trust
# one less, of one direction
note edge-removed: 'prod/east' no longer has a relationship with 'partner', but goes on to believe it until its bundle is deleted there
  was: 'partner.example'
  do: follow 'spirekit plan remove partner --from prod/east': to delete a relationship ends no trust"
`);
});

test('how a bundle is fetched, and what is believed at first, is part of what is approved', () => {
  const before: MeshData = { members: [member('a', []), member('b', [])], edges: [] };
  const told = { trustDomain: 'b.example', url: 'https://b.example/', profile: 'https_web' } as const;
  const seed = (key: string) => JSON.stringify({ keys: [{ kid: key }] });
  const id = (relationship: Relationship) =>
    changesFrom(before, { members: [member('a', [relationship]), member('b', [])], edges: [] })[0]?.id;
  const ids = [
    told,
    { ...told, url: 'https://c.example/' },
    { ...told, profile: 'https_spiffe', endpointSpiffeId: 'spiffe://b.example/a' } as const,
    { ...told, profile: 'https_spiffe', endpointSpiffeId: 'spiffe://b.example/b' } as const,
    { ...told, bundle: seed('1') },
    { ...told, bundle: seed('2') },
    { ...told, firstBundle: 'pin' } as const,
  ].map(id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(id({ ...told, className: 'spire', wave: 50 })).toBe(ids[0]);
});

const member = (name: string, relationships: readonly Relationship[]): MeshData['members'][number] => ({
  name,
  platform: 'kubernetes',
  trustDomain: `${name}.example`,
  relationships,
});

test('so are the authorities that come with an edge', () => {
  const endpoint = (roots?: string): Endpoint => ({
    url: 'https://b.example/',
    profile: 'https_web',
    servedBySpire: true,
    exposure: 'other',
    termination: 'passthrough',
    certificate: { source: 'secret', trust: roots === undefined ? { type: 'public' } : { type: 'private', roots } },
  });
  const data = (told: boolean, roots?: string): MeshData => ({
    members: [
      member('a', told ? [web('b.example', 'https://b.example/')] : []),
      { ...member('b', []), endpoint: endpoint(roots) },
    ],
    edges: [],
  });
  const changes = [undefined, WEB_ROOT, WEST_ROOT].map(
    (roots) => changesFrom(data(false, roots), data(true, roots))[0],
  );
  expect(changes.map((change) => change?.is)).toMatchInlineSnapshot(`
[
  "https_web at https://b.example/",
  "https_web at https://b.example/, by a certificate of a private authority (roots sha256:14c653cc6459c0cf)",
  "https_web at https://b.example/, by a certificate of a private authority (roots sha256:e64e192a9063c959)",
]
`);
  expect(new Set(changes.map((change) => change?.id)).size).toBe(3);
});

test('more than five edges of one consumer are one change', () => {
  const names = ['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm'];
  const told = (count: number) =>
    names.slice(0, count).map((name) => web(`${name}.example`, `https://${name}.example/`));
  const data = (count: number): MeshData => ({
    members: [member('a', told(count)), ...names.map((name) => member(name, []))],
    edges: [],
  });
  const show = (before: number, now: number) => changesFrom(data(before), data(now)).flatMap(linesOf);
  expect(show(0, 5).filter((line) => line.startsWith('approval'))).toHaveLength(5);
  expect([show(0, 6), show(0, 12), show(12, 0)]).toMatchInlineSnapshot(`
[
  [
    "approval edges-added: 'a' believes 6 members from now on that it did not: 'b', 'c', 'd' and 3 more",
    "  is: 'b', 'c', 'd', 'e', 'f', 'g', as told in digest 450ffbc5",
    "  do: approve it, which approves all of these edges, or leave edges out",
  ],
  [
    "approval edges-added: 'a' believes 12 members from now on that it did not: 'b', 'c', 'd' and 9 more",
    "  is: 'b', 'c', 'd' and 9 more (digest 0d7b4fbe), as told in digest f111244e",
    "  do: approve it, which approves all of these edges, or leave edges out",
  ],
  [
    "note edges-removed: 'a' no longer has relationships with 12 members, 'b', 'c', 'd' and 9 more, but goes on to believe them until their bundles are deleted there",
    "  was: 'b', 'c', 'd' and 9 more (digest 0d7b4fbe)",
    "  do: follow 'spirekit plan remove NAME --from a' for each: to delete a relationship ends no trust",
  ],
]
`);
});
