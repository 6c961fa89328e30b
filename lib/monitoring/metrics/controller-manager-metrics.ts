import { MetricsOf } from './metric';

const manager = new MetricsOf('spire-controller-manager');

const START = 'the controller manager starts';

/**
 * Metrics of the SPIRE controller manager: one of its own, and those of controller-runtime. What it does at the SPIRE server
 * is counted there alone: its controllers do nothing but wake the two loops that do the work, and report success whatever
 * becomes of it.
 *
 * It knows no label `trust_domain`; whoever reads the metrics adds it.
 *
 * @see https://github.com/spiffe/spire-controller-manager/blob/v0.7.0/pkg/metrics/controller_runtime.go
 * @see https://github.com/kubernetes-sigs/controller-runtime/blob/v0.24.1/pkg/internal/controller/metrics/metrics.go
 */
export const CONTROLLER_MANAGER_METRICS = [
  manager.gauge(
    'cluster_static_entry_failures',
    [],
    'ClusterStaticEntries that could not be rendered, each counted anew every 10 seconds; a counter in spite of its type',
    START,
  ),
  manager.counter(
    'controller_runtime_reconcile_total',
    ['controller', 'result'],
    'wake-ups by objects; the result is always success',
    START,
  ),
  manager.histogram('controller_runtime_reconcile_time_seconds', ['controller'], 'seconds that a wake-up took', START),
  manager.gauge('workqueue_depth', ['controller', 'name', 'priority'], 'objects that wait', START),
  manager.gauge('leader_election_master_status', ['name'], '1 on the one that acts', 'leaders are elected'),
  manager.counter('rest_client_requests_total', ['code', 'host', 'method'], 'requests to the API server', START),
] as const;
