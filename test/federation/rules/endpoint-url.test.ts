import { type Draft, fixed, tableOf } from '../fixtures';

/** A URL at the endpoint and in the relationship, so that only the URL itself is wrong. */
const west = (url: string) => (mesh: Draft) => {
  mesh.west.endpoint.url = url;
  Object.assign(mesh.east.relationships[0] as object, { url });
};

test('URLs of endpoints', () => {
  expect(
    tableOf({
      http: west('http://federation.apps.west.example.org/'),
      'no scheme': west('federation.apps.west.example.org'),
      'no host': west('https://'),
      'a password': west('https://user:secret@federation.apps.west.example.org/'),
      'a path at a SPIRE server': west('https://federation.apps.west.example.org/bundle'),
      'a port that is not exposed': west('https://federation.apps.west.example.org:8443/'),
      'no path, and the port that is meant anyway': west('https://federation.apps.west.example.org:443'),
      'no port is exposed': ({ west: { endpoint } }) => {
        endpoint.ports = [];
      },
      'a foreign endpoint': ({ east }) => {
        east.staticRelationships = [fixed('far.example', 'http://far.example')];
      },
    }),
  ).toMatchInlineSnapshot(`
"# http
error E08 [prod/west] endpoint.url 'http://federation.apps.west.example.org/' does not begin with https://; write a URL that does, such as 'https://bundle.example.org/'
# no scheme
error E08 [prod/west] endpoint.url 'federation.apps.west.example.org' does not begin with https://; write a URL that does, such as 'https://bundle.example.org/'
# no host
error E08 [prod/west] endpoint.url 'https://' is not a URL; write one, such as 'https://bundle.example.org/'
# a password
error E08 [prod/west] endpoint.url 'https://…@federation.apps.west.example.org/' has a user name or password in it; remove it: bundles are public
# a path at a SPIRE server
error E08 [prod/west] endpoint.url 'https://federation.apps.west.example.org/bundle' has the path '/bundle', where a SPIRE server answers 404; write 'https://federation.apps.west.example.org/'
# a port that is not exposed
error E08 [prod/west] endpoint.url 'https://federation.apps.west.example.org:8443/' leads to port 8443, but only 443 is exposed; write an exposed port into the URL, or expose this one
# no path, and the port that is meant anyway
# no port is exposed
error E08 [prod/west] endpoint.url 'https://federation.apps.west.example.org/' leads to port 443, but no port is exposed; write an exposed port into the URL, or expose this one
# a foreign endpoint
error E08 [prod/east] staticRelationships[0].url 'http://far.example' does not begin with https://; write a URL that does, such as 'https://bundle.example.org/'"
`);
});
