import { bundleOfRoots, type Endpoint, type Member } from '../../../lib/federation';
import { type Draft, dataOf, draft, identity, web } from '../fixtures';
import { WEB_ROOT, WEST_ROOT } from '../fixtures-certificates';
import { rename } from '../fixtures-changes';
import type { Mutable } from '../mutable';
import { changesBy, changesFrom, linesOf, tableOf } from './fixtures';

/** A further cluster. */
const south = (rest: Partial<Member> = {}): Member => ({
  name: 'prod/south',
  platform: 'kubernetes',
  trustDomain: 'south.example.org',
  className: 'spire',
  caTtl: 24 * 3600,
  endpoint: {
    url: 'https://federation.south.example.org/',
    profile: 'https_web',
    servedBySpire: true,
    exposure: 'load-balancer',
    termination: 'passthrough',
    certificate: { source: 'acme', trust: { type: 'public' } },
    refreshHint: 300,
  },
  ...rest,
});

/** The data with a further member, and with who believes it. */
function withSouth({ edges, ...given }: Draft, believers: readonly ('east' | 'west')[], rest: Partial<Member> = {}) {
  for (const name of believers) {
    given[name].relationships.push({ ...web('south.example.org', 'https://federation.south.example.org/') });
    edges.push({ consumer: given[name].name, provider: 'prod/south' });
  }
  const data = dataOf({ edges, ...given });
  return { ...data, members: [...data.members, south(rest)] };
}

test('a member that is new: one change, with the edges of it', () => {
  const before = dataOf(draft());
  const believing = {
    relationships: [web('apps.west.example.org', 'https://federation.apps.west.example.org/')],
    identities: [identity('desk', ['apps.west.example.org'])],
  };
  const show = (believers: readonly ('east' | 'west')[], rest: Partial<Member> = {}) =>
    changesFrom(before, withSouth(draft(), believers, rest)).flatMap(linesOf);
  expect([show(['east', 'west']), show([]), show(['east'], believing)]).toMatchInlineSnapshot(`
[
  [
    "approval member-added: 'prod/south' is new, and believed by 'prod/east' and 'prod/west'; its edges in both directions are part of this",
    "  is: 'south.example.org' (kubernetes), https_web at https://federation.south.example.org/; believed by 'prod/east', 'prod/west'; believes nobody",
    "  do: approve it, which approves its edges too, and bring it in by the steps of 'spirekit plan add prod/south': bundles before identities",
  ],
  [
    "note member-added: 'prod/south' is new, and believed by nobody who was there; it believes nobody either",
    "  is: 'south.example.org' (kubernetes), https_web at https://federation.south.example.org/; believed by nobody; believes nobody",
    "  do: bring it in by the steps of 'spirekit plan add prod/south': bundles before identities",
  ],
  [
    "approval member-added: 'prod/south' is new, and believed by 'prod/east'; its edges in both directions are part of this; a theft of its CA can deceive 1 identity",
    "  is: 'south.example.org' (kubernetes), https_web at https://federation.south.example.org/; believed by 'prod/east'; believes 'prod/west'",
    "  do: approve it, which approves its edges too, and bring it in by the steps of 'spirekit plan add prod/south': bundles before identities",
    "note blast-radius-grown: 'prod/west' reaches further, by identities that name it now: its outage can take 2 identities of others with it instead of 1, and a theft of its keys can deceive 2 identities of others instead of 1",
    "  was: outage 1, theft 1",
    "  is: outage 2, theft 2",
  ],
]
`);
});

test('who believes a new member is part of what is approved', () => {
  const before = dataOf(draft());
  const ids = [['east'], ['west'], ['east', 'west']].map(
    (believers) => changesFrom(before, withSouth(draft(), believers as ('east' | 'west')[]))[0]?.id,
  );
  expect(new Set(ids).size).toBe(3);
});

test('so is all that decides who is believed with it', () => {
  const endpoint = south().endpoint as Endpoint;
  const is = (rest: Partial<Member>) => {
    const [{ id, is } = { id: '', is: '' }] = changesFrom(dataOf(draft()), withSouth(draft(), ['east'], rest));
    return { id, is: is?.replace(/^'south.example.org' \(kubernetes\), |; believed by .*$/g, '') };
  };
  const seed = { bundle: bundleOfRoots(WEST_ROOT, { refreshHint: 300 }) };
  const trust = { type: 'private', roots: WEB_ROOT } as const;
  const found = [
    is({}),
    is({ seed }),
    is({ upstream: {} }),
    is({ upstream: { roots: WEST_ROOT } }),
    is({ endpoint: { ...endpoint, hostedBy: 'cdn.example' } }),
    is({ endpoint: { ...endpoint, certificate: { source: 'secret', trust } } }),
    is({ endpoint: { ...endpoint, url: 'https://other.example.org' } }),
    is({ endpoint: undefined }),
  ];
  expect(found.map((each) => each.is)).toMatchInlineSnapshot(`
[
  "https_web at https://federation.south.example.org/",
  "https_web at https://federation.south.example.org/, first bundle sha256:bbb4a760526e88af, told https_web at https://federation.south.example.org/",
  "https_web at https://federation.south.example.org/, with a CA below roots not known",
  "https_web at https://federation.south.example.org/, with a CA below roots sha256:e64e192a9063c959",
  "https_web at https://federation.south.example.org/, served by 'cdn.example'",
  "https_web at https://federation.south.example.org/, by a certificate of a private authority (roots sha256:14c653cc6459c0cf)",
  "https_web at https://other.example.org/, told https_web at https://federation.south.example.org/",
  "told https_web at https://federation.south.example.org/",
]
`);
  expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
});

test('members that go, are called otherwise, or move', () => {
  expect(
    tableOf({
      'one that was believed': (now) => {
        now.edges = now.edges.filter(({ provider }) => provider !== 'partner');
        now.east.relationships.pop();
        now.partner.trustDomain = 'gone.example';
        now.partner.name = 'gone';
        delete (now.partner as Partial<Member> as Mutable<Member>).endpoint;
      },
      'another name': (now) => {
        rename(now, 'prod/west', 'stage/west');
      },
      'another platform': (now) => {
        Object.assign(now.west, { platform: 'kubernetes' });
      },
    }),
  ).toMatchInlineSnapshot(`
"# one that was believed
note member-added: 'gone' is new, and believed by nobody who was there; it believes nobody either
  is: 'gone.example' (external); believed by nobody; believes nobody
  do: bring it in by the steps of 'spirekit plan add gone': bundles before identities
note member-removed: 'partner' is gone; its edges are part of this, but 'prod/east' goes on to believe it until its bundle is deleted there
  was: 'partner.example' (external)
  do: follow 'spirekit plan remove partner': to delete its relationships ends no trust
# another name
note member-renamed: 'stage/west' is the member of 'apps.west.example.org', which was called 'prod/west': the trust stays as it is, but files, folders and resources are named by it
  was: prod/west
  is: stage/west
  do: with Pulumi, give the old names as aliases, or its objects are made anew; with files, delete the old folder
# another platform
approval platform-changed: 'prod/west' runs on another platform: that is another installation, with keys of its own, which 'prod/east' will believe as 'apps.west.example.org'
  was: openshift
  is: kubernetes
  do: approve it, and have the others believe its new keys by the steps of 'spirekit plan recover prod/west'; or keep 'openshift'"
`);
});

test('what is refused', () => {
  expect(
    tableOf({
      'another trust domain': (now) => {
        now.east.trustDomain = 'new.example.org';
        now.east.endpoint.spiffeId = 'spiffe://new.example.org/spire/server';
        Object.assign(now.west.relationships[0] ?? {}, {
          trustDomain: 'new.example.org',
          endpointSpiffeId: now.east.endpoint.spiffeId,
        });
        now.west.identities = [identity('billing', ['new.example.org'])];
      },
      'another profile of an endpoint of ZTWIM': (now) => {
        Object.assign(now.west.endpoint, {
          profile: 'https_spiffe',
          spiffeId: 'spiffe://apps.west.example.org/spire/server',
        });
        Object.assign(now.east.relationships[0] ?? {}, {
          profile: 'https_spiffe',
          endpointSpiffeId: now.west.endpoint.spiffeId,
        });
      },
      'no endpoint any more': (now) => {
        delete (now.west as Mutable<Member>).endpoint;
      },
    }),
  ).toMatchInlineSnapshot(`
"# another trust domain
forbidden trust-domain-changed: 'prod/east' must keep its trustDomain, which was 'east.example.org': what runs there has entries and agents of it, and SPIRE cannot change a trust domain
  was: east.example.org
  is: new.example.org
  do: keep 'east.example.org', or add a member beside it, move the workloads there, and remove this one
# another profile of an endpoint of ZTWIM
forbidden operator-immutable: 'prod/west' must keep its endpoint.profile, which was 'https_web', and the operator refuses to change it
  was: https_web, certificate from router
  is: https_spiffe, certificate from router
  do: write 'https_web', or remove the SpireServer from the cluster, leave the member out of the previous federation, and install it anew
# no endpoint any more
forbidden operator-immutable: 'prod/west' must keep its endpoint, which is gone, and the operator refuses to remove it
  was: https_web, certificate from router
  do: keep it, or remove the SpireServer from the cluster, leave the member out of the previous federation, and install it anew"
`);
});

test('a member that nobody has believed goes without a remedy', () => {
  const before = withSouth(draft(), []);
  expect(changesFrom(before, dataOf(draft())).flatMap(linesOf)).toMatchInlineSnapshot(`
[
  "note member-removed: 'prod/south' is gone, and nobody who is left has believed it; its edges are part of this",
  "  was: 'south.example.org' (kubernetes)",
]
`);
});

test('a program that says the same has no changes, whatever its order', () => {
  expect(changesBy(() => undefined)).toEqual([]);
  expect(
    changesBy((now) => {
      now.edges.reverse();
      now.east.relationships.reverse();
    }),
  ).toEqual([]);
});
