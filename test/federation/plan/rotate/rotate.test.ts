import { PlanError, rotatePlan } from '../../../../lib/federation';
import { bySvidOf, memberOf, meshOf } from '../../analysis/fixtures';
import { readable, readableTask } from '../readable';

const WEST = memberOf('west', { endpoint: { ...bySvidOf('west.example'), refreshHint: 60 } });
const mesh = meshOf([WEST, memberOf('east')], ['east → west', 'west → east']);

test('planned: everybody has the new keys before they sign, and nothing uses the old ones when they are revoked', () => {
  const [plan] = rotatePlan(mesh, 'west');
  expect(plan && readable(plan)).toMatchInlineSnapshot(`
"Replace the CA and the JWT key of west (planned, 350 s)
- Servers fetch the bundle of west every 15s, by its hint of 1m.
- A CA of west lives for 24h: SPIRE makes the next one 12h before its end and signs with it 4h before, by itself. What has ended, and was not revoked, stays in the bundle for 24h more.
- Only its own agents are told what is tainted, and renew what it has signed. The bundle that others fetch says nothing of it: they believe it until it is revoked, and they have fetched.

prepare: Make the next keys of west, and let all have them who believe it
  west# localauthority x509 prepare -output json > PREPARED_CA (prepared_authority.authority_id)
  west# bundle show -output json > PREPARED_CERT (x509_authorities.-1.asn1)
  west# localauthority jwt prepare -output json > PREPARED_KEY (prepared_authority.authority_id)
  wait 15 s: servers fetch the bundle of west every 15s, by its hint of 1m
  wait 5 s, unseen: agents ask every 5s
  check: the server of east has the new CA of west: east# bundle list -id spiffe://west.example -output json, shows $PREPARED_CERT
  check: the server of east has the new JWT key of west: east# bundle list -id spiffe://west.example -output json, shows $PREPARED_KEY
  safe: all is signed by the old keys as before, and SPIRE takes the new ones by itself when the old ones are due; whoever goes on later begins here anew

activate: Sign with the new keys of west
  west# localauthority x509 activate -authorityID $PREPARED_CA
  west# localauthority x509 show -output json > OLD_CA (old.authority_id)
  west# localauthority jwt activate -authorityID $PREPARED_KEY
  west# localauthority jwt show -output json > OLD_KEY (old.authority_id)
  safe: both keys are believed; the old ones can be tainted until SPIRE makes the next ones

taint: Renew what the old keys of west have signed
  west# localauthority x509 taint -authorityID $OLD_CA
  west# bundle show -output json > OLD_CERT (x509_authorities.tainted=true.asn1)
  west# localauthority jwt taint -authorityID $OLD_KEY
  wait 5 s, unseen: agents ask every 5s
  wait 5 s, unseen: agents renew their own SVIDs within 5s, and 100 SVIDs of workloads every 5s, for up to 110 pods on a node
  wait 300 s, unseen: JWT-SVIDs of the old key end within 5m, where identities and server say nothing else
  check: the server of east fetches the bundle of west: east# federation refresh -id spiffe://west.example, shows Bundle refreshed
  safe: the old keys sign nothing any more, and are still believed by all who believed them

revoke: Revoke the old keys of west
  west# localauthority x509 revoke -authorityID $OLD_CA
  west# localauthority jwt revoke -authorityID $OLD_KEY
  wait 15 s: servers fetch the bundle of west every 15s, by its hint of 1m
  wait 5 s, unseen: agents ask every 5s
  check: the bundle of west no longer has the old CA: west# bundle show -output json, lacks $OLD_CERT
  check: the bundle of west no longer has the old JWT key: west# bundle show -output json, lacks $OLD_KEY
  check: the server of east no longer has the old CA of west: east# bundle list -id spiffe://west.example -output json, lacks $OLD_CERT
  check: the server of east no longer has the old JWT key of west: east# bundle list -id spiffe://west.example -output json, lacks $OLD_KEY
  safe: workloads of west and east refuse what the old keys have signed; connections that are open stay"
`);
});

test('emergency: bundles go by the API servers, and agents ask between taint and revocation', () => {
  const [, plan] = rotatePlan(mesh, 'west');
  expect(plan && readable(plan)).toMatchInlineSnapshot(`
"Replace the stolen CA and JWT key of west (emergency, 20 s)
- Servers fetch the bundle of west every 15s, by its hint of 1m.
- Only its own agents are told what is tainted, and renew what it has signed. The bundle that others fetch says nothing of it: they believe it until it is revoked, and they have fetched.
- Workloads of east refuse what the stolen keys sign after waits of 20s at most, and what the commands take.
- An agent that does not ask between the taint and the revocation never learns of the taint: its workloads keep SVIDs that everybody refuses, until half of their lifetime is over. Restart such agents.
- JWT-SVIDs that workloads hold are refused at once, until they ask for new ones.

prepare: Make the next keys of west, and let all have them who believe it
  west# localauthority x509 prepare -output json > PREPARED_CA (prepared_authority.authority_id)
  west# bundle show -output json > PREPARED_CERT (x509_authorities.-1.asn1)
  west# localauthority jwt prepare -output json > PREPARED_KEY (prepared_authority.authority_id)
  west# bundle show -format spiffe > BUNDLE_OF_WEST
  east# bundle set -id spiffe://west.example -format spiffe < BUNDLE_OF_WEST
  wait 5 s, unseen: agents ask every 5s
  check: the server of east has the new CA of west: east# bundle list -id spiffe://west.example -output json, shows $PREPARED_CERT
  check: the server of east has the new JWT key of west: east# bundle list -id spiffe://west.example -output json, shows $PREPARED_KEY
  not safe: the stolen keys are believed as before

activate: Sign with the new keys of west
  west# localauthority x509 activate -authorityID $PREPARED_CA
  west# localauthority x509 show -output json > OLD_CA (old.authority_id)
  west# localauthority jwt activate -authorityID $PREPARED_KEY
  west# localauthority jwt show -output json > OLD_KEY (old.authority_id)
  not safe: the stolen keys are believed as before

taint: Renew what the old keys of west have signed
  west# localauthority x509 taint -authorityID $OLD_CA
  west# bundle show -output json > OLD_CERT (x509_authorities.tainted=true.asn1)
  west# localauthority jwt taint -authorityID $OLD_KEY
  wait 5 s, unseen: agents ask every 5s
  wait 5 s, unseen: agents renew their own SVIDs within 5s, and 100 SVIDs of workloads every 5s, for up to 110 pods on a node
  check: the server of east fetches the bundle of west: east# federation refresh -id spiffe://west.example, shows Bundle refreshed
  not safe: the old keys sign nothing of west any more, and the others believe them as before

revoke: Revoke the old keys of west
  west# localauthority x509 revoke -authorityID $OLD_CA
  west# localauthority jwt revoke -authorityID $OLD_KEY
  west# bundle show -format spiffe > BUNDLE_OF_WEST
  east# bundle set -id spiffe://west.example -format spiffe < BUNDLE_OF_WEST
  wait 5 s, unseen: agents ask every 5s
  check: the bundle of west no longer has the old CA: west# bundle show -output json, lacks $OLD_CERT
  check: the bundle of west no longer has the old JWT key: west# bundle show -output json, lacks $OLD_KEY
  check: the server of east fetches the bundle of west: east# federation refresh -id spiffe://west.example, shows Bundle refreshed
  check: the server of east no longer has the old CA of west: east# bundle list -id spiffe://west.example -output json, lacks $OLD_CERT
  check: the server of east no longer has the old JWT key of west: east# bundle list -id spiffe://west.example -output json, lacks $OLD_KEY
  safe: workloads of west and east refuse what the old keys have signed; connections that are open stay"
`);
});

test('each of several servers replaces its own, one after the other', () => {
  const [plan] = rotatePlan(meshOf([memberOf('west', { replicas: 2 }), memberOf('east')], ['east → west']), 'west');
  expect(plan?.steps.map(({ id }) => id)).toEqual([
    'prepare',
    'activate',
    'taint-0',
    'revoke-0',
    'taint-1',
    'revoke-1',
  ]);
  expect(plan?.steps[4]?.tasks.map(readableTask)).toEqual([
    'west-1# localauthority x509 taint -authorityID $OLD_CA_1',
    'west-1# bundle show -output json > OLD_CERT_1 (x509_authorities.tainted=true.asn1)',
    'west-1# localauthority jwt taint -authorityID $OLD_KEY_1',
  ]);
});

test('a member that nobody believes waits for its own agents', () => {
  const [plan, emergency] = rotatePlan(meshOf([memberOf('west')]), 'west');
  expect(plan?.steps[0]).toMatchObject({ wait: { seconds: 5 }, checks: [] });
  expect(plan?.steps.at(-1)?.stop.state).toBe('nothing is left of the old keys but connections that are open');
  expect(emergency?.steps[0]?.tasks.map(readableTask)).not.toContainEqual(expect.stringContaining('bundle set'));
});

test('nodes of OpenShift take more pods, whose SVIDs are renewed one batch after the other', () => {
  const [plan] = rotatePlan(meshOf([memberOf('west', { platform: 'openshift' })]), 'west');
  expect(plan?.steps.find(({ id }) => id === 'taint')?.wait?.parts[1]).toEqual({
    seconds: 10,
    because:
      'agents renew their own SVIDs within 5s, and 100 SVIDs of workloads every 5s, for up to 250 pods on a node',
    unseen: true,
  });
});

describe('foreign systems', () => {
  const foreign = (interval?: number) =>
    memberOf('bank', {
      platform: 'external',
      endpoint: 'none',
      fetches: { profiles: ['https_web'], ...(interval !== undefined && { interval }) },
    });

  test('are waited for when they are slower, and told', () => {
    const [plan, emergency] = rotatePlan(
      meshOf([WEST, memberOf('east'), foreign(600)], ['east → west', 'bank → west']),
      'west',
    );
    expect(plan?.steps[0]?.wait?.parts[0]).toEqual({
      seconds: 600,
      because: 'bank fetches the bundle of west every 10m',
    });
    expect(plan?.steps[0]?.tasks.map(readableTask).at(-1)).toBe(
      'tell bank: make sure that you have fetched the bundle of west.example with the new keys: they sign next',
    );
    expect(emergency?.facts).toEqual(
      expect.arrayContaining([
        'Workloads of east refuse what the stolen keys sign after waits of 20s at most, and what the commands take.',
        'When bank refuses it depends on those who run it: tell them.',
      ]),
    );
  });

  test('of which nobody knows how often they fetch are asked', () => {
    const unknown = memberOf('west', { endpoint: { servedBySpire: false, refreshHint: undefined as never } });
    const [plan] = rotatePlan(meshOf([unknown, foreign()], ['bank → west']), 'west');
    expect(plan?.facts[0]).toBe('How often bank fetches it is not known: ask who runs it.');
    expect(plan?.steps[0]?.wait?.seconds).toBe(5);
  });
});

test('the budget of a revocation is held beside it, and caches are warned of', () => {
  const published = memberOf('west', { endpoint: { exposure: 'object-store', servedBySpire: false } });
  const [, plan] = rotatePlan(
    meshOf([published, memberOf('east')], ['east → west'], { budgets: { revocation: 120 } }),
    'west',
  );
  expect(plan?.facts.filter((fact) => /budget|cache/.test(fact))).toEqual([
    'Workloads of east refuse what the stolen keys sign after waits of 20s at most, and what the commands take. The budget for it is 2m.',
    'The bundle of west is published: a cache that still has the old one gives the old keys back with the next fetch. Empty it before the old keys are revoked.',
  ]);
});

test('there is no plan for nobody', () => {
  expect(() => rotatePlan(mesh, 'wset')).toThrow(new PlanError("there is no member 'wset'; did you mean 'west'?"));
});

test('that others fetch it from somebody else is said', () => {
  const hosted = memberOf('west', { endpoint: { servedBySpire: false } });
  const [plan] = rotatePlan(meshOf([hosted, memberOf('east')], ['east → west']), 'west');
  expect(plan?.facts).toContain(
    'The bundle of west is not served by its own server: as long as what serves it has the old one, the others fetch that, and the checks hold so much later.',
  );
});
