import { isLarge, meshFacts } from '../../../lib/federation/dashboards/mesh-facts';
import { fullMesh, smallMesh } from './meshes';

const named = (members: readonly { readonly name: string }[]) => members.map(({ name }) => name);

test('clusters send metrics; who is believed may be anybody', () => {
  const facts = meshFacts(smallMesh(), 30);
  expect(named(facts.clusters)).toEqual(['prod/east', 'prod/west']);
  expect(named(facts.consumers)).toEqual(['prod/east', 'prod/west']);
  expect(named(facts.providers)).toEqual(['prod/east', 'prod/west', 'partner']);
  expect(facts.edges.map(({ consumer, provider }) => `${consumer.name} ${provider.name}`)).toEqual([
    'prod/east prod/west',
    'prod/west prod/east',
    'prod/east partner',
  ]);
});

test('edges of foreign systems, of nobody, to oneself and repeated ones are none', () => {
  const mesh = smallMesh(({ edges, partner }) => {
    partner.fetches = { profiles: ['https_web'] };
    edges.push(
      { consumer: 'partner', provider: 'prod/east' },
      { consumer: 'prod/east', provider: 'prod/east' },
      { consumer: 'prod/east', provider: 'nobody' },
      { consumer: 'prod/east', provider: 'partner' },
      ...edges,
    );
  });
  expect(meshFacts(mesh, 30).edges).toHaveLength(3);
});

test('names of members by their labels, of which the first stands', () => {
  expect(meshFacts(smallMesh(), 30).names).toEqual({
    east_example_org: 'prod/east',
    apps_west_example_org: 'prod/west',
    partner_example: 'partner',
  });
  const alike = smallMesh(({ partner }) => {
    partner.trustDomain = 'east-example.org';
  });
  expect(meshFacts(alike, 30).names.east_example_org).toBe('prod/east');
});

test('a large mesh has no names for what has trust domains as they are', () => {
  expect(meshFacts(smallMesh(), 30).spelt).toEqual({
    'east.example.org': 'prod/east',
    'apps.west.example.org': 'prod/west',
    'partner.example': 'partner',
    east_example_org: 'prod/east',
    apps_west_example_org: 'prod/west',
    partner_example: 'partner',
  });
  expect(meshFacts(fullMesh(61), 30).spelt).toEqual({});
});

test('more than 60 are too many to show each pair', () => {
  expect([60, 61].map((size) => isLarge(meshFacts(fullMesh(size), 30)))).toEqual([false, true]);
});
