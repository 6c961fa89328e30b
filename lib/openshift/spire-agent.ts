import { Construct, type IConstruct } from 'constructs';
import { type Kind, report, requiredPart, setGate, setProvides, setWave, usableProps, Waves } from '../core';
import type { KubeObject, NameProblem } from '../kube';
import { Fields, word } from './fields';
import type { ZtwimLayout } from './layout';
import { ZtwimNames } from './names';
import { PLACEMENT, placementFields, placementFindings, type ZtwimPlacement } from './placement';
import { LOGGING, loggingFields, operatorResource, type ZtwimLogging } from './resource';

/** How the agent verifies the kubelet that it asks about pods. */
export type ZtwimKubeletVerification =
  /** By the CA of the node, where there is one. */
  | { readonly type: 'auto' }
  /** By a CA certificate in a folder of the node. */
  | {
      readonly type: 'hostCert';
      /** The folder: an absolute path. */
      readonly hostCertBasePath: string;
      /** The file in it. */
      readonly hostCertFileName: string;
    }
  /** Not at all. */
  | { readonly type: 'skip' };

/** Properties of `ZtwimSpireAgent`. */
export interface ZtwimSpireAgentProps extends ZtwimLogging, ZtwimPlacement {
  readonly layout: ZtwimLayout;
  /** @default { type: 'auto' } */
  readonly kubeletVerification?: ZtwimKubeletVerification;
  /**
   * Whether workloads are told apart by their pods only, not by their containers: needed where Istio's
   * `holdApplicationUntilProxyStarts` keeps containers from starting.
   *
   * @default false
   */
  readonly disableContainerSelectors?: boolean;
  /** Whether containers are found by SPIRE's newer way. @default true */
  readonly useNewContainerLocator?: boolean;
}

const PROPERTIES = {
  ...LOGGING,
  ...PLACEMENT,
  layout: 'any',
  kubeletVerification: 'any',
  disableContainerSelectors: 'flag',
  useNewContainerLocator: 'flag',
} as const satisfies Record<keyof ZtwimSpireAgentProps, Kind>;

/**
 * The operator's `SpireAgent`: the agent on every node.
 *
 * Node and workload attestation are always written: without the one the agent could not join, without the other it could
 * tell no workload from another, and without the way of verification the kubelet would not be verified. The operator admits
 * all three.
 *
 * @see https://github.com/openshift/zero-trust-workload-identity-manager/blob/main/api/v1alpha1/spire_agent_config_types.go
 */
export class ZtwimSpireAgent extends Construct {
  readonly layout: ZtwimLayout;
  /** The resource. */
  readonly object: KubeObject;

  constructor(scope: Construct, id: string, given: ZtwimSpireAgentProps) {
    super(scope, id);
    const props = usableProps(this, given, PROPERTIES);
    const layout = requiredPart(this, 'layout', props.layout);
    this.layout = layout;
    const { disableContainerSelectors: disable, useNewContainerLocator: locate } = props;
    this.object = operatorResource(this, 'SpireAgent', {
      socketPath: layout.socketDirectory,
      ...loggingFields(props),
      nodeAttestor: { k8sPSATEnabled: word(true) },
      workloadAttestors: {
        k8sEnabled: word(true),
        ...(disable !== undefined && { disableContainerSelectors: word(disable) }),
        ...(locate !== undefined && { useNewContainerLocator: word(locate) }),
        workloadAttestorsVerification: verificationOf(this, props.kubeletVerification),
      },
      ...placementFields(props),
    });
    for (const finding of placementFindings(props)) report(this, finding);
    setWave(this, Waves.nodes);
    setGate(this.object, { type: 'condition', condition: 'Ready' });
    setProvides(this, { kind: 'ConfigMap', namespace: layout.serverNamespace, name: ZtwimNames.agent });
  }
}

function verificationOf(scope: IConstruct, given: unknown): object {
  const known = ['type', 'hostCertBasePath', 'hostCertFileName'];
  const fields = Fields.of(scope, 'ztwim-kubelet-verification', 'kubeletVerification', given, known);
  const type = fields.word('type', ['auto', 'hostCert', 'skip'], 'auto');
  if (type === 'hostCert') {
    return {
      type,
      hostCertBasePath: fields.plainText('hostCertBasePath', { check: pathProblem, required: true }),
      hostCertFileName: fields.plainText('hostCertFileName', { check: fileProblem, required: true }),
    };
  }
  for (const name of ['hostCertBasePath', 'hostCertFileName'].filter((each) => fields.raw(each) !== undefined)) {
    const problem = { message: `has no effect with type '${type}'`, remedy: "leave it out, or write type: 'hostCert'" };
    fields.add(name, problem, fields.raw(name), 'warning');
  }
  if (type === 'skip') {
    const message = 'lets a process that listens in place of the kubelet say which pod a workload is';
    fields.add(
      'type',
      { message, remedy: 'write auto, or hostCert with the path of a CA certificate' },
      type,
      'warning',
    );
  }
  return { type };
}

function pathProblem(path: string): NameProblem {
  if (path.startsWith('/') && !/[\s:]|\/\.\.?(?:\/|$)/.test(path)) return undefined;
  return { message: 'is not an absolute path that a pod can mount', remedy: "write one such as '/etc/kubernetes'" };
}

function fileProblem(name: string): NameProblem {
  if (name.length <= 256 && /^[a-zA-Z0-9._-]+$/.test(name) && name !== '.' && name !== '..') return undefined;
  return { message: 'is not the name of a file', remedy: "write letters, digits, '.', '_' and '-'" };
}
