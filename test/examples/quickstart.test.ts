import { containersOf, type Manifest, podOf } from '../spire/installation';
import { removeFolders } from '../synth/fixtures';
import { type Output, synthesize } from './synthesize';

const quickstart = synthesize('quickstart');

afterAll(removeFolders);

const nameOf = ({ kind, metadata }: Manifest): string =>
  `${kind} ${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`;

test('twice the same bytes', () => {
  expect(synthesize('quickstart')).toEqual(quickstart);
});

test('its files', () => {
  expect(Object.keys(quickstart.files)).toMatchInlineSnapshot(`
[
  ".spirekit",
  "demo/10-foundation.yaml",
  "demo/20-control-plane.yaml",
  "demo/30-nodes.yaml",
  "demo/40-endpoints.yaml",
  "demo/60-identities.yaml",
  "demo/70-workloads.yaml",
  "demo/install.sh",
  "demo/remove.sh",
  "summary.txt",
]
`);
});

test('its objects, in the order in which they are applied', () => {
  expect(quickstart.objects.map(nameOf).join('\n')).toMatchInlineSnapshot(`
"Namespace spire-server
Namespace spire-system
CustomResourceDefinition clusterfederatedtrustdomains.spire.spiffe.io
CustomResourceDefinition clusterspiffeids.spire.spiffe.io
CustomResourceDefinition clusterstaticentries.spire.spiffe.io
Namespace shop
ServiceAccount spire-server/spire-server
ClusterRole spire-server
ClusterRoleBinding spire-server
Role spire-system/spire-server
RoleBinding spire-system/spire-server
ConfigMap spire-server/spire-server
Service spire-server/spire-server
NetworkPolicy spire-server/spire-server
StatefulSet spire-server/spire-server
ConfigMap spire-server/spire-controller-manager
ClusterRole spire-controller-manager
ClusterRoleBinding spire-controller-manager
Role spire-server/spire-controller-manager
RoleBinding spire-server/spire-controller-manager
Service spire-server/spire-controller-manager-webhook
NetworkPolicy spire-server/spire-controller-manager-webhook
ValidatingWebhookConfiguration spire-controller-manager-webhook
ServiceAccount spire-system/spire-agent
ClusterRole spire-agent
ClusterRoleBinding spire-agent
ConfigMap spire-system/spire-agent
NetworkPolicy spire-system/spire-agent
DaemonSet spire-system/spire-agent
CSIDriver csi.spiffe.io
ServiceAccount spire-system/spire-csi-driver
NetworkPolicy spire-system/spire-csi-driver
DaemonSet spire-system/spire-csi-driver
ClusterSPIFFEID spire-oidc-discovery-provider
ServiceAccount spire-server/spire-oidc-discovery-provider
ConfigMap spire-server/spire-oidc-discovery-provider
NetworkPolicy spire-server/spire-oidc-discovery-provider
Service spire-server/spire-oidc-discovery-provider
Deployment spire-server/spire-oidc-discovery-provider
ClusterSPIFFEID shop-payments
ServiceAccount shop/payments
Deployment shop/payments"
`);
});

test('its summary: no finding, and the commands that install it', () => {
  expect(quickstart.shown).toBe(`${quickstart.files['summary.txt']}\n`);
  expect(quickstart.shown).toMatchInlineSnapshot(`
"demo · trust domain demo.example.com · SPIRE 1.15.3

  wave           objects  file
  foundation           6  OUT/demo/10-foundation.yaml
  control-plane       17  OUT/demo/20-control-plane.yaml
  nodes               10  OUT/demo/30-nodes.yaml
  endpoints            6  OUT/demo/40-endpoints.yaml
  identities           1  OUT/demo/60-identities.yaml
  workloads            2  OUT/demo/70-workloads.yaml
                      42

Findings: none

To install demo: sh OUT/demo/install.sh, which runs, one wave after the other:

  kubectl apply --server-side -f OUT/demo/10-foundation.yaml
  kubectl wait '--for=jsonpath={.status.conditions[0].type}' --timeout=5m crd/clusterfederatedtrustdomains.spire.spiffe.io crd/clusterspiffeids.spire.spiffe.io crd/clusterstaticentries.spire.spiffe.io
  kubectl wait --for=condition=Established --timeout=5m crd/clusterfederatedtrustdomains.spire.spiffe.io crd/clusterspiffeids.spire.spiffe.io crd/clusterstaticentries.spire.spiffe.io
  kubectl apply --server-side -f OUT/demo/20-control-plane.yaml
  kubectl -n spire-server rollout status --timeout=5m statefulset/spire-server
  kubectl wait '--for=jsonpath={.webhooks[0].clientConfig.caBundle}' --timeout=5m validatingwebhookconfiguration/spire-controller-manager-webhook
  kubectl apply --server-side -f OUT/demo/30-nodes.yaml
  kubectl -n spire-system rollout status --timeout=5m daemonset/spire-agent
  kubectl -n spire-system rollout status --timeout=5m daemonset/spire-csi-driver
  kubectl apply --server-side -f OUT/demo/40-endpoints.yaml
  kubectl -n spire-server rollout status --timeout=5m deployment/spire-oidc-discovery-provider
  kubectl apply --server-side -f OUT/demo/60-identities.yaml
  kubectl apply --server-side -f OUT/demo/70-workloads.yaml
  kubectl -n shop rollout status --timeout=5m deployment/payments

To remove it again: sh OUT/demo/remove.sh

"
`);
});

test('the workload and its identity', () => {
  const [identity, account, workload] = quickstart.objects.slice(-3);
  expect(identity).toMatchInlineSnapshot(`
{
  "apiVersion": "spire.spiffe.io/v1alpha1",
  "kind": "ClusterSPIFFEID",
  "metadata": {
    "labels": {
      "spire.spiffe.io/class-name": "spire",
    },
    "name": "shop-payments",
  },
  "spec": {
    "className": "spire",
    "namespaceSelector": {
      "matchLabels": {
        "kubernetes.io/metadata.name": "shop",
      },
    },
    "podSelector": {
      "matchLabels": {
        "cdk8s.io/metadata.addr": "demo-shop-payments-c82c29e3",
      },
    },
    "spiffeIDTemplate": "spiffe://{{ .TrustDomain }}/ns/{{ .PodMeta.Namespace }}/sa/{{ .PodSpec.ServiceAccountName }}",
  },
}
`);
  expect(nameOf(account)).toBe('ServiceAccount shop/payments');
  expect(podOf(workload).metadata.labels).toMatchObject(identity.spec.podSelector.matchLabels);
  expect(workload.spec.template.spec).toMatchInlineSnapshot(`
{
  "automountServiceAccountToken": false,
  "containers": [
    {
      "command": [
        "/opt/spire/bin/spire-agent",
        "api",
        "watch",
        "-socketPath",
        "/spiffe-workload-api/spire-agent.sock",
      ],
      "env": [
        {
          "name": "SPIFFE_ENDPOINT_SOCKET",
          "value": "unix:///spiffe-workload-api/spire-agent.sock",
        },
      ],
      "image": "ghcr.io/spiffe/spire-agent:1.15.3",
      "imagePullPolicy": "IfNotPresent",
      "name": "main",
      "resources": {
        "requests": {
          "cpu": "10m",
          "memory": "32Mi",
        },
      },
      "securityContext": {
        "allowPrivilegeEscalation": false,
        "capabilities": {
          "drop": [
            "ALL",
          ],
        },
        "privileged": false,
        "readOnlyRootFilesystem": true,
        "runAsNonRoot": true,
      },
      "volumeMounts": [
        {
          "mountPath": "/spiffe-workload-api",
          "name": "spiffe-workload-api",
          "readOnly": true,
        },
      ],
    },
  ],
  "dnsPolicy": "ClusterFirst",
  "hostNetwork": false,
  "restartPolicy": "Always",
  "securityContext": {
    "fsGroupChangePolicy": "Always",
    "runAsGroup": 1000,
    "runAsNonRoot": true,
    "runAsUser": 1000,
    "seccompProfile": {
      "type": "RuntimeDefault",
    },
  },
  "serviceAccountName": "payments",
  "setHostnameAsFQDN": false,
  "terminationGracePeriodSeconds": 30,
  "volumes": [
    {
      "csi": {
        "driver": "csi.spiffe.io",
        "readOnly": true,
      },
      "name": "spiffe-workload-api",
    },
  ],
}
`);
});

describe('references', () => {
  /** What pods refer to, and where: in the namespace of the pod, or in the cluster. */
  function referencesOf(objects: readonly Manifest[]): string[] {
    const found = new Set<string>();
    for (const manifest of objects) {
      const pod = podOf(manifest);
      if (!pod) continue;
      const { namespace } = manifest.metadata;
      const add = (kind: string, name: string | undefined) => name && found.add(`${kind} ${namespace}/${name}`);
      add('ServiceAccount', pod.spec.serviceAccountName);
      for (const { configMap, secret, csi, projected } of pod.spec.volumes ?? []) {
        add('ConfigMap', configMap?.name);
        add('Secret', secret?.secretName);
        if (csi) found.add(`CSIDriver ${csi.driver}`);
        for (const source of projected?.sources ?? []) {
          add('ConfigMap', source.configMap?.name);
          add('Secret', source.secret?.name);
        }
      }
      for (const { env = [], envFrom = [] } of containersOf(pod)) {
        for (const { valueFrom } of env) {
          add('ConfigMap', valueFrom?.configMapKeyRef?.name);
          add('Secret', valueFrom?.secretKeyRef?.name);
        }
        for (const { configMapRef, secretRef } of envFrom) {
          add('ConfigMap', configMapRef?.name);
          add('Secret', secretRef?.name);
        }
      }
    }
    return [...found].sort();
  }

  const missing = ({ objects }: Output): string[] => {
    const names = objects.map(nameOf);
    return referencesOf(objects).filter((reference) => !names.includes(reference));
  };

  test('of the quickstart exist, but for the ConfigMap that the server itself writes', () => {
    expect(referencesOf(quickstart.objects)).toHaveLength(11);
    expect(missing(quickstart)).toEqual(['ConfigMap spire-system/spire-bundle']);
  });

  test('of the production example exist, but for the Secrets that it names and the one that cert-manager fills', () => {
    const production = synthesize('production');
    expect(production.shown).toContain('\nFindings: none\n');
    expect(missing(production)).toEqual([
      'ConfigMap spire-system/spire-bundle',
      'Secret spire-server/spire-database',
      'Secret spire-server/spire-oidc-discovery-provider',
      'Secret spire-server/spire-upstream-ca',
    ]);
    const certificate = production.objects.find(({ kind }) => kind === 'Certificate');
    expect(certificate.spec.secretName).toBe('spire-oidc-discovery-provider');
  });

  test('every namespace exists, and comes before what is in it', () => {
    const { objects } = quickstart;
    const at = (name: string) =>
      objects.findIndex(({ kind, metadata }) => kind === 'Namespace' && metadata.name === name);
    objects.forEach(({ metadata }, index) => {
      if (metadata.namespace === undefined) return;
      expect([metadata.namespace, at(metadata.namespace)]).not.toContain(-1);
      expect(at(metadata.namespace)).toBeLessThan(index);
    });
  });

  test('no two objects are one', () => {
    const names = quickstart.objects.map(nameOf);
    expect(new Set(names).size).toBe(names.length);
  });
});
