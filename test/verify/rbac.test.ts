import { CHECKS, rbacManifests, rbacYaml } from '../../lib/verify';

test('exactly what the checks need, in the cluster and in the namespaces of SPIRE', () => {
  expect(rbacYaml(CHECKS, ['spire-server', 'spire-system'], { namespace: 'spire-server' })).toMatchInlineSnapshot(`
"apiVersion: v1
kind: ServiceAccount
metadata:
  name: spirekit-verify
  namespace: spire-server
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: spirekit-verify
rules:
  - apiGroups:
      - ""
    resources:
      - nodes
      - pods
    verbs:
      - list
  - apiGroups:
      - authorization.k8s.io
    resources:
      - subjectaccessreviews
    verbs:
      - create
  - apiGroups:
      - operator.openshift.io
    resources:
      - spiffecsidrivers
      - spireagents
      - spireoidcdiscoveryproviders
      - spireservers
      - zerotrustworkloadidentitymanagers
    verbs:
      - list
  - apiGroups:
      - spire.spiffe.io
    resources:
      - clusterfederatedtrustdomains
      - clusterspiffeids
      - clusterstaticentries
    verbs:
      - list
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: spirekit-verify
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: spirekit-verify
subjects:
  - kind: ServiceAccount
    name: spirekit-verify
    namespace: spire-server
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: spirekit-verify
  namespace: spire-server
rules:
  - apiGroups:
      - ""
    resources:
      - configmaps
      - pods/log
      - secrets
    verbs:
      - get
  - apiGroups:
      - ""
    resources:
      - pods/exec
      - pods/portforward
    verbs:
      - create
      - get
  - apiGroups:
      - ""
    resources:
      - services
    verbs:
      - list
  - apiGroups:
      - apps
    resources:
      - daemonsets
      - deployments
      - statefulsets
    verbs:
      - list
  - apiGroups:
      - cert-manager.io
    resources:
      - certificates
    verbs:
      - list
  - apiGroups:
      - networking.k8s.io
    resources:
      - ingresses
    verbs:
      - list
  - apiGroups:
      - route.openshift.io
    resources:
      - routes
    verbs:
      - list
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: spirekit-verify
  namespace: spire-server
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: spirekit-verify
subjects:
  - kind: ServiceAccount
    name: spirekit-verify
    namespace: spire-server
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: spirekit-verify
  namespace: spire-system
rules:
  - apiGroups:
      - ""
    resources:
      - configmaps
      - pods/log
      - secrets
    verbs:
      - get
  - apiGroups:
      - ""
    resources:
      - pods/exec
      - pods/portforward
    verbs:
      - create
      - get
  - apiGroups:
      - ""
    resources:
      - services
    verbs:
      - list
  - apiGroups:
      - apps
    resources:
      - daemonsets
      - deployments
      - statefulsets
    verbs:
      - list
  - apiGroups:
      - cert-manager.io
    resources:
      - certificates
    verbs:
      - list
  - apiGroups:
      - networking.k8s.io
    resources:
      - ingresses
    verbs:
      - list
  - apiGroups:
      - route.openshift.io
    resources:
      - routes
    verbs:
      - list
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: spirekit-verify
  namespace: spire-system
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: spirekit-verify
subjects:
  - kind: ServiceAccount
    name: spirekit-verify
    namespace: spire-server
"
`);
});

test('of some checks alone', () => {
  const checks = CHECKS.filter(({ id }) => id === 'V01' || id === 'V04');
  const rules = rbacManifests(checks, ['spire'], { namespace: 'spire' }).flatMap(
    (each) => (each as { rules?: object[] }).rules ?? [],
  );
  expect(rules).toEqual([
    { apiGroups: [''], resources: ['nodes', 'pods'], verbs: ['list'] },
    { apiGroups: [''], resources: ['configmaps'], verbs: ['get'] },
    { apiGroups: ['apps'], resources: ['daemonsets'], verbs: ['list'] },
  ]);
});

test('a namespace that is named twice has one role', () => {
  const kinds = rbacManifests(CHECKS, ['a', 'a'], { namespace: 'a' }).map((each) => (each as { kind: string }).kind);
  expect(kinds).toEqual(['ServiceAccount', 'ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding']);
});

test('nothing is written, and nothing is deleted', () => {
  const verbs = new Set(
    CHECKS.flatMap(({ needs }) => needs).map(
      ({ verb, resource, subresource }) => `${verb} ${subresource ?? resource.group}`,
    ),
  );
  expect([...verbs].filter((each) => !/^(?:get|list) /.test(each)).sort()).toEqual([
    'create authorization.k8s.io',
    'create exec',
    'create portforward',
  ]);
});
