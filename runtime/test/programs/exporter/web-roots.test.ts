import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { WebRoots } from '../../../src/programs/exporter/web-roots';
import { TestAuthority } from '../../../src/testing';
import { newFolder, removeFolders } from '../helper/folders';

afterEach(removeFolders);

const one = new TestAuthority('one.invalid').certificate.toPem();
const two = new TestAuthority('two.invalid').certificate.toPem();

test('without files the public authorities are meant', () => {
  const roots = new WebRoots([]);
  expect(roots.profile()).toEqual({ type: 'https_web' });
  expect(roots.profile()).toBe(roots.profile());
});

test('files come beside the public authorities, as they are now', () => {
  const files = ['a.pem', 'b.pem'].map((name) => join(newFolder(), name)) as [string, string];
  for (const path of files) writeFileSync(path, one);
  const roots = new WebRoots(files);
  const first = roots.profile();
  expect(first.roots).toBe([...rootCertificates, one, one].join('\n'));
  expect(roots.profile()).toBe(first);
  writeFileSync(files[1], two);
  expect(roots.profile().roots).toBe([...rootCertificates, one, two].join('\n'));
});

test('a file that has no certificates any more, and is no file any more', () => {
  const path = join(newFolder(), 'roots.pem');
  writeFileSync(path, one);
  const roots = new WebRoots([path]);
  const first = roots.profile();
  writeFileSync(path, '');
  expect(() => roots.profile()).toThrow('have no certificate in PEM');
  rmSync(path);
  expect(() => roots.profile()).toThrow('ENOENT');
  writeFileSync(path, one);
  expect(roots.profile()).toBe(first);
});
