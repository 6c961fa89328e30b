import { Chart, Testing } from 'cdk8s';
import {
  AgentKeyManager,
  AgentNodeAttestor,
  type AgentPlugin,
  KubeletVerification,
  NodeAttestor,
  type ServerPlugin,
  SpireAgent,
  type SpireAgentProps,
  SpireLayout,
  SpireServer,
  WorkloadAttestor,
} from '../../lib/spire';
import { difference, find, findings, install, type Manifest, manifestsOf, untyped } from './installation';

type Props = Omit<SpireAgentProps, 'server'>;

/** An agent beside a server, as level-2 constructs. */
function agentOf(props: Props = {}, nodeAttestors?: readonly ServerPlugin[]): SpireAgent {
  const chart = new Chart(Testing.app(), 'demo');
  const layout = new SpireLayout(chart, { trustDomain: 'demo.example.com' });
  return new SpireAgent(chart, 'agent', {
    server: new SpireServer(chart, 'server', { layout, nodeAttestors }),
    ...props,
  });
}

const confOf = (agent: SpireAgent): string => agent.config.resolve();
const daemonSet = (agent: SpireAgent): Manifest => find(agent, 'DaemonSet', 'spire-agent');

test('agent.conf', () => {
  expect(confOf(agentOf())).toMatchInlineSnapshot(`
"agent {
  trust_domain = "demo.example.com"
  server_address = "spire-server.spire-server.svc.cluster.local"
  server_port = 8081
  data_dir = "/run/spire/data"
  socket_path = "/run/spire/sockets/spire-agent.sock"
  log_level = "INFO"
  trust_bundle_path = "/run/spire/bundle/bundle.spiffe"
  trust_bundle_format = "spiffe"
  rebootstrap_mode = "auto"
}

plugins {
  NodeAttestor "k8s_psat" {
    plugin_data {
      cluster = "demo"
      token_path = "/var/run/secrets/tokens/spire-agent"
    }
  }
  KeyManager "memory" {
    plugin_data {}
  }
  WorkloadAttestor "k8s" {
    plugin_data {
      node_name_env = "KUBELET_HOST"
    }
  }
}

health_checks {
  listener_enabled = true
  bind_address = "0.0.0.0"
  bind_port = "9982"
  live_path = "/live"
  ready_path = "/ready"
}

telemetry {
  Prometheus {
    host = "0.0.0.0"
    port = 9988
  }
  EnableTrustDomainLabel = true
}
"
`);
  expect(findings(agentOf())).toEqual([]);
});

test('its objects', () => {
  const names = manifestsOf(agentOf()).map(
    ({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`,
  );
  expect(names).toMatchInlineSnapshot(`
[
  "ServiceAccount spire-system/spire-agent",
  "ClusterRole /spire-agent",
  "ClusterRoleBinding /spire-agent",
  "ConfigMap spire-system/spire-agent",
  "NetworkPolicy spire-system/spire-agent",
  "DaemonSet spire-system/spire-agent",
]
`);
});

test('its pod sees the processes of the node, its token, the bundle and the socket folder', () => {
  const { spec } = daemonSet(agentOf()).spec.template;
  const { containers, ...pod } = spec;
  const { volumeMounts, env, args } = containers[0];
  expect({ ...pod, volumeMounts, env, args }).toMatchInlineSnapshot(`
{
  "args": [
    "-config",
    "/run/spire/config/agent.conf",
  ],
  "automountServiceAccountToken": true,
  "env": [
    {
      "name": "KUBELET_HOST",
      "valueFrom": {
        "fieldRef": {
          "fieldPath": "status.hostIP",
        },
      },
    },
  ],
  "hostPID": true,
  "priorityClassName": "system-node-critical",
  "serviceAccountName": "spire-agent",
  "tolerations": [
    {
      "operator": "Exists",
    },
  ],
  "volumeMounts": [
    {
      "mountPath": "/run/spire/config",
      "name": "config",
      "readOnly": true,
    },
    {
      "mountPath": "/run/spire/bundle",
      "name": "bundle",
      "readOnly": true,
    },
    {
      "mountPath": "/var/run/secrets/tokens",
      "name": "token",
      "readOnly": true,
    },
    {
      "mountPath": "/run/spire/sockets",
      "name": "sockets",
    },
    {
      "mountPath": "/run/spire/data",
      "name": "data",
    },
  ],
  "volumes": [
    {
      "configMap": {
        "name": "spire-agent",
      },
      "name": "config",
    },
    {
      "configMap": {
        "name": "spire-bundle",
      },
      "name": "bundle",
    },
    {
      "name": "token",
      "projected": {
        "sources": [
          {
            "serviceAccountToken": {
              "audience": "spire-server",
              "expirationSeconds": 7200,
              "path": "spire-agent",
            },
          },
        ],
      },
    },
    {
      "hostPath": {
        "path": "/run/spire/agent-sockets",
        "type": "DirectoryOrCreate",
      },
      "name": "sockets",
    },
    {
      "emptyDir": {},
      "name": "data",
    },
  ],
}
`);
});

test("settings reach agent.conf, the container and the agent's rights", () => {
  const agent = agentOf({
    logLevel: 'DEBUG',
    syncInterval: '10s',
    kubelet: {
      verification: KubeletVerification.ca({ path: '/run/kubelet/ca.crt' }),
      authorization: 'nodes/proxy',
      address: 'node-name',
    },
    tolerations: [],
    nodeSelector: { pool: 'apps' },
    resources: { limits: { memory: '256Mi' } },
  });
  expect(findings(agent)).toEqual([]);
  expect(difference(confOf(agentOf()), confOf(agent))).toMatchInlineSnapshot(`
[
  "- log_level = "INFO"",
  "+ log_level = "DEBUG"",
  "+ experimental {",
  "+ sync_interval = "10s"",
  "+ kubelet_ca_path = "/run/kubelet/ca.crt"",
]
`);
  const { spec } = daemonSet(agent).spec.template;
  expect([spec.tolerations, spec.nodeSelector, spec.containers[0].resources, spec.containers[0].env]).toEqual([
    [],
    { pool: 'apps' },
    { limits: { memory: '256Mi' } },
    [{ name: 'KUBELET_HOST', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }],
  ]);
  expect(find(agent, 'ClusterRole', 'spire-agent').rules).toEqual([
    { apiGroups: [''], resources: ['nodes/proxy'], verbs: ['get'] },
  ]);
});

test('keys on disk are kept on the node, where they outlive the pod', () => {
  const data = (agent: SpireAgent) =>
    daemonSet(agent).spec.template.spec.volumes.find(({ name }: { name: string }) => name === 'data');
  expect(data(agentOf())).toEqual({ name: 'data', emptyDir: {} });
  const kept = agentOf({ keyManager: AgentKeyManager.disk() });
  expect(findings(kept)).toEqual([]);
  expect(data(kept)).toEqual({ name: 'data', hostPath: { path: '/var/lib/spire/agent', type: 'DirectoryOrCreate' } });
  const other = install({ agent: { keyManager: AgentKeyManager.disk() } });
  expect(difference(other.spire.agent.config.resolve(), install().spire.agent.config.resolve())).toEqual([
    '- KeyManager "disk" {',
    '- directory = "/run/spire/data"',
    '+ KeyManager "memory" {',
    '+ plugin_data {}',
  ]);
});

test('plugins bring their block, variables, volumes and exactly their rules', () => {
  const plugin: AgentPlugin = WorkloadAttestor.custom({
    name: 'vault',
    data: { address: 'https://vault.test' },
    needs: {
      env: [{ name: 'VAULT_TOKEN', secret: 'vault', key: 'token' }],
      volumes: [{ name: 'vault', mountPath: '/run/vault', source: { emptyDir: {} } }],
      rules: [
        { scope: 'cluster', apiGroups: [''], resources: ['nodes'], resourceNames: ['node-1'], verbs: ['get'] },
        { scope: 'namespace', apiGroups: [''], resources: ['configmaps'], resourceNames: ['vault'], verbs: ['get'] },
      ],
    },
  });
  const agent = agentOf({ plugins: [plugin, WorkloadAttestor.unix()] });
  expect(findings(agent)).toEqual([]);
  const [container] = daemonSet(agent).spec.template.spec.containers;
  expect(container.env).toContainEqual({
    name: 'VAULT_TOKEN',
    valueFrom: { secretKeyRef: { name: 'vault', key: 'token' } },
  });
  expect(container.volumeMounts).toContainEqual({ name: 'vault', mountPath: '/run/vault', readOnly: true });
  expect(find(agent, 'ClusterRole', 'spire-agent').rules).toEqual([
    { apiGroups: [''], resources: ['nodes/pods'], verbs: ['get'] },
    { apiGroups: [''], resources: ['nodes'], resourceNames: ['node-1'], verbs: ['get'] },
  ]);
  expect(find(agent, 'Role', 'spire-agent')).toMatchObject({
    metadata: { namespace: 'spire-system' },
    rules: [{ apiGroups: [''], resources: ['configmaps'], resourceNames: ['vault'], verbs: ['get'] }],
  });
  expect(find(agent, 'RoleBinding', 'spire-agent').subjects).toEqual([
    { kind: 'ServiceAccount', name: 'spire-agent', namespace: 'spire-system' },
  ]);
  expect(difference(confOf(agentOf()), confOf(agent))).toContain('+ WorkloadAttestor "vault" {');
});

test('the checksum annotation changes with the text, and only with it', () => {
  const checksum = (props: Props): string =>
    daemonSet(agentOf(props)).spec.template.metadata.annotations['checksum/agent.conf'];
  const changes: Props[] = [{}, { logLevel: 'DEBUG' }, { syncInterval: '6s' }, { plugins: [WorkloadAttestor.unix()] }];
  expect(new Set(changes.map(checksum)).size).toBe(changes.length);
  const same: Props[] = [{}, { tolerations: [] }, { nodeSelector: { a: 'b' } }, { kubelet: { address: 'node-name' } }];
  expect(new Set(same.map(checksum)).size).toBe(1);
});

describe('an agent that the server would refuse', () => {
  const psat = (entry: { serviceAccountAllowList?: string[]; audience?: string[] }, cluster = 'demo') =>
    NodeAttestor.k8sPsat({
      clusters: { [cluster]: { serviceAccountAllowList: ['spire-system:spire-agent'], ...entry } },
    });
  const cases: Record<string, SpireAgent> = {
    'another attestor': agentOf({ nodeAttestor: AgentNodeAttestor.custom({ name: 'aws_iid' }) }),
    'no attestor of the server': agentOf({}, []),
    'another cluster': agentOf({ nodeAttestor: AgentNodeAttestor.k8sPsat({ cluster: 'prod' }) }),
    'an account that is not allowed': agentOf({}, [psat({ serviceAccountAllowList: ['spire:spire-agent'] })]),
    'an audience that is not accepted': agentOf({}, [psat({ audience: ['vault'] })]),
    "the API server's own audience": agentOf({}, [psat({ audience: [] })]),
    'a token that is not mounted': agentOf({
      nodeAttestor: AgentNodeAttestor.k8sPsat({ cluster: 'demo', tokenPath: '/run/token' }),
    }),
    'keys where nothing can be written': agentOf({ keyManager: AgentKeyManager.disk({ directory: '/keys' }) }),
  };

  test('is found', () => {
    const text = Object.entries(cases).map(([name, agent]) => [name, ...findings(agent.node.root)].join('\n  '));
    expect(text.join('\n')).toMatchInlineSnapshot(`
"another attestor
  error [demo/agent] nodeAttestor 'aws_iid' is not among the server's node attestors (k8s_psat); give the server the matching NodeAttestor, or the agent one that the server has (agent-fits-server)
no attestor of the server
  error [demo/agent] nodeAttestor 'k8s_psat' is not among the server's node attestors (none); give the server the matching NodeAttestor, or the agent one that the server has (agent-fits-server)
another cluster
  error [demo/agent] nodeAttestor.cluster 'prod' is not a cluster of the server's k8s_psat (demo); use one cluster name on both sides (agent-fits-server)
an account that is not allowed
  error [demo/agent] server.nodeAttestors ["spire:spire-agent"] does not allow the agent's service account 'spire-system:spire-agent'; add it to serviceAccountAllowList (agent-fits-server)
an audience that is not accepted
  error [demo/agent] server.nodeAttestors ["vault"] does not accept the audience of the agent's token, 'spire-server'; add it to audience (agent-fits-server)
the API server's own audience
  error [demo/agent] server.nodeAttestors [] does not accept the audience of the agent's token, 'spire-server'; add it to audience (agent-fits-server)
a token that is not mounted
  error [demo/agent] nodeAttestor.tokenPath '/run/token' is where no token is mounted, so the agent could not prove itself; write '/var/run/secrets/tokens/spire-agent', or leave it out (agent-token)
keys where nothing can be written
  error [demo/agent] plugins.KeyManager.disk.directory '/keys' is not on the data volume, and nothing else can be written to; write a path below '/run/spire/data/', or leave it out (data-path)"
`);
  });

  test('and one that several clusters of the server know is not', () => {
    const attestors = [
      NodeAttestor.k8sPsat({
        clusters: {
          other: { serviceAccountAllowList: ['a:b'], kubeConfig: { secret: 'other', key: 'kubeconfig' } },
          demo: { serviceAccountAllowList: ['c:d', 'spire-system:spire-agent'], audience: ['x', 'spire-server'] },
        },
      }),
      NodeAttestor.joinToken(),
    ];
    expect(findings(agentOf({}, attestors).node.root)).toEqual([]);
  });

  test('a token from a volume of the attestor is fine', () => {
    const nodeAttestor = AgentNodeAttestor.custom({
      name: 'k8s_psat',
      needs: { volumes: [{ name: 'own-token', mountPath: '/run/own', source: { emptyDir: {} } }] },
      traits: { agentPsat: { cluster: 'demo', tokenPath: '/run/own/token' } },
    });
    expect(findings(agentOf({ nodeAttestor }))).toEqual([]);
  });
});

test('agents below which the controller manager registers nobody', () => {
  const server = { nodeAttestors: [NodeAttestor.custom({ name: 'aws_iid' })] };
  const clusters = { blue: { serviceAccountAllowList: ['spire-system:spire-agent'] } };
  expect([
    ...findings(install({ server, agent: { nodeAttestor: AgentNodeAttestor.custom({ name: 'aws_iid' }) } })),
    ...findings(
      install({
        server: { nodeAttestors: [NodeAttestor.k8sPsat({ clusters })] },
        agent: { nodeAttestor: AgentNodeAttestor.k8sPsat({ cluster: 'blue' }) },
      }),
    ),
  ]).toMatchInlineSnapshot(`
[
  "error [demo/spire] agent.nodeAttestor 'aws_iid' gives agents IDs below which the controller manager registers no workload, so none would get an identity; use AgentNodeAttestor.k8sPsat() (identity-parent)",
  "error [demo/spire] agent.nodeAttestor.cluster 'blue' is not the cluster that the controller manager registers workloads in, 'demo'; set clusterName alone: server, agent and controller manager take it from there (identity-parent)",
]
`);
});

test('refused: no server', () => {
  const chart = new Chart(Testing.app(), 'demo');
  expect(() => new SpireAgent(chart, 'agent', untyped({}))).toThrow(
    new Error("SpireAgent 'demo/agent': server is missing; pass the construct that it belongs to"),
  );
});
