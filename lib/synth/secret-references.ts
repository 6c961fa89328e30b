import { isObject } from '../core';
import { type AnyManifest, apiGroupOf, referenceKey } from '../kube';

/** Where cert-manager looks for the Secrets of a ClusterIssuer, unless it was told otherwise. */
const CLUSTER_RESOURCE_NAMESPACE = 'cert-manager';

/** Namespace of ZTWIM and of everything that it runs. */
const ZTWIM_NAMESPACE = 'zero-trust-workload-identity-manager';

/**
 * Keys of the Secrets that custom resources refer to: issuers of cert-manager, Routes and ZTWIM's resources. What pods refer
 * to is known elsewhere.
 */
export function secretReferences({ apiVersion, kind, metadata, spec }: AnyManifest): string[] {
  const namespace = metadata?.namespace;
  const keys = (within: string | undefined, names: readonly unknown[]): string[] =>
    names.flatMap((name) => (typeof name === 'string' && name !== '' ? [referenceKey('Secret', within, name)] : []));
  switch (`${apiGroupOf(apiVersion)}/${kind}`) {
    case 'cert-manager.io/Issuer':
      return keys(namespace, issuerSecrets(spec));
    case 'cert-manager.io/ClusterIssuer':
      return keys(CLUSTER_RESOURCE_NAMESPACE, issuerSecrets(spec));
    case 'route.openshift.io/Route':
      return keys(namespace, [at(spec, 'tls', 'externalCertificate', 'name')]);
    case 'operator.openshift.io/SpireServer':
      return keys(ZTWIM_NAMESPACE, [
        at(spec, 'federation', 'bundleEndpoint', 'httpsWeb', 'servingCert', 'externalSecretRef'),
        at(spec, 'datastore', 'tlsSecretName'),
        at(spec, 'upstreamAuthority', 'vault', 'caCertSecretRef', 'name'),
      ]);
    case 'operator.openshift.io/SpireOIDCDiscoveryProvider':
      return keys(ZTWIM_NAMESPACE, [at(spec, 'externalSecretRef')]);
    default:
      return [];
  }
}

/** Secrets of an issuer, without that of an ACME account, which cert-manager makes. */
function issuerSecrets(spec: unknown): unknown[] {
  if (!isObject(spec)) return [];
  return Object.entries(spec as object).flatMap(([key, value]) => {
    if (key === 'privateKeySecretRef') return [];
    if (key.endsWith('SecretRef')) return [at(value, 'name')];
    if (key === 'ca') return [at(value, 'secretName')];
    return Array.isArray(value) ? value.flatMap(issuerSecrets) : issuerSecrets(value);
  });
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce((found, key) => (isObject(found) ? (found as Record<string, unknown>)[key] : undefined), value);
}
