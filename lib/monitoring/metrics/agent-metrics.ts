import { MetricsOf } from './metric';

const agent = new MetricsOf('spire-agent');

const START = 'the agent starts';
const WORKLOAD = 'a workload asks';

/**
 * Metrics of the SPIRE agent. Its documents name `cache_manager_outdated_svids` too, which no agent of 1.15.3 exports: its cache
 * does not say what an entry was before.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/doc/telemetry/telemetry.md#spire-agent
 */
export const AGENT_METRICS = [
  agent.gauge('spire_agent_started', ['version', 'trust_domain_id'], '1, with the version of the agent', START),
  agent.gauge('spire_agent_uptime_in_ms', [], 'milliseconds since its start, said anew every 10 seconds', START),
  ...agent.call('spire_agent_node_attestor_new_svid', ['attestor'], 'attestations of the node', START),
  ...agent.call(
    'spire_agent_node_attest',
    [],
    'attestations of the node again, before its SVID ends',
    'half of its SVID is over',
  ),

  // From the server
  ...agent.call(
    'spire_agent_manager_sync_fetch_entries_updates',
    [],
    'questions for entries and bundles: every 5 seconds, after failures up to 4 minutes apart, given up after 30 seconds',
    START,
  ),
  ...agent.call(
    'spire_agent_manager_sync_fetch_svids_updates',
    [],
    'questions for SVIDs that are missing, changed, or half over',
    'the agent has an entry',
  ),
  agent.gauge('spire_agent_sync_entries_total', [], 'entries that the agent has', START),
  agent.gauge('spire_agent_sync_bundles_total', [], 'bundles that the agent has, the own one counted', START),
  agent.summary(
    'spire_agent_cache_manager_expiring_svids',
    [],
    'SVIDs that were found to be half over, in one question for entries',
    'an SVID is half over',
  ),
  agent.gauge('spire_agent_lru_cache_record_map_size', [], 'entries in the cache', START),
  agent.gauge('spire_agent_lru_cache_svid_map_size', [], 'SVIDs in the cache', 'the agent has an SVID'),

  // Workload API
  agent.gauge('spire_agent_workload_api_connections', [], 'connections that are open', WORKLOAD),
  agent.counter('spire_agent_workload_api_connection', [], 'connections that were opened', WORKLOAD),
  ...agent.call('spire_agent_workload_api_workload_attestation', [], 'attestations of workloads', WORKLOAD),
  ...agent.call(
    'spire_agent_workload_api_workload_attestor',
    ['attestor'],
    'attestations of workloads by one attestor',
    WORKLOAD,
  ),
  ...agent.call(
    'spire_agent_rpc_workload_api_fetch_x509svid',
    [],
    'streams of X509-SVIDs, counted when they end; without an entry PermissionDenied',
    'such a stream ends',
  ),
  agent.counter(
    'spire_agent_workload_api_rate_limit_exceeded',
    ['method'],
    'questions refused because the same workload asks too often',
    'it happens',
  ),
] as const;
