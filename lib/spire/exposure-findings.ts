import { isIP } from 'node:net';
import type { KubernetesExposure } from '../cluster';
import { type FindingInput, isLate, isObject, PLAIN_PROBLEM } from '../core';
import { labelKeyProblem, labelProblem, type NameProblem, subdomainProblem } from '../kube';

type Given = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => (Partial<FindingInput> & { readonly message: string }) | undefined;

const AT = 'bundleEndpoint.exposure';
const RULE = 'bundle-endpoint-exposure';
const API_VERSIONS: readonly unknown[] = ['v1', 'v1alpha2', 'v1alpha3'];

/** What stands in for an exposure that is none. */
const DEFAULT: KubernetesExposure = { type: 'load-balancer' };

/** An exposure without what is wrong with it, and the findings about that. */
export function readExposure(exposure: unknown): { exposure: KubernetesExposure; findings: FindingInput[] } {
  if (exposure === undefined || exposure === null) return { exposure: DEFAULT, findings: [] };
  const given = (isObject(exposure) && !isLate(exposure) ? exposure : {}) as Given;
  const checks = Object.hasOwn(TYPES, String(given.type)) ? TYPES[given.type as KubernetesExposure['type']] : undefined;
  if (!checks) {
    const problem = isLate(exposure)
      ? PLAIN_PROBLEM
      : {
          value: given.type ?? exposure,
          message: 'is not an exposure on plain Kubernetes',
          remedy: 'make it with Exposure.loadBalancer(), .ingress(), .tlsRoute() or .other()',
        };
    return { exposure: DEFAULT, findings: [{ rule: RULE, property: AT, ...problem }] };
  }
  const { type, ...fields } = given;
  const { usable, findings } = readFields(AT, fields, checks);
  if (type !== 'tls-route') return { exposure: { type, ...usable } as KubernetesExposure, findings };
  const gateway = readFields(`${AT}.gateway`, (usable.gateway ?? { name: 'invalid' }) as Given, GATEWAY);
  return {
    exposure: { type, ...usable, gateway: { name: 'invalid', ...gateway.usable } },
    findings: [...findings, ...gateway.findings],
  };
}

function readFields(at: string, given: Given, checks: Readonly<Record<string, Check>>) {
  const usable: Record<string, unknown> = {};
  const findings: FindingInput[] = [];
  for (const name of Object.keys(given)) {
    if (given[name] == null || Object.hasOwn(checks, name)) continue;
    const remedy = `write one of ${Object.keys(checks).join(', ')}`;
    findings.push({ rule: 'property-unknown', property: `${at}.${name}`, message: 'is not a property', remedy });
  }
  for (const [name, check] of Object.entries(checks)) {
    const value = given[name] ?? undefined;
    const problem = check(value);
    if (!problem && value !== undefined) usable[name] = value;
    if (problem) {
      const shown = value === undefined || isLate(value) ? {} : { value };
      findings.push({ rule: RULE, property: `${at}.${name}`, ...shown, ...problem });
    }
  }
  return { usable, findings };
}

/** A check of a value that may be missing; late values are refused, as names and ports decide what is made. */
const optional =
  (check: Check): Check =>
  (value) => {
    if (value === undefined) return undefined;
    return isLate(value) ? PLAIN_PROBLEM : check(value);
  };

const text =
  (problemOf: (text: string) => NameProblem): Check =>
  (value) =>
    typeof value === 'string' ? problemOf(value) : { message: 'is not text', remedy: 'write it in quotes' };

const port: Check = (value) => {
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 65535) return undefined;
  const message = value === undefined ? 'is missing' : 'is not a TCP port';
  return { message, remedy: 'write a number from 1 to 65535, such as 443' };
};

const annotations: Check = (value) => {
  const isMap = isObject(value) && Object.values(value as object).every((it) => typeof it === 'string' || isLate(it));
  return isMap ? undefined : { message: 'is not a map of text', remedy: "write { 'example.com/key': 'value' }" };
};

const sourceRanges: Check = (value) => {
  const fits = Array.isArray(value) && value.every((range) => isLate(range) || isNetwork(range));
  return fits ? undefined : { message: 'is not a list of networks', remedy: "write one such as ['203.0.113.0/24']" };
};

function isNetwork(range: unknown): boolean {
  if (typeof range !== 'string' || range.includes('%')) return false;
  const [, address = '', prefix = ''] = /^([^/]+)\/(0|[1-9][0-9]{0,2})$/.exec(range) ?? [];
  return Number(prefix) <= ({ 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1);
}

/** Every controller hands TLS through by an annotation of its own, so that there is no default. */
const passthrough: Check = (value) => {
  if (value !== undefined && (!isObject(value) || Object.keys(value as object).length > 0)) {
    return optional(annotations)(value);
  }
  const message = 'is missing, so the controller would end TLS itself and show a certificate of its own';
  return {
    value: undefined,
    message,
    remedy: "write your controller's, such as { 'nginx.ingress.kubernetes.io/ssl-passthrough': 'true' }",
  };
};

const GATEWAY = {
  name: (value: unknown) =>
    value === undefined
      ? { message: 'is missing', remedy: 'write the name of the Gateway' }
      : optional(text(subdomainProblem))(value),
  namespace: optional(text(labelProblem)),
  sectionName: optional(text(subdomainProblem)),
} as const satisfies Record<string, Check>;

const gateway: Check = (value) => {
  if (isLate(value)) return PLAIN_PROBLEM;
  if (isObject(value)) return undefined;
  const message = value === undefined ? 'is missing' : 'is not an object';
  return { message, remedy: "write { name: 'name of the Gateway' }" };
};

const apiVersion: Check = (value) =>
  API_VERSIONS.includes(value)
    ? undefined
    : { message: 'is not a version of TLSRoute', remedy: `write one of ${API_VERSIONS.join(', ')}` };

const TYPES: Readonly<Record<KubernetesExposure['type'], Readonly<Record<string, Check>>>> = {
  'load-balancer': {
    port: optional(port),
    annotations: optional(annotations),
    loadBalancerClass: optional(text(labelKeyProblem)),
    sourceRanges: optional(sourceRanges),
  },
  ingress: { port: optional(port), className: optional(text(subdomainProblem)), annotations: passthrough },
  'tls-route': { port: optional(port), gateway, apiVersion: optional(apiVersion) },
  other: { port: (value) => (isLate(value) ? PLAIN_PROBLEM : port(value)) },
};
