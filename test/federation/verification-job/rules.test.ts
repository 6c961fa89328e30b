import { CHECK_IDS, CLUSTER_RULES, SPIRE_RULES } from '../../../lib/federation/verification-job/rules';
import { CHECKS, rbacManifests } from '../../../lib/verify';

test('the rights are those that spirekit verify --print-rbac prints', () => {
  const printed = rbacManifests(CHECKS, ['spire-server'], { namespace: 'spire-server' }) as readonly {
    readonly kind: string;
    readonly rules?: unknown;
  }[];
  const rulesOf = (kind: string) => printed.find((each) => each.kind === kind)?.rules;
  expect(CLUSTER_RULES).toEqual(rulesOf('ClusterRole'));
  expect(SPIRE_RULES).toEqual(rulesOf('Role'));
});

test('the ids are those of the checks', () => {
  expect(CHECK_IDS).toEqual(CHECKS.map(({ id }) => id));
});
