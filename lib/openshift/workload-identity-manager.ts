import { Construct } from 'constructs';
import { type Kind, requiredPart, setWave, usableProps, Waves } from '../core';
import type { KubeObject } from '../kube';
import type { ZtwimLayout } from './layout';
import { operatorResource } from './resource';

/** Properties of `ZeroTrustWorkloadIdentityManager`. */
export interface ZeroTrustWorkloadIdentityManagerProps {
  readonly layout: ZtwimLayout;
}

const PROPERTIES = { layout: 'any' } as const satisfies Record<keyof ZeroTrustWorkloadIdentityManagerProps, Kind>;

/**
 * The operator's resource of the same name: trust domain and name of the cluster, for all others. The operator makes the
 * others its property, so that they are deleted with it.
 *
 * None of its fields can be changed later. The name of the bundle's ConfigMap is always the default: the operator's Role
 * names no other, so the server could not write it.
 *
 * @see https://github.com/openshift/zero-trust-workload-identity-manager/blob/main/api/v1alpha1/zero_trust_workload_identity_manager_types.go
 */
export class ZeroTrustWorkloadIdentityManager extends Construct {
  readonly layout: ZtwimLayout;
  /** The resource. It is no gate: it is ready when all others are, which come later. */
  readonly object: KubeObject;

  constructor(scope: Construct, id: string, given: ZeroTrustWorkloadIdentityManagerProps) {
    super(scope, id);
    const props = usableProps(this, given, PROPERTIES);
    this.layout = requiredPart(this, 'layout', props.layout);
    const { trustDomain, clusterName, bundle } = this.layout;
    this.object = operatorResource(this, 'ZeroTrustWorkloadIdentityManager', {
      trustDomain: trustDomain.name,
      clusterName,
      bundleConfigMap: bundle.configMap,
    });
    setWave(this, Waves.controlPlane);
  }
}
