import { rotatePlan } from '../../../../lib/federation';
import { memberOf, meshOf } from '../../analysis/fixtures';
import { EAST_ROOT } from '../../fixtures-certificates';
import { readable, readableTask } from '../readable';

const NORTH = memberOf('north', { upstream: {} });
const [own, root, stolen] = rotatePlan(meshOf([NORTH, memberOf('east')], ['east → north']), 'north');

test('below the same root only the JWT key is news to others, and only it is revoked', () => {
  expect(own && readable(own)).toMatchInlineSnapshot(`
"Replace the CA and the JWT key of north (planned, 465 s)
- Servers fetch the bundle of north every 1m15s, by its hint of 5m.
- A CA of north lives for 24h: SPIRE makes the next one 12h before its end and signs with it 4h before, by itself. What has ended, and was not revoked, stays in the bundle for 24h more.
- What east believes is the root above the CA of north: a new CA below the same root is no news.
- SPIRE neither taints nor revokes a CA below an upstream authority. What it has signed is believed until it ends; a stolen CA is refused only when the root above it is.

prepare: Make the next keys of north, and let all have them who believe it
  north# localauthority x509 prepare -output json > PREPARED_CA (prepared_authority.authority_id)
  north# localauthority jwt prepare -output json > PREPARED_KEY (prepared_authority.authority_id)
  wait 75 s: servers fetch the bundle of north every 1m15s, by its hint of 5m
  wait 5 s, unseen: agents ask every 5s
  check: the server of east has the new JWT key of north: east# bundle list -id spiffe://north.example -output json, shows $PREPARED_KEY
  safe: all is signed by the old keys as before, and SPIRE takes the new ones by itself when the old ones are due; whoever goes on later begins here anew

activate: Sign with the new keys of north
  north# localauthority x509 activate -authorityID $PREPARED_CA
  north# localauthority x509 show -output json > OLD_CA (old.authority_id)
  north# localauthority jwt activate -authorityID $PREPARED_KEY
  north# localauthority jwt show -output json > OLD_KEY (old.authority_id)
  safe: both keys are believed; the old ones can be tainted until SPIRE makes the next ones

taint: Renew what the old keys of north have signed
  north# localauthority jwt taint -authorityID $OLD_KEY
  wait 5 s, unseen: agents ask every 5s
  wait 300 s, unseen: JWT-SVIDs of the old key end within 5m, where identities and server say nothing else
  safe: the old keys sign nothing any more, and are still believed by all who believed them

revoke: Revoke the old keys of north
  north# localauthority jwt revoke -authorityID $OLD_KEY
  wait 75 s: servers fetch the bundle of north every 1m15s, by its hint of 5m
  wait 5 s, unseen: agents ask every 5s
  check: the bundle of north no longer has the old JWT key: north# bundle show -output json, lacks $OLD_KEY
  check: the server of east no longer has the old JWT key of north: east# bundle list -id spiffe://north.example -output json, lacks $OLD_KEY
  safe: workloads of north and east refuse JWT-SVIDs of the old key; connections that are open stay"
`);
});

test('the root is replaced when all have both', () => {
  expect(root && readable(root)).toMatchInlineSnapshot(`
"Replace the root above the CA of north (planned, 170 s)
- Servers fetch the bundle of north every 1m15s, by its hint of 5m.
- Only its own agents are told what is tainted, and renew what it has signed. The bundle that others fetch says nothing of it: they believe it until it is revoked, and they have fetched.
- Where the upstream authority is another SPIRE, its own keys are replaced there instead: what is tainted and revoked comes down by itself.

upstream: Let the upstream authority of north sign with the new root
  program: let the upstream authority of north sign with the new root, and name no other one to it; where others begin with its roots, name both
  north: install 20
  north: kubectl -n spire-server rollout restart statefulset/spire-server
  north: kubectl -n spire-server rollout status statefulset/spire-server --timeout=10m
  check: the server of north is well: north# healthcheck, shows healthy
  safe: all is signed below the old root as before; the next CA that is due is below the new one

prepare: Make the next keys of north, and let all have them who believe it
  north# localauthority x509 prepare -output json > PREPARED_CA (prepared_authority.authority_id)
  north# bundle show -output json > PREPARED_CERT (x509_authorities.-1.asn1)
  wait 75 s: servers fetch the bundle of north every 1m15s, by its hint of 5m
  wait 5 s, unseen: agents ask every 5s
  check: the server of east has the new root of north: east# bundle list -id spiffe://north.example -output json, shows $PREPARED_CERT
  safe: all is signed by the old keys as before, and SPIRE takes the new ones by itself when the old ones are due; whoever goes on later begins here anew

activate: Sign with the new keys of north
  north# localauthority x509 activate -authorityID $PREPARED_CA
  north# localauthority x509 show -output json > OLD_CA (old.authority_id)
  safe: both keys are believed; the old ones can be tainted until SPIRE makes the next ones

taint: Renew what the old keys of north have signed
  north# localauthority x509 show -output json > OLD_ROOT (old.upstream_authority_subject_key_id)
  north# upstreamauthority taint -subjectKeyID $OLD_ROOT
  north# bundle show -output json > OLD_CERT (x509_authorities.tainted=true.asn1)
  wait 5 s, unseen: agents ask every 5s
  wait 5 s, unseen: agents renew their own SVIDs within 5s, and 100 SVIDs of workloads every 5s, for up to 110 pods on a node
  check: the server of east fetches the bundle of north: east# federation refresh -id spiffe://north.example, shows Bundle refreshed
  safe: the old keys sign nothing any more, and are still believed by all who believed them

revoke: Revoke the old keys of north
  north# upstreamauthority revoke -subjectKeyID $OLD_ROOT
  wait 75 s: servers fetch the bundle of north every 1m15s, by its hint of 5m
  wait 5 s, unseen: agents ask every 5s
  check: the bundle of north no longer has the old root: north# bundle show -output json, lacks $OLD_CERT
  check: the server of east no longer has the old root of north: east# bundle list -id spiffe://north.example -output json, lacks $OLD_CERT
  safe: workloads of north and east refuse what the old keys have signed; connections that are open stay

program: The old root of north leaves the program
  program: take the old root out of what others begin with to believe north, and approve what 'npx spirekit diff' shows, each with its reason: approve: [{ change: '…', reason: '…' }] of the FederationMesh
  $ spirekit lock
  safe: nothing is left to do"
`);
});

test('a stolen CA is refused only when the root above it is', () => {
  expect(stolen).toMatchObject({
    order: 'emergency',
    title: 'Replace the stolen CA and JWT key of north, and the root above them',
  });
  expect(stolen?.steps.map(({ id }) => id)).toEqual(['upstream', 'prepare', 'activate', 'taint', 'revoke', 'program']);
  expect(stolen?.steps.at(-2)?.tasks.map(readableTask)).toEqual([
    'north# upstreamauthority revoke -subjectKeyID $OLD_ROOT',
    'north# localauthority jwt revoke -authorityID $OLD_KEY',
    'north# bundle show -format spiffe > BUNDLE_OF_NORTH',
    'east# bundle set -id spiffe://north.example -format spiffe < BUNDLE_OF_NORTH',
  ]);
});

test('of several servers one taints and revokes the root, and the others begin anew', () => {
  const [, planned, emergency] = rotatePlan(meshOf([memberOf('north', { upstream: {}, replicas: 3 })]), 'north');
  const tasksOf = (plan: typeof planned, id: string) =>
    plan?.steps.find((step) => step.id === id)?.tasks.map(readableTask);
  expect(tasksOf(planned, 'taint')).toEqual([
    'north-0# localauthority x509 show -output json > OLD_ROOT_0 (old.upstream_authority_subject_key_id)',
    'north-0# upstreamauthority taint -subjectKeyID $OLD_ROOT_0',
    'north-0# bundle show -output json > OLD_CERT_0 (x509_authorities.tainted=true.asn1)',
    'north: kubectl -n spire-server delete pod spire-server-1 spire-server-2',
    'north: kubectl -n spire-server rollout status statefulset/spire-server --timeout=10m',
  ]);
  expect(tasksOf(emergency, 'revoke')).toEqual([
    'north-0# upstreamauthority revoke -subjectKeyID $OLD_ROOT_0',
    'north-0# localauthority jwt revoke -authorityID $OLD_KEY_0',
    'north-0# localauthority jwt revoke -authorityID $OLD_KEY_1',
    'north-0# localauthority jwt revoke -authorityID $OLD_KEY_2',
  ]);
});

test('who else is below the root is named', () => {
  const upstream = { roots: EAST_ROOT };
  const mesh = meshOf([memberOf('north', { upstream }), memberOf('south', { upstream }), memberOf('east')]);
  const fact = 'south is below a root of north too: it is believed as long as one of them has it in its bundle.';
  const [own, planned, emergency] = rotatePlan(mesh, 'north');
  expect(planned?.facts).toContain(fact);
  expect(emergency?.facts).toContain(fact);
  expect(own?.facts).not.toContain(fact);
});

test('keys that a restart loses are warned of', () => {
  const [own, planned, emergency] = rotatePlan(
    meshOf([memberOf('north', { upstream: {}, keysInMemory: true })]),
    'north',
  );
  const fact = expect.stringContaining('The keys of north are lost with each restart');
  expect([planned?.facts, emergency?.facts]).toEqual([expect.arrayContaining([fact]), expect.arrayContaining([fact])]);
  expect(own?.facts).not.toContainEqual(fact);
});
