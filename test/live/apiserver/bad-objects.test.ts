import { ApiServer } from '../support/api-server';
import { typeOf, UpstreamDefinitions } from '../support/definitions';
import type { Outcome } from '../support/run';
import { GOOD, REFUSED, type Row, TAKEN, withField } from './bad-objects';

let server: ApiServer;

beforeAll(async () => {
  server = await ApiServer.start();
  await server.make(new UpstreamDefinitions().of(Object.values(GOOD).map(typeOf)));
});

afterAll(() => server?.end());

function dryRun(object: object): Promise<Outcome> {
  return server.apply(JSON.stringify(object), '--dry-run=server');
}

test.each(Object.entries(GOOD))('%s is taken', async (_, good) => {
  expect(await dryRun(good)).toMatchObject({ status: 0, stderr: '' });
});

function titled<T extends readonly [...Row, ...unknown[]]>(rows: readonly T[]): [string, ...T][] {
  return rows.map((row) => [`${row[0]} with ${row[1]}: ${`${JSON.stringify(row[2])}`.slice(0, 60)}`, ...row]);
}

test.each(titled(REFUSED))('%s is refused', async (_, good, field, value, says) => {
  const { status, stderr } = await dryRun(withField(GOOD[good], field, value));
  expect(stderr).toMatch(says);
  expect(status).toBe(1);
});

// If one of them is refused one day, the rule of ours that holds it has a companion.
test.each(titled(TAKEN))('%s is taken', async (_, good, field, value) => {
  const wrong = withField(GOOD[good], field, value);
  expect(wrong).not.toEqual(GOOD[good]);
  expect(await dryRun(wrong)).toMatchObject({ status: 0, stderr: '' });
});
