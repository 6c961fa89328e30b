const SPIRE = ['spire-server', 'spire-agent', 'oidc-discovery-provider', 'spiffe-helper', 'spire-controller-manager'];
const CONTROL_PLANE = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubectl'];
// They make a root folder and a loopback network for one test, a certificate, and requests.
const TOOLS = ['unshare', 'nsenter', 'ip', 'openssl', 'curl'];
const PULUMI = ['pulumi', 'pulumi-resource-kubernetes', 'pulumi-language-nodejs'];

/**
 * The live tiers, in the order in which they run: what each shows, and what its parts need. A part is a group of test
 * files that lacks the same things; a tier without `parts` is one.
 *
 * `programs` are looked for on PATH and in SPIREKIT_LIVE_BIN, `clusters` is how many are needed, `crds` says whether
 * upstream's resource definitions are.
 */
export const TIERS = {
  crds: { shows: 'our resource definitions have every field of upstream’s', crds: true },
  spire: {
    shows: 'real SPIRE runs what is written, and a mesh of three servers by it',
    programs: [...SPIRE, ...CONTROL_PLANE, ...TOOLS],
    crds: true,
  },
  runtime: {
    shows: 'workloads with @spirekit/runtime on real SPIRE, and with go-spiffe as peer',
    programs: ['spire-server', 'spire-agent', 'go', 'openssl'],
  },
  apiserver: {
    shows: 'an empty API server takes what each example writes, and is empty after its removal',
    programs: CONTROL_PLANE,
    crds: true,
  },
  variants: {
    shows: 'a cluster takes every object of a table of installations',
    programs: ['kubectl'],
    clusters: 1,
    crds: true,
  },
  cluster: {
    shows: 'quickstart and kubernetes-federation on whole clusters, as they are written',
    parts: {
      quickstart: { programs: ['kubectl'], clusters: 1 },
      federation: { programs: ['kubectl', 'openssl'], clusters: 3 },
    },
  },
  pulumi: {
    shows: 'the same as live stacks, by the Pulumi CLI and the Automation API',
    parts: {
      quickstart: { programs: ['kubectl', ...PULUMI], clusters: 1 },
      late: { programs: ['kubectl', ...PULUMI], clusters: 1 },
      federation: { programs: ['kubectl', 'openssl', ...PULUMI], clusters: 3 },
    },
  },
};

/**
 * The parts of a tier: a label for messages, the pattern of its test files, and its needs.
 *
 * @param {string} tier
 */
export function partsOf(tier) {
  const { parts, ...needs } = TIERS[tier];
  if (!parts) return [{ label: `'${tier}'`, files: `test/live/${tier}/`, ...needs }];
  return Object.entries(parts).map(([part, its]) => ({
    label: `'${tier}', part '${part}'`,
    files: `test/live/${tier}/${part}`,
    ...its,
  }));
}
