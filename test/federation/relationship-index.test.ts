import type { Member } from '../../lib/federation';
import { relationshipsWith } from '../../lib/federation/relationship-index';
import { web } from './fixtures';

test('the first object, and the first entry of the configuration, of each trust domain', () => {
  const [one, two, three, four, five] = ['x', 'x', 'x', 'y', 'y'].map((trustDomain, index) =>
    web(trustDomain, `https://${index}.example/`),
  );
  const member: Member = {
    name: 'a',
    platform: 'kubernetes',
    trustDomain: 'a.example',
    relationships: [one, two] as never,
    staticRelationships: [three, four, five] as never,
  };
  expect(relationshipsWith(member, 'x')).toEqual({ object: one, configured: three });
  expect(relationshipsWith(member, 'y')).toEqual({ configured: four });
  expect(relationshipsWith(member, 'z')).toEqual({});
});
