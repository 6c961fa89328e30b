import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Testing } from 'cdk8s';
import fc from 'fast-check';
import {
  App,
  BundleEndpoint,
  BundleEndpointProfile,
  ClusterFederatedTrustDomain,
  ClusterSpiffeId,
  Exposure,
  ExternalTrustDomain,
  FederationMesh,
  type FederationMeshProps,
  Issuer,
  KubernetesCluster,
  type KubernetesClusterProps,
  OpenShiftCluster,
  type OpenShiftClusterProps,
  Topology,
  Trust,
  UpstreamAuthority,
  WebTrust,
} from '../../lib';
import { bundleOfRoots, MESH_RULES } from '../../lib/federation';
import { DEMO_ROOT } from '../core/fixtures-certificates';
import { find, findings, manifestsOf, untyped } from '../spire/installation';
import { ENDED_CA, RSA_ROOT, WEB_ROOT, WEST_ROOT } from './fixtures-certificates';

const NOW = new Date('2026-06-01T00:00:00Z');

/** A root for each cluster: those who share one could sign for each other. */
const ROOTS: Readonly<Record<string, string>> = {
  east: DEMO_ROOT,
  west: WEST_ROOT,
  a: DEMO_ROOT,
  b: WEST_ROOT,
  c: WEB_ROOT,
  lab: RSA_ROOT,
};

const spiffe = (name: string, props: Partial<KubernetesClusterProps> = {}) => ({
  trustDomain: `${name}.example.com`,
  server: { upstreamAuthority: UpstreamAuthority.disk({ secret: 'upstream', roots: ROOTS[name] }) },
  bundleEndpoint: BundleEndpoint.httpsSpiffe(),
  ...props,
});

/** A program with two plain clusters, which its tests change. */
class Program {
  readonly app = Testing.app();

  kubernetes(name: string, props: Partial<KubernetesClusterProps> = {}): KubernetesCluster {
    return new KubernetesCluster(this.app, name, spiffe(name, props));
  }

  openshift(name: string, props: Partial<OpenShiftClusterProps> = {}): OpenShiftCluster {
    return new OpenShiftCluster(this.app, name, {
      trustDomain: `apps.${name}.example.com`,
      bundleEndpoint: BundleEndpoint.httpsWeb({ issuer: Issuer.acme({ email: 'pki@example.com' }) }),
      ...props,
    });
  }

  mesh(props: FederationMeshProps): FederationMesh {
    return new FederationMesh(this.app, 'mesh', { now: NOW, ...props });
  }

  findings(): string[] {
    return findings(this.app);
  }
}

const program = () => new Program();

describe('what an edge takes', () => {
  test('a relationship on the cluster that believes, with what the other one says of itself', () => {
    const p = program();
    const [east, ocp] = [p.kubernetes('east'), p.openshift('ocp')];
    p.mesh({ members: [east, ocp] });
    expect(p.findings()).toEqual([]);
    const ofEast = find(east, 'ClusterFederatedTrustDomain', 'apps.ocp.example.com');
    expect(ofEast.spec).toEqual({
      trustDomain: 'apps.ocp.example.com',
      bundleEndpointURL: 'https://federation.apps.ocp.example.com',
      bundleEndpointProfile: { type: 'https_web' },
      className: 'spire',
    });
    const ofOcp = find(ocp, 'ClusterFederatedTrustDomain', 'east.example.com');
    expect(ofOcp.spec).toEqual({
      trustDomain: 'east.example.com',
      bundleEndpointURL: 'https://federation.east.example.com',
      bundleEndpointProfile: { type: 'https_spiffe', endpointSPIFFEID: 'spiffe://east.example.com/spire/server' },
      className: 'zero-trust-workload-identity-manager-spire',
      trustDomainBundle: bundleOfRoots(DEMO_ROOT, { refreshHint: 300 }),
    });
  });

  test('paths and names are what others may rely on', () => {
    const p = program();
    p.mesh({ members: [p.kubernetes('east'), p.kubernetes('west')] });
    const paths = p.app.node
      .findAll()
      .map(({ node }) => node.path)
      .filter((path) => /^(east|west)\/federation/.test(path));
    expect(paths).toEqual([
      'east/federation',
      'east/federation/west.example.com',
      'west/federation',
      'west/federation/east.example.com',
    ]);
  });

  test('the roots of a private authority go to every consumer, beside the system’s or in their place', () => {
    const p = program();
    const issuer = Issuer.ca({ secretName: 'ca', roots: WEB_ROOT });
    const members = [
      p.kubernetes('east', { bundleEndpoint: BundleEndpoint.httpsWeb({ issuer }) }),
      p.openshift('ocp', { bundleEndpoint: BundleEndpoint.httpsWeb({ issuer }) }),
    ] as const;
    p.mesh({ members });
    expect(p.findings()).toEqual([]);
    const [east, ocp] = members;
    expect(find(east, 'ConfigMap', 'spire-federation-roots').data['roots.pem']).toContain('BEGIN CERTIFICATE');
    const subscription = find(ocp, 'Subscription', 'openshift-zero-trust-workload-identity-manager');
    const [{ name, value }] = subscription.spec.config.env;
    expect([name, value]).toEqual(['TRUSTED_CA_BUNDLE_CONFIGMAP', expect.stringMatching(/^spire-trusted-ca/)]);
    expect(find(ocp, 'ConfigMap', value).data['ca-bundle.crt']).toContain('BEGIN CERTIFICATE');
  });

  test('static relationships stand in the servers’ configuration too', () => {
    const p = program();
    const [east, ocp] = [p.kubernetes('east'), p.openshift('ocp')];
    p.mesh({ members: [east, ocp], staticRelationships: true });
    expect(p.findings()).toEqual([]);
    expect(find(ocp, 'SpireServer', 'cluster').spec.federation.federatesWith).toEqual([
      {
        trustDomain: 'east.example.com',
        bundleEndpointUrl: 'https://federation.east.example.com',
        bundleEndpointProfile: 'https_spiffe',
        endpointSpiffeId: 'spiffe://east.example.com/spire/server',
      },
    ]);
    expect(find(east, 'ConfigMap', 'spire-server').data['server.conf']).toContain(
      'federates_with "apps.ocp.example.com" {',
    );
  });

  test('an external trust domain is believed, and told nothing', () => {
    const p = program();
    const east = p.kubernetes('east');
    const partner = new ExternalTrustDomain({
      trustDomain: 'partner.example',
      bundleEndpointUrl: 'https://teleport.partner.example/webapi/spiffe/bundle.json',
      profile: BundleEndpointProfile.httpsWeb(),
      refreshHint: '5m',
    });
    const mesh = p.mesh({ members: [east, partner] });
    east.identity('web', {
      namespace: 'shop',
      federatesWith: [partner],
    });
    expect(p.findings()).toEqual([]);
    expect(mesh.model().edges).toEqual([{ consumer: 'east', provider: 'partner.example', oneWay: true }]);
    expect(find(east, 'ClusterSPIFFEID', 'web').spec.federatesWith).toEqual(['partner.example']);
  });
});

describe('topologies', () => {
  type Three = [KubernetesCluster, KubernetesCluster, KubernetesCluster];

  const edgesOf = (topology: (clusters: Three) => Topology<KubernetesCluster>) => {
    const p = program();
    const members: Three = [p.kubernetes('a'), p.kubernetes('b'), p.kubernetes('c')];
    const mesh = p.mesh({ members, topology: topology(members) });
    expect(p.findings()).toEqual([]);
    return mesh.model().edges.map(({ consumer, provider }) => `${consumer} → ${provider}`);
  };

  test('everyone, a hub, some directions, several of these', () => {
    expect(edgesOf(() => Topology.full())).toHaveLength(6);
    expect(edgesOf(([a]) => Topology.hub(a))).toEqual(expect.arrayContaining(['a → b', 'b → a', 'a → c', 'c → a']));
    expect(edgesOf(([a, b, c]) => Topology.edges([Trust.oneWay(a, b), Trust.mutual(b, c)]))).toEqual([
      'a → b',
      'b → c',
      'c → b',
    ]);
    const joined = ([a, b]: Three) => Topology.union(Topology.hub(a), Topology.edges([Trust.mutual(a, b)]));
    expect(edgesOf(joined)).toHaveLength(4);
  });
});

/** What each program is told. */
const FOUND: Readonly<Record<string, readonly string[]>> = {
  'E01 one trust domain, two clusters': [
    "error [west] trustDomain 'east.example.com' is the trust domain of 'east' too: others can believe only one of the two; give every member a trust domain of its own (E01)",
  ],
  'E02 a relationship by hand beside that of the mesh': [
    "error [east/by-hand] trustDomain 'west.example.com' has another relationship on this member, and only the older one acts; remove one of the two (E02)",
  ],
  'E02 an edge said twice, and one to oneself': [
    "error [east] topology 'east → west' is listed twice; remove one of the two (E02)",
    "error [west] topology 'west → west' is an edge to oneself; remove it: servers of one trust domain share its bundle (E02)",
  ],
  'E03 a class that nobody acts on': [
    "error [east/by-hand] className 'other' is not what is looked for: only objects of the class 'spire' are acted on here; write 'spire' (E03)",
  ],
  'E04 a peer without a bundle endpoint': [
    "error [west] bundleEndpoint is missing, and 'east' cannot fetch the bundle; give the member a bundle endpoint, or remove the edges to it (E04)",
  ],
  'E04 a relationship that the mesh does not know': [
    "error [east/by-hand] trustDomain 'west.example.com' is believed here, but no edge from 'east' to 'west' is declared; declare the edge, or remove the relationship (E04)",
  ],
  'E04 two directions, each of which is said to be the only one': [
    "warning [east] topology 'east → west' is the only direction, as 'west → east' is: together they are both ways; write Trust.mutual() if both are meant, or remove the one that is not (E04)",
  ],
  'E05 an endpoint with the identity of somebody else': [
    "warning [east/federation/partner.example] profile.endpointSPIFFEID 'spiffe://other.example/spire/server' is not in trust domain 'partner.example': the server needs the bundle of another trust domain to fetch this one; write 'spiffe://partner.example/spire/server', or federate with 'other.example' too (bundle-endpoint-profile)",
    "error [mesh: partner.example] profile 'spiffe://other.example/spire/server' is in the trust domain 'other.example', which 'east' cannot verify; write an ID in 'partner.example', or make the consumers believe 'other.example' too (E05)",
  ],
  'E06 https_spiffe with a CA that signs itself': [
    "error [east] bundleEndpoint.seed is missing: 'ocp' cannot verify the endpoint by https_spiffe the first time; its CA signs itself and lives 24h (caTtl), so that a bundle of it in Git is dead within that time; give it an upstream authority with its roots (server.upstreamAuthority: UpstreamAuthority.disk({ secret, roots })), choose https_web (BundleEndpoint.httpsWeb), or have peers fetch its bundle (BootstrapJob) (E06)",
  ],
  'E07 a bucket cannot prove itself by SPIFFE': [
    "error [mesh: partner.example] profile 'https_spiffe' does not fit an object store, which has no SVID to prove itself by; write 'https_web' (E07)",
  ],
  'E08 a path that SPIRE does not serve': [
    "error [mesh: partner.example] bundleEndpointUrl 'https://spire.partner.example/bundle' has the path '/bundle', where a SPIRE server answers 404; write 'https://spire.partner.example/' (E08)",
  ],
  'E09 a URL that is not the peer’s': [
    "error [west/by-hand] trustDomain 'east.example.com' has another relationship on this member, and only the older one acts; remove one of the two (E02)",
    "error [west/by-hand] bundleEndpointUrl 'https://east.example.com' is not where 'east' serves its bundle; write 'https://federation.east.example.com' (E09)",
    "error [west/by-hand] trustDomainBundle holds none of the roots above 'east', which could not be verified by it; write a bundle of the roots of 'east' (E15)",
  ],
  'E10 a Route whose host nobody has a record for': [
    "error [ocp] bundleEndpoint.host 'federation.ocp.example.com' is not one label below 'apps.ocp.example.com': the router's DNS record does not cover it; make a DNS record for 'federation.ocp.example.com' and say so (dnsRecord: true), or choose 'apps.ocp.example.com' as trust domain (E10)",
  ],
  'E11 a test’s certificates': [
    "error [ocp] bundleEndpoint.certificate 'staging' is of an authority that nobody believes, and 'east' cannot fetch the bundle; take the certificate from the authority's production directory (E11)",
  ],
  'E13 a hint that is late for the next CA': [
    'error [a] bundleEndpoint.refreshHint is 5m: a CA of 30m is published min(30m/2, 720h) - min(30m/6, 168h) = 10m before it signs, 2 times the hint, where the standard wants 3 at least; write 2m or less (E13)',
    "warning [a] server.caValidity is 30m with one server: a CA of 30m is published min(30m/2, 720h) - min(30m/6, 168h) = 10m before it signs, and if it is away for longer, as while its node is replaced (1h), it can come back with a CA that 'b' has not seen; lengthen server.caValidity to 3h at least (W27)",
  ],
  'E14 a root that ends before the CA below it': [
    "error [east] server.upstreamAuthority '2021-01-01 00:00 UTC' is over: the upstream authority has expired; renew it before anything else (E14)",
    'error [east] bundleEndpoint.seed holds none of the roots of the upstream authority, so that nobody could verify the member by it; leave it out: the bundle is made of the roots (E15)',
  ],
  'E15 a seed that has ended': [
    "error [east] bundleEndpoint.seed holds the CA of 'spiffe://west.example.org', not of 'east.example.com'; paste the bundle of 'east.example.com' (E15)",
    'error [east] bundleEndpoint.seed has a certificate that has ended at 2021-01-01 00:00 UTC; paste the bundle of today (E15)',
  ],
  'E16 an identity that names a stranger': [
    "error [east/identity-web] federatesWith[0] 'west.example.com' has no relationship on this member: the workloads would get no identity at all; declare the edge to 'west.example.com', or remove it here (E16)",
  ],
  'E17 peers for whatever pod there is': [
    "error [east/default] federatesWith names 'west.example.com', but 'east' covers whatever pod there is; remove the peers, and name them on an identity of the workloads that talk to them (E17)",
  ],
  'E18 two truths about one peer': [
    "error [east] staticRelationships[0].profile 'https_web' is not the profile of the endpoint of 'west'; write 'https_spiffe' (E05)",
    "error [east] staticRelationships[0].url 'https://old.west.example.com' is not where 'west' serves its bundle; write 'https://federation.west.example.com' (E09)",
    "error [east] staticRelationships[0].url 'https://old.west.example.com' overrides 'https://federation.west.example.com' of the object for 'west.example.com' in silence; remove the static entry, or make it equal (E18)",
    "error [east] staticRelationships[0].profile 'https_web' overrides 'https_spiffe' of the object for 'west.example.com' in silence; remove the static entry, or make it equal (E18)",
    "error [east] staticRelationships[0].endpointSpiffeId overrides 'spiffe://west.example.com/spire/server' of the object for 'west.example.com' in silence; remove the static entry, or make it equal (E18)",
  ],
  'E19 more static peers than ZTWIM takes': [
    'error [ocp/ztwim/server] federatesWith has 51 entries, and the operator takes 50; leave at most 50, and make ClusterFederatedTrustDomains of the others (E19)',
  ],
  'E32 one root above two trust domains': [
    `error [mesh] members 'east' and 'west' have a root in common (SHA-256 ${new X509Certificate(DEMO_ROOT).fingerprint256.slice(0, 23)}…): each can sign identities of the other trust domains, for a bundle names roots and nothing more is verified; give every trust domain a root of its own, or accept it (sharedRoots: 'accepted') for clusters of one administration (E32)`,
  ],
};

describe('every rule has a program that breaks it', () => {
  const cases: Record<string, (p: Program) => void> = {
    'E01 one trust domain, two clusters': (p) => {
      p.mesh({ members: [p.kubernetes('east'), p.kubernetes('west', { trustDomain: 'east.example.com' })] });
    },
    'E02 an edge said twice, and one to oneself': (p) => {
      const [east, west] = [p.kubernetes('east'), p.kubernetes('west')];
      const lines = [Trust.mutual(east, west), Trust.oneWay(east, west), Trust.oneWay(west, west)];
      p.mesh({ members: [east, west], topology: Topology.edges(lines) });
    },
    'E02 a relationship by hand beside that of the mesh': (p) => {
      const [east, west] = [p.kubernetes('east'), p.kubernetes('west')];
      p.mesh({ members: [east, west] });
      byHand(east, 'west.example.com', { name: 'by-hand' });
    },
    'E03 a class that nobody acts on': (p) => {
      const [east, west] = [p.kubernetes('east'), p.kubernetes('west')];
      p.mesh({ members: [east, west], topology: Topology.edges([Trust.oneWay(west, east)]) });
      byHand(east, 'partner.example', { className: 'other' });
    },
    'E04 a peer without a bundle endpoint': (p) => {
      const west = new KubernetesCluster(p.app, 'west', { trustDomain: 'west.example.com' });
      p.mesh({ members: [p.kubernetes('east'), west] });
    },
    'E04 a relationship that the mesh does not know': (p) => {
      const [east, west] = [p.kubernetes('east'), p.kubernetes('west')];
      p.mesh({ members: [east, west], topology: Topology.edges([Trust.oneWay(west, east)]) });
      byHand(east, 'west.example.com');
    },
    'E04 two directions, each of which is said to be the only one': (p) => {
      const [east, west] = [p.kubernetes('east'), p.kubernetes('west')];
      p.mesh({ members: [east, west], topology: Topology.edges([Trust.oneWay(west, east), Trust.oneWay(east, west)]) });
    },
    'E05 an endpoint with the identity of somebody else': (p) => {
      const partner = new ExternalTrustDomain({
        trustDomain: 'partner.example',
        bundleEndpointUrl: 'https://bundle.partner.example',
        profile: BundleEndpointProfile.httpsSpiffe('spiffe://other.example/spire/server'),
        seed: bundleOfRoots(RSA_ROOT, { refreshHint: 300 }),
      });
      p.mesh({ members: [p.kubernetes('east'), partner] });
    },
    'E06 https_spiffe with a CA that signs itself': (p) => {
      p.mesh({ members: [p.kubernetes('east', { server: {} }), p.openshift('ocp')] });
    },
    'E07 a bucket cannot prove itself by SPIFFE': (p) => {
      const partner = new ExternalTrustDomain({
        trustDomain: 'partner.example',
        bundleEndpointUrl: 'https://bucket.partner.example/bundle.json',
        profile: BundleEndpointProfile.httpsSpiffe('spiffe://partner.example/spire/server'),
        seed: bundleOfRoots(RSA_ROOT, { refreshHint: 300 }),
        servedBy: 'object-store',
        refreshHint: '5m',
      });
      p.mesh({ members: [p.kubernetes('east'), partner] });
    },
    'E08 a path that SPIRE does not serve': (p) => {
      const partner = new ExternalTrustDomain({
        trustDomain: 'partner.example',
        bundleEndpointUrl: 'https://spire.partner.example/bundle',
        profile: BundleEndpointProfile.httpsWeb(),
        servedBy: 'spire',
      });
      p.mesh({ members: [p.kubernetes('east'), partner] });
    },
    'E09 a URL that is not the peer’s': (p) => {
      const [east, west] = [p.kubernetes('east'), p.kubernetes('west')];
      p.mesh({ members: [east, west], topology: Topology.edges([Trust.oneWay(west, east)]) });
      byHand(west, 'east.example.com', { bundleEndpointUrl: 'https://east.example.com', name: 'other' });
    },
    'E10 a Route whose host nobody has a record for': (p) => {
      const ocp = p.openshift('ocp', { trustDomain: 'ocp.example.com', appsDomain: 'apps.ocp.example.com' });
      p.mesh({ members: [ocp, p.kubernetes('east')] });
    },
    'E11 a test’s certificates': (p) => {
      const server = 'https://acme-staging-v02.api.letsencrypt.org/directory';
      const issuer = Issuer.acme({ email: 'pki@example.com', server });
      p.mesh({
        members: [p.kubernetes('east'), p.openshift('ocp', { bundleEndpoint: BundleEndpoint.httpsWeb({ issuer }) })],
      });
    },
    'E13 a hint that is late for the next CA': (p) => {
      p.mesh({
        members: [p.openshift('a', { server: { caValidity: '30m', defaultX509Validity: '5m' } }), p.openshift('b')],
      });
    },
    'E14 a root that ends before the CA below it': (p) => {
      const roots = ENDED_CA;
      const server = { upstreamAuthority: UpstreamAuthority.disk({ secret: 'upstream', roots }) };
      const bundleEndpoint = BundleEndpoint.httpsSpiffe({ seed: bundleOfRoots(DEMO_ROOT) });
      p.mesh({ members: [p.kubernetes('east', { server, bundleEndpoint }), p.kubernetes('west')] });
    },
    'E15 a seed that has ended': (p) => {
      const bundleEndpoint = BundleEndpoint.httpsSpiffe({ seed: bundleOfRoots(ENDED_CA) });
      p.mesh({ members: [p.kubernetes('east', { bundleEndpoint }), p.kubernetes('west')] });
    },
    'E16 an identity that names a stranger': (p) => {
      const [east, west] = [p.kubernetes('east'), p.kubernetes('west')];
      p.mesh({ members: [east, west], topology: Topology.edges([Trust.oneWay(west, east)]) });
      east.identity('web', { namespace: 'shop', federatesWith: [west] });
    },
    'E17 peers for whatever pod there is': (p) => {
      const [east, west] = [p.kubernetes('east'), p.kubernetes('west')];
      p.mesh({ members: [east, west] });
      new ClusterSpiffeId(east, 'default', { className: 'spire', fallback: true, federatesWith: ['west.example.com'] });
    },
    'E18 two truths about one peer': (p) => {
      const [east, west] = [p.kubernetes('east'), p.kubernetes('west')];
      p.mesh({ members: [east, west] });
      east.federation.addStaticPeer({
        trustDomain: 'west.example.com',
        url: 'https://old.west.example.com',
        profile: 'https_web',
      });
    },
    'E19 more static peers than ZTWIM takes': (p) => {
      const partners = Array.from(
        { length: 51 },
        (_, index) =>
          new ExternalTrustDomain({
            trustDomain: `p${index}.example`,
            bundleEndpointUrl: `https://p${index}.example`,
            profile: BundleEndpointProfile.httpsWeb(),
          }),
      );
      p.mesh({ members: [p.openshift('ocp'), ...partners], staticRelationships: true });
    },
    'E32 one root above two trust domains': (p) => {
      const upstreamAuthority = UpstreamAuthority.disk({ secret: 'upstream', roots: DEMO_ROOT });
      p.mesh({ members: [p.kubernetes('east'), p.kubernetes('west', { server: { upstreamAuthority } })] });
    },
  };

  function byHand(cluster: KubernetesCluster, trustDomain: string, props: object = {}): void {
    new ClusterFederatedTrustDomain(cluster, 'by-hand', {
      className: 'spire',
      trustDomain,
      bundleEndpointUrl: `https://federation.${trustDomain}`,
      profile: BundleEndpointProfile.httpsSpiffe(`spiffe://${trustDomain}/spire/server`),
      trustDomainBundle: bundleOfRoots(WEST_ROOT, { refreshHint: 300 }),
      ...props,
    });
  }

  test.each(Object.entries(cases))('%s', (name, build) => {
    const p = program();
    build(p);
    expect(p.findings()).toEqual(FOUND[name]);
    expect(FOUND[name]?.join()).toContain(`(${name.slice(0, 3)})`);
  });
});

test('a root in common is accepted by an explicit choice, which the model knows', () => {
  const p = program();
  const server = { upstreamAuthority: UpstreamAuthority.disk({ secret: 'upstream', roots: DEMO_ROOT }) };
  const members = [p.kubernetes('east'), p.kubernetes('west', { server })];
  const mesh = p.mesh({ members, sharedRoots: 'accepted' });
  expect(p.findings()).toEqual([]);
  expect(mesh.model().sharedRootsAccepted).toBe(true);
});

/** Tests that make what is wrong by the public API, as users do. */
const PROGRAMS = ['federation-mesh', 'changes', 'peers', 'proof', 'analysis'];

test('every rule of the catalogue but that of kinds is found in a program', () => {
  const texts = PROGRAMS.map((name) => readFileSync(join(__dirname, `${name}.test.ts`), 'utf8')).join('');
  expect(MESH_RULES.map(({ id }) => id).filter((id) => !texts.includes(`(${id})`))).toEqual(['E00']);
});

test('on OpenShift, lifetimes and roots are called what they are called there', () => {
  const p = program();
  const upstreamAuthority = { certManager: { issuerName: 'upstream' } };
  const own = p.openshift('own', { bundleEndpoint: BundleEndpoint.httpsSpiffe() });
  const ended = p.openshift('ended', { server: { upstreamAuthority }, upstreamRoots: ENDED_CA });
  p.mesh({ members: [own, ended] });
  expect(p.findings()).toMatchInlineSnapshot(`
[
  "error [own] bundleEndpoint.seed is missing: 'ended' cannot verify the endpoint by https_spiffe the first time; its CA signs itself and lives 24h (server.caValidity), so that a bundle of it in Git is dead within that time; give it an upstream authority with its roots (server.upstreamAuthority, and upstreamRoots), choose https_web (BundleEndpoint.httpsWeb), or have peers fetch its bundle (BootstrapJob) (E06)",
  "error [ended] upstreamRoots '2021-01-01 00:00 UTC' is over: the upstream authority has expired; renew it before anything else (E14)",
  "error [ended] bundleEndpoint.seed holds the CA of 'spiffe://west.example.org', not of 'apps.ended.example.com'; paste the bundle of 'apps.ended.example.com' (E15)",
  "warning [ended] bundleEndpoint.seed has a certificate that has ended at 2021-01-01 00:00 UTC; paste the bundle of today (E15)",
]
`);
});

describe('what is no mesh', () => {
  test('a topology that joins nobody, and one that cannot', () => {
    const p = program();
    new FederationMesh(p.app, 'a', {
      members: [p.kubernetes('east'), p.kubernetes('west')],
      topology: Topology.edges([]),
    });
    const partner = (trustDomain: string) =>
      new ExternalTrustDomain({
        trustDomain,
        bundleEndpointUrl: `https://${trustDomain}`,
        profile: BundleEndpointProfile.httpsWeb(),
      });
    new FederationMesh(p.app, 'b', { members: [partner('x.example'), partner('y.example')] });
    expect(p.findings()).toEqual(
      ['a', 'b'].map(
        (mesh) =>
          `warning [${mesh}] topology joins none of the members, so that nobody believes anybody; name those that shall federate, or write Topology.full() (mesh-topology)`,
      ),
    );
  });

  test('nobody, one alone, and too many', () => {
    const p = program();
    new FederationMesh(p.app, 'none', { members: [] });
    new FederationMesh(p.app, 'one', { members: [p.kubernetes('east')] });
    const crowd = Array.from(
      { length: 10_000 },
      (_, number) =>
        new ExternalTrustDomain({
          trustDomain: `p${number}.example`,
          bundleEndpointUrl: `https://p${number}.example`,
          profile: BundleEndpointProfile.httpsWeb(),
          fetches: { profiles: ['https_web'] },
        }),
    );
    new FederationMesh(p.app, 'crowd', { members: crowd });
    expect(p.findings()).toMatchInlineSnapshot(`
[
  "warning [none] members has no participant, so that nobody believes anybody; list those that shall federate (mesh-members)",
  "warning [one] members has one participant, so that nobody believes anybody; list those that shall federate (mesh-members)",
  "error [crowd] topology takes about 100000000 relationships among 10000 members, and one program writes 1000000 at most; let members meet by Topology.hub(), Topology.groups() or Topology.gateways(), or make several programs (mesh-topology)",
]
`);
  });

  test('members, topology, shelf life and time of other kinds', () => {
    const p = program();
    const [east, west] = [p.kubernetes('east'), p.kubernetes('west')];
    new FederationMesh(p.app, 'a', untyped({}));
    new FederationMesh(p.app, 'b', untyped({ members: [east, east, 'west', null], topology: 'full' }));
    new FederationMesh(p.app, 'c', untyped({ members: [east, west], seedShelfLife: '30 days', now: 'today' }));
    new FederationMesh(p.app, 'd', {
      members: [p.kubernetes('lab')],
      topology: Topology.edges([Trust.mutual(west, east), untyped('x') as never]),
    });
    const [x, y] = [p.kubernetes('x'), p.kubernetes('y')];
    new FederationMesh(p.app, 'e', { members: [x, y], topology: Topology.hub(untyped<typeof x>([x]), 'y' as never) });
    new FederationMesh(p.app, 'f', {
      members: [p.kubernetes('z')],
      topology: Topology.gateways([{ gateways: [], members: [] }]),
    });
    expect(p.findings().filter((line) => / \[[a-f]\] /.test(line))).toMatchInlineSnapshot(`
[
  "error [a] members is not a list of clusters; write members: [east, west] (mesh-members)",
  "error [b] members[1] 'east' is listed twice; keep one: a mesh can join several topologies with Topology.union() (mesh-members)",
  "error [b] members[2] is not a participant of a federation; write a KubernetesCluster, an OpenShiftCluster or an ExternalTrustDomain (mesh-members)",
  "error [b] members[3] is not a participant of a federation; write a KubernetesCluster, an OpenShiftCluster or an ExternalTrustDomain (mesh-members)",
  "error [b] topology 'full' is not a topology; make it with Topology.full(), Topology.hub() or Topology.edges() (mesh-topology)",
  "error [c] members[0] 'east' is a member of the mesh 'b' already; keep one: a mesh can join several topologies with Topology.union() (mesh-members)",
  "error [c] seedShelfLife '30 days' is not a duration; write numbers with the units h, m, s, ms, us or ns, such as '1h30m' (duration)",
  "error [c] now 'today' is not a time; write new Date('2026-01-31T12:00:00Z') (mesh-now)",
  "warning [d] members has one participant, so that nobody believes anybody; list those that shall federate (mesh-members)",
  "error [d] topology 'west' is named by the topology and is no member of the mesh; add it to members, or leave it out (mesh-topology)",
  "error [d] topology 'east' is named by the topology and is no member of the mesh; add it to members, or leave it out (mesh-topology)",
  "error [d] topology 'x' has a part that is no line of trust, group or region; make lines with Trust.oneWay() or Trust.mutual(); groups are lists of members, and regions { gateways: […], members: […] } with one gateway at least (mesh-topology)",
  "error [e] topology holds a list, which is no member of the mesh; pass the clusters one by one: Topology.hub(east, west) (mesh-topology)",
  "error [e] topology 'y' is named by the topology and is no member of the mesh; pass the cluster itself, not its name (mesh-topology)",
  "warning [f] members has one participant, so that nobody believes anybody; list those that shall federate (mesh-members)",
  "error [f] topology has a part that is no line of trust, group or region; make lines with Trust.oneWay() or Trust.mutual(); groups are lists of members, and regions { gateways: […], members: […] } with one gateway at least (mesh-topology)",
]
`);
  });

  test('whatever plain JavaScript passes is found, and breaks nothing off', () => {
    const anything = fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true, withSet: true });
    fc.assert(
      fc.property(fc.array(anything, { minLength: 4, maxLength: 4 }), ([first, second, third, fourth]) => {
        const p = program();
        const members = [p.kubernetes('east'), untyped<never>(first), ExternalTrustDomain.istio(untyped(second))];
        const lines = [untyped<never>(third), Trust.mutual(members[0], untyped<never>(fourth))];
        const topologies = [Topology.hub(untyped(first)), Topology.gateways(untyped(third)), Topology.edges(lines)];
        for (const [index, topology] of topologies.entries()) {
          const accept = [{ rule: 'W31', member: first, reason: 'it is so' }];
          const given = { members: members.slice(index), topology, accept, rules: [second], previous: third };
          const rest = { now: fourth, budgets: second, seedShelfLife: first };
          new FederationMesh(p.app, `mesh${index}`, untyped({ ...given, ...rest }));
        }
        expect(p.findings().filter((line) => line.includes('broke off'))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test('nothing is written when a rule is broken', () => {
    const app = new App({ outdir: '/nowhere/at/all', summary: () => {} });
    const cluster = new KubernetesCluster(app, 'east', { trustDomain: 'east.example.com' });
    const other = new KubernetesCluster(app, 'west', { trustDomain: 'east.example.com' });
    new FederationMesh(app, 'mesh', { members: [cluster, other] });
    expect(() => app.synth()).toThrow(/nothing was written/);
  });
});

test('a seed of other roots than those above the CA', () => {
  const p = program();
  const seed = bundleOfRoots(WEB_ROOT);
  p.mesh({
    members: [p.kubernetes('east', { bundleEndpoint: BundleEndpoint.httpsSpiffe({ seed }) }), p.kubernetes('west')],
  });
  expect(p.findings()).toEqual([
    'error [east] bundleEndpoint.seed holds none of the roots of the upstream authority, so that nobody could verify the member by it; leave it out: the bundle is made of the roots (E15)',
  ]);
});

test('a hint of another name in a seed is a warning, in the words of the endpoint', () => {
  const p = program();
  const seed = JSON.stringify({ ...JSON.parse(bundleOfRoots(DEMO_ROOT)), refresh_hint: 300 });
  p.mesh({
    members: [p.kubernetes('east', { bundleEndpoint: BundleEndpoint.httpsSpiffe({ seed }) }), p.kubernetes('west')],
  });
  expect(p.findings().filter((line) => line.includes('bundleEndpoint'))).toEqual([
    'warning [east] bundleEndpoint.seed.refresh_hint is not read by SPIRE, which goes by spiffe_refresh_hint; write its number of seconds as spiffe_refresh_hint, or leave it out (E15)',
  ]);
});

test('the day changes findings, never bytes', () => {
  const build = (now: Date) => {
    const p = program();
    const members = [p.kubernetes('east'), p.kubernetes('west')];
    p.mesh({ members, now });
    return { bytes: JSON.stringify(members.flatMap(manifestsOf)), findings: p.findings() };
  };
  const [early, late] = [build(NOW), build(new Date('2400-01-01T00:00:00Z'))];
  expect(late.bytes).toBe(early.bytes);
  expect(early.findings).toEqual([]);
  expect(late.findings).not.toEqual([]);
});

test('the model is plain data: written down and read again, it is the same to the rules', () => {
  const p = program();
  const mesh = p.mesh({
    members: [
      p.kubernetes('east'),
      p.openshift('ocp', { trustDomain: 'ocp.example.com', appsDomain: 'a.example.com' }),
    ],
  });
  const { members, edges } = mesh.model();
  const again = JSON.parse(JSON.stringify({ members, edges }));
  expect(again).toEqual({ members, edges });
  expect(mesh.prove()).toHaveLength(1);
});

test('an exposure of one’s own on OpenShift', () => {
  const p = program();
  const exposure = Exposure.route();
  const ocp = p.openshift('ocp', {
    trustDomain: 'ocp.example.com',
    appsDomain: 'apps.ocp.example.com',
    bundleEndpoint: BundleEndpoint.httpsWeb({ exposure, router: { trust: WebTrust.public() } }),
  });
  p.mesh({ members: [ocp, p.kubernetes('east')] });
  expect(p.findings()).toEqual([]);
  expect(find(ocp, 'Route', 'spire-bundle-endpoint').spec.host).toBe('federation.apps.ocp.example.com');
});
