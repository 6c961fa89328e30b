import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:tls';
import { bundleOfRoots } from '../../../lib/federation';
import { freePort } from '../support/process';
import { SpireRig } from '../support/spire-rig';
import { Authority } from './federation-authority';
import { alone, asEast, below, EAST, federate, keysAt, serving, WEST, withCertificate, World } from './federation-world';

// Rules of the federation whose harm needs more than the two servers of the table.

let world: World;
const rigs: SpireRig[] = [];
beforeAll(async () => {
  world = await World.start();
});
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.end();
});
afterAll(() => world.end());

/** A further server, which ends with the test. */
function another(trustDomain: string): SpireRig {
  const rig = new SpireRig(trustDomain);
  rigs.push(rig);
  return rig;
}

const refreshed = (trustDomain: string) => new RegExp(`msg="Bundle refreshed".*trust_domain=${trustDomain}`);

describe('E06: a CA that signs itself', () => {
  test('ends before what is written down, and then nobody can verify the endpoint', async () => {
    const port = await freePort();
    const federation = serving(port, { https_spiffe: {} });
    const first = another(WEST);
    await first.startServer({ server: { federation }, plugins: alone(first) });
    const bundle = first.server('bundle', 'show', '-format', 'spiffe');

    const draft = world.draft();
    delete draft.west.upstream;
    draft.west.seed = { bundle };
    draft.east.relationships[0].bundle = bundle;
    draft.east.relationships[0].url = `https://localhost:${port}`;
    draft.west.endpoint.url = draft.east.relationships[0].url;
    draft.west.endpoint.ports = [port];
    console.log(world.findings(draft));

    await asEast(async (rig, server) => {
      federate(rig, draft.east.relationships[0]);
      await server.says(refreshed(WEST));
    });
    await first.end();
    // What a rotation of its CA does, in less than a day.
    const second = another(WEST);
    await second.startServer({ server: { federation }, plugins: alone(second) });
    await asEast(async (rig, server) => {
      federate(rig, draft.east.relationships[0]);
      await server.says(/Error updating bundle.*x509: certificate signed by unknown authority/);
    });
  });
});

describe('E07: a router that ends TLS', () => {
  let router: Server;
  afterEach(() => new Promise((resolve) => router.close(resolve)));

  test('shows its own certificate instead of the SVID', async () => {
    const { secret } = world.web.issue('localhost');
    router = createServer({ cert: secret['tls.crt'], key: secret['tls.key'] }, (socket) => socket.end());
    router.on('tlsClientError', () => undefined);
    const port = await freePort();
    await new Promise<void>((resolve) => {
      router.listen(port, '127.0.0.1', resolve);
    });
    const draft = world.draft();
    draft.west.endpoint.termination = 'reencrypt';
    console.log(world.findings(draft));
    await asEast(async (rig, server) => {
      federate(rig, { ...draft.east.relationships[0], url: `https://localhost:${port}` });
      await server.says(/Error updating bundle.*/).then(([m]) => console.log(m));
    });
  });
});

describe('E09: the host', () => {
  test('is not in the certificate', async () => {
    const port = await freePort();
    const web = another(WEST);
    const profile = withCertificate(world.web.issue('bundle.west.example.com'));
    await web.startServer({ server: { federation: serving(port, profile) } });
    const draft = world.draft();
    const [relationship] = draft.east.relationships;
    for (const it of [draft.west.endpoint, relationship]) it.profile = 'https_web';
    delete draft.west.endpoint.spiffeId;
    delete relationship.endpointSpiffeId;
    draft.west.endpoint.certificate = { source: 'secret', dnsNames: ['bundle.west.example.com'], trust: { type: 'public' } };
    console.log(world.findings(draft));
    await asEast(
      async (rig, server) => {
        federate(rig, { ...relationship, url: `https://localhost:${port}` });
        await server.says(/Error updating bundle.*/).then(([m]) => console.log(m));
      },
      { env: { SSL_CERT_FILE: world.web.certificateFile } },
    );
  });

  test('is of somebody else, whose bundle is taken for that of the peer', async () => {
    const port = await freePort();
    const other = another('other.example');
    const profile = withCertificate(world.web.issue('localhost'));
    await other.startServer({ server: { federation: serving(port, profile) } });
    const draft = world.draft();
    const [relationship] = draft.east.relationships;
    for (const it of [draft.west.endpoint, relationship]) it.profile = 'https_web';
    delete draft.west.endpoint.spiffeId;
    delete relationship.endpointSpiffeId;
    relationship.url = `https://localhost:${port}`;
    console.log(world.findings(draft));
    await asEast(
      async (rig, server) => {
        federate(rig, relationship);
        await server.says(/Bundle refreshed|Error updating bundle.*/).then(([m]) => console.log(m));
        console.log(JSON.stringify(keysAt(rig, WEST)) === JSON.stringify(keysAt(other)), keysAt(rig, WEST));
      },
      { env: { SSL_CERT_FILE: world.web.certificateFile } },
    );
  });
});

describe('E02: itself in its own configuration', () => {
  test('x', async () => {
    const port = await freePort();
    const other = another('other.example');
    const profile = withCertificate(world.web.issue('localhost'));
    await other.startServer({ server: { federation: serving(port, profile) } });
    const draft = world.draft();
    draft.east.staticRelationships = [{ trustDomain: EAST, url: `https://localhost:${port}`, profile: 'https_web' }];
    console.log(world.findings(draft));
    const federates_with = { [EAST]: { bundle_endpoint_url: `https://localhost:${port}`, bundle_endpoint_profile: { https_web: {} } } };
    await asEast(
      async (rig, server) => {
        await server.says(/Bundle refreshed|Error updating bundle.*/).then(([m]) => console.log(m));
        console.log(JSON.stringify(keysAt(rig)) === JSON.stringify(keysAt(other)), keysAt(rig));
      },
      { server: { federation: { federates_with } }, env: { SSL_CERT_FILE: world.web.certificateFile } },
    );
  });
});

describe('E13: the refresh hint', () => {
  test.each(['60s', '10s'])('%s', async (hint) => {
    const port = await freePort();
    const west = another(WEST);
    await west.startServer({ server: { federation: serving(port, { https_spiffe: {} }, hint) }, plugins: below(west, world.root) });
    const draft = world.draft();
    draft.west.endpoint.refreshHint = Number.parseInt(hint, 10);
    console.log(world.findings(draft));
    await asEast(async (rig, server) => {
      federate(rig, { ...draft.east.relationships[0], url: `https://localhost:${port}` });
      const [, now, next] = await server.says(/time="([^"]+)"[^\n]*msg="Scheduling next bundle refresh" at="([^"]+)"/);
      console.log(now, next);
    });
  });
});

describe('E14: an upstream authority that ends before the CA', () => {
  test('ends the CA, and all that it has signed', async () => {
    const root = new Authority(world.provider.folder, 'short-root', { days: 1 });
    const draft = world.draft();
    draft.west.upstream = { roots: root.certificate };
    draft.west.caTtl = 72 * 3600;
    draft.west.endpoint.refreshHint = 300;
    console.log(world.findings(draft));
    const rig = another(WEST);
    await rig.startServer({ server: { ca_ttl: '72h', default_x509_svid_ttl: '48h' }, plugins: below(rig, root) });
    rig.server('x509', 'mint', '-spiffeID', `spiffe://${WEST}/a`, '-write', rig.folder, '-ttl', '48h');
    const chain = readFileSync(rig.path('svid.pem'), 'utf8').split(/(?<=-----END CERTIFICATE-----\n)/).filter(Boolean).map((p) => new X509Certificate(p));
    console.log(chain.map((c) => [c.subject, c.validTo]), new X509Certificate(root.certificate).validTo);
  });
});

describe('E18: a static entry', () => {
  test('overrides', async () => {
    const draft = world.draft();
    const wrong = `https://localhost:1`;
    draft.east.staticRelationships = [{ trustDomain: WEST, url: wrong, profile: 'https_web' }];
    console.log(world.findings(draft));
    const federates_with = { [WEST]: { bundle_endpoint_url: wrong, bundle_endpoint_profile: { https_web: {} } } };
    await asEast(
      async (rig, server) => {
        console.log(federate(rig, draft.east.relationships[0]).text);
        console.log(rig.server('federation', 'list'));
        console.log(rig.tryServer('federation', 'refresh', '-id', `spiffe://${WEST}`).text);
        await new Promise((r) => setTimeout(r, 2000));
        console.log(server.text.split('\n').filter((l) => /west.example/.test(l)).join('\n'));
        bundleOfRoots;
      },
      { server: { federation: { federates_with } } },
    );
  });
});
