import { sequence } from '../../src/testing/der-writer';
import { encodeGeneralName, type GeneralName as Written } from '../../src/testing/names';
import { DerError } from '../../src/x509/der';
import { type GeneralName, readGeneralNames } from '../../src/x509/general-name';

const read = (...names: Written[]) => readGeneralNames(sequence(...names.map(encodeGeneralName)));

function reason(der: Buffer): string {
  try {
    return JSON.stringify(readGeneralNames(der));
  } catch (error) {
    if (error instanceof DerError) {
      return error.message;
    }
    throw error;
  }
}

test.each<[string, Written, Partial<GeneralName>]>([
  ['an otherName', Buffer.of(0xa0, 2, 5, 0), { kind: 'otherName', value: Buffer.of(5, 0) }],
  ['an email address', { email: 'a@b' }, { kind: 'email', text: 'a@b' }],
  ['a DNS name', { dns: 'a.b' }, { kind: 'dns', text: 'a.b' }],
  ['an X.400 address', Buffer.of(0xa3, 0), { kind: 'x400Address', value: Buffer.alloc(0) }],
  ['a directory name', { directory: {} }, { kind: 'directory', value: Buffer.of(0x30, 0) }],
  ['an EDI party name', Buffer.of(0xa5, 0), { kind: 'ediPartyName', value: Buffer.alloc(0) }],
  ['a URI', { uri: 'spiffe://a/\0"\', URI:x' }, { kind: 'uri', text: 'spiffe://a/\0"\', URI:x' }],
  ['an IP address', { ip: '192.0.2.1' }, { kind: 'ip', value: Buffer.of(192, 0, 2, 1) }],
  ['a registered ID', { registeredId: '1.2.3' }, { kind: 'registeredId', value: Buffer.of(42, 3) }],
])('reads %s', (_, written, expected) => {
  const [name, ...others] = read(written);
  expect(name).toMatchObject(expected);
  expect(name?.text).toBe(expected.text);
  expect(others).toEqual([]);
});

test('keeps the order, and names that occur twice', () => {
  const names: Written[] = [{ uri: 'b' }, { dns: 'a' }, { uri: 'b' }];
  expect(read(...names).map(({ kind, text }) => `${kind}:${text}`)).toEqual(['uri:b', 'dns:a', 'uri:b']);
});

test.each<[string, Buffer, string]>([
  ['no list', Buffer.of(5, 0), 'byte 0: has no list of names here'],
  ['an empty list', sequence(), 'byte 0: has an empty list of names'],
  ['more after the list', Buffer.of(0x30, 2, 0x82, 0, 5, 0), 'byte 4: has more bytes after the list of names'],
  ['another tag', sequence(Buffer.of(0x89, 0)), 'byte 2: has a name of an unknown kind'],
  ['a universal tag', sequence(Buffer.of(0x16, 1, 0x61)), 'byte 2: has a name of an unknown kind'],
  ['a DNS name that holds elements', sequence(Buffer.of(0xa2, 0)), 'byte 2: has a name of an unknown kind'],
  ['a directory name that is none', sequence(Buffer.of(0xa4, 0)), 'byte 4: has no directory name here'],
  [
    'two directory names in one',
    sequence(Buffer.of(0xa4, 4, 0x30, 0, 0x30, 0)),
    'byte 6: has more bytes after the directory name',
  ],
  ...(['email', 'dns', 'uri'] as const).map((kind): [string, Buffer, string] => [
    `${kind} in Latin-1`,
    sequence(encodeGeneralName({ [kind]: 'aé' } as Written)),
    'byte 5: has a name with characters that are not ASCII',
  ]),
])('refuses %s', (_, der, message) => {
  expect(reason(der)).toBe(message);
});
