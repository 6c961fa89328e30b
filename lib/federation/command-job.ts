import type { JobSpec } from 'kubernetes-types/batch/v1';
import type { EnvVar, ResourceRequirements, Toleration, Volume, VolumeMount } from 'kubernetes-types/core/v1';
import { MAIN_PROGRAM, type ProgramImage } from '../image';
import { restrictedContainer } from '../kube';

/** Where pods of a Job may run, and by what they get their image. */
export interface JobPlacement {
  /** Secrets of SPIRE's namespace by which the image is pulled. @default - none */
  readonly imagePullSecrets?: readonly string[];
  /** Labels of the nodes on which it may run. @default - any node */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** Taints of nodes that it tolerates. @default - none */
  readonly tolerations?: readonly Toleration[];
  /** @default - requests 50m of CPU and 128 MiB of memory, limited to 512 MiB */
  readonly resources?: ResourceRequirements;
}

/** What a Job that runs the command `spirekit` is made of. */
export interface CommandJobParts extends JobPlacement {
  /** Undefined: what was given is none, and was reported. */
  readonly image: ProgramImage | undefined;
  readonly serviceAccount: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Name of the container. */
  readonly container: string;
  /** What stands behind `spirekit`. */
  readonly words: readonly string[];
  readonly retries: number;
  /** In seconds. */
  readonly deadline: number;
  /** @default - it stays */
  readonly ttlSecondsAfterFinished?: number;
  readonly volumes: readonly Volume[];
  readonly volumeMounts: readonly VolumeMount[];
  /** @default - none */
  readonly env?: readonly EnvVar[];
  /** Exit codes after which nothing is tried again. @default - there is none */
  readonly finalCodes?: readonly number[];
}

const RESOURCES = { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '512Mi' } };

/** A Job that runs the command `spirekit`, as the `restricted` standard has it. */
export function commandJobSpec(parts: CommandJobParts): JobSpec {
  const { image, container, labels, retries, deadline, ttlSecondsAfterFinished, resources = RESOURCES } = parts;
  const { imagePullSecrets = [], nodeSelector, tolerations, env = [], finalCodes = [] } = parts;
  const words = [image?.programs.node ?? 'invalid', MAIN_PROGRAM, ...parts.words];
  return {
    backoffLimit: retries,
    activeDeadlineSeconds: deadline,
    ...(ttlSecondsAfterFinished !== undefined && { ttlSecondsAfterFinished }),
    ...(finalCodes.length > 0 && {
      podFailurePolicy: {
        rules: [
          { action: 'FailJob', onExitCodes: { containerName: container, operator: 'In', values: [...finalCodes] } },
        ],
      },
    }),
    template: {
      metadata: { labels },
      spec: {
        serviceAccountName: parts.serviceAccount,
        restartPolicy: 'Never',
        enableServiceLinks: false,
        ...(imagePullSecrets.length > 0 && { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) }),
        ...(nodeSelector && { nodeSelector: { ...nodeSelector } }),
        ...(tolerations && { tolerations: [...tolerations] }),
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          {
            name: container,
            image: (image?.image ?? 'invalid') as string, // the types of Kubernetes know of no late values
            // The kubelet takes `$(NAME)` for a variable.
            command: words.map((word) => word.replaceAll('$', () => '$$')),
            ...(env.length > 0 && { env: [...env] }),
            resources,
            securityContext: restrictedContainer,
            volumeMounts: [...parts.volumeMounts],
          },
        ],
        volumes: [...parts.volumes],
      },
    },
  };
}
