import { TrustDomain } from '../../src/id';
import { type SourceEvent, X509Source, type X509SourceOptions } from '../../src/source';
import { FakeWorkloadApi, TestAuthority } from '../../src/testing';
import { WorkloadApiClient, WorkloadApiError } from '../../src/workload-api';

const td = TrustDomain.parse('example.org');
const partner = TrustDomain.parse('partner.example');
const FAST = { initialMs: 10, maxMs: 10 };

/** Two seconds from now at least: certificates count whole ones. */
const inTwoSeconds = (): number => Math.ceil(Date.now() / 1000) * 1000 + 2_000;

let authority: TestAuthority;
let api: FakeWorkloadApi;
const sources: X509Source[] = [];

beforeEach(async () => {
  authority = new TestAuthority(td);
  api = await FakeWorkloadApi.start({ x509: [authority.x509Svid('/web')], bundles: [authority.bundle()] });
});

afterEach(async () => {
  await Promise.all(sources.splice(0).map((source) => source.close()));
  await api.close();
});

async function create(options: X509SourceOptions = {}): Promise<X509Source> {
  const source = await X509Source.create({
    address: api.address,
    backoff: FAST,
    permissionDeniedBackoff: FAST,
    ...options,
  });
  sources.push(source);
  return source;
}

/** The next change of a source. */
const changed = (source: X509Source): Promise<void> =>
  new Promise((resolve) => {
    const stop = source.onUpdate(() => {
      stop();
      resolve();
    });
  });

/** The error of an action. */
async function failure(action: () => unknown): Promise<WorkloadApiError> {
  try {
    await action();
  } catch (error) {
    expect(error).toBeInstanceOf(WorkloadApiError);
    return error as WorkloadApiError;
  }
  throw new Error('did not fail');
}

describe('what it gives', () => {
  it('gives the SVID and the bundles of the first state', async () => {
    api.set({ bundles: [authority.bundle(), new TestAuthority(partner).bundle()] });
    const source = await create();
    expect(source.x509Svid().id.toString()).toBe('spiffe://example.org/web');
    expect(source.x509BundleFor(td)?.equals(authority.x509Bundle())).toBe(true);
    expect(source.trustDomains.map(String).sort()).toEqual(['example.org', 'partner.example']);
    expect(source.x509BundleFor(TrustDomain.parse('other.example'))).toBeUndefined();
    expect(source.healthy).toBe(true);
    expect(source.status).toMatchObject({ generation: 1 });
  });

  it('gives the latest, and tells who listens', async () => {
    const source = await create();
    const first = source.x509Svid();
    const change = changed(source);
    authority.rotate();
    api.set({ x509: [authority.x509Svid('/web')], bundles: [authority.bundle()] });
    await change;
    expect(source.x509Svid().equals(first)).toBe(false);
    expect(source.x509BundleFor(td)?.authorities).toHaveLength(2);
    expect(source.status).toMatchObject({ generation: 2 });
  });

  it('takes away a federated bundle that is no longer sent', async () => {
    api.set({ bundles: [authority.bundle(), new TestAuthority(partner).bundle()] });
    const source = await create();
    const change = changed(source);
    api.set({ bundles: [authority.bundle()] });
    await change;
    expect(source.x509BundleFor(partner)).toBeUndefined();
    expect(source.x509BundleFor(td)).toBeDefined();
  });

  it('gives states one after the other, until it is closed', async () => {
    const source = await create();
    const ids: (string | undefined)[] = [];
    for await (const state of source.updates()) {
      ids.push(state?.svids[0]?.id.path);
      if (ids.length === 1) api.set({ x509: [authority.x509Svid('/next')] });
      else void source.close();
    }
    expect(ids).toEqual(['/web', '/next']);
  });

  it('makes a failing listener a warning, and goes on', async () => {
    const source = await create();
    const warn = jest.spyOn(process, 'emitWarning').mockReturnValue();
    source.onUpdate(() => {
      throw new Error('broken listener');
    });
    const change = changed(source);
    api.set({ x509: [authority.x509Svid('/next')] });
    await change;
    expect(warn.mock.calls).toEqual([
      [
        expect.stringMatching(/^a listener of a source threw: Error: broken listener/),
        { type: 'SpiffeWarning', code: 'SPIREKIT_CALLBACK' },
      ],
    ]);
    warn.mockRestore();
    expect(source.x509Svid().id.path).toBe('/next');
  });
});

describe('which SVID', () => {
  const several = () => [
    authority.x509Svid('/web', { hint: 'external' }),
    authority.x509Svid('/admin', { hint: 'internal' }),
  ];

  it('is the first one by default', async () => {
    api.set({ x509: several() });
    const source = await create();
    expect(source.x509Svid().id.path).toBe('/web');
    expect(source.svids.map(({ hint }) => hint)).toEqual(['external', 'internal']);
  });

  it('is what the picker says, also for another view of the same source', async () => {
    api.set({ x509: several() });
    const source = await create({ picker: (svids) => svids.find(({ hint }) => hint === 'internal') });
    expect(source.x509Svid().id.path).toBe('/admin');
    expect(source.pick((svids) => svids[0]).x509Svid().id.path).toBe('/web');
  });

  it('is none when the picker chooses none, or one of its own', async () => {
    api.set({ x509: several() });
    const source = await create({ picker: () => undefined });
    const error = await failure(() => source.x509Svid());
    expect(error.code).toBe('no-svid');
    expect(error.message).toBe(
      "X.509-SVID: the picker chooses none of those that are there; there are spiffe://example.org/web (hint 'external'), " +
        "spiffe://example.org/admin (hint 'internal')",
    );
    const own = authority.x509Svid('/own');
    expect((await failure(() => source.pick(() => own).x509Svid())).code).toBe('no-svid');
  });
});

describe('the first state', () => {
  it('is waited for', async () => {
    await api.stop();
    const creating = create();
    await api.resume();
    expect((await creating).healthy).toBe(true);
  });

  it('EP-6: is waited for while the identity is denied', async () => {
    api.set({ x509: null });
    const creating = create();
    await api.waitForCalls('FetchX509SVID', 2);
    api.set({ x509: [authority.x509Svid('/web')] });
    expect((await creating).x509Svid().id.path).toBe('/web');
  });

  it('is not waited for longer than told', async () => {
    api.set({ x509: null });
    const error = await failure(() => create({ initialTimeoutMs: 1_000 }));
    expect(error.code).toBe('deadline-exceeded');
    expect(error.message).toContain(
      `X.509-SVID from '${api.address}': the Workload API has not given it within 1000 ms: `,
    );
    expect(error.message).toContain('no identity issued');
    expect((error.cause as WorkloadApiError).code).toBe('permission-denied');
  });

  it('is not waited for when the caller gives up', async () => {
    api.hang('FetchX509SVID');
    const controller = new AbortController();
    const creating = failure(() => create({ signal: controller.signal }));
    await api.waitForCalls('FetchX509SVID', 1);
    controller.abort();
    expect((await creating).code).toBe('cancelled');
    expect((await failure(() => create({ signal: AbortSignal.abort() }))).code).toBe('cancelled');
  });

  it('is not waited for when the client is closed', async () => {
    api.hang('FetchX509SVID');
    const client = new WorkloadApiClient({ address: api.address });
    const creating = failure(() => create({ client }));
    await api.waitForCalls('FetchX509SVID', 1);
    client.close();
    expect((await creating).code).toBe('closed');
  });

  it('is not waited for when there can be none', async () => {
    api.fail('FetchX509SVID', { status: 3, message: 'no' });
    expect((await failure(() => create())).code).toBe('invalid-argument');
    expect((await failure(() => create({ address: 'https://example.org' }))).code).toBe('bad-address');
  });
});

describe('an identity that is taken away', () => {
  const events: SourceEvent[] = [];
  const redaction = (): Promise<void> =>
    new Promise((resolve) => {
      observe = (event) => {
        events.push(event);
        if (event.type === 'redaction') resolve();
      };
    });
  let observe: (event: SourceEvent) => void = () => undefined;
  const denied = () => {
    api.set({ x509: null });
    api.end('FetchX509SVID', { status: 7, message: 'no identity issued' });
  };

  beforeEach(() => {
    events.length = 0;
  });

  it.each(['drop', { graceMs: 30 }] as const)('WA-4: is no longer presented (%j)', async (onRedaction) => {
    const source = await create({ onRedaction, observe: (event) => observe(event) });
    expect(source.x509Svid().id.path).toBe('/web');
    const gone = redaction();
    denied();
    await gone;
    expect((await failure(() => source.x509Svid())).code).toBe('permission-denied');
    expect(source.x509BundleFor(td)).toBeUndefined();
    expect([source.svids, source.trustDomains, source.healthy]).toEqual([[], [], false]);
    expect(events.map(({ type }) => type)).toContain('error');
  });

  it('is presented again when it is given back', async () => {
    const source = await create({ onRedaction: 'drop', observe: (event) => observe(event) });
    const gone = redaction();
    denied();
    await gone;
    const change = changed(source);
    api.set({ x509: [authority.x509Svid('/back')] });
    await change;
    expect(source.x509Svid().id.path).toBe('/back');
    expect(source.healthy).toBe(true);
  });

  it('is kept when it is given back in time', async () => {
    const source = await create({ onRedaction: { graceMs: 60_000 } });
    denied();
    await api.waitForCalls('FetchX509SVID', 3);
    expect(source.x509Svid().id.path).toBe('/web');
    expect(source.status.error?.code).toBe('permission-denied');
    const change = changed(source);
    api.set({ x509: [authority.x509Svid('/web')] });
    await change;
    expect(source.status.error).toBeUndefined();
  });

  it('is kept until it expires, if that is wanted', async () => {
    const expiring = authority.x509Svid('/web', { notAfter: inTwoSeconds() });
    api.set({ x509: [expiring] });
    const source = await create({ onRedaction: 'keep-until-expiry', observe: (event) => observe(event) });
    const gone = redaction();
    denied();
    await api.waitForCalls('FetchX509SVID', 2);
    expect(source.x509Svid().id.path).toBe('/web');
    await gone;
    expect(Date.now()).toBeGreaterThanOrEqual(expiring.notAfter);
  });
});

describe('the way to the Workload API', () => {
  it('WA-1: is opened again after a restart of the agent; the identity is kept meanwhile', async () => {
    const source = await create();
    await api.stop();
    expect(source.x509Svid().id.path).toBe('/web');
    const change = changed(source);
    api.set({ x509: [authority.x509Svid('/after')] });
    await api.resume();
    await change;
    expect(source.x509Svid().id.path).toBe('/after');
  });

  it('WA-2: a bad message leaves everything as it was', async () => {
    const errors: SourceEvent[] = [];
    let report: () => void = () => undefined;
    const reported = new Promise<void>((resolve) => {
      report = resolve;
    });
    const source = await create({
      observe: (event) => {
        if (event.type !== 'error') return;
        errors.push(event);
        report();
      },
    });
    const before = source.x509Svid();
    api.push('FetchX509SVID', { svids: [] });
    await reported;
    expect(errors[0]).toMatchObject({ type: 'error', error: { code: 'bad-response' } });
    expect(source.x509Svid()).toBe(before);
    expect(source.healthy).toBe(true);
  });
});

describe('close', () => {
  it('ends everything; whoever asks later gets an error', async () => {
    const source = await create();
    await source.close();
    await source.close();
    for (const use of [() => source.x509Svid(), () => source.x509BundleFor(td), () => source.svids]) {
      expect((await failure(use)).message).toBe('X.509-SVID: the source is closed; make a new one');
    }
    expect(source.healthy).toBe(false);
  });

  it('is told to who listens, who can verify nothing by it any more', async () => {
    const source = await create();
    const told = changed(source);
    await source.close();
    await told;
  });

  it('leaves the client to who made it', async () => {
    const client = new WorkloadApiClient({ address: api.address });
    const source = await create({ client });
    await source.close();
    await expect(client.fetchX509Context()).resolves.toBeDefined();
    client.close();
  });

  it('is done by await using', async () => {
    let kept: X509Source | undefined;
    {
      await using source = await X509Source.create({ address: api.address });
      kept = source;
    }
    expect((await failure(() => kept?.x509Svid())).code).toBe('closed');
  });
});

it('is not healthy once its SVID has expired', async () => {
  api.set({ x509: [authority.x509Svid('/web', { notAfter: inTwoSeconds() })] });
  const source = await create();
  expect(source.healthy).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, source.x509Svid().notAfter - Date.now() + 5));
  expect(source.healthy).toBe(false);
});
