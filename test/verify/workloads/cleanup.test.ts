import { AccessError, type ClusterAccess, type ClusterChanges, type KubeObject } from '../../../lib/verify/kube';
import { leftText } from '../../../lib/verify/workloads/cleaners';
import { type Remains, removeLeftovers, removeRun } from '../../../lib/verify/workloads/cleanup';
import { RunNames } from '../../../lib/verify/workloads/names';

const NOW = Date.parse('2026-01-01T12:00:00Z');
const run = new RunNames('1a2b3c4d');
const other = new RunNames('99999999');

/** Namespaces and identities that can be listed by their labels and deleted, as an API server has them. */
class Objects {
  readonly deleted: string[] = [];
  readonly lists = new Map<string, KubeObject[]>();
  /** What was asked, such as `list namespaces`; and what the n-th question of a kind is answered with. */
  readonly asked: string[] = [];
  private readonly failures: { question: string; error: AccessError; isMeant: (n: number) => boolean }[] = [];
  /** Plural of objects that a finalizer holds, and of those whose deletion is not answered until it is given up. */
  held = '';
  hanging = '';

  constructor(private readonly refusal?: AccessError) {}

  /** Fails the n-th question, which is counted from one. */
  fail(question: string, error: AccessError, isMeant: (n: number) => boolean): this {
    this.failures.push({ question, error, isMeant });
    return this;
  }

  private ask(question: string): void {
    this.asked.push(question);
    const n = this.asked.filter((each) => each === question).length;
    const failure = this.failures.find((each) => each.question === question && each.isMeant(n));
    if (failure) throw failure.error;
  }

  add(plural: string, name: string, labels: Record<string, string>, creationTimestamp = '2026-01-01T11:59:00Z'): this {
    const list = this.lists.get(plural) ?? [];
    this.lists.set(plural, [...list, { metadata: { name, labels, creationTimestamp } }]);
    return this;
  }

  get changes(): ClusterChanges {
    return this.changesUntil(new AbortController().signal);
  }

  private changesUntil(signal: AbortSignal): ClusterChanges {
    const list = async ({ plural }: { plural: string }, { labelSelector = '' } = {}) => {
      this.ask(`list ${plural}`);
      const wanted = labelSelector.split(',').map((each) => each.split('=') as [string, string]);
      return (this.lists.get(plural) ?? []).filter(({ metadata }) =>
        wanted.every(([label, value]) => metadata.labels?.[label] === value),
      );
    };
    return {
      access: { list, changes: (other: AbortSignal) => this.changesUntil(other) } as unknown as ClusterAccess,
      delete: async ({ plural }: { plural: string }, name: string) => {
        this.ask(`delete ${plural}`);
        if (this.refusal) throw this.refusal;
        if (this.hanging === plural) {
          await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
        }
        this.deleted.push(`${plural}/${name}`);
        this.lists.set(
          plural,
          (this.lists.get(plural) ?? []).flatMap((object) => {
            if (object.metadata.name !== name) return [object];
            const going = { metadata: { ...object.metadata, deletionTimestamp: '2026-01-01T12:00:00Z' } };
            return this.held === plural ? [going] : [];
          }),
        );
      },
    } as unknown as ClusterChanges;
  }
}

const full = (refusal?: AccessError): Objects =>
  new Objects(refusal)
    .add('namespaces', run.namespace(0), run.labels)
    .add('namespaces', other.namespace(0), other.labels, '2026-01-01T10:00:00Z')
    .add('namespaces', 'spirekit-verify-mine', {})
    .add('namespaces', 'shop', { ...run.labels }, '2026-01-01T10:00:00Z')
    .add('clusterspiffeids', run.identity(0, 1), run.labels)
    .add('clusterspiffeids', other.identity(0, 1), other.labels)
    .add('clusterspiffeids', 'web', {});

const [IDENTITY, NAMESPACE] = ['spirekit-verify-1a2b3c4d-0-1', 'spirekit-verify-1a2b3c4d-0'];
const reset = new AccessError(
  'unreachable',
  'https://east:6443 is not reachable: the connection was reset (ECONNRESET)',
);
const busy = new AccessError('failed', 'HTTP 429: Too many requests, please try again later.');
const unlisted = new AccessError(
  'forbidden',
  'clusterspiffeids.spire.spiffe.io is forbidden: User "ops" cannot list resource "clusterspiffeids"',
);
const [first, always] = [(n: number) => n === 1, () => true];

// The time goes on where somebody waits, and there alone.
let pauses: number;
beforeEach(() => {
  pauses = 0;
  jest.useFakeTimers();
});
afterEach(() => jest.useRealTimers());
const pause = async (milliseconds: number): Promise<void> => {
  pauses++;
  jest.advanceTimersByTime(milliseconds);
};
const removed = (objects: Objects): Promise<Remains | undefined> => removeRun(objects.changes, run, pause);

test('what a run has made is removed, and nothing else', async () => {
  const objects = full();
  expect(await removeRun(objects.changes, run)).toBeUndefined();
  expect(objects.deleted).toEqual([
    'namespaces/spirekit-verify-1a2b3c4d-0',
    'clusterspiffeids/spirekit-verify-1a2b3c4d-0-1',
  ]);
});

test('of earlier runs, what is older than an hour; all of it only when that is said', async () => {
  const objects = full();
  await removeLeftovers(objects.changes, false, NOW);
  expect(objects.deleted).toEqual(['namespaces/spirekit-verify-99999999-0']);
  await removeLeftovers(objects.changes, true, NOW);
  expect(objects.deleted.slice(1)).toEqual([
    'namespaces/spirekit-verify-1a2b3c4d-0',
    'clusterspiffeids/spirekit-verify-1a2b3c4d-0-1',
    'clusterspiffeids/spirekit-verify-99999999-0-1',
  ]);
  expect([...objects.lists.values()].flat().map(({ metadata }) => metadata.name)).toEqual([
    'spirekit-verify-mine',
    'shop',
    'web',
  ]);
});

test('what cannot be removed is told with the reason, and is not waited for', async () => {
  const reason = 'namespaces is forbidden: User "ops" cannot delete resource "namespaces"';
  expect(await removeRun(full(new AccessError('forbidden', reason)).changes, run)).toEqual({
    objects: ['ClusterSPIFFEID spirekit-verify-1a2b3c4d-0-1', 'Namespace spirekit-verify-1a2b3c4d-0'],
    reason,
  });
});

test('a cluster that answers no more is told, and one without the resource definitions is fine', async () => {
  const silent: ClusterChanges = {
    access: {
      list: () => Promise.reject(new AccessError('unreachable', 'nothing listens there')),
      changes: () => silent,
    },
  } as unknown as ClusterChanges;
  expect(await removeRun(silent, run, pause)).toEqual({ objects: [], reason: 'nothing listens there' });
  const without: ClusterChanges = {
    access: { list: () => Promise.reject(new AccessError('not-installed', 'no such kind')), changes: () => without },
  } as unknown as ClusterChanges;
  expect(await removeRun(without, run)).toBeUndefined();
});

test.each<[string, Objects]>([
  ['the first list of namespaces', full().fail('list namespaces', reset, first)],
  ['the first list of ClusterSPIFFEIDs', full().fail('list clusterspiffeids', reset, first)],
  ['every first list', full().fail('list namespaces', reset, first).fail('list clusterspiffeids', reset, first)],
  ['the right to a list, for a moment', full().fail('list clusterspiffeids', unlisted, first)],
  ['a deletion, of a server that is busy', full().fail('delete namespaces', busy, first)],
  ['a later list, when all is gone', full().fail('list namespaces', reset, (n) => n === 2)],
])('what fails once is tried again: %s', async (_, objects) => {
  expect(await removed(objects)).toBeUndefined();
  expect([...objects.deleted].sort()).toEqual([`clusterspiffeids/${IDENTITY}`, `namespaces/${NAMESPACE}`]);
  expect(pauses).toBe(1);
});

test('where one kind cannot be listed, the other goes; the one is told, and not waited for', async () => {
  const objects = full().fail('list clusterspiffeids', unlisted, always);
  const left = (await removed(objects)) as Remains;
  expect(leftText(left)).toBe(
    'not everything was removed (perhaps ClusterSPIFFEIDs): clusterspiffeids.spire.spiffe.io is forbidden: User "ops" cannot list resource "clusterspiffeids"',
  );
  expect(objects.deleted).toEqual([`namespaces/${NAMESPACE}`]);
  expect(pauses).toBe(0);
});

test('what fails again and again is told when the time is over, with the reason', async () => {
  const objects = full().fail('delete namespaces', busy, always);
  expect(leftText((await removed(objects)) as Remains)).toBe(
    `not everything was removed (Namespace ${NAMESPACE}): HTTP 429: Too many requests, please try again later.`,
  );
  expect(pauses).toBe(90);
  expect(
    await removed(full().fail('list namespaces', busy, always).fail('list clusterspiffeids', busy, always)),
  ).toEqual({ objects: [], reason: 'HTTP 429: Too many requests, please try again later.' });
});

test('what is on its way is waited for and not deleted again; what is refused for good is not asked for again', async () => {
  const refusal = new AccessError('forbidden', 'clusterspiffeids is forbidden: User "ops" cannot delete it');
  const objects = full().fail('delete clusterspiffeids', refusal, always);
  objects.held = 'namespaces';
  expect(await removed(objects)).toEqual({
    objects: [`ClusterSPIFFEID ${IDENTITY}`, `Namespace ${NAMESPACE}`],
    reason: 'clusterspiffeids is forbidden: User "ops" cannot delete it; they are still there after 90 s',
  });
  expect(objects.asked.filter((each) => each.startsWith('delete'))).toEqual([
    'delete namespaces',
    'delete clusterspiffeids',
  ]);
  expect(pauses).toBe(90);
});

test('deletions run at once, count for the time, and end with it; what came of them is looked at', async () => {
  const objects = full();
  for (let number = 2; number < 40; number++) objects.add('clusterspiffeids', run.identity(0, number), run.labels);
  objects.hanging = 'clusterspiffeids';
  const removing = removed(objects);
  await jest.advanceTimersByTimeAsync(89_999);
  expect(objects.asked.filter((each) => each === 'delete clusterspiffeids')).toHaveLength(39);
  expect(objects.deleted).toEqual([`namespaces/${NAMESPACE}`]);
  await jest.advanceTimersByTimeAsync(1);
  const left = (await removing) as Remains;
  expect([left.objects.length, left.objects[0]]).toEqual([39, `ClusterSPIFFEID ${IDENTITY}`]);
  expect(left.reason).toBe('they are still there after 90 s');
  expect(pauses).toBe(0);
});

test('a cluster that is away for half a minute is given up, and one that is back before is not', async () => {
  const away = (looks: number): Objects =>
    full()
      .fail('list namespaces', reset, (n) => n <= looks)
      .fail('list clusterspiffeids', reset, (n) => n <= looks);
  expect(leftText((await removed(away(30))) as Remains)).toBe(
    'not everything was removed (it is not known what is left): https://east:6443 is not reachable: the connection was reset (ECONNRESET)',
  );
  expect(pauses).toBe(28);
  expect(await removed(away(29))).toBeUndefined();
});

test('credentials that are not accepted may be made anew: they are waited for until the time is over', async () => {
  const expired = new AccessError('unauthenticated', 'the API server does not accept the credentials');
  const refused = (n: number): boolean => n <= 62;
  const objects = full().fail('list namespaces', expired, refused).fail('list clusterspiffeids', expired, refused);
  expect(await removed(objects)).toBeUndefined();
  expect(objects.deleted).toHaveLength(2);
});
