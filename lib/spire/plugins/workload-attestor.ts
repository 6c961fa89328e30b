import type { DurationLike } from '../../core';
import { Checks } from '../config/checks';
import type { HclBody } from '../config/hcl';
import { durationText } from '../config/model';
import { Plugin, type PluginProps, type PluginRule } from './plugin';

/** How the agent makes sure that it talks to its node's kubelet, which tells it what runs in which pod. */
export class KubeletVerification {
  private constructor(
    /** Keys of the plugin's configuration. */
    readonly data: HclBody,
    /** What was given up, in words; undefined if the kubelet is verified. */
    readonly weakening: string | undefined,
  ) {}

  /**
   * By the cluster's certificate authority, from the pod's service account. Right where the cluster signs the kubelets'
   * serving certificates: OpenShift, kubeadm with `serverTLSBootstrap`, most managed clusters.
   */
  static clusterCa(): KubeletVerification {
    return new KubeletVerification({}, undefined);
  }

  /** By another authority, whose certificates (PEM) are in a file of the agent's container. */
  static ca(props: { readonly path: string }): KubeletVerification {
    return new KubeletVerification({ kubelet_ca_path: props.path }, undefined);
  }

  /**
   * Not at all: whoever answers at the node's address decides which workload gets which identity.
   *
   * In kind, minikube and kubeadm without `serverTLSBootstrap` it is the only way, because kubelets sign their serving
   * certificates themselves there.
   */
  static skip(): KubeletVerification {
    return new KubeletVerification(
      { skip_kubelet_verification: true },
      "the kubelet's certificate is not verified: whoever answers at its address decides about identities",
    );
  }
}

/** Properties of `WorkloadAttestor.k8s`. */
export interface K8sWorkloadAttestorProps {
  /** @default KubeletVerification.clusterCa() */
  readonly kubelet?: KubeletVerification;
  /**
   * Port of the kubelet's API.
   *
   * @default 10250
   */
  readonly kubeletPort?: number;
  /**
   * Environment variable with the name or address of the node, by which the kubelet is reached; if it has no value, SPIRE
   * asks `localhost`.
   *
   * @default 'MY_NODE_NAME'
   */
  readonly nodeNameEnv?: string;
  /**
   * How often the kubelet is asked for a pod that it does not report yet.
   *
   * @default 60
   */
  readonly maxPollAttempts?: number;
  /**
   * Time between two such questions.
   *
   * @default '500ms'
   */
  readonly pollRetryInterval?: DurationLike;
  /**
   * How often certificates and the token are read again.
   *
   * @default '1m'
   */
  readonly reloadInterval?: DurationLike;
  /**
   * Leaves out what is known of the container, so that a workload can be attested before its container is ready.
   *
   * @default false
   */
  readonly disableContainerSelectors?: boolean;
  /**
   * Adds the labels of the namespace (`k8s:ns-label:…`), which the agent then reads from the API server.
   *
   * @default false
   */
  readonly enableNamespaceLabels?: boolean;
  /**
   * Writes how a container was found into the log.
   *
   * @default false
   */
  readonly verboseContainerLocatorLogs?: boolean;
  /**
   * Keys of SPIRE that have no property here, such as `sigstore`; SPIRE refuses keys that it does not know.
   *
   * @default - none
   */
  readonly data?: HclBody;
}

/** Properties of `WorkloadAttestor.unix`. */
export interface UnixWorkloadAttestorProps {
  /**
   * Adds the path and the checksum of the program (`unix:path`, `unix:sha256`), which the agent must be able to read.
   *
   * @default false
   */
  readonly discoverWorkloadPath?: boolean;
  /**
   * Largest program, in bytes, whose checksum is taken; 0 is without limit, a negative number takes none.
   *
   * @default 0
   */
  readonly workloadSizeLimit?: number;
}

/** For the labels of namespaces, which the kubelet does not know. */
const NAMESPACE_RULES: readonly PluginRule[] = [
  { scope: 'cluster', apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'list', 'watch'] },
];

/** Workload attestors: what the agent finds out about a process that asks for an identity. An agent has at least one. */
export class WorkloadAttestor {
  /**
   * By the pod of the process, as the kubelet reports it. The agent must share the node's processes, and may get
   * `nodes/pods` (Kubernetes 1.33 and later) or `nodes/proxy` (before; it also lets its holder run commands in pods).
   *
   * @see https://github.com/spiffe/spire/blob/v1.15.3/doc/plugin_agent_workloadattestor_k8s.md
   */
  static k8s(props: K8sWorkloadAttestorProps = {}): Plugin<'WorkloadAttestor', 'agent'> {
    const kubelet = props.kubelet ?? KubeletVerification.clusterCa();
    const checks = new Checks();
    checks.absolutePath('kubelet.path', kubelet.data.kubelet_ca_path);
    checks.port('kubeletPort', props.kubeletPort);
    checks.required('nodeNameEnv', props.nodeNameEnv ?? 'MY_NODE_NAME', 'write the name of an environment variable');
    checks.integer('maxPollAttempts', props.maxPollAttempts, 1);
    checks.positiveDuration('pollRetryInterval', props.pollRetryInterval);
    checks.positiveDuration('reloadInterval', props.reloadInterval);
    return new Plugin('agent', 'WorkloadAttestor', {
      name: 'k8s',
      data: {
        ...kubelet.data,
        kubelet_secure_port: props.kubeletPort,
        node_name_env: props.nodeNameEnv,
        max_poll_attempts: props.maxPollAttempts,
        poll_retry_interval: durationText(props.pollRetryInterval),
        reload_interval: durationText(props.reloadInterval),
        disable_container_selectors: props.disableContainerSelectors,
        enable_namespace_labels: props.enableNamespaceLabels,
        verbose_container_locator_logs: props.verboseContainerLocatorLogs,
        ...props.data,
      },
      needs: { rules: props.enableNamespaceLabels ? NAMESPACE_RULES : [] },
      traits: {
        nodeNameEnv: props.nodeNameEnv ?? 'MY_NODE_NAME',
        needsHostPid: true,
        ...(kubelet.weakening && { weakening: kubelet.weakening }),
      },
      findings: checks.findings,
    });
  }

  /**
   * By user, group and program of the process.
   *
   * @see https://github.com/spiffe/spire/blob/v1.15.3/doc/plugin_agent_workloadattestor_unix.md
   */
  static unix(props: UnixWorkloadAttestorProps = {}): Plugin<'WorkloadAttestor', 'agent'> {
    return new Plugin('agent', 'WorkloadAttestor', {
      name: 'unix',
      data: { discover_workload_path: props.discoverWorkloadPath, workload_size_limit: props.workloadSizeLimit },
      traits: { needsHostPid: true },
    });
  }

  /** Any other, such as `docker` or an external plugin. */
  static custom(props: PluginProps): Plugin<'WorkloadAttestor', 'agent'> {
    return new Plugin('agent', 'WorkloadAttestor', props);
  }
}
