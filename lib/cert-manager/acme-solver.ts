import { type FindingInput, isObject } from '../core';
import { subdomainProblem } from '../kube';
import { dns01Findings } from './dns01-findings';
import type { Dns01Provider } from './dns01-provider';
import { fieldsOf, PropChecks } from './prop-checks';

/** How an ACME server is shown that a name is ours. */
export type AcmeSolver =
  | { readonly type: 'http01'; readonly ingressClassName?: string }
  | { readonly type: 'dns01'; readonly provider: Dns01Provider };

/** How HTTP-01 challenges are answered. */
export interface Http01Options {
  /**
   * Class of the Ingress objects that lead the ACME server to the answer: a DNS subdomain.
   *
   * @default - that of the endpoint's exposure or of the platform, else the cluster's default class
   */
  readonly ingressClassName?: string;
}

/** The kinds of solver. */
export const AcmeSolver = {
  /**
   * The ACME server asks at port 80 of every name, which must lead to the Ingress controller of the solver's class before
   * the certificate is ordered. It does for a bundle endpoint behind `Exposure.ingress()`, whose class a solver without one
   * takes, and behind OpenShift's router; it does not behind a load balancer of the SPIRE server. Wildcards cannot be shown
   * so.
   *
   * @see https://cert-manager.io/docs/configuration/acme/http01/
   */
  http01(options: Http01Options = {}): AcmeSolver {
    return { ...(isObject(options) ? options : {}), type: 'http01' };
  },

  /**
   * The ACME server asks for a DNS record, which cert-manager writes. Works for wildcards, and for names that are not
   * reached from outside.
   *
   * @param provider cert-manager's own settings of exactly one DNS provider; Secrets are named in it, never written
   * @see https://cert-manager.io/docs/configuration/acme/dns01/
   */
  dns01(provider: Dns01Provider): AcmeSolver {
    return { type: 'dns01', provider };
  },
} as const;

/**
 * What is wrong with a solver.
 *
 * @param property the property that holds it
 */
export function solverFindings(property: string, solver: unknown): FindingInput[] {
  const checks = new PropChecks();
  const rule = 'issuer-solver';
  const { type, provider, ...options } = fieldsOf(solver);
  if (type === 'dns01') return dns01Findings(`${property}.provider`, provider);
  if (type !== 'http01') {
    const remedy = 'write AcmeSolver.http01() or AcmeSolver.dns01(provider)';
    checks.add(rule, property, { message: 'is not a solver', remedy });
    return checks.findings;
  }
  const { ingressClassName } = checks.properties(options, ['ingressClassName'], `${property}.`);
  checks.text(ingressClassName, { rule, property: `${property}.ingressClassName`, problemOf: subdomainProblem });
  return checks.findings;
}

/** A solver in cert-manager's words; `ingressClassName` is for HTTP-01 solvers that name none. */
export function solverSpec(solver: AcmeSolver, ingressClassName?: string): object {
  if (solver.type === 'dns01') return { dns01: solver.provider };
  const className = solver.ingressClassName ?? ingressClassName;
  return { http01: { ingress: className === undefined ? {} : { ingressClassName: className } } };
}
