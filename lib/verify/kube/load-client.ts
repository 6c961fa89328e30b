/**
 * The one place that loads the client library of Kubernetes. It is an ES module, takes half a second to load, and only
 * `spirekit verify` needs it.
 */

/** What is used of it. */
export type KubernetesClient = typeof import('@kubernetes/client-node', { with: { 'resolution-mode': 'import' }});

/** Who may log in where: the part of a kubeconfig that one context names. */
export type KubeConfig = import('@kubernetes/client-node', { with: { 'resolution-mode': 'import' }}).KubeConfig;

let loaded: Promise<KubernetesClient> | undefined;

/** Loads it, once. */
export function loadClient(): Promise<KubernetesClient> {
  loaded ??= withoutDeprecations(() => import('@kubernetes/client-node'));
  return loaded;
}

/** A package that it loads asks for a module which Node.js warns of: whoever verifies clusters can do nothing about that. */
async function withoutDeprecations<T>(load: () => Promise<T>): Promise<T> {
  const { noDeprecation = false } = process;
  process.noDeprecation = true;
  try {
    return await load();
  } finally {
    process.noDeprecation = noDeprecation;
  }
}
