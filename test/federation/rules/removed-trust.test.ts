import { type Draft, dataOf, draft, fixed, web } from '../fixtures';
import { changesIn, rename, tableOfChanges } from '../fixtures-changes';

/** Ends what a member believes. */
function end({ edges, ...members }: Draft, consumer: 'east' | 'west', provider: string, trustDomain: string): void {
  const { name, relationships } = members[consumer];
  relationships.splice(0, relationships.length, ...relationships.filter((it) => it.trustDomain !== trustDomain));
  edges.splice(0, edges.length, ...edges.filter((edge) => edge.consumer !== name || edge.provider !== provider));
}

/** The same data without a member, and without the edges from and to it. */
function without({ members, edges, ...rest }: ReturnType<typeof dataOf>, gone: string) {
  return {
    ...rest,
    members: members.filter(({ name }) => name !== gone),
    edges: edges.filter(({ consumer, provider }) => consumer !== gone && provider !== gone),
  };
}

test('an edge that is gone', () => {
  expect(
    tableOfChanges({
      'nothing changes': () => undefined,
      'one of a member': (now) => end(now, 'east', 'prod/west', 'apps.west.example.org'),
      'two of a member': (now) => {
        end(now, 'east', 'prod/west', 'apps.west.example.org');
        end(now, 'east', 'partner', 'partner.example');
      },
      'both directions': (now) => {
        end(now, 'east', 'prod/west', 'apps.west.example.org');
        end(now, 'west', 'prod/east', 'east.example.org');
      },
      'one more': (_, before) => end(before, 'west', 'prod/east', 'east.example.org'),
      'the edge alone, of which another rule speaks': ({ edges }) => {
        edges.pop();
      },
      'a relationship with one who is no member': (_, before) => {
        before.west.relationships.push(web('stranger.example', 'https://stranger.example'));
      },
      'an entry of the configuration': (_, before) => {
        before.west.staticRelationships = [fixed('stranger.example', 'https://stranger.example')];
      },
      'an object that is an entry of the configuration now': ({ west }) => {
        const [told] = west.relationships.splice(0, 1);
        west.staticRelationships = told && [told];
      },
      'members that have other names now': (now) => {
        rename(now, 'prod/east', 'east');
        rename(now, 'prod/west', 'west');
        end(now, 'east', 'west', 'apps.west.example.org');
      },
      'another trust domain, with which the server has nothing of the old one': (now) => {
        now.east.trustDomain = 'new.example.org';
        end(now, 'east', 'prod/west', 'apps.west.example.org');
      },
    }),
  ).toMatchInlineSnapshot(`
"# nothing changes
# one of a member
warning E25 [prod/east] no longer has a relationship with 'apps.west.example.org', but its server keeps the bundle, and workloads whose entries name it go on to believe it; take it out of identities, then delete its relationship (ClusterFederatedTrustDomain), then run 'spire-server bundle delete -id spiffe://apps.west.example.org' there, which refuses as long as entries name it (-mode dissociate takes it out of them)
# two of a member
warning E25 [prod/east] no longer has a relationship with 'apps.west.example.org' and 'partner.example', but its server keeps the bundles, and workloads whose entries name them go on to believe them; for each, take it out of identities, then delete its relationship (ClusterFederatedTrustDomain), then run 'spire-server bundle delete -id spiffe://…' there, which refuses as long as entries name it (-mode dissociate takes it out of them)
# both directions
warning E25 [prod/east] no longer has a relationship with 'apps.west.example.org', but its server keeps the bundle, and workloads whose entries name it go on to believe it; take it out of identities, then delete its relationship (ClusterFederatedTrustDomain), then run 'spire-server bundle delete -id spiffe://apps.west.example.org' there, which refuses as long as entries name it (-mode dissociate takes it out of them)
warning E25 [prod/west] no longer has a relationship with 'east.example.org', but its server keeps the bundle, and workloads whose entries name it go on to believe it; take it out of identities, then delete its relationship (ClusterFederatedTrustDomain), then run 'spire-server bundle delete -id spiffe://east.example.org' there, which refuses as long as entries name it (-mode dissociate takes it out of them)
# one more
# the edge alone, of which another rule speaks
# a relationship with one who is no member
warning E25 [prod/west] no longer has a relationship with 'stranger.example', but its server keeps the bundle, and workloads whose entries name it go on to believe it; take it out of identities, then delete its relationship (ClusterFederatedTrustDomain), then run 'spire-server bundle delete -id spiffe://stranger.example' there, which refuses as long as entries name it (-mode dissociate takes it out of them)
# an entry of the configuration
warning E25 [prod/west] no longer has a relationship with 'stranger.example', but its server keeps the bundle, and workloads whose entries name it go on to believe it; take it out of identities, then delete its relationship (ClusterFederatedTrustDomain), then run 'spire-server bundle delete -id spiffe://stranger.example' there, which refuses as long as entries name it (-mode dissociate takes it out of them)
# an object that is an entry of the configuration now
# members that have other names now
warning E25 [east] no longer has a relationship with 'apps.west.example.org', but its server keeps the bundle, and workloads whose entries name it go on to believe it; take it out of identities, then delete its relationship (ClusterFederatedTrustDomain), then run 'spire-server bundle delete -id spiffe://apps.west.example.org' there, which refuses as long as entries name it (-mode dissociate takes it out of them)
# another trust domain, with which the server has nothing of the old one
error E20 [prod/east] trustDomain 'new.example.org' was 'east.example.org': what runs there has entries and agents of it, and SPIRE cannot change a trust domain; keep 'east.example.org', or add a member beside it, move the workloads there, and remove this one"
`);
});

describe('a member that is gone', () => {
  test('who believed it is named at the mesh', () => {
    const now = draft();
    end(now, 'east', 'prod/west', 'apps.west.example.org');
    end(now, 'east', 'partner', 'partner.example');
    expect(changesIn(without(without(dataOf(now), 'prod/west'), 'partner'), dataOf(draft()))).toMatchInlineSnapshot(`
[
  "warning E25 [] members no longer include 'prod/west', but the servers of 'prod/east' keep the bundle of 'apps.west.example.org', and workloads whose entries name it go on to believe it; take it out of identities, then delete its relationship (ClusterFederatedTrustDomain), then run 'spire-server bundle delete -id spiffe://apps.west.example.org' on the server of each, which refuses as long as entries name it (-mode dissociate takes it out of them)",
  "warning E25 [] members no longer include 'partner', but the servers of 'prod/east' keep the bundle of 'partner.example', and workloads whose entries name it go on to believe it; take it out of identities, then delete its relationship (ClusterFederatedTrustDomain), then run 'spire-server bundle delete -id spiffe://partner.example' on the server of each, which refuses as long as entries name it (-mode dissociate takes it out of them)",
]
`);
  });

  test('who has only another name now is not', () => {
    const now = draft();
    rename(now, 'prod/west', 'prod/west-1');
    expect(changesIn(dataOf(now), dataOf(draft()))).toEqual([]);
  });

  test('nor is one whom nobody believed, or whom someone believes who goes with it', () => {
    const before = draft();
    end(before, 'east', 'prod/west', 'apps.west.example.org');
    const now = draft();
    end(now, 'east', 'prod/west', 'apps.west.example.org');
    expect(changesIn(without(dataOf(now), 'prod/west'), dataOf(before))).toEqual([]);
  });

  test('nor is one whom all believe by hand from now on', () => {
    expect(changesIn(without(dataOf(draft()), 'prod/west'), dataOf(draft()))).toEqual([]);
  });

  test('one of others who has another trust domain is another one', () => {
    const now = draft();
    now.partner.trustDomain = 'partner.example.net';
    Object.assign(now.east.relationships[1] as object, { trustDomain: 'partner.example.net' });
    expect(changesIn(dataOf(now), dataOf(draft()))).toMatchInlineSnapshot(`
[
  "warning E25 [] members no longer include 'partner', but the servers of 'prod/east' keep the bundle of 'partner.example', and workloads whose entries name it go on to believe it; take it out of identities, then delete its relationship (ClusterFederatedTrustDomain), then run 'spire-server bundle delete -id spiffe://partner.example' on the server of each, which refuses as long as entries name it (-mode dissociate takes it out of them)",
]
`);
  });

  test('of two that had one trust domain, the name says which', () => {
    const [now, before] = [draft(), draft()];
    before.partner.trustDomain = before.west.trustDomain;
    end(now, 'east', 'partner', 'partner.example');
    expect(changesIn(without(dataOf(now), 'partner'), dataOf(before))).toMatchInlineSnapshot(`
[
  "warning E25 [prod/east] no longer has a relationship with 'partner.example', but its server keeps the bundle, and workloads whose entries name it go on to believe it; take it out of identities, then delete its relationship (ClusterFederatedTrustDomain), then run 'spire-server bundle delete -id spiffe://partner.example' there, which refuses as long as entries name it (-mode dissociate takes it out of them)",
]
`);
  });
});
