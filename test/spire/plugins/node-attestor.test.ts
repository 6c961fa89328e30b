import { writeHcl } from '../../../lib/spire/config';
import { AgentNodeAttestor, NodeAttestor } from '../../../lib/spire/plugins';
import { lines } from '../config/findings';

test('tokens of the own cluster', () => {
  const plugin = NodeAttestor.k8sPsat({ clusters: { demo: { serviceAccountAllowList: ['spire:agent'] } } });
  expect(plugin.needs).toEqual({
    volumes: [],
    rules: [
      { scope: 'cluster', apiGroups: [''], resources: ['nodes', 'pods'], verbs: ['get'] },
      { scope: 'cluster', apiGroups: ['authentication.k8s.io'], resources: ['tokenreviews'], verbs: ['create'] },
    ],
  });
  expect(plugin.traits).toEqual({
    reattestable: true,
    psat: [{ cluster: 'demo', serviceAccountAllowList: ['spire:agent'], audience: ['spire-server'], remote: false }],
  });
  expect(plugin.findings).toEqual([]);
});

test('tokens of other clusters', () => {
  const cluster = { serviceAccountAllowList: ['spire:agent'], audience: ['a'] };
  const plugin = NodeAttestor.k8sPsat({
    clusters: {
      east: { ...cluster, kubeConfig: { secret: 'east', key: 'config' } },
      west: {
        ...cluster,
        kubeConfig: { secret: 'west', key: 'config' },
        allowedNodeLabelKeys: ['zone'],
        allowedPodLabelKeys: ['app'],
        usePodUidForAgentId: true,
      },
    },
  });
  expect(writeHcl(plugin.data)).toMatchInlineSnapshot(`
"clusters = {
  "east" = {
    service_account_allow_list = ["spire:agent"]
    audience = ["a"]
    kube_config_file = "/run/spire/kubeconfig/0/config"
  }
  "west" = {
    service_account_allow_list = ["spire:agent"]
    audience = ["a"]
    allowed_node_label_keys = ["zone"]
    allowed_pod_label_keys = ["app"]
    use_pod_uid_for_agent_id = true
    kube_config_file = "/run/spire/kubeconfig/1/config"
  }
}
"
`);
  expect(plugin.needs.rules).toEqual([]);
  expect(plugin.needs.volumes).toEqual([
    {
      name: 'kubeconfig-0',
      mountPath: '/run/spire/kubeconfig/0',
      source: { secret: { secretName: 'east', items: [{ key: 'config', path: 'config' }] } },
    },
    {
      name: 'kubeconfig-1',
      mountPath: '/run/spire/kubeconfig/1',
      source: { secret: { secretName: 'west', items: [{ key: 'config', path: 'config' }] } },
    },
  ]);
});

test('an empty audience is written: it is another than none', () => {
  const plugin = NodeAttestor.k8sPsat({ clusters: { demo: { serviceAccountAllowList: ['a:b'], audience: [] } } });
  expect(writeHcl(plugin.data)).toContain('audience = []');
});

test('findings of the server', () => {
  const clusters = { 'a/b': { serviceAccountAllowList: [] }, demo: { serviceAccountAllowList: ['agent', 'a:b'] } };
  expect(
    lines([...NodeAttestor.k8sPsat({ clusters: {} }).findings, ...NodeAttestor.k8sPsat({ clusters }).findings]),
  ).toMatchInlineSnapshot(`
[
  "error: clusters is empty, so no agent could attest; name at least one cluster (psat-clusters)",
  "error: clusters 'a/b' is not a segment of a SPIFFE ID, which the agents' IDs need; write letters, digits, '.', '-' and '_' (psat-cluster-name)",
  "error: clusters.a/b.serviceAccountAllowList is empty, and SPIRE does not start without an account; write the agent's service account, such as 'spire-system:spire-agent' (psat-allow-list)",
  "error: clusters.demo.serviceAccountAllowList 'agent' is not a namespace and a service account, so no agent could match it; write both with a colon between, such as 'spire-system:spire-agent' (psat-allow-list)",
]
`);
});

test('the agent', () => {
  const plugin = AgentNodeAttestor.k8sPsat({ cluster: 'demo' });
  expect(plugin.data).toEqual({ cluster: 'demo' });
  expect(plugin.traits).toEqual({
    reattestable: true,
    agentPsat: { cluster: 'demo', tokenPath: '/var/run/secrets/tokens/spire-agent' },
  });
  const other = AgentNodeAttestor.k8sPsat({ cluster: '', tokenPath: 'token' });
  expect(other.data).toEqual({ cluster: '', token_path: 'token' });
  expect(lines(other.findings)).toMatchInlineSnapshot(`
[
  "error: cluster '' is empty; write the name of the cluster that the server knows (conf-required)",
  "error: tokenPath 'token' is not an absolute path, so it would depend on the directory that the program is started in; begin it with '/' (conf-path)",
]
`);
});

test('join tokens', () => {
  for (const plugin of [NodeAttestor.joinToken(), AgentNodeAttestor.joinToken()]) {
    expect(plugin).toMatchObject({ name: 'join_token', data: {}, traits: { reattestable: false } });
  }
  expect(AgentNodeAttestor.custom({ name: 'aws_iid' })).toMatchObject({ side: 'agent', name: 'aws_iid' });
});
