import { Construct } from 'constructs';
import { type Kind, report, requiredPart, setGate, setWave, usableProps, Waves } from '../core';
import type { KubeObject } from '../kube';
import type { ZtwimLayout } from './layout';
import { PLACEMENT, placementFields, placementFindings, type ZtwimPlacement } from './placement';
import { operatorResource } from './resource';

/** Properties of `ZtwimSpiffeCsiDriver`. */
export interface ZtwimSpiffeCsiDriverProps extends ZtwimPlacement {
  readonly layout: ZtwimLayout;
}

const PROPERTIES = { ...PLACEMENT, layout: 'any' } as const satisfies Record<keyof ZtwimSpiffeCsiDriverProps, Kind>;

/**
 * The operator's `SpiffeCSIDriver`: mounts the Workload API into pods. Its folder is the agent's, by the layout.
 *
 * @see https://github.com/openshift/zero-trust-workload-identity-manager/blob/main/api/v1alpha1/spiffe_csi_driver_types.go
 */
export class ZtwimSpiffeCsiDriver extends Construct {
  readonly layout: ZtwimLayout;
  /** The resource. */
  readonly object: KubeObject;

  constructor(scope: Construct, id: string, given: ZtwimSpiffeCsiDriverProps) {
    super(scope, id);
    const props = usableProps(this, given, PROPERTIES);
    this.layout = requiredPart(this, 'layout', props.layout);
    this.object = operatorResource(this, 'SpiffeCSIDriver', {
      agentSocketPath: this.layout.socketDirectory,
      pluginName: this.layout.csiDriverName,
      ...placementFields(props),
    });
    for (const finding of placementFindings(props)) report(this, finding);
    setWave(this, Waves.nodes);
    setGate(this.object, { type: 'condition', condition: 'Ready' });
  }
}
