import { contextsOf } from '../../lib/cli/contexts';

test('contexts', () => {
  expect([...contextsOf(['east=admin@east', 'west=a=b'], 'verify')]).toEqual([
    ['east', 'admin@east'],
    ['west', 'a=b'],
  ]);
  expect(() => contextsOf(['east'], 'verify')).toThrow("--context 'east' is no MEMBER=CONTEXT");
  expect(() => contextsOf(['east='], 'verify')).toThrow("--context 'east=' names no context; write it behind the '='");
  expect(() => contextsOf(['east=a', 'east=b'], 'verify')).toThrow("--context names 'east' twice; leave one out");
});
