import type { Member } from '../../lib/federation';
import { fetchesEvery, unseenFor } from '../../lib/federation/fetching';
import { draft } from './fixtures';

const { east, partner } = draft();

/** A provider with a hint or none, of CAs of a day. */
const provider = (refreshHint: number | undefined, rest: Partial<Member> = {}, servedBySpire = false): Member => ({
  ...partner,
  platform: 'kubernetes',
  caTtl: 24 * 3600,
  endpoint: { ...partner.endpoint, refreshHint: refreshHint as number, servedBySpire },
  ...rest,
});

const foreign = (fetches: Member['fetches']): Member => ({ ...partner, ...(fetches && { fetches }) });

test('SPIRE fetches four times within a hint', () => {
  expect(fetchesEvery(east, provider(300))).toBe(75);
  expect(fetchesEvery(east, provider(10))).toBe(15);
  expect(unseenFor(east, provider(300))).toBe(80);
});

test('without a hint it goes by the lifetime of the CA, or by its own default where SPIRE serves', () => {
  expect(fetchesEvery(east, provider(undefined))).toBe(36 * 60);
  expect(fetchesEvery(east, provider(undefined, {}, true))).toBe(75);
  expect(fetchesEvery(east, provider(undefined, { caTtl: undefined as never }))).toBeUndefined();
  expect(unseenFor(east, provider(undefined, { platform: 'external' }))).toBeUndefined();
});

test('a foreign system fetches as it says, and has no agents that anybody here knows of', () => {
  expect(fetchesEvery(foreign({ profiles: [], interval: 1800, fetchesPerHint: 1 }), provider(300))).toBe(1800);
  expect(fetchesEvery(foreign({ profiles: [], fetchesPerHint: 1 }), provider(300))).toBe(300);
  expect(unseenFor(foreign({ profiles: [] }), provider(300))).toBe(75);
  expect(fetchesEvery(foreign({ profiles: [] }), provider(undefined))).toBeUndefined();
});

test('what a cluster says of fetching has no effect: it is a SPIRE server', () => {
  expect(fetchesEvery({ ...east, fetches: { profiles: [], interval: 1 } }, provider(300))).toBe(75);
});
