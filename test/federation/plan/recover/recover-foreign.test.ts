import { PlanError, recoverPlan } from '../../../../lib/federation';
import { bySvidOf, memberOf, meshOf } from '../../analysis/fixtures';
import { readable } from '../readable';

const bank = memberOf('bank', { platform: 'external', endpoint: { ...bySvidOf('bank.example'), refreshHint: 60 } });

test('whom its lost bundle locks out makes the relationship anew', () => {
  const [plan] = recoverPlan(meshOf([bank, memberOf('east')], ['east → bank']), 'bank');
  expect(plan && readable(plan)).toMatchInlineSnapshot(`
"Believe bank again, which has lost its keys (emergency, 35 s)
- bank is run by others: they bring it back.
- east verifies its endpoint by its own bundle: by the one that is lost, the new one can never be fetched.

server: bank runs again
  tell bank: say when it runs again, and hand over the digest of the new bundle by a way that you trust: its endpoint cannot prove itself yet
  not safe: whatever bank signs anew is refused

forget: Take away the relationships with bank that cannot fetch
  $ spirekit bundle fetch bank.example --sha256 $DIGEST --replace
  program: begin with the bundle of bank.example that was fetched
  east: kubectl delete clusterfederatedtrustdomain bank.example --ignore-not-found
  wait 10 s: the controller manager makes the change within 10s
  check: the server of east has no relationship with bank: east# federation list -output json, lacks "trust_domain":"bank.example"
  not safe: whatever bank signs anew is refused

peers: Make them anew, with the new bundle of bank
  east: install 50
  wait 10 s: the controller manager makes the relationships within 10s
  wait 10 s: servers read their relationships every 10s
  wait 5 s, unseen: agents ask every 5s
  check: the server of east fetches the bundle of bank: east# federation refresh -id spiffe://bank.example, shows Bundle refreshed
  safe: east believes bank again"
`);
});

test('who fetches by https_web waits', () => {
  const web = memberOf('bank', { platform: 'external' });
  const [plan] = recoverPlan(meshOf([web, memberOf('east')], ['east → bank']), 'bank');
  expect(plan?.steps.map(({ id }) => id)).toEqual(['server', 'fetched']);
  expect(plan?.seconds).toBe(80);
});

test('whom nobody here believes needs nothing of here', () => {
  expect(() => recoverPlan(meshOf([bank]), 'bank')).toThrow(
    new PlanError("'bank' is run by others, and nobody here believes it: there is nothing to be done here"),
  );
});
