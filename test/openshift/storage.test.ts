import type { ZtwimDatastore, ZtwimPersistence } from '../../lib/openshift';
import { fakeOutput } from '../core/fixtures';
import { newServer, said, specOf } from './installation';

const datastore = (given: unknown) => said(newServer({ datastore: given }));
const persistence = (given: unknown) => said(newServer({ persistence: given }));

test('defaults', () => {
  const { persistence, datastore } = specOf(newServer());
  expect({ persistence, datastore }).toMatchInlineSnapshot(`
{
  "datastore": {
    "connectionString": "/run/spire/data/datastore.sqlite3",
    "databaseType": "sqlite3",
    "maxIdleConns": 2,
    "maxOpenConns": 100,
  },
  "persistence": {
    "accessMode": "ReadWriteOnce",
    "size": "1Gi",
    "storageClass": "",
  },
}
`);
});

test('everything', () => {
  const volume: Required<ZtwimPersistence> = { size: '5Gi', accessMode: 'ReadWriteOncePod', storageClass: 'gp3-csi' };
  const database: ZtwimDatastore = {
    databaseType: 'postgres',
    connectionString: 'host=db dbname=spire sslmode=verify-full sslcert=/run/spire/db/certs/tls.crt',
    tlsSecretName: 'db-tls',
    maxOpenConns: 10,
    maxIdleConns: 0,
    connMaxLifetime: '1h',
    disableMigration: true,
  };
  const server = newServer({ persistence: volume, datastore: database });
  expect(specOf(server)).toMatchObject({
    persistence: volume,
    datastore: { ...database, connMaxLifetime: 3600, disableMigration: 'true' },
  });
  expect(said(server)).toEqual([]);
});

test('what does not compile', () => {
  // @ts-expect-error the operator takes whole gibibytes only
  const size: ZtwimPersistence = { size: '500Mi' };
  // @ts-expect-error a database has no default
  const nowhere: ZtwimDatastore = { databaseType: 'postgres' };
  // @ts-expect-error a file needs no certificate
  const file: ZtwimDatastore = { databaseType: 'sqlite3', tlsSecretName: 'a' };
  // @ts-expect-error SPIRE knows no such type
  const aws: ZtwimDatastore = { databaseType: 'aws_postgresql', connectionString: 'a' };
  expect([persistence(size), datastore(nowhere), datastore(file), datastore(aws)].map((it) => it.length)).toEqual([
    1, 1, 1, 1,
  ]);
});

test('volumes that are refused', () => {
  expect([
    ...['1.5Gi', '0Gi', '1G', 5].flatMap((size) => persistence({ size })),
    ...persistence({ accessMode: 'ReadOnlyMany' }),
    ...persistence({ storageClass: 'GP3' }),
    ...persistence({ type: 'pvc' }),
  ]).toMatchInlineSnapshot(`
[
  "persistence.size '1.5Gi' is not a number of gibibytes, the only unit that the operator takes; write one such as '5Gi' (ztwim-persistence)",
  "persistence.size '0Gi' is not a number of gibibytes, the only unit that the operator takes; write one such as '5Gi' (ztwim-persistence)",
  "persistence.size '1G' is not a number of gibibytes, the only unit that the operator takes; write one such as '5Gi' (ztwim-persistence)",
  "persistence.size 5 is not text; write it in quotes (ztwim-persistence)",
  "persistence.accessMode 'ReadOnlyMany' is not a word that is known here; write one of ReadWriteOnce, ReadWriteOncePod, ReadWriteMany (ztwim-persistence)",
  "persistence.storageClass 'GP3' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (ztwim-persistence)",
  "persistence.type is not a property; write one of size, accessMode, storageClass (property-unknown)",
]
`);
});

test('datastores that are refused, or warned of', () => {
  expect([
    ...datastore({ databaseType: 'postgres' }),
    ...datastore({ databaseType: 'sql' }),
    ...datastore({ databaseType: 'sqlite3', tlsSecretName: 'a' }),
    ...datastore({ connectionString: '/tmp/db.sqlite3' }),
    ...datastore({ connectionString: '' }),
    ...datastore({ maxOpenConns: 0, maxIdleConns: -1 }),
    ...datastore({ connMaxLifetime: '1500ms' }),
    ...datastore({ connMaxLifetime: -1 }),
    ...datastore({ disableMigration: 'true' }),
    ...datastore({ databaseType: 'mysql', connectionString: fakeOutput(), tlsSecretName: 'A' }),
    ...datastore([]),
  ]).toMatchInlineSnapshot(`
[
  "datastore.connectionString is missing; say how the database is reached (ztwim-datastore)",
  "datastore.databaseType 'sql' is not a word that is known here; write one of sqlite3, postgres, mysql (ztwim-datastore)",
  "datastore.connectionString is missing; say how the database is reached (ztwim-datastore)",
  "warning: datastore.tlsSecretName 'a' has no effect, because sqlite3 is a file; leave it out (ztwim-datastore)",
  "warning: datastore.connectionString '/tmp/db.sqlite3' is not in the server's volume, so that all entries would be lost when the pod ends; write '/run/spire/data/datastore.sqlite3', or leave it out (ztwim-datastore)",
  "datastore.connectionString is not text of 1 to 2048 characters; say how the database is reached (ztwim-datastore)",
  "datastore.maxOpenConns 0 is not a number that the operator accepts; write a whole number from 1 to 10000 (ztwim-datastore)",
  "datastore.maxIdleConns -1 is not a number that the operator accepts; write a whole number from 0 to 10000 (ztwim-datastore)",
  "datastore.connMaxLifetime '1s500ms' is not a whole number of seconds from 0s to 596523h14m7s; write a time such as '596523h14m7s' (ztwim-datastore)",
  "datastore.connMaxLifetime -1 is not text; write a number with a unit, such as '1h30m' (ztwim-datastore)",
  "datastore.disableMigration 'true' is not a boolean; write true or false, without quotes (ztwim-datastore)",
  "datastore.tlsSecretName 'A' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (ztwim-datastore)",
  "datastore [] is not an object; write its properties in braces (property-kind)",
]
`);
});

test.each([
  ['postgres', 'host=db user=spire password=s3cret', true],
  ['postgres', 'postgresql://spire:s3cret@db/spire', true],
  ['postgres', 'postgresql://spire@db/spire?password=s3cret', true],
  ['mysql', 'spire:s3cret@tcp(db:3306)/spire?parseTime=true', true],
  ['postgres', 'host=db user=spire sslmode=verify-full', false],
  ['postgres', 'postgresql://spire@db:5432/spire', false],
  ['mysql', 'spire@tcp(db:3306)/spire?parseTime=true', false],
])('%s %s: a password in clear: %s', (databaseType, connectionString, warned) => {
  const found = datastore({ databaseType, connectionString });
  expect(found).toEqual(
    warned
      ? [
          'warning: datastore.connectionString has a password in it, which the resource shows to everyone who may read it; ' +
            'leave the password out, and prove the server by a client certificate: tlsSecretName (ztwim-datastore)',
        ]
      : [],
  );
});

test('zero is for ever', () => {
  expect(specOf(newServer({ datastore: { connMaxLifetime: '0s' } })).datastore.connMaxLifetime).toBe(0);
});
