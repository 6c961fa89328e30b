import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { X509Source } from '@spirekit/runtime';
import { federated, id } from '@spirekit/runtime/authorize';
import { createServer, peerId } from '@spirekit/runtime/tls';
import { type App, BundleEndpointProfile, ExternalTrustDomain, FederationMesh, KubernetesCluster } from 'spirekit';
import { runBeside, settled } from '../support/beside';
import { foundBy } from '../support/findings';
import { SpireRig } from '../support/spire-rig';
import { DocumentServer } from './document-server';
import { alone, EAST, serverOf } from './federation-world';
import { bundleAt, type MintedSvid, mint } from './minted-svids';

// E22: bundles that other trust domains serve.

const east = new SpireRig(EAST);
const rigs: SpireRig[] = [east];
const endpoints: DocumentServer[] = [];

afterAll(async () => {
  for (const rig of rigs) await rig.end();
  for (const endpoint of endpoints) await endpoint.end();
});

/** A server that signs for a trust domain, with a CA that it has just made: its own, or one that says so. */
async function signer(trustDomain: string): Promise<SpireRig> {
  const rig = new SpireRig(trustDomain);
  rigs.push(rig);
  await rig.startServer({ plugins: alone(rig) });
  return rig;
}

/** ID of the workload that serves the bundles of others. */
const publisherOf = (trustDomain: string): string => `spiffe://${trustDomain}/bundles`;

/** An endpoint with an SVID of one trust domain, at which the bundle of another is. */
async function endpoint(server: SpireRig, of: SpireRig): Promise<DocumentServer> {
  const started = await DocumentServer.start(mint(server, publisherOf(server.trustDomain)), bundleAt(of));
  endpoints.push(started);
  return started;
}

/** Tells east of a trust domain whose bundle another one serves. */
function follow(trustDomain: string, { url }: DocumentServer, servedBy: string): void {
  const profile = ['-bundleEndpointProfile', 'https_spiffe', '-endpointSpiffeID', publisherOf(servedBy)];
  east.server('federation', 'create', '-trustDomain', trustDomain, '-bundleEndpointURL', url, ...profile);
}

/** Gives east a bundle to begin with. */
function seed(rig: SpireRig): void {
  const file = rig.path('seed.json');
  writeFileSync(file, bundleAt(rig));
  east.server('bundle', 'set', '-id', `spiffe://${rig.trustDomain}`, '-format', 'spiffe', '-path', file);
}

/** Has east fetch a bundle now; gives what it says against it. */
async function refresh(trustDomain: string): Promise<string | undefined> {
  const command = ['federation', 'refresh', '-id', `spiffe://${trustDomain}`, '-socketPath', east.serverSocket];
  const { status, text } = await runBeside('spire-server', command);
  return status === 0 ? undefined : text;
}

/** East believes trust domains of others; each has who serves its bundle, and perhaps a bundle to begin with. */
const believing =
  (served: Readonly<Record<string, { readonly by: string; readonly seed?: string }>>) =>
  (app: App): FederationMesh => {
    const others = Object.entries(served).map(([trustDomain, { by, seed: bundle }]) => {
      const endpointId = by === trustDomain ? serverOf(by) : publisherOf(by);
      return new ExternalTrustDomain({
        trustDomain,
        bundleEndpointUrl: `https://bundles.${by}/${trustDomain}`,
        profile: BundleEndpointProfile.httpsSpiffe(endpointId),
        ...(bundle !== undefined && { seed: bundle }),
      });
    });
    const members = [new KubernetesCluster(app, 'east', { trustDomain: EAST }), ...others];
    return new FederationMesh(app, 'mesh', { members });
  };

beforeAll(() => east.startServer());

describe('a chain', () => {
  const [TOP, HUB, PARTNER] = ['top.example', 'hub.example', 'partner.example'] as const;
  const PAYMENTS = `spiffe://${PARTNER}/payments`;
  let shop: X509Source;
  let real: MintedSvid;
  let forged: MintedSvid;
  let top: SpireRig;
  let forgers: Readonly<Record<'hub' | 'partner', SpireRig>>;
  let ofHub: DocumentServer;
  let ofPartner: DocumentServer;

  beforeAll(async () => {
    top = await signer(TOP);
    const [hub, partner] = [await signer(HUB), await signer(PARTNER)];
    forgers = { hub: await signer(HUB), partner: await signer(PARTNER) };
    [real, forged] = [mint(partner, PAYMENTS), mint(forgers.partner, PAYMENTS)];
    ofHub = await endpoint(top, hub);
    ofPartner = await endpoint(hub, partner);
    seed(top);
    follow(HUB, ofHub, TOP);
    follow(PARTNER, ofPartner, HUB);
    expect([await refresh(HUB), await refresh(PARTNER)]).toEqual([undefined, undefined]);
    east.register(`spiffe://${EAST}/shop`, '-federatesWith', `spiffe://${PARTNER}`);
    await east.fetch(east.launchAgent());
    shop = await X509Source.create({ address: `unix://${east.path('workload/agent.sock')}` });
  });
  afterAll(() => shop?.close());

  /** Whom the workload of east believes that it talks to; undefined: it refuses the one who shows this SVID. */
  async function seenAs({ cert, key }: MintedSvid): Promise<string | undefined> {
    const listener = createServer({ source: shop, authorize: federated(id(PAYMENTS)) }, (socket) => {
      socket.end(`${peerId(socket)}`);
    });
    listener.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const { port } = listener.address() as AddressInfo;
    let text = '';
    try {
      for await (const chunk of connectTls({ host: '127.0.0.1', port, cert, key, rejectUnauthorized: false })) {
        text += chunk;
      }
      return text === '' ? undefined : text;
    } catch {
      return undefined;
    } finally {
      await new Promise((resolve) => listener.close(resolve));
    }
  }

  test('E22: while everybody serves what is true, an identity that others sign is refused', async () => {
    const served = { [TOP]: { by: TOP, seed: bundleAt(top) }, [HUB]: { by: TOP }, [PARTNER]: { by: HUB } };
    expect(foundBy('E22', believing(served))).toEqual([
      expect.stringMatching(
        /^warning E22 \[partner\.example\] .* to 'hub\.example', whose own is served by 'top\.example': each of these 2 can put another bundle in its place, and sign whatever identity of 'partner\.example'; /,
      ),
    ]);
    expect([await seenAs(real), await seenAs(forged)]).toEqual([PAYMENTS, undefined]);
  });

  test('E22: whoever serves the first of the bundles decides who signs for the last', async () => {
    // Top alone does something: it serves another bundle of hub, and with that stands at the place of hub.
    ofHub.document = bundleAt(forgers.hub);
    expect(await refresh(HUB)).toBeUndefined();
    ofPartner.prove(mint(forgers.hub, publisherOf(HUB)));
    ofPartner.document = bundleAt(forgers.partner);
    expect(await refresh(PARTNER)).toBeUndefined();
    const seen = () => Promise.all([seenAs(real), seenAs(forged)]);
    const isOver = ([ofReal, ofForged]: readonly (string | undefined)[]) =>
      ofReal === undefined && ofForged === PAYMENTS;
    expect(await settled(20, seen, isOver)).toEqual([undefined, PAYMENTS]);
  });
});

describe('a circle', () => {
  const [A, B] = ['a.example', 'b.example'] as const;
  const NO_BUNDLE = /local copy of bundle not found/;
  const OUTDATED = /x509: certificate signed by unknown authority/;
  let a: SpireRig;
  let b: SpireRig;
  let ofA: DocumentServer;
  let ofB: DocumentServer;

  beforeAll(async () => {
    [a, b] = [await signer(A), await signer(B)];
    [ofA, ofB] = [await endpoint(b, a), await endpoint(a, b)];
    follow(A, ofA, B);
    follow(B, ofB, A);
  });

  /** Has one of them lose its CA: it makes another one, and with it its bundle and its SVID at the endpoint of the other. */
  async function replace(which: typeof A | typeof B): Promise<void> {
    const other = await signer(which);
    if (which === A) a = other;
    else b = other;
    const [own, others] = which === A ? [ofA, ofB] : [ofB, ofA];
    own.document = bundleAt(other);
    others.prove(mint(other, publisherOf(which)));
  }

  const circle = (seeds: { a?: string }) =>
    believing({ [A]: { by: B, ...(seeds.a && { seed: seeds.a }) }, [B]: { by: A } });
  const CIRCLE =
    "\\[a\\.example\\] .* closes a circle .*'a\\.example' served by 'b\\.example', 'b\\.example' by 'a\\.example'";
  const ERROR = new RegExp(
    `^error E22 ${CIRCLE}.*: 'east' has no bundle of these to begin with, .* it can never fetch any; `,
  );
  const WARNING = new RegExp(
    `^warning E22 ${CIRCLE}.*; who has missed the change of all of their CAs can verify none of them again; `,
  );

  test('E22: who has none of the bundles can fetch none', async () => {
    const found = foundBy('E22', circle({}));
    expect(found).toEqual([expect.stringMatching(ERROR), expect.stringMatching(WARNING)]);
    expect(await refresh(A)).toMatch(NO_BUNDLE);
    expect(await refresh(B)).toMatch(NO_BUNDLE);
  });

  test('with one of them, all are fetched', async () => {
    expect(foundBy('E22', circle({ a: bundleAt(a) }))).toEqual([expect.stringMatching(WARNING)]);
    seed(a);
    expect([await refresh(B), await refresh(A)]).toEqual([undefined, undefined]);
    expect(east.server('bundle', 'list')).toContain(B);
  });

  test('one that has changed its CA is fetched from the other', async () => {
    await replace(A);
    expect(await refresh(B)).toMatch(OUTDATED);
    expect([await refresh(A), await refresh(B)]).toEqual([undefined, undefined]);
  });

  test('E22: who has missed the change of all can verify none again', async () => {
    await replace(A);
    await replace(B);
    for (const _ of ['once', 'and again']) {
      expect(await refresh(A)).toMatch(OUTDATED);
      expect(await refresh(B)).toMatch(OUTDATED);
    }
  });
});
