import fc from 'fast-check';
import {
  blastRadius,
  blastRadiusTable,
  loadEstimate,
  loadTable,
  MESH_RULES,
  type MeshData,
  meshFrom,
  meshTimes,
  proveMesh,
  servingChains,
  servingTable,
  timesTable,
} from '../../../lib/federation';
import { EAST_ROOT, ENDED_CA } from '../fixtures-certificates';
import { NOW } from './fixtures';

/*
 * Data that no compiler has seen, near to good data: kinds are right as a rule, values are not.
 */

const anything = fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true });
const or = <T>(arbitrary: fc.Arbitrary<T>) => fc.oneof({ arbitrary, weight: 15 }, { arbitrary: anything, weight: 1 });
const record = (fields: Readonly<Record<string, fc.Arbitrary<unknown>>>) =>
  or(
    fc.record(Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, or(value)])), {
      requiredKeys: [],
    }),
  );
const list = (item: fc.Arbitrary<unknown>) => fc.array(or(item), { maxLength: 4 });

const name = fc.constantFrom('a', 'b', 'c', '');
const trustDomain = fc.constantFrom('a.example', 'b.example', 'c.example', 'hub.example', '', '__proto__');
const number = fc.oneof(
  fc.constantFrom(0, 1, -1, 0.5, 60, 300, 3600, 86_400, 1e9, 1e300, 1e-300, Number.NaN, Number.POSITIVE_INFINITY),
  fc.integer(),
);
const pem = fc.constantFrom('', 'MII', EAST_ROOT, ENDED_CA);
const bundle = fc.constantFrom('', '{}', '{"keys":[{"use":"x509-svid","x5c":[1]}]}');
const profile = fc.constantFrom('https_web', 'https_spiffe');

const endpoint = record({
  url: fc.constant('https://a.example/'),
  profile,
  spiffeId: trustDomain.map((each) => `spiffe://${each}/x`),
  hostedBy: trustDomain,
  servedBySpire: fc.boolean(),
  exposure: fc.constant('other'),
  termination: fc.constantFrom('passthrough', 'reencrypt'),
  refreshHint: number,
  certificate: record({
    source: fc.constantFrom('cert-manager', 'secret'),
    trust: fc.constant({ type: 'public' }),
    lifetime: number,
    renewBefore: number,
  }),
});
const member = record({
  name,
  platform: fc.constantFrom('kubernetes', 'openshift', 'external'),
  trustDomain,
  caTtl: number,
  keyType: fc.constantFrom('ec-p256', 'rsa-4096', 'toString', ''),
  replicas: number,
  agents: number,
  upstream: record({ roots: pem, notAfter: number }),
  endpoint,
  fetches: record({
    profiles: fc.constant(['https_web']),
    interval: number,
    fetchesPerHint: number,
    forgetsOnFailure: fc.boolean(),
  }),
  seed: record({ bundle }),
  relationships: list(record({ trustDomain, url: fc.constant(''), profile, bundle })),
  identities: list(
    record({ name, federatesWith: list(trustDomain), accepts: fc.oneof(fc.constant('any'), list(trustDomain)) }),
  ),
});
const data = record({
  members: list(member),
  edges: list(record({ consumer: name, provider: name })),
  budgets: record({
    blastRadius: number,
    federatesWith: number,
    agentCalls: number,
    revocation: number,
    outage: number,
  }),
}) as fc.Arbitrary<MeshData>;

test('whatever the data is, there are tables and no exception', () => {
  fc.assert(
    fc.property(data, (garbage) => {
      const mesh = meshFrom(garbage);
      const radius = blastRadius(mesh);
      for (const outage of radius.outages) {
        expect(radius.withoutIssuance(outage).length).toBeLessThanOrEqual(radius.withoutAuthentication(outage).length);
      }
      for (const compromise of radius.compromises) {
        expect([radius.forgeable(compromise).length, radius.deceived(compromise).length]).toEqual([
          compromise.forgeable,
          compromise.deceived,
        ]);
      }
      const tables = [
        timesTable(meshTimes(mesh, NOW)),
        blastRadiusTable(radius),
        loadTable(loadEstimate(mesh)),
        servingTable(servingChains(mesh)),
      ];
      for (const line of tables.flat()) expect(line).not.toMatch(/undefined|\[object/);
    }),
    { numRuns: 500 },
  );
});

test('whatever the data is, rules about it do not break off', () => {
  const rules = MESH_RULES.filter(({ id }) => ['E22', 'W26', 'E34', 'E35', 'E36', 'W37'].includes(id));
  expect(rules).toHaveLength(6);
  fc.assert(
    fc.property(data, (garbage) => {
      for (const { message, remedy } of proveMesh(meshFrom(garbage), { now: NOW, rules })) {
        expect(`${message}; ${remedy}`).not.toMatch(/broke off|undefined|NaN|\[object/);
      }
    }),
    { numRuns: 500 },
  );
});
