import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LiveCluster } from '../support/cluster';
import { eventually, type Outcome, run } from '../support/run';

const cluster = LiveCluster.get(1);
const state = mkdtempSync(join(tmpdir(), 'spirekit-pulumi-'));
const AGENT = '/opt/spire/bin/spire-agent';

afterAll(() => {
  rmSync(state, { recursive: true, force: true });
  rmSync('Pulumi.live.yaml', { force: true }); // the stack's settings, which the CLI keeps beside the program
});

function pulumi(...args: string[]): Outcome {
  return run('pulumi', [...args, '--non-interactive'], {
    env: {
      ...cluster.env,
      PULUMI_HOME: join(state, 'home'),
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_CONFIG_PASSPHRASE: '',
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
      PULUMI_SKIP_UPDATE_CHECK: 'true',
      PULUMI_LANGHOST_SDK: process.cwd(), // where a language host that is not upstream's finds the SDK
    },
  });
}

function succeeds(outcome: Outcome): string {
  if (outcome.status !== 0) throw new Error(`pulumi ended with ${outcome.status}:\n${outcome.text}`);
  return outcome.text;
}

test('pulumi up deploys the quickstart and waits until all of it works', async () => {
  succeeds(pulumi('stack', 'init', 'live'));
  succeeds(pulumi('up', '--yes', '--stack', 'live')); // with its preview, on a cluster that knows nothing of SPIRE
  // The stack waited: nothing is left to wait for but the agent's next sync.
  const fetch = ['-n', 'shop', 'exec', 'deploy/payments', '--', AGENT, 'api', 'fetch', 'x509'];
  const text = await eventually(
    60,
    () => cluster.kubectl(...fetch, '-socketPath', '/spiffe-workload-api/spire-agent.sock'),
    'first X509-SVID',
  );
  expect(text).toContain('spiffe://demo.example.com/ns/shop/sa/payments');
});

test('up again changes nothing', () => {
  const text = succeeds(pulumi('up', '--yes', '--skip-preview', '--expect-no-changes', '--stack', 'live'));
  expect(text).toMatch(/\d+ unchanged/);
});

test('a refresh finds nothing that drifted', () => {
  succeeds(pulumi('refresh', '--yes', '--skip-preview', '--expect-no-changes', '--stack', 'live'));
});

test('destroy ends, and leaves nothing behind', () => {
  succeeds(pulumi('destroy', '--yes', '--skip-preview', '--stack', 'live'));
  const left = cluster.kubectl(
    'get',
    'ns,crd,clusterrole,clusterrolebinding,validatingwebhookconfiguration,csidriver',
    '-o',
    'name',
  );
  expect(left).not.toMatch(/spire|spiffe|shop/);
});
