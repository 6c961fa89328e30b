import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSigned } from '../support/certificate';
import { installations, written, writtenTwice } from '../support/installations';
import { LivePod } from '../support/pod';
import { eventually, run } from '../support/run';
import { configurationsIn, type Written } from '../support/synthesized';

const folder = mkdtempSync(join(tmpdir(), 'spirekit-'));
let pod: LivePod;

beforeAll(async () => {
  pod = await LivePod.start();
  const { certificate, key } = selfSigned(folder);
  pod.write('/run/spire/oidc/certificate/tls.crt', run('cat', [certificate]).stdout);
  pod.write('/run/spire/oidc/certificate/tls.key', run('cat', [key]).stdout);
});

afterAll(async () => {
  await pod.end();
  rmSync(folder, { recursive: true, force: true });
});

const table = Object.entries(installations);

test.each(table)('server and agent accept the configuration of an installation %s', (_, props) => {
  const objects = written(props);
  validates(objects, 'spire-server', 'server.conf');
  validates(objects, 'spire-agent', 'agent.conf');
});

test('server and agent accept the configurations of a second installation in the same cluster', () => {
  const second = writtenTwice().filter(({ metadata }) => metadata.name.startsWith('second-'));
  validates(second, 'spire-server', 'server.conf');
  validates(second, 'spire-agent', 'agent.conf');
});

const kinds = table.filter(([label]) => /OIDC provider (that|behind)|defaults|layout/.test(label));

test.each(kinds)('the OIDC provider of an installation %s serves its discovery document', async (_, props) => {
  const text = configurationsIn(written(props))['oidc-discovery-provider.conf'] ?? '';
  const issuer = new URL(/^jwt_issuer\s*=\s*"(.*)"$/m.exec(text)?.[1] ?? '');
  pod.write('/run/oidc.conf', text);
  const provider = pod.start('oidc-discovery-provider', '-config', '/run/oidc.conf');
  const local = text.includes('insecure_addr') ? '127.0.0.1:8080' : '127.0.0.1:8443';
  const scheme = text.includes('insecure_addr') ? 'http' : 'https';
  try {
    const document = await eventually(
      10,
      () => {
        const url = `${scheme}://${issuer.hostname}/.well-known/openid-configuration`;
        try {
          return pod.run('curl', '-sSfk', '--connect-to', `::${local}`, url);
        } catch (error) {
          throw new Error(`${error}\n${provider.text}`);
        }
      },
      'discovery document',
    );
    const keys = `${issuer.href.replace(/\/$/, '')}/keys`;
    expect(JSON.parse(document)).toMatchObject({ issuer: issuer.href.replace(/\/$/, ''), jwks_uri: keys });
  } finally {
    await provider.end();
  }
});

/** As the container starts it, environment variables included. */
function validates(objects: readonly Written[], program: string, file: string): void {
  const path = join(folder, file);
  writeFileSync(path, configurationsIn(objects)[file] ?? '');
  const expand = JSON.stringify(objects).includes('"-expandEnv"') ? ['-expandEnv'] : [];
  const outcome = run(program, ['validate', '-config', path, ...expand], {
    env: { ...process.env, HOSTNAME: 'spire-server-0' },
  });
  expect(outcome.text).toMatch(
    /^(time=.*level=warning.*experimental.*\n)*SPIRE (server|agent) configuration file is valid\.\n$/i,
  );
  expect(outcome.status).toBe(0);
}
