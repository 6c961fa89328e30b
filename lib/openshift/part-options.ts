import type { IConstruct } from 'constructs';
import { isLate, isObject, PLAIN_PROBLEM, report } from '../core';
import { Fields } from './fields';
import type { OperatorOptions } from './operator-subscription';

/** How an operator comes to the cluster: by a subscription of this program, or it is there already. */
export type OperatorChoice = OperatorOptions | 'installed';

/** How the operators come to the cluster. */
export interface OperatorChoices {
  /**
   * The cert-manager operator; only where an issuer is named, of the bundle endpoint or of the server's CA.
   *
   * @default - a subscription, unless the endpoint's issuer exists already: then cert-manager is there too
   */
  readonly certManager?: OperatorChoice;
  /** The Zero Trust Workload Identity Manager. @default - a subscription */
  readonly ztwim?: OperatorChoice;
}

const OPERATORS = ['certManager', 'ztwim'] as const satisfies readonly (keyof OperatorChoices)[];

/** The choices that can be worked with; what is wrong is reported, and left at its default. */
export function readOperators(scope: IConstruct, given: OperatorChoices | undefined): OperatorChoices {
  const fields = Fields.of(scope, 'operator-choice', 'operators', given, OPERATORS);
  const usable: { -readonly [K in keyof OperatorChoices]: OperatorChoices[K] } = {};
  for (const name of OPERATORS) {
    const value = fields.raw(name);
    if (value === 'installed') usable[name] = value;
    else if (isLate(value)) fields.add(name, PLAIN_PROBLEM);
    else if (isObject(value)) usable[name] = value as OperatorOptions;
    else if (value !== undefined) {
      const message = "is neither options of a subscription nor 'installed'";
      fields.add(name, { message, remedy: "write 'installed', or options such as { channel: 'stable-v1' }" }, value);
    }
  }
  return usable;
}

/**
 * Options of a part, without what the cluster itself decides: plain JavaScript may pass that too, and it would either have
 * no effect or pass by what others are told of the cluster.
 *
 * @param at the cluster's property
 * @param decided what the cluster decides, each with what to do instead
 */
export function ownOptions<T extends object>(
  scope: IConstruct,
  at: string,
  given: T | undefined,
  decided: Readonly<Record<string, string>>,
): Partial<T> {
  const own: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given ?? {})) {
    if (!Object.hasOwn(decided, name)) own[name] = value;
    else if (value !== undefined && value !== null) {
      const message = 'is decided by the cluster';
      const remedy = decided[name] as string;
      report(scope, { rule: 'property-unknown', property: `${at}.${name}`, message, remedy });
    }
  }
  return own as Partial<T>;
}
