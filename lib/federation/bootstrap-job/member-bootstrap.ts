import { Construct } from 'constructs';
import type { EnvVar, Volume, VolumeMount } from 'kubernetes-types/core/v1';
import type { PolicyRule } from 'kubernetes-types/rbac/v1';
import type { Cluster } from '../../cluster';
import { setGate, setWave, timeText, Waves } from '../../core';
import type { ProgramImage } from '../../image';
import { grantClusterRole, kubeObject } from '../../kube';
import { commandJobSpec } from '../command-job';
import { setHashedName, withoutLate } from '../hashed-name';
import { type BootstrapRelationship, writeBootstrapConfig } from './bootstrap-config';
import type { BootstrapJobProps } from './props';

/** Name of all objects; that of the Job goes on with a hash. */
export const NAME = 'spirekit-bundle-bootstrap';

/** Where the program finds what it is told. */
const FOLDER = '/bootstrap';
const FILE = 'bootstrap.json';
const KUBECONFIGS = '/kubeconfigs';

/** The context that stands for the cluster in which the command runs itself. */
const IN_CLUSTER = 'in-cluster';

/** Exit code of the program when a person has to decide; @see https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-failure-policy */
const REFUSED = 1;

/** What the Job of one cluster is made of. */
export interface MemberBootstrapParts
  extends Omit<BootstrapJobProps, 'mesh' | 'image' | 'peers' | 'retries' | 'deadline'> {
  /** Undefined: what was given is none, and was reported. */
  readonly image: ProgramImage | undefined;
  readonly retries: number;
  /** In seconds. */
  readonly deadline: number;
  readonly relationships: readonly BootstrapRelationship[];
  /** Names of Secrets with kubeconfigs, each once. */
  readonly secrets: readonly string[];
}

/** File of a kubeconfig in the pod. */
export const kubeconfigFile = (secret: string, key: string): string => `${KUBECONFIGS}/${secret}/${key}`;

/** The Job of one cluster, with the rights and the data that it needs. */
export class MemberBootstrap extends Construct {
  constructor(cluster: Cluster, id: string, parts: MemberBootstrapParts) {
    super(cluster, id);
    setWave(this, Waves.trust);
    const [namespace = 'default'] = cluster.platform.namespaces;
    const labels = { 'app.kubernetes.io/name': NAME };
    const metadata = { name: NAME, namespace, labels };
    const { relationships, secrets, retries, deadline } = parts;
    kubeObject(this, 'service-account', 'v1/ServiceAccount', { metadata });
    grantClusterRole(this, 'make', {
      // Two installations of one cluster have each their own.
      name: `${NAME}-${namespace}`,
      serviceAccount: { name: NAME, namespace },
      labels,
      rules: rulesFor(relationships),
    });
    const text = writeBootstrapConfig(relationships);
    kubeObject(this, 'config-map', 'v1/ConfigMap', { metadata, data: { [FILE]: text } });
    // Nobody has to reach it. Whom it reaches, the API servers and endpoints of peers, no selector finds.
    kubeObject(this, 'network-policy', 'networking.k8s.io/v1/NetworkPolicy', {
      metadata,
      spec: { podSelector: { matchLabels: labels }, policyTypes: ['Ingress'] },
    });
    const wait = timeText(Math.max(1, Math.floor(deadline / (retries + 1))) * 1000);
    const volumes: Volume[] = [{ name: 'config', configMap: { name: NAME } }];
    const volumeMounts: VolumeMount[] = [{ name: 'config', mountPath: FOLDER, readOnly: true }];
    secrets.forEach((secretName, index) => {
      const name = `kubeconfig-${index + 1}`;
      // The program says that it is missing; a pod that waits for it says nothing.
      volumes.push({ name, secret: { secretName, optional: true } });
      volumeMounts.push({ name, mountPath: `${KUBECONFIGS}/${secretName}`, readOnly: true });
    });
    const spec = commandJobSpec({
      ...parts,
      serviceAccount: NAME,
      labels,
      container: 'bootstrap',
      words: ['bundle', 'bootstrap', `${FOLDER}/${FILE}`, '--context', IN_CLUSTER, '--wait', wait],
      env: proxyEnv(cluster),
      finalCodes: [REFUSED],
      volumes,
      volumeMounts,
    });
    const job = kubeObject(this, 'job', 'batch/v1/Job', {
      metadata: { ...metadata, ...(parts.annotations && { annotations: { ...parts.annotations } }) },
      spec,
    });
    // A Job cannot be changed: what has other content is another one.
    setHashedName(job, NAME, () => [text, withoutLate(spec)]);
    setGate(job, { type: 'completed' });
  }
}

/** The right to make an object cannot be narrowed by its name: at that moment it has none. */
function rulesFor(relationships: readonly BootstrapRelationship[]): PolicyRule[] {
  const place = { apiGroups: ['spire.spiffe.io'], resources: ['clusterfederatedtrustdomains'] };
  const resourceNames = relationships.flatMap(({ name, earlier }) => [name, earlier]).sort();
  return [
    { ...place, verbs: ['create'] },
    { ...place, resourceNames, verbs: ['delete', 'get'] },
  ];
}

/** The proxy by which the server fetches bundles, too. */
function proxyEnv({ federation: { proxy } }: Cluster): EnvVar[] {
  if (!proxy) return [];
  return [
    { name: 'HTTPS_PROXY', value: proxy.url as string }, // the types of Kubernetes know of no late values
    { name: 'NO_PROXY', value: ['$(KUBERNETES_SERVICE_HOST)', ...proxy.noProxy].join(',') },
  ];
}
