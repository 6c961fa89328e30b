import { METRICS, type SeriesName } from '../../../lib/monitoring/metrics';

test('each metric stands in the table once', () => {
  const names = METRICS.map(({ name }) => name);
  expect(names.length).toBeGreaterThan(50);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test('names are those that Prometheus takes, with the program in front where the program puts it there', () => {
  const prefixes = {
    'spire-server': /^spire_server_[a-z0-9_]+$/,
    'spire-agent': /^spire_agent_[a-z0-9_]+$/,
    'spire-controller-manager': /^[a-z0-9_]+$/,
    'spirekit-exporter': /^spirekit_[a-z0-9_]+$/,
  } as const;
  expect(METRICS.filter(({ name, program }) => !prefixes[program].test(name))).toEqual([]);
});

test('what SPIRE calls a call has its status, and a time with the same labels', () => {
  const byName = new Map(METRICS.map((metric) => [metric.name, metric]));
  const times = METRICS.filter(({ name }) => name.endsWith('_elapsed_time'));
  expect(times.length).toBeGreaterThan(20);
  for (const time of times) {
    const call = byName.get(time.name.replace(/_elapsed_time$/, ''));
    expect(time.type).toBe('summary');
    expect(call).toMatchObject({ type: 'counter', labels: time.labels, program: time.program });
    expect(time.labels[0]).toBe('status');
  }
});

test('what is said of each is a clause', () => {
  const broken = METRICS.filter(({ meaning, seenWhen }) => /^$|^(The|An?) |[.\n]$/.test(meaning) || seenWhen === '');
  expect(broken.map(({ name }) => name)).toEqual([]);
});

test('expressions can name no metric that the table lacks', () => {
  const known: SeriesName = 'spire_server_svid_rotate_elapsed_time_sum';
  // @ts-expect-error SPIRE's counters have no _total.
  const unknown: SeriesName = 'spire_server_svid_rotate_total';
  expect([known, unknown]).toHaveLength(2);
});
