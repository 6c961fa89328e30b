import { BundleEndpoint, Exposure } from '../../lib/cluster';
import { KubernetesCluster } from '../../lib/spire';
import { newChart } from '../core/fixtures';
import { untyped } from '../spire/installation';

const annotations = { 'nginx.ingress.kubernetes.io/ssl-passthrough': 'true' };

test.each([
  [Exposure.loadBalancer(), { type: 'load-balancer' }],
  [
    Exposure.loadBalancer({ port: 8443, annotations, loadBalancerClass: 'internal', sourceRanges: ['192.0.2.0/24'] }),
    { type: 'load-balancer', port: 8443, annotations, loadBalancerClass: 'internal', sourceRanges: ['192.0.2.0/24'] },
  ],
  [Exposure.ingress({ annotations, className: 'nginx' }), { type: 'ingress', annotations, className: 'nginx' }],
  [Exposure.tlsRoute({ gateway: { name: 'edge' } }), { type: 'tls-route', gateway: { name: 'edge' } }],
  [Exposure.other({ port: 443 }), { type: 'other', port: 443 }],
  [Exposure.managedRoute(), { type: 'managed-route' }],
  [Exposure.route(), { type: 'route' }],
  [Exposure.route({ annotations }), { type: 'route', annotations }],
])('%#: the options with the type', (exposure, value) => {
  expect(exposure).toEqual(value);
});

test('the type is that of the factory, whatever plain JavaScript passes', () => {
  const types = [Exposure.loadBalancer, Exposure.ingress, Exposure.tlsRoute, Exposure.other, Exposure.route].map(
    (make) => make(untyped({ type: 'nonsense' })).type,
  );
  expect(types).toEqual(['load-balancer', 'ingress', 'tls-route', 'other', 'route']);
  expect(Exposure.ingress(untyped(undefined))).toEqual({ type: 'ingress' });
  expect(Exposure.tlsRoute(untyped(null))).toEqual({ type: 'tls-route' });
});

test('types: what one platform has is not given to another', () => {
  const managed = BundleEndpoint.httpsSpiffe({ exposure: Exposure.managedRoute() });
  const balancer = BundleEndpoint.httpsSpiffe({ exposure: Exposure.loadBalancer() });
  // @ts-expect-error OpenShift alone has that Route
  new KubernetesCluster(newChart(), 'demo', { trustDomain: 'demo.example.com', bundleEndpoint: managed });
  new KubernetesCluster(newChart(), 'demo', { trustDomain: 'demo.example.com', bundleEndpoint: balancer });
  expect([managed.exposure, balancer.exposure]).toEqual([{ type: 'managed-route' }, { type: 'load-balancer' }]);
});

test('types: what an exposure must have', () => {
  // @ts-expect-error by which annotation does the controller hand TLS through?
  const ingress = Exposure.ingress({ className: 'nginx' });
  // @ts-expect-error at which port?
  const other = Exposure.other({});
  // @ts-expect-error by which Gateway?
  const route = Exposure.tlsRoute({ port: 443 });
  expect([ingress.type, other.type, route.type]).toEqual(['ingress', 'other', 'tls-route']);
});
