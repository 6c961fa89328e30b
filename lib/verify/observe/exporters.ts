import { spireLabelValue } from '../../monitoring';
import type { Pod, PodContainer } from '../discovery/pods';
import { isReady } from '../discovery/pods';
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
  const all = await Promise.all(
    pods.map(async (pod) => ({ pod, text: await view.httpGet(pod, exporterIn(pod)?.port ?? 0, '/metrics') })),
  );
  const own = spireLabelValue(view.member.trustDomain);
  // Several members may share the cluster.
  return all.filter(({ text }) =>
    samplesOf(text, 'spirekit_exporter_build_info').some(({ labels }) => labels.trust_domain === own),
  );
}

/** What an exporter says of a peer. */
export function exportedPeer(text: string, trustDomain: string): ExportedPeer {
  const label = spireLabelValue(trustDomain);
  const value = (name: string, labels: Readonly<Record<string, string>> = {}): number | undefined =>
    samplesOf(text, `spirekit_federation_${name}`).find(
      ({ labels: own }) =>
        own.trust_domain_id === label && Object.entries(labels).every(([key, wanted]) => own[key] === wanted),
    )?.value;
  const [held, matches, at] = ['bundle_held', 'bundle_matches', 'last_fetch_timestamp_seconds'].map((name) =>
    value(name),
  );
  const [good, bad] = ['ok', 'error'].map((result) => value('fetches_total', { result }));
  return {
    ...(held !== undefined && { isHeld: held === 1 }),
    ...(matches !== undefined && { matches: matches === 1 }),
    ...(at !== undefined && { fetchedAt: new Date(at * 1000) }),
    ...(good !== undefined && bad !== undefined && { fetches: { good, bad } }),
  };
}
