import { type Draft, web } from '../fixtures';
import { EAST_ROOT, WEB_ROOT, WEST_ROOT } from '../fixtures-certificates';
import { tableOf } from './fixtures';

test('the authority above a member', () => {
  expect(
    tableOf({
      'other roots': (now) => {
        now.east.upstream = { roots: WEST_ROOT };
      },
      'roots that are not known': (now) => {
        now.east.upstream = {};
      },
      'the same roots, written otherwise': (now) => {
        now.east.upstream = { roots: `\n${EAST_ROOT}\n` };
      },
      'an authority where there was none': (_, before) => {
        delete before.east.upstream;
      },
      'none where there was one': (now) => {
        delete now.east.upstream;
      },
    }),
  ).toMatchInlineSnapshot(`
"# other roots
approval upstream-roots-changed: 'prod/east' is below another upstream authority: whoever has the key of its root can sign whatever identity of 'east.example.org' in the eyes of 'prod/west'
  was: roots sha256:691487742891c00f
  is: roots sha256:e64e192a9063c959
  do: look whose root it is, and approve it; let peers see the new root before a CA below it signs
# roots that are not known
approval upstream-roots-changed: 'prod/east' is below another upstream authority: whoever has the key of its root can sign whatever identity of 'east.example.org' in the eyes of 'prod/west'
  was: roots sha256:691487742891c00f
  is: roots not known
  do: look whose root it is, and approve it; let peers see the new root before a CA below it signs
# the same roots, written otherwise
# an authority where there was none
approval upstream-added: 'prod/east' is below an upstream authority from now on: whoever has the key of its root can sign whatever identity of 'east.example.org' in the eyes of 'prod/west'
  was: signs its CA itself
  is: roots sha256:691487742891c00f
  do: look whose root it is, and approve it; let peers see the new root before a CA below it signs
# none where there was one
note upstream-removed: 'prod/east' signs its CA itself from now on: that CA is new to 'prod/west', and is believed when its bundle has been fetched
  was: roots sha256:691487742891c00f
  is: signs its CA itself"
`);
});

/** The endpoint of west has a certificate of a private authority. */
function privateWest({ west }: Draft, roots: string): void {
  west.endpoint.certificate = { source: 'secret', trust: { type: 'private', roots } };
}

test('authorities that a server believes about endpoints', () => {
  expect(
    tableOf({
      'one more': (now) => {
        now.east.webRoots = [WEB_ROOT];
      },
      'one less': (now, before) => {
        before.east.webRoots = [WEB_ROOT, WEST_ROOT];
        now.east.webRoots = [WEST_ROOT];
      },
      'that of a peer that has changed its own: one change': (now, before) => {
        privateWest(before, WEST_ROOT);
        before.east.webRoots = [WEST_ROOT];
        privateWest(now, WEB_ROOT);
        now.east.webRoots = [WEST_ROOT, WEB_ROOT];
      },
      'that of a peer whose authority was public: one change': (now, before) => {
        before.west.endpoint.certificate = { source: 'secret', trust: { type: 'public' } };
        privateWest(now, WEB_ROOT);
        now.east.webRoots = [WEB_ROOT];
      },
      'the same, and it was believed about others already': (now, before) => {
        before.west.endpoint.certificate = { source: 'secret', trust: { type: 'public' } };
        privateWest(now, WEB_ROOT);
        for (const draft of [now, before]) draft.east.webRoots = [WEB_ROOT];
      },
      'that of a peer that was verified by its own bundle: one change': (now, before) => {
        for (const draft of [now, before]) Object.assign(draft.west, { platform: 'kubernetes' });
        before.west.endpoint = { ...before.west.endpoint, profile: 'https_spiffe', spiffeId: 'spiffe://x/y' };
        privateWest(now, WEB_ROOT);
        now.east.webRoots = [WEB_ROOT];
      },
      'that of a peer that had no endpoint': (now, before) => {
        delete (before.west as { endpoint?: unknown }).endpoint;
        privateWest(now, WEB_ROOT);
        now.east.webRoots = [WEB_ROOT];
      },
      'that of a peer that is newly believed: one change': (now, before) => {
        for (const draft of [now, before]) privateWest(draft, WEST_ROOT);
        before.east.relationships = before.east.relationships.slice(1);
        before.east.identities = [];
        now.east.identities = [];
        before.edges = before.edges.slice(1);
        now.east.webRoots = [WEST_ROOT];
      },
      'that of somebody new whom nobody believes': (now, before) => {
        for (const draft of [now, before]) draft.edges = draft.edges.filter(({ provider }) => provider !== 'partner');
        before.east.relationships = before.east.relationships.slice(0, 1);
        now.east.relationships = now.east.relationships.slice(0, 1);
        before.partner.trustDomain = 'former.example';
        before.partner.name = 'former';
        now.partner.endpoint.certificate = { source: 'secret', trust: { type: 'private', roots: WEB_ROOT } };
        now.east.webRoots = [WEB_ROOT];
      },
      'that of a peer that was believed already': (now, before) => {
        for (const draft of [now, before]) privateWest(draft, WEST_ROOT);
        now.east.webRoots = [WEST_ROOT];
        now.east.relationships.push(web('stranger.example', 'https://stranger.example/'));
      },
    }),
  ).toMatchInlineSnapshot(`
"# one more
approval web-roots-added: 'prod/east' believes another private authority about the certificate of any https_web endpoint that it fetches from
  is: roots 'sha256:14c653cc6459c0cf'
  do: look whose roots these are, and approve it, or take them out of webRoots
# one less
note web-roots-removed: 'prod/east' no longer believes these authorities about certificates of https_web endpoints
  was: roots 'sha256:14c653cc6459c0cf'
# that of a peer that has changed its own: one change
approval web-trust-widened: 'prod/west' is believed by 'prod/east' with a certificate of another private authority, which can then speak for any https_web endpoint that they fetch from
  was: private, roots sha256:e64e192a9063c959
  is: private, roots sha256:14c653cc6459c0cf
  do: look whose roots these are, and approve it
# that of a peer whose authority was public: one change
approval web-trust-widened: 'prod/west' is believed by 'prod/east' with a certificate of another private authority, which can then speak for any https_web endpoint that they fetch from
  was: public
  is: private, roots sha256:14c653cc6459c0cf
  do: look whose roots these are, and approve it
# the same, and it was believed about others already
note web-trust-narrowed: 'prod/west' is believed with certificates of a private authority alone
  was: public
  is: private, roots sha256:14c653cc6459c0cf
# that of a peer that was verified by its own bundle: one change
approval profile-downgraded: 'prod/west' proves itself to 'prod/east' by a certificate of the web, and no longer by a SPIFFE ID: whoever gets one for 'federation.apps.west.example.org' says whom they believe as 'apps.west.example.org'
  was: https_spiffe at https://federation.apps.west.example.org/ as 'spiffe://x/y'
  is: https_web at https://federation.apps.west.example.org/, by a certificate of a private authority (roots sha256:14c653cc6459c0cf)
  do: keep https_spiffe, or approve it
note endpoint-self-served: 'prod/west' serves its bundle itself from now on: its bundle rests on no other trust domain
  was: served by 'x'
  is: served by 'apps.west.example.org'
note endpoint-details-changed: 'prod/west' has another certificate.dnsNames
  was: certificate.dnsNames '*.apps.west.example.org'
  is: certificate.dnsNames not known
# that of a peer that had no endpoint
approval web-roots-added: 'prod/east' believes another private authority about the certificate of any https_web endpoint that it fetches from
  is: roots 'sha256:14c653cc6459c0cf'
  do: look whose roots these are, and approve it, or take them out of webRoots
note endpoint-added: 'prod/west' has a bundle endpoint from now on: who can reach it reads the bundle, which is no secret
  is: https_web at https://federation.apps.west.example.org/
# that of a peer that is newly believed: one change
approval edge-made-mutual: 'prod/east' was believed by 'prod/west' alone, and believes it from now on: workloads of 'prod/east' whose identities name it verify what a CA of 'apps.west.example.org' signs
  is: https_web at https://federation.apps.west.example.org/, by a certificate of a private authority (roots sha256:e64e192a9063c959)
  do: approve it, or leave the edge out; let identities name the peer only when its bundle is there
# that of somebody new whom nobody believes
approval web-roots-added: 'prod/east' believes another private authority about the certificate of any https_web endpoint that it fetches from
  is: roots 'sha256:14c653cc6459c0cf'
  do: look whose roots these are, and approve it, or take them out of webRoots
note member-added: 'partner' is new, and believed by nobody who was there; it believes nobody either
  is: 'partner.example' (external), https_web at https://bundle.partner.example/spiffe.json, by a certificate of a private authority (roots sha256:14c653cc6459c0cf); believed by nobody; believes nobody
  do: bring it in by the steps of 'spirekit plan add partner': bundles before identities
note member-removed: 'former' is gone, and nobody who is left has believed it; its edges are part of this
  was: 'former.example' (external)
# that of a peer that was believed already
approval edge-added: 'prod/east' believes 'stranger.example' from now on: workloads of 'prod/east' whose identities name it verify what a CA of 'stranger.example' signs
  is: https_web at https://stranger.example/
  do: approve it, or leave the edge out; let identities name the peer only when its bundle is there
approval web-roots-added: 'prod/east' believes another private authority about the certificate of any https_web endpoint that it fetches from
  is: roots 'sha256:e64e192a9063c959'
  do: look whose roots these are, and approve it, or take them out of webRoots"
`);
});
