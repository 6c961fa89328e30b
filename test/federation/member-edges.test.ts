import { memberEdges, meshFrom } from '../../lib/federation';
import { meshData } from '../cli/fixtures';

test('edges are those among members, once each', () => {
  const { members, edges } = meshData();
  const partner = { ...members[1], name: 'partner', platform: 'external' as const, trustDomain: 'partner.example.org' };
  const mesh = meshFrom({
    members: [...members, partner as (typeof members)[number]],
    edges: [
      ...edges,
      ...edges,
      { consumer: 'east', provider: 'partner' },
      { consumer: 'partner', provider: 'east' },
      { consumer: 'east', provider: 'nobody' },
      { consumer: 'east', provider: 'east' },
    ],
  });
  expect(memberEdges(mesh).map(({ consumer, provider }) => `${consumer.name} → ${provider.name}`)).toEqual([
    'east → west',
    'east → partner',
    'partner → east',
  ]);
});
