import { BundleSource, JwtSource, type SourceEvent, X509Source } from '@spirekit/runtime';
import { id } from '@spirekit/runtime/authorize';
import { Agent, createServer, peerId } from '@spirekit/runtime/http';
import { settled } from '../support/beside';
import { ask, listen, shut, Traffic } from './traffic';
import { agentPlugins, PROGRAMS, WorkloadRig } from './workload-rig';

const rig = new WorkloadRig();
const ME = rig.id('steady');
/** A workload that is eager, so that the test need not wait. */
const eager = {
  address: rig.socket,
  backoff: { initialMs: 100, maxMs: 300 },
  permissionDeniedBackoff: { initialMs: 200, maxMs: 400 },
};

beforeAll(async () => {
  await rig.startServer();
  rig.enter('steady', { selector: PROGRAMS.node });
});

afterAll(() => rig.end());

test('sources outlive the agent, and go on with the next one', async () => {
  const first = await rig.startAgent();
  const events: SourceEvent[] = [];
  // The next agent denies until it knows its entries, which takes seconds.
  const onRedaction = { graceMs: 30_000 };
  await using x509 = await X509Source.create({ ...eager, onRedaction, observe: (event) => events.push(event) });
  await using jwt = await JwtSource.create({ ...eager, onRedaction });
  await using bundles = await BundleSource.create({ ...eager, onRedaction });
  events.length = 0; // before the entry had reached it, the agent denied
  const sources = [x509, jwt, bundles];
  const before = x509.x509Svid();
  const token = await jwt.jwtSvid({ audience: 'kept' });

  const server = createServer({ source: x509, authorize: id(ME) }, (request, response) =>
    response.end(String(peerId(request))),
  );
  server.unref();
  const url = `https://127.0.0.1:${await listen(server)}/`;
  // Without keep-alive each request makes a handshake, with what the source has at that moment.
  const agent = new Agent({ source: x509, authorize: id(ME), keepAlive: false });
  const traffic = new Traffic(() => ask(url, { agent }));
  try {
    // As a crash does: no politeness, no GOAWAY.
    process.kill(first.pid, 'SIGKILL');
    await settled(
      10,
      async () => events,
      (all) => all.some(({ type }) => type === 'error'),
    );
    expect(events.find(({ type }) => type === 'error')).toMatchObject({ error: { code: 'unavailable' } });
    expect(x509.x509Svid()).toBe(before);
    expect((await jwt.jwtSvid({ audience: 'kept' })).token).toBe(token.token);
    await expect(jwt.jwtSvid({ audience: 'new' })).rejects.toMatchObject({ code: 'unavailable' });
    expect(x509.status.error).toMatchObject({ code: 'unavailable' });
    expect(sources.map(({ healthy }) => healthy)).toEqual([true, true, true]);

    const { generation } = x509.status;
    await rig.startAgent({ plugins: agentPlugins() });
    await settled(
      30,
      async () => x509.status.generation,
      (now) => now > generation,
    );
    const after = x509.x509Svid();
    expect([String(after.id), after.leaf.fingerprint === before.leaf.fingerprint]).toEqual([ME, false]);
    expect(x509.status.error).toBeUndefined();
    const fresh = await settled(
      20,
      () => jwt.jwtSvid({ audience: 'new' }).catch(() => undefined),
      (it) => it !== undefined,
    );
    expect(String(jwt.validate(fresh?.token ?? '', { audience: 'new' }).id)).toBe(ME);
    expect(events.filter(({ type }) => type === 'redaction')).toEqual([]);
  } finally {
    await traffic.stop();
    agent.destroy();
    await shut(server);
  }
  expect(traffic.failures).toEqual([]);
  expect(new Set(traffic.answers.map(({ status, body }) => `${status} ${body}`))).toEqual(new Set([`200 ${ME}`]));
});
