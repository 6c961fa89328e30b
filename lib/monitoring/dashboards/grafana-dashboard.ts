import { Construct } from 'constructs';
import {
  type FindingInput,
  isLate,
  isObject,
  type Kind,
  PLAIN_PROBLEM,
  report,
  setWave,
  sizeText,
  usableProps,
  Waves,
} from '../../core';
import {
  type KubeObject,
  kubeObject,
  labelKeyProblem,
  labelProblem,
  labelValueProblem,
  subdomainProblem,
} from '../../kube';
import { type DashboardPlace, DEFAULT_FOLDER_ANNOTATION, DEFAULT_LABELS } from './dashboard-place';
import type { GrafanaJson } from './grafana-json';

/** Properties of `GrafanaDashboard`. */
export interface GrafanaDashboardProps extends DashboardPlace {
  /** The dashboard in Grafana's format: of `clusterDashboard()`, of `meshDashboard()`, or any other. */
  readonly dashboard: GrafanaJson;
  /**
   * Name of the ConfigMap.
   *
   * @default - the id of the dashboard
   */
  readonly name?: string;
}

const PROPERTIES = {
  dashboard: 'any',
  namespace: 'any',
  name: 'any',
  labels: 'map',
  folder: 'any',
  folderAnnotation: 'any',
} as const satisfies Record<keyof GrafanaDashboardProps, Kind>;

/** What the API server takes as content of a ConfigMap. */
const MOST_BYTES = 1024 * 1024;

/**
 * A dashboard where Grafana's sidecar finds it: in a ConfigMap with a label.
 *
 * @see https://github.com/grafana/helm-charts/blob/main/charts/grafana/README.md#sidecar-for-dashboards
 */
export class GrafanaDashboard extends Construct {
  /** The ConfigMap. */
  readonly object: KubeObject;

  constructor(scope: Construct, id: string, given: GrafanaDashboardProps) {
    super(scope, id);
    const props = usableProps(this, given, PROPERTIES);
    const { labels = DEFAULT_LABELS, folderAnnotation = DEFAULT_FOLDER_ANNOTATION, folder } = props;
    const text = isObject(props.dashboard) ? JSON.stringify(props.dashboard) : '{}';
    for (const finding of [...findingsIn({ ...props, labels, folderAnnotation }), ...sizeFindings(text)]) {
      report(this, { rule: 'grafana-dashboard', ...finding });
    }
    setWave(this, Waves.monitoring);
    const { uid = 'dashboard' } = props.dashboard ?? {};
    this.object = kubeObject(this, 'config-map', 'v1/ConfigMap', {
      metadata: {
        name: props.name ?? uid,
        namespace: props.namespace,
        labels: { ...labels },
        ...(folder !== undefined && { annotations: { [folderAnnotation]: folder } }),
      },
      data: { [`${uid}.json`]: text },
    });
  }
}

type Problem = Pick<FindingInput, 'message' | 'remedy'> | undefined;
type Found = Omit<FindingInput, 'rule'>;

function findingsIn(props: GrafanaDashboardProps): Found[] {
  const { dashboard, namespace, name, labels = {}, folder, folderAnnotation } = props;
  const found: Found[] = [];
  const hold = (property: string, value: unknown, check: (text: string) => Problem): void => {
    const problem = isLate(value) ? PLAIN_PROBLEM : typeof value === 'string' ? check(value) : NO_TEXT;
    if (problem) found.push({ property, ...(isLate(value) ? {} : { value }), ...problem });
  };
  if (isObject(dashboard)) hold('dashboard.uid', dashboard.uid, subdomainProblem);
  else found.push({ property: 'dashboard', ...NO_DASHBOARD });
  if (namespace === undefined) found.push({ property: 'namespace', ...NO_NAMESPACE });
  else hold('namespace', namespace, labelProblem);
  if (name !== undefined) hold('name', name, subdomainProblem);
  for (const [key, value] of Object.entries(labels)) {
    hold('labels', key, labelKeyProblem);
    hold(`labels['${key}']`, value, labelValueProblem);
  }
  hold('folderAnnotation', folderAnnotation, labelKeyProblem);
  if (folder !== undefined) hold('folder', folder, (text) => (text === '' ? EMPTY : undefined));
  return found;
}

const NO_TEXT = { message: 'is not text', remedy: 'write it in quotes' };
const EMPTY = { message: 'is empty', remedy: 'write it, or leave it out' };
const NO_NAMESPACE = { message: 'is missing', remedy: 'name the namespace of Grafana' };
const NO_DASHBOARD = {
  message: 'is not a dashboard',
  remedy: 'pass what clusterDashboard() or meshDashboard() gives',
};

function sizeFindings(text: string): Found[] {
  const size = Buffer.byteLength(text);
  if (size <= MOST_BYTES) return [];
  const message = `is ${sizeText(size)} of JSON, and a ConfigMap takes ${sizeText(MOST_BYTES)}`;
  return [
    { property: 'dashboard', message, remedy: "import it as a file instead: 'spirekit dashboard --output FILE'" },
  ];
}
