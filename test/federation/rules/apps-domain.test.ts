import { type Draft, tableOf } from '../fixtures';

const domain =
  (appsDomain: string | undefined, dnsAcknowledged?: boolean) =>
  ({ west: { endpoint } }: Draft) => {
    Object.assign(endpoint, { appsDomain, dnsAcknowledged });
  };

test('hosts of managed routes', () => {
  expect(
    tableOf({
      'below another domain': domain('apps.other.example.org'),
      'below another domain, with a record': domain('apps.other.example.org', true),
      'two labels below': domain('west.example.org'),
      'a domain that is not known': domain(undefined),
      'a domain that is not known, with a record': domain(undefined, true),
      'a route of one’s own': (mesh) => {
        domain('apps.other.example.org')(mesh);
        mesh.west.endpoint.exposure = 'route';
      },
    }),
  ).toMatchInlineSnapshot(`
"# below another domain
error E10 [prod/west] endpoint.host 'federation.apps.west.example.org' is not one label below 'apps.other.example.org': the router's DNS record does not cover it; make a DNS record for 'federation.apps.west.example.org' and say so (dnsRecord: true), or choose 'apps.other.example.org' as trust domain
# below another domain, with a record
# two labels below
error E10 [prod/west] endpoint.host 'federation.apps.west.example.org' is not one label below 'west.example.org': the router's DNS record does not cover it; make a DNS record for 'federation.apps.west.example.org' and say so (dnsRecord: true), or choose 'west.example.org' as trust domain
# a domain that is not known
warning E10 [prod/west] endpoint.host 'federation.apps.west.example.org' may have no DNS record: the apps domain of the cluster is not known; set appsDomain, or say that you make the record (dnsRecord: true)
# a domain that is not known, with a record
# a route of one’s own"
`);
});
