import { Testing } from 'cdk8s';
import { type Grant, grantClusterRole, grantRole } from '../../lib/kube';
import { newChart } from './fixtures';

const GRANT: Grant = {
  name: 'reader',
  serviceAccount: { name: 'robot', namespace: 'robots' },
  rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }],
  labels: { team: 'a' },
};
const GROUP = 'rbac.authorization.k8s.io';
const SUBJECTS = [{ kind: 'ServiceAccount', name: 'robot', namespace: 'robots' }];

test('a ClusterRole and its binding, without the namespace of the chart', () => {
  const chart = newChart({ namespace: 'shop' });
  grantClusterRole(chart, 'read', GRANT);
  const metadata = { name: 'reader', labels: { team: 'a' } };
  expect(Testing.synth(chart)).toEqual([
    { apiVersion: `${GROUP}/v1`, kind: 'ClusterRole', metadata, rules: GRANT.rules },
    {
      apiVersion: `${GROUP}/v1`,
      kind: 'ClusterRoleBinding',
      metadata,
      roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name: 'reader' },
      subjects: SUBJECTS,
    },
  ]);
});

test('a Role and its binding in a namespace, for a service account of another', () => {
  const chart = newChart({ namespace: 'shop' });
  grantRole(chart, 'read', 'pods', GRANT);
  const metadata = { name: 'reader', namespace: 'pods', labels: { team: 'a' } };
  expect(Testing.synth(chart)).toEqual([
    { apiVersion: `${GROUP}/v1`, kind: 'Role', metadata, rules: GRANT.rules },
    {
      apiVersion: `${GROUP}/v1`,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: GROUP, kind: 'Role', name: 'reader' },
      subjects: SUBJECTS,
    },
  ]);
});

test('no rules, no objects', () => {
  const chart = newChart();
  grantClusterRole(chart, 'a', { ...GRANT, rules: [] });
  grantRole(chart, 'b', 'pods', { ...GRANT, rules: [] });
  expect(Testing.synth(chart)).toEqual([]);
});

test('both kinds of one id fit into one scope', () => {
  const chart = newChart();
  grantClusterRole(chart, 'read', GRANT);
  grantRole(chart, 'read', 'pods', GRANT);
  expect(chart.node.children.map(({ node }) => node.id)).toEqual([
    'read-cluster-role',
    'read-cluster-role-binding',
    'read-role',
    'read-role-binding',
  ]);
});
