import * as bundle from '../../src/bundle';
import * as x509 from '../../src/x509';

test('exports', () => {
  expect(Object.keys(bundle).sort()).toEqual([
    'BundleError',
    'BundleMap',
    'BundleSet',
    'Certificate',
    'CertificateError',
    'JwtBundle',
    'SpiffeBundle',
    'X509Bundle',
  ]);
});

test('certificates are those of the whole package', () => {
  expect(bundle.Certificate).toBe(x509.Certificate);
  expect(bundle.CertificateError).toBe(x509.CertificateError);
});

test('values are known to another copy of the package', () => {
  let copy: typeof bundle | undefined;
  jest.isolateModules(() => {
    copy = require('../../src/bundle');
  });
  const { TrustDomain } = require('../../src/id') as typeof import('../../src/id');
  const trustDomain = TrustDomain.parse('td');
  const mine = bundle.SpiffeBundle.of({ trustDomain });
  expect(mine).not.toBeInstanceOf(copy?.SpiffeBundle);
  expect(copy?.SpiffeBundle.is(mine)).toBe(true);
  expect(copy?.X509Bundle.is(mine.x509)).toBe(true);
  expect(copy?.JwtBundle.is(mine.jwt)).toBe(true);
  expect(copy?.BundleSet.is(bundle.BundleSet.of(mine))).toBe(true);
  expect(copy?.SpiffeBundle.of({ trustDomain }).equals(mine)).toBe(true);
});
