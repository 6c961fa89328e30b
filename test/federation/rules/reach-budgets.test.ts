import type { Budgets, Member } from '../../../lib/federation';
import { reachBudgets } from '../../../lib/federation/rules/reach-budgets';
import { believing, bySvidOf, memberOf, meshOf, naming } from '../analysis/fixtures';
import { tableBy } from '../analysis/found';

const members: readonly Member[] = [
  memberOf('a', {
    agents: 50,
    ...believing(['b.example'], ['c.example']),
    identities: [
      naming('shop', ['b.example', 'c.example']),
      naming('pay', ['b.example'], { path: 'prod/a/identity-pay' }),
      naming('cart', ['b.example']),
      naming('ads', ['c.example', 'a.example']),
    ],
  }),
  memberOf('b', { agents: 10, identities: [naming('own', ['c.example'])] }),
  memberOf('c', { endpoint: bySvidOf('b.example'), platform: 'external' }),
];
const withBudgets = (budgets: Budgets, given = members) => meshOf(given, [], { budgets });

test('budgets', () => {
  expect(
    tableBy(reachBudgets, {
      none: meshOf(members),
      'that all keep to': withBudgets({ blastRadius: 4, federatesWith: 2, agentCalls: 40 }),
      'of outages': withBudgets({ blastRadius: 2 }),
      'of outages, and one of a member whom nobody else serves': withBudgets({ blastRadius: 3 }),
      'of nothing at all': withBudgets({ blastRadius: 0, federatesWith: 0, agentCalls: 0 }),
      'of names': withBudgets({ federatesWith: 1 }),
      'of calls': withBudgets({ agentCalls: 39 }),
      'of calls, where nodes are not known': withBudgets({ agentCalls: 39 }, [memberOf('a')]),
    }),
  ).toMatchInlineSnapshot(`
"# none
# that all keep to
# of outages
error [b] can take 4 identities of others with it when it is away, and budgets.blastRadius is 2: 'a/shop', 'a/pay', 'a/cart' and 1 more name 'b.example' or one whose bundle rests on it; of 2 of them new pods get no identity as long as it was never fetched; let fewer identities name it, or raise budgets.blastRadius
error [c] can take 3 identities of others with it when it is away, and budgets.blastRadius is 2: 'a/shop', 'a/ads' and 'b/own' name 'c.example'; of 2 of them new pods get no identity as long as it was never fetched; let fewer identities name it, or raise budgets.blastRadius
# of outages, and one of a member whom nobody else serves
error [b] can take 4 identities of others with it when it is away, and budgets.blastRadius is 3: 'a/shop', 'a/pay', 'a/cart' and 1 more name 'b.example' or one whose bundle rests on it; of 2 of them new pods get no identity as long as it was never fetched; let fewer identities name it, or raise budgets.blastRadius
# of nothing at all
error [a] identities[0].federatesWith names 2 other trust domains, and budgets.federatesWith is 0; name only those that the workloads talk to, or give them identities of their own
error [prod/a/identity-pay] federatesWith names 1 other trust domain, and budgets.federatesWith is 0; name only those that the workloads talk to, or give them identities of their own
error [a] identities[2].federatesWith names 1 other trust domain, and budgets.federatesWith is 0; name only those that the workloads talk to, or give them identities of their own
error [a] identities[3].federatesWith names 1 other trust domain, and budgets.federatesWith is 0; name only those that the workloads talk to, or give them identities of their own
error [a] agents are 50, and make up to 50/5s * (1 for entries + 1 for the own bundle + 2 for those of others) = 40/s, and budgets.agentCalls is 0/s; let identities name fewer trust domains, or raise budgets.agentCalls
error [b] can take 4 identities of others with it when it is away, and budgets.blastRadius is 0: 'a/shop', 'a/pay', 'a/cart' and 1 more name 'b.example' or one whose bundle rests on it; of 2 of them new pods get no identity as long as it was never fetched; let fewer identities name it, or raise budgets.blastRadius
error [b] identities[0].federatesWith names 1 other trust domain, and budgets.federatesWith is 0; name only those that the workloads talk to, or give them identities of their own
error [b] agents are 10, and make up to 10/5s * (1 for entries + 1 for the own bundle + 1 for those of others) = 6/s, and budgets.agentCalls is 0/s; let identities name fewer trust domains, or raise budgets.agentCalls
error [c] can take 3 identities of others with it when it is away, and budgets.blastRadius is 0: 'a/shop', 'a/ads' and 'b/own' name 'c.example'; of 2 of them new pods get no identity as long as it was never fetched; let fewer identities name it, or raise budgets.blastRadius
# of names
error [a] identities[0].federatesWith names 2 other trust domains, and budgets.federatesWith is 1; name only those that the workloads talk to, or give them identities of their own
# of calls
error [a] agents are 50, and make up to 50/5s * (1 for entries + 1 for the own bundle + 2 for those of others) = 40/s, and budgets.agentCalls is 39/s; let identities name fewer trust domains, or raise budgets.agentCalls
# of calls, where nodes are not known
error [a] agents are not known, so that nobody can tell whether they make the 39/s of budgets.agentCalls at most; write how many nodes with an agent are expected"
`);
});
