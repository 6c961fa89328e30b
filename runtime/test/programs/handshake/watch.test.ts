import { TestAuthority } from '../../../src/testing';
import { FakeWorkloadApi } from '../../../src/testing/fake-workload-api';
import { endAll, startHere } from '../run';

const east = new TestAuthority('east.example');
const west = new TestAuthority('west.example');
let api: FakeWorkloadApi;

afterEach(async () => {
  await endAll();
  await api.close();
});

test('a line whenever SVIDs or bundles change, and none where nothing does', async () => {
  api = await FakeWorkloadApi.start({ x509: null, bundles: [east.bundle()] });
  const running = startHere(['handshake', 'watch', '--socket', api.address]);
  await running.says(/"code":"permission-denied"/);
  const svid = east.x509Svid('/verify', { hint: 'west.example' });
  api.set({ x509: [svid] });
  await running.says(/"bundles":\{"east\.example":1\}/);
  api.set({ bundles: [east.bundle(), west.bundle()] });
  await running.says(/"west\.example":1/);
  api.set({ bundles: [east.bundle(), west.bundle()] });
  const { code, stdout, stderr } = await running.stop();
  expect([code, stderr]).toEqual([0, '']);
  const notAfter = new Date(svid.notAfter).toISOString();
  const svids = [{ id: 'spiffe://east.example/verify', hint: 'west.example', notAfter }];
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { time: expect.any(String), code: 'permission-denied', message: expect.any(String) },
    { time: expect.any(String), svids, bundles: { 'east.example': 1 } },
    { time: expect.any(String), svids, bundles: { 'east.example': 1, 'west.example': 1 } },
  ]);
});
