import { Chart, Testing } from 'cdk8s';
import { ConfigText } from '../../lib/core';
import { restrictedContainer } from '../../lib/kube';
import {
  DataStore,
  KeyManager,
  NodeAttestor,
  type ServerPlugin,
  SpireLayout,
  SpireServer,
  type SpireServerProps,
  UpstreamAuthority,
} from '../../lib/spire';
import { difference, find, findings, install, type Manifest, manifestsOf, untyped } from './installation';

const POSTGRES = DataStore.postgres({
  host: 'postgres.db.svc',
  database: 'spire',
  user: 'spire',
  password: { secret: 'spire-db', key: 'password' },
  rootCa: { configMap: 'db-ca', key: 'ca.crt' },
});

type Props = Omit<SpireServerProps, 'layout'>;

/** A server alone, as a level-2 construct. */
function serverOf(props: Props = {}): SpireServer {
  const chart = new Chart(Testing.app(), 'demo');
  return new SpireServer(chart, 'server', {
    layout: new SpireLayout(chart, { trustDomain: 'demo.example.com' }),
    ...props,
  });
}

const confOf = (server: SpireServer): string => server.config.resolve();
const statefulSet = (server: SpireServer): Manifest => find(server, 'StatefulSet', 'spire-server');
const kindsOf = (server: SpireServer): string[] =>
  manifestsOf(server).map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`);

test('server.conf', () => {
  expect(confOf(serverOf())).toMatchInlineSnapshot(`
"server {
  bind_address = "0.0.0.0"
  bind_port = 8081
  trust_domain = "demo.example.com"
  data_dir = "/run/spire/data"
  socket_path = "/tmp/spire-server/private/api.sock"
  log_level = "INFO"
  ca_key_type = "ec-p256"
  ca_ttl = "24h"
  default_x509_svid_ttl = "1h"
  default_jwt_svid_ttl = "5m"
  jwt_issuer = "https://oidc-discovery.demo.example.com"
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
          audience = ["spire-server"]
        }
      }
    }
  }
  BundlePublisher "k8s_configmap" {
    plugin_data {
      clusters = {
        "demo" = {
          configmap_name = "spire-bundle"
          configmap_key = "bundle.spiffe"
          namespace = "spire-system"
          format = "spiffe"
        }
      }
    }
  }
}

health_checks {
  listener_enabled = true
  bind_address = "0.0.0.0"
  bind_port = "8080"
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
  expect(findings(serverOf())).toEqual([]);
});

test('its objects', () => {
  expect(kindsOf(serverOf())).toMatchInlineSnapshot(`
[
  "ServiceAccount spire-server/spire-server",
  "ClusterRole /spire-server",
  "ClusterRoleBinding /spire-server",
  "Role spire-system/spire-server",
  "RoleBinding spire-system/spire-server",
  "ConfigMap spire-server/spire-server",
  "Service spire-server/spire-server",
  "NetworkPolicy spire-server/spire-server",
  "StatefulSet spire-server/spire-server",
]
`);
});

test('its pod: one container, its files, its probes', () => {
  const { spec } = statefulSet(serverOf()).spec.template;
  const { volumeMounts, env, args, ports } = spec.containers[0];
  expect({
    volumeMounts,
    env,
    args,
    ports,
    volumes: spec.volumes,
    names: spec.containers.length,
  }).toMatchInlineSnapshot(`
{
  "args": [
    "-config",
    "/run/spire/config/server.conf",
  ],
  "env": [],
  "names": 1,
  "ports": [
    {
      "containerPort": 8081,
      "name": "grpc",
    },
    {
      "containerPort": 8080,
      "name": "healthz",
    },
    {
      "containerPort": 9988,
      "name": "metrics",
    },
  ],
  "volumeMounts": [
    {
      "mountPath": "/run/spire/config",
      "name": "config",
      "readOnly": true,
    },
    {
      "mountPath": "/run/spire/data",
      "name": "spire-data",
    },
    {
      "mountPath": "/tmp/spire-server/private",
      "name": "spire-server-socket",
    },
  ],
  "volumes": [
    {
      "configMap": {
        "name": "spire-server",
      },
      "name": "config",
    },
    {
      "emptyDir": {
        "medium": "Memory",
      },
      "name": "spire-server-socket",
    },
  ],
}
`);
  expect(statefulSet(serverOf()).spec.volumeClaimTemplates).toMatchInlineSnapshot(`
[
  {
    "metadata": {
      "name": "spire-data",
    },
    "spec": {
      "accessModes": [
        "ReadWriteOnce",
      ],
      "resources": {
        "requests": {
          "storage": "1Gi",
        },
      },
    },
  },
]
`);
});

test("the properties of the server's own settings reach server.conf", () => {
  const changed = serverOf({
    caKeyType: 'ec-p384',
    caTtl: '48h',
    caSubject: { country: ['DE'], organization: ['Example'] },
    defaultX509SvidTtl: '2h',
    defaultJwtSvidTtl: '10m',
    logLevel: 'DEBUG',
  });
  expect(difference(confOf(serverOf()), confOf(changed))).toMatchInlineSnapshot(`
[
  "- log_level = "INFO"",
  "- ca_key_type = "ec-p256"",
  "- ca_ttl = "24h"",
  "- default_x509_svid_ttl = "1h"",
  "- default_jwt_svid_ttl = "5m"",
  "+ log_level = "DEBUG"",
  "+ ca_key_type = "ec-p384"",
  "+ ca_ttl = "48h"",
  "+ ca_subject {",
  "+ country = ["DE"]",
  "+ organization = ["Example"]",
  "+ default_x509_svid_ttl = "2h"",
  "+ default_jwt_svid_ttl = "10m"",
]
`);
  expect(findings(changed)).toEqual([]);
});

test('where it runs, and with what', () => {
  const server = serverOf({
    nodeSelector: { pool: 'infra' },
    tolerations: [{ key: 'infra', operator: 'Exists' }],
    resources: { limits: { memory: '1Gi' } },
    storage: { size: '5Gi', storageClassName: 'fast' },
  });
  const { spec, metadata } = statefulSet(server).spec.template;
  expect([
    spec.nodeSelector,
    spec.tolerations,
    spec.containers[0].resources,
    Object.keys(metadata.annotations),
  ]).toEqual([
    { pool: 'infra' },
    [{ key: 'infra', operator: 'Exists' }],
    { limits: { memory: '1Gi' } },
    ['checksum/server.conf'],
  ]);
  expect(statefulSet(server).spec.volumeClaimTemplates[0].spec).toEqual({
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '5Gi' } },
    storageClassName: 'fast',
  });
});

test('the empty storage class is written: it means a volume made by hand', () => {
  const [claim] = statefulSet(serverOf({ storage: { storageClassName: '' } })).spec.volumeClaimTemplates;
  expect(claim.spec.storageClassName).toBe('');
});

describe('PostgreSQL', () => {
  const server = serverOf({ dataStore: POSTGRES });

  test('the connection is in server.conf, the password is a variable from the Secret and in no ConfigMap', () => {
    expect(difference(confOf(serverOf()), confOf(server))).toMatchInlineSnapshot(`
[
  "- database_type = "sqlite3"",
  "- connection_string = "/run/spire/data/datastore.sqlite3"",
  "+ database_type = "postgres"",
  "+ connection_string = "host='postgres.db.svc' port='5432' user='spire' dbname='spire' sslmode='verify-full' sslrootcert='/run/spire/datastore-ca/ca.crt'"",
]
`);
    const { env } = statefulSet(server).spec.template.spec.containers[0];
    expect(env).toEqual([{ name: 'PGPASSWORD', valueFrom: { secretKeyRef: { name: 'spire-db', key: 'password' } } }]);
    const texts = manifestsOf(server).filter(({ kind }) => kind === 'ConfigMap');
    expect(JSON.stringify(texts)).not.toMatch(/password|spire-db|PGPASSWORD/i);
    expect(findings(server)).toEqual([]);
  });

  test('the authority of the database is mounted read-only', () => {
    const { spec } = statefulSet(server).spec.template;
    expect(spec.containers[0].volumeMounts).toContainEqual({
      name: 'datastore-ca',
      mountPath: '/run/spire/datastore-ca',
      readOnly: true,
    });
    expect(spec.volumes).toContainEqual({
      name: 'datastore-ca',
      configMap: { name: 'db-ca', items: [{ key: 'ca.crt', path: 'ca.crt' }] },
    });
  });

  test('keys on disk still need a volume; without them nothing outlives the pod', () => {
    expect(statefulSet(server).spec.volumeClaimTemplates).toHaveLength(1);
    const stateless = statefulSet(serverOf({ dataStore: POSTGRES, keyManager: KeyManager.memory() }));
    expect(stateless.spec).not.toHaveProperty('volumeClaimTemplates');
    expect(stateless.spec.template.spec.volumes).toContainEqual({ name: 'spire-data', emptyDir: {} });
  });
});

describe('several servers', () => {
  const ha = serverOf({ dataStore: POSTGRES, replicas: 3 });

  test('are spread over nodes, and never all disrupted', () => {
    expect(findings(ha)).toEqual([]);
    expect(statefulSet(ha).spec.replicas).toBe(3);
    expect(statefulSet(ha).spec.template.spec.topologySpreadConstraints).toEqual([
      {
        maxSkew: 1,
        topologyKey: 'kubernetes.io/hostname',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: statefulSet(ha).spec.selector.matchLabels },
      },
    ]);
    expect(find(ha, 'PodDisruptionBudget', 'spire-server').spec).toEqual({
      maxUnavailable: 1,
      selector: { matchLabels: { 'app.kubernetes.io/name': 'spire-server', 'app.kubernetes.io/instance': 'spire' } },
    });
  });

  test('one server has no budget, which would keep its node from being drained', () => {
    const one = statefulSet(serverOf({ dataStore: POSTGRES, replicas: 1 }));
    expect(one.spec.template.spec).not.toHaveProperty('topologySpreadConstraints');
    expect(kindsOf(serverOf({ dataStore: POSTGRES })).filter((it) => it.startsWith('Pod'))).toEqual([]);
  });

  test('do not share an SQLite file', () => {
    expect(findings(serverOf({ replicas: 3 }))).toMatchInlineSnapshot(`
[
  "error [demo/server] replicas 3 does not go with DataStore "sql": its SQLite file can be used by one server only; use 1, or a datastore that servers can share, such as DataStore.postgres() (server-replicas)",
]
`);
  });

  test('are a whole number', () => {
    const lines = [0, -1, 1.5, Number.NaN, '3', true].flatMap((it) => findings(serverOf({ replicas: untyped(it) })));
    expect(lines.join('\n')).toMatchInlineSnapshot(`
"error [demo/server] replicas 0 is not a number of pods; write a whole number of at least 1, without quotes (server-replicas)
error [demo/server] replicas -1 is not a number of pods; write a whole number of at least 1, without quotes (server-replicas)
error [demo/server] replicas 1.5 is not a number of pods; write a whole number of at least 1, without quotes (server-replicas)
error [demo/server] replicas 'NaN' is not a number of pods; write a whole number of at least 1, without quotes (server-replicas)
error [demo/server] replicas '3' is not a number of pods; write a whole number of at least 1, without quotes (server-replicas)
error [demo/server] replicas true is not a number of pods; write a whole number of at least 1, without quotes (server-replicas)"
`);
  });
});

describe('upstream authorities', () => {
  test('a Secret with a CA is mounted', () => {
    const server = serverOf({ upstreamAuthority: UpstreamAuthority.disk({ secret: 'root-ca', bundleKey: 'ca.crt' }) });
    expect(difference(confOf(serverOf()), confOf(server))).toMatchInlineSnapshot(`
[
  "+ UpstreamAuthority "disk" {",
  "+ cert_file_path = "/run/spire/upstream-ca/tls.crt"",
  "+ key_file_path = "/run/spire/upstream-ca/tls.key"",
  "+ bundle_file_path = "/run/spire/upstream-ca/ca.crt"",
]
`);
    const { spec } = statefulSet(server).spec.template;
    expect(spec.volumes).toContainEqual({ name: 'upstream-ca', secret: { secretName: 'root-ca' } });
    expect(spec.containers[0].volumeMounts).toContainEqual({
      name: 'upstream-ca',
      mountPath: '/run/spire/upstream-ca',
      readOnly: true,
    });
    expect(findings(server)).toEqual([]);
  });

  test("cert-manager's requests are granted in the namespace of the issuer, and nowhere else", () => {
    const server = serverOf({
      upstreamAuthority: UpstreamAuthority.certManager({ namespace: 'pki', issuerName: 'root' }),
    });
    const [before, after] = [kindsOf(serverOf()), kindsOf(server)];
    expect(after.filter((it) => !before.includes(it))).toEqual([
      'Role pki/spire-server',
      'RoleBinding pki/spire-server',
    ]);
    const roles = manifestsOf(server).filter(({ kind, metadata }) => kind === 'Role' && metadata.namespace === 'pki');
    expect(roles.map(({ rules }) => rules)).toEqual([
      [
        {
          apiGroups: ['cert-manager.io'],
          resources: ['certificaterequests'],
          verbs: ['create', 'get', 'list', 'delete'],
        },
      ],
    ]);
  });
});

describe('further plugins', () => {
  const external: ServerPlugin = NodeAttestor.custom({
    name: 'tpm',
    data: { hash_path: '/run/tpm/hashes' },
    external: { command: '/opt/plugins/tpm', checksum: 'a'.repeat(64) },
    needs: {
      env: [{ name: 'TPM_KEY', secret: 'tpm', key: 'key' }],
      volumes: [{ name: 'tpm', mountPath: '/opt/plugins', source: { configMap: { name: 'tpm' } }, readOnly: false }],
      rules: [
        { scope: 'cluster', apiGroups: [''], resources: ['nodes'], resourceNames: ['node-1'], verbs: ['list'] },
        { scope: 'namespace', apiGroups: [''], resources: ['secrets'], resourceNames: ['tpm'], verbs: ['get'] },
      ],
    },
  });
  const server = serverOf({ plugins: [external] });

  test('bring their block, variables, volumes and rules', () => {
    expect(findings(server)).toEqual([]);
    expect(difference(confOf(serverOf()), confOf(server))).toMatchInlineSnapshot(`
[
  "+ NodeAttestor "tpm" {",
  "+ plugin_cmd = "/opt/plugins/tpm"",
  "+ plugin_checksum = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"",
  "+ hash_path = "/run/tpm/hashes"",
]
`);
    const { spec } = statefulSet(server).spec.template;
    expect(spec.containers[0].env).toEqual([
      { name: 'TPM_KEY', valueFrom: { secretKeyRef: { name: 'tpm', key: 'key' } } },
    ]);
    expect(spec.containers[0].volumeMounts).toContainEqual({ name: 'tpm', mountPath: '/opt/plugins', readOnly: false });
    expect(spec.volumes).toContainEqual({ name: 'tpm', configMap: { name: 'tpm' } });
    expect(find(server, 'ClusterRole', 'spire-server').rules).toContainEqual({
      apiGroups: [''],
      resources: ['nodes'],
      resourceNames: ['node-1'],
      verbs: ['list'],
    });
    const [own] = manifestsOf(server).filter(
      ({ kind, metadata }) => kind === 'Role' && metadata.namespace === 'spire-server',
    );
    expect(own.rules).toEqual([{ apiGroups: [''], resources: ['secrets'], resourceNames: ['tpm'], verbs: ['get'] }]);
  });

  test('whose volumes, mounts or variables get in the way of others are refused', () => {
    const clash = (name: string, mountPath: string, variable: string): ServerPlugin =>
      NodeAttestor.custom({
        name,
        needs: {
          env: [{ name: variable, secret: 'Bad_Secret', key: 'key' }],
          volumes: [{ name: 'config', mountPath, source: { secret: { secretName: '' } } }],
        },
      });
    const lines = findings(serverOf({ plugins: [clash('a', '/run/spire/config', 'KEY'), clash('b', '/b', 'KEY')] }));
    expect(lines.join('\n')).toMatchInlineSnapshot(`
"error [demo/server] pod.volumes 'config' is the name of two; give one of the two another name (pod-parts)
error [demo/server] pod.volumes 'config' is the name of two; give one of the two another name (pod-parts)
error [demo/server] pod.volumes.config '' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (reference-name)
error [demo/server] pod.volumes.config '' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (reference-name)
error [demo/server] pod.containers.spire-server.volumeMounts '/run/spire/config' is where two volumes are mounted; mount one of the two elsewhere (pod-parts)
error [demo/server] pod.containers.spire-server.env.KEY 'Bad_Secret' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (reference-name)
error [demo/server] pod.containers.spire-server.env.KEY is set twice; keep one of the two (pod-parts)
error [demo/server] pod.containers.spire-server.env.KEY 'Bad_Secret' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (reference-name)"
`);
  });
});

test('the bundle is written to further ConfigMaps, with the rights for them alone', () => {
  const server = serverOf({
    bundleConfigMaps: [
      {
        cluster: 'mesh',
        name: 'istio-ca',
        key: 'root.pem',
        namespace: 'istio-system',
        format: 'pem',
        refreshHint: '5m',
      },
    ],
  });
  expect(findings(server)).toEqual([]);
  expect(difference(confOf(serverOf()), confOf(server))).toMatchInlineSnapshot(`
[
  "+ "mesh" = {",
  "+ configmap_name = "istio-ca"",
  "+ configmap_key = "root.pem"",
  "+ namespace = "istio-system"",
  "+ format = "pem"",
  "+ refresh_hint = "5m"",
]
`);
  const roles = manifestsOf(server).filter(({ kind }) => kind === 'Role');
  expect(roles.map(({ metadata, rules }) => [metadata.namespace, rules])).toMatchInlineSnapshot(`
[
  [
    "spire-system",
    [
      {
        "apiGroups": [
          "",
        ],
        "resources": [
          "configmaps",
        ],
        "verbs": [
          "create",
        ],
      },
      {
        "apiGroups": [
          "",
        ],
        "resourceNames": [
          "spire-bundle",
        ],
        "resources": [
          "configmaps",
        ],
        "verbs": [
          "get",
          "patch",
        ],
      },
    ],
  ],
  [
    "istio-system",
    [
      {
        "apiGroups": [
          "",
        ],
        "resources": [
          "configmaps",
        ],
        "verbs": [
          "create",
        ],
      },
      {
        "apiGroups": [
          "",
        ],
        "resourceNames": [
          "istio-ca",
        ],
        "resources": [
          "configmaps",
        ],
        "verbs": [
          "get",
          "patch",
        ],
      },
    ],
  ],
]
`);
});

describe('sidecars', () => {
  test('join the pod whenever they come, with their volumes and checksums', () => {
    const server = serverOf();
    const text = new ConfigText(() => 'model', String);
    server.addSidecar(
      { name: 'helper', image: 'helper:1', volumeMounts: [{ name: server.socketVolume, mountPath: '/api' }] },
      [{ name: 'helper-config', emptyDir: {} }],
      { 'checksum/helper.conf': text.checksum() },
    );
    const { spec, metadata } = statefulSet(server).spec.template;
    expect(spec.containers.map(({ name }: { name: string }) => name)).toEqual(['spire-server', 'helper']);
    expect(spec.volumes).toContainEqual({ name: 'helper-config', emptyDir: {} });
    expect(metadata.annotations['checksum/helper.conf']).toBe(text.checksum().resolve());
    expect(findings(server)).toEqual([]);
  });

  test('that do not fit the pod are refused', () => {
    const server = serverOf();
    server.addSidecar({ name: 'spire-server', image: 'x', volumeMounts: [{ name: 'nowhere', mountPath: '/x' }] });
    server.addSidecar({ name: 'Bad Name', image: 'x', securityContext: restrictedContainer });
    expect(findings(server).join('\n')).toMatchInlineSnapshot(`
"error [demo/server] pod.containers 'spire-server' is the name of two; give one of the two another name (pod-parts)
error [demo/server] pod.containers 'Bad Name' is not a DNS label, which Kubernetes requires here; write 1 to 63 characters of a-z, 0-9 and '-', with a letter or digit at both ends (pod-parts)
error [demo/server] pod.containers.spire-server.volumeMounts 'nowhere' is no volume of the pod; add it to the volumes (pod-parts)"
`);
  });
});

describe('checksum annotations', () => {
  const checksum = (props: Props): string =>
    statefulSet(serverOf(props)).spec.template.metadata.annotations['checksum/server.conf'];

  test('change when the text changes', () => {
    const changes: Props[] = [{}, { caTtl: '48h' }, { logLevel: 'DEBUG' }, { dataStore: POSTGRES }];
    expect(new Set(changes.map(checksum)).size).toBe(changes.length);
  });

  test('and only then: resources, nodes, storage and replicas leave it as it is', () => {
    const same: Props[] = [
      { resources: { limits: { memory: '1Gi' } } },
      { nodeSelector: { a: 'b' } },
      { tolerations: [] },
      { storage: { size: '9Gi' } },
      { replicas: 1, caTtl: '24h' },
    ];
    expect(new Set([{}, ...same].map(checksum)).size).toBe(1);
  });
});

describe('refused', () => {
  test('storage that is none', () => {
    const sizes = ['0', '0Gi', 'big', '-1Gi', '', null].map((size) => ({ size: untyped(size) }));
    const lines = [...sizes, { storageClassName: 'My Class' }].flatMap((storage) => findings(serverOf({ storage })));
    expect(lines.join('\n')).toMatchInlineSnapshot(`
"error [demo/server] storage.size '0' is no space at all; write a size such as '1Gi' (server-storage)
error [demo/server] storage.size '0Gi' is no space at all; write a size such as '1Gi' (server-storage)
error [demo/server] storage.size 'big' is not a quantity; write a number with a unit such as '500m', '128Mi' or '1Gi' (server-storage)
error [demo/server] storage.size '-1Gi' is not a quantity; write a number with a unit such as '500m', '128Mi' or '1Gi' (server-storage)
error [demo/server] storage.size '' is not a quantity; write a number with a unit such as '500m', '128Mi' or '1Gi' (server-storage)
error [demo/server] storage.size null is not a quantity; write a number with a unit such as '500m', '128Mi' or '1Gi' (server-storage)
error [demo/server] storage.storageClassName 'My Class' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (server-storage)"
`);
  });

  test('storage for nothing is worth a warning', () => {
    const props = { dataStore: POSTGRES, keyManager: KeyManager.memory(), storage: { size: '5Gi' } };
    expect(findings(serverOf(props))).toMatchInlineSnapshot(`
[
  "warning [demo/server] storage has no effect, because no plugin keeps files; leave it out (no-effect)",
]
`);
  });

  test('files beside the data volume, where nothing can be written', () => {
    const server = serverOf({
      dataStore: DataStore.sqlite({ path: '/data/datastore.sqlite3' }),
      keyManager: KeyManager.disk({ path: '/run/spire/database/keys.json' }),
    });
    expect(findings(server).join('\n')).toMatchInlineSnapshot(`
"error [demo/server] plugins.DataStore.sql.connection_string '/data/datastore.sqlite3' is not on the data volume, and nothing else can be written to; write a path below '/run/spire/data/', or leave it out (data-path)
error [demo/server] plugins.KeyManager.disk.keys_path '/run/spire/database/keys.json' is not on the data volume, and nothing else can be written to; write a path below '/run/spire/data/', or leave it out (data-path)"
`);
  });

  test('no layout', () => {
    const chart = new Chart(Testing.app(), 'demo');
    expect(() => new SpireServer(chart, 'server', untyped({}))).toThrow(
      new Error("SpireServer 'demo/server': layout is missing; pass the construct that it belongs to"),
    );
  });
});

test('in a whole installation the properties reach the server', () => {
  const cluster = install({ server: { dataStore: POSTGRES, replicas: 2 } });
  expect(findings(cluster)).toEqual([]);
  expect(find(cluster, 'StatefulSet', 'spire-server').spec.replicas).toBe(2);
});
