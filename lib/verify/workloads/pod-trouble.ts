import type { Pod } from '../discovery/pods';
import { AccessError } from '../kube';

/** Why a pod or another object of the test is not there, in the terms of Kubernetes. */
export interface Trouble {
  /** One sentence. */
  readonly what: string;
  /** What the cluster says of it. */
  readonly evidence: string;
  readonly causes: readonly string[];
  /** Whether it is a fault of SPIRE's installation, and none of what the test brings. @default false */
  readonly isOfSpire?: boolean;
}

/** What a container waits for that does not pass by itself, and why that is. */
const STUCK: Readonly<Record<string, Omit<Trouble, 'evidence'>>> = {
  ImagePullBackOff: {
    what: 'the image cannot be pulled',
    causes: [
      'the registry is not reachable from the nodes, or wants credentials that they do not have',
      'the image was not pushed: see spirekit image push',
    ],
  },
  ErrImageNeverPull: {
    what: 'the image is not on the node, and may not be pulled',
    causes: ['it was not imported there'],
  },
  InvalidImageName: { what: 'the reference of the image is none', causes: ['--image is misspelt'] },
  ImageInspectError: { what: 'the image on the node is damaged', causes: ['its import was broken off'] },
  CreateContainerConfigError: {
    what: 'the container cannot be made',
    causes: [
      'the image runs as root, which the restricted standard refuses: take one that spirekit image build has made',
    ],
  },
  CreateContainerError: {
    what: 'the container cannot be started',
    causes: ['the image has no Node.js at the path of --node'],
  },
  RunContainerError: {
    what: 'the container cannot be started',
    causes: ['the image has no Node.js at the path of --node, or is for another architecture'],
  },
  CrashLoopBackOff: {
    what: 'the program in the container ends again and again',
    causes: ["the image has no programs of @spirekit/runtime, or an older version of them, without 'handshake'"],
  },
};

/** What keeps a pod from running for good; undefined while it may still come. */
export function stuckPod(pod: Pod): Trouble | undefined {
  const { status = {} } = pod;
  for (const { state, lastState } of status.containerStatuses ?? []) {
    const waiting = state?.waiting;
    const known =
      waiting?.reason !== undefined && Object.hasOwn(STUCK, waiting.reason) ? STUCK[waiting.reason] : undefined;
    if (known && waiting) {
      const ended = lastState?.terminated;
      const before = ended ? `, before with exit code ${ended.exitCode ?? 'unknown'}` : '';
      return { ...known, evidence: `${waiting.reason}${waiting.message ? `: ${waiting.message}` : ''}${before}` };
    }
  }
  if (status.phase !== 'Failed') return undefined;
  return {
    what: 'the pod was ended',
    evidence: [status.reason, status.message].filter(Boolean).join(': '),
    causes: ['the node evicted it, or was shut down'],
  };
}

/** Whether its container runs. */
export const isRunning = ({ status }: Pod): boolean =>
  status?.phase === 'Running' && (status.containerStatuses ?? []).every(({ state }) => state?.waiting === undefined);

/** An event, as far as it is looked at. */
export interface PodEvent {
  readonly metadata: { readonly name: string };
  readonly involvedObject?: { readonly kind?: string; readonly name?: string };
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
}

/** Reasons of events, and why a pod that has one does not start. */
const EVENTS: Readonly<Record<string, Omit<Trouble, 'evidence'>>> = {
  FailedScheduling: {
    what: 'no node takes the pod',
    causes: ['all nodes are full, or have taints'],
  },
  FailedMount: {
    what: 'the Workload API cannot be mounted',
    isOfSpire: true,
    causes: [
      'no CSI driver of the name runs on the node of the pod: see V05',
      'the driver cannot mount the folder of the agent',
    ],
  },
  FailedCreatePodSandBox: { what: 'the pod gets no network', causes: ['the network plugin of the node is not ready'] },
  Failed: { what: 'the container cannot be started', causes: ['see what the kubelet says'] },
};

/** Why a pod has not come in time, by its events. */
export function latePod(pod: Pod | undefined, name: string, events: readonly PodEvent[], seconds: number): Trouble {
  const own = events.filter(({ type, involvedObject }) => type === 'Warning' && involvedObject?.name === name);
  const event = own.findLast(({ reason = '' }) => Object.hasOwn(EVENTS, reason)) ?? own.at(-1);
  const known = event && EVENTS[event.reason ?? ''];
  return {
    ...(known?.isOfSpire && { isOfSpire: true }),
    what: `${known?.what ?? 'the pod does not start'}, within ${seconds} s`,
    evidence: event
      ? `${event.reason ?? 'event'}: ${event.message ?? ''}`
      : `phase ${pod?.status?.phase ?? 'unknown'}, no event`,
    causes: known?.causes ?? [
      'the image is large, or the registry slow: run it again, nodes keep what they have pulled',
    ],
  };
}

/** Words of refusals, and what they mean. The first that fits counts. */
const REFUSALS: readonly { readonly pattern: RegExp; readonly what: string; readonly cause: string }[] = [
  {
    pattern: /violates PodSecurity/i,
    what: 'Pod Security refuses it',
    cause:
      'the cluster enforces a standard that refuses CSI volumes: on OpenShift the CSIDriver needs the label security.openshift.io/csi-ephemeral-volume-profile: restricted',
  },
  {
    pattern: /security context constraint/i,
    what: 'no security context constraint allows it',
    cause: 'the constraint restricted-v2 was changed, or does not allow volumes of the kind csi',
  },
  {
    pattern: /exceeded quota|must specify (?:limits|requests)/i,
    what: 'a quota refuses it',
    cause: 'new namespaces get a ResourceQuota that leaves no room',
  },
  {
    pattern: /LimitRange|(?:minimum|maximum) (?:cpu|memory) usage/i,
    what: 'a LimitRange refuses it',
    cause: 'new namespaces get a LimitRange that allows no such pod',
  },
  {
    pattern: /admission webhook|denied the request|ValidatingAdmissionPolicy/i,
    what: 'an admission policy refuses it',
    cause: 'a policy of the cluster wants labels, registries or settings that the test does not have',
  },
  {
    pattern: /cannot (?:create|delete|get|list) resource/i,
    what: 'the right to it is missing',
    cause: "'spirekit verify --print-rbac --workloads' prints a role with all that is needed",
  },
];

/** Why an object was refused. */
export function refusedObject(name: string, error: unknown): Trouble {
  if (!AccessError.is(error)) throw error;
  const known = REFUSALS.find(({ pattern }) => pattern.test(error.message));
  return {
    what: `${name} cannot be made${known ? `: ${known.what}` : ''}`,
    evidence: error.message,
    causes: known ? [known.cause] : [],
  };
}
