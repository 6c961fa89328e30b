import type { IConstruct } from 'constructs';
import { isLate, isObject, type Late, report } from '../core';
import { labelProblem, type NameProblem, subdomainProblem } from '../kube';
import { Fields } from './fields';
import type { ZtwimLayout } from './layout';

/** An issuer of cert-manager that may sign CA certificates. */
export interface ZtwimCertManagerAuthority {
  /** Name of the issuer, at most 253 characters. */
  readonly issuerName: Late<string>;
  /** @default 'Issuer' */
  readonly issuerKind?: 'Issuer' | 'ClusterIssuer';
  /** API group of the issuer: an external issuer has one of its own. @default 'cert-manager.io' */
  readonly issuerGroup?: Late<string>;
  /** Namespace in which the server makes its requests, where an `Issuer` must be. @default - the operator's */
  readonly namespace?: Late<string>;
}

/** The PKI engine of HashiCorp Vault, which the server enters by its Kubernetes service account. */
export interface ZtwimVaultAuthority {
  /** URL of Vault, such as `https://vault.example.com`. */
  readonly vaultAddr: Late<string>;
  /** Where the PKI engine is mounted. @default 'pki' */
  readonly pkiMountPoint?: Late<string>;
  /**
   * Key of a Secret in the operator's namespace with the CA that Vault is verified by.
   *
   * @default - the roots that the server believes: the system's, or those of `trustedCa` in their place
   */
  readonly caCertSecretRef?: { readonly name: Late<string>; readonly key: Late<string> };
  /** Whether Vault is not verified at all. @default false */
  readonly insecureSkipVerify?: boolean;
  /** Namespace of Vault Enterprise. @default - none */
  readonly vaultNamespace?: Late<string>;
  readonly k8sAuth: {
    /** Where the auth method is mounted. @default 'kubernetes' */
    readonly k8sAuthMountPoint?: Late<string>;
    /** Role that is bound to the service account `spire-server`. */
    readonly k8sAuthRoleName: Late<string>;
    /** Audience of the token. @default 'vault' */
    readonly audience?: Late<string>;
  };
}

/**
 * Who signs the server's CA certificates; since ZTWIM 1.1. Where a server has signed its own CA before, that one stays until
 * it is rotated.
 *
 * @see https://github.com/openshift/zero-trust-workload-identity-manager/blob/main/api/v1alpha1/spire_server_config_types.go
 */
export type ZtwimUpstreamAuthority =
  | { readonly certManager: ZtwimCertManagerAuthority; readonly vault?: undefined }
  | { readonly vault: ZtwimVaultAuthority; readonly certManager?: undefined };

const RULE = 'ztwim-upstream';
const AT = 'upstreamAuthority';

/** The authority as the resource holds it; undefined when there is none that could work. */
export function readUpstream(scope: IConstruct, given: unknown, layout: ZtwimLayout): object | undefined {
  if (given === undefined) return undefined;
  if (!layout.facts.upstreamAuthority) {
    const message = `is not known to ZTWIM ${layout.version}`;
    report(scope, { rule: RULE, property: AT, message, remedy: "install '1.1', or leave it out" });
    return undefined;
  }
  const { certManager, vault } = choicesOf(given);
  if (isObject(given) && !isLate(given) && (certManager === undefined) === (vault === undefined)) {
    // Nothing is said of its other properties: an authority of another platform has none that is right.
    const message = certManager === undefined ? 'has neither certManager nor vault' : 'has both certManager and vault';
    report(scope, { rule: RULE, property: AT, message, remedy: 'write exactly one of the two' });
    return undefined;
  }
  Fields.of(scope, RULE, AT, given, ['certManager', 'vault']);
  if (certManager !== undefined) return { certManager: certManagerOf(scope, certManager, layout) };
  return vault === undefined ? undefined : { vault: vaultOf(scope, vault) };
}

/** Whether an authority, right or wrong, is an issuer of cert-manager. */
export function isIssuer(given: unknown): boolean {
  return choicesOf(given).certManager !== undefined;
}

/** Whether the server verifies an authority, right or wrong, by the roots that it believes in general. */
export function isVerifiedByRoots(given: unknown): boolean {
  const { vault } = choicesOf(given);
  if (!isObject(vault)) return false;
  const { vaultAddr, caCertSecretRef, insecureSkipVerify } = vault as Partial<
    Record<keyof ZtwimVaultAuthority, unknown>
  >;
  const isPlain = typeof vaultAddr === 'string' && vaultAddr.startsWith('http://');
  return (caCertSecretRef ?? undefined) === undefined && insecureSkipVerify !== true && !isPlain;
}

function choicesOf(given: unknown): { readonly certManager?: unknown; readonly vault?: unknown } {
  if (!isObject(given) || isLate(given)) return {};
  const { certManager, vault } = given as Readonly<Record<string, unknown>>;
  return { certManager: certManager ?? undefined, vault: vault ?? undefined };
}

function certManagerOf(scope: IConstruct, given: unknown, layout: ZtwimLayout): object {
  const known = ['issuerName', 'issuerKind', 'issuerGroup', 'namespace'];
  const fields = Fields.of(scope, RULE, `${AT}.certManager`, given, known);
  return {
    namespace: fields.text('namespace', { check: labelProblem, fallback: layout.serverNamespace }),
    issuerName: fields.text('issuerName', { check: subdomainProblem, required: true }),
    issuerKind: fields.word('issuerKind', ['Issuer', 'ClusterIssuer'], 'Issuer'),
    issuerGroup: fields.text('issuerGroup', { check: subdomainProblem, fallback: 'cert-manager.io' }),
  };
}

function vaultOf(scope: IConstruct, given: unknown): object {
  const at = `${AT}.vault`;
  const fields = Fields.of(scope, RULE, at, given, [
    'vaultAddr',
    'pkiMountPoint',
    'caCertSecretRef',
    'insecureSkipVerify',
    'vaultNamespace',
    'k8sAuth',
  ]);
  const insecureSkipVerify = fields.flag('insecureSkipVerify') ?? false;
  if (insecureSkipVerify) {
    const problem = {
      message: 'lets anyone on the way sign as this CA',
      remedy: 'name the CA in caCertSecretRef instead',
    };
    fields.add('insecureSkipVerify', problem, true, 'warning');
  }
  const vaultAddr = fields.text('vaultAddr', { check: addressProblem, required: true });
  if (!isLate(vaultAddr) && vaultAddr?.startsWith('http://')) {
    const problem = {
      message: 'is not encrypted, so that the token can be read on the way',
      remedy: 'write an https URL',
    };
    fields.add('vaultAddr', problem, vaultAddr, 'warning');
  }
  const vaultNamespace = fields.text('vaultNamespace');
  const secret = fields.raw('caCertSecretRef');
  return {
    vaultAddr,
    pkiMountPoint: fields.text('pkiMountPoint', { check: notEmpty, fallback: 'pki' }),
    ...(secret !== undefined && { caCertSecretRef: secretOf(scope, `${at}.caCertSecretRef`, secret) }),
    insecureSkipVerify,
    ...(vaultNamespace !== undefined && { vaultNamespace }),
    k8sAuth: k8sAuthOf(scope, `${at}.k8sAuth`, fields.raw('k8sAuth')),
  };
}

function secretOf(scope: IConstruct, at: string, given: unknown): object {
  const fields = Fields.of(scope, RULE, at, given, ['name', 'key']);
  return {
    name: fields.text('name', { check: subdomainProblem, required: true }),
    key: fields.text('key', { check: notEmpty, required: true }),
  };
}

function k8sAuthOf(scope: IConstruct, at: string, given: unknown): object {
  const fields = Fields.of(scope, RULE, at, given, ['k8sAuthMountPoint', 'k8sAuthRoleName', 'audience']);
  return {
    k8sAuthMountPoint: fields.text('k8sAuthMountPoint', { check: notEmpty, fallback: 'kubernetes' }),
    k8sAuthRoleName: fields.text('k8sAuthRoleName', { check: notEmpty, required: true }),
    audience: fields.text('audience', { check: notEmpty, fallback: 'vault' }),
  };
}

const notEmpty = (text: string): NameProblem =>
  text === '' ? { message: 'is empty', remedy: 'write it, or leave it out where there is a default' } : undefined;

function addressProblem(address: string): NameProblem {
  if (/^https?:\/\/[^/?#\s]+/.test(address) && URL.canParse(address)) return undefined;
  return { message: 'is not a URL', remedy: "write one such as 'https://vault.example.com'" };
}
