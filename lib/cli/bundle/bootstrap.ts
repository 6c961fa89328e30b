import { setTimeout as sleep } from 'node:timers/promises';
import { oneLine } from '../../core';
import {
  type BootstrapConfig,
  type BootstrapRelationship,
  isBundleDigest,
  readBootstrapConfig,
} from '../../federation';
import { type Bounds, DEFAULT_BOUNDS, Limiter } from '../../verify';
import { Clusters } from '../clusters';
import { CommandFailure, EXIT, messageOf, UsageFailure } from '../failure';
import { inputText } from '../input-bytes';
import { untilInterrupted } from '../interruption';
import { readOptions } from '../options';
import { write } from '../output';
import { firstBundleOf } from './bootstrapping/first-bundle-of';
import { type MakingMeans, makeRelationship } from './bootstrapping/make-relationship';
import { Refusal } from './bootstrapping/refusal';
import { AWAY, NotMadeAnew, type Replacement } from './bootstrapping/replacement';
import { COMMAND, waitOf } from './bundle-input';
import { BundleFetchError } from './fetching';
import { proxyOfCommand } from './proxy-of-command';

const OPTIONS = {
  context: { type: 'string' },
  kubeconfig: { type: 'string', multiple: true },
  wait: { type: 'string' },
  replace: { type: 'string', multiple: true },
} as const;

/** How long it is tried where nothing is said. */
const WAIT = '5m';

/** Time from one try to the next, in seconds: twice as long each time, up to the longest. */
const PAUSE = 2;
const LONGEST_PAUSE = 30;

/**
 * How long it may take to make anew what was deleted when the command is told to end, in milliseconds, less than a kubelet waits (30 s),
 * and the time from one try to the next then.
 */
const ENDING = (AWAY + 14) * 1000;
const ENDING_PAUSE = 1_000;

/** So long that is tried at least when the time of the command is over, in milliseconds. */
const OVERTIME = 60_000;

/** Relationships that are made at a time. */
const AT_A_TIME = 32;

/** How a relationship ended: with exit code, so that the worst one can be told. */
type Ending = 'done' | 'refused' | 'not-done';

/**
 * `spirekit bundle bootstrap FILE`: makes relationships with bundles that are fetched now. What a Job in the cluster runs; also for
 * people, where such a Job has refused.
 */
export async function bootstrap(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions(COMMAND, args, OPTIONS);
  const [file] = positionals;
  if (file === undefined) throw new UsageFailure('name the FILE that says which relationships are made', COMMAND);
  if (values.context === undefined) {
    throw new UsageFailure('--context NAME is missing: the cluster in which they are made', COMMAND);
  }
  const { context } = values;
  const waitMs = waitOf(values.wait ?? WAIT);
  const replaced = replaceable(values.replace);
  const config = configIn(file);
  const bounds: Bounds = { ...DEFAULT_BOUNDS, waitMs: Math.min(DEFAULT_BOUNDS.waitMs, waitMs) };
  const proxyFor = proxyOfCommand();
  return untilInterrupted(async (signal) => {
    const clusters = await Clusters.load(values.kubeconfig ?? [], new Map(), bounds, signal);
    if (!clusters.names.includes(context)) {
      const there = clusters.names.length === 0 ? 'none' : clusters.names.map((name) => `'${name}'`).join(', ');
      throw new CommandFailure(`the kubeconfig has no context '${context}'; there is ${there}`);
    }
    const access = await clusters.open(context);
    // What was deleted is made anew also when all else is given up.
    const changes = access.changes(new AbortController().signal);
    const until = Date.now() + waitMs;
    // Not that of the clusters, which work that has its turn here waits for.
    const limiter = new Limiter(AT_A_TIME);
    const endings = await allOf(
      config.relationships.map((relationship) => {
        const { trustDomain } = relationship.spec;
        const means: MakingMeans = {
          access,
          changes,
          fetch: () =>
            firstBundleOf(relationship, {
              waitMs: bounds.waitMs,
              bounds,
              limiter: clusters.limiter,
              signal,
              ...(proxyFor && { proxyFor }),
            }),
          pause: (seconds) => sleep(seconds * 1000),
          say: (text) => void tell(trustDomain, text),
          now: () => new Date(),
          replaceable: replaced,
        };
        return limiter.run(() => untilMade(relationship, means, until, signal), signal);
      }),
    );
    return exitCodeOf(endings);
  }, ENDING);
}

/** Waits for all, also when one fails: each may be about to make anew what it has deleted. */
async function allOf<T>(works: readonly Promise<T>[]): Promise<T[]> {
  const ended = await Promise.allSettled(works);
  return ended.map((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  });
}

/** Tries until it is done, a person has to decide, or the time is over. */
async function untilMade(
  relationship: BootstrapRelationship,
  means: MakingMeans,
  until: number,
  signal: AbortSignal,
): Promise<Ending> {
  const { trustDomain } = relationship.spec;
  let end = until;
  let said = '';
  let replacement: Replacement | undefined;
  for (let pause = PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    let failure: unknown;
    try {
      const outcome = await (replacement ? replacement.finish(means) : makeRelationship(relationship, means));
      await tell(trustDomain, outcome);
      return 'done';
    } catch (error) {
      failure = error;
    }
    const before = replacement;
    replacement = failure instanceof NotMadeAnew ? failure.replacement : undefined;
    // What is deleted is made anew also when all else is given up.
    if (!replacement) signal.throwIfAborted();
    else if (!before) end = Math.max(until, Date.now() + OVERTIME);
    const message = messageOf(failure);
    if (failure instanceof Refusal || (failure instanceof BundleFetchError && failure.problem === 'unusable')) {
      await tell(trustDomain, `refused: ${message}`);
      return 'refused';
    }
    const left = end - Date.now();
    if (left <= 0) {
      await tell(trustDomain, `given up: ${message}`);
      return 'not-done';
    }
    if (message !== said) await tell(trustDomain, `not yet: ${message}`);
    said = message;
    const waitMs = Math.min(pause * 1000, left);
    await (replacement ? hurriedly(waitMs, signal) : sleep(waitMs, undefined, { signal }));
  }
}

/** Waits; not for long, once this process is told to end. */
async function hurriedly(waitMs: number, signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await sleep(waitMs, undefined, { signal }).catch(() => undefined);
  if (signal.aborted) await sleep(ENDING_PAUSE);
}

/** What can still be done comes first: it is tried again, and a refusal shows itself again then. */
function exitCodeOf(endings: readonly Ending[]): number {
  if (endings.includes('not-done')) return EXIT.failure;
  return endings.includes('refused') ? EXIT.findings : EXIT.ok;
}

/** Tells what is done. What has nowhere to be written stops no work: the exit code and the cluster tell it too. */
const tell = (trustDomain: string, text: string): Promise<unknown> =>
  write(process.stdout, `${oneLine(`${trustDomain}: ${text}`)}\n`).catch(() => undefined);

function configIn(file: string): BootstrapConfig {
  const read = readBootstrapConfig(inputText(file, 'a configuration'));
  if ('relationships' in read) return read;
  throw new CommandFailure(`'${file}' is no file of a BootstrapJob: ${read.join('; ')}`);
}

/** Digests of bundles about which somebody has decided now. */
function replaceable(digests: readonly string[] = []): ReadonlySet<string> {
  const wrong = digests.find((digest) => !isBundleDigest(digest));
  if (wrong !== undefined) {
    throw new UsageFailure(`--replace '${wrong}' is no digest of a bundle, such as 'sha256:' and 64 digits`, COMMAND);
  }
  return new Set(digests);
}
