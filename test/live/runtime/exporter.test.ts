import { connect } from 'node:tls';
import type { SpiffeBundle } from '@spirekit/runtime/bundle';
import { readMetrics, type Values } from '../../../runtime/test/programs/exporter/read-metrics';
import { settled } from '../support/beside';
import { freePort, type LiveProcess } from '../support/process';
import { Member, type WebFiles, webFiles } from './federation-pair';
import { agentPlugins, PROGRAMS } from './workload-rig';

/** East believes west, by https_spiffe, and south, by https_web. */
const east = new Member('east.example.com');
const west = new Member('west.example.com');
const south = new Member('south.example.com');
/** Nobody. */
const NORTH = 'north.example.com';

let files: WebFiles;
let atWest: LiveProcess;
let agent: LiveProcess;
let exporter: LiveProcess;
let port: number;
const entries: string[] = [];

beforeAll(async () => {
  files = webFiles(south.folder);
  const serving_cert_file = { cert_file_path: files.certificate, key_file_path: files.key };
  [atWest] = await Promise.all([
    west.startEndpoint(),
    east.startEndpoint(undefined, { env: { SSL_CERT_FILE: files.roots } }),
    south.startEndpoint({ https_web: { serving_cert_file } }),
  ]);
  // A server that never hears of a change, until it is told where to look.
  const nobody = `https://localhost:${await freePort()}/`;
  east.follow(west.trustDomain, nobody, { id: west.endpointId, seed: west.bundle() });
  east.follow(south.trustDomain, south.endpointUrl);
  await settled(10, () => east.fetched(south.trustDomain), Boolean);
  for (const { trustDomain } of [west, south]) {
    entries.push(east.enter(`exporter-of-${trustDomain}`, { selector: PROGRAMS.node, federatesWith: [trustDomain] }));
  }
  agent = await east.startAgent();
  port = await freePort();
  exporter = east.start(process.execPath, [
    ...['--import', 'tsx', 'runtime/src/programs/main.ts', 'exporter', '--trust-domain', east.trustDomain],
    ...['--socket', east.socket, '--listen', String(port), '--peer', NORTH],
    ...['--https-spiffe', `${west.trustDomain}=${west.endpointUrl}`],
    ...['--endpoint-id', `${west.trustDomain}=${west.endpointId}`],
    ...['--https-web', `${south.trustDomain}=${south.endpointUrl}`, '--web-roots', files.roots],
  ]);
  await exporter.says(/the exporter listens/, 30);
});

afterAll(() => Promise.all([east, west, south].map((member) => member.end())));

const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
const valuesOf = async (): Promise<Values> => readMetrics(await (await ask('/metrics')).text());

/** As SPIRE writes it. */
const label = ({ trustDomain }: { trustDomain: string }): string => trustDomain.replaceAll('.', '_');

/** The value of a metric of a peer, as `name{labels}` without those that say whose it is. */
function of({ trustDomain }: { trustDomain: string }, values: Values, metric: string): string | undefined {
  const [, name = '', more = ''] = /^(\w+)(?:\{(.*)\})?$/.exec(metric) ?? [];
  const labels = `trust_domain="${label(east)}",trust_domain_id="${label({ trustDomain })}"${more && `,${more}`}`;
  return values[`spirekit_federation_${name}{${labels}}`];
}

/** Values once one of them is as it should be, or as they are when that is late. */
const once = (seconds: number, isDone: (values: Values) => boolean) => settled(seconds, valuesOf, isDone);

const isUp = (values: Values) => values[`spirekit_exporter_workload_api_up{trust_domain="${label(east)}"}`];

/** When trust in a bundle ends, as seconds. */
const endOf = ({ x509 }: SpiffeBundle) => String(Math.max(...x509.authorities.map(({ notAfter }) => notAfter)) / 1000);

/** When the certificate ends that a server shows, as Node.js sees it. */
function certificateEnd(member: Member): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: 'localhost', port: member.endpointPort, rejectUnauthorized: false }, () => {
      resolve(String(Date.parse(socket.getPeerCertificate().valid_to) / 1000));
      socket.destroy();
    }).on('error', reject);
  });
}

test("it shows what SPIRE's own commands say", async () => {
  const values = await once(40, (it) => [west, south].every((peer) => of(peer, it, 'bundle_matches') === '1'));
  for (const peer of [west, south]) {
    const served = peer.current();
    const held = await east.fetched(peer.trustDomain);
    const [x509, jwt] = [served.x509, served.jwt].map(({ authorities }) => String(authorities.length));
    const shown = (metric: string) => of(peer, values, metric);
    expect([shown('bundle_held'), shown('bundle_matches')]).toEqual(['1', '1']);
    expect(shown('bundle_expiry_timestamp_seconds{held_by="server"}')).toBe(held && endOf(held));
    expect(shown('bundle_expiry_timestamp_seconds{held_by="endpoint"}')).toBe(endOf(served));
    for (const holder of ['server', 'endpoint']) {
      expect(shown(`bundle_authorities{held_by="${holder}",type="x509"}`)).toBe(x509);
      expect(shown(`bundle_authorities{held_by="${holder}",type="jwt"}`)).toBe(jwt);
    }
    expect(shown('bundle_sequence')).toBe(String(served.sequence));
    expect(shown('bundle_refresh_hint_seconds')).toBe('10');
    expect(shown('endpoint_certificate_expiry_timestamp_seconds')).toBe(await certificateEnd(peer));
    expect(Date.now() / 1000 - Number(shown('last_fetch_timestamp_seconds'))).toBeLessThan(60);
    expect(Number(shown('fetches_total{result="ok"}'))).toBeGreaterThan(0);
  }
  expect([of({ trustDomain: NORTH }, values, 'bundle_held'), isUp(values)]).toEqual(['0', '1']);
  expect((await ask('/ready')).status).toBe(200);
});

test('a new authority of a peer is seen, and when the server has it', async () => {
  const before = await valuesOf();
  west.server('localauthority', 'x509', 'prepare');
  const seen = await once(30, (it) => of(west, it, 'bundle_sequence') !== of(west, before, 'bundle_sequence'));
  expect(Number(of(west, seen, 'bundle_sequence'))).toBeGreaterThan(Number(of(west, before, 'bundle_sequence')));
  expect(of(west, seen, 'bundle_sequence')).toBe(String(west.current().sequence));
  expect(of(west, seen, 'bundle_authorities{held_by="endpoint",type="x509"}')).toBe('2');
  expect(of(west, seen, 'bundle_authorities{held_by="server",type="x509"}')).toBe('1');
  expect([of(west, seen, 'bundle_matches'), of(south, seen, 'bundle_matches')]).toEqual(['0', '1']);
  east.server(
    ...['federation', 'update', '-trustDomain', west.trustDomain, '-bundleEndpointURL', west.endpointUrl],
    ...['-bundleEndpointProfile', 'https_spiffe', '-endpointSpiffeID', west.endpointId],
  );
  await east.fetched(west.trustDomain);
  const had = await once(30, (it) => of(west, it, 'bundle_matches') === '1');
  expect([
    of(west, had, 'bundle_matches'),
    of(west, had, 'bundle_authorities{held_by="server",type="x509"}'),
    of(west, had, 'fetches_total{result="error"}'),
  ]).toEqual(['1', '2', '0']);
});

test('when the server is the first to have it, the exporter does not wait until it is time', async () => {
  south.server('localauthority', 'x509', 'prepare');
  await east.fetched(south.trustDomain);
  const two = 'bundle_authorities{held_by="server",type="x509"}';
  const isDone = (it: Values) => of(south, it, two) === '2' && of(south, it, 'bundle_matches') === '1';
  const values = await once(14, isDone);
  expect([of(south, values, two), of(south, values, 'bundle_matches')]).toEqual(['2', '1']);
  expect(of(south, values, 'bundle_sequence')).toBe(String(south.current().sequence));
});

test('a bundle that the server has no more is not held; others are', async () => {
  east.server('federation', 'delete', '-id', `spiffe://${south.trustDomain}`);
  east.server('bundle', 'delete', '-mode', 'dissociate', '-id', `spiffe://${south.trustDomain}`);
  const values = await once(30, (it) => of(south, it, 'bundle_held') === '0');
  expect([south, west].map((peer) => of(peer, values, 'bundle_held'))).toEqual(['0', '1']);
  expect(of(south, values, 'bundle_matches')).toBeUndefined();
  expect(of(south, values, 'bundle_sequence')).toBe(String(south.current().sequence));
});

test('the agent is restarted', async () => {
  process.kill(agent.pid, 'SIGKILL');
  const lost = await once(10, (it) => isUp(it) === '0');
  expect([isUp(lost), of(west, lost, 'bundle_held'), of(west, lost, 'bundle_matches')]).toEqual(['0', '1', '1']);
  await east.startAgent({ plugins: agentPlugins() });
  const found = await once(60, (it) => isUp(it) === '1');
  expect([isUp(found), of(west, found, 'bundle_held')]).toEqual(['1', '1']);
});

test('a peer that does not answer is counted, and what was good last stays', async () => {
  const errors = (it: Values) => Number(of(west, it, 'fetches_total{result="error"}'));
  await atWest.end();
  const first = await once(60, (it) => errors(it) > 0);
  const later = await once(60, (it) => errors(it) > errors(first));
  expect([errors(first) > 0, errors(later) > errors(first)]).toEqual([true, true]);
  for (const metric of [
    ...['last_fetch_timestamp_seconds', 'fetches_total{result="ok"}', 'bundle_sequence', 'bundle_matches'],
    ...['bundle_expiry_timestamp_seconds{held_by="endpoint"}', 'endpoint_certificate_expiry_timestamp_seconds'],
  ]) {
    expect([metric, of(west, later, metric)]).toEqual([metric, of(west, first, metric) ?? 'was there']);
  }
  expect([of(west, later, 'bundle_held'), of(west, later, 'bundle_matches')]).toEqual(['1', '1']);
  expect(exporter.text.match(/ warn .*'west.*ECONNREFUSED/g)).toHaveLength(1);
});

test('without an identity nothing is held, and it says why', async () => {
  for (const entry of entries) east.remove(entry);
  // The agent may hear of one entry before the other is gone: it gives an identity then, with the bundle of one peer.
  const values = await once(60, (it) => of(west, it, 'bundle_held') === '0' && isUp(it) === '0');
  expect([of(west, values, 'bundle_held'), isUp(values)]).toEqual(['0', '0']);
  // It stays ready until it has been denied for ten seconds.
  const readiness = async () => {
    const ready = await ask('/ready');
    return [ready.status, await ready.text()] as const;
  };
  const told = await settled(30, readiness, ([status]) => status === 503);
  expect(told).toEqual([503, expect.stringContaining('PermissionDenied')]);
  expect((await ask('/live')).status).toBe(200);
});

test('it ends when it is told to', async () => {
  process.kill(exporter.pid, 'SIGTERM');
  expect(await exporter.exit(30)).toBe(0);
  expect(exporter.text).toMatch(/info the exporter was told to end\n$/);
});
