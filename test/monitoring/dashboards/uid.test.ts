import { dashboardUid } from '../../../lib/monitoring';

test('a name of plain words is its own id', () => {
  expect(dashboardUid('cluster', 'east')).toBe('spirekit-cluster-east');
  expect(dashboardUid('federation', 'prod-mesh2')).toBe('spirekit-federation-prod-mesh2');
});

test('what an address cannot hold is told by a hash', () => {
  expect(dashboardUid('cluster', 'prod/east')).toMatchInlineSnapshot(`"spirekit-cluster-prod-east-997544ca"`);
  expect(dashboardUid('cluster', 'prod.east')).toMatchInlineSnapshot(`"spirekit-cluster-prod-east-744f4228"`);
  expect(dashboardUid('cluster', 'Über')).toMatchInlineSnapshot(`"spirekit-cluster-ber-66308684"`);
});

test.each(['x'.repeat(300), '', '-', '/', 'a-', `${'x'.repeat(22)}-y`])(
  '%j: at most 40 characters of an address',
  (name) => {
    expect(dashboardUid('cluster', name)).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/);
  },
);
