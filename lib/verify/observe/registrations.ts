import type { KubeObject } from '../kube';

/** What registers workloads: a ClusterSPIFFEID or a ClusterStaticEntry. */
export interface RegistrationObject extends KubeObject {
  readonly spec?: { readonly className?: string; readonly federatesWith?: readonly string[] };
}

/** The trust domains that a registration names, of which both forms are in use: `west.example.com` and `spiffe://west.example.com`. */
export const peersNamedBy = ({ spec }: Pick<RegistrationObject, 'spec'>): string[] =>
  (spec?.federatesWith ?? []).map((name) => name.replace(/^spiffe:\/\//, ''));
