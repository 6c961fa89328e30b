const K8S = /^( *)WorkloadAttestor "k8s" \{$/m;

/**
 * The one thing that a test changes in what was written: agent.conf gets one more plugin, the workload attestor `unix`.
 * Without a kubelet no process is in a pod, and the attestor `k8s`, which stays, finds nothing about it.
 *
 * @param conf agent.conf
 */
export function withUnixAttestor(conf: string): string {
  if (!K8S.test(conf)) throw new Error(`agent.conf has no WorkloadAttestor "k8s":\n${conf}`);
  return conf.replace(K8S, '$1WorkloadAttestor "unix" {\n$1  plugin_data {}\n$1}\n$&');
}
