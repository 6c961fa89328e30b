import type { MetricName } from '../../metrics';
import type { BoardRow } from '../board';
import type { RowFacts } from './facts';

/** What servers sign, and how long it takes them. */
export const issuanceRow = ({ own }: RowFacts): BoardRow => ({
  id: 30,
  title: 'Issuance and attestation',
  panels: [
    {
      id: 31,
      kind: 'series',
      title: 'SVIDs signed per second',
      description: 'By all servers: of workloads, of agents and of the servers themselves, renewals included.',
      width: 8,
      height: 8,
      unit: 'per-second',
      queries: [
        { expr: rateOf(`spire_server_server_ca_sign_x509_svid{${own}}`), legend: 'X.509-SVIDs' },
        { expr: rateOf(`spire_server_server_ca_sign_jwt_svid{${own}}`), legend: 'JWT-SVIDs' },
      ],
    },
    {
      id: 32,
      kind: 'series',
      title: 'Time that servers take to sign',
      description: 'Mean time of a question of an agent, whether it is for one X.509-SVID or for many.',
      width: 8,
      height: 8,
      unit: 'milliseconds',
      queries: [
        { expr: meanOf('spire_server_rpc_svid_v1_svid_batch_new_x509svid', own), legend: 'X.509-SVIDs' },
        { expr: meanOf('spire_server_rpc_svid_v1_svid_new_jwtsvid', own), legend: 'JWT-SVID' },
      ],
    },
    {
      id: 33,
      kind: 'series',
      title: 'Agents attested and renewed per second',
      description: 'By status. An agent attests when it starts, and again or renews when half of its own SVID is over.',
      width: 8,
      height: 8,
      unit: 'per-second',
      queries: [
        {
          expr: `sum by (status) (rate(spire_server_rpc_agent_v1_agent_attest_agent{${own}}[$__rate_interval]))`,
          legend: 'attested: {{status}}',
        },
        {
          expr: `sum by (status) (rate(spire_server_rpc_agent_v1_agent_renew_agent{${own}}[$__rate_interval]))`,
          legend: 'renewed: {{status}}',
        },
      ],
    },
  ],
});

const rateOf = (series: string): string => `sum(rate(${series}[$__rate_interval]))`;

/** Mean of a call's times, in milliseconds. */
export const meanOf = (call: MetricName, matchers: string, by = ''): string =>
  `sum${by}(rate(${call}_elapsed_time_sum{${matchers}}[$__rate_interval])) / sum${by}(rate(${call}_elapsed_time_count{${matchers}}[$__rate_interval]))`;
