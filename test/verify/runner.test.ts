import { type Mesh, meshFrom } from '../../lib/federation';
import { DEFAULT_BOUNDS } from '../../lib/verify/bounds';
import type { Check, ClusterCheck, EdgeCheck, EndpointCheck } from '../../lib/verify/check';
import { AccessError } from '../../lib/verify/kube';
import { Limiter } from '../../lib/verify/limiter';
import { NotSeen } from '../../lib/verify/not-seen';
import { ClusterObjects } from '../../lib/verify/observe/cluster-objects';
import { runChecks } from '../../lib/verify/runner';
import { type Outcome, ok, wrong } from '../../lib/verify/verdict';
import { VerifyWorld } from '../../lib/verify/world';
import { meshData } from '../cli/fixtures';
import { type ClusterData, DataAccess, serverObjects } from './data-access';

/** East and west of the fixtures, and an external member that east believes too. */
const mesh = (): Mesh => {
  const { members, edges } = meshData();
  const partner = { ...members[1], name: 'partner', platform: 'external' as const, trustDomain: 'partner.example.org' };
  return meshFrom({
    members: [...members, partner as (typeof members)[number]],
    edges: [
      ...edges,
      ...edges,
      { consumer: 'east', provider: 'partner' },
      { consumer: 'partner', provider: 'east' },
      { consumer: 'east', provider: 'nobody' },
    ],
  });
};

function worldOf(data: Readonly<Record<string, ClusterData>>, signal = new AbortController().signal) {
  const objects = new Map(
    Object.entries(data).map(([name, each]) => [name, new ClusterObjects(new DataAccess(`ctx-${name}`, each))]),
  );
  return new VerifyWorld({
    mesh: mesh(),
    declared: true,
    bounds: DEFAULT_BOUNDS,
    limiter: new Limiter(4),
    signal,
    clusterOf: ({ name }) => objects.get(name),
  });
}

const text = {
  title: 't',
  proves: 'p',
  causes: ['c1', 'c2'],
  next: 'kubectl --context {context} {pod} {peer}',
  needs: [],
};
const run = (outcome: Outcome | Error) => async (): Promise<readonly Outcome[]> => {
  if (outcome instanceof Error) throw outcome;
  return [outcome];
};
const ofCluster = (outcome: Outcome | Error): ClusterCheck => ({
  ...text,
  id: 'V01',
  about: 'cluster',
  run: run(outcome),
});
const ofEndpoint = (outcome: Outcome): EndpointCheck => ({ ...text, id: 'V02', about: 'endpoint', run: run(outcome) });
const ofEdge = (outcome: Outcome): EdgeCheck => ({ ...text, id: 'V03', about: 'edge', run: run(outcome) });

const clusters = { east: { objects: serverObjects('east.example.com') }, west: {} };
const verdictsOf = (checks: readonly Check[], data: Readonly<Record<string, ClusterData>> = clusters) =>
  runChecks(worldOf(data), checks, new AbortController().signal);

test('clusters are asked of members that have one, endpoints of all, edges of consumers that have one', async () => {
  const fine = ok('fine', 'there');
  const verdicts = await verdictsOf([ofCluster(fine), ofEndpoint(fine), ofEdge(fine)]);
  expect(verdicts.map(({ check, member, peer }) => `${check} ${member}${peer ? ` → ${peer}` : ''}`)).toEqual([
    ...['V01 east', 'V01 west'],
    ...['V02 east', 'V02 west', 'V02 partner'],
    ...['V03 east → west', 'V03 east → partner'],
  ]);
});

test('what is wrong has causes and a command, with what is known put in; what is fine has none', async () => {
  const [east, west] = await verdictsOf([ofCluster(wrong('bad', 'there'))]);
  expect(east).toEqual({
    check: 'V01',
    state: 'error',
    member: 'east',
    what: 'bad',
    where: 'there',
    evidence: '',
    causes: ['c1', 'c2'],
    next: 'kubectl --context ctx-east spire-server-0 <peer>',
  });
  expect(west?.next).toBe('kubectl --context ctx-west <pod> <peer>');
  const [edge] = await verdictsOf([ofEdge(wrong('bad', 'there', { causes: ['own'], next: 'own {peer}' }))]);
  expect(edge).toMatchObject({ causes: ['own'], next: 'own west.example.com' });
  expect((await verdictsOf([ofCluster(ok('fine', 'there'))]))[0]).toMatchObject({ causes: [], next: '' });
});

test.each<[string, Error, object]>([
  ['cannot see', new NotSeen('nothing there', 'somewhere'), { what: 'nothing there', where: 'somewhere', causes: [] }],
  [
    'lacks a right',
    new AccessError('forbidden', 'User "a" cannot'),
    {
      what: 'User "a" cannot',
      where: 'cluster of context ctx-east',
      causes: ["the right is missing: 'spirekit verify --print-rbac' prints a role with all that is needed"],
    },
  ],
  [
    'has no context',
    new AccessError('no-context', "there is no context 'east'"),
    {
      what: "there is no context 'east'",
      causes: [
        'the context has another name: add --context MEMBER=CONTEXT',
        'it is in another kubeconfig: add --kubeconfig FILE',
      ],
      next: 'kubectl config get-contexts',
    },
  ],
  ['breaks off', new TypeError('no such thing'), { what: 'the check broke off: no such thing' }],
])('a check that %s is not seen, and the others go on', async (_, error, expected) => {
  const [blind, , fine] = await verdictsOf([ofCluster(error), ofEndpoint(ok('fine', 'there'))]);
  expect(blind).toMatchObject({ state: 'unseen', ...expected });
  expect(fine).toMatchObject({ check: 'V02', state: 'ok' });
});

test('a check may say nothing, or not apply', async () => {
  const silent: ClusterCheck = { ...ofCluster(ok('a', 'b')), run: async () => [] };
  const never: ClusterCheck = { ...ofCluster(ok('a', 'b')), applies: () => false };
  expect(await verdictsOf([silent, never])).toEqual([]);
});

test('progress: how many are expected of each, and each answer', async () => {
  const told: unknown[] = [];
  await runChecks(worldOf(clusters), [ofCluster(ok('a', 'b')), ofEdge(ok('a', 'b'))], new AbortController().signal, {
    begin: (expected) => told.push([...expected]),
    done: (member, verdicts) => told.push([member, verdicts.length]),
  });
  expect(told[0]).toEqual([
    ['east', 3],
    ['west', 1],
  ]);
  expect(told.slice(1).sort()).toEqual([
    ['east', 1],
    ['east', 1],
    ['east', 1],
    ['west', 1],
  ]);
});

test('what is aborted ends with the reason', async () => {
  const abort = new AbortController();
  const waiting: ClusterCheck = {
    ...ofCluster(ok('a', 'b')),
    run: async () => {
      abort.abort(new Error('enough'));
      throw new Error('late');
    },
  };
  await expect(runChecks(worldOf(clusters, abort.signal), [waiting], abort.signal)).rejects.toThrow('enough');
});
