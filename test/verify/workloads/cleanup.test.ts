import { AccessError, type ClusterAccess, type ClusterChanges, type KubeObject } from '../../../lib/verify/kube';
import { removeLeftovers, removeRun } from '../../../lib/verify/workloads/cleanup';
import { RunNames } from '../../../lib/verify/workloads/names';

const NOW = Date.parse('2026-01-01T12:00:00Z');
const run = new RunNames('1a2b3c4d');
const other = new RunNames('99999999');

/** Namespaces and identities that can be listed by their labels and deleted, as an API server has them. */
class Objects {
  readonly deleted: string[] = [];
  readonly lists = new Map<string, KubeObject[]>();

  constructor(private readonly refusal?: AccessError) {}

  add(plural: string, name: string, labels: Record<string, string>, creationTimestamp = '2026-01-01T11:59:00Z'): this {
    const list = this.lists.get(plural) ?? [];
    this.lists.set(plural, [...list, { metadata: { name, labels, creationTimestamp } }]);
    return this;
  }

  get changes(): ClusterChanges {
    const list = async ({ plural }: { plural: string }, { labelSelector = '' } = {}) => {
      const wanted = labelSelector.split(',').map((each) => each.split('=') as [string, string]);
      return (this.lists.get(plural) ?? []).filter(({ metadata }) =>
        wanted.every(([label, value]) => metadata.labels?.[label] === value),
      );
    };
    return {
      access: { list } as unknown as ClusterAccess,
      delete: async ({ plural }: { plural: string }, name: string) => {
        if (this.refusal) throw this.refusal;
        this.deleted.push(`${plural}/${name}`);
        this.lists.set(
          plural,
          (this.lists.get(plural) ?? []).filter(({ metadata }) => metadata.name !== name),
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

test('what a run has made is removed, and nothing else', async () => {
  const objects = full();
  expect(await removeRun(objects.changes, run)).toBeUndefined();
  expect(objects.deleted).toEqual([
    'clusterspiffeids/spirekit-verify-1a2b3c4d-0-1',
    'namespaces/spirekit-verify-1a2b3c4d-0',
  ]);
});

test('of earlier runs, what is older than an hour; all of it only when that is said', async () => {
  const objects = full();
  await removeLeftovers(objects.changes, false, NOW);
  expect(objects.deleted).toEqual(['namespaces/spirekit-verify-99999999-0']);
  await removeLeftovers(objects.changes, true, NOW);
  expect(objects.deleted.slice(1)).toEqual([
    'clusterspiffeids/spirekit-verify-1a2b3c4d-0-1',
    'clusterspiffeids/spirekit-verify-99999999-0-1',
    'namespaces/spirekit-verify-1a2b3c4d-0',
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
  const silent = {
    access: { list: () => Promise.reject(new AccessError('unreachable', 'nothing listens there')) },
  } as unknown as ClusterChanges;
  expect(await removeRun(silent, run)).toEqual({ objects: [], reason: 'nothing listens there' });
  const without = {
    access: { list: () => Promise.reject(new AccessError('not-installed', 'no such kind')) },
  } as unknown as ClusterChanges;
  expect(await removeRun(without, run)).toBeUndefined();
});
