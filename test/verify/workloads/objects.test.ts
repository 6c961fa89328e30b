import { emitYaml } from '../../../lib/kube';
import { identitiesOf } from '../../../lib/verify/workloads/identities';
import { RunNames } from '../../../lib/verify/workloads/names';
import { type ObjectsInput, testObjects } from '../../../lib/verify/workloads/objects';

const input: ObjectsInput = {
  names: new RunNames('1a2b3c4d'),
  index: 2,
  image: {
    reference: 'registry.example.com/spirekit@sha256:abc',
    node: '/usr/local/bin/node',
    runtime: '/app/runtime.cjs',
  },
  place: { driver: 'csi.spiffe.io', socket: 'spire-agent.sock' },
  className: 'spire',
  identities: identitiesOf(['west.example.com', 'lab.example.com', 'west.example.com']),
};

test('identities: one that names nobody for each pod, and one for each peer', () => {
  expect(input.identities).toEqual([
    { pod: 'federated', name: 'plain', federatesWith: [] },
    { pod: 'alone', name: 'alone', federatesWith: [] },
    { pod: 'federated', name: 'west.example.com', federatesWith: ['west.example.com'] },
    { pod: 'federated', name: 'lab.example.com', federatesWith: ['lab.example.com'] },
  ]);
});

test('the namespace and its account', () => {
  const { namespace, account } = testObjects(input);
  expect([namespace, account].map((each) => emitYaml(each as never)).join('---\n')).toMatchInlineSnapshot(`
"apiVersion: v1
kind: Namespace
metadata:
  labels:
    app.kubernetes.io/instance: "1a2b3c4d"
    app.kubernetes.io/managed-by: spirekit-verify
    pod-security.kubernetes.io/enforce: restricted
    pod-security.kubernetes.io/warn: restricted
  name: spirekit-verify-1a2b3c4d-2
---
apiVersion: v1
kind: ServiceAccount
metadata:
  labels:
    app.kubernetes.io/instance: "1a2b3c4d"
    app.kubernetes.io/managed-by: spirekit-verify
  name: verify
  namespace: spirekit-verify-1a2b3c4d-2
automountServiceAccountToken: false
"
`);
});

test('an identity selects one pod of one namespace, and says its SPIFFE ID and its hint', () => {
  const { identities } = testObjects(input);
  expect(identities.map(({ metadata }) => metadata.name)).toEqual(
    [0, 1, 2, 3].map((n) => `spirekit-verify-1a2b3c4d-2-${n}`),
  );
  expect(emitYaml(identities[2] as never)).toMatchInlineSnapshot(`
"apiVersion: spire.spiffe.io/v1alpha1
kind: ClusterSPIFFEID
metadata:
  labels:
    app.kubernetes.io/instance: "1a2b3c4d"
    app.kubernetes.io/managed-by: spirekit-verify
  name: spirekit-verify-1a2b3c4d-2-2
spec:
  className: spire
  federatesWith:
    - west.example.com
  hint: west.example.com
  namespaceSelector:
    matchLabels:
      kubernetes.io/metadata.name: spirekit-verify-1a2b3c4d-2
  podSelector:
    matchLabels:
      app.kubernetes.io/name: federated
  spiffeIDTemplate: "spiffe://{{ .TrustDomain }}/spirekit-verify/1a2b3c4d/west.example.com"
"
`);
  const [plain] = testObjects({ ...input, className: undefined }).identities;
  expect(emitYaml(plain as never)).toMatchInlineSnapshot(`
"apiVersion: spire.spiffe.io/v1alpha1
kind: ClusterSPIFFEID
metadata:
  labels:
    app.kubernetes.io/instance: "1a2b3c4d"
    app.kubernetes.io/managed-by: spirekit-verify
  name: spirekit-verify-1a2b3c4d-2-0
spec:
  hint: plain
  namespaceSelector:
    matchLabels:
      kubernetes.io/metadata.name: spirekit-verify-1a2b3c4d-2
  podSelector:
    matchLabels:
      app.kubernetes.io/name: federated
  spiffeIDTemplate: "spiffe://{{ .TrustDomain }}/spirekit-verify/1a2b3c4d/plain"
"
`);
});

test('a pod of the restricted standard, without a token, a port, or a user of its own', () => {
  const { pods } = testObjects(input);
  expect(pods.map(({ metadata }) => metadata.labels?.['app.kubernetes.io/name'])).toEqual(['federated', 'alone']);
  expect(emitYaml(pods[0] as never)).toMatchInlineSnapshot(`
"apiVersion: v1
kind: Pod
metadata:
  labels:
    app.kubernetes.io/instance: "1a2b3c4d"
    app.kubernetes.io/managed-by: spirekit-verify
    app.kubernetes.io/name: federated
  name: federated
  namespace: spirekit-verify-1a2b3c4d-2
spec:
  automountServiceAccountToken: false
  containers:
    - command:
        - /usr/local/bin/node
        - /app/runtime.cjs
        - handshake
        - watch
      env:
        - name: SPIFFE_ENDPOINT_SOCKET
          value: unix:///spiffe-workload-api/spire-agent.sock
      image: registry.example.com/spirekit@sha256:abc
      name: verify
      resources:
        limits:
          memory: "384Mi"
        requests:
          cpu: "10m"
          memory: "64Mi"
      securityContext:
        allowPrivilegeEscalation: false
        capabilities:
          drop:
            - ALL
        readOnlyRootFilesystem: true
      volumeMounts:
        - mountPath: /spiffe-workload-api
          name: workload-api
          readOnly: true
  enableServiceLinks: false
  securityContext:
    runAsNonRoot: true
    seccompProfile:
      type: RuntimeDefault
  serviceAccountName: verify
  terminationGracePeriodSeconds: 5
  volumes:
    - csi:
        driver: csi.spiffe.io
        readOnly: true
      name: workload-api
"
`);
});

test('every object has the labels by which it is found again', () => {
  const { namespace, account, identities, pods } = testObjects(input);
  for (const { metadata } of [namespace, account, ...identities, ...pods]) {
    expect(metadata.labels).toMatchObject(input.names.labels);
  }
  expect(input.names.selector).toBe('app.kubernetes.io/managed-by=spirekit-verify,app.kubernetes.io/instance=1a2b3c4d');
});

test('runs have names of their own', () => {
  const runs = new Set(Array.from({ length: 50 }, () => new RunNames().run));
  expect(runs.size).toBe(50);
  for (const run of runs) expect(run).toMatch(/^[0-9a-f]{8}$/);
});
