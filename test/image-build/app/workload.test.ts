import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundleApp } from '../../../lib/image-build/app';
import { FakeWorkloadApi, TestAuthority } from '../../../runtime/src/testing';
import { filesOf, unpack } from './fixtures/project';

const bundled = () =>
  bundleApp({ entry: join(__dirname, 'fixtures/workload.mts'), platforms: ['linux/amd64', 'linux/arm64'] });

test('a workload with the runtime package and grpc-js runs from one file', async () => {
  const app = await bundled();
  expect(app.warnings).toEqual([]);
  const authority = new TestAuthority('east.example.com');
  const api = await FakeWorkloadApi.start({ x509: [authority.x509Svid('/web')], bundles: [authority.bundle()] });
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [await unpack(app)], {
      cwd: '/',
      env: { SPIFFE_ENDPOINT_SOCKET: api.address },
    });
    expect(stderr).toBe('');
    expect(stdout).toBe('https: hello spiffe://east.example.com/web\ngRPC: hello spiffe://east.example.com/web\n');
  } finally {
    await api.close();
  }
});

test('packages of npm are told apart from those of the workspace', async () => {
  const { components, inputs } = await bundled();
  const named = new Map(components.map((each) => [each.name, each]));
  expect(named.get('@grpc/grpc-js')?.hashes?.['SHA-512']).toMatch(/^[0-9a-f]{128}$/);
  expect(named.get('@spirekit/runtime')).toMatchObject({ license: 'Apache-2.0' });
  expect(named.get('@spirekit/runtime')?.hashes).toBeUndefined();
  expect(named.has('spirekit')).toBe(false);
  expect(inputs.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['runtime/package.json', 'test/image-build/app/fixtures/workload.mts']),
  );
});

test('nothing of the machine is in the bundle', async () => {
  for (const content of (await filesOf(await bundled())).values()) {
    expect(Buffer.from(content).includes(process.cwd())).toBe(false);
  }
});
