import type { Member } from '../../../lib/federation';
import { hardLimits } from '../../../lib/federation/rules/hard-limits';
import { type Given, memberOf, meshOf, naming } from '../analysis/fixtures';
import { foundBy, tableBy } from '../analysis/found';

/** Trust domains of some length. */
const peers = (count: number, letters = 20) =>
  Array.from({ length: count }, (_, index) => `${index}.`.padEnd(letters, 'x'));

const names = (count: number, letters?: number, given: Given = {}) =>
  meshOf([memberOf('a', { identities: [naming('local', []), naming('x', peers(count, letters))], ...given })]);

/** An identity that names clusters; a CA of an hour is in their bundles 50 times for each server. */
const clusters = (count: number, given: Partial<Member>) =>
  meshOf([
    memberOf('a', {
      identities: [
        naming(
          'x',
          Array.from({ length: count }, (_, index) => `m${index}.example`),
        ),
      ],
    }),
    ...Array.from({ length: count }, (_, index) => memberOf(`m${index}`, given)),
  ]);

const RSA = { keyType: 'rsa-4096', caTtl: 3600 };

test('what an identity names', () => {
  expect(
    tableBy(hardLimits, {
      'a thousand foreign systems': names(1000),
      'more than go into half of an answer': names(3826),
      'more than go into an answer, and into an annotation': names(12_000),
      'more than go into an object, too': names(8000, 250),
      'few clusters with many CAs': clusters(58, RSA),
      'one more': clusters(59, RSA),
      'below upstream authorities they have JWT keys alone': clusters(120, { ...RSA, upstream: {} }),
      'what an exporter names is handed out one by one, and asked for together': meshOf([
        memberOf('a', {
          exporter: peers(6260).map((peer) => naming(peer, [peer])),
          identities: [naming('x', peers(10))],
        }),
      ]),
      'where the identity was made by a construct': names(12_000, 20, {
        identities: [naming('x', peers(12_000), { path: 'prod/a/identity-x' })],
      }),
    }),
  ).toMatchInlineSnapshot(`
"# a thousand foreign systems
warning [a] identities[1].federatesWith names 1000 trust domains: the entries of 200 pods take 4.2 MiB, for which the controller manager asks at once, and it takes 4.0 MiB: with so many pods it registers nothing any more; name only those that the workloads talk to, or let them meet by Topology.gateways(), or raise grpc.maxCallRecvMsgSize of the controller manager
# more than go into half of an answer
warning [a] identities[1].federatesWith names 3826 trust domains: the answer with which a workload gets its X509-SVIDs takes 2.0 MiB at least, and clients of gRPC take 4.0 MiB: twice the CAs, as when they are replaced out of turn, are too many; name only those that the workloads talk to, or let them meet by Topology.gateways()
warning [a] identities[1].federatesWith names 3826 trust domains: the entries of 200 pods take 16.1 MiB, for which the controller manager asks at once, and it takes 4.0 MiB: with so many pods it registers nothing any more; name only those that the workloads talk to, or let them meet by Topology.gateways(), or raise grpc.maxCallRecvMsgSize of the controller manager
# more than go into an answer, and into an annotation
warning [a] identities[1].federatesWith names 12000 trust domains: its object takes 270.5 KiB, and kubectl apply keeps it in an annotation, of which there may be 256.0 KiB; apply it with --server-side, or name only those that the workloads talk to, or let them meet by Topology.gateways()
error [a] identities[1].federatesWith names 12000 trust domains: the answer with which a workload gets its X509-SVIDs takes 6.4 MiB at least, and clients of gRPC take 4.0 MiB: it gets none; name only those that the workloads talk to, or let them meet by Topology.gateways()
warning [a] identities[1].federatesWith names 12000 trust domains: the entries of 200 pods take 50.4 MiB, for which the controller manager asks at once, and it takes 4.0 MiB: with so many pods it registers nothing any more; name only those that the workloads talk to, or let them meet by Topology.gateways(), or raise grpc.maxCallRecvMsgSize of the controller manager
warning [a] identities name 12000 trust domains together: an agent with pods of all asks for their bundles 10 at a time, 1200 times, and gives up after 30s, so that each call may take 30s/1200 = 25ms; one has been seen to take 48ms; name only those that the workloads talk to, or let them meet by Topology.gateways()
# more than go into an object, too
error [a] identities[1].federatesWith names 8000 trust domains: its object takes 1.9 MiB, and etcd takes requests of 1.5 MiB; name only those that the workloads talk to, or let them meet by Topology.gateways()
error [a] identities[1].federatesWith names 8000 trust domains: the answer with which a workload gets its X509-SVIDs takes 7.8 MiB at least, and clients of gRPC take 4.0 MiB: it gets none; name only those that the workloads talk to, or let them meet by Topology.gateways()
warning [a] identities[1].federatesWith names 8000 trust domains: the answer with the keys of JWT-SVIDs takes 4.2 MiB at least, and clients of gRPC take 4.0 MiB: whoever asks for it gets none; name only those that the workloads talk to, or let them meet by Topology.gateways()
warning [a] identities[1].federatesWith names 8000 trust domains: the entries of 200 pods take 384.6 MiB, for which the controller manager asks at once, and it takes 4.0 MiB: with so many pods it registers nothing any more; name only those that the workloads talk to, or let them meet by Topology.gateways(), or raise grpc.maxCallRecvMsgSize of the controller manager
warning [a] identities name 8000 trust domains together: an agent with pods of all asks for their bundles 10 at a time, 800 times, and gives up after 30s, so that each call may take 30s/800 = 37.5ms; one has been seen to take 48ms; name only those that the workloads talk to, or let them meet by Topology.gateways()
# few clusters with many CAs
warning [a] identities[0].federatesWith names 58 trust domains: the answer with which a workload gets its X509-SVIDs takes 3.9 MiB at least, and clients of gRPC take 4.0 MiB: twice the CAs, as when they are replaced out of turn, are too many; name only those that the workloads talk to, or let them meet by Topology.gateways()
# one more
error [a] identities[0].federatesWith names 59 trust domains: the answer with which a workload gets its X509-SVIDs takes 4.0 MiB at least, and clients of gRPC take 4.0 MiB: it gets none; name only those that the workloads talk to, or let them meet by Topology.gateways()
# below upstream authorities they have JWT keys alone
warning [a] identities[0].federatesWith names 120 trust domains: the answer with the keys of JWT-SVIDs takes 4.8 MiB at least, and clients of gRPC take 4.0 MiB: whoever asks for it gets none; name only those that the workloads talk to, or let them meet by Topology.gateways()
# what an exporter names is handed out one by one, and asked for together
warning [a] identities name 6260 trust domains together, 6250 of them by the federation exporter alone: an agent with pods of all asks for their bundles 10 at a time, 626 times, and gives up after 30s, so that each call may take 30s/626 = 47.9ms; one has been seen to take 48ms; name only those that the workloads talk to, or let them meet by Topology.gateways(), or leave the cluster out of exporter.clusters
# where the identity was made by a construct
warning [prod/a/identity-x] federatesWith names 12000 trust domains: its object takes 270.5 KiB, and kubectl apply keeps it in an annotation, of which there may be 256.0 KiB; apply it with --server-side, or name only those that the workloads talk to, or let them meet by Topology.gateways()
error [prod/a/identity-x] federatesWith names 12000 trust domains: the answer with which a workload gets its X509-SVIDs takes 6.4 MiB at least, and clients of gRPC take 4.0 MiB: it gets none; name only those that the workloads talk to, or let them meet by Topology.gateways()
warning [prod/a/identity-x] federatesWith names 12000 trust domains: the entries of 200 pods take 50.4 MiB, for which the controller manager asks at once, and it takes 4.0 MiB: with so many pods it registers nothing any more; name only those that the workloads talk to, or let them meet by Topology.gateways(), or raise grpc.maxCallRecvMsgSize of the controller manager
warning [a] identities name 12000 trust domains together: an agent with pods of all asks for their bundles 10 at a time, 1200 times, and gives up after 30s, so that each call may take 30s/1200 = 25ms; one has been seen to take 48ms; name only those that the workloads talk to, or let them meet by Topology.gateways()"
`);
});

test.each([
  // 22 letters of an entry for each, and 256 of the rest, 200 times.
  [941, []],
  [942, ['registers nothing any more']],
])('the entries of 200 pods with %p names', (count, words) => {
  const found = foundBy(hardLimits, names(count)).filter((line) => line.includes('entries'));
  expect(found.map((line) => words.find((word) => line.includes(word)))).toEqual(words);
});

test('calls of an agent', () => {
  const many = (count: number) =>
    foundBy(hardLimits, names(count)).filter((line) => line.includes('identities name') && line.includes('[a]'));
  expect(many(6250)).toEqual([]);
  expect(many(6251)).toMatchInlineSnapshot(`
[
  "warning [a] identities name 6251 trust domains together: an agent with pods of all asks for their bundles 10 at a time, 626 times, and gives up after 30s, so that each call may take 30s/626 = 47.9ms; one has been seen to take 48ms; name only those that the workloads talk to, or let them meet by Topology.gateways()",
]
`);
});
