test('the library is not loaded by the root entry point, but by the first dashboard', () => {
  const asked = new Set<string>();
  for (const part of ['common', 'dashboard', 'prometheus', 'stat', 'statetimeline', 'table', 'timeseries']) {
    const name = `@grafana/grafana-foundation-sdk/${part}`;
    jest.doMock(name, () => {
      asked.add(part);
      return jest.requireActual(name);
    });
  }
  const { clusterDashboard } = require('../../../lib') as typeof import('../../../lib');
  expect([...asked]).toEqual([]);
  const facts = { name: 'east', trustDomain: 'east.example.com', interval: 30 };
  clusterDashboard(facts);
  expect([...asked].sort()).toEqual([
    'common',
    'dashboard',
    'prometheus',
    'stat',
    'statetimeline',
    'table',
    'timeseries',
  ]);
});
