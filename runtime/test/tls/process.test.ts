import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createRawServer } from 'node:tls';
import { promisify } from 'node:util';
import { TestAuthority } from '../../src/testing/test-authority';
import { closeAfterEach, closeLater, listen, pem } from './support';

/** Each test starts a process that compiles the sources. */
jest.setTimeout(60_000);

closeAfterEach();

const ROOT = join(__dirname, '../../..');

/** What a program says, in a process of its own. */
async function run(program: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', '--eval', program], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...env },
    timeout: 50_000,
  });
  return stdout;
}

function load(folder: string): string {
  return `require(${JSON.stringify(join(ROOT, 'runtime/src', folder))})`;
}

test('a root that the whole process trusts makes no peer trusted', async () => {
  // Its certificates are right in every other way, and the process of the client has it among its roots.
  const publicRoot = new TestAuthority('own.test', { subject: { O: 'Public Trust' } });
  const directory = mkdtempSync(join(tmpdir(), 'roots-'));
  closeLater(() => rmSync(directory, { recursive: true }));
  const roots = join(directory, 'roots.pem');
  writeFileSync(roots, publicRoot.certificate.toPem());
  const names = [{ dns: 'localhost' }, { uri: 'spiffe://own.test/server' }];
  const issued = pem(publicRoot.issue({ subject: { CN: 'localhost' }, subjectAltNames: names }));
  const port = await listen(createRawServer(issued, (socket) => socket.on('error', () => {})));
  const program = `
    const { connect: stock } = require('node:tls');
    const { connect } = ${load('tls')};
    const { memberOf } = ${load('authorize')};
    const { TestAuthority, TestSource } = ${load('testing')};
    const source = TestSource.of(new TestAuthority('own.test'), '/client');
    const socket = stock({ host: 'localhost', port: ${port}, servername: 'localhost' }, () => {
      console.log('stock', socket.authorized);
      socket.destroy();
      connect({ source, authorize: memberOf('own.test'), host: 'localhost', port: ${port} }).then(
        () => console.log('connected'),
        (error) => console.log(error.code, error.cause.code),
      );
    });
  `;
  expect(await run(program, { NODE_EXTRA_CA_CERTS: roots })).toBe('stock true\nsvid-refused no-path\n');
});

test('servers and clients that are set up load neither undici nor grpc-js', async () => {
  const program = `
    const { Agent, createServer } = ${load('http')};
    const { memberOf } = ${load('authorize')};
    ${load('grpc')};
    ${load('http2')};
    const { TestAuthority, TestSource } = ${load('testing')};
    const options = { source: TestSource.of(new TestAuthority('own.test'), '/a'), authorize: memberOf('own.test') };
    createServer(options);
    new Agent(options);
    console.log(Object.keys(require.cache).filter((file) => /node_modules.(undici|@grpc)/.test(file)).length);
  `;
  expect(await run(program)).toBe('0\n');
});
