import type { DurationLike, Late } from '../../core';
import type { AgentPlugin } from '../plugins/plugin';
import type { HealthChecks, LogSection } from './common-conf';
import { type HclBody, usesEnv } from './hcl';
import { writeHcl } from './hcl-writer';
import { bodyOf, healthBody, pluginsBody } from './model';
import type { Telemetry } from './telemetry-conf';

/** Type of the keys that the agent makes for workloads. */
export type WorkloadKeyType = 'rsa-2048' | 'ec-p256' | 'ec-p384';

/** A program that may ask for identities of others, through the broker API. */
export interface Broker {
  /** SPIFFE ID of the broker, of any trust domain; unique. */
  readonly id: Late<string>;
  /** In what terms it may speak of others; at least one. `*` allows all, and stands alone. */
  readonly allowed_reference_types: readonly {
    readonly type_url: string;
    /** @default false */
    readonly allow_over_tcp?: boolean;
  }[];
}

/** Most calls of the Workload API per second, for each set of selectors; 0 is without limit. */
export interface WorkloadApiRateLimit {
  readonly fetch_x509_svid?: number;
  readonly fetch_jwt_svid?: number;
  readonly fetch_x509_bundles?: number;
  readonly fetch_jwt_bundles?: number;
  readonly stream_secrets?: number;
  readonly fetch_secrets?: number;
}

/** `agent.experimental`: may change or go with any version of SPIRE. */
export interface AgentExperimental {
  /** How often the agent asks the server for changes. @default '5s' */
  readonly sync_interval?: DurationLike;
  /** How long a JWT-SVID from the cache may be waited for: 5 seconds to less than 30. @default '30s' */
  readonly jwt_svid_cache_hit_timeout?: DurationLike;
  /** TLS 1.3 with key exchanges that withstand quantum computers, and no other. @default false */
  readonly require_pq_kem?: boolean;
  /** @default - no limits */
  readonly ratelimit?: WorkloadApiRateLimit;
  /** Serves the broker API, at a socket, a TCP address or both. */
  readonly broker?: {
    readonly socket_path?: string;
    readonly bind_address?: string;
    readonly brokers: readonly Broker[];
  };
  readonly feature_flags?: readonly 'wit-svid'[];
}

/** `agent`: what is not a plugin. */
export interface AgentSection extends LogSection {
  /** Name of the trust domain. */
  readonly trust_domain: Late<string>;
  /** Host name or IP address of the server. */
  readonly server_address: Late<string>;
  /** TCP port of the server, 1 to 65535. */
  readonly server_port: number;
  /** Directory for what the agent writes itself. @default - the current directory */
  readonly data_dir?: string;
  /** Unix socket of the Workload API; its directory is made if need be. @default '/tmp/spire-agent/public/api.sock' */
  readonly socket_path?: string;
  /** Unix socket of the administrators' API, outside of the Workload API's directory. @default - none */
  readonly admin_socket_path?: string;
  /** @default false */
  readonly disable_workload_api?: boolean;
  /** No API for Envoy. @default false */
  readonly disable_sds_api?: boolean;
  /** File with the bundle that the server is verified by at first. Exactly one source must be given. */
  readonly trust_bundle_path?: string;
  /** https URL of that bundle; http only with `trust_bundle_unix_socket`. */
  readonly trust_bundle_url?: Late<string>;
  /** Another agent's Workload API with that bundle, such as `unix:///run/upstream/api.sock`. */
  readonly trust_bundle_spiffe_workload_api?: string;
  /** Believes whoever answers at first. @default false */
  readonly insecure_bootstrap?: boolean;
  /** Unix socket at which `trust_bundle_url` is asked for. @default - none */
  readonly trust_bundle_unix_socket?: string;
  /** @default 'pem' */
  readonly trust_bundle_format?: 'pem' | 'spiffe';
  /** Whether the agent begins anew, from its first bundle, when it does not know the server's certificate any more. @default 'never' */
  readonly rebootstrap_mode?: 'never' | 'auto' | 'always';
  /** How long it waits before that. @default '10m' */
  readonly rebootstrap_delay?: DurationLike;
  /** Token for the `join_token` node attestor. */
  readonly join_token?: Late<string>;
  /** File with that token, which must exist when the agent starts. */
  readonly join_token_file?: string;
  /** @default 'ec-p256' */
  readonly workload_x509_svid_key_type?: WorkloadKeyType;
  /** How long workloads shall get by when the server is away: at least 24h. Works if SVIDs live 12h longer than that. */
  readonly availability_target?: DurationLike;
  /** @default 1000 */
  readonly x509_svid_cache_max_size?: number;
  /** @default 1000 */
  readonly jwt_svid_cache_max_size?: number;
  /** SPIFFE IDs of the trust domain that may ask for identities of others. @default - none */
  readonly authorized_delegates?: readonly Late<string>[];
  /** Lets anyone have the bundle of the trust domain. @default false */
  readonly allow_unauthenticated_verifiers?: boolean;
  /** Claims of other trust domains' JWT-SVIDs that are passed on. @default - none */
  readonly allowed_foreign_jwt_claims?: readonly string[];
  /** Selectors that are logged. @default - none */
  readonly log_selectors?: readonly string[];
  /** Names of Envoy's resources. */
  readonly sds?: {
    /** @default 'default' */
    readonly default_svid_name?: string;
    /** @default 'ROOTCA' */
    readonly default_bundle_name?: string;
    /** @default 'ALL' */
    readonly default_all_bundles_name?: string;
    /** @default false */
    readonly disable_spiffe_cert_validation?: boolean;
  };
  /** @default - none */
  readonly experimental?: AgentExperimental;
}

/**
 * Configuration of the SPIRE agent, with SPIRE's own keys.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/doc/spire_agent.md
 */
export interface AgentConf {
  readonly agent: AgentSection;
  /** In the order in which SPIRE runs those of one type. */
  readonly plugins: readonly AgentPlugin[];
  /** @default - no listener for probes */
  readonly health_checks?: HealthChecks;
  /** @default - nothing is measured */
  readonly telemetry?: Telemetry;
}

/** The file as a model, in which late values are still late. */
export function agentConfBody(conf: AgentConf): HclBody {
  return {
    agent: bodyOf(conf.agent),
    plugins: pluginsBody(conf.plugins),
    health_checks: healthBody(conf.health_checks),
    telemetry: conf.telemetry && bodyOf(conf.telemetry),
  };
}

/** `agent.conf`. */
export function writeAgentConf(conf: AgentConf): string {
  return writeHcl(agentConfBody(conf));
}

/** Whether the agent must be given `-expandEnv`. */
export function agentConfUsesEnv(conf: AgentConf): boolean {
  return usesEnv(agentConfBody(conf));
}
