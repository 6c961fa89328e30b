import type { Server } from 'node:https';
import { type SourceEvent, X509Source } from '@spirekit/runtime';
import { id } from '@spirekit/runtime/authorize';
import { Agent, createServer, dispatcher, fetch, peer, peerId } from '@spirekit/runtime/http';
import { connect } from '@spirekit/runtime/tls';
import { settled } from '../support/beside';
import { ask, listen, shut, Traffic } from './traffic';
import { PROGRAMS, WorkloadRig } from './workload-rig';

/** SPIRE dates SVIDs back by 10 s and agents renew them at half of their life: of 20 s, every 5 s. */
const TTL = 20;

const rig = new WorkloadRig();
const SERVER = rig.id('server');
const CLIENT = rig.id('client');
let entries: { server: string; client: string };
let source: X509Source;
const events: SourceEvent[] = [];

const byHint =
  (wanted: string) =>
  (svids: X509Source['svids']): X509Source['svids'][number] | undefined =>
    svids.find(({ hint }) => hint === wanted);

beforeAll(async () => {
  await rig.startServer();
  const entry = { selector: PROGRAMS.node, ttl: TTL };
  entries = {
    server: rig.enter('server', { ...entry, hint: 'server' }),
    client: rig.enter('client', { ...entry, hint: 'client' }),
  };
  await rig.startAgent();
  source = await X509Source.create({ address: rig.socket, observe: (event) => events.push(event) });
  await settled(
    60,
    async () => source.svids,
    (svids) => svids.length === 2,
  );
});

afterAll(async () => {
  await source?.close();
  await rig.end();
});

describe('while SVIDs rotate', () => {
  let server: Server;
  let url: string;
  const serials = new Set<string>();
  let connections = 0;

  beforeAll(async () => {
    server = createServer({ source: source.pick(byHint('server')), authorize: id(CLIENT) }, (request, response) => {
      serials.add(peer(request)?.chain[0]?.fingerprint ?? '');
      response.end(`hello ${peerId(request)}`);
    });
    server.on('secureConnection', () => {
      connections += 1;
    });
    url = `https://127.0.0.1:${await listen(server)}/`;
  });

  afterAll(() => shut(server));

  test('keep-alive requests go on without loss, and connections end with the SVID they were made with', async () => {
    const client = { source: source.pick(byHint('client')), authorize: id(SERVER) };
    const agent = new Agent({ ...client, maxSockets: 1 });
    const undici = dispatcher(client);
    const byAgent = new Traffic(() => ask(url, { agent }));
    const byFetch = new Traffic(async () => {
      const response = await fetch(url, client);
      return { status: response.status, body: await response.text(), reused: true };
    });
    const byUndici = new Traffic(async () => {
      const { statusCode, body } = await undici.request({ origin: url, path: '/', method: 'GET' });
      return { status: statusCode, body: await body.text(), reused: true };
    });
    // Each of the three has a connection at first, and another one as soon as the SVIDs of the first have expired.
    await settled(
      TTL + 25,
      async () => connections,
      (count) => count >= 6,
    );
    for (const traffic of [byAgent, byFetch, byUndici]) {
      await traffic.stop();
      expect(traffic.failures).toEqual([]);
      expect(traffic.answers.length).toBeGreaterThan(100);
      expect(new Set(traffic.answers.map(({ status, body }) => `${status} ${body}`))).toEqual(
        new Set([`200 hello ${CLIENT}`]),
      );
    }
    // Hardly any request needed a new one.
    expect(connections).toBeGreaterThanOrEqual(6);
    expect(connections).toBeLessThan(20);
    expect(serials.size).toBeGreaterThanOrEqual(2);
    const fresh = byAgent.answers.filter(({ reused }) => !reused).length;
    expect(fresh).toBeGreaterThanOrEqual(2);
    expect(fresh).toBeLessThan(8);
    agent.destroy();
    await undici.close();
  });

  test('a new connection presents what was rotated to', async () => {
    const client = { source: source.pick(byHint('client')), authorize: id(SERVER), host: '127.0.0.1' };
    const seen: (string | undefined)[] = [];
    for (const rotation of [0, 1]) {
      const current = () => byHint('server')(source.svids)?.leaf.fingerprint;
      if (rotation > 0)
        await settled(
          60,
          async () => current(),
          (it) => it !== seen[0],
        );
      const before = current();
      const socket = await connect({ ...client, port: Number(new URL(url).port) });
      seen.push(peer(socket)?.chain[0]?.fingerprint);
      // It may be renewed meanwhile.
      expect([before, current()]).toContain(seen.at(-1));
      socket.destroy();
    }
    expect(seen[1]).not.toBe(seen[0]);
  });

  test('the agent renewed before the SVIDs expired, and nothing failed', () => {
    // Before the entries had reached it, the agent denied.
    events.splice(
      0,
      events.findIndex(({ type }) => type === 'update'),
    );
    expect(events.filter(({ type }) => type !== 'update')).toEqual([]);
    expect(events.length).toBeGreaterThanOrEqual(6);
  });
});

test('an entry that is deleted takes its SVID away; the last one redacts, by policy', async () => {
  const told: string[] = [];
  await using patient = await X509Source.create({
    address: rig.socket,
    onRedaction: 'keep-until-expiry',
    observe: ({ type }) => told.push(`patient ${type}`),
  });
  await using strict = await X509Source.create({
    address: rig.socket,
    onRedaction: 'drop',
    permissionDeniedBackoff: { initialMs: 200, maxMs: 400 },
    observe: ({ type }) => told.push(`strict ${type}`),
  });
  const server = createServer({ source: strict.pick(byHint('server')), authorize: id(SERVER) }, (_, response) =>
    response.end('never'),
  );
  const refused: string[] = [];
  server.on('tlsClientError', (error: Error & { code?: string }) => refused.push(`${error.code}`));
  const port = await listen(server);
  server.unref(); // a test that fails must not wait for it

  rig.remove(entries.client);
  await settled(
    60,
    async () => strict.svids.length,
    (count) => count === 1,
  );
  expect(strict.svids.map(({ hint }) => hint)).toEqual(['server']);
  expect(() => strict.pick(byHint('client')).x509Svid()).toThrow(expect.objectContaining({ code: 'no-svid' }));

  rig.remove(entries.server);
  await settled(
    60,
    async () => strict.svids.length,
    (count) => count === 0,
  );
  expect(told.filter((line) => line.endsWith('redaction'))).toEqual(['strict redaction']);
  expect(() => strict.x509Svid()).toThrow(
    expect.objectContaining({ code: 'permission-denied', cause: expect.objectContaining({ grpcStatus: 7 }) }),
  );
  expect([strict.healthy, strict.trustDomains]).toEqual([false, []]);
  expect(String(patient.x509Svid().id)).toBe(SERVER);

  // A server without an identity has nothing to present; its clients are those of the source that kept it.
  await expect(connect({ source: patient, authorize: id(SERVER), host: '127.0.0.1', port })).rejects.toThrow();
  expect(refused).toEqual(['no-identity']);
  await shut(server);

  await settled(
    TTL + 10,
    async () => patient.svids.length,
    (count) => count === 0,
  );
  expect(told.filter((line) => line.endsWith('redaction'))).toEqual(['strict redaction', 'patient redaction']);

  rig.enter('again', { selector: PROGRAMS.node });
  await settled(60, async () => strict.healthy, Boolean);
  expect(String(strict.x509Svid().id)).toBe(rig.id('again'));
});
