import { Chart, Testing } from 'cdk8s';
import { Duration } from '../../lib/core';
import { Monitoring } from '../../lib/monitoring';
import { readMonitoring, type UsableMonitoring } from '../../lib/monitoring/read-monitoring';
import { fakeOutput } from '../core/fixtures';
import { findings } from '../spire/installation';
import { SCRAPERS } from './fixtures';

function read(given: unknown): { readonly monitoring: UsableMonitoring; readonly found: string[] } {
  const chart = new Chart(Testing.app(), 'demo');
  const monitoring = readMonitoring(chart, given);
  return { monitoring, found: findings(chart) };
}

/** Findings of options, whatever the kind. */
const found = (options: object) => read({ type: 'pod-monitors', scrapers: SCRAPERS, ...options }).found;

const table = (cases: Readonly<Record<string, unknown>>, of: (value: never) => string[]): string =>
  Object.entries(cases)
    .flatMap(([name, value]) => [name, ...of(value as never).map((line) => `  ${line}`)])
    .join('\n');

test('what holds when nothing is said', () => {
  const usable = {
    scrapers: SCRAPERS,
    labels: {},
    interval: Duration.seconds(30),
    alerts: true,
    runbooks: 'docs/runbooks.md',
  };
  expect(read(Monitoring.serviceMonitors({ scrapers: SCRAPERS }))).toEqual({
    monitoring: { ...usable, type: 'service-monitors' },
    found: [],
  });
  expect(read(Monitoring.podMonitors({ scrapers: SCRAPERS })).monitoring.type).toBe('pod-monitors');
  expect(read(Monitoring.annotations({ scrapers: SCRAPERS })).monitoring.type).toBe('annotations');
});

test('everything that can be said', () => {
  const options = {
    scrapers: [{ namespace: 'monitoring', podLabels: { app: 'prometheus' } }, { namespace: 'observability' }],
    labels: { release: 'prometheus', empty: '' },
    interval: '1m30s',
    alerts: false,
    runbooks: 'https://wiki.example.com/runbooks.md?raw=1',
  };
  const { monitoring, found } = read(Monitoring.annotations(options));
  expect(found).toEqual([]);
  expect(monitoring).toEqual({ ...options, type: 'annotations', interval: Duration.parse('90s') });
  for (const interval of ['1s', '1500ms', '2m', Duration.minutes(1)]) {
    expect(read(Monitoring.podMonitors({ scrapers: SCRAPERS, interval })).found).toEqual([]);
  }
});

test('what is no monitoring', () => {
  const cases = { yes: true, text: 'podMonitors', empty: {}, 'another type': { type: 'probes', scrapers: SCRAPERS } };
  expect(table(cases, (given: unknown) => read(given).found)).toMatchInlineSnapshot(`
"yes
  error [demo] monitoring true is not a kind of monitoring; make it with one of Monitoring.serviceMonitors(), Monitoring.podMonitors(), Monitoring.annotations() (monitoring)
text
  error [demo] monitoring 'podMonitors' is not a kind of monitoring; make it with one of Monitoring.serviceMonitors(), Monitoring.podMonitors(), Monitoring.annotations() (monitoring)
empty
  error [demo] monitoring is not a kind of monitoring; make it with one of Monitoring.serviceMonitors(), Monitoring.podMonitors(), Monitoring.annotations() (monitoring)
another type
  error [demo] monitoring 'probes' is not a kind of monitoring; make it with one of Monitoring.serviceMonitors(), Monitoring.podMonitors(), Monitoring.annotations() (monitoring)"
`);
  expect(read(fakeOutput()).found).toMatchInlineSnapshot(`
[
  "error [demo] monitoring is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (monitoring)",
]
`);
});

test('scrapers', () => {
  const cases = {
    missing: undefined,
    empty: [],
    'no list': 'monitoring',
    'no object': ['monitoring'],
    'no namespace': [{ podLabels: { app: 'prometheus' } }],
    names: [{ namespace: 'Monitoring' }, { namespace: '' }, { namespace: 7 }],
    labels: [{ namespace: 'monitoring', podLabels: { 'a b': 'c', app: 'd e', tier: 7 } }],
    'one more property': [{ namespace: 'monitoring', labels: {} }],
  };
  expect(table(cases, (scrapers: unknown) => found({ scrapers }))).toMatchInlineSnapshot(`
"missing
  error [demo] monitoring.scrapers is missing, so that nobody could read the metrics; name the namespace of your Prometheus: [{ namespace: 'monitoring' }] (monitoring)
empty
  error [demo] monitoring.scrapers is empty, so that nobody could read the metrics; name the namespace of your Prometheus: [{ namespace: 'monitoring' }] (monitoring)
no list
  error [demo] monitoring.scrapers 'monitoring' is not a list; name the namespace of your Prometheus: [{ namespace: 'monitoring' }] (monitoring)
no object
  error [demo] monitoring.scrapers[0] 'monitoring' is not an object; write its properties in braces (property-kind)
no namespace
  error [demo] monitoring.scrapers[0].namespace is missing; name the namespace in which they run (monitoring)
names
  error [demo] monitoring.scrapers[0].namespace 'Monitoring' is not a DNS label, which Kubernetes requires here; write 1 to 63 characters of a-z, 0-9 and '-', with a letter or digit at both ends (monitoring)
  error [demo] monitoring.scrapers[1].namespace '' is empty; write it, or leave it out (monitoring)
  error [demo] monitoring.scrapers[2].namespace 7 is not text; write it in quotes (monitoring)
labels
  error [demo] monitoring.scrapers[0].podLabels 'a b' is not a label key that Kubernetes accepts; write a name such as 'app', or one with a DNS prefix such as 'example.com/app' (monitoring)
  error [demo] monitoring.scrapers[0].podLabels['app'] 'd e' is not a label value that Kubernetes accepts; write at most 63 characters of A-Z, a-z, 0-9, '-', '_' and '.', with a letter or digit at both ends (monitoring)
  error [demo] monitoring.scrapers[0].podLabels['tier'] 7 is not text; write it in quotes (monitoring)
one more property
  error [demo] monitoring.scrapers[0].labels is not a property; write one of namespace, podLabels (property-unknown)"
`);
});

test('options', () => {
  const cases = {
    'intervals that Prometheus does not read': { interval: '1d' },
    'too short': { interval: '500ms' },
    'too long': { interval: '121s' },
    'too fine': { interval: '1s1us' },
    'no unit': { interval: '30' },
    labels: { labels: { '': 'x', release: '-' } },
    'no labels': { labels: ['release'] },
    'no flag': { alerts: 'no' },
    'no address': { runbooks: 'docs/runbooks.md' },
    'an address with a fragment': { runbooks: 'https://wiki.example.com/#runbooks' },
    'dashboards nowhere': { dashboards: {} },
    'dashboards of a form that is none': { dashboards: 'monitoring' },
    'a place that cannot be': { dashboards: { namespace: 'a.b', labels: { x: '-' }, folder: '', size: 1 } },
    'one that there is not': { namespace: 'monitoring' },
  };
  expect(table(cases, found)).toMatchInlineSnapshot(`
"intervals that Prometheus does not read
  error [demo] monitoring.interval '1d' has the unit 'd', which Go does not know; write hours (monitoring)
too short
  error [demo] monitoring.interval '500ms' is too short; write at least '1s' (monitoring)
too long
  error [demo] monitoring.interval '2m1s' is so long that one failed reading leaves a gap: Prometheus forgets a series after 5 minutes; write at most '2m' (monitoring)
too fine
  error [demo] monitoring.interval '1s1us' is not a whole number of milliseconds; write it in ms (monitoring)
no unit
  error [demo] monitoring.interval '30' is not a duration; write numbers with the units h, m, s, ms, us or ns, such as '1h30m' (monitoring)
labels
  error [demo] monitoring.labels '' is not a label key that Kubernetes accepts; write a name such as 'app', or one with a DNS prefix such as 'example.com/app' (monitoring)
  error [demo] monitoring.labels['release'] '-' is not a label value that Kubernetes accepts; write at most 63 characters of A-Z, a-z, 0-9, '-', '_' and '.', with a letter or digit at both ends (monitoring)
no labels
  error [demo] monitoring.labels ["release"] is not a map of text; write { 'example.com/key': 'value' } (monitoring)
no flag
  error [demo] monitoring.alerts 'no' is not a boolean; write true or false, without quotes (monitoring)
no address
  error [demo] monitoring.runbooks 'docs/runbooks.md' is not the address of a page: each alert adds its name to it, as a fragment; write an https URL without '#', such as 'https://wiki.example.com/runbooks.md' (monitoring)
an address with a fragment
  error [demo] monitoring.runbooks 'https://wiki.example.com/#runbooks' is not the address of a page: each alert adds its name to it, as a fragment; write an https URL without '#', such as 'https://wiki.example.com/runbooks.md' (monitoring)
dashboards nowhere
  error [demo] monitoring.dashboards.namespace is missing; name the namespace of Grafana (monitoring)
dashboards of a form that is none
  error [demo] monitoring.dashboards 'monitoring' is not an object; write its properties in braces (property-kind)
a place that cannot be
  error [demo] monitoring.dashboards.size is not a property; write one of namespace, labels, folder, folderAnnotation (property-unknown)
  error [demo] monitoring.dashboards.namespace 'a.b' is not a DNS label, which Kubernetes requires here; write 1 to 63 characters of a-z, 0-9 and '-', with a letter or digit at both ends (monitoring)
  error [demo] monitoring.dashboards.labels['x'] '-' is not a label value that Kubernetes accepts; write at most 63 characters of A-Z, a-z, 0-9, '-', '_' and '.', with a letter or digit at both ends (monitoring)
  error [demo] monitoring.dashboards.folder '' is empty; write it, or leave it out (monitoring)
one that there is not
  error [demo] monitoring.namespace is not a property; write one of type, scrapers, interval, labels, alerts, runbooks, dashboards (property-unknown)"
`);
});

test('nothing may be known late: objects are made by it', () => {
  const late = fakeOutput();
  expect(
    found({
      scrapers: [{ namespace: late, podLabels: { app: late } }],
      interval: late,
      labels: { release: late },
      alerts: late,
      runbooks: late,
    }).join('\n'),
  ).toMatchInlineSnapshot(`
"error [demo] monitoring.scrapers[0].namespace is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (monitoring)
error [demo] monitoring.scrapers[0].podLabels['app'] is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (monitoring)
error [demo] monitoring.labels['release'] is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (monitoring)
error [demo] monitoring.interval is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (monitoring)
error [demo] monitoring.alerts is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (monitoring)
error [demo] monitoring.runbooks is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (monitoring)"
`);
  expect(found({ scrapers: late, labels: late }).join('\n')).toMatchInlineSnapshot(`
"error [demo] monitoring.scrapers is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (monitoring)
error [demo] monitoring.labels is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (monitoring)"
`);
});
