import { Chart, Testing } from 'cdk8s';
import { ClusterMonitoring, type MetricsTarget, Monitoring, type MonitoringOptions } from '../../lib/monitoring';

/** Who may read, in tests that are about something else. */
export const SCRAPERS = [{ namespace: 'monitoring' }];

/** A program with metrics. */
export const WEB: MetricsTarget = {
  component: 'web',
  namespace: 'shop',
  selector: { app: 'web' },
  labels: { app: 'web', 'app.kubernetes.io/part-of': 'spire' },
  port: 'metrics',
  portNumber: 9988,
  setsTrustDomain: false,
};

/** Monitoring of one cluster, of a kind, with the least that it needs. */
export function monitoringOf(
  kind: keyof typeof Monitoring,
  options: Partial<MonitoringOptions> = {},
  trustDomain = 'demo.example.com',
): ClusterMonitoring {
  return new ClusterMonitoring(new Chart(Testing.app(), 'demo'), 'monitoring', {
    monitoring: Monitoring[kind]({ scrapers: SCRAPERS, ...options }),
    trustDomain,
    namespace: 'spire-server',
    name: 'spire',
    labels: { 'app.kubernetes.io/part-of': 'spire' },
  });
}
