/** What differs between versions of the operator, as far as it decides what has to be written. */
export interface ZtwimFacts {
  /** Version of SPIRE that the operator runs. */
  readonly spire: string;
  /** Whether the operator lets OpenShift's router read the Secret of an external certificate, or that is left to others. */
  readonly grantsRouter: boolean;
  /** Whether SpireServer has `upstreamAuthority`. */
  readonly upstreamAuthority: boolean;
  /** What a CA's common name may consist of; undefined when anything goes. */
  readonly commonName: RegExp | undefined;
}

/**
 * The minor versions of Red Hat's Zero Trust Workload Identity Manager (ZTWIM) that this library writes resources for.
 *
 * @see https://github.com/openshift/zero-trust-workload-identity-manager/blob/main/api/v1alpha1/spire_server_config_types.go
 */
export const ZTWIM_VERSIONS = {
  // 1.0.0 and 1.0.1: the same definitions.
  '1.0': { spire: '1.13.3', grantsRouter: false, upstreamAuthority: false, commonName: undefined },
  // 1.1.0 and 1.1.1. The router's grant came with SPIRE-164.
  '1.1': { spire: '1.14.7', grantsRouter: true, upstreamAuthority: true, commonName: /^[a-zA-Z0-9 ._-]*$/ },
} as const satisfies Record<string, ZtwimFacts>;

/** A version of ZTWIM that this library knows. */
export type ZtwimVersion = keyof typeof ZTWIM_VERSIONS;

/** Used when a program names no version. */
export const DEFAULT_ZTWIM_VERSION: ZtwimVersion = '1.1';

/** What is known of a version. */
export function ztwimFacts(version: ZtwimVersion): ZtwimFacts {
  return ZTWIM_VERSIONS[version];
}
