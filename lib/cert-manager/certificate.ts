import type { Construct } from 'constructs';
import {
  type DurationLike,
  type FindingInput,
  isLate,
  isObject,
  type Late,
  report,
  setGate,
  setWave,
  Waves,
} from '../core';
import { type AnyManifest, KubeObject, subdomainProblem } from '../kube';
import { API_VERSION, GROUP } from './api-version';
import { readCommonName, readDnsNames } from './dns-names';
import { type IssuerRef, readReference } from './issuer-reference';
import { type IssuerSource, isIssuerSource, issuerSource } from './issuer-source';
import { readLifetime } from './lifetime';
import { type KeyUsage, type PrivateKey, readPrivateKey, readUsages } from './private-key';
import { PropChecks } from './prop-checks';

/** Properties of `Certificate`. */
export interface CertificateProps {
  /** Where the Secret is made; an issuer of kind `Issuer` must live there too. */
  readonly namespace: string;
  /** Secret of type `kubernetes.io/tls` that cert-manager makes: keys `tls.crt`, `tls.key`, and `ca.crt` of some issuers. */
  readonly secretName: string;
  /** Names that clients use: DNS names, wildcards as `*.example.com`. */
  readonly dnsNames: readonly Late<string>[];
  /** Who issues it: a source, an `Issuer` or `ClusterIssuer` construct, or the way to one. */
  readonly issuer: IssuerSource | IssuerRef;
  /**
   * How long it is asked to be valid, in Go's format: at least an hour. ACME servers decide themselves.
   *
   * @default '2160h'
   */
  readonly duration?: DurationLike;
  /**
   * How long before its end it is replaced, in Go's format: at least 5 minutes.
   *
   * @default - '360h', or a third of `duration` if that is shorter
   */
  readonly renewBefore?: DurationLike;
  /** @default - ECDSA with 256 bits, a new key at every renewal */
  readonly privateKey?: PrivateKey;
  /** @default - server auth, digital signature, and key encipherment for RSA keys */
  readonly usages?: readonly KeyUsage[];
  /**
   * The subject's common name, one of `dnsNames`, at most 64 bytes. Clients look at `dnsNames` only.
   *
   * @default - none
   */
  readonly commonName?: Late<string>;
  /**
   * Name of the object.
   *
   * @default - `secretName`
   */
  readonly name?: string;
  /** @default - those of the chart */
  readonly labels?: Readonly<Record<string, string>>;
}

const PROPS = [
  'namespace',
  'secretName',
  'dnsNames',
  'issuer',
  'duration',
  'renewBefore',
  'privateKey',
  'usages',
  'commonName',
  'name',
  'labels',
] as const satisfies readonly (keyof CertificateProps)[];

/**
 * A certificate that cert-manager orders, keeps in a Secret and replaces before it ends. The next wave waits until it is
 * there.
 *
 * Findings of a source are reported by the issuer's object, and here only for issuers that exist already.
 *
 * @example
 *
 * new Certificate(chart, 'certificate', {
 *   namespace: 'spire-server',
 *   secretName: 'bundle-endpoint-tls',
 *   dnsNames: ['bundle.example.com'],
 *   issuer: Issuer.acme({ email: 'ops@example.com' }),
 * });
 *
 * @see https://cert-manager.io/docs/usage/certificate/
 */
export class Certificate extends KubeObject {
  /** Name of the Secret. */
  readonly secretName: string;

  constructor(scope: Construct, id: string, props: CertificateProps) {
    const { manifest, secretName, findings } = certificateObject(props);
    super(scope, id, manifest);
    this.secretName = secretName;
    setWave(this, Waves.certificates);
    setGate(this, { type: 'condition', condition: 'Ready' });
    for (const finding of findings) report(this, finding);
  }
}

function certificateObject(props: CertificateProps): {
  readonly manifest: AnyManifest;
  readonly secretName: string;
  readonly findings: readonly FindingInput[];
} {
  const checks = new PropChecks();
  const given = checks.properties(props, PROPS);
  const namespace = checks.text(given.namespace, {
    rule: 'certificate-namespace',
    property: 'namespace',
    required: 'write the namespace of the pods that use it',
  });
  const secretName =
    checks.text(given.secretName, {
      rule: 'certificate-secret',
      property: 'secretName',
      problemOf: subdomainProblem,
      required: 'write the name of the Secret that shall be made',
    }) ?? 'invalid';
  const dnsNames = readDnsNames(checks, given.dnsNames, given.issuer);
  const commonName = readCommonName(checks, given.commonName, dnsNames);
  const issuerRef = readIssuer(checks, given.issuer, namespace);
  const { duration, renewBefore } = readLifetime(checks, given);
  const privateKey = readPrivateKey(checks, given.privateKey, given.issuer);
  const usages = readUsages(checks, given.usages, privateKey.algorithm);
  const name = checks.text(given.name, { rule: 'certificate-name', property: 'name', problemOf: subdomainProblem });
  const labels = checks.labels(given.labels);
  const manifest = {
    apiVersion: API_VERSION,
    kind: 'Certificate',
    metadata: {
      name: name ?? secretName,
      ...(namespace !== undefined && { namespace }),
      ...(labels && { labels }),
    },
    spec: {
      secretName,
      ...(commonName !== undefined && { commonName }),
      dnsNames,
      issuerRef,
      duration: duration.toString(),
      renewBefore: renewBefore.toString(),
      privateKey,
      usages,
    },
  };
  return { manifest, secretName, findings: checks.findings };
}

function readIssuer(checks: PropChecks, issuer: unknown, namespace: string | undefined): Required<IssuerRef> {
  if (isIssuerSource(issuer)) {
    if (issuer.type === 'existing') checks.findings.push(...issuer.findings);
    const { name, kind, group } = issuer;
    if (issuer.namespace !== undefined) checkHome(checks, kind, issuer.namespace, namespace);
    return { name, kind, group };
  }
  if (KubeObject.is(issuer)) {
    const { name, kind, apiGroup: group, metadata } = issuer;
    checkHome(checks, kind, metadata.namespace ?? 'default', namespace);
    return { name, kind, group };
  }
  if (!isObject(issuer) || isLate(issuer)) {
    const message = issuer === undefined ? 'is missing' : issuerSource.message;
    checks.add('issuer-reference', 'issuer', { message, remedy: issuerSource.remedy });
    return { name: 'invalid', kind: 'Issuer', group: GROUP };
  }
  const { reference, findings } = readReference('issuer.', issuer);
  checks.findings.push(...findings);
  return reference;
}

/** An Issuer issues certificates of its own namespace only. */
function checkHome(checks: PropChecks, kind: string, home: string, namespace: string | undefined): void {
  if (kind !== 'Issuer' || namespace === undefined || home === namespace) return;
  checks.add('issuer-reference', 'issuer', {
    message: `lives in namespace '${home}', and issues certificates of that one only`,
    remedy: 'make a ClusterIssuer, or an Issuer for each namespace',
  });
}
