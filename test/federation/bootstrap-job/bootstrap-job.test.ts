import * as pulumi from '@pulumi/pulumi';
import { Testing } from 'cdk8s';
import type { Construct } from 'constructs';
import {
  BootstrapJob,
  type BootstrapJobProps,
  BundleEndpoint,
  BundleEndpointProfile,
  ExternalTrustDomain,
  FederationMesh,
  FirstBundle,
  KubernetesCluster,
  OpenShiftCluster,
  Topology,
  Trust,
  WebTrust,
  WorkloadImage,
} from '../../../lib';
import { readBootstrapConfig } from '../../../lib/federation';
import { emitYaml } from '../../../lib/kube';
import { deploy, kubernetesProvider } from '../../../lib/pulumi';
import { run } from '../../pulumi/monitor';
import { find, findings, manifestsOf, untyped } from '../../spire/installation';
import { WEB_ROOT as ROOT } from '../fixtures-certificates';

const REFERENCE = `registry.example.com/platform/spirekit@sha256:${'a'.repeat(64)}`;
const DIGEST = `sha256:${'b'.repeat(64)}`;

/** Two clusters of CAs that sign themselves, which believe each other by SVIDs, and a foreign trust domain that east believes. */
function federated(scope: Construct = Testing.app()) {
  const east = new OpenShiftCluster(scope, 'east', {
    trustDomain: 'apps.east.example.com',
    bundleEndpoint: BundleEndpoint.httpsSpiffe(),
  });
  const west = new KubernetesCluster(scope, 'west', {
    trustDomain: 'west.example.com',
    bundleEndpoint: BundleEndpoint.httpsSpiffe(),
  });
  const partner = new ExternalTrustDomain({
    trustDomain: 'partner.example',
    bundleEndpointUrl: 'https://spire.partner.example',
    profile: BundleEndpointProfile.httpsSpiffe('spiffe://partner.example/spire/server'),
  });
  const topology = Topology.edges([Trust.mutual(east, west), Trust.oneWay(east, partner)]);
  const mesh = new FederationMesh(scope, 'mesh', { members: [east, west, partner], topology });
  const image = WorkloadImage.existing(scope, 'image', REFERENCE);
  return { scope, east, west, partner, mesh, image };
}

type Federated = ReturnType<typeof federated>;

/** The same with what fetches the first bundles. */
function bootstrapped(props: (it: Federated) => Partial<BootstrapJobProps> = () => ({}), scope?: Construct) {
  const it = federated(scope);
  const { mesh, image, east, west, partner } = it;
  const peers = [
    { peer: west, from: FirstBundle.ofCluster({ kubeconfigSecret: 'west-bundle-reader' }) },
    { peer: east, from: FirstBundle.ofCluster({ kubeconfigSecret: 'east-bundle-reader', context: 'reader' }) },
    { peer: partner, from: FirstBundle.httpsWeb('https://bundles.partner.example/spire.json') },
  ];
  const job = new BootstrapJob(it.scope, 'bootstrap', { mesh, image, peers, ...props(it) });
  return { ...it, job };
}

const own = (scope: Construct) => findings(scope).filter((line) => /bootstrap|property|web-trust/.test(line));
const configOf = (cluster: Construct) =>
  JSON.parse(find(cluster, 'ConfigMap', 'spirekit-bundle-bootstrap').data['bootstrap.json']);
const jobOf = (cluster: Construct) => manifestsOf(cluster).find(({ kind }) => kind === 'Job');
const made = (cluster: Construct, ...prefixes: string[]) =>
  manifestsOf(cluster)
    .filter(({ metadata }) => prefixes.some((prefix) => metadata.name.startsWith(prefix)))
    .map(({ kind, metadata }) => [kind, metadata.namespace, metadata.name].filter(Boolean).join(' '));

test('without it, nobody could verify the peers the first time', () => {
  const { scope } = federated();
  expect(findings(scope).filter((line) => line.includes('(E06)'))).toEqual([
    expect.stringMatching(/^error \[east\] server\.seed|^error \[east\]/),
    expect.stringMatching(/^error \[west\]/),
    expect.stringMatching(/partner\.example/),
  ]);
});

test('with it, the proof counts what the Jobs will make, and no relationship is an object of the program', () => {
  const { scope, east, west, mesh } = bootstrapped();
  expect(findings(scope)).toEqual([]);
  for (const cluster of [east, west]) {
    expect(manifestsOf(cluster).filter(({ kind }) => kind === 'ClusterFederatedTrustDomain')).toEqual([]);
  }
  expect(mesh.model().member('east')?.relationships).toEqual([
    {
      trustDomain: 'west.example.com',
      url: 'https://federation.west.example.com',
      profile: 'https_spiffe',
      endpointSpiffeId: 'spiffe://west.example.com/spire/server',
      className: 'zero-trust-workload-identity-manager-spire',
      wave: 50,
      path: 'bootstrap',
      object: 'west.example.com-bootstrap',
      firstBundle: 'cluster',
    },
    {
      trustDomain: 'partner.example',
      url: 'https://spire.partner.example',
      profile: 'https_spiffe',
      endpointSpiffeId: 'spiffe://partner.example/spire/server',
      className: 'zero-trust-workload-identity-manager-spire',
      wave: 50,
      path: 'bootstrap',
      object: 'partner.example-bootstrap',
      firstBundle: 'web',
    },
  ]);
});

test('each cluster has a Job with an account of its own; each peer an account that may read its bundle', () => {
  const { east, west } = bootstrapped();
  const ztwim = 'zero-trust-workload-identity-manager';
  expect(made(east, 'spirekit-bundle')).toEqual([
    `ServiceAccount ${ztwim} spirekit-bundle-bootstrap`,
    `ClusterRole spirekit-bundle-bootstrap-${ztwim}`,
    `ClusterRoleBinding spirekit-bundle-bootstrap-${ztwim}`,
    `ConfigMap ${ztwim} spirekit-bundle-bootstrap`,
    `NetworkPolicy ${ztwim} spirekit-bundle-bootstrap`,
    expect.stringMatching(new RegExp(`^Job ${ztwim} spirekit-bundle-bootstrap-[0-9a-f]{10}$`)),
    `ServiceAccount ${ztwim} spirekit-bundle-reader`,
    `Role ${ztwim} spirekit-bundle-reader`,
    `RoleBinding ${ztwim} spirekit-bundle-reader`,
  ]);
  expect(made(west, 'spirekit-bundle')).toEqual([
    'ServiceAccount spire-system spirekit-bundle-reader',
    'Role spire-system spirekit-bundle-reader',
    'RoleBinding spire-system spirekit-bundle-reader',
    'ServiceAccount spire-server spirekit-bundle-bootstrap',
    'ClusterRole spirekit-bundle-bootstrap-spire-server',
    'ClusterRoleBinding spirekit-bundle-bootstrap-spire-server',
    'ConfigMap spire-server spirekit-bundle-bootstrap',
    'NetworkPolicy spire-server spirekit-bundle-bootstrap',
    expect.stringMatching(/^Job spire-server spirekit-bundle-bootstrap-[0-9a-f]{10}$/),
  ]);
});

test('rights: to make relationships, to look at and delete those of its own peers, and to read one ConfigMap there', () => {
  const { east, west } = bootstrapped();
  const ztwim = 'zero-trust-workload-identity-manager';
  const place = { apiGroups: ['spire.spiffe.io'], resources: ['clusterfederatedtrustdomains'] };
  expect(find(east, 'ClusterRole', `spirekit-bundle-bootstrap-${ztwim}`).rules).toEqual([
    { ...place, verbs: ['create'] },
    {
      ...place,
      resourceNames: ['partner.example', 'partner.example-bootstrap', 'west.example.com', 'west.example.com-bootstrap'],
      verbs: ['delete', 'get'],
    },
  ]);
  expect(find(west, 'Role', 'spirekit-bundle-reader').rules).toEqual([
    { apiGroups: [''], resources: ['configmaps'], resourceNames: ['spire-bundle'], verbs: ['get'] },
  ]);
});

test('the Job runs the command for its own cluster, as the restricted standard has it', () => {
  const { west } = bootstrapped();
  expect(emitYaml(jobOf(west).spec)).toMatchInlineSnapshot(`
"activeDeadlineSeconds: 1200
backoffLimit: 3
podFailurePolicy:
  rules:
    - action: FailJob
      onExitCodes:
        containerName: bootstrap
        operator: In
        values:
          - 1
template:
  metadata:
    labels:
      app.kubernetes.io/name: spirekit-bundle-bootstrap
  spec:
    containers:
      - command:
          - /usr/local/bin/node
          - /app/main.mjs
          - bundle
          - bootstrap
          - /bootstrap/bootstrap.json
          - "--context"
          - in-cluster
          - "--wait"
          - "5m"
        image: registry.example.com/platform/spirekit@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
        name: bootstrap
        resources:
          limits:
            memory: "512Mi"
          requests:
            cpu: "50m"
            memory: "128Mi"
        securityContext:
          allowPrivilegeEscalation: false
          capabilities:
            drop:
              - ALL
          readOnlyRootFilesystem: true
          runAsNonRoot: true
          seccompProfile:
            type: RuntimeDefault
        volumeMounts:
          - mountPath: /bootstrap
            name: config
            readOnly: true
          - mountPath: /kubeconfigs/east-bundle-reader
            name: kubeconfig-1
            readOnly: true
    enableServiceLinks: false
    restartPolicy: Never
    securityContext:
      runAsNonRoot: true
      seccompProfile:
        type: RuntimeDefault
    serviceAccountName: spirekit-bundle-bootstrap
    volumes:
      - configMap:
          name: spirekit-bundle-bootstrap
        name: config
      - name: kubeconfig-1
        secret:
          optional: true
          secretName: east-bundle-reader
"
`);
  expect(find(west, 'NetworkPolicy', 'spirekit-bundle-bootstrap').spec).toEqual({
    podSelector: { matchLabels: { 'app.kubernetes.io/name': 'spirekit-bundle-bootstrap' } },
    policyTypes: ['Ingress'],
  });
});

test('what the program in the pod is told, which it can read', () => {
  const { east, west } = bootstrapped();
  expect(find(east, 'ConfigMap', 'spirekit-bundle-bootstrap').data['bootstrap.json']).toMatchInlineSnapshot(`
"{
  "schema": "spirekit/bundle-bootstrap/v1",
  "relationships": [
    {
      "name": "partner.example-bootstrap",
      "earlier": "partner.example",
      "spec": {
        "trustDomain": "partner.example",
        "bundleEndpointURL": "https://spire.partner.example",
        "bundleEndpointProfile": {
          "type": "https_spiffe",
          "endpointSPIFFEID": "spiffe://partner.example/spire/server"
        },
        "className": "zero-trust-workload-identity-manager-spire"
      },
      "from": {
        "by": "web",
        "url": "https://bundles.partner.example/spire.json"
      }
    },
    {
      "name": "west.example.com-bootstrap",
      "earlier": "west.example.com",
      "spec": {
        "trustDomain": "west.example.com",
        "bundleEndpointURL": "https://federation.west.example.com",
        "bundleEndpointProfile": {
          "type": "https_spiffe",
          "endpointSPIFFEID": "spiffe://west.example.com/spire/server"
        },
        "className": "zero-trust-workload-identity-manager-spire"
      },
      "from": {
        "by": "cluster",
        "kubeconfig": "/kubeconfigs/west-bundle-reader/kubeconfig",
        "configMap": {
          "namespace": "spire-system",
          "name": "spire-bundle",
          "key": "bundle.spiffe"
        }
      }
    }
  ]
}
"
`);
  for (const cluster of [east, west]) {
    const text = find(cluster, 'ConfigMap', 'spirekit-bundle-bootstrap').data['bootstrap.json'];
    expect(readBootstrapConfig(text)).toEqual(configOf(cluster));
  }
});

test('sources and options', () => {
  const { scope, east, west, job } = bootstrapped(({ west, partner }) => ({
    peers: [
      {
        peer: west,
        from: FirstBundle.httpsWeb('https://bundles.example.com/west.json', { trust: WebTrust.private(ROOT) }),
        replaces: DIGEST,
      },
      { peer: partner, from: FirstBundle.pinned(`SHA256 Fingerprint=${'AB:'.repeat(31)}AB`) },
    ],
    retries: 1,
    deadline: '10m',
    ttlSecondsAfterFinished: 3600,
    annotations: { 'example.com/team': 'identity' },
    imagePullSecrets: ['registry'],
    nodeSelector: { pool: 'infra' },
    tolerations: [{ key: 'infra', operator: 'Exists' }],
    resources: { requests: { cpu: '1' } },
  }));
  expect(own(scope)).toEqual([]);
  expect(job.node.path).toBe('bootstrap');
  expect(
    configOf(east).relationships.map(({ from, replaces }: { from: object; replaces?: string }) => [from, replaces]),
  ).toEqual([
    [{ by: 'pin', sha256: 'ab'.repeat(32) }, undefined],
    [{ by: 'web', url: 'https://bundles.example.com/west.json', roots: ROOT }, DIGEST],
  ]);
  // West fetches nothing, and is asked for nothing.
  expect(made(west, 'spirekit-bundle')).toEqual([]);
  expect(manifestsOf(west).filter(({ kind }) => kind === 'ClusterFederatedTrustDomain')).toHaveLength(1);
  const { metadata, spec } = jobOf(east);
  expect(metadata.annotations).toEqual({ 'example.com/team': 'identity' });
  expect(spec).toMatchObject({ backoffLimit: 1, activeDeadlineSeconds: 600, ttlSecondsAfterFinished: 3600 });
  const { containers, volumes, ...pod } = spec.template.spec;
  expect(containers[0].command.slice(-2)).toEqual(['--wait', '5m']);
  expect(containers[0].resources).toEqual({ requests: { cpu: '1' } });
  expect(volumes).toHaveLength(1);
  expect(pod).toMatchObject({ imagePullSecrets: [{ name: 'registry' }], nodeSelector: { pool: 'infra' } });
});

test('some consumers alone: the others begin with what the program has', () => {
  const it = bootstrapped(({ east, west }) => ({
    peers: [{ peer: west, consumers: [east], from: FirstBundle.ofCluster({ kubeconfigSecret: 'reader' }) }],
  }));
  expect(own(it.scope)).toEqual([]);
  expect(jobOf(it.west)).toBeUndefined();
  expect(made(it.west, 'spirekit-bundle-reader')).toHaveLength(3);
  expect(configOf(it.east).relationships).toHaveLength(1);
});

test('there is no account for another ConfigMap than that of the agents', () => {
  const configMap = { namespace: 'public', name: 'bundle', key: 'bundle.json' };
  const from = FirstBundle.ofCluster({ kubeconfigSecret: 'reader', configMap });
  const it = bootstrapped(({ west, partner }) => ({
    peers: [
      { peer: west, from },
      { peer: partner, from },
    ],
  }));
  expect(own(it.scope)).toEqual([]);
  expect(made(it.west, 'spirekit-bundle-reader')).toEqual([]);
  expect(configOf(it.east).relationships[0].from).toEqual({
    by: 'cluster',
    kubeconfig: '/kubeconfigs/reader/kubeconfig',
    configMap,
  });
});

test('by the proxy by which the server fetches bundles', () => {
  const scope = Testing.app();
  const cluster = (name: string, server = {}) =>
    new KubernetesCluster(scope, name, {
      trustDomain: `${name}.example.com`,
      bundleEndpoint: BundleEndpoint.httpsSpiffe(),
      server,
    });
  const east = cluster('east', { proxy: { https: 'http://proxy.example.com:3128', noProxy: ['.internal'] } });
  const west = cluster('west');
  const mesh = new FederationMesh(scope, 'mesh', { members: [east, west] });
  const image = WorkloadImage.existing(scope, 'image', REFERENCE);
  const from = FirstBundle.ofCluster({ kubeconfigSecret: 'reader' });
  new BootstrapJob(scope, 'bootstrap', { mesh, image, peers: [{ peer: west, from }] });
  expect(jobOf(east).spec.template.spec.containers[0].env).toEqual([
    { name: 'HTTPS_PROXY', value: 'http://proxy.example.com:3128' },
    { name: 'NO_PROXY', value: '$(KUBERNETES_SERVICE_HOST),.internal' },
  ]);
});

test('its name changes with its content, and with nothing else', () => {
  const name = (given: ReturnType<typeof bootstrapped>): string => jobOf(given.east).metadata.name;
  const plain = name(bootstrapped());
  expect(name(bootstrapped())).toBe(plain);
  expect(name(bootstrapped(() => ({ retries: 1 })))).not.toBe(plain);
  expect(name(bootstrapped(() => ({ annotations: { 'example.com/team': 'identity' } })))).toBe(plain);
  const other = bootstrapped(({ west, east, partner }) => ({
    peers: [
      { peer: west, from: FirstBundle.ofCluster({ kubeconfigSecret: 'west-bundle-reader' }), replaces: DIGEST },
      { peer: east, from: FirstBundle.ofCluster({ kubeconfigSecret: 'east-bundle-reader', context: 'reader' }) },
      { peer: partner, from: FirstBundle.httpsWeb('https://bundles.partner.example/spire.json') },
    ],
  }));
  expect(name(other)).not.toBe(plain);
});

test('what was given wrongly is found, all at once', () => {
  const { mesh, image, east, west, partner, scope } = federated();
  const late = pulumi.output('x');
  const from = FirstBundle.ofCluster({ kubeconfigSecret: 'reader' });
  const stranger = new KubernetesCluster(Testing.app(), 'stranger', { trustDomain: 'stranger.example.com' });
  new BootstrapJob(scope, 'a', untyped({ mesh: {}, image, peers: [] }));
  new BootstrapJob(scope, 'b', untyped({ mesh, image: {}, peers: [], deadline: '0s', retries: -1, job: 1 }));
  new BootstrapJob(scope, 'c', untyped({ mesh, image }));
  new BootstrapJob(
    scope,
    'd',
    untyped({
      mesh,
      image,
      peers: [
        'west',
        {},
        { peer: stranger, from, consumers: [east] },
        { peer: 'west', from: 'cluster' },
        { peer: west, from, consumers: [], replaces: 'abc', by: 1 },
        { peer: west, from },
        { peer: east, from: late, consumers: [east, stranger, 'west'] },
        {
          peer: partner,
          from: FirstBundle.ofCluster({ kubeconfigSecret: 'Reader', kubeconfigKey: 'a/b', context: '' }),
        },
      ],
    }),
  );
  expect(own(scope)).toMatchInlineSnapshot(`
[
  "error [a] mesh is none; pass the FederationMesh whose edges they are (bootstrap-job)",
  "error [b] retries -1 is no number of tries; write a whole number from 0 (property-kind)",
  "error [b] job is not a property; write one of mesh, image, peers, retries, deadline, ttlSecondsAfterFinished, annotations, imagePullSecrets, nodeSelector, tolerations, resources (property-unknown)",
  "error [b] peers is empty, so that there is nothing to do; write peers: [{ peer: west, from: FirstBundle.ofCluster(…) }] (bootstrap-job)",
  "error [b] image is no image; pass WorkloadImage.spirekit(…), or WorkloadImage.existing(…) of one that was built so (bootstrap-job)",
  "error [b] deadline '0s' leaves no time; write a longer one, such as '15m' (bootstrap-job)",
  "error [c] peers is missing; write peers: [{ peer: west, from: FirstBundle.ofCluster(…) }] (bootstrap-job)",
  "error [d] peers[0] 'west' is not an object; write its properties in braces (property-kind)",
  "error [d] peers[1].peer is missing; pass a member of the mesh (bootstrap-job)",
  "error [d] peers[1].from is missing; write FirstBundle.ofCluster(…), FirstBundle.httpsWeb(…) or FirstBundle.pinned(…) (bootstrap-job)",
  "error [d] peers[2].peer is no member of the mesh; pass a member of the mesh (bootstrap-job)",
  "error [d] peers[3].peer 'west' is no member of the mesh; pass a member of the mesh (bootstrap-job)",
  "error [d] peers[3].from is no source of a bundle; write FirstBundle.ofCluster(…), FirstBundle.httpsWeb(…) or FirstBundle.pinned(…) (bootstrap-job)",
  "error [d] peers[4].by is not a property; write one of peer, from, consumers, replaces (property-unknown)",
  "error [d] peers[4].replaces 'abc' is no digest of a bundle; write what the Job has printed: 'sha256:' and 64 hexadecimal digits in lower case (bootstrap-job)",
  "error [d] peers[4].consumers is empty, so that nobody fetches the bundle; list clusters that believe it: east (bootstrap-job)",
  "error [d] peers[5].peer 'west' is listed twice; keep one (bootstrap-job)",
  "error [d] peers[6].from is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (bootstrap-job)",
  "error [d] peers[6].consumers[0] 'east' is no cluster that believes 'east'; list clusters that believe it: west (bootstrap-job)",
  "error [d] peers[6].consumers[1] is no cluster that believes 'east'; list clusters that believe it: west (bootstrap-job)",
  "error [d] peers[6].consumers[2] is no cluster that believes 'east'; list clusters that believe it: west (bootstrap-job)",
  "error [d] peers[7].from.kubeconfigSecret 'Reader' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (bootstrap-job)",
  "error [d] peers[7].from.kubeconfigKey 'a/b' is no key; write letters, digits, '-', '_' and '.' only (bootstrap-job)",
  "error [d] peers[7].from.context '' is empty; write it, or leave it out (bootstrap-job)",
  "error [d] peers[7].from.configMap is missing, and the peer is no cluster of this program; write { namespace: 'spire-system', name: 'spire-bundle', key: 'bundle.spiffe' } (bootstrap-job)",
]
`);
});

test('sources that cannot work are found', () => {
  const sources = (it: Federated): readonly unknown[][] => [
    [it.west, FirstBundle.httpsWeb('https://federation.west.example.com/')],
    [it.west, FirstBundle.httpsWeb('http://bundles.example.com')],
    [it.west, FirstBundle.httpsWeb('https://user:secret@bundles.example.com')],
    [it.west, FirstBundle.httpsWeb('https://bundles.example.com', { trust: WebTrust.staging() })],
    [it.west, FirstBundle.httpsWeb('https://bundles.example.com', untyped({ trust: 'public', insecure: true }))],
    [it.west, FirstBundle.pinned('ab')],
    [it.west, FirstBundle.pinned(`sha256:${'ab'.repeat(32)}`)],
    [it.partner, FirstBundle.ofCluster(untyped({}))],
    [it.partner, FirstBundle.ofCluster(untyped({ kubeconfigSecret: 'reader', configMap: { namespace: 'A' } }))],
  ];
  const all = sources(federated()).flatMap((_, index) => {
    const { scope } = bootstrapped((it) => {
      const [peer, from] = sources(it)[index] as never[];
      return { peers: [{ peer, from }] as never };
    });
    return own(scope);
  });
  expect(all).toMatchInlineSnapshot(`
[
  "error [bootstrap] peers[0].from.url 'https://federation.west.example.com/' is the bundle endpoint of the peer, which proves itself by an SVID (https_spiffe), not by a certificate of the web; write another URL at which the peer publishes its bundle, or FirstBundle.ofCluster(…) (bootstrap-job)",
  "error [bootstrap] peers[0].from.url 'http://bundles.example.com' is no https URL; write one, such as 'https://bundles.example.com/west.json' (bootstrap-job)",
  "error [bootstrap] peers[0].from.url 'https://…@bundles.example.com' has a user name or password in it; remove it: bundles are public (bootstrap-job)",
  "error [bootstrap] peers[0].from.trust is of certificates that nobody believes; write WebTrust.public() or WebTrust.private(roots) (bootstrap-job)",
  "error [bootstrap] peers[0].from.insecure is not a property; write one of url, trust (property-unknown)",
  "error [bootstrap] peers[0].from.trust does not say who believes the certificates; write WebTrust.public(), WebTrust.staging() or WebTrust.private(roots) (bootstrap-job)",
  "error [bootstrap] peers[0].from.fingerprint 'ab' is no SHA-256 of a certificate; write its 64 hexadecimal digits, as 'spirekit bundle show' prints them (bootstrap-job)",
  "error [bootstrap] peers[0].from pins an authority of a CA that signs itself, and is another one within 24h; give 'west' an upstream authority and pin its root, or write FirstBundle.ofCluster(…) (bootstrap-job)",
  "error [bootstrap] peers[0].from.kubeconfigSecret is missing; write the name of the Secret, such as 'west-bundle-reader' (bootstrap-job)",
  "error [bootstrap] peers[0].from.configMap is missing, and the peer is no cluster of this program; write { namespace: 'spire-system', name: 'spire-bundle', key: 'bundle.spiffe' } (bootstrap-job)",
  "error [bootstrap] peers[0].from.configMap.namespace 'A' is not a DNS label, which Kubernetes requires here; write 1 to 63 characters of a-z, 0-9 and '-', with a letter or digit at both ends (bootstrap-job)",
  "error [bootstrap] peers[0].from.configMap.name is missing; write it, such as 'spire-bundle' (bootstrap-job)",
  "error [bootstrap] peers[0].from.configMap.key is missing; write it, such as 'bundle.spiffe' (bootstrap-job)",
]
`);
});

test('a pin is for endpoints that show SVIDs', () => {
  const scope = Testing.app();
  const cluster = (name: string) =>
    new KubernetesCluster(scope, name, {
      trustDomain: `${name}.example.com`,
      bundleEndpoint: BundleEndpoint.httpsWeb({ acme: { email: 'pki@example.com', tosAccepted: true } }),
    });
  const [east, west] = [cluster('east'), cluster('west')];
  const mesh = new FederationMesh(scope, 'mesh', { members: [east, west] });
  const image = WorkloadImage.existing(scope, 'image', REFERENCE);
  const from = FirstBundle.pinned('ab'.repeat(32));
  new BootstrapJob(scope, 'bootstrap', { mesh, image, peers: [{ peer: west, from }] });
  expect(own(scope)).toMatchInlineSnapshot(`
[
  "error [bootstrap] peers[0].from pins an authority of SVIDs, and the endpoint of the peer shows none (https_web); leave the peer out, whose endpoint is believed by its certificate, or write FirstBundle.httpsWeb(…) (bootstrap-job)",
]
`);
});

test('a pin is of the trust domain that serves the bundle', () => {
  const scope = Testing.app();
  const east = new KubernetesCluster(scope, 'east', { trustDomain: 'east.example.com' });
  const [hub, partner] = ['hub.example', 'partner.example'].map(
    (trustDomain) =>
      new ExternalTrustDomain({
        trustDomain,
        bundleEndpointUrl: `https://hub.example/${trustDomain}`,
        profile: BundleEndpointProfile.httpsSpiffe('spiffe://hub.example/server'),
      }),
  ) as [ExternalTrustDomain, ExternalTrustDomain];
  const mesh = new FederationMesh(scope, 'mesh', { members: [east, hub, partner], topology: Topology.hub(east) });
  const image = WorkloadImage.existing(scope, 'image', REFERENCE);
  const from = FirstBundle.pinned('ab'.repeat(32));
  const peers = [hub, partner].map((peer) => ({ peer, from }));
  new BootstrapJob(scope, 'bootstrap', { mesh, image, peers });
  expect(own(scope)).toMatchInlineSnapshot(`
[
  "error [bootstrap] peers[1].from pins an authority of 'partner.example', and its endpoint proves itself by an SVID of 'hub.example'; leave the peer out: its bundle is fetched by that of 'hub.example', which can have a first one (bootstrap-job)",
]
`);
});

test('one Job has all peers of a cluster, and each peer once', () => {
  const it = bootstrapped();
  const { mesh, image, west, scope } = it;
  const from = FirstBundle.ofCluster({ kubeconfigSecret: 'reader' });
  new BootstrapJob(scope, 'again', { mesh, image, peers: [{ peer: west, from }] });
  const other = bootstrapped(({ west: peer }) => ({ peers: [{ peer, from }] }));
  new BootstrapJob(other.scope, 'more', {
    mesh: other.mesh,
    image: other.image,
    peers: [{ peer: other.partner, from: FirstBundle.httpsWeb('https://x.example') }],
  });
  expect([...own(scope), ...own(other.scope)]).toMatchInlineSnapshot(`
[
  "error [again] peers 'east' has no relationship with 'west.example.com' that could be taken over; let one BootstrapJob alone have the peer, and declare its edges (bootstrap-job)",
  "error [more] peers 'east' has another Job for that; name all peers in one BootstrapJob (bootstrap-job)",
]
`);
});

test('in Pulumi the Job waits for what it needs, and identities wait for it', async () => {
  const { objects } = await run(() => {
    const [east, west] = ['east', 'west'].map((name) => kubernetesProvider(name, { kubeconfig: '{}' }));
    return deploy(
      'made',
      (app) => {
        const it = bootstrapped(undefined, app);
        it.west.identity('web', { namespace: 'shop', serviceAccount: 'web', federatesWith: [it.east] });
      },
      { providers: { east, west } as never },
    );
  });
  const job = objects['made/west/bundle-bootstrap/job'];
  const needs = job?.dependsOn.map((urn) => urn.replace(/^.*::/, '').replace('made/west/', ''));
  expect(needs).toEqual(
    expect.arrayContaining([
      'bundle-bootstrap/service-account',
      'bundle-bootstrap/config-map',
      'bundle-bootstrap/make-cluster-role-binding',
    ]),
  );
  const waits = objects['made/west/identity-web']?.dependsOn.map((urn) => urn.replace(/^.*::/, ''));
  expect(waits).toEqual(['made/west/bundle-bootstrap/job']);
  expect(Object.keys(objects).filter((name) => /ClusterFederated|federation\/east/.test(name))).toEqual([]);
});
