import { bundleOfRoots } from '../../../lib/federation';
import { begunText, bundleText, digestOf, fetchedText, listText } from '../../../lib/federation/diff/words';
import { EAST_ROOT } from '../fixtures-certificates';

test('lists: the same names are the same text, other names are another', () => {
  const many = Array.from({ length: 11 }, (_, index) => `m${index}`);
  expect([listText([]), listText(['b', 'a', 'b']), listText(many.slice(0, 10)), listText(many)]).toMatchInlineSnapshot(`
[
  "nobody",
  "'a', 'b'",
  "'m0', 'm1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7', 'm8', 'm9'",
  "'m0', 'm1', 'm10' and 8 more (digest 8121f0fb)",
]
`);
  expect(listText([...many].reverse())).toBe(listText(many));
  expect(listText([...many.slice(0, 10), 'other'])).not.toBe(listText(many));
  expect(digestOf(['a', 'b'])).not.toBe(digestOf(['a,b']));
});

test('where and how a bundle is fetched, and what is believed at first', () => {
  const web = {
    url: 'https://user:secret@a.example/',
    profile: 'https_web',
    endpointSpiffeId: 'spiffe://a/b',
  } as const;
  const bySvid = { ...web, url: 'https://a.example/', profile: 'https_spiffe' } as const;
  const bundle = bundleOfRoots(EAST_ROOT, { refreshHint: 300 });
  expect([
    fetchedText(web),
    fetchedText(bySvid),
    begunText(bySvid, {}),
    begunText(bySvid, { bundle }),
    begunText(bySvid, { firstBundle: 'pin' }),
  ]).toMatchInlineSnapshot(`
[
  "https_web at https://…@a.example/",
  "https_spiffe at https://a.example/ as 'spiffe://a/b'",
  "https_spiffe at https://a.example/ as 'spiffe://a/b'",
  "https_spiffe at https://a.example/ as 'spiffe://a/b', first bundle sha256:ecc82cf306804c9c",
  "https_spiffe at https://a.example/ as 'spiffe://a/b', first bundle by pin",
]
`);
  expect([bundleText(undefined), bundleText('{'), bundleText(bundle)]).toEqual([
    'none',
    'unreadable',
    expect.stringMatching(/^sha256:[0-9a-f]{16}$/),
  ]);
});
