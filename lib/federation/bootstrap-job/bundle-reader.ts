import { Construct } from 'constructs';
import type { Cluster } from '../../cluster';
import { setWave, Waves } from '../../core';
import { grantRole, kubeObject } from '../../kube';
import type { PublishedBundle } from './first-bundle';

/** Name of the account and of its role. */
export const BUNDLE_READER = 'spirekit-bundle-reader';

/**
 * The account by which others read the bundle that a cluster publishes: it may get that one ConfigMap, which is public to all pods of
 * the namespace anyway, and nothing else. Its token is no object: whoever sets up a peer makes one that ends soon.
 */
export class BundleReader extends Construct {
  /** That of a cluster, made when it is asked for the first time. */
  static of(cluster: Cluster, published: PublishedBundle): BundleReader {
    const known = cluster.node.children.find((child) => child instanceof BundleReader);
    if (known) return known;
    // A namespace of the user may have the name.
    const free = cluster.node.tryFindChild('bundle-reader') ? BUNDLE_READER : 'bundle-reader';
    return new BundleReader(cluster, free, published);
  }

  private constructor(cluster: Cluster, id: string, { namespace, name }: PublishedBundle) {
    super(cluster, id);
    setWave(this, Waves.endpoints);
    const labels = { 'app.kubernetes.io/name': BUNDLE_READER };
    const metadata = { name: BUNDLE_READER, namespace, labels };
    kubeObject(this, 'service-account', 'v1/ServiceAccount', { metadata, automountServiceAccountToken: false });
    grantRole(this, 'read', namespace, {
      name: BUNDLE_READER,
      serviceAccount: { name: BUNDLE_READER, namespace },
      labels,
      rules: [{ apiGroups: [''], resources: ['configmaps'], resourceNames: [name], verbs: ['get'] }],
    });
  }
}
