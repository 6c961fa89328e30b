// Plain clusters whose bundle endpoints have certificates of one issuer.

const { BundleEndpoint, Issuer, KubernetesCluster, WebTrust } = require('spirekit');

/** As many clusters in an app. */
module.exports = function plainClusters(app, count) {
  const issuer = Issuer.existing({ name: 'public', kind: 'ClusterIssuer', trust: WebTrust.public() });
  return Array.from(
    { length: count },
    (_, i) =>
      new KubernetesCluster(app, `c${i}`, {
        trustDomain: `c${i}.example.com`,
        bundleEndpoint: BundleEndpoint.httpsWeb({ issuer }),
      }),
  );
};
