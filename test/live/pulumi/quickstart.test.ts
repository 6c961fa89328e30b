import { LiveCluster } from '../support/cluster';
import { PulumiStack } from '../support/pulumi';
import { eventually } from '../support/run';
import { Workspace } from '../support/workspace';

const cluster = LiveCluster.get(1);
const AGENT = '/opt/spire/bin/spire-agent';

const stack = new PulumiStack('examples/pulumi-quickstart', 'live', cluster.env);

// What a run left that was aborted.
beforeAll(async () => {
  const workspace = new Workspace();
  await workspace.run('npx tsx examples/quickstart/main.ts && sh dist/demo/remove.sh', cluster.env);
  workspace.remove();
});

afterAll(() => stack.discard());

test('pulumi up deploys the quickstart and waits until all of it works', async () => {
  await stack.must('up', '--yes'); // with its preview, on a cluster that knows nothing of SPIRE
  // The stack waited: nothing is left to wait for but the agent's next sync.
  const fetch = ['-n', 'shop', 'exec', 'deploy/payments', '--', AGENT, 'api', 'fetch', 'x509'];
  const text = await eventually(
    60,
    () => cluster.kubectl(...fetch, '-socketPath', '/spiffe-workload-api/spire-agent.sock'),
    'first X509-SVID',
  );
  expect(text).toContain('spiffe://demo.example.com/ns/shop/sa/payments');
});

test('up again changes nothing', async () => {
  const text = await stack.must('up', '--yes', '--skip-preview', '--expect-no-changes');
  expect(text).toMatch(/\d+ unchanged/);
});

test('a refresh finds nothing that drifted', async () => {
  await stack.must('refresh', '--yes', '--skip-preview', '--expect-no-changes');
});

test('destroy ends, and leaves nothing behind', async () => {
  cluster.keepLogs('pulumi-quickstart', 'spire-server', 'spire-system', 'shop');
  await stack.must('destroy', '--yes', '--skip-preview');
  const left = cluster.kubectl(
    'get',
    'ns,crd,clusterrole,clusterrolebinding,validatingwebhookconfiguration,csidriver',
    '-o',
    'name',
  );
  expect(left).not.toMatch(/spire|spiffe|shop/);
});
