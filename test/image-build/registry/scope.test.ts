import { joinScopes } from '../../../lib/image-build/registry/scope';

test.each([
  ['repository:a:pull', '', ['repository:a:pull']],
  ['repository:a:pull,push', 'repository:a:pull', ['repository:a:pull,push']],
  ['repository:a:pull', 'repository:a:push,pull  registry:catalog:*', ['repository:a:pull,push', 'registry:catalog:*']],
  ['repository:h:5000/a:pull', 'aws', ['repository:h:5000/a:pull', 'aws']],
])('%s with %j', (own, asked, expected) => {
  expect(joinScopes(own, asked)).toEqual(expected);
});
