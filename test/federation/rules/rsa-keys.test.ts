import { describe as describeFinding } from '../../../lib/core';
import { type Member, meshFrom, proveMesh, type TrustEdge } from '../../../lib/federation';
import { rsaKeys } from '../../../lib/federation/rules/rsa-keys';
import { NOW } from '../fixtures';

const members = (count: number, keyType?: string): Member[] =>
  Array.from({ length: count }, (_, index) => ({
    name: `${keyType ?? 'none'}-${index}`,
    platform: 'kubernetes',
    trustDomain: `${keyType ?? 'none'}-${index}.example`,
    ...(keyType !== undefined && { keyType }),
  }));

/** Everyone believes everyone, or only the first does. */
const edges = (all: readonly Member[], consumers = all): TrustEdge[] =>
  consumers.flatMap(({ name: consumer }) => all.map(({ name: provider }) => ({ consumer, provider, oneWay: true })));

const found = (all: readonly Member[], lines = edges(all)): string[] =>
  proveMesh(meshFrom({ members: all, edges: lines }), { now: NOW, rules: [rsaKeys] }).map(
    (finding) => `${finding.severity} ${finding.rule} [${finding.member}] ${describeFinding(finding)}`,
  );

test('few members, EC keys, keys of which nothing is known', () => {
  expect(found(members(51, 'rsa-2048'))).toEqual([]);
  expect(found(members(60, 'ec-p256'))).toEqual([]);
  expect(found(members(60))).toEqual([]);
  expect(found([...members(40, 'rsa-2048'), ...members(60, 'ec-p256')])).toEqual([]);
});

test('many members that do not believe each other', () => {
  expect(found(members(60, 'rsa-4096'), [])).toEqual([]);
});

test('everyone believes everyone', () => {
  expect(found(members(52, 'rsa-2048'))).toMatchInlineSnapshot(`
[
  "warning W30 [] members 'rsa-2048-0', 'rsa-2048-1', 'rsa-2048-2' and 49 more have RSA keys, and 'rsa-2048-0', 'rsa-2048-1', 'rsa-2048-2' and 49 more believe up to 51 of them: agents fetch each bundle that their workloads name every 5s, and these are twice as large as with EC keys; set caKeyType: 'ec-p256' (server.caKeyType), unless something that verifies their JWT-SVIDs knows RSA alone",
]
`);
});

test('a hub that believes all of them', () => {
  const hub: Member = { name: 'hub', platform: 'kubernetes', trustDomain: 'hub.example', keyType: 'ec-p256' };
  const all = [...members(30, 'rsa-2048'), ...members(30, 'rsa-4096'), hub];
  expect(found(all, edges(all, [hub]))).toMatchInlineSnapshot(`
[
  "warning W30 [] members 'rsa-2048-0', 'rsa-2048-1', 'rsa-2048-2' and 57 more have RSA keys, and 'hub' believes up to 60 of them: agents fetch each bundle that their workloads name every 5s, and these are twice as large as with EC keys; set caKeyType: 'ec-p256' (server.caKeyType), unless something that verifies their JWT-SVIDs knows RSA alone",
]
`);
});
