import type { Container, Toleration } from 'kubernetes-types/core/v1';
import type { BundleEndpoint, KubernetesExposure } from '../cluster';
import type { DurationLike, Kind } from '../core';
import type { CaSubject, KeyType, LogLevel } from './config';
import type { SpireLayout } from './layout';
import type { BundleConfigMap, ServerPlugin } from './plugins';
import * as kinds from './prop-kinds';
import type { ServerProxy } from './server-proxy';
import type { SpireTelemetry } from './telemetry';

/** Where the server keeps its database and keys. */
export interface ServerStorage {
  /** Size of the volume. @default '1Gi' */
  readonly size?: string;
  /** @default - the cluster's default storage class */
  readonly storageClassName?: string;
}

/** Properties of `SpireServer`. */
export interface SpireServerProps {
  /** What the server and the other parts agree on. */
  readonly layout: SpireLayout;
  /**
   * Number of servers that share one datastore; SQLite allows one.
   *
   * @default 1
   */
  readonly replicas?: number;
  /** Where registrations and attested nodes are kept. @default DataStore.sqlite() */
  readonly dataStore?: ServerPlugin;
  /** Where the keys that sign identities are kept. @default KeyManager.disk() */
  readonly keyManager?: ServerPlugin;
  /** How agents prove which node they run on. @default - NodeAttestor.k8sPsat for the agents of this installation */
  readonly nodeAttestors?: readonly ServerPlugin[];
  /**
   * Who signs the server's CA certificates.
   *
   * @default - the server signs its own
   */
  readonly upstreamAuthority?: ServerPlugin;
  /**
   * ConfigMaps that the server writes its bundle to besides the agents'.
   *
   * @default - none
   */
  readonly bundleConfigMaps?: readonly BundleConfigMap[];
  /** Plugins besides those that have a property of their own. @default - none */
  readonly plugins?: readonly ServerPlugin[];
  /** Type of the keys that sign identities. @default 'ec-p256' */
  readonly caKeyType?: KeyType;
  /** Lifetime of a CA certificate. @default '24h' */
  readonly caTtl?: DurationLike;
  /** Subject of CA certificates. @default - SPIRE's own */
  readonly caSubject?: CaSubject;
  /** Lifetime of an X509-SVID whose registration names none: at most a sixth of `caTtl`. @default '1h' */
  readonly defaultX509SvidTtl?: DurationLike;
  /** Lifetime of a JWT-SVID whose registration names none. @default '5m' */
  readonly defaultJwtSvidTtl?: DurationLike;
  /**
   * Where others fetch the bundle of the trust domain.
   *
   * @default - nowhere
   */
  readonly bundleEndpoint?: BundleEndpoint<KubernetesExposure>;
  /**
   * The HTTP proxy by which the server reaches peers and other services outside of its cluster.
   *
   * @default - none
   */
  readonly proxy?: ServerProxy;
  /** How much the server writes to its log. @default 'INFO' */
  readonly logLevel?: LogLevel;
  /** What the server measures of itself, and where that goes; `false` for nothing. @default - Prometheus may read it */
  readonly telemetry?: SpireTelemetry | false;
  /** @default - 1 GiB of the cluster's default storage class */
  readonly storage?: ServerStorage;
  /** Where the pods may run. @default - anywhere */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** @default - none */
  readonly tolerations?: readonly Toleration[];
  /** @default - requests of 50m CPU and 128Mi memory, no limits */
  readonly resources?: Container['resources'];
}

/** What each property must hold. */
export const SERVER_PROPERTIES = {
  layout: 'any',
  replicas: 'any',
  dataStore: kinds.plugin,
  keyManager: kinds.plugin,
  nodeAttestors: kinds.plugins,
  upstreamAuthority: kinds.plugin,
  bundleConfigMaps: 'list',
  plugins: kinds.plugins,
  caKeyType: 'any',
  caTtl: 'any',
  caSubject: 'object',
  defaultX509SvidTtl: 'any',
  defaultJwtSvidTtl: 'any',
  bundleEndpoint: 'object',
  proxy: 'object',
  logLevel: 'any',
  telemetry: 'any',
  storage: 'object',
  nodeSelector: 'map',
  tolerations: 'list',
  resources: 'object',
} as const satisfies Record<keyof SpireServerProps, Kind>;

/** The properties that SPIRE's keys come from: users look for what they wrote. */
export const SERVER_PROPERTY_OF: Readonly<Record<string, keyof SpireServerProps>> = {
  'server.log_level': 'logLevel',
  'server.ca_key_type': 'caKeyType',
  'server.ca_ttl': 'caTtl',
  'server.ca_subject': 'caSubject',
  'server.default_x509_svid_ttl': 'defaultX509SvidTtl',
  'server.default_jwt_svid_ttl': 'defaultJwtSvidTtl',
};
