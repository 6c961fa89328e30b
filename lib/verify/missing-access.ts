import { AccessError, type ClusterAccess } from './kube';

/** Stands for the cluster of a member that no kubeconfig names: every question is answered with the reason. */
export function missingAccess(context: string, reason: string): ClusterAccess {
  const refuse = (): Promise<never> => Promise.reject(new AccessError('no-context', reason));
  return {
    context,
    server: '',
    version: refuse,
    get: refuse,
    list: refuse,
    secretValue: refuse,
    review: refuse,
    exec: refuse,
    log: refuse,
    httpGet: refuse,
    connect: refuse,
    changes: () => {
      throw new AccessError('no-context', reason);
    },
  };
}
