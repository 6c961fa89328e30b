import { X509Certificate } from 'node:crypto';
import { buildCertificate } from '../../src/testing/certificate-builder';
import { utf8String } from '../../src/testing/der-writer';
import { encodeGeneralName, encodeName, type GeneralName } from '../../src/testing/names';

/** The names of a certificate as OpenSSL prints them. */
function printed(...subjectAltNames: GeneralName[]): string | undefined {
  return new X509Certificate(buildCertificate({ subjectAltNames }).der).subjectAltName;
}

test.each<[GeneralName, string]>([
  [{ uri: 'spiffe://example.org/web' }, 'URI:spiffe://example.org/web'],
  [{ dns: 'web.test' }, 'DNS:web.test'],
  [{ email: 'a@web.test' }, 'email:a@web.test'],
  [{ ip: '10.1.2.3' }, 'IP Address:10.1.2.3'],
  [{ ip: '2001:db8::1:2' }, 'IP Address:2001:DB8:0:0:0:0:1:2'],
  [{ ip: '::' }, 'IP Address:0:0:0:0:0:0:0:0'],
  [{ ip: '1:2:3:4:5:6:7:8' }, 'IP Address:1:2:3:4:5:6:7:8'],
  [{ ip: Buffer.of(10, 0, 0, 1) }, 'IP Address:10.0.0.1'],
  [{ directory: { O: 'SPIFFE' } }, 'DirName:O=SPIFFE'],
  [{ registeredId: '1.2.3.4' }, 'Registered ID:1.2.3.4'],
  [{ otherName: { oid: '1.2.3.4', value: utf8String('x') } }, 'othername:<unsupported>'],
  [Buffer.from('820161', 'hex'), 'DNS:a'],
])('OpenSSL reads %j', (name, expected) => {
  expect(printed(name)).toBe(expected);
});

test('names keep their order', () => {
  expect(printed({ uri: 'b:' }, { dns: 'c' }, { uri: 'a:' })).toBe('URI:b:, DNS:c, URI:a:');
});

test('texts are written as they are', () => {
  expect(encodeGeneralName({ uri: 'a\0ü' }).toString('hex')).toBe('86036100fc');
});

test.each(['', '1.2.3', 'a', '::ffff:1.2.3.4'])('%j is no address that can be written', (ip) => {
  expect(() => encodeGeneralName({ ip })).toThrow(
    new TypeError(`'${ip}' is no IP address that can be written; give its octets`),
  );
});

test('a distinguished name has its attributes in the order of the properties', () => {
  const subject = { serialNumber: '7', C: 'US', O: 'a', OU: 'b', CN: 'wëb' };
  expect(new X509Certificate(buildCertificate({ subject }).der).subject).toBe(
    'serialNumber=7\nC=US\nO=a\nOU=b\nCN=wëb',
  );
  expect(encodeName({}).toString('hex')).toBe('3000');
  expect(encodeName(Buffer.from('3000', 'hex')).toString('hex')).toBe('3000');
});
