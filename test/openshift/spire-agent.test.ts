import { gateOf, ownWave, Waves } from '../../lib/core';
import { type ZtwimKubeletVerification, ZtwimSpireAgent } from '../../lib/openshift';
import { layoutIn, newCluster, said, specOf, untyped } from './installation';

const make = (props: object = {}) => {
  const chart = newCluster();
  return new ZtwimSpireAgent(chart, 'agent', untyped({ layout: layoutIn(chart), ...props }));
};
const verified = (kubeletVerification: unknown) => said(make({ kubeletVerification }));

test("acceptance case A5: the sample of the operator, with the layout's folder", () => {
  expect(specOf(make())).toEqual({
    socketPath: '/run/spire/agent-sockets',
    logLevel: 'info',
    logFormat: 'text',
    nodeAttestor: { k8sPSATEnabled: 'true' },
    workloadAttestors: { k8sEnabled: 'true', workloadAttestorsVerification: { type: 'auto' } },
  });
});

test('everything', () => {
  const agent = make({
    logLevel: 'debug',
    logFormat: 'json',
    disableContainerSelectors: true,
    useNewContainerLocator: false,
    kubeletVerification: { type: 'hostCert', hostCertBasePath: '/etc/kubernetes', hostCertFileName: 'ca.crt' },
  });
  expect(said(agent)).toEqual([]);
  expect(specOf(agent)).toMatchObject({
    logLevel: 'debug',
    logFormat: 'json',
    workloadAttestors: {
      disableContainerSelectors: 'true',
      useNewContainerLocator: 'false',
      workloadAttestorsVerification: {
        type: 'hostCert',
        hostCertBasePath: '/etc/kubernetes',
        hostCertFileName: 'ca.crt',
      },
    },
  });
});

test('what does not compile', () => {
  // @ts-expect-error a certificate of the host has a path
  const bare: ZtwimKubeletVerification = { type: 'hostCert' };
  // @ts-expect-error the others have none
  const path: ZtwimKubeletVerification = { type: 'auto', hostCertBasePath: '/etc/kubernetes' };
  expect([...verified(bare), ...verified(path)]).toMatchInlineSnapshot(`
[
  "kubeletVerification.hostCertBasePath is missing; write it (ztwim-kubelet-verification)",
  "kubeletVerification.hostCertFileName is missing; write it (ztwim-kubelet-verification)",
  "warning: kubeletVerification.hostCertBasePath '/etc/kubernetes' has no effect with type 'auto'; leave it out, or write type: 'hostCert' (ztwim-kubelet-verification)",
]
`);
});

test('what is wrong', () => {
  expect([
    ...verified({ type: 'skip' }),
    ...verified({ type: 'off' }),
    ...verified({ type: 'hostCert', hostCertBasePath: 'etc', hostCertFileName: 'a/b' }),
    ...verified('auto'),
    ...said(make({ disableContainerSelectors: 'true' })),
    ...said(make({ nodeAttestor: {} })),
    ...said(make({ tolerations: [{}] })),
  ]).toMatchInlineSnapshot(`
[
  "warning: kubeletVerification.type 'skip' lets a process that listens in place of the kubelet say which pod a workload is; write auto, or hostCert with the path of a CA certificate (ztwim-kubelet-verification)",
  "kubeletVerification.type 'off' is not a word that is known here; write one of auto, hostCert, skip (ztwim-kubelet-verification)",
  "kubeletVerification.hostCertBasePath 'etc' is not an absolute path that a pod can mount; write one such as '/etc/kubernetes' (ztwim-kubelet-verification)",
  "kubeletVerification.hostCertFileName 'a/b' is not the name of a file; write letters, digits, '.', '_' and '-' (ztwim-kubelet-verification)",
  "kubeletVerification 'auto' is not an object; write its properties in braces (property-kind)",
  "disableContainerSelectors 'true' is not a boolean; write true or false, without quotes (property-kind)",
  "nodeAttestor is not a property; write one of logLevel, logFormat, labels, resources, affinity, tolerations, nodeSelector, layout, kubeletVerification, disableContainerSelectors, useNewContainerLocator (property-unknown)",
  "tolerations[0].key is missing; write the taint's key, or operator: 'Exists' for every taint (ztwim-placement)",
]
`);
});

test('the next wave waits for it', () => {
  const agent = make();
  expect(ownWave(agent)).toBe(Waves.nodes);
  expect(gateOf(agent.object)?.condition).toEqual({ type: 'condition', condition: 'Ready' });
});
