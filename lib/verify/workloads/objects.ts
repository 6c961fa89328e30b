import type { KubeObject } from '../kube';
import type { TestIdentity } from './identities';
import { ACCOUNT, CONTAINER, POD_LABEL, PODS, type PodName, type RunNames } from './names';

/** The image that pods run. */
export interface TestImage {
  readonly reference: string;
  /** Absolute path of Node.js in it. */
  readonly node: string;
  /** Absolute path of the programs of `@spirekit/runtime` in it. */
  readonly runtime: string;
}

/** How pods reach the Workload API in a cluster. */
export interface WorkloadApiPlace {
  /** Name of the CSI driver. */
  readonly driver: string;
  /** Name of the socket in the folder that the driver mounts. */
  readonly socket: string;
}

/** What the objects of a member are made of. */
export interface ObjectsInput {
  readonly names: RunNames;
  /** Position of the member in the mesh. */
  readonly index: number;
  readonly image: TestImage;
  readonly place: WorkloadApiPlace;
  /** Class of the objects that the controller manager acts on; undefined: those without one. */
  readonly className?: string;
  readonly identities: readonly TestIdentity[];
}

/** An object as it is sent. */
export type NewObject = KubeObject & { readonly apiVersion: string; readonly kind: string };

/** The objects of a member, in the order in which they are made. */
export interface TestObjects {
  readonly namespace: NewObject;
  readonly account: NewObject;
  readonly identities: readonly NewObject[];
  readonly pods: readonly NewObject[];
}

/** Where the Workload API is mounted. */
const MOUNT = '/spiffe-workload-api';

/** A pod ends by itself when it is told to; nobody waits for what hangs. */
const GRACE_SECONDS = 5;

/** What one command of a pod is: Node.js, the programs, one of them, and its words. */
export const handshakeCommand = ({ node, runtime }: TestImage, ...words: readonly string[]): readonly string[] => [
  node,
  runtime,
  'handshake',
  ...words,
];

/**
 * What a member's cluster gets: a namespace of the `restricted` standard, two pods in it that wait for commands, and their
 * identities. No pod has a token of its service account, a port, or a user of its own: OpenShift gives it one.
 */
export function testObjects(input: ObjectsInput): TestObjects {
  const { names, index, identities } = input;
  const namespace = names.namespace(index);
  return {
    namespace: {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: namespace,
        labels: {
          ...names.labels,
          'pod-security.kubernetes.io/enforce': 'restricted',
          'pod-security.kubernetes.io/warn': 'restricted',
        },
      },
    },
    account: {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: ACCOUNT, namespace, labels: names.labels },
      ...{ automountServiceAccountToken: false },
    },
    identities: identities.map((identity, number) => identityObject(input, identity, number)),
    pods: PODS.map((pod) => podObject(input, pod)),
  };
}

function identityObject({ names, index, className }: ObjectsInput, identity: TestIdentity, number: number): NewObject {
  return {
    apiVersion: 'spire.spiffe.io/v1alpha1',
    kind: 'ClusterSPIFFEID',
    metadata: { name: names.identity(index, number), labels: names.labels },
    ...{
      spec: {
        ...(className !== undefined && { className }),
        spiffeIDTemplate: `spiffe://{{ .TrustDomain }}${names.path(identity.name)}`,
        hint: identity.name,
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': names.namespace(index) } },
        podSelector: { matchLabels: { [POD_LABEL]: identity.pod } },
        ...(identity.federatesWith.length > 0 && { federatesWith: identity.federatesWith }),
      },
    },
  };
}

function podObject({ names, index, image, place }: ObjectsInput, name: PodName): NewObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: names.namespace(index), labels: { ...names.labels, [POD_LABEL]: name } },
    ...{
      spec: {
        serviceAccountName: ACCOUNT,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        terminationGracePeriodSeconds: GRACE_SECONDS,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          {
            name: CONTAINER,
            image: image.reference,
            command: handshakeCommand(image, 'watch'),
            env: [{ name: 'SPIFFE_ENDPOINT_SOCKET', value: `unix://${MOUNT}/${place.socket}` }],
            resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '384Mi' } },
            securityContext: {
              allowPrivilegeEscalation: false,
              capabilities: { drop: ['ALL'] },
              readOnlyRootFilesystem: true,
            },
            volumeMounts: [{ name: 'workload-api', mountPath: MOUNT, readOnly: true }],
          },
        ],
        volumes: [{ name: 'workload-api', csi: { driver: place.driver, readOnly: true } }],
      },
    },
  };
}
