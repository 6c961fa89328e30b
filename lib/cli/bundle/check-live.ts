import { BundleFolder, bundleDifference, type Mesh } from '../../federation';
import { DEFAULT_BOUNDS, Limiter } from '../../verify';
import type { BundleFinding } from './bundle-input';
import type { CheckedBundle } from './check-files';
import type { ClusterChoice } from './cluster-choice';
import { BundleFetchError, type FetchMeans, fetchFirstBundle } from './fetching';
import { wayTo } from './ways';

/** What it takes to compare bundles with those that are served. */
export interface LiveMeans {
  readonly folder: string;
  readonly mesh: Mesh;
  readonly clusters: ClusterChoice | undefined;
  readonly means: FetchMeans & { readonly signal: AbortSignal };
}

/**
 * Compares bundles with those that the endpoints serve now, fetched by the same ways that prove themselves. One that cannot be
 * compared is an error, as nothing is known of it then.
 */
export async function compareLive(bundles: readonly CheckedBundle[], live: LiveMeans): Promise<BundleFinding[]> {
  const { folder, mesh, clusters, means } = live;
  const opened = await clusters?.open(means);
  const limiter = new Limiter(DEFAULT_BOUNDS.concurrency);
  const found = await Promise.all(
    bundles.map(async ({ place, trustDomain, bundle }): Promise<BundleFinding[]> => {
      const member = mesh.ofTrustDomain(trustDomain.name);
      // That nobody uses it was found already.
      if (!member) return [];
      const access = await opened?.(member);
      const way = wayTo(trustDomain, member, {}, { folder: BundleFolder.at(folder), mesh, ...(access && { access }) });
      if ('message' in way) {
        return [{ severity: 'error', place, message: `cannot be compared: it ${way.message}`, remedy: way.remedy }];
      }
      try {
        const served = await limiter.run(() => fetchFirstBundle(trustDomain, way.way, means), means.signal);
        return differenceOf(place, trustDomain.name, bundleDifference(bundle, served.bundle));
      } catch (error) {
        if (!(error instanceof BundleFetchError)) throw error;
        return [
          {
            severity: 'error',
            place,
            message: `cannot be compared with what is served: ${error.message}`,
            remedy: 'make the endpoint answer, or check without --fetch',
          },
        ];
      }
    }),
  );
  return found.flat();
}

function differenceOf(
  place: string,
  name: string,
  { added, removed, isContinuous }: ReturnType<typeof bundleDifference>,
): BundleFinding[] {
  const remedy = `fetch it anew by 'spirekit bundle fetch ${name}'`;
  if (!isContinuous) {
    const message = 'has no X.509 authority in common with what is served';
    return [{ severity: 'error', place, message, remedy: `${remedy} --replace, once it is known why` }];
  }
  const [lacks, has] = [added, removed].map(({ x509 }) =>
    x509.map(({ fingerprint }) => `${fingerprint.slice(0, 16)}…`),
  );
  // JWT keys change by themselves, and nobody begins by them.
  return [
    ...(lacks && lacks.length > 0
      ? [
          {
            severity: 'warning' as const,
            place,
            message: `lacks the X.509 authority ${lacks.join(', ')}, which is served`,
            remedy,
          },
        ]
      : []),
    ...(has && has.length > 0
      ? [
          {
            severity: 'warning' as const,
            place,
            message: `still has the X.509 authority ${has.join(', ')}, which is served no more`,
            remedy,
          },
        ]
      : []),
  ];
}
