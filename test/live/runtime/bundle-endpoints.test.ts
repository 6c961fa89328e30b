import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { X509Source } from '@spirekit/runtime';
import type { SpiffeBundle } from '@spirekit/runtime/bundle';
import {
  BundleEndpoint,
  BundleWatcher,
  bundleHandler,
  fetchBundle,
  httpsSpiffe,
  httpsWeb,
  serveBundle,
} from '@spirekit/runtime/federation';
import { TrustDomain } from '@spirekit/runtime/id';
import { TestAuthority } from '@spirekit/runtime/testing';
import { settled } from '../support/beside';
import { keysOf, Member, type WebFiles, webFiles } from './federation-pair';
import { askGo, askGoOnce, GoPeer } from './go-program';
import { listen, shut } from './traffic';
import { PROGRAMS } from './workload-rig';

/** A server with https_spiffe and an agent, and one with https_web. */
const spiffe = new Member('spiffe.example.com');
const web = new Member('web.example.com');
/** A trust domain whose bundle we publish, and nobody but us knows. */
const ours = new TestAuthority('ours.example.com');
let files: WebFiles;
let roots: string;
let source: X509Source;

beforeAll(async () => {
  files = webFiles(web.folder);
  roots = readFileSync(files.roots, 'utf8');
  const serving_cert_file = { cert_file_path: files.certificate, key_file_path: files.key };
  await Promise.all([
    spiffe.startEndpoint(undefined, { env: { SSL_CERT_FILE: files.roots } }),
    web.startEndpoint({ https_web: { serving_cert_file } }),
  ]);
  spiffe.enter('publisher', { selector: PROGRAMS.node });
  spiffe.enter('go', { selector: PROGRAMS.go });
  await spiffe.startAgent();
  source = await X509Source.create({ address: spiffe.socket });
  await settled(
    20,
    () => askGo(spiffe.socket, 'fetch-jwt', ['-audience', 'a']),
    ([it]) => it?.event === 'jwt-svid',
  );
});

afterAll(async () => {
  await source?.close();
  await Promise.all([spiffe.end(), web.end()]);
});

const spiffeEndpoint = (endpointId = spiffe.endpointId) =>
  BundleEndpoint.of({
    url: spiffe.endpointUrl,
    profile: httpsSpiffe({ endpointId, bundles: spiffe.current() }),
  });

test("SPIRE's https_spiffe endpoint, from the bundle that its operator hands over", async () => {
  const bundle = await fetchBundle(spiffe.domain, spiffeEndpoint());
  expect(keysOf(bundle)).toEqual(keysOf(spiffe.current()));
  expect([bundle.refreshHint, typeof bundle.sequence]).toEqual([10, 'bigint']);
});

test('an endpoint with another ID, or of another trust domain, is refused', async () => {
  const other = spiffeEndpoint(spiffe.id('spire/other'));
  await expect(fetchBundle(spiffe.domain, other)).rejects.toMatchObject({ name: 'FederationError' });
  const stranger = BundleEndpoint.of({
    url: spiffe.endpointUrl,
    profile: httpsSpiffe({ endpointId: web.endpointId, bundles: web.current() }),
  });
  await expect(fetchBundle(web.domain, stranger)).rejects.toMatchObject({ name: 'FederationError' });
});

test("SPIRE's https_web endpoint, by its authority alone", async () => {
  const endpoint = BundleEndpoint.of({ url: web.endpointUrl, profile: httpsWeb({ roots }) });
  expect(keysOf(await fetchBundle(web.domain, endpoint))).toEqual(keysOf(web.current()));
  const publicly = BundleEndpoint.of({ url: web.endpointUrl, profile: httpsWeb() });
  await expect(fetchBundle(web.domain, publicly)).rejects.toMatchObject({ name: 'FederationError' });
  // The profile is never guessed: neither certificate is any good for the other one.
  const wrong = BundleEndpoint.of({ url: spiffe.endpointUrl, profile: httpsWeb({ roots }) });
  await expect(fetchBundle(spiffe.domain, wrong)).rejects.toMatchObject({ name: 'FederationError' });
});

test("a watcher has SPIRE's new authorities when they are prepared, and its sequence numbers only grow", async () => {
  await using watcher = BundleWatcher.start(spiffe.domain, spiffeEndpoint(), {
    minIntervalMs: 500,
    maxIntervalMs: 500,
  });
  const first = await watcher.ready();
  expect(first.x509.authorities).toHaveLength(1);
  const updated = new Promise<void>((resolve) => {
    watcher.onUpdate(() => {
      if (watcher.bundle?.x509.authorities.length === 2) resolve();
    });
  });
  spiffe.server('localauthority', 'x509', 'prepare');
  await updated;
  expect(keysOf(await watcher.ready())).toEqual(keysOf(spiffe.current()));
  expect(Number(watcher.bundle?.sequence)).toBeGreaterThan(Number(first.sequence));
  expect(watcher.status.error).toBeUndefined();
});

describe('our endpoints', () => {
  test('https_spiffe: SPIRE and go-spiffe fetch it, and the next version', async () => {
    await using server = await serveBundle({
      source,
      bundle: () => ours.bundle(),
      refreshHintSeconds: 10,
      host: '127.0.0.1',
      port: 0,
    });
    const url = `https://localhost:${server.port}/bundle`;
    const id = spiffe.id('publisher');
    // The endpoint is not self-serving: it is a workload of `spiffe`, which SPIRE knows as its own trust domain.
    spiffe.follow('ours.example.com', url, { id });
    for (const change of [() => undefined, () => ours.rotate(), () => ours.rotateJwtKey()]) {
      change();
      const expected = keysOf(ours.bundle());
      const has = (it?: SpiffeBundle) => JSON.stringify(it && keysOf(it)) === JSON.stringify(expected);
      const fetched = await settled(10, () => spiffe.fetched('ours.example.com'), has);
      expect(fetched && keysOf(fetched)).toEqual(expected);
      writeFileSync(spiffe.path('own.json'), spiffe.bundle());
      const told = await askGoOnce(spiffe.socket, 'fetch-bundle', [
        ...['-trust-domain', 'ours.example.com', '-url', url, '-endpoint-id', id],
        ...['-bootstrap', spiffe.path('own.json')],
      ]);
      expect(told).toMatchObject({ event: 'bundle', refreshHint: 10 });
      expect(told.document.keys).toHaveLength(expected.x509.length + expected.jwt.length);
    }
    spiffe.server('federation', 'delete', '-id', 'spiffe://ours.example.com');
  });

  test('https_web: SPIRE and go-spiffe fetch it', async () => {
    const published = new TestAuthority('published.example.com');
    const [cert, key] = [readFileSync(files.certificate), readFileSync(files.key)];
    const server = createServer({ cert, key }, bundleHandler({ bundle: published.bundle() }));
    try {
      const url = `https://localhost:${await listen(server)}/published`;
      spiffe.follow('published.example.com', url);
      const fetched = await settled(10, () => spiffe.fetched('published.example.com'), Boolean);
      expect(fetched && keysOf(fetched)).toEqual(keysOf(published.bundle()));
      const flags = ['-trust-domain', 'published.example.com', '-url', url, '-roots', files.roots];
      const told = await askGoOnce(spiffe.socket, 'fetch-bundle', flags);
      expect(told).toMatchObject({ event: 'bundle', refreshHint: 300 });
    } finally {
      await shut(server);
    }
  });
});

describe("go-spiffe's endpoints", () => {
  const domain = TrustDomain.parse('go.example.com');
  const authority = new TestAuthority(domain);

  test.each(['https_spiffe', 'https_web'])('%s: we fetch them', async (profile) => {
    const file = spiffe.path('go.json');
    writeFileSync(file, authority.bundle().toString());
    const isWeb = profile === 'https_web';
    const peer = new GoPeer(
      spiffe.socket,
      ...(['serve-bundle', '-trust-domain', domain.name, '-file', file] as [string, ...string[]]),
      ...(isWeb ? ['-certificate', files.certificate, '-key', files.key] : []),
    );
    try {
      const url = `https://localhost:${(await peer.address()).split(':')[1]}/`;
      const how = isWeb ? httpsWeb({ roots }) : httpsSpiffe({ endpointId: spiffe.id('go'), bundles: source });
      const endpoint = BundleEndpoint.of({ url, profile: how });
      expect(keysOf(await fetchBundle(domain, endpoint))).toEqual(keysOf(authority.bundle()));
      await using watcher = BundleWatcher.start(domain, endpoint);
      await watcher.ready();
      authority.rotate();
      writeFileSync(file, authority.bundle().toString());
      await watcher.refresh();
      expect(keysOf(await watcher.ready())).toEqual(keysOf(authority.bundle()));
    } finally {
      await peer.end();
    }
  });
});
