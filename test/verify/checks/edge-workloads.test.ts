import { namesForWorkloads } from '../../../lib/verify/checks/edge-workloads';
import { Program, partner } from '../../federation/exporter/fixtures';
import { manifestsOf } from '../../spire/installation';

test.each([
  [undefined, false],
  [[], false],
  [['east.example'], false],
  [['east.example', 'west.example'], true],
  [['spiffe://west.example'], true],
])('a registration that names %j lets workloads see west.example: %p', (federatesWith, isSeen) => {
  const object = {
    metadata: { name: 'web', labels: { app: 'web' } },
    spec: { ...(federatesWith && { federatesWith }) },
  };
  expect(namesForWorkloads(object, 'west.example')).toBe(isSeen);
});

test('those of the federation exporter are for no workload', () => {
  const program = new Program();
  const east = program.kubernetes('east');
  program.mesh([east, partner('west.example')]);
  east.identity('web', { namespace: 'shop', federatesWith: ['west.example'] });
  const naming = manifestsOf(east).filter(({ spec }) => spec?.federatesWith?.includes('west.example'));
  expect(naming.map(({ metadata }) => metadata.name).sort()).toEqual([
    'spirekit-exporter-spire-server.west.example',
    'web',
  ]);
  const seen = naming.filter((object) => namesForWorkloads(object, 'west.example'));
  expect(seen.map(({ metadata }) => metadata.name)).toEqual(['web']);
});
