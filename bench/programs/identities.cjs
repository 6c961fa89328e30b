// The registration objects of a large cluster: one set of facts, as each of the two libraries wants to be told.

const TRUST_DOMAIN = 'prod.east.example.com';
const PEERS = ['prod.west.example.com', 'prod.north.example.com', 'partners.example.net', 'legacy.example.org'];

/** Properties of the i-th `ClusterSpiffeId`: 20 services to a namespace, a peer list that varies, names of its own. */
function propsOf(i) {
  const namespace = `team-${Math.floor(i / 20)}`;
  const service = `service-${i}`;
  return {
    name: `${namespace}-${service}`,
    className: 'spire-system-spire',
    trustDomain: TRUST_DOMAIN,
    spiffeIdTemplate: 'spiffe://{{ .TrustDomain }}/ns/{{ .PodMeta.Namespace }}/sa/{{ .PodSpec.ServiceAccountName }}',
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    podSelector: {
      matchLabels: { 'app.kubernetes.io/name': service },
      matchExpressions: [{ key: 'example.com/tier', operator: 'In', values: ['frontend', 'backend'] }],
    },
    workloadSelectorTemplates: [`k8s:sa:${service}`],
    dnsNameTemplates: [`${service}.${namespace}.svc`, `${service}.${namespace}.svc.cluster.local`],
    federatesWith: PEERS.slice(i % 3),
  };
}

/** The same object for stock cdk8s. */
function manifestOf({ name, trustDomain, spiffeIdTemplate, ...spec }) {
  return {
    apiVersion: 'spire.spiffe.io/v1alpha1',
    kind: 'ClusterSPIFFEID',
    metadata: { name, labels: { 'spire.spiffe.io/class-name': spec.className } },
    spec: { ...spec, spiffeIDTemplate: spiffeIdTemplate },
  };
}

module.exports = { propsOf, manifestOf };
