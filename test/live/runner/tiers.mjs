import { existsSync } from 'node:fs';

const SPIRE = ['spire-server', 'spire-agent', 'oidc-discovery-provider', 'spiffe-helper', 'spire-controller-manager'];
const CONTROL_PLANE = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubectl'];
// They make a root folder and a loopback network for one test, a certificate, and requests.
const TOOLS = ['unshare', 'nsenter', 'ip', 'openssl', 'curl'];
const PULUMI = ['pulumi', 'pulumi-resource-kubernetes', 'pulumi-language-nodejs'];

/**
 * The live tiers, in the order in which they run: what each shows, and what its parts need. A part is a test file
 * with needs of its own; a tier without `parts` is one, with all its files.
 *
 * `beside` is how many of a tier's files run at the same time: those of most need the machine, or a cluster, for themselves.
 * `programs` are looked for on PATH and in SPIREKIT_LIVE_BIN, `clusters` is how many are needed, `crds` says whether
 * upstream's resource definitions are, `root` whether it has to be run as root, `imports` whether clusters must be given images that were built.
 */
export const TIERS = {
  crds: { shows: 'our resource definitions have every field of upstream’s', crds: true },
  browser: {
    shows: 'pictures of federations as a browser and Graphviz show them',
    parts: {
      pictures: { programs: ['chromium'] },
      graphviz: { programs: ['dot', 'sfdp'] },
    },
  },
  spire: {
    shows: 'real SPIRE runs what is written, and a mesh of three servers by it',
    programs: [...SPIRE, ...CONTROL_PLANE, ...TOOLS],
    crds: true,
    root: true,
  },
  runtime: {
    shows: 'workloads with @spirekit/runtime on real SPIRE, and with go-spiffe as peer',
    programs: ['spire-server', 'spire-agent', 'go', 'openssl'],
  },
  image: {
    shows: 'workload images are built, judged, pushed, and run by programs that nobody here wrote',
    parts: {
      buildah: { programs: ['buildah', 'docker-registry', 'skopeo', 'umoci'], root: true },
      containers: { programs: ['spire-server', 'spire-agent', 'runc', 'umoci'], root: true },
      'no-space': { programs: ['unshare', 'skopeo', 'umoci'], root: true },
      registry: { programs: ['docker-registry', 'skopeo'] },
      reproducible: {},
      sources: {},
      tools: { programs: ['skopeo', 'umoci', 'buildah', 'readelf'], root: true },
    },
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
    shows: 'quickstart, kubernetes-federation and workload-image on whole clusters, as they are written',
    parts: {
      quickstart: { programs: ['kubectl'], clusters: 1 },
      federation: { programs: ['kubectl', 'openssl'], clusters: 3 },
      'workload-image': { programs: ['kubectl', 'openssl'], clusters: 3, imports: true },
    },
  },
  monitoring: {
    shows: 'what is written for Prometheus, read by a real one from real SPIRE, and by the real operator',
    parts: {
      metrics: { programs: [...SPIRE, ...CONTROL_PLANE, ...TOOLS], crds: true, root: true },
      dashboards: { programs: ['prometheus', 'promtool'] },
      panels: { programs: ['prometheus', ...SPIRE, ...CONTROL_PLANE, ...TOOLS], crds: true, root: true },
      alerts: { programs: ['prometheus', ...SPIRE, ...CONTROL_PLANE, ...TOOLS], crds: true, root: true },
      operator: { programs: ['kubectl', 'prometheus-operator'], clusters: 1 },
      exporter: { programs: ['kubectl', 'openssl', 'prometheus-operator'], clusters: 3, imports: true },
      openshift: {
        programs: ['prometheus-operator', 'prometheus-in-pods', 'spire-server', ...CONTROL_PLANE],
        crds: true,
      },
      rules: { programs: ['promtool'] },
    },
  },
  verify: {
    shows: 'spirekit verify sees what is right and what is wrong on real API servers and whole clusters',
    parts: {
      'api-server': { programs: [...CONTROL_PLANE, 'openssl'], crds: true },
      healthy: { programs: ['kubectl', 'openssl'], clusters: 3 },
      faults: { programs: ['kubectl', 'openssl'], clusters: 3 },
      workloads: { programs: ['kubectl', 'openssl'], clusters: 3, imports: true },
      bootstrap: { programs: ['kubectl', 'openssl'], clusters: 2, imports: true },
      'workload-objects': { programs: CONTROL_PLANE, crds: true },
    },
  },
  plan: {
    shows: 'plans are carried out step by step, as they are written, on federations of real SPIRE',
    // They wait most of the time.
    beside: 2,
    programs: [...SPIRE, ...CONTROL_PLANE, ...TOOLS],
    crds: true,
    root: true,
  },
  delivery: {
    shows: 'what is written for Argo CD and Flux, as Kustomize, Flux’s controller and Argo CD’s packages take it',
    parts: {
      kustomize: { programs: ['kubectl'] },
      'by-hand': { programs: CONTROL_PLANE },
      'argo-cd': { programs: ['argo-cd-sync', ...CONTROL_PLANE], crds: true },
      flux: { programs: ['kustomize-controller', ...CONTROL_PLANE], crds: true },
    },
  },
  pulumi: {
    shows: 'the same as live stacks, by the Pulumi CLI and the Automation API',
    parts: {
      prove: { programs: PULUMI },
      image: { programs: ['docker-registry', 'skopeo', ...PULUMI] },
      'image-failures': { programs: PULUMI },
      quickstart: { programs: ['kubectl', ...PULUMI], clusters: 1 },
      late: { programs: ['kubectl', ...PULUMI], clusters: 1 },
      federation: { programs: ['kubectl', 'openssl', ...PULUMI], clusters: 3 },
    },
  },
};

/**
 * The parts of a tier, or the one that a test file belongs to: a label for messages, the pattern of its test files, and its
 * needs. None if there is no such tier or file.
 *
 * @param {string} name a tier, or a file of one without its extension, such as `spire/running`
 */
export function partsOf(name) {
  const [tier, file] = name.split('/');
  if (!Object.hasOwn(TIERS, tier)) return [];
  if (file === undefined) return allPartsOf(tier);
  const path = `test/live/${name}.test.ts`;
  if (!existsSync(path)) return [];
  const parts = allPartsOf(tier).filter(({ files }) => path.startsWith(files));
  return parts.map((part) => ({ ...part, label: `'${tier}', file '${file}'`, files: path }));
}

function allPartsOf(tier) {
  const { parts, ...needs } = TIERS[tier];
  if (!parts) return [{ label: `'${tier}'`, files: `test/live/${tier}/`, ...needs }];
  return Object.entries(parts).map(([part, its]) => ({
    label: `'${tier}', part '${part}'`,
    files: `test/live/${tier}/${part}.`,
    ...its,
  }));
}
