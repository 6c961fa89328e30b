import { migratePlan, PlanError } from '../../../../lib/federation';
import { type Given, memberOf, meshOf } from '../../analysis/fixtures';

const meshWith = (given: Given, name = 'west') => meshOf([memberOf(name, given)]);
const error = (was: Given, is: Given) => {
  expect(() => migratePlan(meshWith(was), meshWith(is), 'west')).toThrow(PlanError);
  try {
    migratePlan(meshWith(was), meshWith(is), 'west');
  } catch (thrown) {
    return (thrown as Error).message;
  }
  return undefined;
};

test('nothing has changed', () => {
  expect(error({}, { caTtl: 3600 })).toBe(
    "nothing has changed in the bundle endpoint of 'west' since the federation was deployed last: change it in the program first",
  );
});

test('a member that is new', () => {
  expect(() => migratePlan(meshWith({}, 'east'), meshWith({}), 'west')).toThrow(
    new PlanError(
      "'west' was no member when the federation was deployed last: there is nothing to migrate; 'spirekit plan add west' has the steps for a new member",
    ),
  );
});

test('a member that was renamed is still the same', () => {
  const was = meshWith({ trustDomain: 'prod.example' }, 'east');
  const is = meshWith({ trustDomain: 'prod.example', endpoint: { url: 'https://new.example/' } });
  expect(migratePlan(was, is, 'west')).toMatchObject([{ title: expect.stringContaining('https://new.example/') }]);
});

test('another trust domain', () => {
  expect(error({}, { trustDomain: 'new.example' })).toBe(
    "'west' had the trust domain 'west.example' when the federation was deployed last, and has 'new.example' now: that is another member; remove the one and add the other",
  );
});

test('no endpoint', () => {
  expect(error({ endpoint: 'none' }, {})).toBe(
    "'west' had no bundle endpoint when the federation was deployed last: there is none to migrate",
  );
  expect(error({}, { endpoint: 'none' })).toBe(
    "'west' has no bundle endpoint any more: nobody can believe it; 'spirekit plan remove west' has the steps for that",
  );
});

test('what the operator of OpenShift keeps', () => {
  const openshift: Given = { platform: 'openshift' };
  expect(error(openshift, { ...openshift, endpoint: { profile: 'https_spiffe' } })).toBe(
    "endpoint.profile of 'west' was 'https_web', and the operator refuses to change it: write 'https_web', or remove the SpireServer from the cluster, leave the member out of the previous federation, and install it anew",
  );
});

test('a member that does not exist', () => {
  expect(() => migratePlan(meshWith({}), meshWith({}), 'est')).toThrow(
    new PlanError("there is no member 'est'; did you mean 'west'?"),
  );
});

test('who comes to believe it at the same time is no matter of the move', () => {
  const members = (url: string) => [memberOf('west', { endpoint: { url } }), memberOf('east'), memberOf('south')];
  const was = meshOf(members('https://old.example/'), ['east → west']);
  const is = meshOf(members('https://new.example/'), ['east → west', 'south → west']);
  const [plan] = migratePlan(was, is, 'west');
  expect(plan?.steps.find(({ id }) => id === 'before')?.checks.map(({ holds }) => holds)).toEqual([
    'the server of east fetches the bundle of west',
  ]);
});
