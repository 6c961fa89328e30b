import { Chart, Testing } from 'cdk8s';
import { parse } from 'yaml';
import { gateOf } from '../../lib/core';
import {
  ControllerManager,
  type ControllerManagerProps,
  KubernetesCluster,
  SpireLayout,
  SpireServer,
} from '../../lib/spire';
import { find, findings, type Manifest, manifestsOf, untyped } from './installation';

type Props = Omit<ControllerManagerProps, 'server'>;

function managerOf(props: Props = {}): ControllerManager {
  const chart = new Chart(Testing.app(), 'demo');
  const layout = new SpireLayout(chart, { trustDomain: 'demo.example.com' });
  return new ControllerManager(chart, 'manager', { server: new SpireServer(chart, 'server', { layout }), ...props });
}

const settings = (manager: ControllerManager): Manifest =>
  parse(find(manager, 'ConfigMap', 'spire-controller-manager').data['controller-manager.yaml']);
const server = (manager: ControllerManager): Manifest => find(Chart.of(manager), 'StatefulSet', 'spire-server');

test('its configuration', () => {
  expect(settings(managerOf())).toMatchInlineSnapshot(`
{
  "apiVersion": "spire.spiffe.io/v1alpha1",
  "className": "spire",
  "clusterDomain": "cluster.local",
  "clusterName": "demo",
  "gcInterval": 10000000000,
  "health": {
    "healthProbeBindAddress": "0.0.0.0:8083",
  },
  "ignoreNamespaces": [
    "^kube-system$",
    "^kube-public$",
    "^kube-node-lease$",
    "^spire-system$",
  ],
  "kind": "ControllerManagerConfig",
  "leaderElection": {
    "leaderElect": true,
    "resourceName": "spire-controller-manager",
    "resourceNamespace": "spire-server",
  },
  "logLevel": "info",
  "metrics": {
    "bindAddress": "0.0.0.0:8082",
  },
  "spireServerSocketPath": "/spire-server/api.sock",
  "trustDomain": "demo.example.com",
  "validatingWebhookConfigurationName": "spire-controller-manager-webhook",
  "watchClassless": true,
}
`);
});

test('its objects', () => {
  const names = manifestsOf(managerOf()).map(
    ({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`,
  );
  expect(names).toMatchInlineSnapshot(`
[
  "ConfigMap spire-server/spire-controller-manager",
  "ClusterRole /spire-controller-manager",
  "ClusterRoleBinding /spire-controller-manager",
  "Role spire-server/spire-controller-manager",
  "RoleBinding spire-server/spire-controller-manager",
  "Service spire-server/spire-controller-manager-webhook",
  "NetworkPolicy spire-server/spire-controller-manager-webhook",
  "ValidatingWebhookConfiguration /spire-controller-manager-webhook",
]
`);
});

test("it works in the server's pod, by the server's private socket", () => {
  const { spec, metadata } = server(managerOf()).spec.template;
  const { securityContext, image, livenessProbe, startupProbe, readinessProbe, ...container } = spec.containers[1];
  expect(container).toMatchInlineSnapshot(`
{
  "args": [
    "-config=/run/spire/controller-manager/controller-manager.yaml",
  ],
  "env": [
    {
      "name": "ENABLE_WEBHOOKS",
      "value": "true",
    },
  ],
  "name": "spire-controller-manager",
  "ports": [
    {
      "containerPort": 9443,
      "name": "webhook",
    },
    {
      "containerPort": 8083,
      "name": "cm-healthz",
    },
    {
      "containerPort": 8082,
      "name": "cm-metrics",
    },
  ],
  "resources": {
    "requests": {
      "cpu": "20m",
      "memory": "64Mi",
    },
  },
  "volumeMounts": [
    {
      "mountPath": "/run/spire/controller-manager",
      "name": "controller-manager-config",
      "readOnly": true,
    },
    {
      "mountPath": "/spire-server",
      "name": "spire-server-socket",
      "readOnly": true,
    },
    {
      "mountPath": "/tmp",
      "name": "controller-manager-tmp",
    },
  ],
}
`);
  expect([livenessProbe.httpGet, startupProbe.tcpSocket, readinessProbe.httpGet]).toEqual([
    { path: '/healthz', port: 'cm-healthz' },
    { port: 'webhook' },
    { path: '/readyz', port: 'cm-healthz' },
  ]);
  expect(Object.keys(metadata.annotations)).toEqual(['checksum/controller-manager.yaml', 'checksum/server.conf']);
  expect(findings(managerOf().node.root)).toEqual([]);
});

test('the webhook leads to the pod, by a service and a port of the same name', () => {
  const manager = managerOf();
  const { webhooks } = find(manager, 'ValidatingWebhookConfiguration', 'spire-controller-manager-webhook');
  expect(webhooks).toMatchInlineSnapshot(`
[
  {
    "admissionReviewVersions": [
      "v1",
    ],
    "clientConfig": {
      "service": {
        "name": "spire-controller-manager-webhook",
        "namespace": "spire-server",
        "path": "/validate-spire-spiffe-io-v1alpha1-clusterspiffeid",
      },
    },
    "failurePolicy": "Fail",
    "name": "vclusterspiffeid.kb.io",
    "rules": [
      {
        "apiGroups": [
          "spire.spiffe.io",
        ],
        "apiVersions": [
          "v1alpha1",
        ],
        "operations": [
          "CREATE",
          "UPDATE",
        ],
        "resources": [
          "clusterspiffeids",
        ],
      },
    ],
    "sideEffects": "None",
  },
  {
    "admissionReviewVersions": [
      "v1",
    ],
    "clientConfig": {
      "service": {
        "name": "spire-controller-manager-webhook",
        "namespace": "spire-server",
        "path": "/validate-spire-spiffe-io-v1alpha1-clusterfederatedtrustdomain",
      },
    },
    "failurePolicy": "Fail",
    "name": "vclusterfederatedtrustdomain.kb.io",
    "rules": [
      {
        "apiGroups": [
          "spire.spiffe.io",
        ],
        "apiVersions": [
          "v1alpha1",
        ],
        "operations": [
          "CREATE",
          "UPDATE",
        ],
        "resources": [
          "clusterfederatedtrustdomains",
        ],
      },
    ],
    "sideEffects": "None",
  },
]
`);
  const service = find(manager, 'Service', 'spire-controller-manager-webhook');
  expect(service.spec.ports).toEqual([{ name: 'https', port: 443, targetPort: 'webhook' }]);
  expect(service.spec.selector).toEqual(server(manager).spec.selector.matchLabels);
  expect(server(manager).spec.template.spec.containers[1].ports).toContainEqual({
    name: 'webhook',
    containerPort: 9443,
  });
  expect(gateOf(manager.webhook)?.condition).toEqual({ type: 'field', path: '{.webhooks[0].clientConfig.caBundle}' });
});

test('settings change the configuration, and with it the checksum', () => {
  const changed = managerOf({ watchClassless: false, logLevel: 'debug', ignoreNamespaces: ['legacy'] });
  expect(settings(changed)).toMatchObject({ watchClassless: false, logLevel: 'debug' });
  const checksum = (manager: ControllerManager): string =>
    server(manager).spec.template.metadata.annotations['checksum/controller-manager.yaml'];
  expect(checksum(changed)).not.toBe(checksum(managerOf()));
  expect(checksum(managerOf({ logLevel: 'info', watchClassless: true, ignoreNamespaces: [] }))).toBe(
    checksum(managerOf()),
  );
});

describe('ignored namespaces', () => {
  test('are whole names: neither a part of a name nor one branch of an expression', () => {
    const manager = managerOf({ ignoreNamespaces: ['legacy', 'team-.*', 'a|b'] });
    expect(settings(manager).ignoreNamespaces).toEqual([
      '^kube-system$',
      '^kube-public$',
      '^kube-node-lease$',
      '^spire-system$',
      '^legacy$',
      '^(?:team-.*)$',
      '^(?:a|b)$',
    ]);
    const names = ['kube-system', 'my-kube-system', 'legacy', 'legacy2', 'team-x', 'my-team-x', 'a', 'ab', 'b', 'shop'];
    expect(names.filter((name) => manager.ignores(name))).toEqual(['kube-system', 'legacy', 'team-x', 'a', 'b']);
  });

  test('that are none are refused', () => {
    const manager = managerOf({ ignoreNamespaces: untyped(['[', '', 7, null, '(?!kube-).*', '(.)\\1', 'ok']) });
    expect(findings(manager).join('\n')).toMatchInlineSnapshot(`
"error [demo/manager] ignoreNamespaces[0] '[' is not a regular expression; write the name of a namespace, or an expression such as 'team-.*' (ignore-namespaces)
error [demo/manager] ignoreNamespaces[1] '' is not a namespace; write the name of a namespace, or an expression such as 'team-.*' (ignore-namespaces)
error [demo/manager] ignoreNamespaces[2] 7 is not a namespace; write the name of a namespace, or an expression such as 'team-.*' (ignore-namespaces)
error [demo/manager] ignoreNamespaces[3] null is not a namespace; write the name of a namespace, or an expression such as 'team-.*' (ignore-namespaces)
error [demo/manager] ignoreNamespaces[4] '(?!kube-).*' is not a regular expression that Go knows; write the name of a namespace, or an expression such as 'team-.*' (ignore-namespaces)
error [demo/manager] ignoreNamespaces[5] '(.)\\1' is not a regular expression that Go knows; write the name of a namespace, or an expression such as 'team-.*' (ignore-namespaces)"
`);
    expect(settings(manager).ignoreNamespaces).toHaveLength(5);
  });

  test('may not hold the OIDC discovery provider, unless there is none', () => {
    const props = { trustDomain: 'demo.example.com', controllerManager: { ignoreNamespaces: ['spire-.*'] } };
    expect(findings(new KubernetesCluster(Testing.app(), 'demo', props))).toMatchInlineSnapshot(`
[
  "error [demo/spire] controllerManager.ignoreNamespaces covers 'spire-server', where the OIDC discovery provider needs an identity; leave that namespace out, or set oidc to false (ignore-namespaces)",
]
`);
    expect(findings(new KubernetesCluster(Testing.app(), 'demo', { ...props, oidc: false }))).toEqual([]);
  });
});

test('refused: words and kinds that it does not know, no server', () => {
  const manager = managerOf(
    untyped({ logLevel: 'loud', watchClassless: 'no', ignoreNamespaces: 'legacy', gcInterval: 1 }),
  );
  expect(findings(manager).join('\n')).toMatchInlineSnapshot(`
"error [demo/manager] logLevel 'loud' is not a word that is known here; write one of debug, info, warn, error (property-kind)
error [demo/manager] watchClassless 'no' is not a boolean; write true or false, without quotes (property-kind)
error [demo/manager] ignoreNamespaces 'legacy' is not a list; write it in square brackets (property-kind)
error [demo/manager] gcInterval is not a property; write one of server, ignoreNamespaces, watchClassless, logLevel (property-unknown)"
`);
  const chart = new Chart(Testing.app(), 'demo');
  expect(() => new ControllerManager(chart, 'manager', untyped(undefined))).toThrow(
    new Error("ControllerManager 'demo/manager': server is missing; pass the construct that it belongs to"),
  );
});
