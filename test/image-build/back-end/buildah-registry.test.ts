import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { registryArguments } from '../../../lib/image-build/back-end/buildah-registry';
import { newFolder, removeFolders } from '../../synth/fixtures';

afterEach(removeFolders);

const DIGEST = `@sha256:${'1'.repeat(64)}`;
const remote = `registry.example.com:5000/node${DIGEST}`;

test('leaves to buildah what is not said', () => {
  expect(registryArguments(remote, {}, '/nowhere')).toEqual([]);
});

test('gives credentials in a file that this user alone can read', () => {
  const folder = newFolder();
  const file = join(folder, 'auth.json');
  const credentials = { username: 'somebody', password: 'pass:wörd' };
  expect(registryArguments(remote, { credentials }, folder)).toEqual(['--authfile', file]);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    auths: { 'registry.example.com:5000': { auth: Buffer.from('somebody:pass:wörd').toString('base64') } },
  });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  registryArguments(remote, { credentials: { identityToken: 'token' } }, folder);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    auths: { 'registry.example.com:5000': { identitytoken: 'token' } },
  });
});

test('gives certificates of authorities', () => {
  const folder = newFolder();
  expect(registryArguments(remote, { ca: 'PEM', certificatesFolder: '/certs.d' }, folder)).toEqual([
    '--cert-dir',
    join(folder, 'certificates'),
  ]);
  expect(readFileSync(join(folder, 'certificates', 'ca.crt'), 'utf8')).toBe('PEM');
  expect(registryArguments(remote, { certificatesFolder: '/certs.d' }, folder)).toEqual([
    '--cert-dir',
    '/certs.d/registry.example.com:5000',
  ]);
});

test('holds this machine to the authority that is named', () => {
  const args = registryArguments(`localhost:5000/node${DIGEST}`, { ca: 'PEM' }, newFolder());
  expect(args).not.toContain('--tls-verify=false');
});

test.each([
  ['localhost:5000/node', undefined, true],
  ['127.0.0.1:5000/node', undefined, true],
  ['[::1]:5000/node', undefined, true],
  ['localhost:5000/node', false, false],
  ['127.example.com/node', undefined, false],
  ['localhost.example.com/node', undefined, false],
  ['registry.example.com/node', true, true],
])('%s with plainHttp %p: without TLS %p', (name, plainHttp, isPlain) => {
  const options = plainHttp === undefined ? {} : { plainHttp };
  expect(registryArguments(`${name}${DIGEST}`, options, '/nowhere')).toEqual(isPlain ? ['--tls-verify=false'] : []);
});
