import * as x509 from '../../src/x509';

test('exports', () => {
  expect(Object.keys(x509).sort()).toEqual(['Certificate', 'CertificateError', 'publicKeyFault']);
});
