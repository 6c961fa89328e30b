import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type App,
  BundleEndpoint,
  DataStore,
  FederationMesh,
  KeyManager,
  KubernetesCluster,
  type KubernetesClusterProps,
  NodeAttestor,
  Topology,
  Trust,
  UpstreamAuthority,
  WebTrust,
} from 'spirekit';
import type { ServerPlugin } from '../../../lib/spire';
import { Authority } from '../support/authority';
import { foundBy } from '../support/findings';
import { freePort, type LiveProcess, sleep } from '../support/process';
import { type ServerChange, SpireRig } from '../support/spire-rig';
import { alone, asEast, below, federate, serving, WEST, withCertificate } from './federation-world';
import { bundleAt, isBelieved, mint } from './minted-svids';

// Keys that sign before peers have seen them: E21, and W27.

const PAYMENTS = `spiffe://${WEST}/payments`;

let folder: string;
let root: Authority;
let web: Authority;
let back: Promise<Return[]>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'spirekit-'));
  root = new Authority(folder, 'root');
  web = new Authority(folder, 'web');
  // They are away while the other tests run.
  back = Promise.all([comesBackAt(22), comesBackAt(34)]);
  back.catch(() => undefined); // the test that waits for them hears of it
});
afterEach(() => Promise.all(servers.splice(0).map((server) => server.end())));
afterAll(async () => {
  await back.catch(() => undefined);
  rmSync(folder, { recursive: true, force: true });
});

/** East believes west, which its program describes so. */
const west =
  (props: Partial<KubernetesClusterProps>) =>
  (app: App): FederationMesh => {
    const members = [
      new KubernetesCluster(app, 'east', { trustDomain: 'east.example.com' }),
      new KubernetesCluster(app, 'west', { trustDomain: WEST, ...props }),
    ] as const;
    return new FederationMesh(app, 'mesh', { members, topology: Topology.edges([Trust.oneWay(...members)]) });
  };
const byWeb = BundleEndpoint.httpsWeb({ secretName: 'tls', trust: WebTrust.public() });
const bySvid = BundleEndpoint.httpsSpiffe();

/** A server of west that can be stopped and started again. Its database stays, and what its plugins keep. */
class West {
  readonly rig = new SpireRig(WEST);
  /** Of its latest life. */
  process: LiveProcess | undefined;
  /** When it was started first. */
  private begun = 0;

  constructor(private readonly conf: (rig: SpireRig) => ServerChange) {}

  async start(): Promise<void> {
    this.begun ||= Date.now();
    this.process = await this.rig.startServer(this.conf(this.rig));
  }

  async stop(): Promise<void> {
    await this.process?.end();
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Starts it again when so many seconds have gone by since the first time. */
  async startAt(seconds: number): Promise<void> {
    await sleep(Math.max(0, this.begun + seconds * 1000 - Date.now()));
    await this.start();
  }

  /**
   * For how many seconds the CA that it has made in its latest life was published before it signed; undefined: it does not
   * sign yet.
   */
  get secondsAhead(): number | undefined {
    const text = this.process?.text ?? '';
    const made = /time="([^"]+)".*msg="X509 CA prepared".*slot=(\w)/.exec(text);
    if (!made) throw new Error(`it has made no CA:\n${text}`);
    const signs = new RegExp(`time="([^"]+)".*msg="X509 CA activated".*slot=${made[2]}`).exec(text);
    return signs ? (Date.parse(signs[1] ?? '') - Date.parse(made[1] ?? '')) / 1000 : undefined;
  }

  end(): Promise<void> {
    return this.rig.end();
  }
}

/** What a server does that was away, and whether peers believe it by the bundle that they have from before. */
interface Return {
  readonly secondsAhead: number | undefined;
  readonly isBelieved: boolean;
}

/**
 * A server that is away from its first moments on. Its CA of 36 seconds would have had the next one published after 18, and
 * signing after 30.
 */
async function comesBackAt(seconds: number): Promise<Return> {
  const server = new West((rig) => ({
    server: { ca_ttl: '36s', default_x509_svid_ttl: '6s' },
    plugins: onDisk(rig),
  }));
  try {
    await server.start();
    const known = bundleAt(server.rig);
    await server.stop();
    await server.startAt(seconds);
    const svid = mint(server.rig, PAYMENTS);
    if (!isBelieved(svid, bundleAt(server.rig))) throw new Error('its own bundle does not hold its CA');
    return { secondsAhead: server.secondsAhead, isBelieved: isBelieved(svid, known) };
  } finally {
    await server.end();
  }
}

const servers: West[] = [];

/** A server with an endpoint, which ends with the test. */
async function started(
  profile: 'https_web' | 'https_spiffe',
  plugins: (rig: SpireRig) => readonly ServerPlugin[],
): Promise<{ server: West; url: string }> {
  const port = await freePort();
  const of = profile === 'https_web' ? withCertificate(web.issue('localhost')) : { https_spiffe: {} };
  const server = new West((rig) => ({ server: { federation: serving(port, of) }, plugins: plugins(rig) }));
  servers.push(server);
  await server.start();
  return { server, url: `https://localhost:${port}` };
}

/** Plugins with keys in a file. */
const onDisk = (rig: SpireRig): ServerPlugin[] => [
  DataStore.sqlite({ path: rig.path('datastore.sqlite3') }),
  KeyManager.disk({ path: rig.path('keys.json') }),
  NodeAttestor.joinToken(),
];

const refreshed = /msg="Bundle refreshed".*trust_domain=west\.example\.com/;
const refresh = (rig: SpireRig) => rig.tryServer('federation', 'refresh', '-id', `spiffe://${WEST}`);
const believing = () => ({ env: { SSL_CERT_FILE: web.certificateFile } });

test('E21: keys in memory: a restart makes a CA that signs at once, and is refused until peers fetch again', async () => {
  expect(foundBy('E21', west({ bundleEndpoint: byWeb, server: { keyManager: KeyManager.memory() } }))).toEqual([
    "error E21 [west] keysInMemory loses its keys with the process: every restart makes a CA that signs at once, unseen by 'east' for up to 1m15s between two fetches + 5s between two questions of an agent = 1m20s; keep the keys (KeyManager.disk, or a key service), and let an upstream authority sign the CA",
  ]);
  const { server, url } = await started('https_web', alone);
  await asEast(async (east, log) => {
    federate(east, { trustDomain: WEST, url, profile: 'https_web' });
    await log.says(refreshed);
    const [, now = '', next = ''] = await log.says(
      /time="([^"]+)"[^\n]*msg="Scheduling next bundle refresh" at="([^"]+)"/,
    );
    // Both are written in whole seconds.
    expect([74, 75, 76]).toContain((Date.parse(next) - Date.parse(now)) / 1000);
    expect(isBelieved(mint(server.rig, PAYMENTS), bundleAt(east, WEST))).toBe(true);

    await server.restart();
    expect(server.secondsAhead).toBe(0);
    const svid = mint(server.rig, PAYMENTS);
    expect(isBelieved(svid, bundleAt(server.rig))).toBe(true);
    expect(isBelieved(svid, bundleAt(east, WEST))).toBe(false);
    expect(refresh(east).status).toBe(0);
    expect(isBelieved(svid, bundleAt(east, WEST))).toBe(true);
  }, believing());
});

test('E21: by https_spiffe peers never fetch again', async () => {
  const props = { bundleEndpoint: bySvid, server: { keyManager: KeyManager.memory() } };
  expect(foundBy('E21', west(props))).toEqual([
    expect.stringContaining("; by https_spiffe 'east' cannot verify the endpoint any more, and would never see it;"),
  ]);
  const { server, url } = await started('https_spiffe', alone);
  await asEast(async (east) => {
    const endpointSpiffeId = `spiffe://${WEST}/spire/server`;
    const bundle = bundleAt(server.rig);
    federate(east, { trustDomain: WEST, url, profile: 'https_spiffe', endpointSpiffeId, bundle });
    expect(refresh(east).status).toBe(0);
    await server.restart();
    for (const _ of ['once', 'and again']) {
      expect(refresh(east)).toMatchObject({ status: 1, text: expect.stringMatching(/signed by unknown authority/) });
    }
    expect(isBelieved(mint(server.rig, PAYMENTS), bundleAt(east, WEST))).toBe(false);
  });
});

test('the remedy of E21: keys in a file sign on after a restart', async () => {
  expect(foundBy('E21', west({ bundleEndpoint: byWeb }))).toEqual([]);
  const { server, url } = await started('https_web', onDisk);
  await asEast(async (east, log) => {
    federate(east, { trustDomain: WEST, url, profile: 'https_web' });
    await log.says(refreshed);
    await server.restart();
    expect(isBelieved(mint(server.rig, PAYMENTS), bundleAt(east, WEST))).toBe(true);
  }, believing());
});

test('E21: below an upstream authority it is the JWT keys alone', async () => {
  const upstreamAuthority = UpstreamAuthority.disk({ secret: 'upstream', roots: root.certificate });
  const props = { bundleEndpoint: bySvid, server: { keyManager: KeyManager.memory(), upstreamAuthority } };
  expect(foundBy('E21', west(props))).toEqual([
    expect.stringMatching(
      /^warning E21 \[west\] keysInMemory .* every restart makes keys of JWT-SVIDs that sign at once/,
    ),
  ]);
  const { server, url } = await started('https_web', (rig) => below(rig, root));
  const keyOfToken = () => {
    const token = server.rig.server('jwt', 'mint', '-spiffeID', PAYMENTS, '-audience', 'a');
    return (JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid: string }).kid;
  };
  await asEast(async (east, log) => {
    federate(east, { trustDomain: WEST, url, profile: 'https_web' });
    await log.says(refreshed);
    expect(bundleAt(east, WEST)).toContain(`"${keyOfToken()}"`);
    await server.restart();
    expect(isBelieved(mint(server.rig, PAYMENTS), bundleAt(east, WEST))).toBe(true);
    expect(bundleAt(east, WEST)).not.toContain(`"${keyOfToken()}"`);
    expect(refresh(east).status).toBe(0);
    expect(bundleAt(east, WEST)).toContain(`"${keyOfToken()}"`);
  }, believing());
});

test('E21: a server that is added has a CA of its own, which signs at once', async () => {
  const dataStore = DataStore.postgres({
    ...{ host: 'postgres.db.svc', database: 'spire', user: 'spire' },
    password: { secret: 'spire-db', key: 'password' },
  });
  expect(foundBy('E21', west({ bundleEndpoint: byWeb, server: { replicas: 2, dataStore } }))).toEqual([
    expect.stringMatching(
      /^warning E21 \[west\] replicas 2 servers that sign themselves have a CA each: that of an added one signs at once/,
    ),
  ]);
  const { server, url } = await started('https_web', onDisk);
  const added = new West((rig) => ({
    plugins: [
      DataStore.sqlite({ path: server.rig.path('datastore.sqlite3') }),
      KeyManager.disk({ path: rig.path('keys.json') }),
      NodeAttestor.joinToken(),
    ],
  }));
  servers.push(added);
  await asEast(async (east, log) => {
    federate(east, { trustDomain: WEST, url, profile: 'https_web' });
    await log.says(refreshed);
    await added.start();
    const [first, second] = [mint(server.rig, PAYMENTS), mint(added.rig, PAYMENTS)];
    expect(isBelieved(first, bundleAt(east, WEST))).toBe(true);
    expect(isBelieved(second, bundleAt(east, WEST))).toBe(false);
    expect(refresh(east).status).toBe(0);
    expect(isBelieved(second, bundleAt(east, WEST))).toBe(true);
  }, believing());
});

test('W27: a server that is back after its next CA was to sign makes one that signs at once', async () => {
  const server = { caTtl: '2h', defaultX509SvidTtl: '10m' };
  expect(foundBy('W27', west({ bundleEndpoint: byWeb, server }))).toEqual([
    "warning W27 [west] caTtl is 2h with one server: a CA of 2h is published min(2h/2, 720h) - min(2h/6, 168h) = 40m before it signs, and if it is away for longer, as while its node is replaced (1h), it can come back with a CA that 'east' has not seen; lengthen caTtl to 3h at least, or run several servers below an upstream authority",
  ]);
  expect(await back).toEqual([
    // It has published the next one, which does not sign yet.
    { secondsAhead: undefined, isBelieved: true },
    { secondsAhead: 0, isBelieved: false },
  ]);
});
