import { BundleEndpoint, Exposure } from '../../lib/cluster';
import { readExposure } from '../../lib/spire/exposure-findings';
import { fakeOutput } from '../core/fixtures';
import { endpointFindings, exposed, SECRET } from './federating';
import { find, install, untyped } from './installation';

/** The one finding about each of several exposures of a cluster. */
function eachFinding(exposures: readonly unknown[]): string {
  return exposures
    .map((exposure) => {
      const found = endpointFindings(exposed(untyped(exposure)));
      expect([exposure, found]).toEqual([exposure, [expect.any(String)]]);
      return found[0];
    })
    .join('\n');
}

const annotations = { 'nginx.ingress.kubernetes.io/ssl-passthrough': 'true' };
const gateway = { name: 'edge' };

test('none at all is the default', () => {
  for (const exposure of [undefined, null]) {
    expect(readExposure(exposure)).toEqual({ exposure: { type: 'load-balancer' }, findings: [] });
  }
});

test.each([
  [Exposure.loadBalancer({ port: 1, annotations: {}, loadBalancerClass: 'internal', sourceRanges: [] })],
  [Exposure.loadBalancer({ port: 65535, sourceRanges: ['0.0.0.0/0', '::/0', '2001:db8::1/128'] })],
  [Exposure.ingress({ annotations, className: 'nginx.example.com' })],
  [Exposure.tlsRoute({ gateway: { ...gateway, sectionName: 'tls.example' }, apiVersion: 'v1alpha3' })],
  [Exposure.other({ port: 443 })],
])('%j is used as it is', (exposure) => {
  expect(readExposure(exposure)).toEqual({ exposure, findings: [] });
});

test('what is no exposure, or one of OpenShift: a load balancer stands in', () => {
  const nonsense = ['load-balancer', 7, true, [], {}, { type: 'loadBalancer' }, fakeOutput()];
  expect(
    eachFinding([...nonsense, { type: 'toString' }, Exposure.managedRoute(), Exposure.route()]),
  ).toMatchInlineSnapshot(`
"error bundleEndpoint.exposure 'load-balancer' is not an exposure on plain Kubernetes; make it with Exposure.loadBalancer(), .ingress(), .tlsRoute() or .other() (bundle-endpoint-exposure)
error bundleEndpoint.exposure 7 is not an exposure on plain Kubernetes; make it with Exposure.loadBalancer(), .ingress(), .tlsRoute() or .other() (bundle-endpoint-exposure)
error bundleEndpoint.exposure true is not an exposure on plain Kubernetes; make it with Exposure.loadBalancer(), .ingress(), .tlsRoute() or .other() (bundle-endpoint-exposure)
error bundleEndpoint.exposure [] is not an exposure on plain Kubernetes; make it with Exposure.loadBalancer(), .ingress(), .tlsRoute() or .other() (bundle-endpoint-exposure)
error bundleEndpoint.exposure {} is not an exposure on plain Kubernetes; make it with Exposure.loadBalancer(), .ingress(), .tlsRoute() or .other() (bundle-endpoint-exposure)
error bundleEndpoint.exposure 'loadBalancer' is not an exposure on plain Kubernetes; make it with Exposure.loadBalancer(), .ingress(), .tlsRoute() or .other() (bundle-endpoint-exposure)
error bundleEndpoint.exposure is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (bundle-endpoint-exposure)
error bundleEndpoint.exposure 'toString' is not an exposure on plain Kubernetes; make it with Exposure.loadBalancer(), .ingress(), .tlsRoute() or .other() (bundle-endpoint-exposure)
error bundleEndpoint.exposure 'managed-route' is not an exposure on plain Kubernetes; make it with Exposure.loadBalancer(), .ingress(), .tlsRoute() or .other() (bundle-endpoint-exposure)
error bundleEndpoint.exposure 'route' is not an exposure on plain Kubernetes; make it with Exposure.loadBalancer(), .ingress(), .tlsRoute() or .other() (bundle-endpoint-exposure)"
`);
  const cluster = exposed(untyped(Exposure.managedRoute()));
  expect(cluster.spire.server.federation.endpoint?.exposure).toBe('load-balancer');
  expect(find(cluster, 'Service', 'spire-bundle-endpoint').spec.type).toBe('LoadBalancer');
});

test('ports', () => {
  const ports = [0, 70000, -1, 443.5, '443', fakeOutput()];
  const other = [undefined, ...ports].map((port) => ({ type: 'other', port }));
  expect(eachFinding(other)).toMatchInlineSnapshot(`
"error bundleEndpoint.exposure.port is missing; write a number from 1 to 65535, such as 443 (bundle-endpoint-exposure)
error bundleEndpoint.exposure.port 0 is not a TCP port; write a number from 1 to 65535, such as 443 (bundle-endpoint-exposure)
error bundleEndpoint.exposure.port 70000 is not a TCP port; write a number from 1 to 65535, such as 443 (bundle-endpoint-exposure)
error bundleEndpoint.exposure.port -1 is not a TCP port; write a number from 1 to 65535, such as 443 (bundle-endpoint-exposure)
error bundleEndpoint.exposure.port 443.5 is not a TCP port; write a number from 1 to 65535, such as 443 (bundle-endpoint-exposure)
error bundleEndpoint.exposure.port '443' is not a TCP port; write a number from 1 to 65535, such as 443 (bundle-endpoint-exposure)
error bundleEndpoint.exposure.port is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (bundle-endpoint-exposure)"
`);
  const [first] = eachFinding([{ type: 'other', port: 0 }]).split('\n');
  for (const exposure of [
    { type: 'load-balancer', port: 0 },
    { type: 'ingress', annotations, port: 0 },
    { type: 'tls-route', gateway, port: 0 },
  ]) {
    expect(eachFinding([exposure])).toBe(first);
    expect(exposed(untyped(exposure)).spire.server.federation.endpoint?.port).toBe(443);
  }
});

test('a load balancer', () => {
  const options = [
    { annotations: ['a'] },
    { annotations: { 'example.com/internal': true } },
    { annotations: fakeOutput() },
    { loadBalancerClass: 'my class' },
    { loadBalancerClass: 7 },
    { sourceRanges: '203.0.113.0/24' },
    { sourceRanges: ['203.0.113.0'] },
    { sourceRanges: ['203.0.113.0/33'] },
    { sourceRanges: ['fe80::1%eth0/64'] },
    { sourceRanges: [7] },
    { class: 'internal' },
  ];
  expect(eachFinding(options.map((it) => ({ ...it, type: 'load-balancer' })))).toMatchInlineSnapshot(`
"error bundleEndpoint.exposure.annotations ["a"] is not a map of text; write { 'example.com/key': 'value' } (bundle-endpoint-exposure)
error bundleEndpoint.exposure.annotations {"example.com/internal":true} is not a map of text; write { 'example.com/key': 'value' } (bundle-endpoint-exposure)
error bundleEndpoint.exposure.annotations is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (bundle-endpoint-exposure)
error bundleEndpoint.exposure.loadBalancerClass 'my class' is not a label key that Kubernetes accepts; write a name such as 'app', or one with a DNS prefix such as 'example.com/app' (bundle-endpoint-exposure)
error bundleEndpoint.exposure.loadBalancerClass 7 is not text; write it in quotes (bundle-endpoint-exposure)
error bundleEndpoint.exposure.sourceRanges '203.0.113.0/24' is not a list of networks; write one such as ['203.0.113.0/24'] (bundle-endpoint-exposure)
error bundleEndpoint.exposure.sourceRanges ["203.0.113.0"] is not a list of networks; write one such as ['203.0.113.0/24'] (bundle-endpoint-exposure)
error bundleEndpoint.exposure.sourceRanges ["203.0.113.0/33"] is not a list of networks; write one such as ['203.0.113.0/24'] (bundle-endpoint-exposure)
error bundleEndpoint.exposure.sourceRanges ["fe80::1%eth0/64"] is not a list of networks; write one such as ['203.0.113.0/24'] (bundle-endpoint-exposure)
error bundleEndpoint.exposure.sourceRanges [7] is not a list of networks; write one such as ['203.0.113.0/24'] (bundle-endpoint-exposure)
error bundleEndpoint.exposure.class is not a property; write one of port, annotations, loadBalancerClass, sourceRanges (property-unknown)"
`);
  const { spec } = find(
    exposed(untyped({ type: 'load-balancer', sourceRanges: 7 })),
    'Service',
    'spire-bundle-endpoint',
  );
  expect(spec).not.toHaveProperty('loadBalancerSourceRanges');
});

test('an Ingress', () => {
  const options = [
    {},
    { annotations: null },
    { annotations: {} },
    { annotations: 'ssl-passthrough' },
    { annotations: { 'nginx.ingress.kubernetes.io/ssl-passthrough': true } },
    { annotations: fakeOutput() },
    { annotations, className: 'Nginx' },
    { annotations, className: fakeOutput() },
    { annotations, tlsSecret: 'tls' },
  ];
  expect(eachFinding(options.map((it) => ({ ...it, type: 'ingress' })))).toMatchInlineSnapshot(`
"error bundleEndpoint.exposure.annotations is missing, so the controller would end TLS itself and show a certificate of its own; write your controller's, such as { 'nginx.ingress.kubernetes.io/ssl-passthrough': 'true' } (bundle-endpoint-exposure)
error bundleEndpoint.exposure.annotations is missing, so the controller would end TLS itself and show a certificate of its own; write your controller's, such as { 'nginx.ingress.kubernetes.io/ssl-passthrough': 'true' } (bundle-endpoint-exposure)
error bundleEndpoint.exposure.annotations is missing, so the controller would end TLS itself and show a certificate of its own; write your controller's, such as { 'nginx.ingress.kubernetes.io/ssl-passthrough': 'true' } (bundle-endpoint-exposure)
error bundleEndpoint.exposure.annotations 'ssl-passthrough' is not a map of text; write { 'example.com/key': 'value' } (bundle-endpoint-exposure)
error bundleEndpoint.exposure.annotations {"nginx.ingress.kubernetes.io/ssl-passthrough":true} is not a map of text; write { 'example.com/key': 'value' } (bundle-endpoint-exposure)
error bundleEndpoint.exposure.annotations is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (bundle-endpoint-exposure)
error bundleEndpoint.exposure.className 'Nginx' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (bundle-endpoint-exposure)
error bundleEndpoint.exposure.className is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (bundle-endpoint-exposure)
error bundleEndpoint.exposure.tlsSecret is not a property; write one of port, className, annotations (property-unknown)"
`);
});

test('a TLSRoute', () => {
  const options = [
    {},
    { gateway: 'edge' },
    { gateway: fakeOutput() },
    { gateway: {} },
    { gateway: { name: '' } },
    { gateway: { name: 7 } },
    { gateway: { name: 'edge', namespace: 'my.gateways' } },
    { gateway: { name: 'edge', sectionName: 7 } },
    { gateway: { name: 'edge', listener: 'tls' } },
    { gateway, apiVersion: 'v1beta1' },
    { gateway, hostnames: [] },
  ];
  expect(eachFinding(options.map((it) => ({ ...it, type: 'tls-route' })))).toMatchInlineSnapshot(`
"error bundleEndpoint.exposure.gateway is missing; write { name: 'name of the Gateway' } (bundle-endpoint-exposure)
error bundleEndpoint.exposure.gateway 'edge' is not an object; write { name: 'name of the Gateway' } (bundle-endpoint-exposure)
error bundleEndpoint.exposure.gateway is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (bundle-endpoint-exposure)
error bundleEndpoint.exposure.gateway.name is missing; write the name of the Gateway (bundle-endpoint-exposure)
error bundleEndpoint.exposure.gateway.name '' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (bundle-endpoint-exposure)
error bundleEndpoint.exposure.gateway.name 7 is not text; write it in quotes (bundle-endpoint-exposure)
error bundleEndpoint.exposure.gateway.namespace 'my.gateways' is not a DNS label, which Kubernetes requires here; write 1 to 63 characters of a-z, 0-9 and '-', with a letter or digit at both ends (bundle-endpoint-exposure)
error bundleEndpoint.exposure.gateway.sectionName 7 is not text; write it in quotes (bundle-endpoint-exposure)
error bundleEndpoint.exposure.gateway.listener is not a property; write one of name, namespace, sectionName (property-unknown)
error bundleEndpoint.exposure.apiVersion 'v1beta1' is not a version of TLSRoute; write one of v1, v1alpha2, v1alpha3 (bundle-endpoint-exposure)
error bundleEndpoint.exposure.hostnames is not a property; write one of port, gateway, apiVersion (property-unknown)"
`);
  const route = exposed(untyped({ type: 'tls-route', gateway: { namespace: 'gateways' } }));
  expect(find(route, 'TLSRoute', 'spire-bundle-endpoint').spec.parentRefs).toEqual([
    { name: 'invalid', namespace: 'gateways' },
  ]);
});

test('several mistakes are found together, with those about host, time and certificate', () => {
  const bundleEndpoint = BundleEndpoint.httpsWeb(
    untyped({
      ...SECRET,
      secretName: 'Bad Name',
      host: 'federation',
      refreshHint: '1 day',
      exposure: Exposure.loadBalancer(untyped({ port: 0, sourceRanges: 7 })),
    }),
  );
  expect(endpointFindings(install({ bundleEndpoint })).join('\n')).toMatchInlineSnapshot(`
"error bundleEndpoint.host 'federation' is not the full name of a host; write one such as 'federation.example.com', in lowercase, without scheme, port and path (bundle-endpoint-host)
error bundleEndpoint.refreshHint '1 day' is not a duration; write numbers with the units h, m, s, ms, us or ns, such as '1h30m' (refresh-hint)
error bundleEndpoint.secretName 'Bad Name' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (bundle-endpoint-certificate)
error bundleEndpoint.exposure.port 0 is not a TCP port; write a number from 1 to 65535, such as 443 (bundle-endpoint-exposure)
error bundleEndpoint.exposure.sourceRanges 7 is not a list of networks; write one such as ['203.0.113.0/24'] (bundle-endpoint-exposure)"
`);
});
