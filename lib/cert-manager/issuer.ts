import type { Construct } from 'constructs';
import { type FindingInput, report, setWave, Waves } from '../core';
import { type AnyManifest, KubeObject, subdomainProblem } from '../kube';
import { type AcmeIssuerOptions, acmeIssuer } from './acme-issuer';
import { API_VERSION, GROUP } from './api-version';
import { type IssuerSource, isIssuerSource, issuerSource, issuerSpec } from './issuer-source';
import { type CaIssuerOptions, caIssuer, type ExistingIssuerOptions, existingIssuer } from './other-issuers';
import { PropChecks } from './prop-checks';
import { WebTrust } from './web-trust';

/** Properties of `ClusterIssuer`. */
export interface ClusterIssuerProps {
  /** Where certificates come from: `Issuer.acme()` or `Issuer.ca()`, with the kind of this construct. */
  readonly source: IssuerSource;
  /**
   * Name of the object. References must use it then: pass this construct as `issuer` of certificates.
   *
   * @default - that of the source
   */
  readonly name?: string;
  /** @default - those of the chart */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Class of Ingress objects for an HTTP-01 solver that names none.
   *
   * @default - the cluster's default class
   */
  readonly ingressClassName?: string;
}

/** Properties of `Issuer`. */
export interface IssuerProps extends ClusterIssuerProps {
  /** The namespace whose certificates it issues. */
  readonly namespace: string;
}

/**
 * Issues the certificates of one namespace. The factories make the values that endpoints and the constructs take.
 *
 * @example
 *
 * const source = Issuer.acme({ email: 'ops@example.com' });
 * const issuer = new Issuer(chart, 'issuer', { source, namespace: 'spire-server' });
 *
 * @see https://cert-manager.io/docs/concepts/issuer/
 */
export class Issuer extends KubeObject {
  /** This object as a source: whoever is given it makes no further object, and finds nothing that is found here. */
  readonly source: IssuerSource;

  /** Certificates of an ACME server, such as Let's Encrypt. @see https://cert-manager.io/docs/configuration/acme/ */
  static acme(options: AcmeIssuerOptions): IssuerSource {
    return acmeIssuer(options);
  }

  /** Certificates that a CA's key in a Secret signs. @see https://cert-manager.io/docs/configuration/ca/ */
  static ca(options: CaIssuerOptions): IssuerSource {
    return caIssuer(options);
  }

  /** An issuer that somebody else has made: of cert-manager itself, or of a program beside it. */
  static existing(options: ExistingIssuerOptions): IssuerSource {
    return existingIssuer(options);
  }

  constructor(scope: Construct, id: string, props: IssuerProps) {
    const { manifest, source, findings } = issuerObject('Issuer', props);
    super(scope, id, manifest);
    this.source = { ...source, name: this.name, namespace: this.metadata.namespace ?? 'default' };
    setWave(this, Waves.certificates);
    for (const finding of findings) report(this, finding);
  }
}

/**
 * Issues certificates of all namespaces. Its Secrets lie in cert-manager's cluster resource namespace.
 *
 * @example
 *
 * const source = Issuer.acme({ email: 'ops@example.com', kind: 'ClusterIssuer' });
 * const issuer = new ClusterIssuer(chart, 'issuer', { source });
 *
 * @see https://cert-manager.io/docs/configuration/#cluster-resource-namespace
 */
export class ClusterIssuer extends KubeObject {
  /** This object as a source: whoever is given it makes no further object, and finds nothing that is found here. */
  readonly source: IssuerSource;

  constructor(scope: Construct, id: string, props: ClusterIssuerProps) {
    const { manifest, source, findings } = issuerObject('ClusterIssuer', props);
    super(scope, id, manifest);
    this.source = { ...source, name: this.name };
    setWave(this, Waves.certificates);
    for (const finding of findings) report(this, finding);
  }
}

const PROPS = ['source', 'name', 'labels', 'ingressClassName'] as const satisfies readonly (keyof ClusterIssuerProps)[];

function issuerObject(
  kind: 'Issuer' | 'ClusterIssuer',
  props: ClusterIssuerProps,
): { readonly manifest: AnyManifest; readonly source: IssuerSource; readonly findings: readonly FindingInput[] } {
  const checks = new PropChecks();
  const given = checks.properties(props, kind === 'Issuer' ? [...PROPS, 'namespace'] : PROPS);
  const source = isIssuerSource(given.source) ? given.source : undefined;
  if (source) sourceChecks(checks, kind, source);
  else checks.add('issuer-source', 'source', { message: issuerSource.message, remedy: issuerSource.remedy });
  const name = checks.text(given.name, { rule: 'issuer-name', property: 'name', problemOf: subdomainProblem });
  const namespace =
    kind === 'ClusterIssuer'
      ? undefined
      : checks.text(given.namespace, {
          rule: 'issuer-namespace',
          property: 'namespace',
          required: 'write the namespace whose certificates it issues',
        });
  const ingressClassName = checks.text(given.ingressClassName, {
    rule: 'issuer-solver',
    property: 'ingressClassName',
    problemOf: subdomainProblem,
  });
  const labels = checks.labels(given.labels);
  const manifest = {
    apiVersion: API_VERSION,
    kind,
    metadata: {
      name: name ?? source?.name ?? 'invalid',
      ...(namespace !== undefined && { namespace }),
      ...(labels && { labels }),
    },
    spec: (source && issuerSpec(source, { ingressClassName })) ?? {},
  };
  return { manifest, source: madeSource(kind, source, ingressClassName), findings: checks.findings };
}

/** The source of an object that was made. What stands in for a wrong solver is not judged a second time. */
function madeSource(
  kind: 'Issuer' | 'ClusterIssuer',
  source: IssuerSource | undefined,
  ingressClassName: string | undefined,
): IssuerSource {
  const solver = source?.findings.length === 0 ? source.solver : undefined;
  const platform = solver?.type === 'http01' && ingressClassName !== undefined ? { ingressClassName } : {};
  return {
    type: 'existing',
    name: source?.name ?? 'invalid',
    kind,
    group: GROUP,
    trust: source?.trust ?? WebTrust.public(),
    ...(solver && { solver: { ...platform, ...solver } }),
    findings: [],
  };
}

/** The source of an `Issuer` or a `ClusterIssuer` construct; any other value as it is. */
export function sourceOf(issuer: unknown): unknown {
  if (!KubeObject.is(issuer)) return issuer;
  const { source } = issuer as unknown as { readonly source?: unknown };
  return isIssuerSource(source) ? source : issuer;
}

/** An object is made of sources of its own kind, and of none that exist. */
function sourceChecks(checks: PropChecks, kind: 'Issuer' | 'ClusterIssuer', source: IssuerSource): void {
  checks.findings.push(...source.findings);
  if (source.type === 'existing') {
    const message = 'names an issuer that exists';
    checks.add('issuer-source', 'source', { message, remedy: 'remove this construct, or write Issuer.acme({ … })' });
  } else if (source.kind !== kind) {
    const remedy = `write kind: '${kind}' in it, or make a new ${source.kind}()`;
    checks.add('issuer-source', 'source', { message: `is for an object of kind ${source.kind}`, remedy });
  }
}
