import { PlanError, rotatePlan } from '../../../../lib/federation';
import { memberOf, meshOf } from '../../analysis/fixtures';
import { readable } from '../readable';

const bank = memberOf('bank', { platform: 'external', caTtl: undefined as never });
const [planned, emergency] = rotatePlan(meshOf([bank, memberOf('east')], ['east → bank']), 'bank');

test('planned: those who run it are told for how long it must be published ahead', () => {
  expect(planned && readable(planned)).toMatchInlineSnapshot(`
"The keys of bank are replaced by those who run it (planned, 160 s)
- bank is run by others: its keys are theirs to replace.
- Servers fetch the bundle of bank every 1m15s, by its hint of 5m.

publish: The next keys of bank are published
  tell bank: publish the next CA and JWT key in the bundle beside the old ones, and sign with them 1m20s later at the earliest
  wait 75 s: servers fetch the bundle of bank every 1m15s, by its hint of 5m
  wait 5 s, unseen: agents ask every 5s
  check: the server of east fetches the bundle of bank: east# federation refresh -id spiffe://bank.example, shows Bundle refreshed
  safe: all is signed by the old keys as before

withdraw: The old keys of bank leave its bundle
  tell bank: take the old keys out of the bundle when nothing is in use any more that they have signed
  wait 75 s: servers fetch the bundle of bank every 1m15s, by its hint of 5m
  wait 5 s, unseen: agents ask every 5s
  check: the server of east fetches the bundle of bank: east# federation refresh -id spiffe://bank.example, shows Bundle refreshed
  safe: the old keys are believed by nobody"
`);
});

test('emergency: all fetch at once, when it is done there', () => {
  expect(emergency && readable(emergency)).toMatchInlineSnapshot(`
"The stolen keys of bank are replaced by those who run it (emergency, 5 s)
- bank is run by others: its keys are theirs to replace.
- Servers fetch the bundle of bank every 1m15s, by its hint of 5m.
- Until they are, whoever has the keys can be anybody of bank.example. 'spirekit plan remove bank --emergency' has the steps by which it is believed by nobody at once.

revoke: The old keys of bank leave its bundle
  tell bank: replace the CA and the JWT key, take the old ones out of the bundle at once, and say when it is done
  not safe: the stolen keys are believed by east as before

fetch: All fetch the bundle of bank who believe it
  east# federation refresh -id spiffe://bank.example
  wait 5 s, unseen: agents ask every 5s
  check: the server of east fetches the bundle of bank: east# federation refresh -id spiffe://bank.example, shows Bundle refreshed
  safe: what the old keys have signed is refused, if the bundle no longer has them"
`);
});

test('where nobody knows how often it is fetched, that is said', () => {
  const unknown = memberOf('bank', {
    platform: 'external',
    caTtl: undefined as never,
    endpoint: { servedBySpire: false, refreshHint: undefined as never },
  });
  const [plan] = rotatePlan(meshOf([unknown, memberOf('east')], ['east → bank']), 'bank');
  expect(plan?.facts).toContain('How often the bundle of bank is fetched is not known.');
});

test('whom nobody here believes needs nothing of here', () => {
  expect(() => rotatePlan(meshOf([bank]), 'bank')).toThrow(
    new PlanError("'bank' is run by others, and nobody here believes it: there is nothing to be done here"),
  );
});
