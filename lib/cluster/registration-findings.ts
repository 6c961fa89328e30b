import { TrustDomain } from '@spirekit/runtime/id';
import type { Chart } from 'cdk8s';
import { type FindingInput, objectsOf } from '../core';
import { specOf } from '../kube';
import { ClusterSpiffeId, ClusterStaticEntry, trustDomainName } from '../registration';
import { registrationClassesOf } from './platform';

interface Registration {
  /** Path below the cluster. */
  readonly path: string;
  readonly kind: string;
  /** Whether the construct looks at its own properties. */
  readonly isChecked: boolean;
  readonly spec: Readonly<Record<string, unknown>>;
}

const KINDS = new Set(['ClusterFederatedTrustDomain', 'ClusterSPIFFEID', 'ClusterStaticEntry']);

/**
 * What keeps registration objects of a cluster from having an effect, whoever made them: a class that no controller manager
 * of the cluster acts on, foreign trust domains of which the server would have no bundle, and federation with oneself.
 *
 * @param own name of the cluster's trust domain
 * @param isProven whether a mesh looks after relationships, and which of them identities name
 * @param configured foreign trust domains in the server's own configuration
 */
export function registrationFindings(
  cluster: Chart,
  own: string,
  isProven = false,
  configured: readonly string[] = [],
): FindingInput[] {
  const registrations = registrationsOf(cluster);
  const managers = registrationClassesOf(cluster);
  const classes = managers.map(({ className }) => className);
  const classless = managers.some(({ watchClassless }) => watchClassless);
  const believed = new Set([
    ...configured,
    ...registrations
      .filter(({ kind }) => kind === 'ClusterFederatedTrustDomain')
      .map(({ spec }) => trustDomainName(spec.trustDomain)),
  ]);
  const findings: FindingInput[] = [];
  for (const { path, kind, spec, isChecked } of registrations) {
    if (isProven && kind === 'ClusterFederatedTrustDomain') continue;
    const { className } = spec;
    if (typeof className === 'string' && className !== '' ? !classes.includes(className) : !className && !classless) {
      findings.push({
        rule: 'registration-class',
        property: `${path}.className`,
        ...(className ? { value: className } : {}),
        message: className
          ? 'is not the class of a controller manager of this cluster, so none would act on the object'
          : 'is missing, and no controller manager of this cluster acts on objects without a class',
        remedy: `write '${classes[0]}'`,
      });
    }
    if (kind === 'ClusterFederatedTrustDomain' && trustDomainName(spec.trustDomain) === own) {
      findings.push({
        rule: 'federation-self',
        property: `${path}.trustDomain`,
        value: own,
        message: 'is the own trust domain of the cluster',
        remedy: 'name a foreign one, or remove the object: servers of one trust domain share its bundle',
      });
    }
    if (isProven || kind === 'ClusterFederatedTrustDomain' || !Array.isArray(spec.federatesWith)) continue;
    for (const name of spec.federatesWith.map(trustDomainName)) {
      if (name === undefined || name === own || believed.has(name)) continue;
      if (isChecked && !TrustDomain.tryParse(name).ok) continue;
      findings.push({
        rule: 'federates-with',
        property: `${path}.federatesWith`,
        value: name,
        message: 'is a trust domain that the server would have no bundle of, and it gives no identity then',
        remedy: 'join both in a FederationMesh, or add a ClusterFederatedTrustDomain for it to this cluster',
      });
    }
  }
  return findings;
}

function registrationsOf(cluster: Chart): Registration[] {
  return objectsOf(cluster)
    .filter(({ object }) => KINDS.has(object.kind) && object.apiGroup === 'spire.spiffe.io')
    .map(({ object }) => ({
      path: object.node.path.slice(cluster.node.path.length + 1),
      kind: object.kind,
      isChecked: [ClusterSpiffeId, ClusterStaticEntry].some((type) => object instanceof type),
      spec: specOf(object),
    }));
}
