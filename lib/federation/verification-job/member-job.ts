import { Construct } from 'constructs';
import type { JobSpec } from 'kubernetes-types/batch/v1';
import type { Cluster } from '../../cluster';
import { ConfigText, setGate, setWave, Waves } from '../../core';
import type { ProgramImage } from '../../image';
import { grantClusterRole, grantRole, kubeObject } from '../../kube';
import { commandJobSpec } from '../command-job';
import { setHashedName, withoutLate } from '../hashed-name';
import type { MeshData } from '../model';
import type { VerificationJobProps } from './props';
import { CLUSTER_RULES, SPIRE_RULES } from './rules';

/** Name of all objects; that of the Job goes on with a hash. */
const NAME = 'spirekit-verification';

/** Where the mesh lies in the container. */
const FOLDER = '/verification';
const FILE = 'mesh.json';

/** The context that stands for the cluster in which the command runs itself. */
const IN_CLUSTER = 'in-cluster';

/** Argo CD runs it once all else is in sync and healthy, and removes the one before. @see https://argo-cd.readthedocs.io/en/stable/user-guide/resource_hooks/ */
const HOOK = {
  'argocd.argoproj.io/hook': 'PostSync',
  'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
} as const;

/** What the Job of one cluster is made of. */
export interface MemberJobParts
  extends Omit<VerificationJobProps, 'mesh' | 'image' | 'clusters' | 'retries' | 'deadline'> {
  /** Undefined: what was given is none, and was reported. */
  readonly image: ProgramImage | undefined;
  readonly retries: number;
  /** In seconds. */
  readonly deadline: number;
  /** Name of the member. */
  readonly member: string;
  /** What it has to know of the mesh, when that is complete. */
  readonly data: () => MeshData;
}

/** The Job of one cluster, with the rights and the data that it needs. */
export class MemberJob extends Construct {
  constructor(cluster: Cluster, id: string, parts: MemberJobParts) {
    super(cluster, id);
    setWave(this, Waves.verification);
    const { namespaces } = cluster.platform;
    const [namespace = 'default'] = namespaces;
    const labels = { 'app.kubernetes.io/name': NAME };
    const metadata = { name: NAME, namespace, labels };
    kubeObject(this, 'service-account', 'v1/ServiceAccount', { metadata });
    const serviceAccount = { name: NAME, namespace };
    // Two installations of one cluster have each their own.
    grantClusterRole(this, 'verify', { name: `${NAME}-${namespace}`, serviceAccount, labels, rules: CLUSTER_RULES });
    for (const place of namespaces) {
      grantRole(this, `verify-${place}`, place, { name: NAME, serviceAccount, labels, rules: SPIRE_RULES });
    }
    kubeObject(this, 'mesh', 'v1/ConfigMap', {
      metadata,
      data: { [FILE]: new ConfigText(parts.data, textOf) },
    });
    const spec = jobSpec(parts, labels);
    const annotations = { ...(parts.argoCdHook && HOOK), ...parts.annotations };
    const job = kubeObject(this, 'job', 'batch/v1/Job', { metadata: { ...metadata, annotations }, spec });
    // A Job cannot be changed: what has other content is another one.
    setHashedName(job, NAME, () => [textOf(parts.data()), withoutLate(spec)]);
    setGate(job, { type: 'completed' });
  }
}

const textOf = (data: MeshData): string => `${JSON.stringify(data, null, 2)}\n`;

function jobSpec(parts: MemberJobParts, labels: Readonly<Record<string, string>>): JobSpec {
  return commandJobSpec({
    ...parts,
    serviceAccount: NAME,
    labels,
    container: 'verify',
    words: wordsOf(parts),
    volumeMounts: [{ name: 'mesh', mountPath: FOLDER, readOnly: true }],
    volumes: [{ name: 'mesh', configMap: { name: NAME } }],
  });
}

const wordsOf = ({ member, checks = [], strict = false }: MemberJobParts): string[] => [
  'verify',
  `${FOLDER}/${FILE}`,
  '--context',
  `${member}=${IN_CLUSTER}`,
  ...checks.flatMap((id) => ['--check', id]),
  ...(strict ? ['--strict'] : []),
];
