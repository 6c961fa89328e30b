import { dataOf, draft } from '../fixtures';
import { changesIn, rename, tableOfChanges } from '../fixtures-changes';

test('a trust domain that changes', () => {
  expect(
    tableOfChanges({
      'nothing changes': () => undefined,
      'of a cluster': ({ east }) => {
        east.trustDomain = 'new.example.org';
      },
      'of each platform': ({ east, west }) => {
        east.trustDomain = 'east.example.net';
        west.trustDomain = 'west.example.net';
      },
      'of one that others run: a new peer': ({ partner }) => {
        partner.trustDomain = 'partner.example.net';
      },
      'a cluster in the place of one that others ran': ({ partner }) => {
        Object.assign(partner, { platform: 'kubernetes', trustDomain: 'partner.example.net' });
      },
      'a member that has another name now': (now) => {
        rename(now, 'prod/east', 'prod/east-1');
      },
      'a name that another member has now': (now) => {
        rename(now, 'prod/east', 'old/east');
        rename(now, 'prod/west', 'prod/east');
      },
      'two that have changed places': ({ east, west }) => {
        [east.trustDomain, west.trustDomain] = [west.trustDomain, east.trustDomain];
      },
    }),
  ).toMatchInlineSnapshot(`
"# nothing changes
# of a cluster
error E20 [prod/east] trustDomain 'new.example.org' was 'east.example.org': what runs there has entries and agents of it, and SPIRE cannot change a trust domain; keep 'east.example.org', or add a member beside it, move the workloads there, and remove this one
# of each platform
error E20 [prod/east] trustDomain 'east.example.net' was 'east.example.org': what runs there has entries and agents of it, and SPIRE cannot change a trust domain; keep 'east.example.org', or add a member beside it, move the workloads there, and remove this one
error E20 [prod/west] trustDomain 'west.example.net' was 'apps.west.example.org': what runs there has entries and agents of it, and SPIRE cannot change a trust domain; keep 'apps.west.example.org', or add a member beside it, move the workloads there, and remove this one
# of one that others run: a new peer
# a cluster in the place of one that others ran
# a member that has another name now
# a name that another member has now
error E20 [prod/east] trustDomain 'apps.west.example.org' was 'east.example.org', which 'old/east' has now: what runs there has entries and agents of it, and SPIRE cannot change a trust domain; give the member of 'apps.west.example.org' a name of its own
# two that have changed places
error E20 [prod/east] trustDomain 'apps.west.example.org' was 'east.example.org', which 'prod/west' has now: what runs there has entries and agents of it, and SPIRE cannot change a trust domain; give the member of 'apps.west.example.org' a name of its own
error E20 [prod/west] trustDomain 'east.example.org' was 'apps.west.example.org', which 'prod/east' has now: what runs there has entries and agents of it, and SPIRE cannot change a trust domain; give the member of 'east.example.org' a name of its own"
`);
});

test('without a federation before there is nothing to compare', () => {
  const now = draft();
  now.east.trustDomain = 'new.example.org';
  expect(changesIn(dataOf(now))).toEqual([]);
});
