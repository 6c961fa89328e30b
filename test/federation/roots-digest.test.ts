import { rootsDigest, sameRoots } from '../../lib/federation/roots-digest';
import { EAST_ROOT, WEST_ROOT } from './fixtures-certificates';

test('two texts of the same certificates have the same digest', () => {
  const both = rootsDigest(`${EAST_ROOT}\n${WEST_ROOT}`);
  expect(both).toMatch(/^sha256:[0-9a-f]{64}$/);
  const others = [
    `# East\r\n${WEST_ROOT.replace(/\n/g, '\r\n  ')}\n${EAST_ROOT}`,
    EAST_ROOT + WEST_ROOT + EAST_ROOT,
    both,
  ];
  expect(others.map(rootsDigest)).toEqual([both, both, both]);
  expect([EAST_ROOT, WEST_ROOT].map(rootsDigest)).not.toContain(both);
});

test('what cannot be read is known by its text', () => {
  expect(new Set(['', 'a', 'b', EAST_ROOT.slice(0, -40)].map(rootsDigest)).size).toBe(4);
});

test('whether roots are the same, by texts or digests', () => {
  expect([
    sameRoots(EAST_ROOT, rootsDigest(EAST_ROOT)),
    sameRoots(EAST_ROOT, rootsDigest(WEST_ROOT)),
    sameRoots(undefined, undefined),
    sameRoots(EAST_ROOT, undefined),
    sameRoots(undefined, rootsDigest(EAST_ROOT)),
  ]).toEqual([true, false, true, false, false]);
});
