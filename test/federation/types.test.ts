import { Testing } from 'cdk8s';
import {
  BundleEndpoint,
  BundleEndpointProfile,
  Exposure,
  ExternalTrustDomain,
  FederationMesh,
  KubernetesCluster,
  OpenShiftCluster,
  Topology,
  Trust,
} from '../../lib';
import { findings } from '../spire/installation';

function members() {
  const app = Testing.app();
  return {
    app,
    east: new OpenShiftCluster(app, 'east', { trustDomain: 'east.example.com' }),
    west: new KubernetesCluster(app, 'west', { trustDomain: 'west.example.com' }),
    partner: new ExternalTrustDomain({
      trustDomain: 'partner.example',
      bundleEndpointUrl: 'https://bundle.partner.example',
      profile: BundleEndpointProfile.httpsWeb(),
    }),
  };
}

test('topologies of members of every kind compile as they are written', () => {
  const { app, east, west, partner } = members();
  const given = [east, west, partner];
  const hub = new FederationMesh(app, 'hub', { members: given, topology: Topology.hub(east) });
  expect(hub.model().edges).toHaveLength(3);
  const lines = () => {
    new FederationMesh(app, 'edges', {
      members: given,
      topology: Topology.edges([Trust.mutual(east, west), Trust.oneWay(west, partner)]),
    });
    new FederationMesh(app, 'union', {
      members: given,
      topology: Topology.union(Topology.hub(west), Topology.edges([Trust.oneWay(east, partner)])),
    });
    const joined = Topology.union(Topology.hub(east), Topology.hub(west));
    new FederationMesh(app, 'joined', { members: given, topology: joined });
  };
  expect(lines).not.toThrow();
  expect(findings(app).filter((line) => line.startsWith('error [hub]'))).toEqual([]);
});

test('what cannot work does not compile', () => {
  const { app, east } = members();
  const wrong = () => {
    // @ts-expect-error members are clusters or external trust domains
    new FederationMesh(app, 'x', { members: ['east'] });
    new FederationMesh(app, 'y', {
      members: [east],
      // @ts-expect-error a topology of something else
      topology: Topology.hub('east'),
    });
  };
  const managed = BundleEndpoint.httpsSpiffe({ exposure: Exposure.managedRoute() });
  const balancer = BundleEndpoint.httpsSpiffe({ exposure: Exposure.loadBalancer() });
  const platforms = () => [
    // @ts-expect-error the Route of an operator that is not there
    new KubernetesCluster(app, 'a', { trustDomain: 'a.example.com', bundleEndpoint: managed }),
    // @ts-expect-error ZTWIM's server has a Route, no load balancer
    new OpenShiftCluster(app, 'b', { trustDomain: 'b.example.com', bundleEndpoint: balancer }),
  ];
  expect([wrong, platforms]).toHaveLength(2);
});
