import * as fc from 'fast-check';
import { type Member, type MeshData, meshFrom, type Relationship } from '../../../lib/federation';
import { changedRelationships, keptMembers, placeOf } from '../../../lib/federation/rules/previous';
import { type Draft, dataOf, draft } from '../fixtures';
import { rename } from '../fixtures-changes';

/** Who is who, as `NAME NOW: NAME BEFORE`. */
function kept(change: (now: Draft, before: Draft) => void): string[] {
  const [now, before] = [draft(), draft()];
  change(now, before);
  const pairs = keptMembers(meshFrom(dataOf(now)), meshFrom(dataOf(before)));
  return [...pairs].map(([is, was]) => `${is.name}: ${was.name}`);
}

describe('who has stayed', () => {
  test.each<[string, (now: Draft, before: Draft) => void, string[]]>([
    ['all', () => undefined, ['prod/east: prod/east', 'prod/west: prod/west', 'partner: partner']],
    [
      'who has another name',
      (now) => {
        rename(now, 'prod/east', 'east');
        rename(now, 'partner', 'prod/east');
      },
      ['east: prod/east', 'prod/west: prod/west', 'prod/east: partner'],
    ],
    [
      'nobody who has another trust domain',
      ({ east, partner }) => {
        east.trustDomain = 'a.example';
        partner.trustDomain = 'b.example';
      },
      ['prod/west: prod/west'],
    ],
    [
      'no cluster that has the name of another one, whose trust domain says that it was renamed',
      (now) => {
        rename(now, 'prod/east', 'old/east');
        rename(now, 'prod/west', 'prod/east');
      },
      ['old/east: prod/east', 'partner: partner'],
    ],
    [
      'by their names, two that have one trust domain',
      (now, before) => {
        for (const { east, west } of [now, before]) west.trustDomain = east.trustDomain;
      },
      ['prod/east: prod/east', 'prod/west: prod/west', 'partner: partner'],
    ],
    [
      'by its name, one of two that had one trust domain',
      (now, before) => {
        before.west.trustDomain = before.east.trustDomain;
        now.west.trustDomain = 'a.example';
      },
      ['prod/east: prod/east', 'partner: partner'],
    ],
  ])('%s', (_, change, expected) => {
    expect(kept(change)).toEqual(expected);
  });
});

/** A relationship of few words, so that many are equal. */
const relationship = fc.record(
  {
    trustDomain: fc.constantFrom('a.example', 'b.example', 'c.example'),
    url: fc.constantFrom('https://a', 'https://b'),
    profile: fc.constantFrom('https_web' as const, 'https_spiffe' as const),
    endpointSpiffeId: fc.constantFrom('spiffe://a.example/a', 'spiffe://b.example/b'),
    bundle: fc.constantFrom('{}', '[]'),
  },
  { requiredKeys: ['trustDomain', 'url', 'profile'] },
);
const lists = fc.record(
  {
    relationships: fc.uniqueArray(relationship, { selector: ({ trustDomain }) => trustDomain }),
    staticRelationships: fc.uniqueArray(
      relationship.map(({ bundle: _, ...rest }) => rest),
      { selector: ({ trustDomain }) => trustDomain },
    ),
  },
  { requiredKeys: [] },
);

test('changes are those that a look at each pair of relationships finds, in whatever order they stand', () => {
  const meshOf = (member: Partial<Member>): MeshData => ({
    members: [{ name: 'it', platform: 'kubernetes', trustDomain: 'it.example', ...member }],
    edges: [],
  });
  const told = ({ trustDomain, url, profile, endpointSpiffeId = '', bundle = '' }: Relationship) =>
    [trustDomain, url, profile, endpointSpiffeId, bundle].join(' ');
  fc.assert(
    fc.property(lists, lists, (now, before) => {
      const changes = changedRelationships(meshFrom(meshOf(now)), meshFrom(meshOf(before)));
      const found = [...changes].flatMap(([trustDomain, each]) => {
        expect(each.map(({ is, was }) => [is.trustDomain, was.trustDomain])).toEqual(
          each.map(() => [trustDomain, trustDomain]),
        );
        return each;
      });
      const expected = (['relationships', 'staticRelationships'] as const).flatMap((list) =>
        ((now[list] ?? []) as Relationship[]).flatMap((is, index) => {
          const of = (each: readonly Relationship[] = []) => each.find((it) => it.trustDomain === is.trustDomain);
          const same = of(before[list]);
          const was = same ?? of(before.relationships) ?? of(before.staticRelationships);
          if (!was || told(was) === told(is)) return [];
          const isObject = list === 'relationships' && was === of(before.relationships);
          return [`${list}[${index}].url ${isObject} ${told(was)} → ${told(is)}`];
        }),
      );
      const lines = found.map(
        (change) => `${placeOf(change).at('url').property} ${change.isObject} ${told(change.was)} → ${told(change.is)}`,
      );
      expect(lines.sort()).toEqual(expected.sort());
    }),
    { numRuns: 300 },
  );
});
