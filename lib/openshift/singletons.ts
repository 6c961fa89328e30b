import type { Chart } from 'cdk8s';
import { type FindingInput, isLate, isObject, objectsOf } from '../core';
import { specOf } from '../kube';
import { SINGLETON, ZTWIM_KINDS, type ZtwimKind } from './names';

interface Resource {
  readonly path: string;
  readonly kind: ZtwimKind;
  readonly name: string;
  readonly spec: Readonly<Record<string, unknown>>;
}

/** A field that cannot be changed once it is set, with what holds where nothing is written. */
interface Immutable {
  readonly field: string;
  readonly preset?: string;
}

/** @see https://github.com/openshift/zero-trust-workload-identity-manager/tree/main/api/v1alpha1 */
const IMMUTABLE: Readonly<Partial<Record<ZtwimKind, readonly Immutable[]>>> = {
  ZeroTrustWorkloadIdentityManager: [
    { field: 'trustDomain' },
    { field: 'clusterName' },
    { field: 'bundleConfigMap', preset: 'spire-bundle' },
  ],
  SpireServer: [
    { field: 'persistence.size', preset: '1Gi' },
    { field: 'persistence.accessMode', preset: 'ReadWriteOnce' },
    { field: 'persistence.storageClass', preset: '' },
  ],
};

/** Fields that must be equal, and that nothing in the cluster compares: each of a kind, with its preset. */
const EQUAL: readonly (readonly [ZtwimKind, Immutable, ZtwimKind, Immutable])[] = [
  [
    'SpireAgent',
    { field: 'socketPath', preset: '/run/spire/agent-sockets' },
    'SpiffeCSIDriver',
    { field: 'agentSocketPath', preset: '/run/spire/agent-sockets' },
  ],
  [
    'SpiffeCSIDriver',
    { field: 'pluginName', preset: 'csi.spiffe.io' },
    'SpireOIDCDiscoveryProvider',
    { field: 'csiDriverName', preset: 'csi.spiffe.io' },
  ],
  ['SpireServer', { field: 'jwtIssuer' }, 'SpireOIDCDiscoveryProvider', { field: 'jwtIssuer' }],
];

/**
 * What is wrong with the operator's resources of a cluster taken together, whoever made them: second ones of a kind whose
 * immutable fields say something else (the second cannot be applied), other names than the only one, and fields that must
 * be equal and are not.
 */
export function ztwimFindings(cluster: Chart): FindingInput[] {
  const first = new Map<ZtwimKind, Resource>();
  const findings: FindingInput[] = [];
  for (const resource of resourcesOf(cluster)) {
    const { kind, path, name } = resource;
    if (name !== SINGLETON) {
      const message = `is not the only name that a ${kind} may have`;
      const remedy = `write '${SINGLETON}'`;
      findings.push({ rule: 'ztwim-singleton', path, property: 'metadata.name', value: name, message, remedy });
    }
    const other = first.get(kind);
    if (other) findings.push(...differences(other, resource));
    else first.set(kind, resource);
  }
  return [...findings, ...disagreements(first)];
}

function differences(first: Resource, second: Resource): FindingInput[] {
  const fields = IMMUTABLE[second.kind] ?? [];
  const pairs: { field: string; ours: unknown; theirs: unknown }[] = fields.map(({ field, preset }) => ({
    field,
    ours: valueAt(first.spec, field) ?? preset,
    theirs: valueAt(second.spec, field) ?? preset,
  }));
  if (second.kind === 'SpireServer') {
    const [ours, theirs] = [first, second].map(({ spec }) => federationOf(spec));
    if (ours && theirs) {
      pairs.push(
        { field: 'federation.bundleEndpoint.profile', ours: ours.profile, theirs: theirs.profile },
        { field: 'federation.bundleEndpoint.httpsWeb', ours: ours.certificate, theirs: theirs.certificate },
      );
    } else if (ours || theirs) {
      pairs.push({ field: 'federation', ours: ours && 'set', theirs: theirs && 'set' });
    }
  }
  return pairs
    .filter(({ ours, theirs }) => ours !== theirs && !isLate(ours) && !isLate(theirs))
    .map(({ field, ours, theirs }) => ({
      rule: 'E19',
      path: second.path,
      property: `spec.${field}`,
      value: theirs ?? 'not set',
      message: `differs from ${shown(ours)} at [${first.path}], and cannot be changed once it is set`,
      remedy: `keep one ${second.kind} in the cluster`,
    }));
}

/** What cannot be changed of a bundle endpoint. */
function federationOf(spec: Resource['spec']): { profile: unknown; certificate: string | undefined } | undefined {
  if (!isObject(spec.federation)) return undefined;
  const web = valueAt(spec, 'federation.bundleEndpoint.httpsWeb');
  return {
    profile: valueAt(spec, 'federation.bundleEndpoint.profile') ?? 'https_spiffe',
    certificate: isObject(web)
      ? Object.keys(web as object)
          .sort()
          .join(' and ')
      : undefined,
  };
}

function disagreements(first: ReadonlyMap<ZtwimKind, Resource>): FindingInput[] {
  return EQUAL.flatMap(([leftKind, left, rightKind, right]) => {
    const [a, b] = [first.get(leftKind), first.get(rightKind)];
    if (!a || !b) return [];
    const ours = valueAt(a.spec, left.field) ?? left.preset;
    const theirs = valueAt(b.spec, right.field) ?? right.preset;
    if (ours === theirs || isLate(ours) || isLate(theirs)) return [];
    return [
      {
        rule: 'ztwim-agreement',
        path: b.path,
        property: `spec.${right.field}`,
        value: theirs ?? null,
        message: `is not ${left.field} of ${leftKind}, which is ${shown(ours)}; the operator does not compare them`,
        remedy: 'make both of one ZtwimLayout',
      },
    ];
  });
}

const shown = (value: unknown): string => `'${typeof value === 'string' ? value : 'not set'}'`;

function valueAt(spec: unknown, field: string): unknown {
  return field
    .split('.')
    .reduce<unknown>((value, key) => (isObject(value) ? (value as Record<string, unknown>)[key] : undefined), spec);
}

function resourcesOf(cluster: Chart): Resource[] {
  return objectsOf(cluster)
    .filter(
      ({ object }) => object.apiGroup === 'operator.openshift.io' && ZTWIM_KINDS.includes(object.kind as ZtwimKind),
    )
    .map(({ object }) => ({
      path: object.node.path,
      kind: object.kind as ZtwimKind,
      name: object.name,
      spec: specOf(object),
    }));
}
