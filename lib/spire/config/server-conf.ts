import type { DurationLike, Late } from '../../core';
import type { ServerPlugin } from '../plugins/plugin';
import type { HealthChecks, LogSection } from './common-conf';
import { type Federation, federationBody } from './federation-conf';
import { type HclBody, usesEnv } from './hcl';
import { writeHcl } from './hcl-writer';
import { bodyOf, healthBody, pluginsBody } from './model';
import type { Telemetry } from './telemetry-conf';

/** Type of a signing key. */
export type KeyType = 'rsa-2048' | 'rsa-4096' | 'ec-p256' | 'ec-p384';

/** Subject of the server's CA certificates. */
export interface CaSubject {
  /** Two-letter codes. */
  readonly country?: readonly Late<string>[];
  readonly organization?: readonly Late<string>[];
  readonly common_name?: Late<string>;
}

/** `server.experimental`: may change or go with any version of SPIRE. */
export interface ServerExperimental {
  /** @default false */
  readonly agent_spiffe_id_as_selector?: boolean;
  /** Decides about calls of the API by a policy of one's own. */
  readonly auth_opa_policy_engine?: {
    readonly local: { readonly rego_path: string; readonly policy_data_path?: string };
  };
  /** How often the cache of entries is brought up to date. @default '5s' */
  readonly cache_reload_interval?: DurationLike;
  /** How often it is read anew; with `events_based_cache`. @default '24h' */
  readonly full_cache_reload_interval?: DurationLike;
  /** @default false */
  readonly events_based_cache?: boolean;
  /** @default '12h' */
  readonly prune_events_older_than?: DurationLike;
  /** How long an event that was skipped is waited for. @default '15m' */
  readonly event_timeout?: DurationLike;
  /** TLS 1.3 with key exchanges that withstand quantum computers, and no other. @default false */
  readonly require_pq_kem?: boolean;
  /** Type of the keys that sign WIT-SVIDs. @default - that of `ca_key_type` */
  readonly wit_key_type?: KeyType;
  readonly wit_issuer?: Late<string>;
  readonly feature_flags?: readonly 'wit-svid'[];
}

/** `server`: what is not a plugin. */
export interface ServerSection extends LogSection {
  /** Name of the trust domain. Cannot be changed later. */
  readonly trust_domain: Late<string>;
  /** Directory for what the server writes itself. */
  readonly data_dir: string;
  /** IP address or host name to listen at. @default '0.0.0.0' */
  readonly bind_address?: string;
  /** TCP port of the API, 1 to 65535. @default 8081 */
  readonly bind_port?: number;
  /** Unix socket of the administrators' API. @default '/tmp/spire-server/private/api.sock' */
  readonly socket_path?: string;
  /** SPIFFE IDs that may do everything through the API. @default - none */
  readonly admin_ids?: readonly Late<string>[];
  /** Lifetime of an agent's SVID, at most a sixth of `ca_ttl`. @default - that of `default_x509_svid_ttl` */
  readonly agent_ttl?: DurationLike;
  /** Logs each call of the API. @default false */
  readonly audit_log_enabled?: boolean;
  /** Type of all signing keys. @default 'ec-p256' */
  readonly ca_key_type?: KeyType;
  /** Type of the keys that sign JWT-SVIDs. @default - that of `ca_key_type` */
  readonly jwt_key_type?: KeyType;
  /** @default - country US, organization SPIFFE */
  readonly ca_subject?: CaSubject;
  /** Lifetime of a CA certificate, and of the keys of JWT-SVIDs. @default '24h' */
  readonly ca_ttl?: DurationLike;
  /** Lifetime of X509-SVIDs, at most a sixth of `ca_ttl` and 7 days. @default '1h' */
  readonly default_x509_svid_ttl?: DurationLike;
  /** Lifetime of JWT-SVIDs, at most a sixth of `ca_ttl` and 7 days. @default '5m' */
  readonly default_jwt_svid_ttl?: DurationLike;
  /** @default false */
  readonly disable_jwt_svids?: boolean;
  /** Issuer (`iss`) of JWT-SVIDs: the URL of the OIDC discovery provider. @default - none */
  readonly jwt_issuer?: Late<string>;
  /** How old the server's knowledge of a node may be at attestation. @default '0s' */
  readonly max_attested_node_info_staleness?: DurationLike;
  /** Forgets nodes whose SVID has been expired for so long. @default - nodes are kept */
  readonly prune_attested_nodes_expired_for?: DurationLike;
  /** Forgets those too that cannot attest again. @default false */
  readonly prune_tofu_nodes?: boolean;
  /** How many are forgotten at a time. @default 1000 */
  readonly prune_attested_nodes_batch_size?: number;
  /** Networks of load balancers that speak the PROXY protocol, such as `10.0.0.0/8`. @default - none */
  readonly proxy_protocol_trusted_cidrs?: readonly string[];
  /** Limits for each client address: one attestation, 500 signatures of each kind per second. @default - both */
  readonly ratelimit?: { readonly attestation?: boolean; readonly signing?: boolean };
  /** @default - no federation */
  readonly federation?: Federation;
  /** @default - none */
  readonly experimental?: ServerExperimental;
}

/**
 * Configuration of the SPIRE server, with SPIRE's own keys.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/doc/spire_server.md
 */
export interface ServerConf {
  readonly server: ServerSection;
  /** In the order in which SPIRE runs those of one type. */
  readonly plugins: readonly ServerPlugin[];
  /** @default - no listener for probes */
  readonly health_checks?: HealthChecks;
  /** @default - nothing is measured */
  readonly telemetry?: Telemetry;
}

/** The file as a model, in which late values are still late. */
export function serverConfBody(conf: ServerConf): HclBody {
  const { federation, experimental, ...server } = conf.server;
  return {
    server: {
      ...bodyOf(server),
      federation: federation && federationBody(federation),
      experimental: experimental && bodyOf(experimental),
    },
    plugins: pluginsBody(conf.plugins),
    health_checks: healthBody(conf.health_checks),
    telemetry: conf.telemetry && bodyOf(conf.telemetry),
  };
}

/** `server.conf`. */
export function writeServerConf(conf: ServerConf): string {
  return writeHcl(serverConfBody(conf));
}

/** Whether the server must be given `-expandEnv`. */
export function serverConfUsesEnv(conf: ServerConf): boolean {
  return usesEnv(serverConfBody(conf));
}
