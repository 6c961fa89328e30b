import { Duration } from '../../../lib/core';
import type { Member } from '../../../lib/federation';
import { edgeAlerts } from '../../../lib/federation/alerts';
import { edgeStates, inOneSpelling, limitsOf, stalledAfter } from '../../../lib/federation/dashboards/edge-state';
import { meshFacts } from '../../../lib/federation/dashboards/mesh-facts';
import { fullMesh, smallMesh, unlikeRing } from './meshes';

const statesOf = (mesh = smallMesh()) => edgeStates(meshFacts(mesh, 30));

test('the query', () => {
  const pair = smallMesh(({ edges, east, west }) => {
    edges.splice(2);
    east.trustDomain = 'east';
    west.trustDomain = 'west.example';
  });
  expect(statesOf(pair)).toMatchInlineSnapshot(`
"max by (trust_domain, trust_domain_id) (label_replace(label_replace(label_replace((max by (trust_domain, trust_domain_id) (spirekit_federation_bundle_held{trust_domain=~"\${consumer:pipe}",trust_domain_id=~"\${provider:pipe}"}) == 0) + 4, "known", "held", "", "")
or label_replace(3 - 2 * ((group by (trust_domain, trust_domain_id) (spire_server_bundle_manager_fetch_federated_bundle{status="OK",trust_domain=~"\${consumer:pipe}",trust_domain_id=~"\${provider:pipe}"} unless spire_server_bundle_manager_fetch_federated_bundle{status="OK",trust_domain=~"\${consumer:pipe}",trust_domain_id=~"\${provider:pipe}"} offset 2h) or (sum by (trust_domain, trust_domain_id) (increase(spire_server_bundle_manager_fetch_federated_bundle{status="OK",trust_domain=~"\${consumer:pipe}",trust_domain_id=~"\${provider:pipe}"}[2h])) > bool 0) or 0 * group by (trust_domain, trust_domain_id) (spire_server_bundle_manager_fetch_federated_bundle{trust_domain=~"\${consumer:pipe}",trust_domain_id=~"\${provider:pipe}"})) and group by (trust_domain, trust_domain_id) (spire_server_bundle_manager_fetch_federated_bundle{trust_domain=~"\${consumer:pipe}",trust_domain_id=~"\${provider:pipe}"})), "known", "fetched", "", "")
or label_replace(2 - min by (trust_domain, trust_domain_id) (spirekit_federation_bundle_matches{trust_domain=~"\${consumer:pipe}",trust_domain_id=~"\${provider:pipe}"}), "known", "matches", "", "")
or label_replace(0 * max by (trust_domain, trust_domain_id) (label_replace(label_replace(label_replace(label_replace(vector(1), "trust_domain_id", "west_example", "", ""), "trust_domain", "east", "", "")
 or label_replace(label_replace(vector(1), "trust_domain_id", "east", "", ""), "trust_domain", "west_example", "", ""), "c", "1", "trust_domain", "\${consumer:pipe}"), "p", "1", "trust_domain_id", "\${provider:pipe}") and on (c, p) label_replace(label_replace(vector(1), "c", "1", "", ""), "p", "1", "", "")), "known", "declared", "", ""), "trust_domain", "\${1}_$2", "trust_domain", "(\\\\w*)\\\\W+_?(.*)"), "trust_domain_id", "\${1}_$2", "trust_domain_id", "(\\\\w*)\\\\W+_?(.*)"))"
`);
});

test('an edge is stalled when the alert about it warns', () => {
  const mesh = smallMesh(({ west }) => {
    west.caTtl = 12 * 3600;
  });
  const [east, west] = mesh.members as [Member, Member];
  const [warning] = edgeAlerts(mesh, east, { interval: Duration.parse('30s'), runbookUrl: () => '' })
    .flatMap(({ rules }) => rules)
    .filter(({ alert, annotations }) => alert === 'SpireFederationFetchStalled' && annotations.summary.includes(' 1h'));
  expect(stalledAfter(west, 30)).toBe(3600);
  expect(warning?.annotations.summary).toBe(
    'east.example.org has not fetched the bundle of {{ $labels.trust_domain_id }} for 1h',
  );
});

test('limits that differ have parts of their own', () => {
  const mesh = smallMesh(({ west }) => {
    west.caTtl = 48 * 3600;
  });
  const states = statesOf(mesh);
  expect(states).toContain('[4h]');
  expect(states).toContain('trust_domain_id=~"apps[._]west[._]example[._]org"} unless');
  expect(states).toContain('[2h]');
  expect(states).toContain('trust_domain_id=~"east[._]example[._]org|partner[._]example"} unless');
});

test('four limits at most: the nearest ones are together, by the longer one', () => {
  const hours = [24, 25, 48, 96, 97, 300];
  const members = fullMesh(hours.length, (index) => ({ caTtl: (hours[index] as number) * 3600 })).members;
  const groups = limitsOf(members, 30).map(({ limit, members }) => [limit / 300, members.length]);
  expect(groups).toEqual([
    [25, 2],
    [48, 1],
    [97, 2],
    [300, 1],
  ]);
});

test('up to 400 edges are declared; beyond, the last day says which there are', () => {
  expect(statesOf(fullMesh(20))).toContain(
    'label_replace(vector(1), "trust_domain_id", "apps_cluster_19_example_com", "", "")',
  );
  const states = statesOf(fullMesh(21));
  expect(states).not.toContain('vector(1), "trust_domain_id"');
  expect(states).toContain('last_over_time(spirekit_federation_bundle_held{');
  expect(states).toContain('[1d]');
});

test('names are spelt anew as often as the longest needs it', () => {
  const facts = meshFacts(smallMesh(), 30);
  const spelt = inOneSpelling('x', facts);
  const times = (label: string) => spelt.split(`, "${label}", "\${1}_$2"`).length - 1;
  // apps.west.example.org
  expect([times('trust_domain'), times('trust_domain_id')]).toEqual([3, 3]);
  const plain = smallMesh(({ east, west, partner }) => {
    [east.trustDomain, west.trustDomain, partner.trustDomain] = ['a', 'b_c', 'd'];
  });
  expect(inOneSpelling('x', meshFacts(plain, 30))).toBe('x');
});

test('a query of many members stays short', () => {
  expect([fullMesh(500), unlikeRing(500)].map((mesh) => Math.ceil(statesOf(mesh).length / 10_000))).toEqual([1, 7]);
});
