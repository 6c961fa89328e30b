import { EXPORTER_LABELS } from '../../federation';
import { spireLabelValue } from '../../monitoring';
import type { Pod, PodContainer } from '../discovery/pods';
import { isReady } from '../discovery/pods';
import { AccessError } from '../kube';
import { samplesOf } from './metrics-text';
import type { SpireView } from './spire-view';

/** Name of the port that the federation exporter serves its metrics at. */
const PORT = 'metrics';

/** What a federation exporter says of one peer; undefined: it says nothing. */
export interface ExportedPeer {
  /** Whether workloads get the bundle of the peer. */
  readonly isHeld?: boolean;
  /** Whether what workloads get is what the endpoint serves. */
  readonly matches?: boolean;
  /** The last good fetch. */
  readonly fetchedAt?: Date;
  readonly fetches?: { readonly good: number; readonly bad: number };
  /** Of the bundle that it has fetched, in seconds. */
  readonly refreshHint?: number;
}

/** A federation exporter of the member, with all that it says. */
export interface Exporter {
  readonly pod: Pod;
  readonly text: string;
}

/** The container of a pod that runs the federation exporter, and the port of its metrics. */
export function exporterIn({ spec }: Pod): { readonly container: PodContainer; readonly port: number } | undefined {
  for (const container of spec?.containers ?? []) {
    const words = [...(container.command ?? []), ...(container.args ?? [])];
    const port = container.ports?.find(({ name }) => name === PORT)?.containerPort;
    if (port !== undefined && words.includes('exporter')) return { container, port };
  }
  return undefined;
}

/** The ready federation exporters of the member's trust domain; none where nobody has made one. */
export const exportersOf = (view: SpireView): Promise<readonly Exporter[]> =>
  view.once('exporters', () => findExporters(view));

async function findExporters(view: SpireView): Promise<readonly Exporter[]> {
  const pods = (await view.objects.pods()).filter((pod) => isReady(pod) && exporterIn(pod) !== undefined);
  const all = await Promise.all(pods.map(async (pod) => ({ pod, text: await metricsIn(view, pod) })));
  const own = spireLabelValue(view.member.trustDomain);
  // Several members may share the cluster.
  return all.filter(({ text }) =>
    samplesOf(text, 'spirekit_exporter_build_info').some(({ labels }) => labels.trust_domain === own),
  );
}

/** What may be somebody else's exporter need not answer. */
async function metricsIn(view: SpireView, pod: Pod): Promise<string> {
  try {
    return await view.httpGet(pod, exporterIn(pod)?.port ?? 0, '/metrics');
  } catch (error) {
    const isOurs = Object.entries(EXPORTER_LABELS).every(([key, value]) => pod.metadata.labels?.[key] === value);
    if (isOurs || (AccessError.is(error) && error.concernsCluster)) throw error;
    return '';
  }
}

/** What an exporter says of a peer. */
export function exportedPeer(text: string, trustDomain: string): ExportedPeer {
  // The name as it is stands for two peers that would be one.
  const written: readonly unknown[] = [spireLabelValue(trustDomain), trustDomain];
  const value = (name: string, labels: Readonly<Record<string, string>> = {}): number | undefined =>
    samplesOf(text, `spirekit_federation_${name}`).find(
      ({ labels: own }) =>
        written.includes(own.trust_domain_id) && Object.entries(labels).every(([key, wanted]) => own[key] === wanted),
    )?.value;
  const [held, matches, at, refreshHint] = [
    'bundle_held',
    'bundle_matches',
    'last_fetch_timestamp_seconds',
    'bundle_refresh_hint_seconds',
  ].map((name) => value(name));
  const [good, bad] = ['ok', 'error'].map((result) => value('fetches_total', { result }));
  return {
    ...(held !== undefined && { isHeld: held === 1 }),
    ...(matches !== undefined && { matches: matches === 1 }),
    ...(at !== undefined && { fetchedAt: new Date(at * 1000) }),
    ...(good !== undefined && bad !== undefined && { fetches: { good, bad } }),
    ...(refreshHint !== undefined && { refreshHint }),
  };
}
