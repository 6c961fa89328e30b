import { Testing } from 'cdk8s';
import {
  BundleEndpoint,
  ExternalTrustDomain,
  FederationMesh,
  type FederationMeshProps,
  KubernetesCluster,
  Topology,
  Trust,
  WebTrust,
} from '../../lib';
import { summaryLinesOf } from '../../lib/core';
import { memberOf } from '../../lib/federation/members';
import { fakeOutput } from '../core/fixtures';
import { findings, untyped } from '../spire/installation';
import { NOW } from './fixtures';

const teleport = () =>
  ExternalTrustDomain.teleport({ trustDomain: 'teleport.example.com', proxyAddress: 'proxy.example.com:3080' });
const istio = () => ExternalTrustDomain.istio({ trustDomain: 'mesh.example.com', name: 'istio' });

/** A mesh of one cluster with an endpoint of the web, and others. */
function mesh(others: readonly ExternalTrustDomain[], props: Partial<FederationMeshProps> = {}) {
  const app = Testing.app();
  const east = new KubernetesCluster(app, 'east', {
    trustDomain: 'east.example.com',
    bundleEndpoint: BundleEndpoint.httpsWeb({ secretName: 'tls', trust: WebTrust.public() }),
  });
  const made = new FederationMesh(app, 'mesh', { now: NOW, members: [east, ...others], ...props });
  return { app, east, mesh: made, edges: made.model().edges, findings: () => findings(app) };
}

describe('what is known of foreign systems', () => {
  test('Teleport serves its bundle by https_web, and fetches others by it', () => {
    expect(memberOf(teleport())).toEqual({
      name: 'teleport.example.com',
      platform: 'external',
      trustDomain: 'teleport.example.com',
      endpoint: {
        url: 'https://proxy.example.com:3080/webapi/spiffe/bundle.json',
        profile: 'https_web',
        servedBySpire: false,
        exposure: 'other',
        termination: 'passthrough',
        certificate: { source: 'secret', trust: { type: 'public' } },
        refreshHint: 300,
      },
      fetches: { profiles: ['https_web'], fetchesPerHint: 1 },
    });
  });

  test.each(['https://proxy.example.com:3080', 'HTTPS://proxy.example.com:3080/', 'proxy.example.com:3080/'])(
    'the address of a proxy may be a URL: %s',
    (proxyAddress) => {
      const { endpoint } = memberOf(
        ExternalTrustDomain.teleport({ trustDomain: 'teleport.example.com', proxyAddress }),
      );
      expect(endpoint?.url).toBe('https://proxy.example.com:3080/webapi/spiffe/bundle.json');
    },
  );

  test('Istio fetches and serves nothing', () => {
    expect(memberOf(istio())).toEqual({
      name: 'istio',
      platform: 'external',
      trustDomain: 'mesh.example.com',
      fetches: { profiles: ['https_web'], interval: 1800, forgetsOnFailure: true, poolsRoots: true },
    });
  });

  test('any bundle at a URL', () => {
    const { endpoint } = memberOf(
      ExternalTrustDomain.at('partner.example', 'https://hub.example/partner', {
        servedBy: 'object-store',
        refreshHint: '10m',
        hostedBy: 'hub.example',
      }),
    );
    expect(endpoint).toMatchObject({ exposure: 'object-store', refreshHint: 600, hostedBy: 'hub.example' });
  });
});

describe('who believes whom', () => {
  test('both ways with whoever fetches and serves', () => {
    expect(mesh([teleport()]).edges).toEqual([
      { consumer: 'east', provider: 'teleport.example.com' },
      { consumer: 'teleport.example.com', provider: 'east' },
    ]);
  });

  test('one way with whoever only fetches, and only serves', () => {
    const partner = ExternalTrustDomain.at('partner.example', 'https://bundle.partner.example');
    expect(mesh([istio(), partner]).edges).toEqual([
      { consumer: 'east', provider: 'partner.example', oneWay: true },
      { consumer: 'istio', provider: 'east', oneWay: true },
    ]);
  });

  test('the summary says what must be set up at those who cannot be told from here', () => {
    const { app } = mesh([teleport(), istio()]);
    const lines = summaryLinesOf(app);
    const [from, to] = [
      lines.findIndex((line) => line.startsWith('To set up')),
      lines.indexOf('The picture, in Mermaid:'),
    ];
    expect(lines.slice(from, to)).toMatchInlineSnapshot(`
[
  "To set up at teleport.example.com, which shall believe:",
  "",
  "  east.example.com by https_web at https://federation.east.example.com",
  "",
  "To set up at istio (mesh.example.com), which shall believe:",
  "",
  "  east.example.com by https_web at https://federation.east.example.com",
  "",
]
`);
  });

  test('who serves nothing is not believed, said in so many words', () => {
    const other = istio();
    const app = Testing.app();
    const east = new KubernetesCluster(app, 'east', { trustDomain: 'east.example.com' });
    new FederationMesh(app, 'mesh', {
      now: NOW,
      members: [east, other],
      topology: Topology.edges([Trust.oneWay(east, other)]),
    });
    expect(findings(app)).toMatchInlineSnapshot(`
[
  "error [mesh: istio] endpoint is missing, and 'east' cannot fetch the bundle; give the member a bundle endpoint, or remove the edges to it (E04)",
]
`);
  });
});

describe('bad input', () => {
  const wrong = (props: object) => mesh([new ExternalTrustDomain(untyped(props))]).findings();

  test('every mistake is one finding', () => {
    const mistakes: Readonly<Record<string, object>> = {
      'no object': { fetches: 'https_web' },
      'no profiles': { fetches: {} },
      'a profile that is none': { fetches: { profiles: ['http'] } },
      'no time': { fetches: { profiles: ['https_web'], interval: 'often' } },
      'no number': { fetches: { profiles: ['https_web'], fetchesPerHint: 0 } },
      'no flag': { fetches: { profiles: ['https_web'], poolsRoots: 'yes' } },
      'no property': { fetches: { profiles: ['https_web'], every: '5m' } },
      'late profiles': { fetches: { profiles: fakeOutput() } },
      'a host that is no trust domain': { hostedBy: 'Hub' },
      'a host that is no text': { hostedBy: 7 },
    };
    const all = { trustDomain: 'p.example', bundleEndpointUrl: 'https://p.example', profile: { type: 'https_web' } };
    const told = Object.entries(mistakes).map(([label, mistake]) => {
      const found = wrong({ ...all, ...mistake }).filter((line) => line.startsWith('error [mesh] members'));
      expect([label, found.length]).toEqual([label, 1]);
      return `# ${label}\n${found[0]}`;
    });
    expect(told.join('\n')).toMatchInlineSnapshot(`
"# no object
error [mesh] members.p.example.fetches 'https_web' is not an object; write { profiles: ['https_web'] } (external-fetching)
# no profiles
error [mesh] members.p.example.fetches.profiles is missing; write ['https_web'], or both profiles (external-fetching)
# a profile that is none
error [mesh] members.p.example.fetches.profiles is not a list of profiles; write ['https_web'], ['https_spiffe'] or both (external-fetching)
# no time
error [mesh] members.p.example.fetches.interval 'often' is not a duration; write numbers with the units h, m, s, ms, us or ns, such as '1h30m' (duration)
# no number
error [mesh] members.p.example.fetches.fetchesPerHint 0 is not a whole number above 0; write one, such as 4 (external-fetching)
# no flag
error [mesh] members.p.example.fetches.poolsRoots 'yes' is not a boolean; write true or false, without quotes (external-fetching)
# no property
error [mesh] members.p.example.fetches.every is not a property; write one of profiles, interval, fetchesPerHint, forgetsOnFailure, poolsRoots (external-fetching)
# late profiles
error [mesh] members.p.example.fetches.profiles is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (external-fetching)
# a host that is no trust domain
error [mesh] members.p.example.hostedBy 'Hub' is not valid: trust domain characters are limited to lowercase letters, numbers, dots, dashes, and underscores; write the trust domain in lowercase (external-trust-domain)
# a host that is no text
error [mesh] members.p.example.hostedBy is not valid: must be a string; pass its text, such as 'example.org' (external-trust-domain)"
`);
  });

  test('Teleport without an address', () => {
    const found = mesh([ExternalTrustDomain.teleport(untyped({ trustDomain: 't.example' }))]).findings();
    expect(found).toMatchInlineSnapshot(`
[
  "error [mesh] members.t.example.bundleEndpointUrl is missing; write where its bundle is fetched, such as 'https://bundle.partner.example' (external-trust-domain)",
]
`);
    expect(mesh([ExternalTrustDomain.teleport(untyped(undefined))]).findings()).toHaveLength(2);
  });
});
