import { trustDomainName } from '../../lib/registration';
import { fakeOutput } from '../core/fixtures';

test.each([
  ['example.org', 'example.org'],
  ['spiffe://example.org', 'example.org'],
  [7, undefined],
  [undefined, undefined],
  [fakeOutput(), undefined],
])('%j is %j', (value, name) => {
  expect(trustDomainName(value)).toBe(name);
});
