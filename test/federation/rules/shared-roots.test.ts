import { bundleOfRoots, type Member, meshFrom, proveMesh } from '../../../lib/federation';
import { findingsIn, NOW, tableOf } from '../fixtures';
import { EAST_ROOT, RSA_ROOT, WEB_ROOT, WEST_ROOT } from '../fixtures-certificates';

const hinted = (pem: string) => ({ bundle: bundleOfRoots(pem, { refreshHint: 300 }) });

test('roots in common', () => {
  expect(
    tableOf({
      'two upstream authorities below one root': ({ west }) => {
        west.upstream = { roots: EAST_ROOT };
      },
      'one root of two, in another notation': ({ west }) => {
        west.upstream = { roots: `# both\r\n${WEST_ROOT}${EAST_ROOT.replaceAll('\n', '\r\n')}` };
      },
      'two roots in common are one finding': ({ east, west }) => {
        west.upstream = { roots: `${WEST_ROOT}${EAST_ROOT}` };
        east.upstream = { roots: `${EAST_ROOT}${WEST_ROOT}` };
      },
      'by the seed, where the roots are not known': ({ partner }) => {
        partner.seed = hinted(EAST_ROOT);
      },
      'not by the seed, where they are known': ({ west }) => {
        west.upstream = { roots: WEST_ROOT };
        west.seed = hinted(`${WEST_ROOT}${EAST_ROOT}`);
      },
      'a root for each': ({ west, partner }) => {
        west.upstream = { roots: WEST_ROOT };
        partner.seed = hinted(RSA_ROOT);
      },
      'one trust domain, which is another mistake': ({ east, west, edges }) => {
        west.upstream = { roots: EAST_ROOT };
        west.trustDomain = 'east.example.org';
        for (const member of [east, west]) Object.assign(member, { relationships: [], identities: [] });
        edges.splice(0);
      },
    }).replaceAll(/^.* E15 .*\n/gm, ''),
  ).toMatchInlineSnapshot(`
"# two upstream authorities below one root
error E32 [] members 'prod/east' and 'prod/west' have a root in common (SHA-256 4C:FB:48:AE:E1:EF:F0:A0…): each can sign identities of the other trust domains, for a bundle names roots and nothing more is verified; give every trust domain a root of its own, or accept it (sharedRoots: 'accepted') for clusters of one administration
# one root of two, in another notation
error E32 [] members 'prod/east' and 'prod/west' have a root in common (SHA-256 4C:FB:48:AE:E1:EF:F0:A0…): each can sign identities of the other trust domains, for a bundle names roots and nothing more is verified; give every trust domain a root of its own, or accept it (sharedRoots: 'accepted') for clusters of one administration
# two roots in common are one finding
error E32 [] members 'prod/east' and 'prod/west' have a root in common (SHA-256 4C:FB:48:AE:E1:EF:F0:A0…): each can sign identities of the other trust domains, for a bundle names roots and nothing more is verified; give every trust domain a root of its own, or accept it (sharedRoots: 'accepted') for clusters of one administration
# by the seed, where the roots are not known
error E32 [] members 'prod/east' and 'partner' have a root in common (SHA-256 4C:FB:48:AE:E1:EF:F0:A0…): each can sign identities of the other trust domains, for a bundle names roots and nothing more is verified; give every trust domain a root of its own, or accept it (sharedRoots: 'accepted') for clusters of one administration
# not by the seed, where they are known
# a root for each
# one trust domain, which is another mistake
error E01 [prod/west] trustDomain 'east.example.org' is the trust domain of 'prod/east' too: others can believe only one of the two; give every member a trust domain of its own"
`);
});

/** Members of which nothing is known but their roots. */
const below = (...roots: string[]): Member[] =>
  roots.map((pem, index) => ({
    name: `m${index}`,
    platform: 'kubernetes',
    trustDomain: `m${index}.example`,
    upstream: { roots: pem },
  }));

test('each group of members is one finding, however many they are', () => {
  const members = below(WEST_ROOT, WEST_ROOT, WEST_ROOT, WEST_ROOT, WEST_ROOT, RSA_ROOT, WEB_ROOT, RSA_ROOT);
  expect(findingsIn({ members, edges: [] })).toMatchInlineSnapshot(`
[
  "error E32 [] members 'm0', 'm1', 'm2', 'm3' and 'm4' have a root in common (SHA-256 3A:83:D3:C2:D6:D4:AD:DC…): each can sign identities of the other trust domains, for a bundle names roots and nothing more is verified; give every trust domain a root of its own, or accept it (sharedRoots: 'accepted') for clusters of one administration",
  "error E32 [] members 'm5' and 'm7' have a root in common (SHA-256 1C:AC:2D:D0:FF:AC:26:CD…): each can sign identities of the other trust domains, for a bundle names roots and nothing more is verified; give every trust domain a root of its own, or accept it (sharedRoots: 'accepted') for clusters of one administration",
]
`);
});

test('accepted by an explicit choice, and no other', () => {
  const members = below(WEST_ROOT, WEST_ROOT);
  expect(findingsIn({ members, edges: [], sharedRoots: 'accepted' })).toEqual([]);
  const other = { members, edges: [], sharedRoots: true as never };
  expect(proveMesh(meshFrom(other), { now: NOW })).toMatchObject([
    { rule: 'E00', property: 'sharedRoots', remedy: 'write one of accepted' },
    { rule: 'E32', severity: 'error', member: '', property: 'members' },
  ]);
});
