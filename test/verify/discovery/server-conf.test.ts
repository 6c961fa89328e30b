import { parseConf } from '../../../lib/verify/discovery/hcl';
import { serverConf } from '../../../lib/verify/discovery/server-conf';

const read = (text: string, env?: Record<string, string>) => serverConf(parseConf(text), env);

test('the smallest', () => {
  expect(read('server { trust_domain = "east.example.com" }')).toEqual({
    trustDomain: 'east.example.com',
    federatesWith: [],
    publishedBundles: [],
  });
});

test('as the operator of OpenShift writes it', () => {
  const conf = {
    plugins: { Notifier: [{ k8sbundle: { plugin_data: { config_map: 'spire-bundle', namespace: 'ztwim' } } }] },
    server: {
      trust_domain: 'apps.east.example.com',
      ca_ttl: '24h0m0s',
      log_level: 'info',
      federation: {
        bundle_endpoint: {
          address: '0.0.0.0',
          port: 8443,
          profile: { https_web: { serving_cert_file: { cert_file_path: '/run/spire/server-tls/tls.crt' } } },
          refresh_hint: '300s',
        },
        federates_with: {
          'west.example.com': {
            bundle_endpoint_profile: { https_spiffe: { endpoint_spiffe_id: 'spiffe://west.example.com/spire/server' } },
            bundle_endpoint_url: 'https://west.example.com',
          },
          'lab.example.com': {
            bundle_endpoint_profile: { https_web: {} },
            bundle_endpoint_url: 'https://lab.example.com',
          },
        },
      },
    },
    telemetry: { Prometheus: { host: '0.0.0.0', port: '9402' } },
  };
  expect(read(JSON.stringify(conf))).toEqual({
    trustDomain: 'apps.east.example.com',
    caTtl: 86_400,
    endpointPort: 8443,
    federatesWith: [
      {
        trustDomain: 'west.example.com',
        url: 'https://west.example.com',
        profile: 'https_spiffe',
        endpointSpiffeId: 'spiffe://west.example.com/spire/server',
      },
      { trustDomain: 'lab.example.com', url: 'https://lab.example.com', profile: 'https_web' },
    ],
    metricsPort: 9402,
    publishedBundles: [{ namespace: 'ztwim', configMap: 'spire-bundle', key: 'bundle.crt' }],
  });
});

test('a bundle that a plugin publishes into this cluster, and one into another', () => {
  const conf = read(`plugins { BundlePublisher "k8s_configmap" { plugin_data { clusters = {
    "own" = { format = "spiffe" namespace = "spire-system" configmap_name = "spire-bundle" configmap_key = "bundle.spiffe" },
    "other" = { format = "spiffe" namespace = "a" configmap_name = "b" configmap_key = "c" kubeconfig_path = "/conf" },
  } } } }`);
  expect(conf.publishedBundles).toEqual([
    { namespace: 'spire-system', configMap: 'spire-bundle', key: 'bundle.spiffe' },
  ]);
});

test('defaults of SPIRE', () => {
  const conf = read('server { federation { bundle_endpoint { address = "::" } } }\ntelemetry { Prometheus {} }');
  expect(conf).toMatchObject({ endpointPort: 443, metricsPort: 9988 });
});

test('variables of the environment; what is not known there is not known', () => {
  const conf = read(`server { trust_domain = "\${TD}" socket_path = "/a/$NAME/b" ca_ttl = "$OTHER" }`, {
    TD: 'east.example.com',
    NAME: 'x',
  });
  expect(conf).toMatchObject({ trustDomain: 'east.example.com', socketPath: '/a/x/b' });
  expect(conf.caTtl).toBeUndefined();
});
