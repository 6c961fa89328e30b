import { type Member, meshFrom, type TrustEdge } from '../../../lib/federation';
import { type Arrow, arrowsOf, edgeCount } from '../../../lib/federation/pictures/arrows';
import { Markings } from '../../../lib/federation/pictures/markings';
import { meshOf } from './fixtures';

/** Members whose names say how their bundles are fetched. */
const members: Member[] = ['web1', 'web2', 'spiffe1', 'none1'].map((name) => ({
  name,
  platform: 'kubernetes',
  trustDomain: `${name}.example`,
  ...(name !== 'none1' && {
    endpoint: {
      url: `https://${name}.example/`,
      profile: name.startsWith('web') ? 'https_web' : 'https_spiffe',
      servedBySpire: true,
      exposure: 'load-balancer',
      termination: 'passthrough',
    },
  }),
}));

const edge = (consumer: string, provider: string, oneWay?: true): TrustEdge => ({
  consumer,
  provider,
  ...(oneWay && { oneWay }),
});
const arrows = (...edges: TrustEdge[]): Arrow[] | undefined => {
  const mesh = meshFrom({ members, edges });
  return arrowsOf(mesh, new Markings(mesh));
};

test('two directions are one line where they are alike, from the first of the two', () => {
  expect(arrows(edge('web2', 'web1'), edge('web1', 'web2'))).toEqual([{ from: 0, to: 1, way: 'web', both: true }]);
});

test('they are two where the profiles differ', () => {
  expect(arrows(edge('spiffe1', 'web1'), edge('web1', 'spiffe1'))).toEqual([
    { from: 0, to: 2, way: 'spiffe', both: false },
    { from: 2, to: 0, way: 'web', both: false },
  ]);
});

test('one direction alone says whether that was meant', () => {
  expect(arrows(edge('web1', 'web2'), edge('web1', 'none1', true))).toEqual([
    { from: 0, to: 1, way: 'web', both: false, single: 'missing' },
    { from: 0, to: 3, way: 'none', both: false, single: 'declared' },
  ]);
});

test('edges to oneself, to strangers and twice are no lines', () => {
  expect(arrows(edge('web1', 'web1'), edge('web1', 'nobody'), edge('nobody', 'web1'))).toEqual([]);
  expect(arrows(edge('web1', 'web2'), edge('web1', 'web2'))).toHaveLength(1);
});

test('the worst of both directions', () => {
  const mesh = meshFrom({ members, edges: [edge('web1', 'web2'), edge('web2', 'web1')] });
  const finding = { rule: 'E04', property: 'edges', message: '', remedy: '' };
  const markings = new Markings(mesh, [
    { ...finding, severity: 'warning', member: 'web1', value: 'web1 → web2' },
    { ...finding, severity: 'error', member: 'web2', value: 'web2 → web1' },
  ]);
  expect(arrowsOf(mesh, markings)).toEqual([{ from: 0, to: 1, way: 'web', both: true, worst: 'error' }]);
});

test('no more lines than were asked for', () => {
  const mesh = meshOf(1000);
  expect(arrowsOf(mesh, new Markings(mesh), 100)).toBeUndefined();
  expect(edgeCount(mesh)).toBe(800 * 999);
});

test('of several members with one name the first one counts', () => {
  const [first] = members as [Member];
  const mesh = meshFrom({ members: [first, first], edges: [edge('web1', 'web1')] });
  expect(arrowsOf(mesh, new Markings(mesh))).toEqual([]);
  expect(edgeCount(mesh)).toBe(0);
});
