import { join } from 'node:path';
import {
  App,
  BundleEndpointProfile,
  BundleFolder,
  ExternalTrustDomain,
  FederationMesh,
  KubernetesCluster,
  Topology,
  Trust,
} from 'spirekit';

const app = new App();

// First bundles, each in a file that says what it holds. Fetched by:
// spirekit bundle fetch partner.example.org --url https://spire.partner.example.org:8443 --sha256 DIGEST
const bundles = BundleFolder.at(join(__dirname, 'bundles'));

const shop = new KubernetesCluster(app, 'shop', { trustDomain: 'shop.example.com' });

// A partner whose SPIRE proves itself by its own identity: whoever fetches its bundle has to know one before.
const partner = new ExternalTrustDomain({
  trustDomain: 'partner.example.org',
  bundleEndpointUrl: 'https://spire.partner.example.org:8443',
  profile: BundleEndpointProfile.httpsSpiffe('spiffe://partner.example.org/spire/server'),
  refreshHint: '5m',
  seed: bundles.bundle('partner.example.org'),
});

new FederationMesh(app, 'mesh', {
  members: [shop, partner],
  topology: Topology.edges([Trust.oneWay(shop, partner)]),
});

shop.identity('orders', { namespace: 'shop', serviceAccount: 'orders', federatesWith: [partner] });

app.synth();
