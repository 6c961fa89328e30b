import { Chart, Testing } from 'cdk8s';
import { TrustDomain } from '../../lib';
import { SpireLayout, type SpireLayoutProps } from '../../lib/spire';
import { fakeOutput } from '../core/fixtures';
import { findings, install, placesOf, untyped } from './installation';

/** What a wrong layout says, without its place. */
function said(props: Partial<Record<keyof SpireLayoutProps, unknown>>): string[] {
  const chart = new Chart(Testing.app(), 'demo');
  new SpireLayout(chart, untyped({ trustDomain: 'demo.example.com', ...props }));
  return findings(chart);
}

const layoutOf = (props: Partial<SpireLayoutProps> = {}) =>
  new SpireLayout(new Chart(Testing.app(), 'demo'), { trustDomain: 'demo.example.com', ...props });

test('everything follows from the trust domain and the id of the construct', () => {
  const { serverAddress, ...layout } = layoutOf();
  expect({ ...layout, trustDomain: layout.trustDomain.name, serverAddress }).toMatchInlineSnapshot(`
{
  "agent": {
    "healthPort": 9982,
    "metricsPort": 9988,
    "name": "spire-agent",
    "socketHostPath": "/run/spire/agent-sockets",
    "socketName": "spire-agent.sock",
    "tokenAudience": "spire-server",
  },
  "bundle": {
    "configMap": "spire-bundle",
    "format": "spiffe",
    "key": "bundle.spiffe",
    "namespace": "spire-system",
  },
  "bundleEndpoint": {
    "host": "federation.demo.example.com",
    "name": "spire-bundle-endpoint",
    "port": 8443,
  },
  "className": "spire",
  "clusterDomain": "cluster.local",
  "clusterName": "demo",
  "controllerManager": {
    "metricsPort": 8082,
    "name": "spire-controller-manager",
  },
  "csiDriverName": "csi.spiffe.io",
  "images": {},
  "instance": "spire",
  "jwtIssuer": "https://oidc-discovery.demo.example.com",
  "kubeletPath": "/var/lib/kubelet",
  "server": {
    "healthPort": 8080,
    "metricsPort": 9988,
    "name": "spire-server",
    "port": 8081,
  },
  "serverAddress": "spire-server.spire-server.svc.cluster.local",
  "serverNamespace": "spire-server",
  "systemNamespace": "spire-system",
  "trustDomain": "demo.example.com",
  "version": "1.15.3",
  "workloadApi": {
    "endpoint": "unix:///spiffe-workload-api/spire-agent.sock",
    "mountPath": "/spiffe-workload-api",
    "socketPath": "/spiffe-workload-api/spire-agent.sock",
  },
}
`);
  expect(layoutOf().serverAddress).toBe('spire-server.spire-server.svc.cluster.local');
});

test('a trust domain is taken as text, as an ID and as a value', () => {
  for (const trustDomain of ['demo.example.com', 'spiffe://demo.example.com', TrustDomain.parse('demo.example.com')]) {
    expect(layoutOf({ trustDomain: untyped(trustDomain) }).trustDomain.name).toBe('demo.example.com');
  }
});

test('a trust domain with underscores, which no host name has, gets an issuer all the same', () => {
  expect(layoutOf({ trustDomain: 'my_domain' }).jwtIssuer).toBe('https://oidc-discovery.my-domain');
});

describe('each value that two components must agree on is changed in one place', () => {
  /** Places that hold a value, of an installation that was given it. */
  const places = (props: Partial<SpireLayoutProps>, value: string) => {
    const cluster = install(props);
    expect(findings(cluster)).toEqual([]);
    return placesOf(cluster, value).sort();
  };

  test('clusterName', () => {
    expect(places({ clusterName: 'blue-1' }, 'blue-1')).toMatchInlineSnapshot(`
[
  "ConfigMap/spire-agent.data.agent.conf: cluster = "blue-1"",
  "ConfigMap/spire-controller-manager.data.controller-manager.yaml: clusterName: blue-1",
  "ConfigMap/spire-server.data.server.conf: "blue-1" = {",
]
`);
  });

  test('trustDomain', () => {
    expect(places({ trustDomain: 'td.test' }, 'td.test')).toMatchInlineSnapshot(`
[
  "ClusterSPIFFEID/spire-oidc-discovery-provider.spec.dnsNameTemplates: oidc-discovery.td.test",
  "ConfigMap/spire-agent.data.agent.conf: trust_domain = "td.test"",
  "ConfigMap/spire-controller-manager.data.controller-manager.yaml: trustDomain: td.test",
  "ConfigMap/spire-oidc-discovery-provider.data.oidc-discovery-provider.conf: "oidc-discovery.td.test",",
  "ConfigMap/spire-oidc-discovery-provider.data.oidc-discovery-provider.conf: jwt_issuer = "https://oidc-discovery.td.test"",
  "ConfigMap/spire-oidc-discovery-provider.data.oidc-discovery-provider.conf: trust_domain = "td.test"",
  "ConfigMap/spire-server.data.server.conf: jwt_issuer = "https://oidc-discovery.td.test"",
  "ConfigMap/spire-server.data.server.conf: trust_domain = "td.test"",
]
`);
  });

  test('kubeletPath', () => {
    expect(places({ kubeletPath: '/data/kubelet' }, '/data/kubelet')).toMatchInlineSnapshot(`
[
  "DaemonSet/spire-csi-driver.spec.template.spec.containers.args: /data/kubelet/plugins/csi.spiffe.io/csi.sock",
  "DaemonSet/spire-csi-driver.spec.template.spec.containers.volumeMounts.mountPath: /data/kubelet/pods",
  "DaemonSet/spire-csi-driver.spec.template.spec.volumes.hostPath.path: /data/kubelet/plugins/csi.spiffe.io",
  "DaemonSet/spire-csi-driver.spec.template.spec.volumes.hostPath.path: /data/kubelet/plugins_registry",
  "DaemonSet/spire-csi-driver.spec.template.spec.volumes.hostPath.path: /data/kubelet/pods",
]
`);
    expect(placesOf(install({ kubeletPath: '/data/kubelet' }), '/var/lib/kubelet')).toEqual([]);
  });

  test('agentSocketHostPath', () => {
    expect(places({ agentSocketHostPath: '/data/sockets' }, '/data/sockets')).toMatchInlineSnapshot(`
[
  "DaemonSet/spire-agent.spec.template.spec.volumes.hostPath.path: /data/sockets",
  "DaemonSet/spire-csi-driver.spec.template.spec.volumes.hostPath.path: /data/sockets",
]
`);
    expect(placesOf(install({ agentSocketHostPath: '/data/sockets' }), '/run/spire/agent-sockets')).toEqual([]);
  });

  test('clusterDomain', () => {
    expect(places({ clusterDomain: 'blue.local' }, 'blue.local')).toMatchInlineSnapshot(`
[
  "ClusterSPIFFEID/spire-oidc-discovery-provider.spec.dnsNameTemplates: spire-oidc-discovery-provider.spire-server.svc.blue.local",
  "ConfigMap/spire-agent.data.agent.conf: server_address = "spire-server.spire-server.svc.blue.local"",
  "ConfigMap/spire-controller-manager.data.controller-manager.yaml: clusterDomain: blue.local",
  "ConfigMap/spire-oidc-discovery-provider.data.oidc-discovery-provider.conf: "spire-oidc-discovery-provider.spire-server.svc.blue.local",",
]
`);
    expect(placesOf(install({ clusterDomain: 'blue.local' }), 'cluster.local')).toEqual([]);
  });

  test('jwtIssuer', () => {
    expect(places({ jwtIssuer: 'https://keys.test:8443' }, 'keys.test')).toMatchInlineSnapshot(`
[
  "ClusterSPIFFEID/spire-oidc-discovery-provider.spec.dnsNameTemplates: keys.test",
  "ConfigMap/spire-oidc-discovery-provider.data.oidc-discovery-provider.conf: "keys.test",",
  "ConfigMap/spire-oidc-discovery-provider.data.oidc-discovery-provider.conf: jwt_issuer = "https://keys.test:8443"",
  "ConfigMap/spire-server.data.server.conf: jwt_issuer = "https://keys.test:8443"",
]
`);
  });

  test('images: a mirror, a tag, a digest', () => {
    const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
    const images = {
      spireServer: { repository: 'mirror.test:5000/spire-server' },
      spireAgent: { tag: 'patched' },
      spiffeHelper: { digest },
    };
    expect([
      ...places({ images }, 'mirror.test'),
      ...places({ images }, ':patched'),
      ...places({ images }, digest),
    ]).toEqual([
      'StatefulSet/spire-server.spec.template.spec.containers.image: mirror.test:5000/spire-server:1.15.3',
      'DaemonSet/spire-agent.spec.template.spec.containers.image: ghcr.io/spiffe/spire-agent:patched',
      `Deployment/spire-oidc-discovery-provider.spec.template.spec.initContainers.image: ghcr.io/spiffe/spiffe-helper:0.11.0@${digest}`,
    ]);
  });
});

describe('what is refused, each once, with a stand-in that lets other findings be seen', () => {
  const cases: [keyof SpireLayoutProps, unknown[]][] = [
    ['trustDomain', ['Example_ORG!!', 'spiffe://', '', 'a'.repeat(256), undefined, null, 7, {}]],
    ['instance', ['Spire', '1spire', 'spire-', '', 'a'.repeat(37), 7]],
    ['clusterName', ['my cluster', 'a/b', '..', '', false]],
    ['clusterDomain', ['Cluster.local', '', '.local', 7]],
    ['jwtIssuer', ['banana', 'http://a.test', 'https://u:p@a.test', 'https://a.test/?q', 'https://a.test/#f', '', {}]],
    ['version', ['1.14.0', 'toString', 1.15]],
    ['kubeletPath', ['var/lib/kubelet', '/', '', '/var/lib/../kubelet', '/var/lib/kubelet/', '/var//lib', '/a:b', 7]],
    ['agentSocketHostPath', ['run/spire', '/run/./spire', []]],
    [
      'images',
      [
        'mirror',
        { spireserver: { tag: '1' } },
        { spireServer: 'ghcr.io/spiffe/spire-server' },
        { spireServer: { Tag: '1' } },
        { spireServer: { tag: '1.15.3@sha256:abc' } },
        { spireServer: { tag: 1.15 } },
        { spireServer: { tag: '' } },
        { spireServer: { digest: 'abc' } },
        { spireServer: { digest: `sha256:${'A'.repeat(64)}` } },
        { spireServer: { repository: 'https://ghcr.io/spiffe/spire-server' } },
        { spireServer: { repository: 'ghcr.io/spiffe/spire-server:1.15.3' } },
        { spireServer: { repository: 'GHCR.io/Spiffe/spire-server' } },
      ],
    ],
  ];

  test('each value is one finding', () => {
    const table = cases.map(([property, values]) => {
      const lines = values.map((value) => {
        const all = said({ [property]: value });
        expect(all).toHaveLength(1);
        return `  ${all[0]?.replace(/^error \[demo\] /, '')}`;
      });
      return [property, ...lines].join('\n');
    });
    expect(table.join('\n')).toMatchInlineSnapshot(`
"trustDomain
  trustDomain trust domain 'Example_ORG!!' is not valid: trust domain characters are limited to lowercase letters, numbers, dots, dashes, and underscores; write the trust domain in lowercase (trust-domain)
  trustDomain SPIFFE ID 'spiffe://' is not valid: trust domain is missing; write one after 'spiffe://' (trust-domain)
  trustDomain trust domain '' is not valid: trust domain is missing; write one, such as 'example.org' (trust-domain)
  trustDomain trust domain 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' is not valid: trust domain cannot be longer than 255 bytes; use a shorter name (trust-domain)
  trustDomain trust domain undefined is not valid: must be a string; pass its text, such as 'example.org' (trust-domain)
  trustDomain trust domain null is not valid: must be a string; pass its text, such as 'example.org' (trust-domain)
  trustDomain trust domain 7 is not valid: must be a string; pass its text, such as 'example.org' (trust-domain)
  trustDomain trust domain (object) is not valid: must be a string; pass its text, such as 'example.org' (trust-domain)
instance
  instance 'Spire' is not a prefix that all names can begin with; write 1 to 36 characters of a-z, 0-9 and '-', with a letter in front and a letter or digit at the end (layout-instance)
  instance '1spire' is not a prefix that all names can begin with; write 1 to 36 characters of a-z, 0-9 and '-', with a letter in front and a letter or digit at the end (layout-instance)
  instance 'spire-' is not a prefix that all names can begin with; write 1 to 36 characters of a-z, 0-9 and '-', with a letter in front and a letter or digit at the end (layout-instance)
  instance '' is not a prefix that all names can begin with; write 1 to 36 characters of a-z, 0-9 and '-', with a letter in front and a letter or digit at the end (layout-instance)
  instance 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' is not a prefix that all names can begin with; write 1 to 36 characters of a-z, 0-9 and '-', with a letter in front and a letter or digit at the end (layout-instance)
  instance 7 is not text; write it in quotes (layout-instance)
clusterName
  clusterName 'my cluster' is not a segment of a SPIFFE ID, which the agents' IDs need; write letters, digits, '.', '-' and '_' (layout-cluster-name)
  clusterName 'a/b' is not a segment of a SPIFFE ID, which the agents' IDs need; write letters, digits, '.', '-' and '_' (layout-cluster-name)
  clusterName '..' is not a segment of a SPIFFE ID, which the agents' IDs need; write letters, digits, '.', '-' and '_' (layout-cluster-name)
  clusterName '' is not a segment of a SPIFFE ID, which the agents' IDs need; write letters, digits, '.', '-' and '_' (layout-cluster-name)
  clusterName false is not text; write it in quotes (layout-cluster-name)
clusterDomain
  clusterDomain 'Cluster.local' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (layout-cluster-domain)
  clusterDomain '' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (layout-cluster-domain)
  clusterDomain '.local' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (layout-cluster-domain)
  clusterDomain 7 is not text; write it in quotes (layout-cluster-domain)
jwtIssuer
  jwtIssuer 'banana' is not an issuer; write an https URL with a host, such as 'https://oidc.example.com' (layout-jwt-issuer)
  jwtIssuer 'http://a.test' is not an issuer; write an https URL with a host, such as 'https://oidc.example.com' (layout-jwt-issuer)
  jwtIssuer 'https://u:p@a.test' is not an issuer; write an https URL with a host, such as 'https://oidc.example.com' (layout-jwt-issuer)
  jwtIssuer 'https://a.test/?q' is not an issuer; write an https URL with a host, such as 'https://oidc.example.com' (layout-jwt-issuer)
  jwtIssuer 'https://a.test/#f' is not an issuer; write an https URL with a host, such as 'https://oidc.example.com' (layout-jwt-issuer)
  jwtIssuer '' is not an issuer; write an https URL with a host, such as 'https://oidc.example.com' (layout-jwt-issuer)
  jwtIssuer {} is not text; write it in quotes (layout-jwt-issuer)
version
  version '1.14.0' is not a version of SPIRE that this library writes configuration for; write one of 1.15.3 (layout-version)
  version 'toString' is not a version of SPIRE that this library writes configuration for; write one of 1.15.3 (layout-version)
  version 1.15 is not text; write it in quotes (layout-version)
kubeletPath
  kubeletPath 'var/lib/kubelet' is not an absolute path that a pod can mount; begin it with '/', do not end it with '/', and leave '.', '..' and ':' out (layout-kubelet-path)
  kubeletPath '/' is not an absolute path that a pod can mount; begin it with '/', do not end it with '/', and leave '.', '..' and ':' out (layout-kubelet-path)
  kubeletPath '' is not an absolute path that a pod can mount; begin it with '/', do not end it with '/', and leave '.', '..' and ':' out (layout-kubelet-path)
  kubeletPath '/var/lib/../kubelet' is not an absolute path that a pod can mount; begin it with '/', do not end it with '/', and leave '.', '..' and ':' out (layout-kubelet-path)
  kubeletPath '/var/lib/kubelet/' is not an absolute path that a pod can mount; begin it with '/', do not end it with '/', and leave '.', '..' and ':' out (layout-kubelet-path)
  kubeletPath '/var//lib' is not an absolute path that a pod can mount; begin it with '/', do not end it with '/', and leave '.', '..' and ':' out (layout-kubelet-path)
  kubeletPath '/a:b' is not an absolute path that a pod can mount; begin it with '/', do not end it with '/', and leave '.', '..' and ':' out (layout-kubelet-path)
  kubeletPath 7 is not text; write it in quotes (layout-kubelet-path)
agentSocketHostPath
  agentSocketHostPath 'run/spire' is not an absolute path that a pod can mount; begin it with '/', do not end it with '/', and leave '.', '..' and ':' out (layout-agent-socket-host-path)
  agentSocketHostPath '/run/./spire' is not an absolute path that a pod can mount; begin it with '/', do not end it with '/', and leave '.', '..' and ':' out (layout-agent-socket-host-path)
  agentSocketHostPath [] is not text; write it in quotes (layout-agent-socket-host-path)
images
  images 'mirror' is not an object; write { spireServer: { tag: '1.15.3' } } (image-reference)
  images.spireserver is not an image; write one of spireServer, spireAgent, oidcDiscoveryProvider, controllerManager, spiffeCsiDriver, nodeDriverRegistrar, spiffeHelper (image-reference)
  images.spireServer 'ghcr.io/spiffe/spire-server' is not an object; write { tag: '1.15.3' } (image-reference)
  images.spireServer.Tag is not a part; write one of repository, tag, digest (image-reference)
  images.spireServer.tag '1.15.3@sha256:abc' is not the tag of an image; write a tag such as '1.15.3'; a digest has a property of its own (image-reference)
  images.spireServer.tag 1.15 is not the tag of an image; write a tag such as '1.15.3'; a digest has a property of its own (image-reference)
  images.spireServer.tag '' is not the tag of an image; write a tag such as '1.15.3'; a digest has a property of its own (image-reference)
  images.spireServer.digest 'abc' is not the digest of an image; write 'sha256:' and 64 hexadecimal digits in lower case (image-reference)
  images.spireServer.digest 'sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' is not the digest of an image; write 'sha256:' and 64 hexadecimal digits in lower case (image-reference)
  images.spireServer.repository 'https://ghcr.io/spiffe/spire-server' is not the repository of an image; write registry and repository without scheme, tag and digest, such as 'ghcr.io/spiffe/spire-server' (image-reference)
  images.spireServer.repository 'ghcr.io/spiffe/spire-server:1.15.3' is not the repository of an image; write registry and repository without scheme, tag and digest, such as 'ghcr.io/spiffe/spire-server' (image-reference)
  images.spireServer.repository 'GHCR.io/Spiffe/spire-server' is not the repository of an image; write registry and repository without scheme, tag and digest, such as 'ghcr.io/spiffe/spire-server' (image-reference)"
`);
  });

  test('Outputs, because objects are named or made by these values', () => {
    const lines = [
      ...(['trustDomain', 'instance', 'jwtIssuer', 'version'] as const).flatMap((it) => said({ [it]: fakeOutput() })),
      ...said({ images: { spireServer: { digest: fakeOutput() } } }),
    ];
    expect(lines.join('\n')).toMatchInlineSnapshot(`
"error [demo] trustDomain is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (trust-domain)
error [demo] instance is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (layout-instance)
error [demo] jwtIssuer is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (layout-jwt-issuer)
error [demo] version is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (layout-version)
error [demo] images.spireServer.digest is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (image-reference)"
`);
  });

  test('one wrong value is one finding in a whole installation too', () => {
    for (const [property, values] of cases) {
      const cluster = install(untyped({ [property]: values[0] }));
      expect([property, ...findings(cluster)]).toHaveLength(2);
    }
  });
});
