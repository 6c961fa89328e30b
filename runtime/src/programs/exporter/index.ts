import { describeOptions } from '../options';
import type { Program } from '../program';
import { version } from '../version';
import { exporterOptions, readExporterOptions } from './exporter-options';

const summary = 'shows the bundles of a federation to Prometheus: who holds which, and until when';

/** The exporter: what SPIRE does not tell of its federation, as metrics. */
export const exporter: Program = {
  summary,
  usage: `usage: spirekit-runtime exporter --trust-domain TRUST-DOMAIN [--peer …] [--https-web …] [--https-spiffe …] [OPTIONS]

The exporter ${summary}.

It asks the Workload API for the bundles that the SPIRE server holds of its peers, and fetches the
bundle of each peer from its endpoint as often as a SPIRE server does. This workload needs entries that
federate with all peers: one entry for each, for SPIRE takes no entry that federates with a trust domain
whose bundle its server does not hold.

Every option can stand in a file of JSON too, where --https-web is "httpsWeb": { "TRUST-DOMAIN": "URL" }.
What the command line says goes before.

  --config FILE             options in JSON
${describeOptions(exporterOptions)}

Metrics, all with the labels trust_domain (the own) and trust_domain_id (the peer), as SPIRE writes them:
east.example is "east_example", but for two peers that would be one. A metric that is not known is not
there:
  spirekit_federation_bundle_held
  spirekit_federation_bundle_expiry_timestamp_seconds{held_by="server|endpoint"}
  spirekit_federation_bundle_authorities{held_by="server|endpoint", type="x509|jwt"}
  spirekit_federation_bundle_matches
  spirekit_federation_bundle_sequence
  spirekit_federation_bundle_refresh_hint_seconds
  spirekit_federation_fetches_total{result="ok|error"}
  spirekit_federation_last_fetch_timestamp_seconds
  spirekit_federation_endpoint_certificate_expiry_timestamp_seconds
  spirekit_exporter_workload_api_up, spirekit_exporter_build_info{version}: without trust_domain_id

Exit codes: 0 told to end. 1 it could not go on. 2 wrong options.
`,
  run(args, surroundings) {
    const options = readExporterOptions(args);
    const { Exporter } = require('./exporter') as typeof import('./exporter');
    return new Exporter(options, surroundings, version()).run();
  },
};
