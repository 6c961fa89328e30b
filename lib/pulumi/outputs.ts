import { randomBytes } from 'node:crypto';
import * as pulumi from '@pulumi/pulumi';
import type { ApiObject, IResolver, ResolutionContext } from 'cdk8s';
import { ConfigText, containsLate, type Finding, isLate } from '../core';
import type { AnyManifest } from '../kube';
import { keyFinding, OUTPUT_TEXT, patchFindings, textFinding, typeFindings } from './shape';

/**
 * Lets Outputs through cdk8s: its renderer knows plain data only, so each Output, and each configuration text with an
 * Output in its model, is swapped for a unique word before cdk8s sees it, and put back into the rendered object.
 *
 * One of these serves one App, as a resolver of it.
 */
export class OutputCarrier implements IResolver {
  private readonly word = `late-${randomBytes(8).toString('hex')}`;
  private readonly wholeWord = new RegExp(`^${this.word}-(\\d+)-$`);
  private readonly anyWord = new RegExp(`${this.word}-(\\d+)-`);
  /** The values of the object that is being rendered. */
  private carried: unknown[] = [];
  private findings: Finding[] = [];

  /** Called by cdk8s for every value of every object, before its own resolvers. */
  resolve(context: ResolutionContext): void {
    const { value } = context;
    if (isLate(value)) {
      context.replaceValue(this.carry(value));
    } else if (ConfigText.is(value)) {
      const { model } = value;
      // Without Outputs it is left to cdk8s, which asks it for its text.
      if (!containsLate(model)) return;
      if (holdsOutputText(model)) this.findings.push(textFinding(context.obj.node.path, context.key.join('.')));
      context.replaceValue(this.carry(lift(value, model)));
    }
  }

  /**
   * The object as cdk8s renders it, patches and transforms included, with the Outputs in their places.
   *
   * @returns the manifest, and what is wrong with it
   */
  render(object: ApiObject): { readonly manifest: AnyManifest; readonly findings: readonly Finding[] } {
    this.carried = [];
    this.findings = [];
    const { path } = object.node;
    this.findings.push(...patchFindings(object));
    if (this.findings.length > 0) return { manifest: emptyOf(object), findings: this.findings };
    try {
      const manifest = this.restore(object.toJson(), path, []) as AnyManifest;
      return { manifest, findings: [...this.findings, ...typeFindings(path, manifest)] };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.findings.push({ rule: 'render', severity: 'error', path, message });
      return { manifest: emptyOf(object), findings: this.findings };
    }
  }

  private carry(value: unknown): string {
    return `${this.word}-${this.carried.push(value) - 1}-`;
  }

  private restore(value: unknown, path: string, key: readonly string[]): unknown {
    if (typeof value === 'string') return this.restoreText(value, path, key);
    // A transform may have put an Output here after cdk8s was done.
    if (typeof value !== 'object' || value === null || isLate(value)) return value;
    if (Array.isArray(value)) return value.map((item, index) => this.restore(item, path, [...key, String(index)]));
    refuseInstance(value, key);
    const result: Record<string, unknown> = {};
    for (const [name, item] of Object.entries(value)) {
      if (this.anyWord.test(name) || OUTPUT_TEXT.test(name)) {
        this.findings.push(keyFinding(path, key.join('.')));
      } else {
        result[name] = this.restore(item, path, [...key, name]);
      }
    }
    return result;
  }

  private restoreText(text: string, path: string, key: readonly string[]): unknown {
    if (OUTPUT_TEXT.test(text)) this.findings.push(textFinding(path, key.join('.')));
    if (!text.includes(this.word)) return text;
    const whole = this.wholeWord.exec(text);
    if (whole) return this.carried[Number(whole[1])];
    // A transform has built longer text around it. split() yields text and numbers in turn.
    const parts = text.split(this.anyWord).map((part, at) => (at % 2 === 0 ? part : this.carried[Number(part)]));
    return pulumi.concat(...(parts as pulumi.Input<string>[]));
  }
}

/** Stands for an object that could not be rendered. */
function emptyOf({ apiVersion, kind }: ApiObject): AnyManifest {
  return { apiVersion, kind };
}

/** Text that is rendered once all Outputs in its model are known; secret if one of them is. */
function lift(text: ConfigText, model: unknown): pulumi.Output<string> {
  const outputs: unknown[] = [];
  collect(model, outputs);
  return pulumi.all(outputs).apply((values) => {
    const known = new Map(outputs.map((output, index) => [output, values[index]]));
    return text.render(fill(model, known));
  });
}

function collect(value: unknown, into: unknown[]): void {
  if (isLate(value)) into.push(value);
  else if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) collect(item, into);
}

/** A copy of a model with its Outputs replaced. What holds none, such as a `Duration`, is kept as it is. */
function fill(value: unknown, known: ReadonlyMap<unknown, unknown>): unknown {
  if (isLate(value)) return known.get(value);
  if (Array.isArray(value)) return value.map((item) => fill(item, known));
  if (typeof value !== 'object' || value === null || !containsLate(value)) return value;
  const copy = Object.create(Object.getPrototypeOf(value), Object.getOwnPropertyDescriptors(value));
  for (const [name, item] of Object.entries(value)) {
    Object.defineProperty(copy, name, {
      value: fill(item, known),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return copy;
}

/** A transform runs after cdk8s has resolved values: what it adds must be plain data or Outputs. */
function refuseInstance(value: object, key: readonly string[]): void {
  const prototype = Object.getPrototypeOf(value) as { constructor: { name: string } } | null;
  if (prototype === Object.prototype || prototype === null) return;
  throw new Error(
    `value at '${key.join('.')}' is a ${prototype.constructor.name}, which is not plain data; ` +
      'pass plain values or Outputs in a transform',
  );
}

function holdsOutputText(value: unknown): boolean {
  if (typeof value === 'string') return OUTPUT_TEXT.test(value);
  if (typeof value !== 'object' || value === null || isLate(value)) return false;
  return Object.entries(value).some(([name, item]) => OUTPUT_TEXT.test(name) || holdsOutputText(item));
}
