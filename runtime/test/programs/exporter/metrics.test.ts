import { SpiffeBundle, X509Bundle } from '../../../src/bundle';
import { TrustDomain } from '../../../src/id';
import { type ExporterFacts, exporterMetrics, type PeerFacts } from '../../../src/programs/exporter/metrics';
import { prometheusText } from '../../../src/programs/exporter/prometheus-text';
import { TestAuthority } from '../../../src/testing';
import { readMetrics } from './read-metrics';

const east = TrustDomain.parse('east.example');
const NOW = Date.UTC(2026, 0, 1);
const authority = new TestAuthority('west.example', { now: NOW });
const bundle = authority.bundle();

const textOf = (...peers: PeerFacts[]) => {
  const facts: ExporterFacts = { version: '0.1.0', trustDomain: east, isUp: true, peers };
  return prometheusText(exporterMetrics(facts));
};
const valuesOf = (...peers: PeerFacts[]) => readMetrics(textOf(...peers));
const nothing = { served: undefined, fetchedAt: undefined, certificateNotAfter: undefined, matches: undefined };
const noFetches = { ok: 0, error: 0 };

test('all of a peer that is held and served', () => {
  const endpoint = {
    served: bundle,
    fetchedAt: NOW + 1500,
    certificateNotAfter: NOW + 60_000,
    matches: true,
    fetches: { ok: 3, error: 1 },
  };
  const text = textOf({ trustDomain: authority.trustDomain, held: bundle, endpoint });
  expect(text).toMatchInlineSnapshot(`
"# HELP spirekit_federation_bundle_held Whether the Workload API gives a bundle of the peer: 1, or 0 when there is none or nothing in it.
# TYPE spirekit_federation_bundle_held gauge
spirekit_federation_bundle_held{trust_domain="east_example",trust_domain_id="west_example"} 1
# HELP spirekit_federation_bundle_expiry_timestamp_seconds When the last X.509 authority of the bundle ends, in seconds since 1970.
# TYPE spirekit_federation_bundle_expiry_timestamp_seconds gauge
spirekit_federation_bundle_expiry_timestamp_seconds{trust_domain="east_example",trust_domain_id="west_example",held_by="server"} 1767312000
spirekit_federation_bundle_expiry_timestamp_seconds{trust_domain="east_example",trust_domain_id="west_example",held_by="endpoint"} 1767312000
# HELP spirekit_federation_bundle_authorities How many authorities the bundle has.
# TYPE spirekit_federation_bundle_authorities gauge
spirekit_federation_bundle_authorities{trust_domain="east_example",trust_domain_id="west_example",held_by="server",type="x509"} 1
spirekit_federation_bundle_authorities{trust_domain="east_example",trust_domain_id="west_example",held_by="server",type="jwt"} 1
spirekit_federation_bundle_authorities{trust_domain="east_example",trust_domain_id="west_example",held_by="endpoint",type="x509"} 1
spirekit_federation_bundle_authorities{trust_domain="east_example",trust_domain_id="west_example",held_by="endpoint",type="jwt"} 1
# HELP spirekit_federation_bundle_matches Whether the server holds the authorities that the endpoint of the peer served last: 1 or 0.
# TYPE spirekit_federation_bundle_matches gauge
spirekit_federation_bundle_matches{trust_domain="east_example",trust_domain_id="west_example"} 1
# HELP spirekit_federation_bundle_sequence The sequence number of the bundle that the endpoint of the peer served last.
# TYPE spirekit_federation_bundle_sequence gauge
spirekit_federation_bundle_sequence{trust_domain="east_example",trust_domain_id="west_example"} 1
# HELP spirekit_federation_fetches_total How many times this exporter fetched the bundle of the peer from its endpoint.
# TYPE spirekit_federation_fetches_total counter
spirekit_federation_fetches_total{trust_domain="east_example",trust_domain_id="west_example",result="ok"} 3
spirekit_federation_fetches_total{trust_domain="east_example",trust_domain_id="west_example",result="error"} 1
# HELP spirekit_federation_last_fetch_timestamp_seconds When this exporter last fetched the bundle of the peer with success, in seconds since 1970.
# TYPE spirekit_federation_last_fetch_timestamp_seconds gauge
spirekit_federation_last_fetch_timestamp_seconds{trust_domain="east_example",trust_domain_id="west_example"} 1767225601.5
# HELP spirekit_federation_endpoint_certificate_expiry_timestamp_seconds When the certificate ends that the endpoint of the peer showed last, in seconds since 1970.
# TYPE spirekit_federation_endpoint_certificate_expiry_timestamp_seconds gauge
spirekit_federation_endpoint_certificate_expiry_timestamp_seconds{trust_domain="east_example",trust_domain_id="west_example"} 1767225660
# HELP spirekit_exporter_workload_api_up Whether the Workload API answers for the own trust domain: 1 or 0.
# TYPE spirekit_exporter_workload_api_up gauge
spirekit_exporter_workload_api_up{trust_domain="east_example"} 1
# HELP spirekit_exporter_build_info The version of @spirekit/runtime that this exporter is of; always 1.
# TYPE spirekit_exporter_build_info gauge
spirekit_exporter_build_info{trust_domain="east_example",version="0.1.0"} 1
"
`);
  readMetrics(text);
});

test('what is not known is not there', () => {
  const trustDomain = authority.trustDomain;
  const unknown = valuesOf({ trustDomain, held: undefined, endpoint: { ...nothing, fetches: noFetches } });
  expect(Object.keys(unknown)).toEqual([
    'spirekit_federation_fetches_total{trust_domain="east_example",trust_domain_id="west_example",result="ok"}',
    'spirekit_federation_fetches_total{trust_domain="east_example",trust_domain_id="west_example",result="error"}',
    'spirekit_exporter_workload_api_up{trust_domain="east_example"}',
    'spirekit_exporter_build_info{trust_domain="east_example",version="0.1.0"}',
  ]);
  const watched = valuesOf({ trustDomain, held: undefined, endpoint: undefined });
  expect(Object.keys(watched)).toEqual(Object.keys(unknown).slice(2));
});

test('a peer that is not held', () => {
  const [held, ...others] = Object.entries(
    valuesOf({ trustDomain: authority.trustDomain, held: null, endpoint: undefined }),
  );
  expect(held).toEqual([
    'spirekit_federation_bundle_held{trust_domain="east_example",trust_domain_id="west_example"}',
    '0',
  ]);
  expect(others).toHaveLength(2);
});

test('peers that SPIRE would write alike have series of their own', () => {
  const [dots, dashes] = ['a.example', 'a-example'].map((name) => TrustDomain.parse(name)) as [
    TrustDomain,
    TrustDomain,
  ];
  const values = valuesOf(
    { trustDomain: dots, held: bundle, endpoint: undefined },
    { trustDomain: dashes, held: null, endpoint: undefined },
  );
  expect(values).toMatchObject({
    'spirekit_federation_bundle_held{trust_domain="east_example",trust_domain_id="a.example"}': '1',
    'spirekit_federation_bundle_held{trust_domain="east_example",trust_domain_id="a-example"}': '0',
  });
});

test('a bundle without X.509 authorities has no end, and keys that are not known are not counted', () => {
  const labels = 'trust_domain="east_example",trust_domain_id="west_example",held_by="server"';
  const x509 = X509Bundle.of(authority.trustDomain, []);
  const empty = valuesOf({ trustDomain: authority.trustDomain, held: { ...bundle, x509 }, endpoint: undefined });
  expect(empty).toMatchObject({
    [`spirekit_federation_bundle_authorities{${labels},type="x509"}`]: '0',
    [`spirekit_federation_bundle_authorities{${labels},type="jwt"}`]: '1',
  });
  expect(empty).not.toHaveProperty([`spirekit_federation_bundle_expiry_timestamp_seconds{${labels}}`]);
  for (const jwt of [null, undefined]) {
    const held = { x509: bundle.x509, jwt };
    const values = valuesOf({ trustDomain: authority.trustDomain, held, endpoint: undefined });
    expect(values).not.toHaveProperty([`spirekit_federation_bundle_authorities{${labels},type="jwt"}`]);
  }
});

test('trust ends with the last authority', () => {
  const older = new TestAuthority('west.example', { now: NOW - 86_400_000 });
  const authorities = [authority.certificate, older.certificate];
  const held = { x509: X509Bundle.of(authority.trustDomain, authorities), jwt: null };
  const values = valuesOf({ trustDomain: authority.trustDomain, held, endpoint: undefined });
  const [end] = Object.entries(values).filter(([name]) => name.includes('expiry'));
  expect(end?.[1]).toBe(String(authority.certificate.notAfter / 1000));
});

test('a sequence number keeps all its digits', () => {
  const { trustDomain, x509, jwt } = bundle;
  const served = SpiffeBundle.of({ trustDomain, x509, jwt, sequence: 2n ** 64n - 1n });
  const endpoint = { ...nothing, served, fetches: noFetches };
  expect(textOf({ trustDomain: authority.trustDomain, held: undefined, endpoint })).toContain(
    'spirekit_federation_bundle_sequence{trust_domain="east_example",trust_domain_id="west_example"} 18446744073709551615\n',
  );
});
