import type { FindingInput } from '../core';
import { subdomainProblem } from '../kube';
import { GROUP } from './api-version';
import type { IssuerKind } from './issuer-source';
import { fieldsOf, PropChecks } from './prop-checks';

/** The way to an issuer's object. `Issuer` and `ClusterIssuer` constructs are such references too. */
export interface IssuerRef {
  /** Name of the object. */
  readonly name: string;
  /** @default 'Issuer' */
  readonly kind?: IssuerKind;
  /** API group of the kind. @default 'cert-manager.io' */
  readonly group?: string;
}

/**
 * A reference with all its fields, and what is wrong with it.
 *
 * @param prefix what the names of the properties begin with, such as `issuer.`
 */
export function readReference(
  prefix: string,
  given: unknown,
): { readonly reference: Required<IssuerRef>; readonly findings: readonly FindingInput[] } {
  const rule = 'issuer-reference';
  const checks = new PropChecks();
  const fields = fieldsOf(given);
  const name = checks.text(fields.name, {
    rule,
    property: `${prefix}name`,
    problemOf: subdomainProblem,
    required: 'write the name of an issuer',
  });
  const group = checks.text(fields.group, { rule, property: `${prefix}group`, problemOf: subdomainProblem }) ?? GROUP;
  const kind = checks.text(fields.kind, { rule, property: `${prefix}kind` }) ?? 'Issuer';
  if (group === GROUP && kind !== 'Issuer' && kind !== 'ClusterIssuer') {
    const message = `is not a kind of the group '${GROUP}'`;
    checks.add(
      rule,
      `${prefix}kind`,
      { message, remedy: 'write Issuer or ClusterIssuer, or the group of the kind' },
      kind,
    );
  }
  return { reference: { name: name ?? 'invalid', kind, group }, findings: checks.findings };
}
