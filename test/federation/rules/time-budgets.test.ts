import type { Budgets, Fetching, Mesh } from '../../../lib/federation';
import { timeBudgets } from '../../../lib/federation/rules/time-budgets';
import { type Given, memberOf, meshOf } from '../analysis/fixtures';
import { foundBy, tableBy } from '../analysis/found';
import { DAY_CA, EAST_ROOT, ENDED_CA } from '../fixtures-certificates';

const HOUR = 3600;

/** A member whom a cluster believes. */
const believed = (budgets: Budgets, given: Given = {}): Mesh =>
  meshOf([memberOf('a', given), memberOf('b', { endpoint: 'none' })], ['b → a'], { budgets });

/** Members whom a foreign system believes, and a cluster beside it. */
const abroad = (budgets: Budgets, fetches: Partial<Fetching>, ...given: readonly Given[]): Mesh => {
  const foreign = memberOf('f', {
    platform: 'external',
    endpoint: 'none',
    fetches: { profiles: ['https_web'], ...fetches },
  });
  const members = given.map((each, index) => memberOf(`a${index}`, each));
  return meshOf(
    [...members, foreign],
    members.map(({ name }) => `f → ${name}`),
    { budgets },
  );
};

const UNKNOWN: Given = {
  caTtl: undefined as never,
  endpoint: { refreshHint: undefined as never, servedBySpire: false },
};

test('revocations', () => {
  expect(
    tableBy(timeBudgets, {
      'without a budget': believed({}),
      'a fetch and the question of the agents': believed({ revocation: 80 }),
      'a second less': believed({ revocation: 79 }),
      'as quick as SPIRE can be': believed({ revocation: 20 }, { endpoint: { refreshHint: 60 } }),
      'quicker than that': believed({ revocation: 19 }, { endpoint: { refreshHint: 60 } }),
      'of whom no hint is known': believed({ revocation: 600 }, { platform: 'external', ...UNKNOWN }),
      'of whom others must shorten the hint': believed({ revocation: 79 }, { platform: 'external' }),
      'nobody believes the member': meshOf([memberOf('a')], [], { budgets: { revocation: 1, outage: 1e9 } }),
      'a foreign system looks often enough': abroad({ revocation: 1800 }, { interval: 1800 }, {}),
      'a foreign system looks too seldom': abroad({ revocation: 1799 }, { interval: 1800 }, {}, {}, {}, {}),
      'a foreign system goes by hints': abroad(
        { revocation: 600 },
        { fetchesPerHint: 1 },
        {},
        { endpoint: { refreshHint: 900 } },
        { endpoint: { refreshHint: 1200 } },
      ),
      'a foreign system needs no hint': abroad({ revocation: 1800 }, { interval: 1800 }, UNKNOWN),
    }),
  ).toMatchInlineSnapshot(`
"# without a budget
# a fetch and the question of the agents
# a second less
error [a] endpoint.refreshHint lets a revoked CA be believed for up to 1m15s between two fetches + 5s between two questions of an agent = 1m20s, and budgets.revocation is 1m19s; write 4m56s or less, or raise budgets.revocation
# as quick as SPIRE can be
# quicker than that
error [a] endpoint.refreshHint lets a revoked CA be believed for up to 15s between two fetches + 5s between two questions of an agent = 20s, and budgets.revocation is 19s; raise budgets.revocation: SPIRE fetches no bundle more often than every 15s
# of whom no hint is known
error [a] endpoint.refreshHint is not known: nobody can tell for how long a revoked CA is believed, and budgets.revocation is 10m; ask those who run it: write the spiffe_refresh_hint of its bundle
# of whom others must shorten the hint
error [a] endpoint.refreshHint lets a revoked CA be believed for up to 1m15s between two fetches + 5s between two questions of an agent = 1m20s, and budgets.revocation is 1m19s; ask those who run it for 4m56s or less, or raise budgets.revocation
# nobody believes the member
# a foreign system looks often enough
# a foreign system looks too seldom
error [f] fetches.interval lets revoked CAs of 'a0', 'a1', 'a2' and 1 more be believed for up to 30m until it fetches again, and budgets.revocation is 29m59s; fetch more often, or raise budgets.revocation
# a foreign system goes by hints
error [f] fetches.fetchesPerHint lets revoked CAs of 'a1' and 'a2' be believed for up to 20m until it fetches again, and budgets.revocation is 10m; fetch more often, or raise budgets.revocation
# a foreign system needs no hint"
`);
});

test('outages', () => {
  const bearable = 8 * HOUR - 2 * 75 - 5;
  expect(
    tableBy(timeBudgets, {
      'that is borne': believed({ outage: bearable }),
      'a second more': believed({ outage: bearable + 1 }),
      'on OpenShift': believed({ outage: 9 * HOUR }, { platform: 'openshift' }),
      'that no CA bears which signs itself': believed({ outage: 24 * 24 * HOUR }),
      'a CA that is too short for any': believed({ outage: 60 }, { caTtl: 300 }),
      'below roots that last': believed({ outage: 9 * HOUR }, { upstream: { roots: EAST_ROOT } }),
      'below roots that end': believed({ outage: 24 * HOUR }, { upstream: { roots: DAY_CA } }),
      'below roots that have ended': believed({ outage: 1 }, { upstream: { roots: ENDED_CA } }),
      'below roots that are not known': believed({ outage: HOUR }, { upstream: {} }),
      'of whom nothing is known': believed({ outage: HOUR }, { platform: 'external', ...UNKNOWN }),
      'of whom others must lengthen the CA': believed({ outage: 9 * HOUR }, { platform: 'external' }),
      'of whom no CA lives long enough': believed({ outage: 24 * 24 * HOUR }, { platform: 'external' }),
      'of whom the lifetime of the CA is not known': believed({ outage: HOUR }, { caTtl: undefined as never }),
      'at a foreign system': abroad({ outage: 4 * HOUR }, { interval: 2 * HOUR }, {}, { caTtl: 48 * HOUR }),
      'at a foreign system, of several': abroad(
        { outage: 4 * HOUR },
        { interval: 3 * HOUR },
        { upstream: { roots: EAST_ROOT } },
        {},
        { caTtl: 12 * HOUR },
        { caTtl: 48 * HOUR },
      ),
      'at a foreign system that forgets': abroad(
        { outage: 1 },
        { forgetsOnFailure: true },
        { upstream: { roots: EAST_ROOT } },
      ),
      'at a foreign system, of one of whom nothing is known': abroad({ outage: HOUR }, { interval: 60 }, UNKNOWN),
    }),
  ).toMatchInlineSnapshot(`
"# that is borne
# a second more
error [a] caTtl lets the member be out of reach for 8h - 2 * 1m15s for fetches that just miss it - 5s for agents = 7h57m25s (a CA of 24h is published min(24h/2, 720h) - min(24h/6, 168h) = 8h before it signs), and budgets.outage is 7h57m26s; lengthen caTtl to 24h3s at least, or let an upstream authority sign the CA, and give its roots
# on OpenShift
error [a] caTtl lets the member be out of reach for 8h - 2 * 1m15s for fetches that just miss it - 5s for agents = 7h57m25s (a CA of 24h is published min(24h/2, 720h) - min(24h/6, 168h) = 8h before it signs), and budgets.outage is 9h; lengthen server.caValidity to 27h7m45s at least, or let an upstream authority sign the CA, and give its roots
# that no CA bears which signs itself
error [a] caTtl lets the member be out of reach for 8h - 2 * 1m15s for fetches that just miss it - 5s for agents = 7h57m25s (a CA of 24h is published min(24h/2, 720h) - min(24h/6, 168h) = 8h before it signs), and budgets.outage is 576h; let an upstream authority sign the CA, and give its roots
# a CA that is too short for any
error [a] caTtl lets the member be out of reach for 1m40s - 2 * 1m15s for fetches that just miss it - 5s for agents, which is no time at all (a CA of 5m is published min(5m/2, 720h) - min(5m/6, 168h) = 1m40s before it signs), and budgets.outage is 1m; lengthen caTtl to 10m45s at least, or let an upstream authority sign the CA, and give its roots
# below roots that last
# below roots that end
error [a] upstream.notAfter ends in 12h: until then, and no longer, the member can be out of reach, and budgets.outage is 24h; renew the upstream authority
# below roots that have ended
error [a] upstream.notAfter has ended: no outage is borne, and budgets.outage is 1s; renew the upstream authority
# below roots that are not known
error [a] upstream has no roots that are known: nobody can tell for how long the member can be out of reach, and budgets.outage is 1h; write its root certificates
# of whom nothing is known
error [a] caTtl is not known, and neither is its refresh hint: nobody can tell for how long the member can be out of reach, and budgets.outage is 1h; ask those who run it: write the lifetime of its CAs, and write the spiffe_refresh_hint of its bundle
# of whom others must lengthen the CA
error [a] caTtl lets the member be out of reach for 8h - 2 * 1m15s for fetches that just miss it - 5s for agents = 7h57m25s (a CA of 24h is published min(24h/2, 720h) - min(24h/6, 168h) = 8h before it signs), and budgets.outage is 9h; ask those who run it for CAs of 27h7m45s at least, or raise budgets.outage
# of whom no CA lives long enough
error [a] caTtl lets the member be out of reach for 8h - 2 * 1m15s for fetches that just miss it - 5s for agents = 7h57m25s (a CA of 24h is published min(24h/2, 720h) - min(24h/6, 168h) = 8h before it signs), and budgets.outage is 576h; raise budgets.outage
# of whom the lifetime of the CA is not known
error [a] caTtl is not known: nobody can tell for how long the member can be out of reach, and budgets.outage is 1h; write the lifetime of its CAs
# at a foreign system
error [f] fetches.interval lets 'a0' be out of reach for 8h - 2 * 2h for fetches that just miss it - 5s for agents = 3h59m55s (a CA of 24h is published min(24h/2, 720h) - min(24h/6, 168h) = 8h before it signs), and budgets.outage is 4h; fetch more often, or lengthen the caTtl of these members
# at a foreign system, of several
error [f] fetches.interval lets 'a2' be out of reach for 4h - 2 * 3h for fetches that just miss it - 5s for agents, which is no time at all (a CA of 12h is published min(12h/2, 720h) - min(12h/6, 168h) = 4h before it signs), and budgets.outage is 4h (the same is true of 'a1'); fetch more often, or lengthen the caTtl of these members
# at a foreign system that forgets
error [f] fetches.forgetsOnFailure makes it refuse 'a0' when a single fetch has failed, and budgets.outage is 1s; have it keep what was fetched last, or take it out of the mesh that has the budget
# at a foreign system, of one of whom nothing is known
error [a0] caTtl is not known: nobody can tell for how long the member can be out of reach, and budgets.outage is 1h; write the lifetime of its CAs"
`);
});

test('what is written as the remedy says keeps to the budget', () => {
  const budgets = { outage: 30 * HOUR, revocation: 45 };
  const mend = (given: Given) => foundBy(timeBudgets, believed(budgets, given));
  const found = mend({});
  expect(found.map((line) => /(?:write|lengthen caTtl to) (\S+)/.exec(line)?.[1])).toEqual(['2m40s', '90h7m45s']);
  expect(mend({ caTtl: 90 * HOUR + 7 * 60 + 45, endpoint: { refreshHint: 160 } })).toEqual([]);
});
