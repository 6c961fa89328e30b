import { Duration } from '../../../lib/core';
import { env, type ServerConf, serverConfUsesEnv, writeServerConf } from '../../../lib/spire/config';
import { BundlePublisher, DataStore, KeyManager, NodeAttestor, UpstreamAuthority } from '../../../lib/spire/plugins';

const plugins = [
  DataStore.sqlite(),
  KeyManager.disk(),
  NodeAttestor.k8sPsat({ clusters: { demo: { serviceAccountAllowList: ['spire-system:spire-agent'] } } }),
];

test('a small server', () => {
  const conf: ServerConf = {
    server: { trust_domain: 'example.org', data_dir: '/run/spire/data', bind_port: 8081, ca_ttl: Duration.hours(24) },
    plugins,
    health_checks: { listener_enabled: true, bind_address: '0.0.0.0', bind_port: 8080 },
  };
  expect(writeServerConf(conf)).toMatchInlineSnapshot(`
"server {
  trust_domain = "example.org"
  data_dir = "/run/spire/data"
  bind_port = 8081
  ca_ttl = "24h"
}

plugins {
  DataStore "sql" {
    plugin_data {
      database_type = "sqlite3"
      connection_string = "/run/spire/data/datastore.sqlite3"
    }
  }
  KeyManager "disk" {
    plugin_data {
      keys_path = "/run/spire/data/keys.json"
    }
  }
  NodeAttestor "k8s_psat" {
    plugin_data {
      clusters = {
        "demo" = {
          service_account_allow_list = ["spire-system:spire-agent"]
        }
      }
    }
  }
}

health_checks {
  listener_enabled = true
  bind_address = "0.0.0.0"
  bind_port = "8080"
}
"
`);
  expect(serverConfUsesEnv(conf)).toBe(false);
});

test('no peers are written as none, which SPIRE would not take as an empty list', () => {
  const written = writeServerConf({
    server: { trust_domain: 'example.org', data_dir: '/run/spire/data', federation: { federates_with: {} } },
    plugins,
  });
  expect(written).toContain('  federation {}\n');
  expect(written).not.toContain('federates_with');
});

test('a server with federation, an upstream authority, a bundle publisher and telemetry', () => {
  const conf: ServerConf = {
    server: {
      trust_domain: 'example.org',
      data_dir: '/run/spire/data',
      ca_subject: { country: ['CH'], organization: ['Example'], common_name: 'ca' },
      federation: {
        bundle_endpoint: {
          address: '0.0.0.0',
          port: 8443,
          refresh_hint: '5m',
          profile: {
            https_web: { serving_cert_file: { cert_file_path: '/tls/tls.crt', key_file_path: '/tls/tls.key' } },
          },
        },
        federates_with: {
          'one.example': {
            bundle_endpoint_url: 'https://one.example/',
            bundle_endpoint_profile: { https_spiffe: { endpoint_spiffe_id: 'spiffe://one.example/spire/server' } },
          },
          'two.example': {
            bundle_endpoint_url: 'https://two.example/',
            bundle_endpoint_profile: { https_web: {} },
          },
        },
      },
    },
    plugins: [
      ...plugins,
      UpstreamAuthority.certManager({ namespace: 'spire', issuerName: 'root' }),
      BundlePublisher.k8sConfigMap({
        cluster: 'demo',
        name: 'bundle',
        key: 'bundle.spiffe',
        namespace: 'spire',
        format: 'spiffe',
      }),
    ],
    telemetry: { Prometheus: { host: '0.0.0.0', port: 9988 }, Statsd: [{ address: 'statsd:8125' }] },
  };
  expect(writeServerConf(conf)).toMatchInlineSnapshot(`
"server {
  trust_domain = "example.org"
  data_dir = "/run/spire/data"
  ca_subject {
    country = ["CH"]
    organization = ["Example"]
    common_name = "ca"
  }
  federation {
    bundle_endpoint {
      address = "0.0.0.0"
      port = 8443
      refresh_hint = "5m"
      profile "https_web" {
        serving_cert_file {
          cert_file_path = "/tls/tls.crt"
          key_file_path = "/tls/tls.key"
          file_sync_interval = "1h"
        }
      }
    }
    federates_with "one.example" {
      bundle_endpoint_url = "https://one.example/"
      bundle_endpoint_profile "https_spiffe" {
        endpoint_spiffe_id = "spiffe://one.example/spire/server"
      }
    }
    federates_with "two.example" {
      bundle_endpoint_url = "https://two.example/"
      bundle_endpoint_profile "https_web" {}
    }
  }
}

plugins {
  DataStore "sql" {
    plugin_data {
      database_type = "sqlite3"
      connection_string = "/run/spire/data/datastore.sqlite3"
    }
  }
  KeyManager "disk" {
    plugin_data {
      keys_path = "/run/spire/data/keys.json"
    }
  }
  NodeAttestor "k8s_psat" {
    plugin_data {
      clusters = {
        "demo" = {
          service_account_allow_list = ["spire-system:spire-agent"]
        }
      }
    }
  }
  UpstreamAuthority "cert-manager" {
    plugin_data {
      namespace = "spire"
      issuer_name = "root"
      issuer_kind = "Issuer"
      issuer_group = "cert-manager.io"
    }
  }
  BundlePublisher "k8s_configmap" {
    plugin_data {
      clusters = {
        "demo" = {
          configmap_name = "bundle"
          configmap_key = "bundle.spiffe"
          namespace = "spire"
          format = "spiffe"
        }
      }
    }
  }
}

telemetry {
  Prometheus {
    host = "0.0.0.0"
    port = 9988
  }
  Statsd = [
    {
      address = "statsd:8125"
    },
  ]
}
"
`);
});

test.each([
  ['https_spiffe', { https_spiffe: {} }, 'profile "https_spiffe" {}'],
  [
    'ACME',
    { https_web: { acme: { domain_name: 'a.example', email: 'x@a.example', tos_accepted: true } } },
    'tos_accepted = true',
  ],
])('bundle endpoint with %s', (_, profile, expected) => {
  const federation = { bundle_endpoint: { address: '0.0.0.0', port: 8443, profile } };
  expect(writeServerConf({ server: { trust_domain: 'example.org', data_dir: '/d', federation }, plugins })).toContain(
    expected,
  );
});

test('external plugins', () => {
  const external = NodeAttestor.custom({
    name: 'tpm',
    external: { command: '/opt/tpm', args: ['-v'], checksum: 'ab'.repeat(32) },
    data: { ca_path: '/ca', id: env('POD_NAME') },
  });
  const conf: ServerConf = { server: { trust_domain: 'example.org', data_dir: '/d' }, plugins: [external] };
  expect(writeServerConf(conf)).toMatchInlineSnapshot(`
"server {
  trust_domain = "example.org"
  data_dir = "/d"
}

plugins {
  NodeAttestor "tpm" {
    plugin_cmd = "/opt/tpm"
    plugin_args = ["-v"]
    plugin_checksum = "abababababababababababababababababababababababababababababababab"
    plugin_data {
      ca_path = "/ca"
      id = "\${POD_NAME}"
    }
  }
}
"
`);
  expect(serverConfUsesEnv(conf)).toBe(true);
});

/** What an engine does that puts late values in: new objects of the same enumerable properties. */
function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)]));
}

test('a copy of the model gives the same text', () => {
  const conf: ServerConf = {
    server: { trust_domain: 'example.org', data_dir: '/d', ca_ttl: Duration.parse('1h30m') },
    plugins: [...plugins, UpstreamAuthority.disk({ secret: 'ca' })],
  };
  expect(writeServerConf(copy(conf) as ServerConf)).toBe(writeServerConf(conf));
});
