import type { Member } from '../../../lib/federation';
import { type Draft, identity, partnerBelieves } from '../fixtures';
import type { Mutable } from '../mutable';
import { tableOf } from './fixtures';

const east =
  (is: Partial<Mutable<Member>>, was: Partial<Mutable<Member>> = {}) =>
  (now: Draft, before: Draft): void => {
    Object.assign(before.east, was);
    Object.assign(now.east, is);
  };

test('times, with what follows from them', () => {
  expect(
    tableOf({
      'another hint': (now) => {
        now.east.endpoint.refreshHint = 3600;
      },
      'no hint any more': (now) => {
        delete now.east.endpoint.refreshHint;
      },
      'another lifetime of CAs': east({ caTtl: 7 * 24 * 3600 }),
      'one that is not known': east({ caTtl: undefined }),
    }),
  ).toMatchInlineSnapshot(`
"# another hint
note refresh-hint-changed: 'prod/east' has another refresh hint: SPIRE servers fetch its bundle every 15m, and not every 1m15s
  was: 5m
  is: 1h
# no hint any more
note refresh-hint-changed: 'prod/east' has another refresh hint: SPIRE servers fetch its bundle every 1m15s, as before
  was: 5m
# another lifetime of CAs
note ca-ttl-changed: 'prod/east' has CAs of another lifetime: the next CA is published 56h before it signs, which it does 28h before the end of the last one; the one that is there keeps its own
  was: 24h
  is: 168h
# one that is not known
note ca-ttl-changed: 'prod/east' has CAs of another lifetime; the one that is there keeps its own
  was: 24h"
`);
});

test('keys and sizes', () => {
  expect(
    tableOf({
      'another type of key': east({ keyType: 'ec-p384' }, { keyType: 'ec-p256' }),
      'keys in memory': east({ keysInMemory: true }),
      'no longer': east({}, { keysInMemory: true }),
      'more servers below an upstream authority': east({ replicas: 3 }, { replicas: 1 }),
      'more servers that sign themselves': east({ replicas: 3, upstream: undefined }, { upstream: undefined }),
      'more nodes': east({ agents: 300 }, { agents: 3 }),
      'another version': east({ version: '1.15.3' }, { version: '1.15.2' }),
      'another class': east({ className: 'other', watchClassless: true }),
      'another place in the cluster': east({
        server: { namespace: 'other', workload: 'statefulset/spire-server', container: 'spire-server' },
      }),
    }),
  ).toMatchInlineSnapshot(`
"# another type of key
note key-type-changed: 'prod/east' has CA keys of another type from its next CA on
  was: ec-p256
  is: ec-p384
# keys in memory
note keys-in-memory: 'prod/east' loses its keys with the process from now on: every start makes keys of JWT-SVIDs that nobody has seen and that sign at once
  do: keep the keys, such as by KeyManager.disk
# no longer
note keys-kept: 'prod/east' keeps its keys from now on: a start makes no new ones
# more servers below an upstream authority
note servers-changed: 'prod/east' has another number of servers
  was: 1
  is: 3
# more servers that sign themselves
note servers-changed: 'prod/east' has more servers, and an added one has a CA of its own that signs at once
  is: 3
# more nodes
note agents-changed: 'prod/east' is expected to have another number of nodes
  was: 3
  is: 300
# another version
note version-changed: 'prod/east' runs another version
  was: 1.15.2
  is: 1.15.3
# another class
note class-changed: 'prod/east' acts on other objects: those of the former class are left alone, and what they made is removed
  was: class 'spire'
  is: class 'other', and objects without one
# another place in the cluster
note server-place-changed: 'prod/east' has its server elsewhere in the cluster: what the old one kept on its volume is not taken along
  is: container 'spire-server' of statefulset/spire-server in 'other'"
`);
});

test('how bundles are fetched', () => {
  const fetching = (is: Member['fetches'], was: Member['fetches']) => (now: Draft, before: Draft) => {
    for (const draft of [now, before]) partnerBelieves(draft, 'prod/east', 'prod/west');
    Object.assign(before.partner, { fetches: was });
    Object.assign(now.partner, { fetches: is });
  };
  const profiles = ['https_web'] as const;
  expect(
    tableOf({
      'by a proxy': east({ proxy: { noProxy: ['.svc', '10.0.0.0/8'] } }),
      'by one for all': east({ proxy: { noProxy: [] } }, { proxy: { noProxy: ['.svc'] } }),
      'into one pool': fetching({ profiles, poolsRoots: true }, { profiles }),
      'into a pool of one': (now, before) => {
        for (const draft of [now, before]) draft.partner.fetches = { profiles: [...profiles] };
        now.partner.fetches = { profiles: [...profiles], poolsRoots: true };
      },
      'more seldom': fetching({ profiles, interval: 600 }, { profiles, interval: 60, forgetsOnFailure: true }),
      'within a hint': fetching({ profiles: ['https_web', 'https_spiffe'], fetchesPerHint: 1 }, { profiles }),
    }),
  ).toMatchInlineSnapshot(`
"# by a proxy
note proxy-changed: 'prod/east' fetches bundles by another way
  was: no proxy
  is: a proxy, but not to '.svc', '10.0.0.0/8'
# by one for all
note proxy-changed: 'prod/east' fetches bundles by another way
  was: a proxy, but not to '.svc'
  is: a proxy
# into one pool
approval roots-pooled: 'partner' puts the roots of 'prod/east' and 'prod/west' into one pool: each of them can sign identities of all others in its eyes
  is: 'prod/east', 'prod/west'
  do: let it believe one of them alone, or approve it
# into a pool of one
note roots-pooled: 'partner' puts the roots of all whom it believes into one pool
  is: nobody
# more seldom
note fetching-changed: 'partner' fetches the bundles of others otherwise
  was: https_web, every 1m, forgets on failure
  is: https_web, every 10m
# within a hint
note fetching-changed: 'partner' fetches the bundles of others otherwise
  was: https_web
  is: https_spiffe or https_web, 1 times within a hint"
`);
});

test('the exporter', () => {
  const exporter = [identity('exporter', ['apps.west.example.org'])];
  expect(
    tableOf({ new: east({ exporter }), gone: east({}, { exporter }), same: east({ exporter }, { exporter }) }),
  ).toMatchInlineSnapshot(`
"# new
note exporter-added: 'prod/east' has a federation exporter, which names all of its peers
# gone
note exporter-removed: 'prod/east' has no federation exporter any more: nobody measures its edges
# same"
`);
});
