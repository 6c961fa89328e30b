import type { CheckText } from '../check';

const NO_IDENTITY = [
  'the server has no bundle of the peer, so that it refuses the entry: see V23 and the logs of the controller manager',
  'the controller manager acts on another class, or ignores the namespace',
  'no agent runs on the node of the pod, or it cannot tell pods apart: see V04',
] as const;

/** What the test of workloads says of itself. */
export const WORKLOAD_TEXTS = {
  identity: {
    id: 'V31',
    title: 'A workload gets its identity',
    about: 'cluster',
    proves:
      'Pods that were made for it, in a namespace of the restricted standard, mount the Workload API and get exactly the SPIFFE IDs that their ClusterSPIFFEIDs say.',
    causes: NO_IDENTITY,
    next: 'kubectl --context {context} get clusterspiffeids -o yaml',
  },
  bundle: {
    id: 'V32',
    title: "A workload gets the peer's bundle",
    about: 'edge',
    proves: 'A pod whose identity names the peer gets an identity at all, and with it the bundle of the peer.',
    causes: NO_IDENTITY,
    next: 'kubectl --context {context} -n {namespace} exec {pod} -c {container} -- {server} bundle list -id spiffe://{peer}',
  },
  accepts: {
    id: 'V33',
    title: 'A workload accepts the peer',
    about: 'edge',
    proves:
      "A workload of the consumer and one of the provider had a handshake of mutual TLS, and the consumer's verified exactly the SPIFFE ID that it expected: as client, and as server too where both believe each other. This process carried the bytes; no network between the clusters is needed, and none is tested.",
    causes: [
      'the agent holds an older bundle of the peer than its server: see V32',
      'the server holds an older bundle than the peer serves: see V24',
      "the peer's server signs with an authority that it does not publish",
      'the clock of a node is wrong',
    ],
    next: 'kubectl --context {context} -n {namespace} exec {pod} -c {container} -- {server} bundle list -id spiffe://{peer}',
  },
  exact: {
    id: 'V34',
    title: "Another identity of the peer's trust domain is refused",
    about: 'edge',
    proves:
      'A workload that expects one SPIFFE ID of the peer does not accept another one which the same authority has signed.',
    causes: ['the image holds an old version of @spirekit/runtime'],
    next: "npx spirekit image build, and 'spirekit image push' to the repository of --image",
  },
  alone: {
    id: 'V35',
    title: 'A workload that does not federate refuses the peer',
    about: 'edge',
    proves: 'A pod whose identity does not name the peer has no bundle of it: unknown authority.',
    causes: ['a ClusterSPIFFEID that selects every pod names the peer, so that each workload trusts it'],
    next: 'kubectl --context {context} get clusterspiffeids -o yaml',
  },
  undeclared: {
    id: 'V36',
    title: 'Where nothing is declared, workloads refuse each other',
    about: 'edge',
    proves:
      'A workload of a member refuses one of a member that it does not believe: unknown authority. Where its server holds a bundle all the same, an identity that names it was tried.',
    causes: [
      'a relationship was removed, and the bundle stayed: SPIRE goes on trusting it until it is deleted',
      'somebody has set a bundle by hand',
    ],
    next: 'kubectl --context {context} -n {namespace} exec {pod} -c {container} -- {server} bundle delete -id spiffe://{peer} -mode dissociate',
  },
  removed: {
    id: 'V37',
    title: 'Nothing of the test is left in the cluster',
    about: 'cluster',
    proves: 'Namespace, pods and identities of this run are gone, and those of earlier runs that were broken off.',
    causes: ['a finalizer holds an object', 'the right to delete is missing'],
    next: 'kubectl --context {context} delete namespaces,clusterspiffeids -l app.kubernetes.io/managed-by=spirekit-verify',
  },
} as const satisfies Record<string, CheckText>;

/** Name of a check of the test. */
export type WorkloadCheck = keyof typeof WORKLOAD_TEXTS;

/** Their texts, in the order of the catalogue; of those that are wanted. */
export const workloadTexts = (wanted?: ReadonlySet<WorkloadCheck>): readonly CheckText[] =>
  (Object.keys(WORKLOAD_TEXTS) as WorkloadCheck[])
    .filter((name) => wanted?.has(name) ?? true)
    .map((name) => WORKLOAD_TEXTS[name]);
