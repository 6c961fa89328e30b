import * as pulumi from '@pulumi/pulumi';
import { Testing } from 'cdk8s';
import type { Construct } from 'constructs';
import {
  BundleEndpoint,
  FederationMesh,
  Issuer,
  KubernetesCluster,
  OpenShiftCluster,
  VerificationJob,
  type VerificationJobProps,
  WorkloadImage,
} from '../../../lib';
import { emitYaml } from '../../../lib/kube';
import { deploy, kubernetesProvider } from '../../../lib/pulumi';
import { run } from '../../pulumi/monitor';
import { find, findings, manifestsOf, untyped } from '../../spire/installation';

const REFERENCE = `registry.example.com/platform/spirekit@sha256:${'a'.repeat(64)}`;
const issuer = Issuer.acme({ email: 'pki@example.com' });

/** Two clusters that believe each other, and what verifies them. */
function verified(props: Partial<VerificationJobProps> = {}, scope: Construct = Testing.app()) {
  const east = new OpenShiftCluster(scope, 'east', {
    trustDomain: 'apps.east.example.com',
    bundleEndpoint: BundleEndpoint.httpsWeb({ issuer }),
  });
  const west = new KubernetesCluster(scope, 'west', {
    trustDomain: 'west.example.com',
    bundleEndpoint: BundleEndpoint.httpsWeb({ acme: { email: 'pki@example.com', tosAccepted: true } }),
  });
  const mesh = new FederationMesh(scope, 'mesh', { members: [east, west] });
  const image = WorkloadImage.existing(scope, 'image', REFERENCE);
  const job = new VerificationJob(scope, 'verification', { mesh, image, ...props });
  return { scope, east, west, mesh, job };
}

/** The same in Pulumi. */
const deployed = (props: Partial<VerificationJobProps> = {}) =>
  run(() => {
    const [east, west] = ['east', 'west'].map((name) => kubernetesProvider(name, { kubeconfig: '{}' }));
    return deploy('verified', (app) => void verified(props, app), { providers: { east, west } as never });
  });

const jobsOf = (cluster: Construct) => manifestsOf(cluster).filter(({ kind }) => kind === 'Job');
const own = (scope: Construct) => findings(scope).filter((line) => /verification|property/.test(line));

test('each cluster has a Job, an account with the rights, and its part of the mesh', () => {
  const { east, west, scope } = verified();
  expect(own(scope)).toEqual([]);
  const parts = (cluster: Construct) =>
    manifestsOf(cluster)
      .filter(({ metadata }) => metadata.name.startsWith('spirekit-verification'))
      .map(({ kind, metadata }) => [kind, metadata.namespace, metadata.name].filter(Boolean).join(' '));
  expect(parts(west)).toEqual([
    'ServiceAccount spire-server spirekit-verification',
    'ClusterRole spirekit-verification-spire-server',
    'ClusterRoleBinding spirekit-verification-spire-server',
    'Role spire-server spirekit-verification',
    'RoleBinding spire-server spirekit-verification',
    'Role spire-system spirekit-verification',
    'RoleBinding spire-system spirekit-verification',
    'ConfigMap spire-server spirekit-verification',
    expect.stringMatching(/^Job spire-server spirekit-verification-[0-9a-f]{10}$/),
  ]);
  const ztwim = 'zero-trust-workload-identity-manager';
  expect(parts(east)).toEqual([
    `ServiceAccount ${ztwim} spirekit-verification`,
    `ClusterRole spirekit-verification-${ztwim}`,
    `ClusterRoleBinding spirekit-verification-${ztwim}`,
    `Role ${ztwim} spirekit-verification`,
    `RoleBinding ${ztwim} spirekit-verification`,
    `ConfigMap ${ztwim} spirekit-verification`,
    expect.stringMatching(new RegExp(`^Job ${ztwim} spirekit-verification-[0-9a-f]{10}$`)),
  ]);
  const { data } = find(west, 'ConfigMap', 'spirekit-verification');
  const { members, edges } = JSON.parse(data['mesh.json']);
  expect(members.map(({ name, platform }: { name: string; platform: string }) => `${name} ${platform}`)).toEqual([
    'west kubernetes',
    'east external',
  ]);
  expect(edges).toEqual([{ consumer: 'west', provider: 'east', oneWay: true }]);
});

test('the Job runs the command for its own cluster, as the restricted standard has it', () => {
  const [job] = jobsOf(verified().west);
  expect(emitYaml(job.spec)).toMatchInlineSnapshot(`
"activeDeadlineSeconds: 975
backoffLimit: 6
template:
  metadata:
    labels:
      app.kubernetes.io/name: spirekit-verification
  spec:
    containers:
      - command:
          - /usr/local/bin/node
          - /app/main.mjs
          - verify
          - /verification/mesh.json
          - "--context"
          - "west=in-cluster"
        image: registry.example.com/platform/spirekit@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
        name: verify
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
          - mountPath: /verification
            name: mesh
            readOnly: true
    enableServiceLinks: false
    restartPolicy: Never
    securityContext:
      runAsNonRoot: true
      seccompProfile:
        type: RuntimeDefault
    serviceAccountName: spirekit-verification
    volumes:
      - configMap:
          name: spirekit-verification
        name: mesh
"
`);
});

test('options', () => {
  const { west, scope } = verified({
    checks: ['V24', 'V25'],
    strict: true,
    retries: 0,
    deadline: '90s',
    ttlSecondsAfterFinished: 3600,
    argoCdHook: true,
    annotations: { 'example.com/team': 'identity', 'argocd.argoproj.io/hook': 'Sync' },
    imagePullSecrets: ['registry'],
    nodeSelector: { pool: 'infra' },
    tolerations: [{ key: 'infra', operator: 'Exists' }],
    resources: { requests: { cpu: '1' } },
  });
  expect(own(scope)).toEqual([]);
  const [job] = jobsOf(west);
  expect(job.metadata.annotations).toEqual({
    'argocd.argoproj.io/hook': 'Sync',
    'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
    'example.com/team': 'identity',
  });
  expect(job.spec).toMatchObject({ backoffLimit: 0, activeDeadlineSeconds: 90, ttlSecondsAfterFinished: 3600 });
  const [container] = job.spec.template.spec.containers;
  expect(container.command.slice(-5)).toEqual(['--check', 'V24', '--check', 'V25', '--strict']);
  expect(container.resources).toEqual({ requests: { cpu: '1' } });
  expect(job.spec.template.spec).toMatchObject({
    imagePullSecrets: [{ name: 'registry' }],
    nodeSelector: { pool: 'infra' },
    tolerations: [{ key: 'infra', operator: 'Exists' }],
  });
});

test('time enough for the first bundles: the longest time from one fetch to the next, too', () => {
  const [job] = jobsOf(verified().west);
  expect(job.spec.activeDeadlineSeconds).toBe(15 * 60 + 300 / 4);
});

test('its name changes with its content, and with nothing else', () => {
  const name = (given: ReturnType<typeof verified>): string => jobsOf(given.west)[0].metadata.name;
  const plain = name(verified());
  expect(name(verified())).toBe(plain);
  expect(name(verified({ strict: true }))).not.toBe(plain);
  // What is registered after it was made counts too.
  const later = verified();
  later.west.identity('web', { namespace: 'shop', serviceAccount: 'web', federatesWith: [later.east] });
  expect(name(later)).not.toBe(plain);
  const elsewhere = verified();
  elsewhere.east.identity('web', { namespace: 'shop', serviceAccount: 'web' });
  expect(name(elsewhere)).toBe(plain);
});

test('some clusters alone', () => {
  const scope = Testing.app();
  const { east, west, mesh } = verified({ clusters: [] }, scope);
  expect([jobsOf(east), jobsOf(west)]).toEqual([[], []]);
  const image = WorkloadImage.existing(scope, 'other', REFERENCE);
  new VerificationJob(scope, 'one', { mesh, image, clusters: [west] });
  expect([jobsOf(east).length, jobsOf(west).length]).toEqual([0, 1]);
});

test('what was given wrongly is found, all at once', () => {
  const stranger = new KubernetesCluster(Testing.app(), 'stranger', { trustDomain: 'stranger.example.com' });
  const scope = Testing.app();
  const mesh = new FederationMesh(scope, 'empty', { members: [] });
  const made = new VerificationJob(scope, 'a', untyped({ mesh: {}, image: 'x' }));
  new VerificationJob(
    scope,
    'b',
    untyped({ mesh, image: { image: 1 }, deadline: 'soon', checks: ['V99'], retries: -1, imagePullSecrets: ['A'] }),
  );
  new VerificationJob(scope, 'c', untyped({ mesh, clusters: [stranger, stranger], deadline: '0s', job: true }));
  new VerificationJob(
    scope,
    'd',
    untyped({ deadline: pulumi.output('1m'), mesh, image: WorkloadImage.existing(scope, 'e', REFERENCE) }),
  );
  expect(made.node.children).toEqual([]);
  expect(own(scope)).toMatchInlineSnapshot(`
[
  "error [a] mesh is none; pass the FederationMesh that is verified (verification-job)",
  "error [b] checks ["V99"] is not a list of checks; write their ids, such as ['V24']; docs/verify.md lists them (property-kind)",
  "error [b] retries -1 is no number of tries; write a whole number from 0 (property-kind)",
  "error [b] imagePullSecrets ["A"] is not a list of names of Secrets; write ['registry'] (property-kind)",
  "error [b] image is no image; pass WorkloadImage.spirekit(…), or WorkloadImage.existing(…) of one that was built so (verification-job)",
  "error [b] deadline 'soon' is not a duration; write numbers with the units h, m, s, ms, us or ns, such as '1h30m' (verification-job)",
  "warning [b] mesh has no cluster of this program, so that nothing is verified (verification-job)",
  "error [c] job is not a property; write one of mesh, image, clusters, checks, strict, retries, deadline, ttlSecondsAfterFinished, argoCdHook, annotations, imagePullSecrets, nodeSelector, tolerations, resources (property-unknown)",
  "error [c] image is missing; pass WorkloadImage.spirekit(…), or WorkloadImage.existing(…) of one that was built so (verification-job)",
  "error [c] deadline '0s' leaves no time; write a longer one, such as '15m' (verification-job)",
  "error [c] clusters[0] is no cluster of the mesh; list members of the mesh (verification-job)",
  "error [c] clusters[1] is no cluster of the mesh; list members of the mesh (verification-job)",
  "error [d] deadline is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (verification-job)",
  "warning [d] mesh has no cluster of this program, so that nothing is verified (verification-job)",
]
`);
});

test('in Pulumi the Job comes last, waits for what it needs, and is waited for', async () => {
  const { objects } = await deployed();
  const [name = ''] = Object.keys(objects).filter((each) => each.endsWith('/west/verification/job'));
  const job = objects[name];
  expect(job?.inputs.metadata.annotations).toBeUndefined();
  const needs = job?.dependsOn.map((urn) => urn.replace(/^.*::/, '').replace('verified/west/', ''));
  expect(needs).toEqual(
    expect.arrayContaining([
      'verification/service-account',
      'verification/mesh',
      'verification/verify-cluster-role-binding',
      'verification/verify-spire-server-role-binding',
      'verification/verify-spire-system-role-binding',
    ]),
  );
});

test('an image that is known at deployment does not name the Job', async () => {
  const image = untyped<VerificationJobProps['image']>({
    image: pulumi.output(REFERENCE),
    programs: { node: '/usr/local/bin/node', runtime: '/runtime.cjs' },
  });
  const { objects } = await deployed({ image });
  const job = objects['verified/west/verification/job'];
  expect(job?.inputs.spec.template.spec.containers[0].image).toBe(REFERENCE);
  expect(job?.inputs.metadata.name).toMatch(/^spirekit-verification-[0-9a-f]{10}$/);
});
