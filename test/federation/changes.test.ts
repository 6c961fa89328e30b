import { Testing } from 'cdk8s';
import {
  App,
  BundleEndpoint,
  BundleEndpointProfile,
  ClusterFederatedTrustDomain,
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
import { bundleOfRoots, type MeshData, MeshLock, meshFrom } from '../../lib/federation';
import { DEMO_ROOT } from '../core/fixtures-certificates';
import { findings } from '../spire/installation';
import { WEB_ROOT, WEST_ROOT } from './fixtures-certificates';

const NOW = new Date('2026-06-01T00:00:00Z');

const acme = () => BundleEndpoint.httpsWeb({ issuer: Issuer.acme({ email: 'pki@example.com' }) });

/** Clusters of a program, which its tests name as they need them. */
class Program {
  readonly app = Testing.app();

  kubernetes(name: string, props: Partial<KubernetesClusterProps> = {}, roots?: string): KubernetesCluster {
    return new KubernetesCluster(this.app, name, {
      trustDomain: `${name}.example.com`,
      bundleEndpoint: BundleEndpoint.httpsSpiffe(),
      server: { upstreamAuthority: UpstreamAuthority.disk({ secret: 'upstream', roots: roots ?? ROOTS[name] }) },
      ...props,
    });
  }

  openshift(name: string, props: Partial<OpenShiftClusterProps> = {}): OpenShiftCluster {
    const given = { trustDomain: `apps.${name}.example.com`, bundleEndpoint: acme(), ...props };
    return new OpenShiftCluster(this.app, name, given);
  }

  partner(host = 'bundle.partner.example'): ExternalTrustDomain {
    const profile = BundleEndpointProfile.httpsWeb();
    return new ExternalTrustDomain({ trustDomain: 'partner.example', bundleEndpointUrl: `https://${host}/`, profile });
  }
}

/** A root for each cluster: those who share one could sign for each other. */
const ROOTS: Readonly<Record<string, string>> = { east: DEMO_ROOT, west: WEST_ROOT, new: WEST_ROOT };

type Build = (program: Program) => Omit<FederationMeshProps, 'now' | 'previous'>;

/** The federation of a program, written down as it lies beside the program between two runs. */
function written(build: Build): MeshData {
  const program = new Program();
  const mesh = new FederationMesh(program.app, 'mesh', { now: NOW, ...build(program) });
  expect(findings(program.app)).toEqual([]);
  return JSON.parse(JSON.stringify(mesh.model().data())) as MeshData;
}

/** What the same program is told after a change; by a lock of what was before, the same. */
function allChanged(before: Build, now: Build): string[] {
  const told = (previous: FederationMeshProps['previous']): string[] => {
    const program = new Program();
    new FederationMesh(program.app, 'mesh', { now: NOW, ...(previous && { previous }), ...now(program) });
    return findings(program.app);
  };
  const previous = written(before);
  const found = told(previous);
  // A lock has its members by name, so that findings about several may come in another order.
  expect(told(MeshLock.of(new Map([['mesh', meshFrom(previous)]]))).sort()).toEqual([...found].sort());
  return found;
}

/** The same without what somebody has to decide about, which has tests of its own. */
const changed = (before: Build, now: Build): string[] =>
  allChanged(before, now).filter((line) => !line.endsWith('(W41)'));

const eastAndWest: Build = (p) => ({ members: [p.kubernetes('east'), p.kubernetes('west')] });
const eastAndOcp: Build = (p) => ({ members: [p.kubernetes('east'), p.openshift('ocp')] });

test('a program that has not changed has nothing to say', () => {
  expect(changed(eastAndWest, eastAndWest)).toEqual([]);
  expect(changed(eastAndOcp, eastAndOcp)).toEqual([]);
});

test('E20 a trust domain that changes', () => {
  const now: Build = (p) => ({
    members: [p.kubernetes('east', { trustDomain: 'new.example.com' }), p.kubernetes('west')],
  });
  expect(changed(eastAndWest, now)).toMatchInlineSnapshot(`
[
  "error [east] trustDomain 'new.example.com' was 'east.example.com': what runs there has entries and agents of it, and SPIRE cannot change a trust domain; keep 'east.example.com', or add a member beside it, move the workloads there, and remove this one (E20)",
]
`);
});

test('the remedy of E20: a member beside it, then the old one goes', () => {
  const both: Build = (p) => ({
    members: [p.kubernetes('east'), p.openshift('ocp'), p.kubernetes('new')],
  });
  expect(changed(eastAndOcp, both)).toEqual([]);
  const now: Build = (p) => ({ members: [p.openshift('ocp'), p.kubernetes('new')] });
  expect(changed(both, now)).toMatchInlineSnapshot(`
[
  "warning [mesh] members no longer include 'east', but the servers of 'ocp' and 'new' keep the bundle of 'east.example.com', and workloads whose entries name it go on to believe it; take it out of identities, then delete its relationship (ClusterFederatedTrustDomain), then run 'spire-server bundle delete -id spiffe://east.example.com' on the server of each, which refuses as long as entries name it (-mode dissociate takes it out of them) (E25)",
]
`);
});

test('E21 a cluster that moves to another platform', () => {
  const ocp = { trustDomain: 'apps.ocp.example.com', bundleEndpoint: acme() };
  const to =
    (server: KubernetesClusterProps['server']): Build =>
    (p) => ({ members: [p.kubernetes('east'), p.kubernetes('ocp', { ...ocp, server })] });
  const upstream: Build = (p) => ({
    members: [
      p.kubernetes('east'),
      p.openshift('ocp', {
        server: { upstreamAuthority: { certManager: { issuerName: 'upstream' } } },
        upstreamRoots: WEB_ROOT,
      }),
    ],
  });
  const below = (roots: string) => to({ upstreamAuthority: UpstreamAuthority.disk({ secret: 'upstream', roots }) });
  expect(
    [
      changed(eastAndOcp, to({})),
      changed(eastAndOcp, below(WEB_ROOT)),
      changed(upstream, below(WEST_ROOT)),
      changed(upstream, below(WEB_ROOT)),
    ].map((found) => found.filter((line) => line.includes('(E21)'))),
  ).toMatchInlineSnapshot(`
[
  [
    "warning [ocp] platform 'kubernetes' was 'openshift': a new installation has a CA that signs at once, unseen by 'east' for up to 1m15s between two fetches + 5s between two questions of an agent = 1m20s; let one upstream authority sign the CA before and after the move, or give the peers the new bundle as it is made (E21)",
  ],
  [
    "warning [ocp] platform 'kubernetes' was 'openshift': a new installation has a CA that signs at once, unseen by 'east' for up to 1m15s between two fetches + 5s between two questions of an agent = 1m20s; let one upstream authority sign the CA before and after the move, or give the peers the new bundle as it is made (E21)",
  ],
  [
    "warning [ocp] platform 'kubernetes' was 'openshift': a new installation has a CA that signs at once, unseen by 'east' for up to 1m15s between two fetches + 5s between two questions of an agent = 1m20s; let one upstream authority sign the CA before and after the move, or give the peers the new bundle as it is made (E21)",
  ],
  [
    "warning [ocp] platform 'kubernetes' was 'openshift': a new installation has keys of JWT-SVIDs that sign at once, unseen by 'east' for up to 1m15s between two fetches + 5s between two questions of an agent = 1m20s; accept it, where no peer verifies JWT-SVIDs (E21)",
  ],
]
`);
});

test('a cluster that is called otherwise is the same one', () => {
  const now: Build = (p) => ({
    members: [p.kubernetes('east'), p.kubernetes('west-1', { trustDomain: 'west.example.com' }, WEST_ROOT)],
  });
  expect(changed(eastAndWest, now)).toEqual([]);
});

test('E23 https_web in the place of https_spiffe', () => {
  const bundleEndpoint = BundleEndpoint.httpsWeb({ secretName: 'web-tls', trust: WebTrust.public() });
  const now: Build = (p) => ({ members: [p.kubernetes('east', { bundleEndpoint }), p.kubernetes('west')] });
  expect(changed(eastAndWest, now)).toMatchInlineSnapshot(`
[
  "warning [east] bundleEndpoint.profile 'https_web' was 'https_spiffe' for 'west': from now on, whoever gets a web certificate for 'federation.east.example.com' says whom they believe as 'east.example.com'; keep https_spiffe, or accept E23 with the reason (E23)",
]
`);
});

test('E23 another host, by https_spiffe', () => {
  const bundleEndpoint = BundleEndpoint.httpsSpiffe({ host: 'spire.east.example.com' });
  const now: Build = (p) => ({ members: [p.kubernetes('east', { bundleEndpoint }), p.kubernetes('west')] });
  expect(changed(eastAndWest, now)).toMatchInlineSnapshot(`
[
  "warning [east] bundleEndpoint.url 'https://spire.east.example.com' was 'https://federation.east.example.com' for 'west': SPIRE then takes the bundle of the program in the place of the live one, and where that is outdated, every later fetch fails; compare the bundle with what 'spire-server bundle show -format spiffe' prints at the provider, then accept E23 with the reason (E23)",
]
`);
});

test('E23 another host of an external trust domain, and its acceptance', () => {
  const before: Build = (p) => ({ members: [p.kubernetes('east'), p.kubernetes('west'), p.partner()] });
  const now: Build = (p) => ({ members: [p.kubernetes('east'), p.kubernetes('west'), p.partner('partner.example')] });
  expect(changed(before, now)).toMatchInlineSnapshot(`
[
  "warning [mesh: partner.example] bundleEndpointUrl 'https://partner.example/' was 'https://bundle.partner.example/' for 'east' and 'west': from now on, whoever gets a web certificate for 'partner.example' says whom they believe as 'partner.example'; make sure that the host is in the right hands, then accept E23 with the reason (E23)",
]
`);
  const accepting: Build = (p) => ({ ...now(p), accept: [{ rule: 'E23', reason: 'told by phone' }] });
  expect(changed(before, accepting)).toMatchInlineSnapshot(`
[
  "warning [mesh: partner.example] bundleEndpointUrl 'https://partner.example/' was 'https://bundle.partner.example/' for 'east' and 'west': from now on, whoever gets a web certificate for 'partner.example' says whom they believe as 'partner.example'; make sure that the host is in the right hands, then accept E23 with the reason (E23)",
]
`);
});

test('E24 another root, and so another seed', () => {
  const now: Build = (p) => ({ members: [p.kubernetes('east', {}, WEB_ROOT), p.kubernetes('west')] });
  expect(changed(eastAndWest, now)).toMatchInlineSnapshot(`
[
  "warning [east] bundleEndpoint.seed has other keys than before, and does not arrive at 'west': a ClusterFederatedTrustDomain is not acted on when nothing but its bundle has changed; where the live bundle cannot be fetched, delete the ClusterFederatedTrustDomain of 'east.example.com' and apply it again, or run 'spire-server bundle set -format spiffe -id spiffe://east.example.com'; where it can, accept E24 with the reason (E24)",
]
`);
});

test('another refresh hint, and so another seed of the same keys', () => {
  const bundleEndpoint = BundleEndpoint.httpsSpiffe({ refreshHint: '10m' });
  const now: Build = (p) => ({ members: [p.kubernetes('east', { bundleEndpoint }), p.kubernetes('west')] });
  expect(changed(eastAndWest, now)).toEqual([]);
});

test('E24 the bundle of a relationship that was made by hand', () => {
  const byHand =
    (roots: string): Build =>
    (p) => {
      const east = p.kubernetes('east');
      new ClusterFederatedTrustDomain(east, 'by-hand', {
        className: 'spire',
        trustDomain: 'stranger.example',
        bundleEndpointUrl: 'https://stranger.example',
        profile: BundleEndpointProfile.httpsWeb(),
        trustDomainBundle: bundleOfRoots(roots, { refreshHint: 300 }),
      });
      return { members: [east, p.kubernetes('west')] };
    };
  expect(changed(byHand(WEST_ROOT), byHand(WEB_ROOT))).toMatchInlineSnapshot(`
[
  "warning [east/by-hand] trustDomainBundle has other keys than before, and does not arrive at 'east': a ClusterFederatedTrustDomain is not acted on when nothing but its bundle has changed; where the live bundle cannot be fetched, delete the ClusterFederatedTrustDomain of 'stranger.example' and apply it again, or run 'spire-server bundle set -format spiffe -id spiffe://stranger.example'; where it can, accept E24 with the reason (E24)",
]
`);
});

test('E25 a direction that is taken back', () => {
  const now: Build = (p) => {
    const [east, west] = [p.kubernetes('east'), p.kubernetes('west')];
    return { members: [east, west], topology: Topology.edges([Trust.oneWay(east, west)]) };
  };
  expect(changed(eastAndWest, now)).toMatchInlineSnapshot(`
[
  "warning [west] no longer has a relationship with 'east.example.com', but its server keeps the bundle, and workloads whose entries name it go on to believe it; take it out of identities, then delete its relationship (ClusterFederatedTrustDomain), then run 'spire-server bundle delete -id spiffe://east.example.com' there, which refuses as long as entries name it (-mode dissociate takes it out of them) (E25)",
]
`);
});

test('E25 a member that is gone', () => {
  const before: Build = (p) => ({
    members: [p.kubernetes('east'), p.kubernetes('west'), p.partner(), p.openshift('ocp')],
  });
  expect(changed(before, eastAndOcp)).toMatchInlineSnapshot(`
[
  "warning [mesh] members no longer include 'west', but the servers of 'east' and 'ocp' keep the bundle of 'west.example.com', and workloads whose entries name it go on to believe it; take it out of identities, then delete its relationship (ClusterFederatedTrustDomain), then run 'spire-server bundle delete -id spiffe://west.example.com' on the server of each, which refuses as long as entries name it (-mode dissociate takes it out of them) (E25)",
  "warning [mesh] members no longer include 'partner.example', but the servers of 'east' and 'ocp' keep the bundle of 'partner.example', and workloads whose entries name it go on to believe it; take it out of identities, then delete its relationship (ClusterFederatedTrustDomain), then run 'spire-server bundle delete -id spiffe://partner.example' on the server of each, which refuses as long as entries name it (-mode dissociate takes it out of them) (E25)",
]
`);
});

test('E38 what ZTWIM keeps: the endpoint, its profile, ACME of its own or none', () => {
  const ocp =
    (props: Partial<OpenShiftClusterProps>): Build =>
    (p) => {
      const [east, it] = [p.kubernetes('east'), p.openshift('ocp', props)];
      return { members: [east, it], topology: Topology.edges([Trust.oneWay(it, east)]) };
    };
  const upstream = {
    server: { upstreamAuthority: { certManager: { issuerName: 'upstream' } } },
    upstreamRoots: WEST_ROOT,
  };
  const own = BundleEndpoint.httpsWeb({ acme: { email: 'pki@example.com', tosAccepted: true } });
  expect([
    changed(ocp({}), ocp({ bundleEndpoint: undefined })),
    changed(ocp({}), ocp({ bundleEndpoint: BundleEndpoint.httpsSpiffe(), ...upstream })),
    changed(ocp({}), ocp({ bundleEndpoint: own })),
    changed(ocp({ bundleEndpoint: own }), ocp({})),
  ]).toMatchInlineSnapshot(`
[
  [
    "error [ocp] bundleEndpoint is gone, and the operator refuses to remove it; keep it, or remove the SpireServer from the cluster, leave the member out of the previous federation, and install it anew (E38)",
  ],
  [
    "error [ocp] bundleEndpoint.profile 'https_spiffe' was 'https_web', and the operator refuses to change it; write 'https_web', or remove the SpireServer from the cluster, leave the member out of the previous federation, and install it anew (E38)",
  ],
  [
    "error [ocp] bundleEndpoint.certificate comes by SPIRE's own ACME client, and did not before: the operator refuses to change that; keep where the certificate comes from, or remove the SpireServer from the cluster, leave the member out of the previous federation, and install it anew (E38)",
  ],
  [
    "error [ocp] bundleEndpoint.certificate no longer comes by SPIRE's own ACME client: the operator refuses to change that; keep where the certificate comes from, or remove the SpireServer from the cluster, leave the member out of the previous federation, and install it anew (E38)",
  ],
]
`);
});

describe('what somebody has to decide about', () => {
  const before: Build = (p) => ({ members: [p.kubernetes('east'), p.kubernetes('west'), p.partner()] });
  const now: Build = (p) => ({ members: [p.kubernetes('east'), p.kubernetes('west'), p.partner('partner.example')] });
  const approving =
    (...approve: NonNullable<FederationMeshProps['approve']>): Build =>
    (p) => ({ ...now(p), approve });

  test('W41 is asked by its id, and E23 with it until it is approved', () => {
    const found = allChanged(before, now);
    expect(found.map((line) => /\((\w+)\)$/.exec(line)?.[1])).toEqual(['E23', 'W41']);
    expect(found[1]).toMatchInlineSnapshot(
      `"warning [mesh: partner.example] is fetched by 'east' and 'west' at another host: whoever gets a web certificate for 'partner.example' says whom they believe as 'partner.example'; make sure that the host is in the right hands, and approve it (approve: [{ change: 'endpoint-moved-2fa8ee1d', reason: '…' }]) (W41)"`,
    );
    const change = /'(endpoint-moved-[0-9a-f]{8})'/.exec(found[1] ?? '')?.[1] ?? '';
    expect(allChanged(before, approving({ change, reason: 'told by phone' }))).toEqual([]);
  });

  test('E42 an approval of nothing, one without a reason, and what is none', () => {
    const found = allChanged(
      before,
      approving({ change: 'edge-added-1f3a9c2e', reason: '' }, { change: 'x' } as never, 'y' as never),
    );
    expect(found.filter((line) => !/\((E23|W41)\)$/.test(line))).toMatchInlineSnapshot(`
[
  "error [mesh] approve[1] is not an approved change; write { change: 'edge-added-1f3a9c2e', reason: 'why it is wanted' } (mesh-approve)",
  "error [mesh] approve[2] is not an approved change; write { change: 'edge-added-1f3a9c2e', reason: 'why it is wanted' } (mesh-approve)",
  "error [mesh] approve[0].reason '' is empty; write why the change is wanted (E42)",
  "warning [mesh] approve[0].change 'edge-added-1f3a9c2e' approves what has not changed (any more); remove it; where the change is another by now, 'spirekit diff' shows its id (E42)",
]
`);
  });

  test('without a federation before, an approval is of nothing that anybody knows', () => {
    const program = new Program();
    const approve = [{ change: 'edge-added-1f3a9c2e', reason: 'so' }];
    const mesh = new FederationMesh(program.app, 'mesh', { now: NOW, approve, ...eastAndWest(program) });
    expect(findings(program.app)).toEqual([]);
    expect(mesh.model().data().approved).toEqual(approve);
  });
});

test('nothing is written when a change is refused', () => {
  const app = new App({ outdir: '/nowhere/at/all', summary: () => {} });
  const cluster = new KubernetesCluster(app, 'east', { trustDomain: 'east.example.com' });
  const previous = {
    members: [{ name: 'east', platform: 'kubernetes', trustDomain: 'old.example.com' }],
    edges: [],
  } as const;
  new FederationMesh(app, 'mesh', { members: [cluster], previous });
  expect(() => app.synth()).toThrow(/E20/);
});
