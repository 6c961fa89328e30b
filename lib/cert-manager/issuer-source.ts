import type { FindingInput, PropKind } from '../core';
import { subdomainProblem } from '../kube';
import { type AcmeSolver, solverSpec } from './acme-solver';
import { GROUP } from './api-version';
import { fieldsOf, type PropChecks } from './prop-checks';
import type { WebTrust } from './web-trust';

/** Kind of an issuer: cert-manager's own, or that of a program beside it, such as `AWSPCAClusterIssuer`. */
export type IssuerKind = 'Issuer' | 'ClusterIssuer' | (string & {});

/**
 * Where certificates come from, and who believes them. Made by `Issuer.acme()`, `Issuer.ca()` and `Issuer.existing()`;
 * the object itself is made by `new Issuer()` or `new ClusterIssuer()`.
 */
export interface IssuerSource {
  readonly type: 'acme' | 'ca' | 'existing';
  /** Name of the issuer's object: a DNS subdomain. */
  readonly name: string;
  readonly kind: IssuerKind;
  /** API group of the kind. */
  readonly group: string;
  /** Who believes the certificates. */
  readonly trust: WebTrust;
  /** How an ACME server is shown that names are ours. @default - none: only ACME servers ask */
  readonly solver?: AcmeSolver;
  /** Where an object of kind `Issuer` lives. @default - not known: where it is used */
  readonly namespace?: string;
  /** The issuer's spec, as far as it does not depend on the platform. @default - none: the issuer exists */
  readonly spec?: object;
  /** What is wrong with it; whoever makes an object of it reports this. */
  readonly findings: readonly FindingInput[];
}

/** What an issuer's object has of the platform that it is made for. */
export interface IssuerPlatform {
  /** Class of Ingress objects for HTTP-01 solvers that name none. @default - the cluster's default class */
  readonly ingressClassName?: string;
}

/** A source that a factory has made, for properties that hold one. */
export const issuerSource: PropKind = {
  fits: isIssuerSource,
  message: 'is not an issuer',
  remedy: 'make it with a factory: Issuer.acme({ … }), Issuer.ca({ … }) or Issuer.existing({ … })',
};

/** Whether a value was made by one of the factories. */
export function isIssuerSource(value: unknown): value is IssuerSource {
  const { type, findings } = fieldsOf(value);
  return (type === 'acme' || type === 'ca' || type === 'existing') && Array.isArray(findings);
}

/**
 * The spec of an issuer's object, complete for a platform.
 *
 * @returns undefined for issuers that exist
 */
export function issuerSpec(source: IssuerSource, platform: IssuerPlatform = {}): object | undefined {
  const { solver, spec } = source;
  if (spec === undefined || source.type !== 'acme' || solver === undefined) return spec;
  const { acme } = spec as { readonly acme: object };
  return { ...spec, acme: { ...acme, solvers: [solverSpec(solver, platform.ingressClassName)] } };
}

/** Name and kind of an object that is made, with what stands in for them when they are wrong. */
export function ownNames(
  checks: PropChecks,
  given: Readonly<Record<string, unknown>>,
  name: string,
): { name: string; kind: 'Issuer' | 'ClusterIssuer'; group: string } {
  const kind = checks.word(given.kind, ['Issuer', 'ClusterIssuer'], { rule: 'issuer-kind', property: 'kind' });
  const own = checks.text(given.name, { rule: 'issuer-name', property: 'name', problemOf: subdomainProblem });
  return { name: own ?? name, kind: kind ?? 'Issuer', group: GROUP };
}
