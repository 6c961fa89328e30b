import type { Pod } from '../../../lib/verify/discovery/pods';
import { AccessError } from '../../../lib/verify/kube';
import { isRunning, latePod, type PodEvent, refusedObject, stuckPod } from '../../../lib/verify/workloads/pod-trouble';

const waiting = (reason: string, message?: string): Pod => ({
  metadata: { name: 'alone' },
  status: { phase: 'Pending', containerStatuses: [{ name: 'verify', state: { waiting: { reason, message } } }] },
});

test.each([
  ['ImagePullBackOff', 'the image cannot be pulled'],
  ['InvalidImageName', 'the reference of the image is none'],
  ['CreateContainerConfigError', 'the container cannot be made'],
  ['RunContainerError', 'the container cannot be started'],
  ['CrashLoopBackOff', 'the program in the container ends again and again'],
])('%s', (reason, what) => {
  expect(stuckPod(waiting(reason, 'because'))).toMatchObject({ what, evidence: `${reason}: because` });
  expect(stuckPod(waiting(reason))?.causes.length).toBeGreaterThan(0);
});

test('what passes by itself is no trouble', () => {
  for (const reason of ['ContainerCreating', 'PodInitializing', 'ErrImagePull', 'constructor']) {
    expect(stuckPod(waiting(reason))).toBeUndefined();
    expect(isRunning(waiting(reason))).toBe(false);
  }
  const running: Pod = {
    metadata: { name: 'alone' },
    status: { phase: 'Running', containerStatuses: [{ name: 'verify', state: {} }] },
  };
  expect([stuckPod(running), isRunning(running)]).toEqual([undefined, true]);
  expect(isRunning({ metadata: { name: 'alone' } })).toBe(false);
});

test('a pod that was ended, and one that crashes', () => {
  const evicted: Pod = {
    metadata: { name: 'alone' },
    status: { phase: 'Failed', reason: 'Evicted', message: 'low on memory' },
  };
  expect(stuckPod(evicted)).toMatchObject({ what: 'the pod was ended', evidence: 'Evicted: low on memory' });
  const crashing: Pod = {
    metadata: { name: 'alone' },
    status: {
      containerStatuses: [
        {
          name: 'verify',
          state: { waiting: { reason: 'CrashLoopBackOff' } },
          lastState: { terminated: { reason: 'Error', exitCode: 2 } },
        },
      ],
    },
  };
  expect(stuckPod(crashing)?.evidence).toBe('CrashLoopBackOff, before with exit code 2');
});

const event = (reason: string, message: string, name = 'alone', type = 'Warning'): PodEvent => ({
  metadata: { name: `${name}.1` },
  involvedObject: { kind: 'Pod', name },
  type,
  reason,
  message,
});

test('a pod that does not come in time, by its events', () => {
  const driver = 'driver name csi.spiffe.io not found in the list of registered CSI drivers';
  const events = [
    event('FailedScheduling', '0/3 nodes are available', 'federated'),
    event('FailedMount', driver),
    event('Other', 'later'),
    event('Scheduled', 'fine', 'alone', 'Normal'),
  ];
  expect(latePod(undefined, 'alone', events, 180)).toMatchObject({
    what: 'the Workload API cannot be mounted, within 180 s',
    evidence: `FailedMount: ${driver}`,
    isOfSpire: true,
  });
  const unscheduled = latePod(undefined, 'federated', events, 180);
  expect([unscheduled.what, unscheduled.isOfSpire]).toEqual(['no node takes the pod, within 180 s', undefined]);
  expect(latePod(waiting('ContainerCreating'), 'alone', [], 180)).toMatchObject({
    what: 'the pod does not start, within 180 s',
    evidence: 'phase Pending, no event',
  });
});

test.each([
  [
    'pods "alone" is forbidden: violates PodSecurity "restricted:latest": restricted volume types (volume "workload-api" uses restricted volume type "csi")',
    'pod alone cannot be made: Pod Security refuses it',
  ],
  [
    'pods "alone" is forbidden: unable to validate against any security context constraint: [provider "anyuid": Forbidden]',
    'pod alone cannot be made: no security context constraint allows it',
  ],
  [
    'pods "alone" is forbidden: exceeded quota: small, requested: pods=1, used: pods=0, limited: pods=0',
    'pod alone cannot be made: a quota refuses it',
  ],
  [
    'pods "alone" is forbidden: [minimum cpu usage per Container is 100m, but request is 10m]',
    'pod alone cannot be made: a LimitRange refuses it',
  ],
  [
    'admission webhook "validate.example.com" denied the request: images come from registry.example.com alone',
    'pod alone cannot be made: an admission policy refuses it',
  ],
  [
    'pods is forbidden: User "ops" cannot create resource "pods" in API group "" in the namespace "x"',
    'pod alone cannot be made: the right to it is missing',
  ],
  ['something else', 'pod alone cannot be made'],
])('%s', (message, what) => {
  const trouble = refusedObject('pod alone', new AccessError('forbidden', message));
  expect(trouble).toMatchObject({ what, evidence: message });
});

test('what is no answer of the cluster is not explained away', () => {
  expect(() => refusedObject('pod alone', new TypeError('a fault of ours'))).toThrow(TypeError);
});
