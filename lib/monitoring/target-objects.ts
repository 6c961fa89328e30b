import type { Construct } from 'constructs';
import { KubeObject, kubeObject } from '../kube';
import type { MetricsTarget } from './metrics-target';
import type { UsableMonitoring } from './read-monitoring';
import { scraperPeer } from './scraper';

/** Group and version of the Prometheus operator's kinds. */
export const OPERATOR_API = 'monitoring.coreos.com/v1';

/** What the objects of a target are made of. */
export interface TargetContext {
  readonly monitoring: UsableMonitoring;
  /** Name of the cluster's own trust domain. */
  readonly trustDomain: string;
}

/** Lets the scrapers in, and leads them to the target. */
export function targetObjects(scope: Construct, target: MetricsTarget, context: TargetContext): void {
  const { type } = context.monitoring;
  if (target.guarded ?? true) admitScrapers(scope, target, context);
  if (type === 'pod-monitors') monitorPods(scope, target, context);
  if (type === 'service-monitors') {
    if (!target.service) metricsService(scope, target);
    monitorService(scope, target, context);
  }
  if (type === 'annotations' && target.sharesPod) {
    metricsService(scope, target, scrapeAnnotations(target), { trust_domain: context.trustDomain });
  }
}

/** What a Prometheus without the operator finds a target by. */
export function scrapeAnnotations({ portNumber, path }: MetricsTarget): Record<string, string> {
  return {
    'prometheus.io/scrape': 'true',
    'prometheus.io/port': String(portNumber),
    'prometheus.io/path': path ?? '/metrics',
  };
}

function admitScrapers(scope: Construct, target: MetricsTarget, { monitoring }: TargetContext): void {
  // No list of peers would be everyone.
  if (monitoring.scrapers.length === 0) return;
  kubeObject(scope, 'network-policy', 'networking.k8s.io/v1/NetworkPolicy', {
    metadata: metadataOf(target, metricsName(target)),
    spec: {
      podSelector: { matchLabels: { ...target.selector } },
      policyTypes: ['Ingress'],
      ingress: [{ from: monitoring.scrapers.map(scraperPeer), ports: [{ port: target.port }] }],
    },
  });
}

/** Metrics of a pod that is not ready say why. */
function metricsService(
  scope: Construct,
  target: MetricsTarget,
  annotations?: Record<string, string>,
  labels: Record<string, string> = {},
): void {
  const metadata = metadataOf(target, metricsName(target));
  kubeObject(scope, 'service', 'v1/Service', {
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, ...METRICS, ...labels },
      ...(annotations && { annotations }),
    },
    spec: {
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      selector: { ...target.selector },
      // By its number: not every container declares it.
      ports: [{ name: 'metrics', port: target.portNumber, targetPort: target.portNumber }],
    },
  });
}

/** Tells the Service of a target from others of its program. */
const METRICS = { 'app.kubernetes.io/component': 'metrics' } as const;

function monitorPods(scope: Construct, target: MetricsTarget, context: TargetContext): void {
  monitor(scope, 'PodMonitor', target, context, {
    selector: { matchLabels: { ...target.selector } },
    podMetricsEndpoints: [endpointOf(target, context, target.port)],
  });
}

function monitorService(scope: Construct, target: MetricsTarget, context: TargetContext): void {
  const { labels, port } = target.service ?? { labels: { ...target.labels, ...METRICS }, port: 'metrics' };
  monitor(scope, 'ServiceMonitor', target, context, {
    selector: { matchLabels: { ...labels } },
    endpoints: [endpointOf(target, context, port)],
  });
}

/** In the namespace of the pods, where a monitor looks when it names no other: not everyone may name one. */
function monitor(scope: Construct, kind: string, target: MetricsTarget, context: TargetContext, spec: object): void {
  const { labels, ...metadata } = metadataOf(target, target.component);
  new KubeObject(scope, 'monitor', {
    apiVersion: OPERATOR_API,
    kind,
    metadata: { ...metadata, labels: { ...labels, ...context.monitoring.labels } },
    spec,
  });
}

function endpointOf(target: MetricsTarget, context: TargetContext, port: string) {
  const { component, path, setsTrustDomain } = target;
  const { monitoring, trustDomain } = context;
  return {
    port,
    path: path ?? '/metrics',
    interval: monitoring.interval.toString(),
    ...target.endpoint,
    // On every series: programs do not label those of Go and of the process, and 'up' is not theirs.
    relabelings: [
      { action: 'replace', targetLabel: 'job', replacement: component },
      { action: 'replace', targetLabel: 'trust_domain', replacement: trustDomain },
    ],
    // So Prometheus calls the program's own label of that name, in which SPIRE has '_' for '.' and '-'.
    ...(setsTrustDomain && { metricRelabelings: [{ action: 'labeldrop', regex: 'exported_trust_domain' }] }),
  };
}

const metricsName = ({ component }: MetricsTarget): string => `${component}-metrics`;

function metadataOf({ namespace, labels }: MetricsTarget, name: string) {
  return { name, namespace, labels: { ...labels } as Record<string, string> };
}
