import { Testing } from 'cdk8s';
import {
  BundleEndpoint,
  DataStore,
  ExternalTrustDomain,
  FederationMesh,
  type FederationMeshProps,
  Issuer,
  KeyManager,
  KubernetesCluster,
  type KubernetesClusterProps,
  OpenShiftCluster,
  type OpenShiftClusterProps,
  Topology,
  Trust,
  UpstreamAuthority,
  WebTrust,
} from '../../lib';
import { summaryLinesOf } from '../../lib/core';
import { DEMO_ROOT } from '../core/fixtures-certificates';
import { find, findings } from '../spire/installation';
import { WEB_ROOT } from './fixtures-certificates';

const NOW = new Date('2026-06-01T00:00:00Z');

/** A program that federates, which tests change. */
class Program {
  readonly app = Testing.app();

  /** A cluster whose bundle is fetched by https_web, with a CA that signs itself. */
  kubernetes(name: string, props: Partial<KubernetesClusterProps> = {}): KubernetesCluster {
    return new KubernetesCluster(this.app, name, {
      trustDomain: `${name}.example.com`,
      bundleEndpoint: BundleEndpoint.httpsWeb({ secretName: 'tls', trust: WebTrust.public() }),
      ...props,
    });
  }

  /** A cluster whose bundle is fetched by https_spiffe, below an upstream authority. */
  spiffe(name: string, server: KubernetesClusterProps['server'] = {}): KubernetesCluster {
    const upstreamAuthority = UpstreamAuthority.disk({ secret: 'upstream', roots: DEMO_ROOT });
    return this.kubernetes(name, {
      bundleEndpoint: BundleEndpoint.httpsSpiffe(),
      server: { upstreamAuthority, ...server },
    });
  }

  openshift(name: string, props: Partial<OpenShiftClusterProps> = {}): OpenShiftCluster {
    return new OpenShiftCluster(this.app, name, {
      trustDomain: `apps.${name}.example.com`,
      bundleEndpoint: BundleEndpoint.httpsWeb({ issuer: Issuer.acme({ email: 'pki@example.com' }) }),
      ...props,
    });
  }

  mesh(members: FederationMeshProps['members'], props: Partial<FederationMeshProps> = {}): FederationMesh {
    return new FederationMesh(this.app, 'mesh', { now: NOW, members, ...props });
  }
}

const found = (build: (p: Program) => void): string[] => {
  const p = new Program();
  build(p);
  return findings(p.app);
};

const tableOf = (programs: Readonly<Record<string, (p: Program) => void>>): string =>
  Object.entries(programs)
    .map(([label, build]) => [`# ${label}`, ...found(build)].join('\n'))
    .join('\n');

const postgres = () =>
  DataStore.postgres({
    host: 'postgres.db.svc',
    database: 'spire',
    user: 'spire',
    password: { secret: 'spire-db', key: 'password' },
  });

const partner = (options = {}) => ExternalTrustDomain.at('partner.example', 'https://bundle.partner.example', options);

const istio = () => ExternalTrustDomain.istio({ trustDomain: 'mesh.example.com', name: 'istio' });

const teleport = () =>
  ExternalTrustDomain.teleport({ trustDomain: 'teleport.example.com', proxyAddress: 'proxy.example.com:3080' });

/** A cluster whose workloads get the bundle of a partner. */
const named = (p: Program, peer: ExternalTrustDomain): void => {
  const east = p.kubernetes('east');
  p.mesh([east, peer]);
  east.identity('shop', { namespace: 'shop', federatesWith: [peer] });
};

test('programs that break the rules about servers', () => {
  expect(
    tableOf({
      'E21 keys in memory': (p) => {
        p.mesh([p.kubernetes('east', { server: { keyManager: KeyManager.memory() } }), p.kubernetes('west')]);
      },
      'E21 keys in memory, below an upstream authority': (p) => {
        p.mesh([p.spiffe('east', { keyManager: KeyManager.memory() }), p.kubernetes('west')]);
      },
      'E21 servers that sign themselves': (p) => {
        p.mesh([p.kubernetes('east', { server: { replicas: 2, dataStore: postgres() } }), p.kubernetes('west')]);
      },
      'W27 a single server with a short CA': (p) => {
        const server = { caTtl: '2h', defaultX509SvidTtl: '10m' };
        p.mesh([p.kubernetes('east', { server }), p.kubernetes('west')]);
      },
    }),
  ).toMatchInlineSnapshot(`
"# E21 keys in memory
error [east] server.keyManager loses its keys with the process: every restart makes a CA that signs at once, unseen by 'west' for up to 1m15s between two fetches + 5s between two questions of an agent = 1m20s; keep the keys (KeyManager.disk, or a key service), and let an upstream authority sign the CA (E21)
# E21 keys in memory, below an upstream authority
warning [east] server.keyManager loses its keys with the process: every restart makes keys of JWT-SVIDs that sign at once, unseen by 'west' for up to 1m15s between two fetches + 5s between two questions of an agent = 1m20s; keep the keys (KeyManager.disk, or a key service) (E21)
# E21 servers that sign themselves
warning [east] server.replicas 2 servers that sign themselves have a CA each: that of an added one signs at once and is unseen by 'west' for up to 1m15s between two fetches + 5s between two questions of an agent = 1m20s; let an upstream authority sign their CAs, or accept that peers refuse what an added server signs for so long (E21)
# W27 a single server with a short CA
warning [east] server.caTtl is 2h with one server: a CA of 2h is published min(2h/2, 720h) - min(2h/6, 168h) = 40m before it signs, and if it is away for longer, as while its node is replaced (1h), it can come back with a CA that 'west' has not seen; lengthen caTtl to 3h at least, or run several servers below an upstream authority (W27)"
`);
});

test('programs that break the rules about workloads', () => {
  expect(
    tableOf({
      'W28 an identity that accepts anybody': (p) => {
        const [east, west] = [p.kubernetes('east'), p.kubernetes('west')];
        p.mesh([east, west]);
        east.identity('shop', { namespace: 'shop', federatesWith: [west], accepts: 'any' });
      },
      'E39 an identity that accepts whom it cannot verify': (p) => {
        const [east, west, north] = [p.kubernetes('east'), p.kubernetes('west'), p.kubernetes('north')];
        p.mesh([east, west, north]);
        east.identity('shop', { namespace: 'shop', federatesWith: [west], accepts: [east, west, north] });
      },
      'an identity that lists whom it accepts': (p) => {
        const [east, west] = [p.kubernetes('east'), p.kubernetes('west')];
        p.mesh([east, west]);
        east.identity('shop', { namespace: 'shop', federatesWith: [west], accepts: [west] });
      },
    }),
  ).toMatchInlineSnapshot(`
"# W28 an identity that accepts anybody
warning [east/identity-shop] accepts 'any' lets in every identity of 'west.example.com'; list the SPIFFE IDs that the workloads accept, or trust domains at least (W28)
# E39 an identity that accepts whom it cannot verify
error [east/identity-shop] accepts[2] 'north.example.com' is neither its own trust domain nor one that the identity names: it can never be verified; add 'north.example.com' to federatesWith, or remove it here (E39)
# an identity that lists whom it accepts"
`);
});

test('programs that break the rules about foreign systems', () => {
  expect(
    tableOf({
      'E12 a bucket of which no hint is known': (p) => named(p, partner({ servedBy: 'object-store', caTtl: '24h' })),
      'W31 a partner of whom nothing is known': (p) => named(p, partner()),
      'a partner of whom enough is known': (p) => named(p, partner({ refreshHint: '5m', caTtl: '24h' })),
      'Teleport, of which enough is known': (p) => named(p, teleport()),
      'E33 Teleport cannot fetch by https_spiffe': (p) => {
        p.mesh([p.spiffe('east'), p.kubernetes('west'), teleport()]);
      },
      'W31 Istio looks too seldom for short CAs': (p) => {
        const server = { caTtl: '1h', defaultX509SvidTtl: '5m' };
        p.mesh([p.kubernetes('east', { server }), istio()]);
      },
      'E11 Teleport must be told of a private authority': (p) => {
        const issuer = Issuer.ca({ secretName: 'ca', roots: WEB_ROOT });
        p.mesh([p.kubernetes('east', { bundleEndpoint: BundleEndpoint.httpsWeb({ issuer }) }), teleport()]);
      },
      'E04 a partner of whom it is not known how it fetches': (p) => {
        const peer = partner({ refreshHint: '5m' });
        const east = p.kubernetes('east');
        p.mesh([east, peer], { topology: Topology.edges([Trust.oneWay(peer, east)]) });
      },
    }),
  ).toMatchInlineSnapshot(`
"# E12 a bucket of which no hint is known
warning [mesh: partner.example] refreshHint is not known, and plugins that publish to an object store write none unless they are told to: if there is none, consumers look again after 24h/40 = 36m, a 40th of the shortest root lifetime; ask those who publish the bundle for a spiffe_refresh_hint of 5m, and write it here (E12)
# W31 a partner of whom nothing is known
warning [mesh: partner.example] refreshHint is not known, and neither is the lifetime of its CAs (caTtl): nobody can tell whether a new one is seen before it signs; ask those who run it for both, and write refreshHint and caTtl (W31)
# a partner of whom enough is known
# Teleport, of which enough is known
# E33 Teleport cannot fetch by https_spiffe
error [mesh: teleport.example.com] fetches.profiles lack https_spiffe, by which 'east' serves its bundle: 'teleport.example.com' can never fetch it; give 'east' an endpoint with https_web, or remove the edges (E33)
# W31 Istio looks too seldom for short CAs
warning [east] bundleEndpoint.refreshHint is 5m: a CA of 1h is published min(1h/2, 720h) - min(1h/6, 168h) = 20m before it signs, 4 times the hint, where the standard wants up to 5; write 4m or less (E13)
warning [east] server.caTtl is 1h with one server: a CA of 1h is published min(1h/2, 720h) - min(1h/6, 168h) = 20m before it signs, and if it is away for longer, as while its node is replaced (1h), it can come back with a CA that 'istio' has not seen; lengthen caTtl to 3h at least, or run several servers below an upstream authority (W27)
error [mesh: istio] fetches.interval is 30m whatever the hint is, and of 'east' a CA of 1h is published min(1h/2, 720h) - min(1h/6, 168h) = 20m before it signs, 0.6 times that: fewer than three chances to see it; fetch more often, or lengthen the caTtl of 'east' to 7h30m at least (W31)
warning [mesh: istio] fetches.forgetsOnFailure makes it refuse 'east' when a single fetch has failed, until it fetches again, 30m later; run more than one server behind the endpoints that it fetches from, and accept this (W31)
warning [mesh: istio] fetches.poolsRoots lets 'east' sign identities of any trust domain in its eyes, and of its own too; let it believe only those who may, and accept this (W31)
# E11 Teleport must be told of a private authority
warning [east] bundleEndpoint.certificate 'private' is of an authority that 'teleport.example.com' must be told to believe by those who run it; hand them its root certificates and accept this, or use a public authority (E11)
# E04 a partner of whom it is not known how it fetches
error [mesh: partner.example] topology 'partner.example → east' tells 'partner.example' whom to believe, which is external and not known to fetch bundles: nobody here can; say how it fetches (fetches), or remove the edge and ask those who run it (E04)"
`);
});

test('what is said of a foreign consumer can be accepted, unless nothing works', () => {
  const build = (p: Program) => {
    const mesh = istio();
    const accept = [{ rule: 'W31', member: mesh, reason: 'one administration' }];
    p.mesh([p.kubernetes('east'), mesh], { accept });
  };
  const p = new Program();
  build(p);
  const proven = p.app.node.findAll().flatMap((each) => (each instanceof FederationMesh ? each.prove() : []));
  expect(proven.map(({ rule, severity, accepted }) => [rule, severity, accepted])).toEqual([
    ['W31', 'warning', 'one administration'],
    ['W31', 'warning', 'one administration'],
  ]);
});

describe('proxies', () => {
  const proxy = { https: 'http://proxy.example.com:3128', noProxy: ['.svc', '10.0.0.0/8'] };
  const inside = () =>
    ExternalTrustDomain.at('lab.example', 'https://spire.lab.internal', { refreshHint: '5m', servedBy: 'spire' });

  test('W29 a private peer that the proxy is asked for', () => {
    expect(
      found((p) => {
        p.mesh([p.kubernetes('east', { server: { proxy } }), p.kubernetes('west'), inside()]);
      }),
    ).toMatchInlineSnapshot(`
[
  "warning [east] server.proxy.noProxy does not cover 'spire.lab.internal', so that the proxy is asked for a private host; networks in it cover addresses, not names that lead to them; add them, or a domain that they are in; if the proxy reaches them, accept this (W29)",
]
`);
  });

  test('W29 on OpenShift, where the operator hands its own variables on', () => {
    const env = { HTTPS_PROXY: proxy.https, NO_PROXY: '.svc, 10.0.0.0/8 ,http://x' };
    expect(
      found((p) => {
        p.mesh([
          p.openshift('east', { operators: { ztwim: { env } }, trustedCa: 'cluster' }),
          p.openshift('west'),
          inside(),
        ]);
      }),
    ).toMatchInlineSnapshot(`
[
  "warning [east] operators.ztwim.env.NO_PROXY 'http://x' is a URL, which no host ever equals; write the host alone, such as 'example.com' (W29)",
  "warning [east] operators.ztwim.env.NO_PROXY does not cover 'spire.lab.internal', so that the proxy is asked for a private host; networks in it cover addresses, not names that lead to them; add them, or a domain that they are in; if the proxy reaches them, accept this (W29)",
]
`);
  });

  test('a private peer that is reached without it', () => {
    const noProxy = [...proxy.noProxy, '.lab.internal'];
    const build = (p: Program) =>
      p.mesh([p.kubernetes('east', { server: { proxy: { ...proxy, noProxy } } }), p.kubernetes('west'), inside()]);
    expect(found(build)).toEqual([]);
    const p = new Program();
    build(p);
    const lines = summaryLinesOf(p.app);
    const at = lines.indexOf('Through proxies:');
    expect(lines.slice(at, at + 3)).toEqual([
      'Through proxies:',
      '',
      "  east asks its proxy for 'federation.west.example.com', and reaches 'spire.lab.internal' without it",
    ]);
  });

  test('nothing is said of proxies where there is none', () => {
    const p = new Program();
    p.mesh([p.kubernetes('east'), p.openshift('west')]);
    expect(summaryLinesOf(p.app)).not.toContain('Through proxies:');
    expect(
      p.app.node
        .findAll()
        .filter((each) => each instanceof FederationMesh)[0]
        ?.prove(),
    ).toEqual([]);
  });

  test('on OpenShift, what is not known is not guessed', () => {
    const proxyOf = (props: Partial<OpenShiftClusterProps>) => new Program().openshift('east', props).federation.proxy;
    const ztwim = (env: Record<string, string>) => ({ operators: { ztwim: { env } } });
    expect(proxyOf({})).toBeUndefined();
    expect(proxyOf({ operators: { ztwim: 'installed' } })).toBeUndefined();
    expect(proxyOf(ztwim({ NO_PROXY: '.svc' }))).toBeUndefined();
    expect(proxyOf(ztwim({ HTTPS_PROXY: proxy.https }))).toEqual({ url: proxy.https, noProxy: [] });
    expect(proxyOf(ztwim({ HTTPS_PROXY: proxy.https, NO_PROXY: '.svc,' }))).toEqual({
      url: proxy.https,
      noProxy: ['.svc'],
    });
  });

  test('the server gets it', () => {
    const east = new Program().kubernetes('east', { server: { proxy } });
    const [container] = find(east, 'StatefulSet', 'spire-server').spec.template.spec.containers;
    expect(container.env).toContainEqual({ name: 'HTTPS_PROXY', value: proxy.https });
  });
});

test('W30 a hub that believes many clusters with RSA keys', () => {
  expect(
    found((p) => {
      const hub = p.kubernetes('hub');
      const spokes = Array.from({ length: 51 }, (_, index) =>
        p.kubernetes(`spoke-${index}`, { server: { caKeyType: 'rsa-2048' } }),
      );
      p.mesh([hub, ...spokes], { topology: Topology.edges(spokes.map((spoke) => Trust.oneWay(hub, spoke))) });
    }),
  ).toMatchInlineSnapshot(`
[
  "warning [mesh] members 'spoke-0', 'spoke-1', 'spoke-2' and 48 more have RSA keys, and 'hub' believes up to 51 of them: agents fetch each bundle that their workloads name every 5s, and these are twice as large as with EC keys; set caKeyType: 'ec-p256' (server.caKeyType), unless something that verifies their JWT-SVIDs knows RSA alone (W30)",
]
`);
});
