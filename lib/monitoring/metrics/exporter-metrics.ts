import { MetricsOf } from './metric';

const exporter = new MetricsOf('spirekit-exporter');

const START = 'the exporter starts';
const HELD = 'the Workload API has given the peer’s bundle';
const FETCHED = 'the exporter has fetched the peer’s bundle';

/** Metrics of the federation exporter. Those of a peer are absent as long as there is nothing to say. */
export const EXPORTER_METRICS = [
  exporter.gauge('spirekit_exporter_build_info', ['version', 'trust_domain'], '1, with the version', START),
  exporter.gauge(
    'spirekit_exporter_workload_api_up',
    ['trust_domain'],
    'whether the Workload API gives the exporter anything',
    START,
  ),
  exporter.gauge(
    'spirekit_federation_bundle_held',
    ['trust_domain', 'trust_domain_id'],
    'whether the Workload API gives the peer’s bundle',
    START,
  ),
  exporter.gauge(
    'spirekit_federation_bundle_expiry_timestamp_seconds',
    ['trust_domain', 'trust_domain_id', 'held_by'],
    'when the last of its X.509 authorities ends, in seconds since 1970; of what the server holds, or the endpoint serves',
    `${HELD}, or ${FETCHED}`,
  ),
  exporter.gauge(
    'spirekit_federation_bundle_authorities',
    ['trust_domain', 'trust_domain_id', 'held_by', 'type'],
    'authorities in it, of type x509 or jwt',
    `${HELD}, or ${FETCHED}`,
  ),
  exporter.gauge(
    'spirekit_federation_bundle_matches',
    ['trust_domain', 'trust_domain_id'],
    'whether the server holds what the endpoint serves',
    `${HELD}, and ${FETCHED}`,
  ),
  exporter.gauge(
    'spirekit_federation_bundle_sequence',
    ['trust_domain', 'trust_domain_id'],
    'sequence number, as it is served',
    `${FETCHED}, and it has one`,
  ),
  exporter.gauge(
    'spirekit_federation_bundle_refresh_hint_seconds',
    ['trust_domain', 'trust_domain_id'],
    'refresh hint, as it is served',
    `${FETCHED}, and it has one`,
  ),
  exporter.counter(
    'spirekit_federation_fetches_total',
    ['trust_domain', 'trust_domain_id', 'result'],
    'fetches by the exporter itself, with the result ok or error',
    START,
  ),
  exporter.gauge(
    'spirekit_federation_last_fetch_timestamp_seconds',
    ['trust_domain', 'trust_domain_id'],
    'last good fetch by the exporter itself, in seconds since 1970',
    FETCHED,
  ),
  exporter.gauge(
    'spirekit_federation_endpoint_certificate_expiry_timestamp_seconds',
    ['trust_domain', 'trust_domain_id'],
    'when the certificate that the endpoint showed ends, in seconds since 1970',
    FETCHED,
  ),
] as const;
