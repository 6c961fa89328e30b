import { type Member, meshFrom } from '../../lib/federation';
import { dataOf, draft, fixed, untyped } from './fixtures';

const mesh = (change: (data: ReturnType<typeof draft>) => void = () => undefined) => {
  const data = draft();
  change(data);
  return meshFrom(dataOf(data));
};
const namesOf = (members: Iterable<Member>) => Array.from(members, ({ name }) => name);

test('members by name and by trust domain', () => {
  const { east } = draft();
  expect(mesh().member('prod/east')).toEqual(east);
  expect(mesh().ofTrustDomain('east.example.org')).toEqual(east);
  expect([mesh().member('x'), mesh().ofTrustDomain('x')]).toEqual([undefined, undefined]);
});

test('the first of a name or a trust domain stands for it', () => {
  const twice = mesh((data) => {
    data.partner.name = 'prod/east';
    data.partner.trustDomain = 'east.example.org';
  });
  expect(twice.member('prod/east')?.platform).toBe('kubernetes');
  expect(twice.ofTrustDomain('east.example.org')?.platform).toBe('kubernetes');
});

test('edges in both directions', () => {
  expect([...mesh().providersOf('prod/east')]).toEqual(['prod/west', 'partner']);
  expect(namesOf(mesh().consumersOf('prod/east'))).toEqual(['prod/west']);
  expect([mesh().hasEdge('prod/east', 'partner'), mesh().hasEdge('partner', 'prod/east')]).toEqual([true, false]);
  expect([...mesh().providersOf('x'), ...mesh().consumersOf('x')]).toEqual([]);
});

test('external members, unknown ones and oneself are no consumers', () => {
  const { edges, ...rest } = draft();
  for (const consumer of ['partner', 'x', 'prod/east']) edges.push({ consumer, provider: 'prod/east' });
  expect(namesOf(meshFrom(dataOf({ ...rest, edges })).consumersOf('prod/east'))).toEqual(['prod/west']);
});

test('external members that are known to fetch are believers, and verify those whom they are declared to believe', () => {
  const read = mesh(({ partner, edges }) => {
    partner.fetches = { profiles: ['https_web'] };
    for (const provider of ['prod/east', 'partner', 'x']) edges.push({ consumer: 'partner', provider });
  });
  const partner = read.member('partner') as Member;
  expect(namesOf(read.consumersOf('prod/east'))).toEqual(['prod/west']);
  expect(namesOf(read.believersOf('prod/east'))).toEqual(['prod/west', 'partner']);
  expect(namesOf(read.foreignBelieversOf('prod/east'))).toEqual(['partner']);
  expect([...read.believersOf('prod/west'), ...read.foreignBelieversOf('partner')].map(({ name }) => name)).toEqual([
    'prod/east',
  ]);
  const trusted = ['partner.example', 'east.example.org', 'apps.west.example.org'].map((name) =>
    read.trusts(partner, name),
  );
  expect(trusted).toEqual([true, true, false]);
});

test('external members of which nothing is known believe nobody', () => {
  const read = mesh(({ edges }) => edges.push({ consumer: 'partner', provider: 'prod/east' }));
  expect(namesOf(read.believersOf('prod/east'))).toEqual(['prod/west']);
  expect(read.trusts(read.member('partner') as Member, 'east.example.org')).toBe(false);
});

test('repeated edges', () => {
  const again = { consumer: 'prod/east', provider: 'partner' };
  expect(mesh(({ edges }) => edges.push(again, again)).repeatedEdges).toEqual([again, again]);
});

test('what a member trusts: itself, and whom it has a relationship with', () => {
  const data = mesh(({ east }) => {
    east.staticRelationships = [fixed('far.example', 'https://far.example')];
  });
  const east = data.members[0] as Member;
  expect([...data.trustedBy(east)]).toEqual(['apps.west.example.org', 'partner.example', 'far.example']);
  expect(['east.example.org', 'far.example', 'x'].map((name) => data.trusts(east, name))).toEqual([true, true, false]);
});

test('30 days of shelf life, unless something else is said', () => {
  expect(mesh().seedShelfLife).toBe(2_592_000);
  expect(meshFrom({ ...dataOf(draft()), seedShelfLife: 5 }).seedShelfLife).toBe(5);
});

test('data that fits is taken as it is, not copied', () => {
  const { members, edges } = dataOf(draft());
  const taken = meshFrom({ members, edges });
  expect(taken.misfits).toEqual([]);
  expect(taken.members.every((member, index) => member === members[index])).toBe(true);
  expect(taken.edges.every((edge, index) => edge === edges[index])).toBe(true);
});

test('null stands for nothing', () => {
  const read = mesh(({ east }) => {
    east.upstream = untyped(null);
    east.endpoint.host = untyped(null);
  });
  expect(read.misfits).toEqual([]);
  expect(read.members[0]).not.toHaveProperty('upstream');
  expect(read.members[0]?.endpoint).not.toHaveProperty('host');
});

test('what does not fit is left out, and the rest is read', () => {
  const read = mesh(({ east, west }) => {
    east.endpoint.ports = untyped([8443, 'https']);
    west.caTtl = untyped('24h');
    west.relationships.push(untyped({ url: 'https://far.example' }));
  });
  expect(read.misfits).toEqual([
    {
      member: 'prod/east',
      at: 'endpoint.ports[1]',
      value: 'https',
      message: 'is not a port',
      remedy: 'write a whole number from 1 to 65535',
    },
    {
      member: 'prod/west',
      at: 'caTtl',
      value: '24h',
      message: 'is not a number of seconds',
      remedy: 'write a number above 0, such as 300',
    },
    {
      member: 'prod/west',
      at: 'relationships[1].trustDomain',
      value: undefined,
      message: 'is missing',
      remedy: 'set it',
    },
    {
      member: 'prod/west',
      at: 'relationships[1].profile',
      value: undefined,
      message: 'is missing',
      remedy: 'set it',
    },
  ]);
  const [east, west] = read.members;
  expect(east?.endpoint?.ports).toEqual([8443]);
  expect(west).not.toHaveProperty('caTtl');
  expect(west?.relationships).toHaveLength(1);
});
