import { Testing } from 'cdk8s';
import {
  BundleEndpoint,
  BundleEndpointProfile,
  blastRadius,
  blastRadiusTable,
  DataStore,
  type ExternalOptions,
  ExternalTrustDomain,
  FederationMesh,
  type FederationMeshProps,
  Issuer,
  KubernetesCluster,
  type KubernetesClusterProps,
  loadEstimate,
  loadTable,
  meshTimes,
  OpenShiftCluster,
  type OpenShiftClusterProps,
  servingChains,
  servingTable,
  Topology,
  Trust,
  timesTable,
  UpstreamAuthority,
  WebTrust,
} from '../../lib';
import { bundleOfRoots } from '../../lib/federation';
import { FILE_SYNC } from '../../lib/federation/rules/certificate-renewal';
import { DEMO_ROOT } from '../core/fixtures-certificates';
import { find, findings } from '../spire/installation';
import { DAY_CA, EAST_ROOT } from './fixtures-certificates';

const NOW = new Date('2026-06-01T00:00:00Z');

const acme = (options: { duration?: string; renewBefore?: string } = {}) =>
  BundleEndpoint.httpsWeb({ issuer: Issuer.acme({ email: 'pki@example.com' }), ...options });

/** A program that federates, which tests change. */
class Program {
  readonly app = Testing.app();

  /** A cluster whose bundle is fetched by https_web, with a CA that signs itself for a day. */
  kubernetes(name: string, props: Partial<KubernetesClusterProps> = {}): KubernetesCluster {
    return new KubernetesCluster(this.app, name, {
      trustDomain: `${name}.example.com`,
      bundleEndpoint: BundleEndpoint.httpsWeb({ secretName: 'tls', trust: WebTrust.public() }),
      ...props,
    });
  }

  openshift(name: string, props: Partial<OpenShiftClusterProps> = {}): OpenShiftCluster {
    const given = { trustDomain: `apps.${name}.example.com`, bundleEndpoint: acme(), ...props };
    return new OpenShiftCluster(this.app, name, given);
  }

  mesh(members: FederationMeshProps['members'], props: Partial<FederationMeshProps> = {}): FederationMesh {
    return new FederationMesh(this.app, 'mesh', { now: NOW, members, ...props });
  }
}

/** What is found of a rule in each of several programs, as one text to look at. */
const tableOf = (rule: string, programs: Readonly<Record<string, (p: Program) => void>>): string =>
  Object.entries(programs)
    .map(([label, build]) => {
      const p = new Program();
      build(p);
      return [`# ${label}`, ...findings(p.app).filter((line) => line.endsWith(`(${rule})`))].join('\n');
    })
    .join('\n');

/** A partner whose bundle is served by the SVID of another one. */
const servedBy = (name: string, server: string, seed?: string) =>
  new ExternalTrustDomain({
    trustDomain: `${name}.example`,
    bundleEndpointUrl: `https://bundle.${name}.example`,
    profile: BundleEndpointProfile.httpsSpiffe(`spiffe://${server}.example/spire/server`),
    refreshHint: '5m',
    caTtl: '24h',
    ...(seed !== undefined && { seed }),
  });

/** A partner of whom enough is known. */
const partner = (name: string, options: ExternalOptions = {}) =>
  ExternalTrustDomain.at(`${name}.example`, `https://bundle.${name}.example`, {
    refreshHint: '5m',
    caTtl: '24h',
    ...options,
  });

const seedOf = (roots: string) => bundleOfRoots(roots, { refreshHint: 300 });

test('E22 whom bundles rest on', () => {
  expect(
    tableOf('E22', {
      'a chain of partners': (p) => {
        p.mesh([
          p.kubernetes('east'),
          servedBy('shop', 'depot'),
          servedBy('depot', 'hub', seedOf(EAST_ROOT)),
          partner('hub'),
        ]);
      },
      'a mirror that hosts the bundle of one that serves': (p) => {
        const depot = partner('depot', { hostedBy: 'mirror.example', servedBy: 'object-store' });
        p.mesh([p.kubernetes('east'), servedBy('shop', 'depot'), depot]);
      },
      'a circle without a bundle to begin with': (p) => {
        p.mesh([p.kubernetes('east'), servedBy('shop', 'depot'), servedBy('depot', 'shop')]);
      },
      'a circle with one': (p) => {
        p.mesh([p.kubernetes('east'), servedBy('shop', 'depot', seedOf(EAST_ROOT)), servedBy('depot', 'shop')]);
      },
      'a hub that everybody trusts with it': (p) => {
        p.mesh([
          p.kubernetes('east'),
          servedBy('shop', 'hub'),
          partner('depot', { hostedBy: 'hub.example' }),
          partner('hub'),
        ]);
      },
    }),
  ).toMatchInlineSnapshot(`
"# a chain of partners
warning [mesh: shop.example] profile leaves the bundle of 'shop.example' to 'depot.example', whose own is served by 'hub.example': each of these 2 can put another bundle in its place, and sign whatever identity of 'shop.example'; let 'shop.example' serve its own bundle, or 'depot.example' that of itself; if all of them may, accept this (E22)
# a mirror that hosts the bundle of one that serves
warning [mesh: shop.example] profile leaves the bundle of 'shop.example' to 'depot.example', whose own is served by 'mirror.example': each of these 2 can put another bundle in its place, and sign whatever identity of 'shop.example'; let 'shop.example' serve its own bundle, or 'depot.example' that of itself; if all of them may, accept this (E22)
# a circle without a bundle to begin with
error [mesh: shop.example] profile closes a circle of bundles ('shop.example' served by 'depot.example', 'depot.example' by 'shop.example'): 'east' has no bundle of these to begin with, and each endpoint is verified by the bundle of the next, so that it can never fetch any; give one of them a seed, or let one of them serve its own bundle (E22)
warning [mesh: shop.example] profile closes a circle of bundles ('shop.example' served by 'depot.example', 'depot.example' by 'shop.example'): each of these 2 can put another bundle in the place of the others', and sign whatever identity of them; who has missed the change of all of their CAs can verify none of them again; let each of them serve its own bundle; if all of them may, accept this (E22)
# a circle with one
warning [mesh: shop.example] profile closes a circle of bundles ('shop.example' served by 'depot.example', 'depot.example' by 'shop.example'): each of these 2 can put another bundle in the place of the others', and sign whatever identity of them; who has missed the change of all of their CAs can verify none of them again; let each of them serve its own bundle; if all of them may, accept this (E22)
# a hub that everybody trusts with it"
`);
});

test('W26 clusters with many nodes', () => {
  const named = (p: Program, cluster: KubernetesCluster | OpenShiftCluster) => {
    const peers = ['north', 'south'].map((name) => p.kubernetes(name));
    p.mesh([cluster, ...peers], { topology: Topology.edges(peers.map((peer) => Trust.mutual(cluster, peer))) });
    cluster.identity('shop', { namespace: 'shop', federatesWith: peers });
  };
  expect(
    tableOf('W26', {
      'as many as one server is known to answer': (p) => named(p, p.kubernetes('east', { nodes: 1250 })),
      'more than that': (p) => named(p, p.kubernetes('east', { nodes: 1300 })),
      'more than that on OpenShift': (p) => named(p, p.openshift('ocp', { nodes: 1300 })),
    }),
  ).toMatchInlineSnapshot(`
"# as many as one server is known to answer
# more than that
warning [east] nodes are 1300, and make up to 1300/5s * (1 for entries + 1 for the own bundle + 2 for those of others) = 1040/s; the sizing table of SPIRE goes up to 1000/s at each server; let identities name fewer trust domains, or keep workloads that name them on fewer nodes, or run 2 servers on one datastore (W26)
# more than that on OpenShift
warning [ocp] nodes are 1300, and make up to 1300/5s * (1 for entries + 1 for the own bundle + 2 for those of others) = 1040/s; the sizing table of SPIRE goes up to 1000/s at each server; let identities name fewer trust domains, or keep workloads that name them on fewer nodes (W26)"
`);
});

test('E34 budgets of reach', () => {
  const three = (p: Program, budgets: FederationMeshProps['budgets']) => {
    const [east, west] = [p.kubernetes('east', { nodes: 20 }), p.kubernetes('west')];
    const mesh = p.mesh([east, west, partner('shop')], { budgets });
    east.identity('web', { namespace: 'shop', federatesWith: [west, partner('shop')] });
    east.identity('pay', { namespace: 'shop', federatesWith: [west] });
    west.identity('cart', { namespace: 'shop', federatesWith: [partner('shop')] });
    return mesh;
  };
  expect(
    tableOf('E34', {
      'that hold': (p) => three(p, { blastRadius: 2, federatesWith: 2 }),
      'of outages and names': (p) => three(p, { blastRadius: 1, federatesWith: 1 }),
      'of calls, of which one cluster says nothing': (p) => three(p, { agentCalls: 15 }),
    }),
  ).toMatchInlineSnapshot(`
"# that hold
# of outages and names
error [east/identity-web] federatesWith names 2 other trust domains, and budgets.federatesWith is 1; name only those that the workloads talk to, or give them identities of their own (E34)
error [west] can take 2 identities of others with it when it is away, and budgets.blastRadius is 1: 'east/web' and 'east/pay' name 'west.example.com'; of 2 of them new pods get no identity as long as it was never fetched; let fewer identities name it, or raise budgets.blastRadius (E34)
error [mesh: shop.example] can take 2 identities of others with it when it is away, and budgets.blastRadius is 1: 'east/web' and 'west/cart' name 'shop.example'; of 2 of them new pods get no identity as long as it was never fetched; let fewer identities name it, or raise budgets.blastRadius (E34)
# of calls, of which one cluster says nothing
error [east] nodes are 20, and make up to 20/5s * (1 for entries + 1 for the own bundle + 2 for those of others) = 16/s, and budgets.agentCalls is 15/s; let identities name fewer trust domains, or raise budgets.agentCalls (E34)
error [west] nodes are not known, so that nobody can tell whether they make the 15/s of budgets.agentCalls at most; write how many nodes with an agent are expected (E34)"
`);
});

test('E35 budgets of times', () => {
  const upstreamAuthority = UpstreamAuthority.disk({ secret: 'upstream', roots: DAY_CA });
  expect(
    tableOf('E35', {
      'that hold': (p) => {
        p.mesh([p.kubernetes('east'), p.openshift('ocp')], { budgets: { revocation: '80s', outage: '7h' } });
      },
      'of revocations and outages': (p) => {
        p.mesh([p.kubernetes('east'), p.openshift('ocp')], { budgets: { revocation: '1m', outage: '8h' } });
      },
      'that a partner keeps from being known': (p) => {
        const unknown = ExternalTrustDomain.at('partner.example', 'https://bundle.partner.example');
        p.mesh([p.kubernetes('east'), unknown], { budgets: { revocation: '2m', outage: '1h' } });
      },
      'of a foreign system that forgets': (p) => {
        const istio = ExternalTrustDomain.istio({ trustDomain: 'mesh.example.com', name: 'istio' });
        p.mesh([p.kubernetes('east'), istio], { budgets: { revocation: '2m', outage: '1h' } });
      },
      'below roots that end': (p) => {
        p.mesh([p.kubernetes('east', { server: { upstreamAuthority } }), p.kubernetes('west')], {
          budgets: { outage: '24h' },
        });
      },
    }),
  ).toMatchInlineSnapshot(`
"# that hold
# of revocations and outages
error [east] bundleEndpoint.refreshHint lets a revoked CA be believed for up to 1m15s between two fetches + 5s between two questions of an agent = 1m20s, and budgets.revocation is 1m; write 3m40s or less, or raise budgets.revocation (E35)
error [east] server.caTtl lets the member be out of reach for 8h - 2 * 1m15s for fetches that just miss it - 5s for agents = 7h57m25s (a CA of 24h is published min(24h/2, 720h) - min(24h/6, 168h) = 8h before it signs), and budgets.outage is 8h; lengthen caTtl to 24h7m45s at least, or let an upstream authority sign the CA, and give its roots (E35)
error [ocp] bundleEndpoint.refreshHint lets a revoked CA be believed for up to 1m15s between two fetches + 5s between two questions of an agent = 1m20s, and budgets.revocation is 1m; write 3m40s or less, or raise budgets.revocation (E35)
error [ocp] server.caValidity lets the member be out of reach for 8h - 2 * 1m15s for fetches that just miss it - 5s for agents = 7h57m25s (a CA of 24h is published min(24h/2, 720h) - min(24h/6, 168h) = 8h before it signs), and budgets.outage is 8h; lengthen server.caValidity to 24h7m45s at least, or let an upstream authority sign the CA, and give its roots (E35)
# that a partner keeps from being known
error [mesh: partner.example] refreshHint is not known: nobody can tell for how long a revoked CA is believed, and budgets.revocation is 2m; ask those who run it: write the spiffe_refresh_hint of its bundle (E35)
error [mesh: partner.example] caTtl is not known, and neither is its refresh hint: nobody can tell for how long the member can be out of reach, and budgets.outage is 1h; ask those who run it: write the lifetime of its CAs, and write the spiffe_refresh_hint of its bundle (E35)
# of a foreign system that forgets
error [mesh: istio] fetches.interval lets revoked CAs of 'east' be believed for up to 30m until it fetches again, and budgets.revocation is 2m; fetch more often, or raise budgets.revocation (E35)
error [mesh: istio] fetches.forgetsOnFailure makes it refuse 'east' when a single fetch has failed, and budgets.outage is 1h; have it keep what was fetched last, or take it out of the mesh that has the budget (E35)
# below roots that end
error [east] server.upstreamAuthority ends in 12h: until then, and no longer, the member can be out of reach, and budgets.outage is 24h; renew the upstream authority (E35)
error [west] server.caTtl lets the member be out of reach for 8h - 2 * 1m15s for fetches that just miss it - 5s for agents = 7h57m25s (a CA of 24h is published min(24h/2, 720h) - min(24h/6, 168h) = 8h before it signs), and budgets.outage is 24h; lengthen caTtl to 72h7m45s at least, or let an upstream authority sign the CA, and give its roots (E35)"
`);
});

test('E36 a hub that hands out more certificates than a workload takes', () => {
  const dataStore = () =>
    DataStore.postgres({
      host: 'postgres.db.svc',
      database: 'spire',
      user: 'spire',
      password: { secret: 'spire-db', key: 'password' },
    });
  const hubOf = (count: number, server: () => KubernetesClusterProps['server']) => (p: Program) => {
    const hub = p.kubernetes('hub');
    const spokes = Array.from({ length: count }, (_, index) => p.kubernetes(`spoke-${index}`, { server: server() }));
    p.mesh([hub, ...spokes], { topology: Topology.edges(spokes.map((spoke) => Trust.oneWay(hub, spoke))) });
    hub.identity('shop', { namespace: 'shop', federatesWith: spokes });
  };
  const short = { caTtl: '1h', defaultX509SvidTtl: '5m', caKeyType: 'rsa-4096' } as const;
  expect(
    tableOf('E36', {
      '20 spokes': hubOf(20, () => ({})),
      '20 spokes with three servers each, a CA of an hour, and long keys': hubOf(20, () => ({
        ...short,
        replicas: 3,
        dataStore: dataStore(),
      })),
      'the same with one server each': hubOf(20, () => short),
    }),
  ).toMatchInlineSnapshot(`
"# 20 spokes
# 20 spokes with three servers each, a CA of an hour, and long keys
error [hub/identity-shop] federatesWith names 20 trust domains: the answer with which a workload gets its X509-SVIDs takes 4.1 MiB at least, and clients of gRPC take 4.0 MiB: it gets none; name only those that the workloads talk to, or let them meet by Topology.gateways() (E36)
# the same with one server each"
`);
});

test('W37 certificates that are renewed late', () => {
  expect(
    tableOf('W37', {
      'renewed by default': (p) => {
        p.mesh([p.kubernetes('east', { bundleEndpoint: acme() }), p.openshift('ocp')]);
      },
      'of six hours': (p) => {
        const bundleEndpoint = acme({ duration: '6h' });
        p.mesh([p.kubernetes('east', { bundleEndpoint }), p.openshift('ocp', { bundleEndpoint })]);
      },
      'of twelve hours': (p) => {
        const bundleEndpoint = acme({ duration: '12h' });
        p.mesh([p.kubernetes('east', { bundleEndpoint }), p.openshift('ocp', { bundleEndpoint })]);
      },
    }),
  ).toMatchInlineSnapshot(`
"# renewed by default
# of six hours
warning [east] bundleEndpoint.renewBefore is 2h, but two failed renewals and the next look of SPIRE at the file can take 1h + 2h + 1h = 4h: in between, 'ocp' would be shown a certificate that has ended; write 4h at least, and a lifetime of 8h or more (W37)
warning [ocp] bundleEndpoint.renewBefore is 2h, but two failed renewals can take 1h + 2h = 3h: in between, 'east' would be shown a certificate that has ended; write 3h at least, and a lifetime of 6h or more (W37)
# of twelve hours"
`);
});

test('W37 the server reads its certificate as often as the rule says', () => {
  const conf = find(new Program().kubernetes('east'), 'ConfigMap', 'spire-server').data['server.conf'];
  expect(conf).toContain(`file_sync_interval = "${FILE_SYNC / 3600}h"`);
});

test('tables of a program', () => {
  const p = new Program();
  const upstreamAuthority = UpstreamAuthority.disk({ secret: 'upstream', roots: DEMO_ROOT });
  const east = p.kubernetes('east', {
    nodes: 40,
    server: { upstreamAuthority },
    bundleEndpoint: BundleEndpoint.httpsSpiffe(),
  });
  const ocp = p.openshift('ocp', { nodes: 12 });
  const depot = partner('depot', { hostedBy: 'mirror.example' });
  const mesh = p.mesh([east, ocp, depot]);
  east.identity('web', { namespace: 'shop', federatesWith: [ocp, depot] });
  ocp.identity('cart', { namespace: 'shop', federatesWith: [east] });
  const model = mesh.model();
  const tables = [
    timesTable(meshTimes(model, NOW)),
    blastRadiusTable(blastRadius(model)),
    loadTable(loadEstimate(model)),
    servingTable(servingChains(model)),
  ];
  expect(`\n${tables.map((lines) => lines.join('\n')).join('\n\n')}\n`).toMatchInlineSnapshot(`
"
member         fetched every  change is seen in  published ahead  fetches in it  outage without harm  revoked in  seed lasts  upstream lasts  certificate renewed before its end
east           1m15s          1m20s              8h               384            36008 days           1m20s       36008 days  36008 days      -
ocp            1m15s          1m20s              8h               384            7h57m25s             1m20s       -           -               15 days
depot.example  1m15s          1m20s              8h               384            7h57m25s             1m20s       -           -               -

out of reach   bundles  no identity for new pods  no authentication of others  after
east           1        0                         1                            never
ocp            1        1                         1                            7h57m25s
depot.example  1        1                         1                            7h57m25s

in wrong hands                       trust domains forged  identities deceived
the CA of east                       1                     3
the CA of ocp                        1                     2
the CA of depot.example              1                     1
the bundle server of mirror.example  2                     1

member         bundles of an agent  calls of all agents  bundles to agents  fetches made  fetches received  relationships  seeds  largest answer to a workload
east           2                    32/s                 33.0 KiB/s         0.03/s        0.01/s            2              0 B    3.0 KiB
ocp            1                    7.2/s                8.4 KiB/s          0.03/s        0.01/s            2              728 B  2.5 KiB
depot.example  0                    nodes not given      ?                  0/s           0.03/s            0              0 B    -

bundle of      proves itself by  rests on  served by
depot.example  web certificate   1         mirror.example
"
`);
});
