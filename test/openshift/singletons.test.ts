import { ApiObject, type Chart } from 'cdk8s';
import { describe as describeFinding } from '../../lib/core';
import { KubeObject } from '../../lib/kube';
import {
  ZeroTrustWorkloadIdentityManager,
  ZtwimOidcDiscoveryProvider,
  ZtwimSpiffeCsiDriver,
  ZtwimSpireAgent,
  ZtwimSpireServer,
  ztwimFindings,
} from '../../lib/openshift';
import { layoutIn, newCluster, untyped } from './installation';

const saidOf = (chart: Chart) => ztwimFindings(chart).map((it) => `[${it.path}] ${describeFinding(it)} (${it.rule})`);

const byHand = (chart: Chart, kind: string, spec: object | undefined, name = 'cluster') =>
  new ApiObject(chart, `hand-${kind}-${name}`, {
    apiVersion: 'operator.openshift.io/v1alpha1',
    kind,
    metadata: { name },
    spec,
  });

test('one of each, of one layout', () => {
  const chart = newCluster();
  const layout = layoutIn(chart, {
    socketDirectory: '/run/a',
    csiDriverName: 'a.csi',
    jwtIssuer: 'https://a.example.com',
  });
  new ZeroTrustWorkloadIdentityManager(chart, 'manager', { layout });
  new ZtwimSpireServer(chart, 'server', { layout });
  new ZtwimSpireAgent(chart, 'agent', { layout });
  new ZtwimSpiffeCsiDriver(chart, 'csi', { layout });
  new ZtwimOidcDiscoveryProvider(chart, 'oidc', { layout });
  expect(saidOf(chart)).toEqual([]);
});

test('a second manager with other names', () => {
  const chart = newCluster();
  new ZeroTrustWorkloadIdentityManager(chart, 'manager', { layout: layoutIn(chart) });
  byHand(chart, 'ZeroTrustWorkloadIdentityManager', { trustDomain: 'other.example', clusterName: 'prod-cluster' });
  expect(saidOf(chart)).toEqual([
    '[demo/hand-ZeroTrustWorkloadIdentityManager-cluster] ' +
      "spec.trustDomain 'other.example' differs from 'example.com' at [demo/manager/resource], and cannot be changed once it is set; " +
      'keep one ZeroTrustWorkloadIdentityManager in the cluster (E19)',
  ]);
});

test('a second server: every field that cannot be changed', () => {
  const chart = newCluster();
  const layout = layoutIn(chart);
  new ZtwimSpireServer(chart, 'server', { layout, federation: { profile: 'https_spiffe' } });
  new KubeObject(chart, 'second', {
    apiVersion: 'operator.openshift.io/v1alpha1',
    kind: 'SpireServer',
    metadata: { name: 'cluster' },
    spec: {
      persistence: { size: '2Gi', accessMode: 'ReadWriteMany', storageClass: 'gp3' },
      federation: { bundleEndpoint: { profile: 'https_web', httpsWeb: { servingCert: {} } } },
    },
  });
  expect(saidOf(chart)).toMatchInlineSnapshot(`
[
  "[demo/second] spec.persistence.size '2Gi' differs from '1Gi' at [demo/server/resource], and cannot be changed once it is set; keep one SpireServer in the cluster (E19)",
  "[demo/second] spec.persistence.accessMode 'ReadWriteMany' differs from 'ReadWriteOnce' at [demo/server/resource], and cannot be changed once it is set; keep one SpireServer in the cluster (E19)",
  "[demo/second] spec.persistence.storageClass 'gp3' differs from '' at [demo/server/resource], and cannot be changed once it is set; keep one SpireServer in the cluster (E19)",
  "[demo/second] spec.federation.bundleEndpoint.profile 'https_web' differs from 'https_spiffe' at [demo/server/resource], and cannot be changed once it is set; keep one SpireServer in the cluster (E19)",
  "[demo/second] spec.federation.bundleEndpoint.httpsWeb 'servingCert' differs from 'not set' at [demo/server/resource], and cannot be changed once it is set; keep one SpireServer in the cluster (E19)",
]
`);
});

test('what the definition fills in is no difference', () => {
  const chart = newCluster();
  new ZtwimSpireServer(chart, 'server', { layout: layoutIn(chart), federation: { profile: 'https_spiffe' } });
  byHand(chart, 'SpireServer', { persistence: {}, federation: { bundleEndpoint: {} } });
  expect(saidOf(chart)).toEqual([]);
});

test('ACME and a serving certificate do not change places', () => {
  const chart = newCluster();
  const layout = layoutIn(chart);
  const acme = { email: 'pki@example.com', tosAccepted: true } as const;
  new ZtwimSpireServer(chart, 'a', { layout, federation: { profile: 'https_web', acme } });
  new ZtwimSpireServer(chart, 'b', { layout, federation: { profile: 'https_web', servingCert: {} } });
  new ZtwimSpireServer(chart, 'c', { layout });
  expect(saidOf(chart)).toMatchInlineSnapshot(`
[
  "[demo/b/resource] spec.federation.bundleEndpoint.httpsWeb 'servingCert' differs from 'acme' at [demo/a/resource], and cannot be changed once it is set; keep one SpireServer in the cluster (E19)",
  "[demo/c/resource] spec.federation 'not set' differs from 'set' at [demo/a/resource], and cannot be changed once it is set; keep one SpireServer in the cluster (E19)",
]
`);
});

test('other names than the only one', () => {
  const chart = newCluster();
  byHand(chart, 'SpireAgent', {}, 'agent');
  expect(saidOf(chart)).toEqual([
    "[demo/hand-SpireAgent-agent] metadata.name 'agent' is not the only name that a SpireAgent may have; " +
      "write 'cluster' (ztwim-singleton)",
  ]);
});

test('what must be equal and is not', () => {
  const chart = newCluster();
  const layout = layoutIn(chart);
  new ZtwimSpireAgent(chart, 'agent', { layout });
  new ZtwimSpireServer(chart, 'server', { layout });
  byHand(chart, 'SpiffeCSIDriver', { agentSocketPath: '/run/other', pluginName: 'other' });
  byHand(chart, 'SpireOIDCDiscoveryProvider', { jwtIssuer: 'https://other.example' });
  expect(saidOf(chart)).toMatchInlineSnapshot(`
[
  "[demo/hand-SpiffeCSIDriver-cluster] spec.agentSocketPath '/run/other' is not socketPath of SpireAgent, which is '/run/spire/agent-sockets'; the operator does not compare them; make both of one ZtwimLayout (ztwim-agreement)",
  "[demo/hand-SpireOIDCDiscoveryProvider-cluster] spec.csiDriverName 'csi.spiffe.io' is not pluginName of SpiffeCSIDriver, which is 'other'; the operator does not compare them; make both of one ZtwimLayout (ztwim-agreement)",
  "[demo/hand-SpireOIDCDiscoveryProvider-cluster] spec.jwtIssuer 'https://other.example' is not jwtIssuer of SpireServer, which is 'https://oidc-discovery.example.com'; the operator does not compare them; make both of one ZtwimLayout (ztwim-agreement)",
]
`);
});

test('what cannot be read is not compared', () => {
  const chart = newCluster();
  byHand(chart, 'SpireAgent', undefined);
  byHand(chart, 'SpiffeCSIDriver', untyped('text'));
  new ApiObject(chart, 'other', { apiVersion: 'example.com/v1', kind: 'SpireServer', metadata: { name: 'other' } });
  expect(saidOf(chart)).toEqual([]);
});
