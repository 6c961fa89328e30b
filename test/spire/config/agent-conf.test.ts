import { Duration } from '../../../lib/core';
import { type AgentConf, agentConfUsesEnv, writeAgentConf } from '../../../lib/spire/config';
import { AgentKeyManager, AgentNodeAttestor, KubeletVerification, WorkloadAttestor } from '../../../lib/spire/plugins';

test('an agent', () => {
  const conf: AgentConf = {
    agent: {
      trust_domain: 'example.org',
      server_address: 'spire-server.spire-server.svc',
      server_port: 8081,
      socket_path: '/run/spire/sockets/spire-agent.sock',
      trust_bundle_path: '/run/spire/bundle/bundle.spiffe',
      trust_bundle_format: 'spiffe',
      sds: { default_all_bundles_name: 'ROOTCAS' },
      experimental: {
        sync_interval: Duration.seconds(5),
        ratelimit: { fetch_x509_svid: 10 },
        broker: {
          bind_address: '127.0.0.1:9000',
          brokers: [
            { id: 'spiffe://example.org/broker', allowed_reference_types: [{ type_url: '*', allow_over_tcp: true }] },
          ],
        },
      },
    },
    plugins: [
      AgentNodeAttestor.k8sPsat({ cluster: 'demo' }),
      AgentKeyManager.memory(),
      WorkloadAttestor.k8s({ kubelet: KubeletVerification.skip(), nodeNameEnv: 'NODE' }),
      WorkloadAttestor.unix({ discoverWorkloadPath: true, workloadSizeLimit: -1 }),
    ],
    health_checks: { listener_enabled: true, bind_address: '0.0.0.0', bind_port: 9982 },
  };
  expect(writeAgentConf(conf)).toMatchInlineSnapshot(`
"agent {
  trust_domain = "example.org"
  server_address = "spire-server.spire-server.svc"
  server_port = 8081
  socket_path = "/run/spire/sockets/spire-agent.sock"
  trust_bundle_path = "/run/spire/bundle/bundle.spiffe"
  trust_bundle_format = "spiffe"
  sds {
    default_all_bundles_name = "ROOTCAS"
  }
  experimental {
    sync_interval = "5s"
    ratelimit {
      fetch_x509_svid = 10
    }
    broker {
      bind_address = "127.0.0.1:9000"
      brokers = [
        {
          id = "spiffe://example.org/broker"
          allowed_reference_types = [
            {
              type_url = "*"
              allow_over_tcp = true
            },
          ]
        },
      ]
    }
  }
}

plugins {
  NodeAttestor "k8s_psat" {
    plugin_data {
      cluster = "demo"
    }
  }
  KeyManager "memory" {
    plugin_data {}
  }
  WorkloadAttestor "k8s" {
    plugin_data {
      skip_kubelet_verification = true
      node_name_env = "NODE"
    }
  }
  WorkloadAttestor "unix" {
    plugin_data {
      discover_workload_path = true
      workload_size_limit = -1
    }
  }
}

health_checks {
  listener_enabled = true
  bind_address = "0.0.0.0"
  bind_port = "9982"
}
"
`);
  expect(agentConfUsesEnv(conf)).toBe(false);
});
