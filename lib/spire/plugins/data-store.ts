import type { Volume } from 'kubernetes-types/core/v1';
import { type DurationLike, type FindingInput, isLate, type Late } from '../../core';
import { Checks } from '../config/checks';
import { concat, type HclConcat, type HclPart, libpqValue } from '../config/hcl';
import { durationText } from '../config/model';
import { Plugin, type PluginProps } from './plugin';

/** Where a value lies in a Secret. */
export interface SecretKey {
  /** Name of the Secret, in the namespace of the SPIRE server. */
  readonly secret: Late<string>;
  /** Key in it. */
  readonly key: string;
}

/** Where a certificate lies: in a Secret or a ConfigMap. */
export type CertificateKey = SecretKey | { readonly configMap: Late<string>; readonly key: string };

/** How a connection to PostgreSQL is protected, in the words of libpq. */
export type PostgresSslMode = 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';

/** A PostgreSQL server. */
export interface PostgresHost {
  /** Host name or address. */
  readonly host: Late<string>;
  /** @default 5432 */
  readonly port?: number;
}

/** Properties of `DataStore.sqlite`. */
export interface SqliteProps {
  /**
   * Absolute path of the file.
   *
   * @default '/run/spire/data/datastore.sqlite3'
   */
  readonly path?: string;
}

/** Properties of `DataStore.postgres`. */
export interface PostgresProps extends PostgresHost {
  /** Name of the database. */
  readonly database: Late<string>;
  readonly user: Late<string>;
  /** The user's password. It reaches SPIRE as an environment variable and is nowhere in a ConfigMap. */
  readonly password: SecretKey;
  /**
   * Anything but `verify-full` lets someone in the network be the database.
   *
   * @default 'verify-full'
   */
  readonly sslMode?: PostgresSslMode;
  /**
   * Certificates (PEM) of the authorities that the database's certificate may come from.
   *
   * @default - the authorities of SPIRE's image, which are the public ones
   */
  readonly rootCa?: CertificateKey;
  /**
   * Most connections at a time.
   *
   * @default 100
   */
  readonly maxOpenConns?: number;
  /**
   * Most connections that are kept while nobody uses them.
   *
   * @default 100
   */
  readonly maxIdleConns?: number;
  /**
   * How long a connection is used before a new one takes its place.
   *
   * @default - without limit
   */
  readonly connMaxLifetime?: DurationLike;
  /**
   * A replica for queries that may be a little behind. User, password and database are the same.
   *
   * @default - all queries go to the one server
   */
  readonly readOnly?: PostgresHost;
}

const ROOT_CA = '/run/spire/datastore-ca';

/**
 * Datastores: where registrations, bundles and attested nodes are kept. A server has exactly one.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/doc/plugin_server_datastore_sql.md
 */
export class DataStore {
  /** A file on the server's data volume. Only one server can use it. */
  static sqlite(props: SqliteProps = {}): Plugin<'DataStore', 'server'> {
    const path = props.path ?? '/run/spire/data/datastore.sqlite3';
    const checks = new Checks();
    checks.absolutePath('path', path);
    if (/[?#%]/.test(path)) {
      // SPIRE reads the path as a URL and adds a query of its own.
      checks.add({
        rule: 'sqlite-path',
        property: 'path',
        value: path,
        message: 'has a character that SPIRE reads as part of a URL',
        remedy: "leave '?', '#' and '%' out",
      });
    }
    return new Plugin('server', 'DataStore', {
      name: 'sql',
      data: { database_type: 'sqlite3', connection_string: path },
      traits: { singleReplica: 'its SQLite file can be used by one server only', needsDataVolume: true },
      findings: checks.findings,
    });
  }

  /**
   * A PostgreSQL database, which several servers can share.
   *
   * The password is the variable `PGPASSWORD`, which SPIRE's driver (lib/pq) reads by itself. SPIRE's `-expandEnv` could
   * put it into the file instead, but it replaces text before the file is parsed: a password with `"`, `\`, `'`, a space
   * or a line break would break the connection string, or add settings to it. The driver takes any password as it is.
   */
  static postgres(props: PostgresProps): Plugin<'DataStore', 'server'> {
    const { rootCa } = props;
    const rootCaPath = rootCa && `${ROOT_CA}/${rootCa.key}`;
    return new Plugin('server', 'DataStore', {
      name: 'sql',
      data: {
        database_type: 'postgres',
        connection_string: connectionString(props, props, rootCaPath),
        ro_connection_string: props.readOnly && connectionString(props.readOnly, props, rootCaPath),
        max_open_conns: props.maxOpenConns,
        max_idle_conns: props.maxIdleConns,
        conn_max_lifetime: durationText(props.connMaxLifetime),
      },
      needs: {
        env: [{ name: 'PGPASSWORD', ...props.password }],
        volumes: rootCa ? [{ name: 'datastore-ca', mountPath: ROOT_CA, source: certificateSource(rootCa) }] : [],
      },
      traits: {
        ...(props.sslMode !== undefined &&
          props.sslMode !== 'verify-full' && {
            weakening: `the connection to PostgreSQL has sslmode=${props.sslMode}: the server's identity is not verified in full`,
          }),
      },
      findings: postgresFindings(props),
    });
  }

  /** SPIRE's datastore with a configuration by hand, such as MySQL. SPIRE takes no datastore but its own (`sql`). */
  static custom(props: PluginProps): Plugin<'DataStore', 'server'> {
    const findings: FindingInput[] = [...(props.findings ?? [])];
    if (props.name !== 'sql' || props.external) {
      findings.push({
        rule: 'datastore-external',
        property: 'name',
        value: props.name,
        message: "is not SPIRE's own datastore, and SPIRE 1.15 takes no other",
        remedy: "write 'sql', without external",
      });
    }
    return new Plugin('server', 'DataStore', { ...props, findings });
  }
}

function connectionString(host: PostgresHost, props: PostgresProps, rootCaPath: string | undefined): HclConcat {
  const settings: [string, Late<string> | number | undefined][] = [
    ['host', host.host],
    ['port', host.port ?? 5432],
    ['user', props.user],
    ['dbname', props.database],
    ['sslmode', props.sslMode ?? 'verify-full'],
    ['sslrootcert', rootCaPath],
  ];
  const parts: HclPart[] = [];
  for (const [key, value] of settings) {
    if (value === undefined) continue;
    parts.push(`${parts.length > 0 ? ' ' : ''}${key}=`, libpqValue(value));
  }
  return concat(...parts);
}

function certificateSource(certificate: CertificateKey): Omit<Volume, 'name'> {
  const items = [{ key: certificate.key, path: certificate.key }];
  // The names may be known late; Kubernetes' types know nothing of that.
  return 'secret' in certificate
    ? { secret: { secretName: certificate.secret as string, items } }
    : { configMap: { name: certificate.configMap as string, items } };
}

function postgresFindings(props: PostgresProps): FindingInput[] {
  const checks = new Checks();
  checks.required('host', props.host, "write the host name or address of the database, such as 'postgres.db.svc'");
  checks.required('database', props.database, 'write the name of the database');
  checks.required('user', props.user, "write the database's user");
  checks.required('password.secret', props.password.secret, 'write the name of the Secret');
  checks.required('password.key', props.password.key, 'write the key in the Secret');
  checks.port('port', props.port);
  checks.oneOf('sslMode', props.sslMode, ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full']);
  checks.integer('maxOpenConns', props.maxOpenConns, 1);
  checks.integer('maxIdleConns', props.maxIdleConns, 0);
  checks.positiveDuration('connMaxLifetime', props.connMaxLifetime);
  if (props.readOnly) {
    checks.required('readOnly.host', props.readOnly.host, 'write the host name or address of the replica');
    checks.port('readOnly.port', props.readOnly.port);
  }
  for (const [property, value] of Object.entries({ host: props.host, database: props.database, user: props.user })) {
    if (!isLate(value) && typeof value === 'string' && value.includes('\0')) {
      checks.add({
        rule: 'postgres-value',
        property,
        message: 'has a null character, which PostgreSQL takes for the end',
        remedy: 'leave it out',
      });
    }
  }
  return checks.findings;
}
