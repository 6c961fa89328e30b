import { clusterChoice } from '../../../lib/cli/bundle/cluster-choice';
import { type Member, meshFrom } from '../../../lib/federation';

const asked: string[] = [];
// The client of Kubernetes is an ES module, which Jest cannot load: what matters here is which context is opened for whom.
jest.mock('../../../lib/cli/clusters', () => ({
  Clusters: {
    load: async (files: readonly string[]) => ({
      names: ['east', 'admin@west'],
      open: async (context: string, member?: string) => {
        asked.push(`${files.join()} ${context}${member === undefined ? '' : ` for ${member}`}`.trim());
        return { context };
      },
    }),
  },
}));

beforeEach(() => {
  asked.length = 0;
});

const member = (name: string, platform: Member['platform'] = 'kubernetes'): Member => ({
  name,
  platform,
  trustDomain: `${name}.example.com`,
});
const MEMBERS = [member('east'), member('west'), member('partner', 'external')];

/** Which contexts are opened, of all members and of none. */
async function opened(
  given: Parameters<typeof clusterChoice>[0],
  names: readonly string[] = [],
): Promise<readonly string[]> {
  const open = await clusterChoice(given, names)?.open({ waitMs: 1000, signal: new AbortController().signal });
  for (const each of [...MEMBERS, undefined]) await open?.(each);
  return asked;
}

test('none is asked where none is named', () => {
  expect(clusterChoice({}, [])).toBeUndefined();
});

test('one context, of the one trust domain that is named', async () => {
  expect(clusterChoice({ context: ['east'] }, ['east.example.com'])?.isOfOne).toBe(true);
  expect([...new Set(await opened({ context: ['east'] }, ['east.example.com']))]).toEqual(['east']);
});

test('contexts of members', async () => {
  expect(await opened({ context: ['west=admin@west'] })).toEqual(['admin@west for west']);
});

test('of a kubeconfig those that are called like members', async () => {
  expect(await opened({ kubeconfig: ['a', 'b'] })).toEqual(['a,b east for east']);
});

test('a context that is not there is asked for, so that its absence is told', async () => {
  expect(await opened({ context: ['west=nowhere'] })).toEqual(['nowhere for west']);
});

test('somebody who has no cluster', () => {
  const mesh = meshFrom({ members: MEMBERS, edges: [] });
  const refuse = (name: string) => () => clusterChoice({ context: [`${name}=x`] }, [])?.refuseStrangers(mesh);
  expect(refuse('west')).not.toThrow();
  expect(refuse('wst')).toThrow("--context names 'wst', which is no cluster of the federation; did you mean 'west'?");
  expect(refuse('partner')).toThrow(
    "--context names 'partner', which is no cluster of the federation; there is east, west",
  );
});

test.each([
  [['x'], [], "--context 'x' is the cluster of one trust domain; name that alone, or write --context MEMBER=x"],
  [['x'], ['a', 'b'], "--context 'x' is the cluster of one trust domain; name that alone, or write --context MEMBER=x"],
  [['x', 'y'], ['a'], "--context 'x' is no MEMBER=CONTEXT"],
  [['x=a', 'x=b'], [], "--context names 'x' twice; leave one out"],
])('%j of %j', (context, names, message) => {
  expect(() => clusterChoice({ context }, names)).toThrow(message);
});
