import type { ArgoCdOptions, FluxOptions } from './options';

/** Who brings the files of a synth into the clusters: made by `Delivery.argoCd()` or `Delivery.flux()`. */
export type Delivery =
  | { readonly tool: 'argo-cd'; readonly options: ArgoCdOptions }
  | { readonly tool: 'flux'; readonly options: FluxOptions };

/**
 * Has the files of a synth delivered from a repository.
 *
 * Each wave becomes a folder of its own, `east/10-foundation/` in place of `east/10-foundation.yaml`, that Kustomize can
 * build, and each first bundle of a trust domain is one file for all clusters that begin with it.
 *
 * @example
 *
 * new App({ delivery: Delivery.argoCd({ repoUrl: 'https://git.example.com/platform.git', path: 'deploy/dist' }) });
 */
export const Delivery = {
  /**
   * By Argo CD: an ApplicationSet with an Application for each cluster, whose waves are sync waves. Argo CD 3.1 or later.
   *
   * @see https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/
   */
  argoCd: (options: ArgoCdOptions): Delivery => ({ tool: 'argo-cd', options }),
  /**
   * By Flux: a Kustomization for each wave of a cluster, which waits for the one before it. Flux 2.5 or later.
   *
   * @see https://fluxcd.io/flux/components/kustomize/kustomizations/
   */
  flux: (options: FluxOptions): Delivery => ({ tool: 'flux', options }),
};
