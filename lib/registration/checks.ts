import { TrustDomain } from '@spirekit/runtime/id';
import { Duration, durationProblem, type FindingInput, isLate } from '../core';
import { labelKeyProblem, labelValueProblem } from '../kube';
import { idProblem } from './id-problem';

/** A trust domain: its name, such as `example.org`, or the value. */
export type TrustDomainLike = string | TrustDomain;

/** Whether a value is an object with fields, as plain JavaScript may or may not pass one. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads the properties of one construct and collects what is wrong with them. Every method gives the value as the object
 * shall hold it, or as it was when it is wrong: nothing is written then.
 */
export class PropReader {
  readonly findings: FindingInput[] = [];

  add(rule: string, property: string, value: unknown, problem: { message: string; remedy: string }): void {
    this.findings.push({ rule, property, value, ...problem });
  }

  /** Text, checked further when there is a check for it. */
  text(
    rule: string,
    property: string,
    value: unknown,
    check?: (text: string) => { message: string; remedy: string } | undefined,
  ): string | undefined {
    if (value === undefined || isLate(value)) return value as string | undefined;
    if (value === null) {
      this.findings.push({ rule, property, message: 'is missing', remedy: 'set it' });
      return undefined;
    }
    const problem =
      typeof value === 'string' ? check?.(value) : { message: 'is not text', remedy: 'write it in quotes' };
    if (problem) this.add(rule, property, value, problem);
    return value as string;
  }

  /** A list of texts. */
  texts(
    rule: string,
    property: string,
    value: unknown,
    check: (text: string) => { message: string; remedy: string } | undefined,
  ): string[] | undefined {
    if (value === undefined || isLate(value)) return value as string[] | undefined;
    if (value === null) return this.text(rule, property, value) as undefined;
    if (!Array.isArray(value)) {
      this.add(rule, property, value, { message: 'is not a list', remedy: 'write it in square brackets' });
      return undefined;
    }
    const seen = value.length > 1 ? new Set<unknown>() : undefined;
    return value.map((item: unknown, index) => {
      const at = `${property}[${index}]`;
      this.text(rule, at, item ?? null, check);
      if (seen?.has(item)) this.add(rule, at, item, { message: 'is listed twice', remedy: 'remove one of the two' });
      seen?.add(item);
      return item as string;
    });
  }

  flag(property: string, value: unknown): boolean | undefined {
    if (value !== undefined && typeof value !== 'boolean' && !isLate(value)) {
      this.add('boolean', property, value, {
        message: 'is not a boolean',
        remedy: 'write true or false, without quotes',
      });
    }
    return value as boolean | undefined;
  }

  /** A lifetime of SVIDs, in Go's format. */
  ttl(property: string, value: unknown): string | undefined {
    if (value === undefined || isLate(value)) return value as string | undefined;
    const parsed = Duration.tryParse(value);
    if (typeof parsed === 'string') {
      this.add(
        'svid-ttl',
        property,
        value,
        durationProblem(parsed, "write a lifetime of hours or days, such as '24h'"),
      );
      return value as string;
    }
    const seconds = parsed.nanoseconds / 1_000_000_000n;
    if (parsed.nanoseconds % 1_000_000_000n !== 0n) {
      // The server's API counts in seconds: the entry never equals what was asked for, and is written anew for ever.
      this.add('svid-ttl', property, String(value), {
        message: 'is not a whole number of seconds, in which the SPIRE server counts',
        remedy: `write '${seconds > 0n ? seconds : 1n}s'`,
      });
    } else if (seconds > MAX_SECONDS) {
      this.add('svid-ttl', property, String(value), {
        message: 'is longer than the SPIRE server can hold (about 68 years)',
        remedy: "write a lifetime of hours or days, such as '24h'",
      });
    }
    return parsed.toString();
  }

  /** A text that SPIFFE libraries show beside an SVID. */
  hint(value: unknown): string | undefined {
    return this.text('hint', 'hint', value, (hint) => {
      const bytes = Buffer.byteLength(hint);
      if (bytes <= MAX_HINT_BYTES) return undefined;
      return { message: `has ${bytes} bytes`, remedy: `shorten it to ${MAX_HINT_BYTES} bytes` };
    });
  }

  /** The name of one trust domain. */
  trustDomain(property: string, value: unknown): string | undefined {
    if (value === undefined || isLate(value)) return value as string | undefined;
    if (TrustDomain.is(value)) return value.name;
    const parsed = TrustDomain.tryParse(value as string);
    if (parsed.ok) return parsed.value.name;
    this.add('trust-domain', property, value, idProblem(parsed.error));
    return value as string;
  }

  /** The name of the trust domain that other values are compared with; undefined when it is not known, or wrong. */
  ownTrustDomain(property: string, value: unknown): string | undefined {
    const before = this.findings.length;
    const name = this.trustDomain(property, value);
    return this.findings.length > before || isLate(name) ? undefined : name;
  }

  /** The foreign trust domains whose bundles a workload gets. */
  federatesWith(value: unknown, own: string | undefined): string[] | undefined {
    if (value === undefined || isLate(value)) return value as string[] | undefined;
    const property = 'federatesWith';
    if (!Array.isArray(value)) {
      this.add('federates-with', property, value, {
        message: 'is not a list of trust domains',
        remedy: "write ['example.org']",
      });
      return undefined;
    }
    const names = value.map((item: unknown, index) => this.trustDomain(`${property}[${index}]`, item ?? null));
    names.forEach((name, index) => {
      if (names.indexOf(name) < index) {
        // The controller manager compares such lists by length with what the server has stored.
        this.add('federates-with', `${property}[${index}]`, name, {
          message: 'is listed twice',
          remedy: 'remove one of the two',
        });
      }
      if (own !== undefined && name === own) {
        this.findings.push({
          rule: 'federates-with',
          severity: 'warning',
          property: `${property}[${index}]`,
          value: name,
          message: 'is the trust domain of the workload itself',
          remedy: 'remove it: workloads always get the bundle of their own trust domain',
        });
      }
    });
    return names as string[];
  }

  /** Name, labels and annotations of the object. */
  metadata(props: ObjectProps, ownLabels?: Readonly<Record<string, string>>): Record<string, unknown> {
    const { name, labels, annotations } = props;
    if (name !== undefined && typeof name !== 'string') {
      this.add('object-name', 'name', name, { message: 'is not text', remedy: 'write it in quotes' });
    }
    this.map('labels', labels, (value) => labelValueProblem(value));
    this.map('annotations', annotations, () => undefined);
    return {
      ...(typeof name === 'string' && { name }),
      ...((labels !== undefined || ownLabels !== undefined) && { labels: { ...ownLabels, ...labels } }),
      ...(annotations !== undefined && { annotations: { ...annotations } }),
    };
  }

  private map(
    property: string,
    map: unknown,
    check: (value: string) => { message: string; remedy: string } | undefined,
  ): void {
    if (map === undefined) return;
    if (!isRecord(map)) {
      this.add(property, property, map, {
        message: 'is not a map of text',
        remedy: "write { 'example.com/key': 'value' }",
      });
      return;
    }
    for (const [key, value] of Object.entries(map)) {
      const problem = labelKeyProblem(key);
      if (problem) this.add(property, property, key, problem);
      this.text(property, `${property}['${key}']`, value ?? null, check);
    }
  }
}

/** Seconds that the server's API can hold: a signed number of 32 bits. */
const MAX_SECONDS = 2n ** 31n - 1n;
const MAX_HINT_BYTES = 1024;

/** What every registration object has. */
export interface ObjectProps {
  /**
   * Name of the object, unique in the cluster.
   *
   * @default - generated from the path of the construct
   */
  readonly name?: string;
  /**
   * Labels of the object.
   *
   * @default - those of the chart
   */
  readonly labels?: Readonly<Record<string, string>>;
  /** @default - none */
  readonly annotations?: Readonly<Record<string, string>>;
  /**
   * Class of the controller managers that act on the object: those whose configuration names the same class.
   *
   * @default - none: only controller managers without a class, or with `watchClassless`, act on the object
   */
  readonly className?: string;
}

/** Leaves out what is undefined. */
export function defined<T extends object>(fields: T): T {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (value !== undefined) result[key] = value;
  }
  return result as T;
}
