import { certificatesPem, type Late, readCertificates, rootFindings } from '../core';
import { subdomainProblem } from '../kube';
import { readReference } from './issuer-reference';
import { type IssuerKind, type IssuerSource, ownNames } from './issuer-source';
import { PropChecks } from './prop-checks';
import { WebTrust, webTrustFindings } from './web-trust';

/** An issuer that signs by a CA's key in a Secret. */
export interface CaIssuerOptions {
  /**
   * Secret of type `kubernetes.io/tls` with the CA's certificate and key: in the issuer's namespace, or for a
   * ClusterIssuer in cert-manager's cluster resource namespace, which is its own unless it was told otherwise.
   */
  readonly secretName: Late<string>;
  /** The CA's root certificates in PEM, one or several: who shall believe the certificates is given them. */
  readonly roots: string;
  /** A ClusterIssuer serves all namespaces. @default 'Issuer' */
  readonly kind?: 'Issuer' | 'ClusterIssuer';
  /** Name of the object. @default 'internal-ca' */
  readonly name?: string;
}

/** An issuer that somebody else has made. */
export interface ExistingIssuerOptions {
  /** Name of the object. */
  readonly name: string;
  /** @default 'Issuer' */
  readonly kind?: IssuerKind;
  /** API group of the kind. @default 'cert-manager.io' */
  readonly group?: string;
  /** Who believes its certificates. */
  readonly trust: WebTrust;
}

/** Makes the source of `Issuer.ca()`. */
export function caIssuer(options: CaIssuerOptions): IssuerSource {
  const checks = new PropChecks();
  const given = checks.properties(options, ['secretName', 'roots', 'kind', 'name']);
  const names = ownNames(checks, given, 'internal-ca');
  const secretName = checks.lateText(given.secretName, {
    rule: 'issuer-secret',
    property: 'secretName',
    problemOf: subdomainProblem,
    required: 'write the name of a Secret with the certificate and the key of the CA',
  });
  checks.findings.push(...rootFindings('roots', given.roots, 'issuer-roots'));
  const reading = readCertificates(given.roots);
  const roots = 'certificates' in reading ? certificatesPem(reading.certificates) : '';
  const trust: WebTrust = { type: 'private', roots };
  return { type: 'ca', ...names, trust, spec: { ca: { secretName } }, findings: checks.findings };
}

/** Makes the source of `Issuer.existing()`. */
export function existingIssuer(options: ExistingIssuerOptions): IssuerSource {
  const checks = new PropChecks();
  const given = checks.properties(options, ['name', 'kind', 'group', 'trust']);
  const { reference, findings } = readReference('', given);
  checks.findings.push(...findings);
  const wrong = webTrustFindings('trust', given.trust);
  checks.findings.push(...wrong);
  const said = wrong.length === 0 ? (given.trust as WebTrust) : WebTrust.public();
  const trust = said.type === 'private' ? WebTrust.private(said.roots) : said;
  return { type: 'existing', ...reference, trust, findings: checks.findings };
}
