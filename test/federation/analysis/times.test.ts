import { bundleOfRoots, type Fetching, type Member, meshTimes, timesTable } from '../../../lib/federation';
import { foreignOutage, rotationOutage, upstreamOutage } from '../../../lib/federation/analysis/times';
import { DAY_CA, EAST_ROOT, ENDED_CA } from '../fixtures-certificates';
import { type Given, memberOf, meshOf, NOW } from './fixtures';

const HOUR = 3600;

/** A foreign system that fetches. */
const foreign = (name: string, fetches: Partial<Fetching> = {}): Member =>
  memberOf(name, { platform: 'external', endpoint: 'none', fetches: { profiles: ['https_web'], ...fetches } });

/** The times of one member, whom a cluster believes, and foreign systems. */
const timesOf = (given: Given, ...foreigners: readonly Member[]) => {
  const members = [memberOf('a', given), memberOf('b', { endpoint: 'none' }), ...foreigners];
  const edges = ['b', ...foreigners.map(({ name }) => name)].map((name) => `${name} → a`);
  return meshTimes(meshOf(members, edges), NOW)[0];
};

test('of a CA that signs itself', () => {
  expect(timesOf({})).toEqual({
    member: 'a',
    fetchInterval: 75,
    propagation: 80,
    publishedAhead: 8 * HOUR,
    chances: 384,
    outage: 8 * HOUR - 2 * 75 - 5,
    tokenOutage: 8 * HOUR - 2 * 75 - 5,
    revocation: 80,
  });
});

test('below an upstream authority an outage is borne as long as its roots last, but not by JWT-SVIDs', () => {
  const notAfter = NOW.getTime() + 36 * HOUR * 1000;
  const times = timesOf({ upstream: { notAfter }, seed: { bundle: bundleOfRoots(DAY_CA) } });
  expect(times).toMatchObject({
    outage: 36 * HOUR,
    tokenOutage: 8 * HOUR - 2 * 75 - 5,
    upstreamLife: 36 * HOUR,
    seedLife: 12 * HOUR,
  });
  expect(timesOf({ upstream: { roots: DAY_CA } })).toMatchObject({ outage: 12 * HOUR, upstreamLife: 12 * HOUR });
});

test('what has ended bears nothing', () => {
  const times = timesOf({ upstream: { roots: ENDED_CA }, seed: { bundle: bundleOfRoots(ENDED_CA) } });
  expect(times?.outage).toBe(0);
  expect([times?.upstreamLife, times?.seedLife].map((life) => (life ?? 0) < 0)).toEqual([true, true]);
  expect(timesOf({ caTtl: 300 })?.outage).toBe(0);
});

test('what is not known is not guessed', () => {
  const unknown = { caTtl: undefined as never, endpoint: { refreshHint: undefined as never, servedBySpire: false } };
  expect(timesOf(unknown)).toEqual({ member: 'a' });
  expect(timesOf({ upstream: {} })).not.toHaveProperty('outage');
  expect(timesOf({ upstream: { roots: 'MII' }, seed: { bundle: '{}' } })).not.toHaveProperty('upstreamLife');
  expect(timesOf({}, foreign('f', { interval: 60 }))).toHaveProperty('outage');
  expect(timesOf(unknown, foreign('f'))).toEqual({ member: 'a' });
});

test('nobody is there to refuse what nobody believes', () => {
  expect(meshTimes(meshOf([memberOf('a'), memberOf('b', { endpoint: 'none' })]), NOW)).toEqual([
    expect.not.objectContaining({ revocation: expect.anything() }),
  ]);
});

describe('foreign systems', () => {
  test('that are slower decide how long it takes, and what is borne', () => {
    const times = timesOf({}, foreign('quick', { interval: 10 }), foreign('slow', { interval: 2 * HOUR }));
    expect(times).toMatchObject({
      revocation: 2 * HOUR,
      slowest: 'slow',
      outage: 4 * HOUR - 5,
      weakest: 'slow',
      tokenOutage: 8 * HOUR - 2 * 75 - 5,
    });
  });

  test('that are as quick do not', () => {
    const times = timesOf({}, foreign('quick', { fetchesPerHint: 4 }));
    expect(times).toMatchObject({ revocation: 80, outage: 8 * HOUR - 2 * 75 - 5 });
    expect([times?.slowest, times?.weakest]).toEqual([undefined, undefined]);
  });

  test('that forget what they cannot fetch bear nothing, whatever is above the CA', () => {
    const forgetful = foreign('istio', { interval: 1800, forgetsOnFailure: true });
    expect(timesOf({}, forgetful)).toMatchObject({ outage: 0, weakest: 'istio' });
    expect(timesOf({ upstream: { roots: EAST_ROOT } }, forgetful)).toMatchObject({ outage: 0, weakest: 'istio' });
  });

  test('may be the only ones', () => {
    const mesh = meshOf([memberOf('a'), foreign('f', { fetchesPerHint: 1 })], ['f → a']);
    expect(meshTimes(mesh, NOW)[0]).toMatchObject({ revocation: 300, slowest: 'f' });
  });

  test('fetch once in a hint at least, whatever they say', () => {
    expect(timesOf({}, foreign('f', { fetchesPerHint: 0 }))).toMatchObject({ revocation: 300, slowest: 'f' });
  });
});

test('outages one by one', () => {
  const member = memberOf('a');
  expect(rotationOutage(member)).toBe(8 * HOUR - 2 * 75 - 5);
  expect(foreignOutage(foreign('f', { interval: 600 }), member, NOW)).toBe(8 * HOUR - 2 * 600 - 5);
  expect(upstreamOutage(member, NOW)).toBeUndefined();
  expect(foreignOutage(foreign('f'), memberOf('a', { upstream: { roots: DAY_CA } }), NOW)).toBe(12 * HOUR);
});

test('certificates of https_web', () => {
  const trust = { type: 'public' } as const;
  const certificate = { source: 'cert-manager', trust, lifetime: 2160 * HOUR, renewBefore: 360 * HOUR } as const;
  expect(timesOf({ endpoint: { certificate } })?.certificate).toEqual({
    lifetime: 2160 * HOUR,
    renewBefore: 360 * HOUR,
  });
  expect(timesOf({ endpoint: { certificate: { source: 'secret', trust } } })).not.toHaveProperty('certificate');
});

test('as a table', () => {
  const certificate = { source: 'cert-manager', trust: { type: 'public' }, renewBefore: 360 * HOUR } as const;
  const mesh = meshOf(
    [
      memberOf('a', { upstream: { roots: EAST_ROOT }, seed: { bundle: bundleOfRoots(EAST_ROOT) } }),
      memberOf('b', { caTtl: HOUR, endpoint: { certificate } }),
      memberOf('c', {
        platform: 'external',
        caTtl: undefined as never,
        endpoint: { servedBySpire: false, refreshHint: undefined as never },
        seed: { bundle: bundleOfRoots(ENDED_CA) },
      }),
      memberOf('d', { endpoint: 'none' }),
      foreign('istio', { interval: 1800 }),
    ],
    ['d → a', 'd → b', 'istio → b'],
  );
  expect(`\n${timesTable(meshTimes(mesh, NOW)).join('\n')}\n`).toMatchInlineSnapshot(`
"
member  fetched every  change is seen in  published ahead  fetches in it  outage without harm  revoked in   seed lasts  upstream lasts  certificate renewed before its end
a       1m15s          1m20s              8h               384            36008 days           1m20s        36008 days  36008 days      -
b       1m15s          1m20s              20m              16             0s (istio)           30m (istio)  -           -               15 days
c       ?              ?                  ?                ?              ?                    ?            over        -               -
"
`);
});

test('of more than 20 the table has those that bear the least; those of which it is not known come last', () => {
  const members = Array.from({ length: 25 }, (_, index) =>
    memberOf(`m${index}`, { caTtl: index < 2 ? (undefined as never) : (index + 1) * HOUR }),
  );
  const table = timesTable(meshTimes(meshOf(members), NOW));
  expect([table[1]?.slice(0, 3), table[20]?.slice(0, 3), table[21], table.length]).toMatchInlineSnapshot(`
[
  "m2 ",
  "m21",
  "and 5 that bear longer outages",
  22,
]
`);
});
