import { publishedAhead } from '../../../lib/core/timing';
import { settled } from '../support/beside';
import { freePort, type LiveProcess } from '../support/process';
import { SpireRig } from '../support/spire-rig';
import {
  alone,
  asEast,
  below,
  type Draft,
  federate,
  identity,
  keysAt,
  register,
  serving,
  WEST,
  World,
  withCertificate,
} from './federation-world';
import { bundleAt, isBelieved, mint } from './minted-svids';

// What the documents say of trust over time, as real servers have it.

let world: World;
let draft: Draft;
const rigs: SpireRig[] = [];

/** A server of its own, so that its CA grows old while the other tests run. */
const ageing = new SpireRig('ageing.example.com');
const CA_TTL = 120;
let aged: LiveProcess;

beforeAll(async () => {
  aged = await ageing.startServer({ server: { ca_ttl: `${CA_TTL}s`, default_x509_svid_ttl: '20s' } });
  world = await World.start();
});
beforeEach(() => {
  draft = world.draft();
});
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.end();
});
afterAll(async () => {
  await world?.end();
  await ageing.end();
});

const refreshed = /msg="Bundle refreshed".*trust_domain=west\.example\.com/;

/** A further server that says it is west. */
function anotherWest(): SpireRig {
  const rig = new SpireRig(WEST);
  rigs.push(rig);
  return rig;
}

test('a relationship that has no bundle yet is not enough for an entry', async () => {
  const { bundle: _, ...told } = draft.east.relationships[0];
  await asEast(async (rig) => {
    expect(federate(rig, told).status).toBe(0);
    expect(register(rig, identity(WEST))).toMatchObject({
      status: 1,
      text: expect.stringContaining('unable to find federated bundle'),
    });
  });
});

test('to delete a relationship ends the fetching, not the trust', async () => {
  await asEast(async (rig, server) => {
    federate(rig, draft.east.relationships[0]);
    await server.says(refreshed);
    rig.server('federation', 'delete', '-id', `spiffe://${WEST}`);
    expect(rig.server('federation', 'list')).toContain('Found 0 federation relationships');
    expect(keysAt(rig, WEST)).toEqual(keysAt(world.provider));
    expect(register(rig, identity(WEST)).status).toBe(0);
  });
});

test('https_web recovers by itself when the peer has lost its CA', async () => {
  const port = await freePort();
  const federation = serving(port, withCertificate(world.web.issue('localhost')), '60s');
  const first = anotherWest();
  await first.startServer({ server: { federation }, plugins: alone(first) });
  const client = async (rig: SpireRig, server: LiveProcess) => {
    federate(rig, { trustDomain: WEST, url: `https://localhost:${port}`, profile: 'https_web' });
    await server.says(refreshed);
    const old = keysAt(rig, WEST);
    await first.end();
    const later = anotherWest();
    await later.startServer({ server: { federation }, plugins: alone(later) });
    const [now, isNow] = [keysAt(later), (keys: unknown) => JSON.stringify(keys) === JSON.stringify(keysAt(later))];
    expect(now).not.toEqual(old);
    expect(await settled(60, async () => keysAt(rig, WEST), isNow)).toEqual(now);
  };
  await asEast(client, { env: { SSL_CERT_FILE: world.web.certificateFile } });
});

test('E32: whoever has a server below the same root can forge', async () => {
  const forger = anotherWest();
  await forger.startServer({ plugins: below(forger, world.root) });
  expect(isBelieved(mint(forger, `spiffe://${WEST}/payments`), bundleAt(world.provider))).toBe(true);
});

test('E13: a CA is published for a third of its lifetime before it signs', async () => {
  const prepared = await aged.says(/time="([^"]+)".*msg="X509 CA prepared".*slot=B/, 180);
  const activated = await aged.says(/time="([^"]+)".*msg="X509 CA activated".*slot=B/, 180);
  const seconds = (Date.parse(activated[1] ?? '') - Date.parse(prepared[1] ?? '')) / 1000;
  // SPIRE looks every ten seconds whether it is time.
  expect(Math.abs(seconds - publishedAhead(CA_TTL))).toBeLessThanOrEqual(10);
});
