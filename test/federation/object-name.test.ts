import { objectNameOf } from '../../lib/federation/object-name';
import { subdomainProblem } from '../../lib/kube';

test.each([
  ['partner.example', 'partner.example'],
  ['team-a.example', 'team-a.example'],
  ['team_a.example', expect.stringMatching(/^team-a\.example-[0-9a-f]{8}$/)],
  ['team__a.example', expect.stringMatching(/^team-a\.example-[0-9a-f]{8}$/)],
  ['_a._b..c-.', expect.stringMatching(/^a\.b\.c-[0-9a-f]{8}$/)],
  ['___', expect.stringMatching(/^[0-9a-f]{8}$/)],
  ['x'.repeat(255), expect.stringMatching(/^x{244}-[0-9a-f]{8}$/)],
])('%s', (trustDomain, name) => {
  expect(objectNameOf(trustDomain)).toEqual(name);
  expect(subdomainProblem(objectNameOf(trustDomain))).toBeUndefined();
});
