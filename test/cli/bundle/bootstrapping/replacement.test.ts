import { TestAuthority } from '@spirekit/runtime/testing';
import { relationshipObject } from '../../../../lib/cli/bundle/bootstrapping/relationship-object';
import { NotMadeAnew, Replacement } from '../../../../lib/cli/bundle/bootstrapping/replacement';
import { canonicalBundle } from '../../../../lib/federation';
import { AccessError } from '../../../../lib/verify';
import { RelationshipCluster, WANTED, WEST } from './fixtures';

const NAME = WANTED.name;
const object = relationshipObject(WANTED, { text: canonicalBundle(new TestAuthority(WEST).bundle()), from: 'there' });
const before = { ...object, spec: { ...object.spec, trustDomainBundle: 'before' } };
const earlier = { ...before, metadata: { ...before.metadata, name: WEST } };
const busy = () => new AccessError('failed', 'HTTP 503: busy');

const START = Date.parse('2026-06-01T00:00:00Z');
let clock: number;
let cluster: RelationshipCluster;
beforeEach(() => {
  clock = START;
  cluster = new RelationshipCluster([before, earlier]);
});

/** With a clock that goes on while it waits. */
const means = () =>
  cluster.means(undefined, {
    now: () => new Date(clock),
    pause: async (seconds) => {
      cluster.done.push(`pause ${seconds}`);
      clock += seconds * 1000;
    },
    say: () => undefined,
  });
const replacement = (...going: string[]) => new Replacement(going, { object, outcome: 'is made' });
const failureOf = (work: Promise<string>): Promise<unknown> => work.catch((error: unknown) => error);

test('goes on where it stopped, without waiting again', async () => {
  cluster.failures.push(undefined, undefined, busy());
  const one = replacement(NAME, WEST);
  const failure = await failureOf(one.finish(means()));
  expect(failure).toBeInstanceOf(NotMadeAnew);
  expect(failure).toMatchObject({
    replacement: one,
    message: `ClusterFederatedTrustDomain ${NAME} is not made anew: HTTP 503: busy`,
  });
  expect(await one.finish(means())).toBe('is made');
  expect(cluster.done).toEqual([`delete ${NAME}`, `delete ${WEST}`, 'pause 12', `create ${NAME}`, `create ${NAME}`]);
  expect(cluster.objects).toEqual([object]);
});

test('goes on with what is still to be deleted', async () => {
  cluster.failures.push(undefined, busy());
  const one = replacement(NAME, WEST);
  expect(await failureOf(one.finish(means()))).toBeInstanceOf(NotMadeAnew);
  expect(await one.finish(means())).toBe('is made');
  expect(cluster.done).toEqual([
    ...[`delete ${NAME}`, `delete ${WEST}`, `delete ${WEST}`],
    ...['pause 12', `create ${NAME}`],
  ]);
});

test('waits for the rest of the time only', async () => {
  const one = replacement(NAME);
  const ended = { ...means(), pause: () => Promise.reject(new Error('interrupted')) };
  expect(await failureOf(one.finish(ended))).toBeInstanceOf(NotMadeAnew);
  clock += 5_000;
  expect(await one.finish(means())).toBe('is made');
  expect(cluster.done).toEqual([`delete ${NAME}`, 'pause 7', `create ${NAME}`]);
});

test('a request without an answer that was done all the same', async () => {
  cluster.failures.push(undefined, new AccessError('timeout', 'no answer within 15 s'));
  const one = replacement(NAME);
  const late = { ...means(), pause: async () => void cluster.objects.push(object) };
  expect(await one.finish(late)).toBe('is made');
});

test('what somebody else has made meanwhile is no replacement', async () => {
  const conflict = new AccessError('failed', 'HTTP 409: already exists');
  cluster.failures.push(undefined, conflict);
  const theirs = { ...means(), pause: async () => void cluster.objects.push(before) };
  expect(await failureOf(replacement(NAME).finish(theirs))).toBe(conflict);
});

test('what is about to go, for a finalizer, is still to be replaced', async () => {
  cluster.failures.push(undefined, new AccessError('failed', 'HTTP 409: object is being deleted'));
  const going = { ...before, metadata: { ...before.metadata, deletionTimestamp: '2026-06-01T00:00:00Z' } };
  const slow = { ...means(), pause: async () => void cluster.objects.push(going) };
  expect(await failureOf(replacement(NAME).finish(slow))).toBeInstanceOf(NotMadeAnew);
});
