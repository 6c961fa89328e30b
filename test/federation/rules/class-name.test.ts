import type { Relationship } from '../../../lib/federation';
import { tableOf } from '../fixtures';

test('classes', () => {
  expect(
    tableOf({
      'no class, and objects without one are passed over': ({ west }) => {
        delete west.relationships[0]?.className;
      },
      'no class, and objects without one are acted on': ({ west }) => {
        delete west.relationships[0]?.className;
        west.watchClassless = true;
      },
      'another class, at an object that has a path': ({ east }) => {
        east.relationships[0] = {
          ...(east.relationships[0] as object as Relationship),
          className: 'other',
          path: 'prod/east/federation/west',
        };
      },
      'a class where nobody has one': ({ west }) => {
        delete west.className;
      },
    }),
  ).toMatchInlineSnapshot(`
"# no class, and objects without one are passed over
error E03 [prod/west] relationships[0].className is missing: only objects of the class 'ztwim' are acted on here; write 'ztwim'
# no class, and objects without one are acted on
# another class, at an object that has a path
error E03 [prod/east/federation/west] className 'other' is not what is looked for: only objects of the class 'spire' are acted on here; write 'spire'
# a class where nobody has one
error E03 [prod/west] relationships[0].className 'ztwim' is not what is looked for: only objects without a class are acted on here; leave it out"
`);
});
