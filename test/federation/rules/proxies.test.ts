import { type Draft, fixed, tableOf, web } from '../fixtures';

/** `west` with a proxy, and hosts of peers that it fetches from. */
const west =
  (noProxy: string[], ...hosts: string[]) =>
  ({ west }: Draft) => {
    west.proxy = { noProxy };
    if (hosts.length === 0) return;
    west.staticRelationships = hosts.map((host, index) => fixed(`peer-${index}.example`, `https://${host}/`));
  };

test('private hosts of peers', () => {
  expect(
    tableOf({
      'a public host': west([]),
      'a name inside of a cluster': west([], 'spire.lab.svc'),
      'that name, covered': west(['.svc'], 'spire.lab.svc', 'spire.lab.svc:8443'),
      'that name, at another port': west(['.svc:443'], 'spire.lab.svc:8443'),
      'several of them': west(
        ['.lab.internal'],
        'a.lab.internal',
        'b.internal',
        'c.internal',
        'spire',
        '10.1.2.3:8443',
        '[fd00::1]',
      ),
      'addresses that a network covers': west(['10.0.0.0/8', 'fd00::/8'], '10.1.2.3', '[fd00::1]'),
      'a name that leads into a network': west(['10.0.0.0/8'], 'b.internal', '10.1.2.3'),
      'public addresses': west([], '203.0.113.5', '[2001:db8::1]'),
      'as objects': ({ west }) => {
        west.proxy = { noProxy: [] };
        west.relationships.push({ ...web('far.example', 'https://far.internal'), className: 'ztwim' });
      },
      'of a member without a proxy': ({ west }) => {
        west.staticRelationships = [fixed('far.example', 'https://far.internal')];
      },
      'of a foreign system': ({ partner }) => {
        partner.proxy = { noProxy: ['http://x'] };
        partner.relationships = [web('far.example', 'https://far.internal')];
      },
      'what is no URL': ({ west }) => {
        west.proxy = { noProxy: [] };
        west.staticRelationships = [fixed('far.example', 'far.internal')];
      },
    }),
  ).toMatchInlineSnapshot(`
"# a public host
# a name inside of a cluster
warning W29 [prod/west] proxy.noProxy does not cover 'spire.lab.svc', so that the proxy is asked for a private host; add them, or a domain that they are in; if the proxy reaches them, accept this
# that name, covered
# that name, at another port
warning W29 [prod/west] proxy.noProxy does not cover 'spire.lab.svc', so that the proxy is asked for a private host; add them, or a domain that they are in; if the proxy reaches them, accept this
# several of them
warning W29 [prod/west] proxy.noProxy does not cover 'b.internal', 'c.internal', 'spire' and 2 more, so that the proxy is asked for private hosts; add them, or a domain that they are in; if the proxy reaches them, accept this
# addresses that a network covers
# a name that leads into a network
warning W29 [prod/west] proxy.noProxy does not cover 'b.internal', so that the proxy is asked for a private host; networks in it cover addresses, not names that lead to them; add them, or a domain that they are in; if the proxy reaches them, accept this
# public addresses
# as objects
warning W29 [prod/west] proxy.noProxy does not cover 'far.internal', so that the proxy is asked for a private host; add them, or a domain that they are in; if the proxy reaches them, accept this
# of a member without a proxy
# of a foreign system
# what is no URL
error E08 [prod/west] staticRelationships[0].url 'far.internal' does not begin with https://; write a URL that does, such as 'https://bundle.example.org/'"
`);
});

test('entries', () => {
  expect(
    tableOf({
      'that cover something': west(['.svc', 'a.example:8443', '10.0.0.0/8', 'fd00::1', '*.b.example']),
      'that cover nothing': west(['http://a.example', '10.0.0.0/99', '']),
      'that cover everything': west(['.svc', '*'], 'b.internal'),
    }),
  ).toMatchInlineSnapshot(`
"# that cover something
# that cover nothing
warning W29 [prod/west] proxy.noProxy[0] 'http://a.example' is a URL, which no host ever equals; write the host alone, such as 'example.com'
warning W29 [prod/west] proxy.noProxy[1] '10.0.0.0/99' is not a network; write one such as '10.0.0.0/8' or 'fd00::/8'
warning W29 [prod/west] proxy.noProxy[2] '' is empty; leave it out
# that cover everything
warning W29 [prod/west] proxy.noProxy[1] '*' covers every host, so that the proxy is never asked; leave the proxy out, or name the hosts that are reached without it"
`);
});
