import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { SpiffeBundle } from '@spirekit/runtime/bundle';
import { makeFolder } from '../../core';
import {
  type BundleDifference,
  BundleFolder,
  type BundleProblem,
  bundleDifference,
  bundleFileName,
  bundleProblems,
  canonicalBundle,
  folderContent,
  withoutEnded,
} from '../../federation';
import { CommandFailure, reasonOf } from '../failure';
import { deliver } from '../output';

/** How bundles are stored. */
export interface StoreOptions {
  readonly folder: string;
  readonly now: Date;
  /** How long a bundle should stay usable, in seconds. */
  readonly shelfLife: number;
  /** Whether a bundle that does not follow from the stored one takes its place nevertheless. */
  readonly replace: boolean;
}

/** What has become of a bundle that was fetched. */
export type Stored =
  | {
      readonly state: 'new' | 'changed' | 'unchanged';
      /** Path of its file. */
      readonly file: string;
      /** The bundle as it lies there. */
      readonly bundle: SpiffeBundle;
      /** What is different from the one that lay there before. */
      readonly difference: BundleDifference;
      /** X.509 authorities that were left out because they have ended. */
      readonly ended: number;
      /** What is to be thought of, and does not keep it from being used. */
      readonly warnings: readonly BundleProblem[];
    }
  | { readonly state: 'refused'; readonly problem: Pick<BundleProblem, 'message' | 'remedy'> };

/**
 * Puts a bundle into a folder, whole or not at all, in the place of the one of the same trust domain: the new file is there
 * before the old one goes. One that is of another trust domain, has ended, or does not follow from the one that is there, is
 * refused, and nothing is changed.
 *
 * @throws CommandFailure if the folder cannot be read or written
 */
export async function storeBundle(fetched: SpiffeBundle, options: StoreOptions): Promise<Stored> {
  const { folder, now, shelfLife, replace } = options;
  const { trustDomain, jwt, sequence, refreshHint } = fetched;
  const { x509, ended } = withoutEnded(fetched, now);
  if (ended > 0 && x509.isEmpty) {
    return refused('has ended: none of its X.509 authorities is valid any more', 'look at the clock here and there');
  }
  const bundle = SpiffeBundle.of({
    trustDomain,
    x509,
    jwt,
    ...(sequence !== undefined && { sequence }),
    ...(refreshHint !== undefined && { refreshHint }),
  });
  // What lasts too short is stored: it is the newest there is.
  const problems = bundleProblems(bundle, { now, shelfLife, replaceable: true });
  const [error] = problems.filter(({ severity }) => severity !== 'warning');
  if (error) return refused(error.message, error.remedy);

  const content = folderContent(folder);
  if ('message' in content) throw new CommandFailure(`a bundle ${content.message}; ${content.remedy}`);
  const own = content.byTrustDomain.get(trustDomain.name) ?? [];
  const before = own.length === 0 ? undefined : BundleFolder.at(folder).find(trustDomain.name);
  const was = before && 'bundle' in before ? before : undefined;
  const difference = bundleDifference(was?.bundle ?? SpiffeBundle.of({ trustDomain }), bundle);
  const ignored = bundleProblems(fetched, { now, shelfLife, replaceable: true }).filter(({ at }) => at !== '');
  const result = { bundle, difference, ended, warnings: [...ignored, ...problems] };
  if (was && isSame(was.bundle, difference, refreshHint)) return { ...result, state: 'unchanged', file: was.path };
  if (!replace) {
    const broken =
      before && 'message' in before ? `cannot follow from the stored one, which ${before.message}` : undefined;
    const why = broken ?? (was && unfollowing(was.bundle, bundle, difference, now));
    if (why !== undefined) return refused(why, REMEDY);
  }
  const text = canonicalBundle(bundle);
  const file = join(folder, bundleFileName(trustDomain.name, text));
  done(`make the folder '${folder}'`, () => makeFolder(folder));
  await deliver(text, file);
  for (const { path } of own)
    if (path !== file) done(`remove '${path}', in whose place is '${file}'`, () => rmSync(path, { force: true }));
  return { ...result, state: own.length === 0 ? 'new' : 'changed', file };
}

function done(what: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw new CommandFailure(`cannot ${what}: ${reasonOf(error)}`);
  }
}

const REMEDY =
  "ask those who run it whether it has new keys on purpose (see 'spirekit plan recover'), and if so, write --replace";

const refused = (message: string, remedy: string): Stored => ({ state: 'refused', problem: { message, remedy } });

/** The sequence number alone is nothing to write a file anew for. */
const isSame = (was: SpiffeBundle, { added, removed }: BundleDifference, refreshHint: number | undefined): boolean =>
  [added.x509, added.jwt, removed.x509, removed.jwt].every((list) => list.length === 0) &&
  was.refreshHint === refreshHint;

/** Why a bundle does not follow from the one that was stored; undefined if it does. */
function unfollowing(
  was: SpiffeBundle,
  is: SpiffeBundle,
  { isContinuous }: BundleDifference,
  now: Date,
): string | undefined {
  if (!isContinuous) {
    const isOver = withoutEnded(was, now).x509.isEmpty;
    const hint = isOver ? ', which has ended, so that nothing tells whether it follows from it' : '';
    return `has no X.509 authority in common with the stored bundle${hint}: it is of a trust domain that was keyed anew, or of another one`;
  }
  if (was.sequence === undefined || is.sequence === undefined || is.sequence >= was.sequence) return undefined;
  return `has the sequence number ${is.sequence}, and the stored one ${was.sequence}: it is an older one, which a cache may serve`;
}
