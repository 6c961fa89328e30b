import { Construct } from 'constructs';
import type { Toleration } from 'kubernetes-types/core/v1';
import { requiredPart, setGate, setWave, usableProps, Waves } from '../core';
import { confinedRootContainer, type KubeObject, kubeObject } from '../kube';
import type { SpireAgent } from './spire-agent';

/** Properties of `SpiffeCsiDriver`. */
export interface SpiffeCsiDriverProps {
  /** The agent whose Workload API the driver mounts into pods. */
  readonly agent: SpireAgent;
  /** @default - those of the agent: a pod with the volume cannot start or end without the driver */
  readonly tolerations?: readonly Toleration[];
  /** @default - the nodes of the agent */
  readonly nodeSelector?: Readonly<Record<string, string>>;
}

const CSI_SOCKET = '/spiffe-csi/csi.sock';
const SOCKETS = '/spire-agent-socket';

/**
 * SPIFFE CSI driver: mounts the Workload API's socket into pods, read-only, without a hostPath in the pod. The program exports
 * no metrics: a mount that fails is an event of the pod.
 *
 * @see https://github.com/spiffe/spiffe-csi
 */
export class SpiffeCsiDriver extends Construct {
  /** Name of the driver, as volumes name it. */
  readonly driverName: string;
  /** The DaemonSet. */
  readonly daemonSet: KubeObject;

  constructor(scope: Construct, id: string, given: SpiffeCsiDriverProps) {
    super(scope, id);
    const props = usableProps(this, given, { agent: 'any', tolerations: 'list', nodeSelector: 'map' });
    const { layout, placement } = requiredPart(this, 'agent', props.agent);
    const { tolerations = [], nodeSelector } = { ...placement, ...props };
    this.driverName = layout.csiDriverName;
    setWave(this, Waves.nodes);
    const name = `${layout.instance}-csi-driver`;
    const labels = layout.labels(name);
    const metadata = { name, namespace: layout.systemNamespace, labels };
    const pluginPath = `${layout.kubeletPath}/plugins/${this.driverName}`;
    const podsPath = `${layout.kubeletPath}/pods`;

    kubeObject(this, 'csi-driver', 'storage.k8s.io/v1/CSIDriver', {
      metadata: { name: this.driverName, labels },
      spec: {
        attachRequired: false,
        podInfoOnMount: true,
        fsGroupPolicy: 'None',
        volumeLifecycleModes: ['Ephemeral'],
      },
    });
    kubeObject(this, 'service-account', 'v1/ServiceAccount', { metadata });
    // No rule, so nobody: an empty list would be dropped by the API server and look like a change at every apply.
    kubeObject(this, 'network-policy', 'networking.k8s.io/v1/NetworkPolicy', {
      metadata,
      spec: { podSelector: { matchLabels: layout.selector(name) }, policyTypes: ['Ingress'] },
    });
    this.daemonSet = kubeObject(this, 'daemon-set', 'apps/v1/DaemonSet', {
      metadata,
      spec: {
        selector: { matchLabels: layout.selector(name) },
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: name,
            automountServiceAccountToken: false,
            priorityClassName: 'system-node-critical',
            tolerations: [...tolerations],
            ...(nodeSelector && { nodeSelector: { ...nodeSelector } }),
            containers: [
              {
                name: 'spiffe-csi-driver',
                image: layout.image('spiffeCsiDriver'),
                args: [
                  '-workload-api-socket-dir',
                  SOCKETS,
                  '-csi-socket-path',
                  CSI_SOCKET,
                  '-plugin-name',
                  this.driverName,
                ],
                env: [{ name: 'MY_NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }],
                resources: { requests: { cpu: '10m', memory: '32Mi' } },
                // Kubernetes lets only privileged containers pass mounts on to the node.
                securityContext: {
                  privileged: true,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ['ALL'] },
                },
                volumeMounts: [
                  { name: 'sockets', mountPath: SOCKETS, readOnly: true },
                  { name: 'csi', mountPath: '/spiffe-csi' },
                  { name: 'pods', mountPath: podsPath, mountPropagation: 'Bidirectional' },
                ],
              },
              {
                name: 'node-driver-registrar',
                image: layout.image('nodeDriverRegistrar'),
                args: ['-csi-address', CSI_SOCKET, '-kubelet-registration-path', `${pluginPath}/csi.sock`],
                resources: { requests: { cpu: '10m', memory: '32Mi' } },
                securityContext: confinedRootContainer, // the kubelet's registration folder is root's
                volumeMounts: [
                  { name: 'csi', mountPath: '/spiffe-csi' },
                  { name: 'registration', mountPath: '/registration' },
                ],
              },
            ],
            volumes: [
              { name: 'sockets', hostPath: { path: layout.agent.socketHostPath, type: 'DirectoryOrCreate' } },
              { name: 'csi', hostPath: { path: pluginPath, type: 'DirectoryOrCreate' } },
              { name: 'pods', hostPath: { path: podsPath, type: 'Directory' } },
              {
                name: 'registration',
                hostPath: { path: `${layout.kubeletPath}/plugins_registry`, type: 'Directory' },
              },
            ],
          },
        },
      },
    });
    setGate(this.daemonSet, { type: 'rollout' });
  }
}
