import type { Identity } from '../../../lib/federation';
import { type Draft, identity, tableOf } from '../fixtures';
import type { Mutable } from '../mutable';

/** An identity of `east` that names `west`. */
const shop =
  (accepts: Mutable<Identity>['accepts'], rest: Partial<Mutable<Identity>> = {}) =>
  ({ east }: Draft) => {
    east.identities = [
      identity('other', []),
      { ...identity('shop', ['apps.west.example.org']), ...(accepts && { accepts }), ...rest },
    ];
  };

test('whomever they can verify', () => {
  expect(
    tableOf({
      'a peer': shop('any'),
      'made by a construct': shop('any', { path: 'prod/east/identity-shop' }),
      'several peers': shop('any', { federatesWith: ['apps.west.example.org', 'partner.example'] }),
      'nobody but the own trust domain': shop('any', { federatesWith: ['east.example.org'] }),
      'no peer': shop('any', { federatesWith: [] }),
      'not said': shop(undefined),
      'a trust domain': shop(['apps.west.example.org']),
    }),
  ).toMatchInlineSnapshot(`
"# a peer
warning W28 [prod/east] identities[1].accepts 'any' lets in every identity of 'apps.west.example.org'; list the SPIFFE IDs that the workloads accept, or trust domains at least
# made by a construct
warning W28 [prod/east/identity-shop] accepts 'any' lets in every identity of 'apps.west.example.org'; list the SPIFFE IDs that the workloads accept, or trust domains at least
# several peers
warning W28 [prod/east] identities[1].accepts 'any' lets in every identity of 'apps.west.example.org' and 'partner.example'; list the SPIFFE IDs that the workloads accept, or trust domains at least
# nobody but the own trust domain
# no peer
# not said
# a trust domain"
`);
});

test('whom they list', () => {
  expect(
    tableOf({
      'their own, and a peer': shop([
        'east.example.org',
        'spiffe://east.example.org/ns/shop',
        'spiffe://apps.west.example.org/ns/billing/sa/billing',
      ]),
      nobody: shop([]),
      'an ID of somebody whom the identity does not name': shop([
        'spiffe://apps.west.example.org/billing',
        'spiffe://partner.example/billing',
      ]),
      'a trust domain that it does not name': shop(['partner.example']),
      'made by a construct': shop(['partner.example'], { path: 'prod/east/identity-shop' }),
      'what is no name': shop(['Partner', 'spiffe://partner.example/a//b', '']),
    }),
  ).toMatchInlineSnapshot(`
"# their own, and a peer
# nobody
# an ID of somebody whom the identity does not name
error E39 [prod/east] identities[1].accepts[1] 'spiffe://partner.example/billing' is in 'partner.example', which is neither its own trust domain nor one that the identity names: it can never be verified; add 'partner.example' to federatesWith, or remove it here
# a trust domain that it does not name
error E39 [prod/east] identities[1].accepts[0] 'partner.example' is neither its own trust domain nor one that the identity names: it can never be verified; add 'partner.example' to federatesWith, or remove it here
# made by a construct
error E39 [prod/east/identity-shop] accepts[0] 'partner.example' is neither its own trust domain nor one that the identity names: it can never be verified; add 'partner.example' to federatesWith, or remove it here
# what is no name
error E39 [prod/east] identities[1].accepts[0] 'Partner' is not valid: trust domain characters are limited to lowercase letters, numbers, dots, dashes, and underscores; write the trust domain in lowercase
error E39 [prod/east] identities[1].accepts[1] 'spiffe://partner.example/a//b' is not valid: path cannot contain empty segments; write one '/' between segments
error E39 [prod/east] identities[1].accepts[2] '' is not valid: trust domain is missing; write one, such as 'example.org'"
`);
});
