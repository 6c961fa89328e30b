import { isReady, ownerOf, type Pod, programOf, troubleOf } from '../../../lib/verify/discovery/pods';

test.each([
  ['upstream', { name: 'spire-server', image: 'ghcr.io/spiffe/spire-server:1.15.3' }, 'spire-server'],
  ['by digest', { name: 'x', image: `ghcr.io/spiffe/spire-agent@sha256:${'0'.repeat(64)}` }, 'spire-agent'],
  ["Red Hat's", { name: 'x', image: 'registry.redhat.io/ztwim/spiffe-spire-server-rhel9@sha256:00' }, 'spire-server'],
  ['at a registry with a port', { name: 'x', image: 'registry.local:5000/spire-server' }, 'spire-server'],
  [
    'mirrored by another name',
    { name: 'x', image: 'a/b:1', command: ['/opt/spire/bin/spire-server', 'run'] },
    'spire-server',
  ],
  ['known by the container alone', { name: 'spire-server', image: 'a/b:1' }, 'spire-server'],
  [
    'the controller manager',
    { name: 'x', image: 'ghcr.io/spiffe/spire-controller-manager:0.7.0' },
    'spire-controller-manager',
  ],
  ['the CSI driver', { name: 'x', image: 'ghcr.io/spiffe/spiffe-csi-driver:0.2.8' }, 'spiffe-csi-driver'],
  [
    'the OIDC provider',
    { name: 'x', image: 'ghcr.io/spiffe/oidc-discovery-provider:1.15.3' },
    'oidc-discovery-provider',
  ],
  ["Red Hat's of it", { name: 'x', image: 'r/spiffe-spire-oidc-discovery-provider-rhel9' }, 'oidc-discovery-provider'],
  ['something else', { name: 'web', image: 'nginx:1', command: ['nginx'] }, undefined],
  ['something named alike', { name: 'web', image: 'my-aspire-serverless:1' }, undefined],
])('%s', (_, container, program) => {
  expect(programOf(container)).toBe(program);
});

const owned = (kind: string, name: string, hash?: string): Pod => ({
  metadata: {
    name: 'pod',
    labels: hash === undefined ? {} : { 'pod-template-hash': hash },
    ownerReferences: [{ kind, name, controller: true }],
  },
});

test.each([
  [owned('StatefulSet', 'spire-server'), 'StatefulSet spire-server'],
  [owned('ReplicaSet', 'oidc-6f5d', '6f5d'), 'Deployment oidc'],
  [owned('ReplicaSet', 'oidc', '6f5d'), 'Deployment oidc'],
  [{ metadata: { name: 'pod' } }, 'Pod pod'],
])('owner %#', (pod, owner) => {
  const { kind, name } = ownerOf(pod);
  expect(`${kind} ${name}`).toBe(owner);
});

const status = (given: Pod['status'], deletionTimestamp?: string): Pod => ({
  metadata: { name: 'pod', ...(deletionTimestamp && { deletionTimestamp }) },
  status: given,
});

test('ready, and not on its way out', () => {
  const ready = { conditions: [{ type: 'Ready', status: 'True' }] };
  expect([
    isReady(status(ready)),
    isReady(status(ready, 'now')),
    isReady(status({})),
    isReady({ metadata: { name: 'a' } }),
  ]).toEqual([true, false, false, false]);
});

test.each([
  [
    {
      containerStatuses: [{ name: 'a', state: { waiting: { reason: 'ImagePullBackOff', message: 'no such image' } } }],
    },
    'container a: ImagePullBackOff (no such image)',
  ],
  [
    {
      containerStatuses: [
        {
          name: 'a',
          state: { waiting: { reason: 'CrashLoopBackOff' } },
          lastState: { terminated: { reason: 'Error', exitCode: 1 } },
        },
      ],
    },
    'container a: CrashLoopBackOff, ended before with Error (exit code 1)',
  ],
  [
    {
      containerStatuses: [
        { name: 'a', ready: true },
        { name: 'b', ready: false },
      ],
    },
    'container b is not ready',
  ],
  [
    { conditions: [{ type: 'PodScheduled', status: 'False', message: '0/1 nodes are available' }] },
    '0/1 nodes are available',
  ],
  [{ phase: 'Pending' }, 'phase Pending'],
  [undefined, 'phase unknown'],
])('trouble %#', (given, trouble) => {
  expect(troubleOf(status(given))).toBe(trouble);
});
