import type { Member } from '../../../lib/federation';
import { identityWait } from '../../../lib/verify/workloads/waits';

const member = (refreshHint?: number): Member => ({
  name: 'west',
  platform: 'kubernetes',
  trustDomain: 'west.example.com',
  endpoint: {
    url: 'https://west.example.com/',
    profile: 'https_web',
    servedBySpire: true,
    exposure: 'other',
    termination: 'passthrough',
    ...(refreshHint !== undefined && { refreshHint }),
  },
});

test.each<[string, Member[], number]>([
  ['all bundles are held: a reconciliation, and a sync of the agent', [], 45],
  ['one is not: its next fetch too', [member(600)], 45 + 150],
  ['of several, the longest', [member(60), member(400)], 45 + 100],
  ['SPIRE treats shorter hints as a minute', [member(1)], 45 + 15],
  ['without a hint it is the one of SPIRE', [member()], 45 + 75],
  ['a day is not waited for', [member(24 * 60 * 60)], 45 + 300],
])('%s', (_, missing, seconds) => {
  expect(identityWait(missing)).toBe(seconds);
});
