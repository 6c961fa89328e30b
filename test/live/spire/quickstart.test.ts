import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { LivePod } from '../support/pod';
import { eventually, run } from '../support/run';
import { SpireRig } from '../support/spire-rig';
import { configurationsIn, synthesized } from '../support/synthesized';

const objects = synthesized('examples/quickstart/main.ts', 'demo');
const files = configurationsIn(objects);

const CERTIFICATE = '/run/spire/oidc/certificate';
const ISSUER = 'https://oidc-discovery.demo.example.com';

let rig: SpireRig;
let pod: LivePod;

beforeAll(async () => {
  pod = await LivePod.start();
  rig = new SpireRig('demo.example.com');
});

afterAll(() => Promise.all([rig.end(), pod.end()]));

function text(name: string): string {
  const found = files[name];
  if (found === undefined) throw new Error(`the quickstart writes no ${name}`);
  return found;
}

test('the quickstart writes these files and no others', () => {
  expect(Object.keys(files).sort()).toEqual([
    'agent.conf',
    'controller-manager.yaml',
    'helper.conf',
    'oidc-discovery-provider.conf',
    'server.conf',
  ]);
});

test.each([
  ['spire-server', 'server.conf', 'SPIRE server configuration file is valid.\n'],
  ['spire-agent', 'agent.conf', 'SPIRE agent configuration file is valid.\n'],
])('%s finds %s valid, and has nothing to warn of', (program, file, valid) => {
  const path = rig.path(file);
  writeFileSync(path, text(file));
  expect(run(program, ['validate', '-config', path])).toEqual({ status: 0, stdout: valid, stderr: '', text: valid });
});

test('spiffe-helper writes the certificate that the OIDC provider is configured with', async () => {
  await rig.startServer({ server: { jwt_issuer: ISSUER } });
  const { id, dnsNames } = registration();
  rig.register(id, ...dnsNames.flatMap((name) => ['-dns', name]));
  const agent = rig.launchAgent({ agent: { socket_path: pod.path('/spiffe-workload-api/spire-agent.sock') } });
  await rig.fetch(agent, pod.path('/spiffe-workload-api/spire-agent.sock'));

  pod.path(`${CERTIFICATE}/tls.crt`);
  pod.write('/run/spire/oidc/config/helper.conf', text('helper.conf'));
  const helper = pod.start('spiffe-helper', '-config', '/run/spire/oidc/config/helper.conf');
  const written = () => {
    if (!existsSync(pod.path(`${CERTIFICATE}/ca.crt`))) throw new Error(helper.text);
    return true;
  };
  await eventually(20, written, 'certificate');
  expect(readFileSync(pod.path(`${CERTIFICATE}/tls.crt`), 'utf8')).toMatch(/^-----BEGIN CERTIFICATE-----/);
  expect(statSync(pod.path(`${CERTIFICATE}/tls.key`)).mode & 0o777).toBe(0o600);
  await eventually(10, () => curl('http://127.0.0.1:8081/ready') !== undefined || undefined, 'ready helper');
  expect(helper.text).not.toMatch(/level=(warn|error)/);
});

test('the OIDC provider serves discovery document and keys with it', async () => {
  pod.write('/run/spire/oidc/config/oidc-discovery-provider.conf', text('oidc-discovery-provider.conf'));
  const provider = pod.start(
    'oidc-discovery-provider',
    '-config',
    '/run/spire/oidc/config/oidc-discovery-provider.conf',
  );
  await eventually(20, () => curl('http://127.0.0.1:8008/ready') !== undefined || undefined, 'ready provider');
  // Name and certificate are verified; only DNS is played.
  const secure = (url: string) =>
    pod.run(
      ...(['curl', '-sSf', '--cacert', pod.path(`${CERTIFICATE}/ca.crt`)] as const),
      ...['--connect-to', '::127.0.0.1:8443', url],
    );
  const document = JSON.parse(secure(`${ISSUER}/.well-known/openid-configuration`));
  expect(document).toMatchObject({ issuer: ISSUER, jwks_uri: `${ISSUER}/keys` });
  const { keys } = JSON.parse(secure(document.jwks_uri)) as { keys: { kid: string; use: string }[] };
  const bundle = JSON.parse(rig.server('bundle', 'show', '-format', 'spiffe')) as {
    keys: { kid?: string; use: string }[];
  };
  const signing = bundle.keys.filter(({ use }) => use === 'jwt-svid').map(({ kid }) => kid);
  expect(keys.map(({ kid, use }) => ({ kid, use }))).toEqual(signing.map((kid) => ({ kid, use: 'sig' })));
  const inCluster = 'https://spire-oidc-discovery-provider.spire-server.svc.cluster.local';
  expect(JSON.parse(secure(`${inCluster}/.well-known/openid-configuration`)).issuer).toBe(ISSUER);
  expect(provider.status).toBeNull();
});

/** What the controller manager would register for the provider. */
function registration(): { id: string; dnsNames: string[] } {
  const name = 'spire-oidc-discovery-provider';
  const object = objects.find((candidate) => candidate.kind === 'ClusterSPIFFEID' && candidate.metadata.name === name);
  const spec = object?.spec as unknown as { spiffeIDTemplate: string; dnsNameTemplates: string[] };
  const id = spec.spiffeIDTemplate.replace('{{ .TrustDomain }}', rig.trustDomain);
  return { id, dnsNames: spec.dnsNameTemplates };
}

function curl(url: string): string | undefined {
  try {
    return pod.run('curl', '-sSf', url);
  } catch {
    return undefined;
  }
}
