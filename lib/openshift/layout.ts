import type { TrustDomain } from '@spirekit/runtime/id';
import type { Construct } from 'constructs';
import { federationHost, readText, readTrustDomain, type WorkloadPlatform } from '../cluster';
import { type FindingInput, report } from '../core';
import { type NameProblem, subdomainProblem } from '../kube';
import { ZTWIM_CLASS, ZTWIM_NAMESPACE, ZtwimNames } from './names';
import { DEFAULT_ZTWIM_VERSION, ZTWIM_VERSIONS, type ZtwimFacts, type ZtwimVersion, ztwimFacts } from './versions';

/** Properties of `ZtwimLayout`. */
export interface ZtwimLayoutProps {
  /**
   * Name of the trust domain, such as `apps.prod.example.com`: lowercase letters, digits, dots and dashes. It cannot be
   * changed later. With the cluster's apps domain, the host of the bundle endpoint needs no DNS record of its own.
   */
  readonly trustDomain: string | TrustDomain;
  /**
   * Name of the cluster in node attestation and in the ids of registration entries: a DNS name of at most 63 characters. It
   * cannot be changed later.
   *
   * @default - the id of the construct that makes the layout
   */
  readonly clusterName?: string;
  /**
   * Domain whose names lead to OpenShift's router without DNS records of their own, such as `apps.prod.example.com`.
   *
   * @default - the trust domain
   */
  readonly appsDomain?: string;
  /**
   * Issuer of JWT-SVIDs: `https://` and a host. The operator makes the host of a Route of all that follows the scheme, so
   * there can be no path, port or query.
   *
   * @default - `https://oidc-discovery.<apps domain>`
   */
  readonly jwtIssuer?: string;
  /**
   * Folder on every node that holds the Workload API's socket: an absolute path.
   *
   * @default '/run/spire/agent-sockets'
   */
  readonly socketDirectory?: string;
  /**
   * Name of the CSI driver, as volumes name it: at most 63 characters.
   *
   * @default 'csi.spiffe.io'
   */
  readonly csiDriverName?: string;
  /**
   * Minor version of the operator that is installed.
   *
   * @default '1.1'
   */
  readonly version?: ZtwimVersion;
}

/**
 * Everything that two resources of the operator must agree on, in one place. The operator compares none of it: an agent
 * and a CSI driver with different folders, or an OIDC provider with another issuer than the server's, are admitted and
 * reported ready.
 *
 * @see https://github.com/openshift/zero-trust-workload-identity-manager/tree/main/api/v1alpha1
 */
export class ZtwimLayout implements WorkloadPlatform {
  /** The trust domain. */
  readonly trustDomain: TrustDomain;
  /** Name of the cluster in node attestation. */
  readonly clusterName: string;
  /** Domain whose names lead to OpenShift's router. */
  readonly appsDomain: string;
  /** Whether it was given, or a trust domain that begins as apps domains do shows it. */
  readonly appsDomainIsKnown: boolean;
  /** Issuer of JWT-SVIDs. */
  readonly jwtIssuer: string;
  /** Folder on every node that holds the Workload API's socket. */
  readonly socketDirectory: string;
  /** Name of the CSI driver, as volumes name it. */
  readonly csiDriverName: string;
  /** Minor version of the operator. */
  readonly version: ZtwimVersion;
  /** Class of the registration objects that the operator acts on. */
  readonly className = ZTWIM_CLASS;
  /** Namespace of the operator and of all that it runs. */
  readonly serverNamespace = ZTWIM_NAMESPACE;
  /** Namespaces in which SPIRE runs. */
  readonly namespaces: readonly string[] = [ZTWIM_NAMESPACE];
  /** The agent, as workloads see it. */
  readonly agent: { readonly socketName: string } = { socketName: 'spire-agent.sock' };
  /** The ConfigMap through which the server gives agents its trust bundle. */
  readonly bundle = { configMap: ZtwimNames.bundle, key: ZtwimNames.bundleKey, namespace: ZTWIM_NAMESPACE } as const;
  /** Where workloads find the Workload API: the CSI volume's folder and the endpoint in it. */
  readonly workloadApi: { readonly mountPath: string; readonly endpoint: string; readonly socketPath: string };

  /**
   * @param scope the construct that findings about the values are reported at
   */
  constructor(scope: Construct, props: ZtwimLayoutProps) {
    const given = props ?? ({} as ZtwimLayoutProps);
    const read = (property: string, value: unknown, problemOf: (text: string) => NameProblem, standIn: string) =>
      readText(scope, property, value, problemOf, standIn);
    this.trustDomain = readTrustDomain(scope, given.trustDomain, trustDomainProblem);
    this.clusterName = read('clusterName', given.clusterName ?? scope.node.id, clusterNameProblem, 'invalid');
    const { name } = this.trustDomain;
    const standIn = subdomainProblem(name) ? 'invalid' : name;
    this.appsDomain = read('appsDomain', given.appsDomain ?? name, subdomainProblem, standIn);
    this.appsDomainIsKnown = (given.appsDomain ?? undefined) !== undefined || name.startsWith('apps.');
    const issuer = `https://oidc-discovery.${this.appsDomain}`;
    this.jwtIssuer = read('jwtIssuer', given.jwtIssuer ?? issuer, issuerProblem, 'https://oidc.invalid');
    const isRead = this.jwtIssuer === given.jwtIssuer && this.appsDomain === (given.appsDomain ?? name);
    if (isRead && this.appsDomainIsKnown && !this.isCovered(this.oidcHost)) report(scope, this.uncovered());
    const directory = given.socketDirectory ?? '/run/spire/agent-sockets';
    this.socketDirectory = read('socketDirectory', directory, directoryProblem, '/invalid');
    this.csiDriverName = read('csiDriverName', given.csiDriverName ?? 'csi.spiffe.io', driverProblem, 'invalid');
    const version = given.version ?? DEFAULT_ZTWIM_VERSION;
    this.version = read('version', version, versionProblem, DEFAULT_ZTWIM_VERSION) as ZtwimVersion;
    const mountPath = '/spiffe-workload-api';
    const socketPath = `${mountPath}/${this.agent.socketName}`;
    this.workloadApi = { mountPath, endpoint: `unix://${socketPath}`, socketPath };
  }

  /** What is known of the operator's version. */
  get facts(): ZtwimFacts {
    return ztwimFacts(this.version);
  }

  /** Host of the Route that the operator makes for the bundle endpoint: of the trust domain, not of the apps domain. */
  get federationHost(): string {
    return federationHost(this.trustDomain.name);
  }

  /** Host of the Route that the operator makes for the OIDC discovery provider. */
  get oidcHost(): string {
    return this.jwtIssuer.slice('https://'.length);
  }

  private uncovered(): FindingInput {
    return {
      rule: 'oidc-host',
      severity: 'warning',
      property: 'jwtIssuer',
      value: this.jwtIssuer,
      message: `has a host that is not one label below '${this.appsDomain}': the router's DNS record and certificate do not cover it`,
      remedy: `make a DNS record for '${this.oidcHost}' that leads to OpenShift's router, and give its Route a certificate (oidc.externalSecretRef)`,
    };
  }

  /** Whether the cluster's wildcard DNS record and the router's own certificate cover a host. */
  isCovered(host: string): boolean {
    return /^[^.]+\./.test(host) && host.slice(host.indexOf('.') + 1) === this.appsDomain;
  }
}

function trustDomainProblem(name: string): NameProblem {
  if (/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/.test(name)) return undefined;
  return {
    message: 'is a trust domain to SPIFFE, but not to ZTWIM',
    remedy: "write letters, digits, '.' and '-' only, with a letter or digit at both ends",
  };
}

function clusterNameProblem(name: string): NameProblem {
  if (name.length <= 63 && !subdomainProblem(name)) return undefined;
  return {
    message: 'is not a name that ZTWIM accepts for a cluster',
    remedy: "write 1 to 63 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part",
  };
}

function versionProblem(version: string): NameProblem {
  if (Object.hasOwn(ZTWIM_VERSIONS, version)) return undefined;
  return {
    message: 'is not a version of ZTWIM that this library writes resources for',
    remedy: `write one of ${Object.keys(ZTWIM_VERSIONS).join(', ')}`,
  };
}

function directoryProblem(path: string): NameProblem {
  if (path.length <= 256 && /^(?:\/[a-zA-Z0-9._-]+)+$/.test(path) && !/\/\.\.?(?:\/|$)/.test(path)) return undefined;
  return {
    message: 'is not an absolute path that ZTWIM accepts',
    remedy:
      "write at most 256 characters of letters, digits, '.', '_', '-' and '/', with '/' in front and none at the end",
  };
}

function driverProblem(name: string): NameProblem {
  if (name.length <= 63 && !subdomainProblem(name)) return undefined;
  return {
    message: 'is not a name for a CSI driver',
    remedy: "write 1 to 63 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part",
  };
}

function issuerProblem(url: string): NameProblem {
  const host = /^https:\/\/([^/?#:@\s]+)$/.exec(url)?.[1];
  if (host !== undefined && !hostProblem(host)) return undefined;
  return {
    message: 'is not https:// and a host alone, of which the operator makes the host of a Route',
    remedy: "write a URL without path, port, query and user, such as 'https://oidc-discovery.apps.example.com'",
  };
}

/**
 * What is wrong with the host of a Route; undefined when it is right.
 *
 * @see https://github.com/openshift/api/blob/master/route/v1/types.go
 */
export function hostProblem(host: string): NameProblem {
  if (!subdomainProblem(host) && host.split('.').every((label) => label.length <= 63)) return undefined;
  return {
    message: 'is not a host that a Route can have',
    remedy: "write at most 253 characters of a-z, 0-9, '-' and '.', at most 63 between two dots",
  };
}
