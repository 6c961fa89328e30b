import {
  confinedRootContainer,
  podSecurityLabels,
  restrictedContainer,
  restrictedPod,
  UNPRIVILEGED_ID,
} from '../../lib/kube';

test.each(['privileged', 'baseline', 'restricted'] as const)('labels of a namespace that is %s', (level) => {
  expect(podSecurityLabels(level)).toEqual({
    'pod-security.kubernetes.io/enforce': level,
    'pod-security.kubernetes.io/audit': level,
    'pod-security.kubernetes.io/warn': level,
  });
});

// Every control of the restricted standard that a security context can meet.
test('the restricted container meets the restricted standard, with a read-only root on top', () => {
  expect(restrictedContainer).toEqual({
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
  });
});

test('the restricted pod runs as an unprivileged user whose group can write to volumes', () => {
  expect(UNPRIVILEGED_ID).toBeGreaterThan(0);
  expect(restrictedPod).toEqual({
    fsGroup: UNPRIVILEGED_ID,
    fsGroupChangePolicy: 'OnRootMismatch',
    runAsGroup: UNPRIVILEGED_ID,
    runAsNonRoot: true,
    runAsUser: UNPRIVILEGED_ID,
    seccompProfile: { type: 'RuntimeDefault' },
  });
});

test('the confined root container differs from the restricted one in its user alone', () => {
  const { runAsNonRoot: _, ...rest } = restrictedContainer;
  expect(confinedRootContainer).toEqual({ ...rest, runAsGroup: 0, runAsUser: 0 });
});
