import { join } from 'node:path';
import {
  App,
  BundleEndpoint,
  ExternalTrustDomain,
  FederationMesh,
  Issuer,
  KubernetesCluster,
  MeshLock,
  Topology,
  Trust,
  WebTrust,
} from 'spirekit';

const app = new App();

// Certificates of the bundle endpoints come from an issuer that every cluster has.
const issuer = Issuer.existing({ name: 'letsencrypt', kind: 'ClusterIssuer', trust: WebTrust.public() });

const cluster = (name: string, nodes: number) =>
  new KubernetesCluster(app, name, {
    trustDomain: `${name}.example.com`,
    nodes,
    bundleEndpoint: BundleEndpoint.httpsWeb({ issuer }),
  });

// Two regions. Between them only the gateways believe each other: of n clusters, not all n(n-1) pairs.
const europe = { gateway: cluster('europe', 12), members: [cluster('shop', 60), cluster('billing', 40)] };
const asia = { gateway: cluster('asia', 12), members: [cluster('warehouse', 200)] };

// Teleport, which people and their machines get identities from.
const people = ExternalTrustDomain.teleport({
  trustDomain: 'teleport.example.com',
  proxyAddress: 'teleport.example.com',
});

new FederationMesh(app, 'mesh', {
  members: [europe.gateway, ...europe.members, asia.gateway, ...asia.members, people],
  topology: Topology.union(
    Topology.gateways([
      { gateways: [europe.gateway], members: europe.members },
      { gateways: [asia.gateway], members: asia.members },
    ]),
    Topology.edges([Trust.mutual(europe.gateway, people)]),
  ),
  // What must hold whatever is added later; a program that exceeds one of them writes nothing.
  budgets: { blastRadius: 4, revocation: '10m' },
  // What was deployed, which 'spirekit lock' has written: changes that would break it, or not arrive, are found.
  previous: MeshLock.fromFile(join(__dirname, 'mesh.lock.json')),
});

// The gateways pass on what their regions ask for; a region's clusters know their own gateway alone.
europe.gateway.identity('relay', {
  namespace: 'edge',
  serviceAccount: 'relay',
  federatesWith: [...europe.members, asia.gateway, people],
});
asia.gateway.identity('relay', {
  namespace: 'edge',
  serviceAccount: 'relay',
  federatesWith: [...asia.members, europe.gateway],
});
for (const { gateway, members } of [europe, asia]) {
  for (const member of members) {
    member.identity('web', { namespace: 'web', serviceAccount: 'web', federatesWith: [gateway] });
  }
}

app.synth();
