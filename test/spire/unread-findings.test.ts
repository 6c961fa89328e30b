import { Monitoring, type MonitoringOptions } from '../../lib/monitoring';
import type { SpireTelemetry } from '../../lib/spire';
import { findings, install } from './installation';

/** Findings of an installation whose metrics are to be read. */
const found = (
  telemetry: { readonly server?: SpireTelemetry | false; readonly agent?: SpireTelemetry | false },
  options: Partial<MonitoringOptions> = {},
) =>
  findings(
    install({
      monitoring: Monitoring.podMonitors({ scrapers: [{ namespace: 'monitoring' }], ...options }),
      ...(telemetry.server !== undefined && { server: { telemetry: telemetry.server } }),
      ...(telemetry.agent !== undefined && { agent: { telemetry: telemetry.agent } }),
    }),
  ).join('\n');

test('what can be read', () => {
  expect(found({})).toBe('');
  expect(
    found({
      server: { statsd: ['statsd:8125'], inMemory: true, trustDomainLabel: false, hostnameLabel: false },
      agent: { dogStatsd: ['unix:///run/dsd.sock'], blockedLabels: [] },
    }),
  ).toBe('');
});

test('nothing is measured, or Prometheus cannot read it', () => {
  expect(found({ server: false, agent: { prometheus: false } })).toMatchInlineSnapshot(`
"error [demo/spire] monitoring has nothing to read of the server: server.telemetry leaves out the listener; leave monitoring out, or do not set server.telemetry to false (monitoring-unread)
error [demo/spire] monitoring has nothing to read of the agent: agent.telemetry leaves out the listener; leave monitoring out, or do not set agent.telemetry.prometheus to false (monitoring-unread)"
`);
});

test('TLS', () => {
  const prometheus = { tls: { certificate: 'svid' } } as const;
  expect(found({ server: { prometheus }, agent: { prometheus } })).toMatchInlineSnapshot(`
"error [demo/spire] server.telemetry.prometheus.tls makes the listener speak TLS, and what is written for Prometheus reads plain HTTP; leave it out, or leave monitoring out and write monitors of your own (monitoring-unread)
error [demo/spire] agent.telemetry.prometheus.tls makes the listener speak TLS, and what is written for Prometheus reads plain HTTP; leave it out, or leave monitoring out and write monitors of your own (monitoring-unread)"
`);
});

test('names and labels that the alerts look for', () => {
  const telemetry: SpireTelemetry = {
    metricPrefix: 'mine',
    blockedPrefixes: ['mine.rpc'],
    allowedLabels: ['status'],
    blockedLabels: ['host'],
  };
  expect(found({ server: telemetry })).toMatchInlineSnapshot(`
"error [demo/spire] server.telemetry.metricPrefix 'mine' gives the metrics other names than those that the alerts look for; leave it out, or set monitoring.alerts to false (monitoring-unread)
warning [demo/spire] server.telemetry.blockedPrefixes ["mine.rpc"] may drop what the alerts look for; leave it out, or set monitoring.alerts to false (monitoring-unread)
warning [demo/spire] server.telemetry.allowedLabels ["status"] may drop what the alerts look for; leave it out, or set monitoring.alerts to false (monitoring-unread)
warning [demo/spire] server.telemetry.blockedLabels ["host"] may drop what the alerts look for; leave it out, or set monitoring.alerts to false (monitoring-unread)"
`);
  expect(found({ server: telemetry }, { alerts: false })).toBe('');
  const { metricPrefix, blockedLabels } = telemetry;
  const dashboards = { namespace: 'monitoring' };
  expect(found({ agent: { metricPrefix } }, { dashboards })).toMatchInlineSnapshot(
    `"error [demo/spire] agent.telemetry.metricPrefix 'mine' gives the metrics other names than those that the alerts and the dashboard look for; leave it out, or set monitoring.alerts to false and leave monitoring.dashboards out (monitoring-unread)"`,
  );
  expect(found({ agent: { blockedLabels } }, { alerts: false, dashboards })).toMatchInlineSnapshot(
    `"warning [demo/spire] agent.telemetry.blockedLabels ["host"] may drop what the dashboard looks for; leave it out, or leave monitoring.dashboards out (monitoring-unread)"`,
  );
});
