import { writeHcl } from '../../../lib/spire/config';
import { DataStore, type PostgresProps } from '../../../lib/spire/plugins';
import { lines } from '../config/findings';

const base: PostgresProps = {
  host: 'postgres.db.svc',
  database: 'spire',
  user: 'spire',
  password: { secret: 'spire-db', key: 'password' },
};

test('SQLite', () => {
  const plugin = DataStore.sqlite();
  expect(writeHcl(plugin.data)).toMatchInlineSnapshot(`
"database_type = "sqlite3"
connection_string = "/run/spire/data/datastore.sqlite3"
"
`);
  expect(plugin.traits).toEqual({
    singleReplica: 'its SQLite file can be used by one server only',
    needsDataVolume: true,
  });
  expect(plugin.findings).toEqual([]);
  expect(lines(DataStore.sqlite({ path: 'data?x' }).findings)).toMatchInlineSnapshot(`
[
  "error: path 'data?x' is not an absolute path, so it would depend on the directory that the program is started in; begin it with '/' (conf-path)",
  "error: path 'data?x' has a character that SPIRE reads as part of a URL; leave '?', '#' and '%' out (sqlite-path)",
]
`);
});

test('PostgreSQL', () => {
  const plugin = DataStore.postgres(base);
  expect(writeHcl(plugin.data)).toMatchInlineSnapshot(`
"database_type = "postgres"
connection_string = "host='postgres.db.svc' port='5432' user='spire' dbname='spire' sslmode='verify-full'"
"
`);
  expect(plugin.needs).toEqual({
    env: [{ name: 'PGPASSWORD', secret: 'spire-db', key: 'password' }],
    volumes: [],
  });
  expect(plugin.traits).toEqual({});
  expect(plugin.findings).toEqual([]);
});

test('PostgreSQL with everything', () => {
  const plugin = DataStore.postgres({
    ...base,
    host: "it's \\ $HOME",
    user: 'a b',
    port: 6432,
    sslMode: 'verify-ca',
    rootCa: { configMap: 'ca', key: 'ca.crt' },
    maxOpenConns: 20,
    maxIdleConns: 5,
    connMaxLifetime: '1h',
    readOnly: { host: 'replica' },
  });
  expect(writeHcl(plugin.data)).toMatchInlineSnapshot(`
"database_type = "postgres"
connection_string = "host='it\\\\'s \\\\\\\\ \\u0024HOME' port='6432' user='a b' dbname='spire' sslmode='verify-ca' sslrootcert='/run/spire/datastore-ca/ca.crt'"
ro_connection_string = "host='replica' port='5432' user='a b' dbname='spire' sslmode='verify-ca' sslrootcert='/run/spire/datastore-ca/ca.crt'"
max_open_conns = 20
max_idle_conns = 5
conn_max_lifetime = "1h"
"
`);
  expect(plugin.needs.volumes).toEqual([
    {
      name: 'datastore-ca',
      mountPath: '/run/spire/datastore-ca',
      source: { configMap: { name: 'ca', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    },
  ]);
  expect(plugin.traits.weakening).toBe(
    "the connection to PostgreSQL has sslmode=verify-ca: the server's identity is not verified in full",
  );
});

test('certificates may lie in a Secret', () => {
  const plugin = DataStore.postgres({ ...base, rootCa: { secret: 'ca', key: 'ca.crt' } });
  expect(plugin.needs.volumes?.[0]?.source).toEqual({
    secret: { secretName: 'ca', items: [{ key: 'ca.crt', path: 'ca.crt' }] },
  });
});

test('findings', () => {
  const plugin = DataStore.postgres({
    host: '',
    port: 0,
    database: 'a\0b',
    user: '',
    password: { secret: '', key: '' },
    sslMode: 'verify' as never,
    maxOpenConns: 0,
    maxIdleConns: -1,
    connMaxLifetime: '1d',
    readOnly: { host: '', port: 70000 },
  });
  expect(lines(plugin.findings)).toMatchInlineSnapshot(`
[
  "error: host '' is empty; write the host name or address of the database, such as 'postgres.db.svc' (conf-required)",
  "error: user '' is empty; write the database's user (conf-required)",
  "error: password.secret '' is empty; write the name of the Secret (conf-required)",
  "error: password.key '' is empty; write the key in the Secret (conf-required)",
  "error: port 0 is not a number that SPIRE can use here; write an integer from 1 to 65535 (conf-integer)",
  "error: sslMode 'verify' is not a value that SPIRE knows here; write 'disable', 'allow', 'prefer', 'require', 'verify-ca' or 'verify-full' (conf-choice)",
  "error: maxOpenConns 0 is not a number that SPIRE can use here; write an integer of at least 1 (conf-integer)",
  "error: maxIdleConns -1 is not a number that SPIRE can use here; write an integer of at least 0 (conf-integer)",
  "error: connMaxLifetime '1d' has the unit 'd', which Go does not know; write hours (conf-duration)",
  "error: readOnly.host '' is empty; write the host name or address of the replica (conf-required)",
  "error: readOnly.port 70000 is not a number that SPIRE can use here; write an integer from 1 to 65535 (conf-integer)",
  "error: database has a null character, which PostgreSQL takes for the end; leave it out (postgres-value)",
]
`);
});

test('SPIRE takes no other datastore', () => {
  expect(DataStore.custom({ name: 'sql', data: { database_type: 'mysql' } }).findings).toEqual([]);
  expect(lines(DataStore.custom({ name: 'mongo' }).findings)).toMatchInlineSnapshot(`
[
  "error: name 'mongo' is not SPIRE's own datastore, and SPIRE 1.15 takes no other; write 'sql', without external (datastore-external)",
]
`);
});
