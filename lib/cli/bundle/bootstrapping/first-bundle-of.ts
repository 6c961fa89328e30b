import { TrustDomain } from '@spirekit/runtime/id';
import type { BootstrapRelationship } from '../../../federation';
import { type Bounds, Contexts, KubeClient, KubeconfigError, type Limiter } from '../../../verify';
import { type BundleWay, type FetchedBundle, type FetchMeans, fetchFirstBundle } from '../fetching';
import { Refusal } from './refusal';

/** What it takes to reach the cluster of a peer. */
export interface PeerMeans extends FetchMeans {
  readonly bounds: Bounds;
  readonly limiter: Limiter;
  readonly signal: AbortSignal;
}

/**
 * Fetches the bundle for a relationship, as the program says.
 *
 * @throws Refusal if what the program says cannot be used
 */
export async function firstBundleOf(relationship: BootstrapRelationship, means: PeerMeans): Promise<FetchedBundle> {
  const { trustDomain } = relationship.spec;
  const parsed = TrustDomain.tryParse(trustDomain);
  if (!parsed.ok) throw new Refusal(parsed.error.message);
  return fetchFirstBundle(parsed.value, await wayOf(relationship, means), means);
}

async function wayOf({ from, spec }: BootstrapRelationship, means: PeerMeans): Promise<BundleWay> {
  // What each source needs was looked at when the file was read.
  const { by, url = '', roots, sha256 = '', kubeconfig = '', context, configMap } = from;
  if (by === 'web') return { by, url, ...(roots !== undefined && { roots }) };
  if (by === 'pin') {
    const { endpointSPIFFEID: endpointId } = spec.bundleEndpointProfile;
    return { by, url: spec.bundleEndpointURL, sha256, ...(endpointId !== undefined && { endpointId }) };
  }
  const access = await peerCluster(kubeconfig, context, means);
  return {
    by,
    access,
    ...(configMap && {
      place: { namespace: configMap.namespace, configMap: configMap.name, key: configMap.key },
    }),
  };
}

async function peerCluster(file: string, name: string | undefined, means: PeerMeans): Promise<KubeClient> {
  try {
    // Read anew each time: a Secret may be filled later.
    const contexts = await Contexts.load([file]);
    const context = name ?? contexts.current;
    const config = context === undefined ? undefined : await contexts.config(context);
    if (config && context !== undefined) {
      return new KubeClient(context, config, means.bounds, means.limiter, means.signal);
    }
    const which = name === undefined ? 'has no current context' : `has no context '${name}'`;
    throw new KubeconfigError(`kubeconfig '${file}' ${which}`);
  } catch (error) {
    if (error instanceof KubeconfigError) {
      throw new Error(`${error.message}; is the Secret with the credential for the peer there?`, { cause: error });
    }
    throw error;
  }
}
