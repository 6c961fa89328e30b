import fc from 'fast-check';
import {
  bundleOfRoots,
  MESH_RULES,
  type Member,
  type MeshData,
  type MeshRule,
  meshFrom,
  proveMesh,
  Topology,
} from '../../lib/federation';
import { dataOf, draft, findingsAfter, findingsIn, NOW, untyped } from './fixtures';
import { EAST_ROOT, ENDED_CA, WEST_ROOT } from './fixtures-certificates';

test('nothing is wrong with the good mesh', () => {
  expect(findingsAfter(() => undefined)).toEqual([]);
});

test('the catalogue', () => {
  expect(MESH_RULES.map(({ id, severity, title }) => `${id} ${severity}: ${title}`)).toMatchInlineSnapshot(`
[
  "E00 error: values have the kinds of the model",
  "E01 error: trust domains are valid, and belong to one member each",
  "E02 error: no edge to oneself, nothing twice",
  "E03 error: relationships have the class of their member",
  "E04 error: declared edges and relationships are the same",
  "E05 error: profiles and endpoint IDs agree",
  "E06 error: https_spiffe has a bundle to begin with",
  "E22 error: bundles rest on no chain of other trust domains",
  "E07 error: the exposure fits the profile",
  "E08 error: URLs of endpoints can be answered",
  "E09 error: the host of the endpoint is one",
  "E10 error: the host of a managed route has a DNS record",
  "E11 error: consumers believe the certificates of https_web",
  "W37 warning: certificates of https_web are renewed early enough",
  "E12 error: a published bundle has a refresh hint",
  "E13 error: a new CA is seen before it signs",
  "E14 error: the upstream authority outlives the CA",
  "E15 error: bundles in the program stay usable",
  "E16 error: identities name peers that are believed already",
  "E17 error: SPIRE's own parts and catch-all identities name no peers",
  "E18 error: static and dynamic relationships agree",
  "E19 error: the operator takes the list of static peers",
  "E20 error: a member keeps its trust domain",
  "E21 error: no key signs before peers have seen it",
  "E23 warning: a bundle endpoint moves, or proves itself otherwise, on purpose",
  "E24 warning: a changed bundle arrives",
  "E25 warning: trust that is taken away ends",
  "W41 warning: changes of whom others believe are decided about",
  "E42 error: approvals are of changes that there are, and have a reason",
  "W27 warning: a single server is back before its CA is due",
  "W28 warning: workloads that verify foreign identities say whom they accept",
  "W29 warning: private endpoints are reached without the proxy",
  "W30 warning: large federations have EC keys",
  "W26 warning: agents ask no more than servers are known to answer",
  "E36 error: no identity names more trust domains than can be handed out",
  "W31 warning: foreign systems see new CAs in time, and theirs are seen",
  "E32 error: trust domains have no root in common",
  "E33 error: foreign consumers know the profile of the endpoint",
  "E38 error: the operator keeps what it was installed with",
  "E34 error: outages, names and calls stay within their budgets",
  "E35 error: revocations and outages stay within their budgets",
  "E39 error: accepted identities can be verified",
  "E40 error: accepted warnings are there, and have a reason",
]
`);
});

test.each(MESH_RULES.map((rule) => [rule.id, rule] as const))(
  '%s says what it demands, why, and where it is known from',
  (_, rule) => {
    expect(rule.text).toMatch(/^[A-Z].+\.$/);
    expect(rule.remedy).toMatch(/^[a-z].*[^.]$/);
    expect(rule.source).toMatch(/^(https:\/\/\S+|lib\/federation\/model\.ts)$/);
  },
);

const rule = (id: string, members: readonly string[]): MeshRule => ({
  id,
  severity: 'warning',
  title: '',
  text: '',
  remedy: '',
  source: '',
  check: () => members.map((member, index) => ({ member, message: `${index}`, remedy: '' })),
});

test('findings stand by rule, then by member, then as they were found', () => {
  const rules = [rule('B', ['x', 'partner', 'prod/east', 'prod/west', '', 'prod/east']), rule('A', ['prod/east'])];
  const found = proveMesh(meshFrom(dataOf(draft())), { now: NOW, rules });
  expect(found.map(({ rule, member, message }) => `${rule} ${member} ${message}`)).toEqual([
    'B  4',
    'B prod/east 2',
    'B prod/east 5',
    'B prod/west 3',
    'B partner 1',
    'B x 0',
    'A prod/east 0',
  ]);
  expect(found[0]).toEqual({ rule: 'B', severity: 'warning', member: '', message: '4', remedy: '' });
});

test('a severity that is not said is that of the rule', () => {
  const unsaid: MeshRule = {
    ...rule('A', []),
    check: () => [{ severity: untyped<'error'>(undefined), member: '', message: '', remedy: '' }],
  };
  expect(proveMesh(meshFrom(dataOf(draft())), { rules: [unsaid] })).toMatchObject([{ severity: 'warning' }]);
});

test('a finding may be milder than its rule', () => {
  const milder: MeshRule = {
    ...rule('A', []),
    severity: 'error',
    check: () => [{ severity: 'warning', member: '', message: '', remedy: '' }],
  };
  expect(proveMesh(meshFrom(dataOf(draft())), { rules: [milder] })).toMatchObject([{ severity: 'warning' }]);
});

test.each([undefined, {}, { now: untyped<Date>('today') }, { now: new Date(Number.NaN) }])(
  'without a time it is asked for the present: %p',
  (options) => {
    const asked: number[] = [];
    const watch: MeshRule = {
      ...rule('A', []),
      check: (_, { now }) => {
        asked.push(now.getTime());
        return [];
      },
    };
    const before = Date.now();
    proveMesh(meshFrom(dataOf(draft())), { ...options, rules: [watch] });
    expect(asked).toEqual([expect.any(Number)]);
    expect(asked[0]).toBeGreaterThanOrEqual(before);
  },
);

/** A mesh of clusters that are all alike, each with a private authority's trust and a seed. */
function alike(count: number): MeshData {
  const seed = bundleOfRoots(WEST_ROOT, { refreshHint: 300 });
  const names = Array.from({ length: count }, (_, index) => `m${index}`);
  const peer = (name: string) => ({
    url: `https://federation.${name}.example/`,
    profile: 'https_spiffe' as const,
    endpointSpiffeId: `spiffe://${name}.example/spire/server`,
  });
  const peers = names.map((name) => ({ trustDomain: `${name}.example`, ...peer(name), bundle: seed, wave: 50 }));
  const members = names.map((name, index): Member => {
    const { url, profile, endpointSpiffeId } = peer(name);
    return {
      name,
      platform: 'kubernetes',
      trustDomain: `${name}.example`,
      caTtl: 86_400,
      upstream: { roots: WEST_ROOT },
      seed: { bundle: seed },
      endpoint: {
        url,
        profile,
        spiffeId: endpointSpiffeId,
        servedBySpire: true,
        exposure: 'ingress',
        termination: 'passthrough',
        host: `federation.${name}.example`,
        ports: [443],
        refreshHint: 300,
      },
      relationships: peers.filter((_, other) => other !== index),
      identities: [{ name: 'shop', federatesWith: [`m${(index + 1) % count}.example`], wave: 60 }],
    };
  });
  return { members, edges: Topology.full().edgesAmong(names).edges, sharedRoots: 'accepted' };
}

test('300 clusters that all believe each other', () => {
  const mesh = meshFrom(alike(300));
  expect(mesh.edges).toHaveLength(89_700);
  expect(proveMesh(mesh, { now: NOW })).toEqual([]);
});

test('one wrong line among 89,700 is found', () => {
  const { edges, ...rest } = alike(300);
  expect(findingsIn({ ...rest, edges: edges.slice(1) })).toEqual([
    "error E04 [m0] relationships[0].trustDomain 'm1.example' is believed here, but no edge from 'm0' to 'm1' is declared; declare the edge, or remove the relationship",
    "error E04 [m1] edges 'm1 → m0' has no reverse: 'm0' does not believe 'm1', so that no handshake of both succeeds; add the other direction, or write Trust.oneWay() if it is left out on purpose",
  ]);
});

/** Values that are near to good ones: what gets past a first look reaches the depths of the rules. */
const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true });
const text = fc.constantFrom(
  '',
  'prod/east',
  'prod/west',
  'partner',
  'a.example',
  'https://a.example/x',
  'spiffe://a.example/x',
);
const pem = fc.constantFrom('', 'MII', EAST_ROOT, ENDED_CA, EAST_ROOT.slice(0, 200));
const bundle = fc.oneof(
  pem,
  pem.map((roots) => bundleOfRoots(roots)),
  fc.json(),
  fc.constant('{"keys":[null,{"use":"x509-svid","x5c":[1]}]}'),
);
const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(1e300, 1e-300, Number.NaN));
const profile = fc.constantFrom('https_web', 'https_spiffe', 'x');
const or = <T>(arbitrary: fc.Arbitrary<T>) => fc.oneof({ arbitrary, weight: 9 }, { arbitrary: anything, weight: 1 });
const record = (fields: Record<string, fc.Arbitrary<unknown>>) =>
  or(
    fc.record(Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, or(value)])), {
      requiredKeys: [],
    }),
  );
const list = (item: fc.Arbitrary<unknown>) => fc.array(or(item), { maxLength: 3 });

const relationship = record({
  path: text,
  trustDomain: text,
  url: text,
  profile,
  endpointSpiffeId: text,
  className: text,
  bundle,
  wave: number,
});
const member = record({
  name: text,
  platform: fc.constantFrom('kubernetes', 'openshift', 'external'),
  trustDomain: text,
  className: text,
  watchClassless: fc.boolean(),
  caTtl: number,
  upstream: record({ roots: pem, notAfter: number }),
  endpoint: record({
    url: text,
    profile,
    spiffeId: text,
    servedBySpire: fc.boolean(),
    exposure: fc.constantFrom('managed-route', 'object-store', 'other'),
    termination: fc.constantFrom('passthrough', 'reencrypt'),
    host: text,
    ports: list(fc.constant(443)),
    certificate: record({
      source: fc.constantFrom('acme', 'router'),
      dnsNames: list(text),
      trust: record({ type: fc.constantFrom('public', 'staging', 'private'), roots: pem }),
    }),
    refreshHint: number,
    appsDomain: text,
    dnsAcknowledged: fc.boolean(),
  }),
  seed: record({ bundle }),
  webRoots: list(pem),
  relationships: list(relationship),
  staticRelationships: list(relationship),
  identities: list(record({ name: text, federatesWith: list(text), controlPlane: fc.boolean(), wave: number })),
});
const data = record({
  members: list(member),
  edges: list(record({ consumer: text, provider: text, oneWay: fc.boolean() })),
  seedShelfLife: number,
  sharedRoots: fc.constant('accepted'),
});

test('whatever the data is, there are findings and no exception', () => {
  fc.assert(
    fc.property(data, (garbage) => {
      for (const line of findingsIn(garbage as MeshData)) expect(line).toMatch(/^(error|warning) [EW]\d\d \[/);
    }),
    { numRuns: 300 },
  );
});

test('no rule breaks off, whatever the data is, and whatever it was before', () => {
  fc.assert(
    fc.property(data, data, (garbage, before) => {
      const previous = meshFrom(before as MeshData);
      const found = proveMesh(meshFrom(garbage as MeshData), { now: NOW, previous });
      expect(found.filter(({ message }) => message.startsWith('broke off'))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('the same data has the same findings', () => {
  fc.assert(
    fc.property(data, (garbage) => {
      expect(findingsIn(garbage as MeshData)).toEqual(findingsIn(garbage as MeshData));
    }),
  );
});
