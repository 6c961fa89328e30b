import { MetricsOf } from './metric';

const server = new MetricsOf('spire-server');

const START = 'the server starts';
const AGENTS = 'there is an agent';
const MANAGER = 'there is a controller manager';

/**
 * Metrics of the SPIRE server.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/doc/telemetry/telemetry.md#spire-server
 */
export const SERVER_METRICS = [
  server.gauge('spire_server_started', ['version', 'trust_domain_id'], '1, with the version of the server', START),
  server.gauge('spire_server_uptime_in_ms', [], 'milliseconds since its start, said anew every 10 seconds', START),

  // Authorities
  server.gauge(
    'spire_server_manager_x509_ca_rotate_expiration',
    ['trust_domain_id'],
    'when the X.509 CA that signs ends, in seconds since 1970; each server has a CA of its own',
    'a CA begins to sign, and at the start when one goes on',
  ),
  server.gauge(
    'spire_server_manager_x509_ca_rotate_ttl',
    ['trust_domain_id'],
    'seconds that the X.509 CA had left when it began to sign; it does not count down',
    'a CA begins to sign, and at the start when one goes on',
  ),
  ...server.call(
    'spire_server_ca_manager_x509_ca_prepare',
    [],
    'X.509 CAs made and published; a failure is tried again every 10 seconds',
    START,
  ),
  ...server.call(
    'spire_server_ca_manager_jwt_key_prepare',
    [],
    'JWT keys made and published; a failure is tried again every 10 seconds',
    START,
  ),
  server.counter('spire_server_ca_manager_x509_ca_activate', [], 'X.509 CAs that began to sign', START),
  server.counter('spire_server_manager_jwt_key_activate', [], 'JWT keys that began to sign', START),
  server.counter('spire_server_server_ca_sign_x509_svid', [], 'X509-SVIDs signed', 'an SVID is signed'),
  server.counter('spire_server_server_ca_sign_jwt_svid', [], 'JWT-SVIDs signed', 'a workload asks for one'),
  ...server.call('spire_server_svid_rotate', [], 'renewals of the server’s own SVID', START),

  // Federation
  ...server.call(
    'spire_server_bundle_manager_fetch_federated_bundle',
    ['trust_domain_id'],
    'fetches of a foreign bundle by the clock; those by spire-server federation refresh are not counted, nor is one that hangs',
    'a relationship is there',
  ),
  server.counter(
    'spire_server_bundle_manager_update_federated_bundle',
    ['trust_domain_id'],
    'foreign bundles stored; it counts every good fetch, changed or not',
    'a foreign bundle was fetched',
  ),
  ...server.call(
    'spire_server_rpc_bundle_v1_bundle_get_federated_bundle',
    [],
    'questions of agents for a foreign bundle',
    'an entry federates with another trust domain',
  ),
  ...server.call(
    'spire_server_rpc_trustdomain_v1_trust_domain_list_federation_relationships',
    [],
    'questions for the relationships, by the controller manager every 10 seconds',
    MANAGER,
  ),
  ...server.call('spire_server_datastore_bundle_fetch', [], 'bundles read from the datastore', START),
  ...server.call('spire_server_datastore_bundle_set', [], 'bundles written to the datastore', 'a foreign bundle comes'),

  // Registration
  ...server.call(
    'spire_server_datastore_registration_entry_create',
    [],
    'entries made; one that names a trust domain without a bundle fails with the status Unknown',
    'an entry is made',
  ),
  ...server.call('spire_server_datastore_registration_entry_update', [], 'entries changed', 'an entry is changed'),
  ...server.call('spire_server_datastore_registration_entry_delete', [], 'entries removed', 'an entry is removed'),
  ...server.call('spire_server_datastore_registration_entry_list', [], 'lists of entries read', START),
  ...server.call(
    'spire_server_rpc_entry_v1_entry_list_entries',
    [],
    'questions for the entries, by the controller manager every 10 seconds',
    MANAGER,
  ),
  ...server.call('spire_server_entry_cache_reload', [], 'reloads of the cache of entries, every 5 seconds', START),

  // Agents
  ...server.call('spire_server_rpc_agent_v1_agent_attest_agent', [], 'attestations of agents', AGENTS),
  ...server.call(
    'spire_server_rpc_agent_v1_agent_renew_agent',
    [],
    'renewals of agents',
    'an agent that cannot reattest',
  ),
  ...server.call(
    'spire_server_rpc_entry_v1_entry_sync_authorized_entries',
    [],
    'questions of agents for entries',
    AGENTS,
  ),
  ...server.call('spire_server_rpc_bundle_v1_bundle_get_bundle', [], 'questions for the own bundle', AGENTS),
  ...server.call('spire_server_rpc_svid_v1_svid_batch_new_x509svid', [], 'questions of agents for SVIDs', 'a workload'),
  ...server.call(
    'spire_server_rpc_svid_v1_svid_new_jwtsvid',
    [],
    'questions of agents for tokens',
    'a token is asked for',
  ),
] as const;
