import type { Member } from '../../../lib/federation';
import { DEFAULT_BOUNDS } from '../../../lib/verify/bounds';
import { AccessError } from '../../../lib/verify/kube';
import { ClusterObjects } from '../../../lib/verify/observe/cluster-objects';
import { SpireView } from '../../../lib/verify/observe/spire-view';
import { type ClusterData, DataAccess, serverObjects } from '../data-access';
import { recorded } from '../recorded';

// The YAML reader comes with the client of Kubernetes, an ES module, which Jest cannot load; configurations are JSON here.
jest.mock('../../../lib/verify/kube/load-client', () => ({
  loadClient: async () => ({ loadYaml: (text: string) => JSON.parse(text) }),
}));

const member: Member = { name: 'east', platform: 'kubernetes', trustDomain: 'east.example.com' };

function viewOf(data: ClusterData, of = member) {
  const access = new DataAccess('ctx', data);
  return { access, view: new SpireView(of, new ClusterObjects(access), DEFAULT_BOUNDS) };
}

const COMMANDS = {
  'bundle show -output json': recorded('east-own.json'),
  'bundle list -output json': recorded('east-list.json'),
  'federation list -output json': recorded('east-federation.json'),
  'localauthority x509 show -output json': recorded('local-authorities.json'),
  'entry count -federatesWith spiffe://west.example.com -matchFederatesWithOn superset -output json': '{"count":1}',
};
const data: ClusterData = { objects: serverObjects('east.example.com'), commands: COMMANDS };

test('what real servers have answered', async () => {
  const { view } = viewOf(data);
  expect((await view.ownBundle()).trustDomain).toBe('east.example.com');
  expect([...(await view.heldBundles()).keys()]).toEqual(['west.example.com']);
  expect([...(await view.heldRelationships()).values()]).toEqual([
    {
      trustDomain: 'west.example.com',
      url: 'https://127.0.0.1:28444',
      profile: 'https_spiffe',
      endpointSpiffeId: 'spiffe://west.example.com/spire/server',
    },
    { trustDomain: 'gone.example.com', url: 'https://127.0.0.1:28445', profile: 'https_web' },
  ]);
  expect(await view.entriesNaming('west.example.com')).toBe(1);
  expect(await view.localAuthorities()).toEqual({
    active: {
      authorityId: 'f86ed90d39a2c465a0b0974f915323cac8eab124',
      expiresAt: new Date('2026-11-29T16:19:34Z'),
      upstream: '',
    },
    prepared: {
      authorityId: 'e2f8799c8fce90b0153670cc852377df84dae769',
      expiresAt: new Date('2026-11-29T16:19:37Z'),
      upstream: '',
    },
  });
});

test('nothing is asked twice, whoever asks', async () => {
  const { view, access } = viewOf(data);
  await Promise.all([view.ownBundle(), view.ownBundle(), view.heldBundles(), view.managerConf(), view.serverConf()]);
  await view.ownBundle();
  expect([...access.asked].sort()).toEqual([
    'exec /opt/spire/bin/spire-server bundle list -output json',
    'exec /opt/spire/bin/spire-server bundle show -output json',
    'get configmaps spire-server/manager',
    'get configmaps spire-server/spire-server',
    'list pods',
    'version',
  ]);
});

test('where the program lies is tried; the socket is the one of the configuration', async () => {
  const { view, access } = viewOf({
    objects: serverObjects('east.example.com', 'socket_path = "/run/api.sock"'),
    commands: { 'bundle show -output json -socketPath /run/api.sock': recorded('east-own.json') },
    program: '/spire-server',
  });
  expect((await view.ownBundle()).sequence).toBe(1);
  expect(access.asked.filter((question) => question.startsWith('exec'))).toEqual([
    'exec /opt/spire/bin/spire-server bundle show -output json -socketPath /run/api.sock',
    'exec /spire-server bundle show -output json -socketPath /run/api.sock',
  ]);
});

test('a server whose configuration says no trust domain is asked for it', async () => {
  const objects = serverObjects('x');
  const nowhere = { ...objects, configmaps: [] };
  const { view } = viewOf({ objects: nowhere, commands: COMMANDS });
  expect((await view.installation()).owner.name).toBe('spire-server');
  await expect(view.serverConf()).rejects.toThrow(
    /^the server's configuration cannot be read: ConfigMap spire-server\/spire-server/,
  );
  const { view: other } = viewOf(
    { objects: nowhere, commands: COMMANDS },
    { ...member, trustDomain: 'lab.example.com' },
  );
  await expect(other.installation()).rejects.toThrow('no SPIRE server of trust domain lab.example.com was found');
});

test.each<[string, ClusterData['commands'], RegExp]>([
  ['fails', {}, /^'spire-server bundle show' ended with code 1: Error: no such thing$/],
  ['prints no JSON', { 'bundle show -output json': 'text' }, /printed what is no JSON/],
])('a command that %s', async (_, commands, problem) => {
  const { view } = viewOf({ ...data, commands });
  await expect(view.ownBundle()).rejects.toThrow(problem);
});

test('a cluster that does not answer is asked once', async () => {
  const { view, access } = viewOf({ down: new AccessError('unreachable', 'no way') });
  const all = await Promise.allSettled([
    view.ownBundle(),
    view.installations(),
    view.serverLogs(),
    view.serverMetrics(),
  ]);
  expect(all.map((each) => each.status === 'rejected' && (each.reason as Error).message)).toEqual(
    Array(4).fill('no way'),
  );
  expect(access.asked).toEqual(['version']);
});

test('logs and metrics of each pod', async () => {
  const objects = serverObjects('east.example.com');
  const conf = (objects.configmaps as { data: Record<string, string> }[])[0];
  if (conf) conf.data['server.conf'] += '\ntelemetry { Prometheus { port = 9988 } }';
  const { view } = viewOf({
    objects,
    logs: { 'spire-server-0/spire-server': recorded('server-log.txt') },
    answers: { 'spire-server-0:9988/metrics': 'a 1' },
  });
  const [log] = await view.serverLogs();
  expect([log?.pod.metadata.name, log?.value.length]).toEqual(['spire-server-0', 14]);
  expect((await view.serverMetrics()).map(({ value }) => value)).toEqual(['a 1']);
});

test('a server without metrics, and a pod without a node', async () => {
  const { view } = viewOf(data);
  await expect(view.serverMetrics()).rejects.toThrow('the server serves no metrics for Prometheus');
  const objects = serverObjects('east.example.com');
  const [pod] = objects.pods as { spec: { nodeName?: string } }[];
  delete pod?.spec.nodeName;
  await expect(viewOf({ objects }).view.serverLogs()).rejects.toThrow('there is no log: the pod has no node');
});
