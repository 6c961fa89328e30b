import type { DurationLike, Late } from '../../core';
import type { LogFormat, LogLevel } from './common-conf';
import { type HclBody, usesEnv } from './hcl';
import { writeHcl } from './hcl-writer';
import { bodyOf } from './model';

/**
 * Configuration of the OIDC discovery provider, with its own keys.
 *
 * Exactly one listener (`acme`, `serving_cert_file`, `insecure_addr`, `listen_socket_path`) and exactly one source of keys
 * (`server_api`, `workload_api`, `file`) must be given. The provider ignores keys that it does not know.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/support/oidc-discovery-provider/README.md
 */
export interface OidcConf {
  /**
   * Host names, at least one, for which the discovery document is given: `Host` or `X-Forwarded-Host` must be among them.
   * The keys are given for any.
   */
  readonly domains: readonly Late<string>[];
  /** Listens with certificates of an ACME authority. */
  readonly acme?: {
    /** @default - Let's Encrypt */
    readonly directory_url?: Late<string>;
    /** Address of the account at the authority. */
    readonly email: Late<string>;
    /** Whether the authority's terms of service are accepted; must be true. */
    readonly tos_accepted: boolean;
    /** Directory for certificates and keys; '' keeps none. @default './.acme-cache' */
    readonly cache_dir?: string;
  };
  /** Listens with a certificate from files, which are read again when they change. */
  readonly serving_cert_file?: {
    /** Absolute path (PEM). */
    readonly cert_file_path: string;
    /** Absolute path (PEM). */
    readonly key_file_path: string;
    /** Address to listen at. @default ':443' */
    readonly addr?: string;
    /** How often the files are looked at. @default '1m' */
    readonly file_sync_interval?: DurationLike;
  };
  /** Listens without TLS at an address such as `:8080`, behind something that has it. */
  readonly insecure_addr?: string;
  /** Listens without TLS at a Unix socket. */
  readonly listen_socket_path?: string;
  /** Writes http URLs into the discovery document; for tests only. @default false */
  readonly allow_insecure_scheme?: boolean;
  /** Has the keys from the server's socket. */
  readonly server_api?: {
    /** Begins with `unix:`, such as `unix:///run/spire/server/api.sock`. */
    readonly address: string;
    /** @default '10s' */
    readonly poll_interval?: DurationLike;
  };
  /** Has the keys from an agent's Workload API. */
  readonly workload_api?: {
    /** Absolute path of the socket. */
    readonly socket_path: string;
    /** Trust domain whose keys are served. */
    readonly trust_domain: Late<string>;
    /** @default '10s' */
    readonly poll_interval?: DurationLike;
  };
  /** Has the keys from a SPIFFE bundle in a file. */
  readonly file?: {
    /** Absolute path. */
    readonly path: string;
    /** @default '10s' */
    readonly poll_interval?: DurationLike;
  };
  /** Issuer in the discovery document: the server's `jwt_issuer`. @default - `https://` and the host that was asked for */
  readonly jwt_issuer?: Late<string>;
  /** URL of the keys, where a proxy has moved them. @default - from `jwt_issuer`, or the host that was asked for */
  readonly jwks_uri?: Late<string>;
  /** Begin of the paths, where a proxy adds one. @default '/' */
  readonly server_path_prefix?: string;
  /** Marks keys with `use: sig`, which some readers insist on. @default false */
  readonly set_key_use?: boolean;
  /** @default 'info' */
  readonly log_level?: LogLevel;
  /** @default 'text' */
  readonly log_format?: LogFormat;
  /** @default - standard output */
  readonly log_path?: string;
  /** Logs each request. @default false */
  readonly log_requests?: boolean;
  /** A listener for probes. */
  readonly health_checks?: {
    /** TCP port, 1 to 65535. @default 8008 */
    readonly bind_port?: number;
    /** @default '/ready' */
    readonly ready_path?: string;
    /** @default '/live' */
    readonly live_path?: string;
  };
}

/** The file as a model, in which late values are still late. */
export function oidcConfBody(conf: OidcConf): HclBody {
  const { serving_cert_file } = conf;
  return bodyOf({
    ...conf,
    // Always written, so that how often certificates are looked at does not hang on the provider's version.
    ...(serving_cert_file && {
      serving_cert_file: { ...serving_cert_file, file_sync_interval: serving_cert_file.file_sync_interval ?? '1m' },
    }),
  });
}

/** `oidc-discovery-provider.conf`. */
export function writeOidcConf(conf: OidcConf): string {
  return writeHcl(oidcConfBody(conf));
}

/** Whether the provider must be given `-expandEnv`. */
export function oidcConfUsesEnv(conf: OidcConf): boolean {
  return usesEnv(oidcConfBody(conf));
}
