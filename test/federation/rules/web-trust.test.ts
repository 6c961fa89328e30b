import { type Fetching, type Member, meshFrom, proveMesh } from '../../../lib/federation';
import { type Draft, NOW, tableOf } from '../fixtures';
import { EAST_ROOT, WEB_ROOT, WEST_ROOT } from '../fixtures-certificates';
import type { Mutable } from '../mutable';

const trust = (type: 'staging' | 'private', roots?: string) => (mesh: Draft) => {
  Object.assign(mesh.west.endpoint.certificate as object, { trust: { type, ...(roots !== undefined && { roots }) } });
};

test('authorities', () => {
  expect(
    tableOf({
      'a staging authority': trust('staging'),
      'a private authority without roots': trust('private'),
      'a private authority whose roots are none': trust('private', 'MII'),
      'a private authority that nobody believes': trust('private', WEB_ROOT),
      'a private authority that is believed, written otherwise': (mesh) => {
        trust('private', `the root:\n${WEB_ROOT}`)(mesh);
        mesh.east.webRoots = [`${EAST_ROOT}${WEB_ROOT.replaceAll('\n', '\r\n')}`];
      },
      'one of two roots is believed': (mesh) => {
        trust('private', `${WEB_ROOT}${WEST_ROOT}`)(mesh);
        mesh.east.webRoots = [WEB_ROOT];
      },
      'roots that are none': ({ east }) => {
        east.webRoots = [WEB_ROOT, 'MII'];
      },
      'a staging authority of one whom nobody believes': (mesh) => {
        trust('staging')(mesh);
        mesh.edges.shift();
        mesh.edges[0] = { consumer: 'prod/west', provider: 'prod/east', oneWay: true };
        mesh.east.relationships.shift();
        mesh.east.identities = [];
      },
    }),
  ).toMatchInlineSnapshot(`
"# a staging authority
error E11 [prod/west] endpoint.certificate.trust 'staging' is of an authority that nobody believes, and 'prod/east' cannot fetch the bundle; take the certificate from the authority's production directory
# a private authority without roots
error E11 [prod/west] endpoint.certificate.trust.roots are missing: without the roots of the private authority 'prod/east' cannot be told to believe it; paste the root certificates of the authority in PEM
# a private authority whose roots are none
error E11 [prod/west] endpoint.certificate.trust.roots holds no certificate in PEM: without the roots of the private authority 'prod/east' cannot be told to believe it; paste the root certificates of the authority in PEM
# a private authority that nobody believes
error E11 [prod/west] endpoint.certificate.trust 'private' is of an authority that none of its consumers believes: 'prod/east'; add its root certificates to webRoots of every consumer, or use a public authority
# a private authority that is believed, written otherwise
# one of two roots is believed
error E11 [prod/west] endpoint.certificate.trust 'private' is of an authority that none of its consumers believes: 'prod/east'; add its root certificates to webRoots of every consumer, or use a public authority
# roots that are none
error E11 [prod/east] webRoots[1] holds no certificate in PEM; paste root certificates in PEM
# a staging authority of one whom nobody believes"
`);
});

/** The partner believes `west`, too. */
const partner = (fetches: Mutable<Fetching>, change: (mesh: Draft) => void) => (mesh: Draft) => {
  mesh.partner.fetches = fetches;
  mesh.edges.push({ consumer: 'partner', provider: 'prod/west', oneWay: true });
  change(mesh);
};

test('authorities that a foreign system must believe', () => {
  const byWeb: Mutable<Fetching> = { profiles: ['https_web'] };
  expect(
    tableOf({
      'a staging authority': partner(byWeb, trust('staging')),
      'a private authority, which clusters were told': partner(byWeb, (mesh) => {
        trust('private', WEB_ROOT)(mesh);
        mesh.east.webRoots = [WEB_ROOT];
      }),
      'a private authority, which nobody was told': partner(byWeb, trust('private', WEB_ROOT)),
      'a private authority that it is known to believe': partner(byWeb, (mesh) => {
        trust('private', WEB_ROOT)(mesh);
        mesh.east.webRoots = [WEB_ROOT];
        mesh.partner.webRoots = [WEB_ROOT];
      }),
      'a private authority that it is known not to believe': partner(byWeb, (mesh) => {
        trust('private', WEB_ROOT)(mesh);
        mesh.east.webRoots = [WEB_ROOT];
        mesh.partner.webRoots = [];
      }),
      'a private authority that it alone must believe': partner(byWeb, (mesh) => {
        trust('private', WEB_ROOT)(mesh);
        mesh.edges.shift();
        mesh.edges[0] = { consumer: 'prod/west', provider: 'prod/east', oneWay: true };
        mesh.east.relationships.shift();
        mesh.east.identities = [];
      }),
      'a public authority': partner(byWeb, () => undefined),
    }),
  ).toMatchInlineSnapshot(`
"# a staging authority
error E11 [prod/west] endpoint.certificate.trust 'staging' is of an authority that nobody believes, and 'prod/east' and 'partner' cannot fetch the bundle; take the certificate from the authority's production directory
# a private authority, which clusters were told
warning E11 [prod/west] endpoint.certificate.trust 'private' is of an authority that 'partner' must be told to believe by those who run it; hand them its root certificates and accept this, or use a public authority
# a private authority, which nobody was told
warning E11 [prod/west] endpoint.certificate.trust 'private' is of an authority that 'partner' must be told to believe by those who run it; hand them its root certificates and accept this, or use a public authority
error E11 [prod/west] endpoint.certificate.trust 'private' is of an authority that none of its consumers believes: 'prod/east'; add its root certificates to webRoots of every consumer, or use a public authority
# a private authority that it is known to believe
# a private authority that it is known not to believe
error E11 [partner] webRoots lack the private authority of 'prod/west', whose bundle endpoint is not believed here; add the authority's root certificates to webRoots of this member
# a private authority that it alone must believe
warning E11 [prod/west] endpoint.certificate.trust 'private' is of an authority that 'partner' must be told to believe by those who run it; hand them its root certificates and accept this, or use a public authority
# a public authority"
`);
});

test('who does not believe what others do is named, once for all providers', () => {
  const url = (name: string) => `https://${name}.example/`;
  const members = ['a', 'b', 'c'].map(
    (name): Member => ({
      name,
      platform: 'kubernetes',
      trustDomain: `${name}.example`,
      webRoots: name === 'c' ? [] : [WEB_ROOT],
      endpoint: {
        url: url(name),
        profile: 'https_web',
        servedBySpire: true,
        exposure: 'ingress',
        termination: 'passthrough',
        certificate: { source: 'cert-manager', trust: { type: 'private', roots: WEB_ROOT } },
      },
      relationships: ['a', 'b', 'c']
        .filter((other) => other !== name)
        .map((other) => ({ trustDomain: `${other}.example`, url: url(other), profile: 'https_web' })),
    }),
  );
  const edges = ['ab', 'ba', 'ac', 'ca', 'bc', 'cb'].map(([consumer = '', provider = '']) => ({ consumer, provider }));
  expect(proveMesh(meshFrom({ members, edges }), { now: NOW })).toEqual([
    {
      rule: 'E11',
      severity: 'error',
      member: 'c',
      property: 'webRoots',
      message: "lack the private authority of 'a' and 'b', whose bundle endpoint is not believed here",
      remedy: "add the authority's root certificates to webRoots of this member",
    },
  ]);
});
