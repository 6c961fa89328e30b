import type { Endpoint, Member } from '../../../lib/federation';
import { type Draft, partnerBelieves } from '../fixtures';
import { EAST_ROOT, WEST_ROOT } from '../fixtures-certificates';
import { move } from '../fixtures-changes';
import type { Mutable } from '../mutable';
import { changesBy, tableOf } from './fixtures';

const ID = 'spiffe://east.example.org/spire/server';

/** Both with west on plain Kubernetes, where endpoints may become others. */
function plain(now: Draft, before: Draft): void {
  for (const { west } of [now, before]) west.platform = 'kubernetes';
}

test('another place, or another proof', () => {
  expect(
    tableOf({
      'https_spiffe becomes https_web': (now) => {
        move(now, 'east', { profile: 'https_web', spiffeId: undefined });
      },
      'at another host, too: one change': (now) => {
        move(now, 'east', { profile: 'https_web', spiffeId: undefined, url: 'https://bundles.example.org/' });
      },
      'https_web becomes https_spiffe': (now, before) => {
        plain(now, before);
        move(now, 'west', { profile: 'https_spiffe', spiffeId: 'spiffe://apps.west.example.org/spire/server' });
      },
      'another host by https_web': (now) => {
        move(now, 'west', { url: 'https://bundles.example.org/' });
      },
      'another host by https_spiffe': (now) => {
        move(now, 'east', { url: 'https://bundles.example.org/' });
      },
      'another port by https_web': (now) => {
        move(now, 'west', { url: 'https://federation.apps.west.example.org:8443/' });
      },
      'another path by https_spiffe': (now) => {
        move(now, 'east', { url: 'https://federation.east.example.org:8443/east' });
      },
      'the same, written otherwise': (now) => {
        move(now, 'west', { url: 'https://Federation.apps.west.example.org:443' });
      },
      'a URL that is none, with a password': (now) => {
        move(now, 'west', { url: 'https://user:secret@' });
      },
    }),
  ).toMatchInlineSnapshot(`
"# https_spiffe becomes https_web
approval profile-downgraded: 'prod/east' proves itself to 'prod/west' by a certificate of the web, and no longer by a SPIFFE ID: whoever gets one for 'federation.east.example.org' says whom they believe as 'east.example.org'
  was: https_spiffe at https://federation.east.example.org:8443/ as 'spiffe://east.example.org/spire/server'
  is: https_web at https://federation.east.example.org:8443/
  do: keep https_spiffe, or approve it
# at another host, too: one change
approval profile-downgraded: 'prod/east' proves itself to 'prod/west' by a certificate of the web, and no longer by a SPIFFE ID: whoever gets one for 'bundles.example.org' says whom they believe as 'east.example.org'
  was: https_spiffe at https://federation.east.example.org:8443/ as 'spiffe://east.example.org/spire/server'
  is: https_web at https://bundles.example.org/
  do: keep https_spiffe, or approve it
# https_web becomes https_spiffe
note profile-upgraded: 'prod/west' proves itself to 'prod/east' by its SPIFFE ID, and no longer by a certificate of the web
  was: https_web at https://federation.apps.west.example.org/
  is: https_spiffe at https://federation.apps.west.example.org/ as 'spiffe://apps.west.example.org/spire/server'
  do: look that the bundle in the program is what 'spire-server bundle show -format spiffe' prints at the provider: SPIRE takes it in the place of the live one, and where it is outdated every later fetch fails
# another host by https_web
approval endpoint-moved: 'prod/west' is fetched by 'prod/east' at another host: whoever gets a web certificate for 'bundles.example.org' says whom they believe as 'apps.west.example.org'
  was: https_web at https://federation.apps.west.example.org/
  is: https_web at https://bundles.example.org/
  do: make sure that the host is in the right hands, and approve it
# another host by https_spiffe
note endpoint-moved: 'prod/east' is fetched by 'prod/west' at another host, which proves itself by the same SPIFFE ID
  was: https_spiffe at https://federation.east.example.org:8443/ as 'spiffe://east.example.org/spire/server'
  is: https_spiffe at https://bundles.example.org/ as 'spiffe://east.example.org/spire/server'
  do: look that the bundle in the program is what 'spire-server bundle show -format spiffe' prints at the provider: SPIRE takes it in the place of the live one, and where it is outdated every later fetch fails
# another port by https_web
note endpoint-url-changed: 'prod/west' is fetched by 'prod/east' at another port or path of the same host
  was: https_web at https://federation.apps.west.example.org/
  is: https_web at https://federation.apps.west.example.org:8443/
# another path by https_spiffe
note endpoint-url-changed: 'prod/east' is fetched by 'prod/west' at another port or path of the same host
  was: https_spiffe at https://federation.east.example.org:8443/ as 'spiffe://east.example.org/spire/server'
  is: https_spiffe at https://federation.east.example.org:8443/east as 'spiffe://east.example.org/spire/server'
  do: look that the bundle in the program is what 'spire-server bundle show -format spiffe' prints at the provider: SPIRE takes it in the place of the live one, and where it is outdated every later fetch fails
# the same, written otherwise
note endpoint-url-changed: 'prod/west' is fetched by 'prod/east' where it was, which is written otherwise
  was: https_web at https://federation.apps.west.example.org/
  is: https_web at https://Federation.apps.west.example.org:443
# a URL that is none, with a password
approval endpoint-moved: 'prod/west' is fetched by 'prod/east' at another host: whoever gets a web certificate for 'https://…@' says whom they believe as 'apps.west.example.org'
  was: https_web at https://federation.apps.west.example.org/
  is: https_web at https://…@
  do: make sure that the host is in the right hands, and approve it"
`);
});

test('who answers', () => {
  expect(
    tableOf({
      'another SPIFFE ID of the same trust domain': (now) => {
        move(now, 'east', { spiffeId: `${ID}-2` });
      },
      'one of another trust domain, which serves it then': (now) => {
        move(now, 'east', { spiffeId: 'spiffe://apps.west.example.org/spire/server' });
      },
      'somebody else hosts it': (now) => {
        now.partner.endpoint.hostedBy = 'cdn.example';
      },
      'nobody else any more': (_, before) => {
        before.partner.endpoint.hostedBy = 'cdn.example';
      },
    }),
  ).toMatchInlineSnapshot(`
"# another SPIFFE ID of the same trust domain
approval endpoint-id-changed: 'prod/east' proves itself to 'prod/west' by another SPIFFE ID: whoever has an SVID of it says whom they believe as 'east.example.org'
  was: spiffe://east.example.org/spire/server
  is: spiffe://east.example.org/spire/server-2
  do: look whose identity it is, and approve it; look that the bundle in the program is what 'spire-server bundle show -format spiffe' prints at the provider: SPIRE takes it in the place of the live one, and where it is outdated every later fetch fails
# one of another trust domain, which serves it then
approval endpoint-hosted: 'prod/east' is served by 'apps.west.example.org' from now on: who runs that, or can forge its identities, can sign whatever identity of 'east.example.org' in the eyes of 'prod/west'
  was: served by 'east.example.org'
  is: served by 'apps.west.example.org'
  do: let 'east.example.org' serve its own bundle, or approve it
# somebody else hosts it
approval endpoint-hosted: 'partner' is served by 'cdn.example' from now on: who runs that, or can forge its identities, can sign whatever identity of 'partner.example' in the eyes of 'prod/east'
  was: served by 'partner.example'
  is: served by 'cdn.example'
  do: let 'partner.example' serve its own bundle, or approve it
# nobody else any more
note endpoint-self-served: 'partner' serves its bundle itself from now on: its bundle rests on no other trust domain
  was: served by 'cdn.example'
  is: served by 'partner.example'"
`);
});

const trust = (given: Endpoint['certificate']) => (now: Draft) => {
  now.partner.endpoint.certificate = given as Mutable<NonNullable<typeof given>>;
};

test('whose certificates are believed', () => {
  const own = (roots: string) => ({ source: 'secret', trust: { type: 'private', roots } }) as const;
  const both = (was: Endpoint['certificate'], is: Endpoint['certificate']) => (now: Draft, before: Draft) => {
    trust(was)(before);
    trust(is)(now);
  };
  const open = { source: 'secret', trust: { type: 'public' } } as const;
  const staging = { source: 'acme', trust: { type: 'staging' } } as const;
  expect(
    tableOf({
      'private becomes public': both(own(EAST_ROOT), open),
      'public becomes private': both(open, own(EAST_ROOT)),
      'other roots': both(own(EAST_ROOT), own(WEST_ROOT)),
      'one root more': both(own(EAST_ROOT), own(`${EAST_ROOT}\n${WEST_ROOT}`)),
      'the same roots, written otherwise': both(own(EAST_ROOT), own(`\n${EAST_ROOT}\n`)),
      'from elsewhere': both(open, { source: 'acme', trust: { type: 'public' } }),
      'staging becomes public': both(staging, open),
      'public becomes staging': both(open, staging),
    }),
  ).toMatchInlineSnapshot(`
"# private becomes public
approval web-trust-widened: 'partner' is believed by 'prod/east' with a certificate of any public authority for its host
  was: private, roots sha256:691487742891c00f
  is: public
  do: keep 'private', or approve it
# public becomes private
note web-trust-narrowed: 'partner' is believed with certificates of a private authority alone
  was: public
  is: private, roots sha256:691487742891c00f
# other roots
approval web-trust-widened: 'partner' is believed by 'prod/east' with a certificate of another private authority, which can then speak for any https_web endpoint that they fetch from
  was: private, roots sha256:691487742891c00f
  is: private, roots sha256:e64e192a9063c959
  do: look whose roots these are, and approve it
# one root more
approval web-trust-widened: 'partner' is believed by 'prod/east' with a certificate of another private authority, which can then speak for any https_web endpoint that they fetch from
  was: private, roots sha256:691487742891c00f
  is: private, roots sha256:5989c37daa730591
  do: look whose roots these are, and approve it
# the same roots, written otherwise
# from elsewhere
note certificate-source-changed: 'partner' has a certificate from elsewhere, of an authority that is believed as before
  was: secret
  is: acme
# staging becomes public
approval web-trust-widened: 'partner' is believed by 'prod/east' with a certificate of any public authority for its host
  was: staging
  is: public
  do: keep 'staging', or approve it
# public becomes staging
note web-trust-narrowed: 'partner' is believed with certificates of an authority that nobody believes
  was: public
  is: staging"
`);
});

test('who ends TLS, and the way there', () => {
  expect(
    tableOf({
      'a router': (now, before) => {
        before.west.endpoint.termination = 'passthrough';
        now.west.endpoint.termination = 'reencrypt';
      },
      'no router any more': (now) => {
        now.west.endpoint.termination = 'passthrough';
      },
      'another way': (now) => {
        now.west.endpoint.exposure = 'route';
      },
    }),
  ).toMatchInlineSnapshot(`
"# a router
approval tls-ended-by-router: 'prod/west' has its TLS ended by a router: who runs that can put another bundle before 'prod/east'
  was: managed-route, passthrough
  is: managed-route, reencrypt
  do: let the router pass TLS through, or approve it
# no router any more
note tls-passed-through: 'prod/west' ends TLS itself: no router comes between
  was: managed-route, reencrypt
  is: managed-route, passthrough
# another way
note endpoint-exposure-changed: 'prod/west' is reached by another way; who ends TLS is as before
  was: managed-route, reencrypt
  is: route, reencrypt"
`);
});

test('what decides about nobody’s trust', () => {
  expect(
    tableOf({
      'of the endpoint': (now) => {
        Object.assign(now.east.endpoint, { host: 'other.example.org', ports: [8443, 443], servedBySpire: false });
        Object.assign(now.east.endpoint, { appsDomain: 'apps.example.org', dnsAcknowledged: true });
      },
      'of its certificate': (now, before) => {
        const certificate = { source: 'acme', trust: { type: 'public' } } as const;
        before.partner.endpoint.certificate = { ...certificate, dnsNames: ['a.example'], lifetime: 86_400 };
        now.partner.endpoint.certificate = { ...certificate, dnsNames: ['b.example'], renewBefore: 3600 };
      },
      'at another URL it is part of that': (now) => {
        move(now, 'west', { url: 'https://bundles.example.org/', host: 'bundles.example.org' });
      },
    }),
  ).toMatchInlineSnapshot(`
"# of the endpoint
note endpoint-details-changed: 'prod/east' has another host, ports, servedBySpire, appsDomain, dnsAcknowledged
  was: host federation.east.example.org, ports 8443, servedBySpire true, appsDomain not known, dnsAcknowledged not known
  is: host other.example.org, ports 8443 and 443, servedBySpire false, appsDomain apps.example.org, dnsAcknowledged true
# of its certificate
note endpoint-details-changed: 'partner' has another certificate.dnsNames, certificate.lifetime, certificate.renewBefore
  was: certificate.dnsNames 'a.example', certificate.lifetime 24h, certificate.renewBefore not known
  is: certificate.dnsNames 'b.example', certificate.lifetime not known, certificate.renewBefore 1h
# at another URL it is part of that
approval endpoint-moved: 'prod/west' is fetched by 'prod/east' at another host: whoever gets a web certificate for 'bundles.example.org' says whom they believe as 'apps.west.example.org'
  was: https_web at https://federation.apps.west.example.org/
  is: https_web at https://bundles.example.org/
  do: make sure that the host is in the right hands, and approve it"
`);
});

test('an endpoint that is new, or gone', () => {
  expect(
    tableOf({
      new: (_, before) => {
        delete (before.partner as Partial<Member> as Mutable<Member>).endpoint;
      },
      gone: (now) => {
        delete (now.partner as Partial<Member> as Mutable<Member>).endpoint;
      },
    }),
  ).toMatchInlineSnapshot(`
"# new
note endpoint-added: 'partner' has a bundle endpoint from now on: who can reach it reads the bundle, which is no secret
  is: https_web at https://bundle.partner.example/spiffe.json
# gone
note endpoint-removed: 'partner' has no bundle endpoint any more: who still believes it sees no new CA of it
  was: https_web at https://bundle.partner.example/spiffe.json"
`);
});

test('where nobody believes the member there is nothing to decide', () => {
  const alone = (draft: Draft) => {
    draft.east.relationships = [];
    draft.edges = [];
  };
  const changes = changesBy((now, before) => {
    for (const draft of [now, before]) alone(draft);
    now.partner.endpoint.url = 'https://bundles.example.org/';
    now.partner.endpoint.hostedBy = 'cdn.example';
  });
  expect(changes.map(({ effect, message }) => [effect, message])).toMatchInlineSnapshot(`
[
  [
    "note",
    "is fetched by nobody yet at another host: whoever gets a web certificate for 'bundles.example.org' says whom they believe as 'partner.example'",
  ],
  [
    "note",
    "is served by 'cdn.example' from now on: who runs that, or can forge its identities, can sign whatever identity of 'partner.example' in the eyes of nobody yet",
  ],
]
`);
});

test('a foreign system that fetches is among those whom it concerns', () => {
  const [change] = changesBy((now, before) => {
    for (const draft of [now, before]) {
      draft.partner.fetches = { profiles: ['https_web'] };
      partnerBelieves(draft, 'prod/west');
    }
    move(now, 'west', { url: 'https://bundles.example.org/' });
  });
  expect(change?.message).toContain("is fetched by 'prod/east' and 'partner' at another host");
});
