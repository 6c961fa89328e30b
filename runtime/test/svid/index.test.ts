import * as svid from '../../src/svid';

test('exports', () => {
  expect(Object.keys(svid).sort()).toEqual([
    'Certificate',
    'CertificateError',
    'SvidError',
    'X509Svid',
    'verifyX509Svid',
  ]);
});
