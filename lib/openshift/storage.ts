import type { IConstruct } from 'constructs';
import { type DurationLike, isLate, type Late } from '../core';
import { type NameProblem, subdomainProblem } from '../kube';
import { Fields, word } from './fields';

/** The volume with the server's keys and, unless a database keeps them, its entries. Nothing of it can be changed later. */
export interface ZtwimPersistence {
  /** Whole gibibytes, the only unit that the operator takes. @default '1Gi' */
  readonly size?: `${number}Gi`;
  /** @default 'ReadWriteOnce' */
  readonly accessMode?: 'ReadWriteOnce' | 'ReadWriteOncePod' | 'ReadWriteMany';
  /** Name of the StorageClass. @default - the cluster's default class */
  readonly storageClass?: string;
}

interface ZtwimPool {
  /** Connections that are open at once, 1 to 10000. @default 100 */
  readonly maxOpenConns?: number;
  /** Connections that are kept when they are not used, 0 to 10000; with 0, SPIRE's own default holds. @default 2 */
  readonly maxIdleConns?: number;
  /** How long a connection is used, in whole seconds. @default - for ever */
  readonly connMaxLifetime?: DurationLike;
  /** Whether the server leaves the database's schema as it is. @default false */
  readonly disableMigration?: boolean;
}

/** A file in the server's volume. */
export interface ZtwimSqlite extends ZtwimPool {
  /** @default 'sqlite3' */
  readonly databaseType?: 'sqlite3';
  /** Path of the file, below `/run/spire/data`. @default '/run/spire/data/datastore.sqlite3' */
  readonly connectionString?: Late<string>;
  readonly tlsSecretName?: undefined;
}

/** A database server. */
export interface ZtwimDatabase extends ZtwimPool {
  readonly databaseType: 'postgres' | 'mysql';
  /**
   * How it is reached, at most 2048 characters. The resource holds it in clear, and can take it from no Secret: prove the
   * server by a client certificate, not by a password.
   */
  readonly connectionString: Late<string>;
  /**
   * Secret in the operator's namespace with `ca.crt`, `tls.crt` and `tls.key`, mounted at `/run/spire/db/certs`.
   *
   * @default - none
   */
  readonly tlsSecretName?: Late<string>;
}

/**
 * Where the server keeps its entries. The operator's definition also has `sql`, `aws_postgresql` and `aws_mysql`: SPIRE
 * knows no such type, or needs settings for it that the definition cannot hold.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/doc/plugin_server_datastore_sql.md
 */
export type ZtwimDatastore = ZtwimSqlite | ZtwimDatabase;

const DATABASES = ['sqlite3', 'postgres', 'mysql'] as const;
const ACCESS_MODES = ['ReadWriteOnce', 'ReadWriteOncePod', 'ReadWriteMany'] as const;
const SQLITE = '/run/spire/data/datastore.sqlite3';

/** The volume, as the resource holds it. */
export function readPersistence(scope: IConstruct, given: unknown): object {
  const known = ['size', 'accessMode', 'storageClass'];
  const fields = Fields.of(scope, 'ztwim-persistence', 'persistence', given, known);
  return {
    size: fields.plainText('size', { check: sizeProblem, fallback: '1Gi' }),
    accessMode: fields.word('accessMode', ACCESS_MODES, 'ReadWriteOnce'),
    storageClass: fields.plainText('storageClass', {
      check: (name) => (name === '' ? undefined : subdomainProblem(name)),
      fallback: '',
    }),
  };
}

/** The datastore, as the resource holds it. */
export function readDatastore(scope: IConstruct, given: unknown): object {
  const fields = Fields.of(scope, 'ztwim-datastore', 'datastore', given, [
    'databaseType',
    'connectionString',
    'tlsSecretName',
    'maxOpenConns',
    'maxIdleConns',
    'connMaxLifetime',
    'disableMigration',
  ]);
  const databaseType = fields.word('databaseType', DATABASES, 'sqlite3');
  // What is no type at all says nothing of the rest.
  const sqlite = (fields.raw('databaseType') ?? databaseType) === 'sqlite3';
  const tlsSecretName = fields.text('tlsSecretName', { check: subdomainProblem });
  if (sqlite && tlsSecretName !== undefined) {
    const problem = { message: 'has no effect, because sqlite3 is a file', remedy: 'leave it out' };
    fields.add('tlsSecretName', problem, isLate(tlsSecretName) ? undefined : tlsSecretName, 'warning');
  }
  const disableMigration = fields.flag('disableMigration');
  const connMaxLifetime = fields.seconds('connMaxLifetime', 0, 2 ** 31 - 1);
  return {
    databaseType,
    connectionString: connectionOf(fields, sqlite, databaseType === 'mysql'),
    ...(tlsSecretName !== undefined && { tlsSecretName }),
    maxOpenConns: fields.integer('maxOpenConns', 1, 10000) ?? 100,
    maxIdleConns: fields.integer('maxIdleConns', 0, 10000) ?? 2,
    ...(connMaxLifetime !== undefined && { connMaxLifetime }),
    ...(disableMigration !== undefined && { disableMigration: word(disableMigration) }),
  };
}

/** It may hold a password: its value is never shown. */
function connectionOf(fields: Fields, sqlite: boolean, mysql: boolean): unknown {
  const name = 'connectionString';
  const value = fields.raw(name);
  if (isLate(value)) return value;
  if (value === undefined) {
    if (!sqlite) fields.add(name, { message: 'is missing', remedy: 'say how the database is reached' });
    return SQLITE;
  }
  if (typeof value !== 'string' || value.length === 0 || value.length > 2048) {
    fields.add(name, { message: 'is not text of 1 to 2048 characters', remedy: 'say how the database is reached' });
    return SQLITE;
  }
  if (sqlite && !/^(?:file:(?:\/\/)?)?\/run\/spire\/data\/./.test(value)) {
    const message = "is not in the server's volume, so that all entries would be lost when the pod ends";
    fields.add(name, { message, remedy: `write '${SQLITE}', or leave it out` }, value, 'warning');
  }
  if (mysql && !/[?&]parseTime=true(?:&|$)/.test(value)) {
    const message = 'does not say parseTime=true, without which SPIRE does not start';
    fields.add(name, { message, remedy: "end it with '?parseTime=true'" });
  }
  if (!sqlite && holdsPassword(value)) {
    const message = 'has a password in it, which the resource shows to everyone who may read it';
    const remedy = 'leave the password out, and prove the server by a client certificate: tlsSecretName';
    fields.add(name, { message, remedy }, undefined, 'warning');
  }
  return value;
}

/** A keyword of PostgreSQL, or the part of a URL or of MySQL's form before `@`. */
function holdsPassword(connection: string): boolean {
  const authority = connection.replace(/^[a-z]+:\/\//i, '');
  return /(?:^|[\s?&;])(?:password|pwd)\s*=\s*[^\s&;]/i.test(connection) || /^[^/\s:@]*:[^@]+@/.test(authority);
}

function sizeProblem(size: string): NameProblem {
  if (/^[1-9][0-9]*Gi$/.test(size)) return undefined;
  return {
    message: 'is not a number of gibibytes, the only unit that the operator takes',
    remedy: "write one such as '5Gi'",
  };
}
