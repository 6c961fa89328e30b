import type { BackEndName, ImageBackEnd } from './back-end';
import type { SourceOptions } from './options';
import type { RegistryOptions } from './registry';

/** How an image is built. */
export interface BuildOptions extends SourceOptions {
  /** How the registry of a base image is spoken to. @default - as Docker does */
  readonly registry?: Omit<RegistryOptions, 'progress' | 'signal'>;
  /**
   * What makes the image of its layers. `buildah` has to be installed, and compresses layers anew: digests are others then, and the
   * same with the same version of buildah.
   *
   * @default 'spirekit'
   */
  readonly backend?: BackEndName | ImageBackEnd;
}

/** The same for what speaks with the registry. */
export function registryOptions({ registry, progress, signal }: BuildOptions): RegistryOptions {
  return { ...registry, ...(progress && { progress }), ...(signal && { signal }) };
}
