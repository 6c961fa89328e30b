import { X509Certificate } from 'node:crypto';
import type { Name } from '../cluster/federated-clusters';
import type { Authority } from '../support/authority';
import { eventuallyBeside } from '../support/beside';
import type { TwoProfiles } from './two-profiles';

/** Something that is made wrong in a healthy federation. */
export interface Fault {
  readonly what: string;
  plant(world: TwoProfiles): void | Promise<void>;
  mend(world: TwoProfiles): void | Promise<void>;
  /** Exactly what has to be found, by the verdict in short: the fault itself, and what follows from it. */
  readonly found: Readonly<Record<string, readonly RegExp[]>>;
}

const SPIRE = ['-n', 'spire-server'] as const;

const json = (value: unknown): string => JSON.stringify(value);

function patch(world: TwoProfiles, name: Name, object: string, value: object, type = 'merge'): void {
  world.clusters.of(name).kubectl(...SPIRE, 'patch', object, `--type=${type}`, '-p', json(value));
}

/** What the program has made. */
const applied = (world: TwoProfiles, name: Name, file: string) =>
  world.clusters.of(name).kubectlBeside('apply', '-f', world.workspace.path(`dist/${name}/${file}`));

/** Makes the server's pod anew; it is not waited for. */
export function restart(world: TwoProfiles, name: Name): void {
  world.clusters.of(name).kubectl(...SPIRE, 'delete', 'pod', 'spire-server-0', '--wait=true');
}

/** Waits until the server of a cluster is ready again. */
export async function ready(world: TwoProfiles, name: Name): Promise<void> {
  await world.clusters
    .of(name)
    .kubectlBeside(...SPIRE, 'rollout', 'status', 'statefulset/spire-server', '--timeout=120s');
}

/** A SPIFFE bundle with one authority, to be fetched as often as those of the mesh. */
function bundleOf({ certificate }: Authority): string {
  const { publicKey, raw } = new X509Certificate(certificate);
  const key = { ...publicKey.export({ format: 'jwk' }), use: 'x509-svid', x5c: [raw.toString('base64')] };
  return json({ keys: [key], spiffe_refresh_hint: 60 });
}

/** Gives a server the bundle of another trust domain by hand. */
function setBundle(world: TwoProfiles, name: Name, of: Name, bundle: string): void {
  const server = ['exec', '-i', 'spire-server-0', '-c', 'spire-server', '--', '/opt/spire/bin/spire-server'];
  const set = ['bundle', 'set', '-id', `spiffe://${of}.example.com`, '-format', 'spiffe'];
  world.clusters.of(name).kubectlWith(bundle, ...SPIRE, ...server, ...set);
}

const federated = (name: Name): string => `clusterfederatedtrustdomain/${name}.example.com`;

/** Faults that are wrong by themselves, at edges that have nothing in common. */
export const OF_TRUST: readonly Fault[] = [
  {
    what: 'a ClusterFederatedTrustDomain is deleted: the fetching ends, the trust does not',
    async plant(world) {
      await world.clusters.of('west').kubectlBeside('delete', federated('lab'));
    },
    async mend(world) {
      await applied(world, 'west', '50-trust.yaml');
    },
    found: {
      'V18 west: error': [/^holds the bundle of lab\.example\.com as it was: the declared relationship is missing$/],
      'V21 west believes lab: error': [/^no ClusterFederatedTrustDomain names lab\.example\.com$/],
      'V23 west believes lab: error': [/^has no relationship with lab\.example\.com$/],
      'V25 west believes lab: error': [/^does not fetch the bundle of lab\.example\.com any more/],
    },
  },
  {
    what: 'a ClusterFederatedTrustDomain has the class of another controller manager',
    plant: (world) => patch(world, 'east', federated('west'), { spec: { className: 'other' } }),
    async mend(world) {
      await applied(world, 'east', '50-trust.yaml');
    },
    found: {
      'V16 east: error': [/^no controller manager acts on it$/],
      'V18 east: error': [/^holds the bundle of west\.example\.com as it was: the declared relationship is missing$/],
      'V21 east believes west: error': [
        /^the ClusterFederatedTrustDomain of west\.example\.com is ignored for its class$/,
      ],
      'V23 east believes west: error': [/^has no relationship with west\.example\.com$/],
      'V25 east believes west: error': [/^does not fetch the bundle of west\.example\.com any more/],
    },
  },
  {
    what: 'an edit of the URL puts the old bundle back that stands beside it',
    plant(world) {
      const trustDomainBundle = bundleOf(world.authority('old'));
      const bundleEndpointURL = 'https://federation.west.example.com/';
      patch(world, 'lab', federated('west'), { spec: { bundleEndpointURL, trustDomainBundle } });
    },
    async mend(world) {
      await applied(world, 'lab', '50-trust.yaml');
    },
    found: {
      'V21 lab believes west: error': [
        /^has URL 'https:\/\/federation\.west\.example\.com\/' instead of 'https:\/\/federation\.west\.example\.com'$/,
      ],
      'V24 lab believes west: error': [
        /^lacks .+: SVIDs that they sign are refused$/,
        /^still has .+, which the peer has no more: SVIDs that they signed are accepted$/,
      ],
      'V25 lab believes west: error': [/failed .+: the consumer does not believe who has certified the endpoint$/],
    },
  },
  {
    what: 'the bundle of a peer has ended',
    plant: (world) => setBundle(world, 'west', 'east', bundleOf(world.authority('ended', { days: -1 }))),
    mend: (world) => setBundle(world, 'west', 'east', json({ ...world.bundle('east'), spiffe_refresh_hint: 60 })),
    found: {
      'V24 west believes east: error': [
        /^the bundle of east\.example\.com that it holds has ended: its last authority ended \S+$/,
      ],
      'V25 west believes east: error': [/failed .+: the consumer does not believe who has certified the endpoint$/],
    },
  },
];

const OF_MANY = { className: 'spire', spiffeIDTemplate: 'spiffe://{{ .TrustDomain }}/many' };
const OF_PROVIDER = { matchLabels: { 'app.kubernetes.io/name': 'spire-oidc-discovery-provider' } };
const UNKNOWN = {
  apiVersion: 'spire.spiffe.io/v1alpha1',
  kind: 'ClusterSPIFFEID',
  metadata: { name: 'unknown-peer' },
  spec: { ...OF_MANY, podSelector: OF_PROVIDER, federatesWith: ['unknown.example.com'] },
};

const REFUSED = /failed .+: nobody listens at the endpoint$/;

/** Faults of what runs, one in each cluster; each peer of the cluster sees those of its endpoint. */
export const OF_CLUSTERS: readonly Fault[] = [
  {
    what: 'the controller manager cannot start, and takes the endpoint with it',
    plant(world) {
      const configmap = 'configmap/spire-controller-manager';
      const { data } = world.clusters.of('east').json<{ data: Record<string, string> }>(...SPIRE, 'get', configmap);
      const text = data['controller-manager.yaml'] ?? '';
      const broken = text.replace(/^gcInterval: .*$/m, 'gcInterval: never');
      if (broken === text) throw new Error('there is no gcInterval');
      patch(world, 'east', configmap, { data: { 'controller-manager.yaml': broken } });
      restart(world, 'east');
    },
    async mend(world) {
      await applied(world, 'east', '20-control-plane.yaml');
      restart(world, 'east');
      await ready(world, 'east');
    },
    found: {
      'V03 east: error': [/^pod spire-server\/spire-server-0 is not ready$/],
      'V07 east: error': [/^container spire-controller-manager of pod spire-server\/spire-server-0 is not ready$/],
      'V11 east: error': [/^no Service leads to port 8443 of a ready pod of the server$/],
      'V25 west believes east: error': [REFUSED],
      'V25 lab believes east: error': [REFUSED],
    },
  },
  {
    what: 'the port of an endpoint is closed',
    plant: (world) => patch(world, 'west', 'service/spire-bundle-endpoint', portOf(8443), 'json'),
    mend: (world) => patch(world, 'west', 'service/spire-bundle-endpoint', portOf(443), 'json'),
    found: {
      'V11 west: error': [/^has no port 443, which the URL leads to$/],
      'V25 east believes west: error': [REFUSED],
      'V25 lab believes west: error': [REFUSED],
    },
  },
  {
    what: 'the certificate of an https_web endpoint is for another host',
    async plant(world) {
      world.serveCertificateFor('other.example.com');
      restart(world, 'lab');
      await ready(world, 'lab');
    },
    async mend(world) {
      world.serveCertificateFor('federation.lab.example.com');
      restart(world, 'lab');
      await ready(world, 'lab');
    },
    found: {
      'V12 lab: error': [/^its certificate is not for 'federation\.lab\.example\.com'$/],
      'V25 east believes lab: error': [/failed .+: the certificate is for another host$/],
      'V25 west believes lab: error': [/failed .+: the certificate is for another host$/],
    },
  },
  {
    // It is mended before the server of the cluster is made anew: what was said in its log is past then.
    what: 'a registration names a trust domain of which the server has no bundle',
    async plant(world) {
      // The API server asks the controller manager, which has only just been made anew with its server.
      await eventuallyBeside(60, 'the registration', async () => {
        const { status, text } = world.clusters.of('lab').apply(json(UNKNOWN));
        if (status !== 0) throw new Error(text);
      });
    },
    async mend(world) {
      await world.clusters.of('lab').kubectlBeside('delete', 'clusterspiffeid', UNKNOWN.metadata.name);
    },
    found: {
      'V19 lab: error': [
        /^names unknown\.example\.com, of which the server holds no bundle: its pods get no identity$/,
        /^1 of 1 entries cannot be set$/,
      ],
      'V20 lab: error': [
        /^an entry names a trust domain whose bundle the server does not hold/,
        /^the server refuses an entry: its workload gets no identity, or keeps an old one$/,
      ],
    },
  },
];

const portOf = (port: number): object[] => [{ op: 'replace', path: '/spec/ports/0/port', value: port }];
