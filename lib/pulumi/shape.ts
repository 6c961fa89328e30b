import type { ApiObject } from 'cdk8s';
import { containsLate, type Finding, isLate, type TreeObject } from '../core';
import type { AnyManifest } from '../kube';

/** What an Output becomes when JavaScript makes text of it, as a template literal does. */
export const OUTPUT_TEXT = /Calling \[to(?:String|JSON)\] on an \[Output<T>\]/;

const PLAIN = "pass a plain string, such as one from new pulumi.Config().require('name')";

/**
 * Finds Outputs that would decide which objects exist or what they are called: a preview could not name the resources.
 */
export function shapeFindings(objects: readonly TreeObject[]): Finding[] {
  const findings: Finding[] = [];
  const charts = new Set<unknown>();
  for (const { object } of objects) {
    const { chart, metadata, node } = object;
    const namespace: unknown = metadata.namespace;
    if (unknowable(chart.namespace) && !charts.has(chart)) {
      charts.add(chart);
      findings.push(shapeFinding(chart.node.path, 'namespace'));
    }
    if (OUTPUT_TEXT.test(node.path)) findings.push(shapeFinding(node.path, 'id'));
    if (unknowable(object.kind)) findings.push(shapeFinding(node.path, 'kind'));
    if (unknowable(object.name)) findings.push(shapeFinding(node.path, 'metadata.name'));
    if (unknowable(namespace) && namespace !== chart.namespace) {
      findings.push(shapeFinding(node.path, 'metadata.namespace'));
    }
  }
  return findings;
}

/** The same for a rendered object, where a transform or a patch may have put an Output in a name. */
export function typeFindings(path: string, manifest: AnyManifest): Finding[] {
  const { apiVersion, kind, metadata } = manifest;
  const found = [
    isLate(apiVersion) ? shapeFinding(path, 'apiVersion') : undefined,
    isLate(kind) ? shapeFinding(path, 'kind') : undefined,
    isLate(metadata) ? shapeFinding(path, 'metadata') : undefined,
    isLate(metadata?.name) && !isLate(metadata) ? shapeFinding(path, 'metadata.name') : undefined,
    isLate(metadata?.namespace) && !isLate(metadata) ? shapeFinding(path, 'metadata.namespace') : undefined,
  ];
  return found.filter((finding) => finding !== undefined);
}

/** Outputs in JSON patches: cdk8s copies these as text, so that the Output would be lost. */
export function patchFindings(object: ApiObject): Finding[] {
  const { patches = [] } = object as unknown as {
    patches?: readonly { operation?: { path?: string; value?: unknown } }[];
  };
  return patches
    .filter(({ operation }) => containsLate(operation?.value))
    .map(({ operation }) => ({
      rule: 'output-in-patch',
      severity: 'error',
      path: object.node.path,
      property: 'addJsonPatch()',
      value: operation?.path,
      message: 'sets a value that is known only at deployment (a Pulumi Output), which a JSON patch cannot hold',
      remedy: 'use transform(object, (manifest) => …), which takes Outputs',
    }));
}

/** An Output as a key of a map. */
export function keyFinding(path: string, property: string): Finding {
  return {
    rule: 'output-in-shape',
    severity: 'error',
    path,
    property,
    message: 'has a key that is known only at deployment (a Pulumi Output)',
    remedy: PLAIN,
  };
}

/** An Output that was turned into text. */
export function textFinding(path: string, property: string): Finding {
  return {
    rule: 'output-in-text',
    severity: 'error',
    path,
    property,
    message:
      "holds Pulumi's error text instead of a value: an Output was put into a template literal or made into text",
    remedy: 'write pulumi.interpolate`…` instead of `…`, or use output.apply()',
  };
}

function shapeFinding(path: string, property: string): Finding {
  return {
    rule: 'output-in-shape',
    severity: 'error',
    path,
    property,
    message: 'is known only at deployment (a Pulumi Output), but decides which objects exist',
    remedy: PLAIN,
  };
}

function unknowable(value: unknown): boolean {
  return isLate(value) || (typeof value === 'string' && OUTPUT_TEXT.test(value));
}
