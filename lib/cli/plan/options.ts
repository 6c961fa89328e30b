import { nearest } from '../../core';
import type { PlanAction } from '../../federation';
import { contextsOf } from '../contexts';
import { UsageFailure } from '../failure';
import { requireLockName } from '../lock-file';
import { readOptions } from '../options';
import { SOURCE_OPTIONS, type SourceValues } from '../source';

const OPTIONS = {
  ...SOURCE_OPTIONS,
  mesh: { type: 'string' },
  lock: { type: 'string' },
  from: { type: 'string', multiple: true },
  emergency: { type: 'boolean' },
  context: { type: 'string', multiple: true },
  manifests: { type: 'string' },
  json: { type: 'boolean' },
  markdown: { type: 'boolean' },
  output: { type: 'string' },
} as const;

const ACTIONS = ['add', 'remove', 'rotate', 'migrate', 'recover'] as const satisfies readonly PlanAction[];

/** What `spirekit plan` was asked. */
export interface PlanAsked {
  readonly action: PlanAction;
  /** Name of the member. */
  readonly member: string;
  readonly file: string | undefined;
  readonly source: SourceValues;
  readonly mesh: string | undefined;
  /** The lock file that was named. */
  readonly lock: string | undefined;
  /** Those who stop believing the member. */
  readonly from: readonly string[] | undefined;
  readonly emergency: boolean;
  readonly contexts: ReadonlyMap<string, string>;
  /** Folder of the manifests, where it was named. */
  readonly manifests: string | undefined;
  readonly form: 'text' | 'json' | 'markdown';
  readonly output: string | undefined;
}

/** @throws UsageFailure if it cannot be understood */
export function readPlanOptions(args: readonly string[]): PlanAsked {
  const { values, positionals } = readOptions('plan', args, OPTIONS, 3);
  const { app, timeout, now, mesh, lock, from, emergency = false, context, manifests, json, markdown, output } = values;
  requireLockName('plan', lock);
  if (manifests === '') throw new UsageFailure('--manifests is empty; name a folder', 'plan');
  const [action, member, file] = positionals;
  if (action === undefined) throw new UsageFailure(`what is planned? Write one of ${ACTIONS.join(', ')}`, 'plan');
  if (!isAction(action)) throw new UsageFailure(`there is no plan '${action}'${hintFor(action)}`, 'plan');
  if (member === undefined) throw new UsageFailure(`${action} whom? Write the name of a member behind it`, 'plan');
  if (json && markdown) throw new UsageFailure('--json and --markdown exclude each other; write one', 'plan');
  if (from !== undefined && action !== 'remove') {
    throw new UsageFailure(`--from says who stops believing a member, and is of 'remove' alone; leave it out`, 'plan');
  }
  return {
    action,
    member,
    file,
    source: {
      ...(app !== undefined && { app }),
      ...(timeout !== undefined && { timeout }),
      ...(now !== undefined && { now }),
    },
    mesh,
    lock,
    from,
    emergency,
    contexts: contextsOf(context, 'plan'),
    manifests: manifests === undefined ? undefined : folderWord(manifests),
    form: json ? 'json' : markdown ? 'markdown' : 'text',
    output,
  };
}

/** A folder to which the path of a file can be added; no command takes it for an option. */
const folderWord = (given: string): string => given.replace(/(?<=.)\/+$/, '').replace(/^-/, './-');

const isAction = (word: string): word is PlanAction => ACTIONS.some((action) => action === word);

const hintFor = (word: string): string => nearest(word, ACTIONS) || `; there are ${ACTIONS.join(', ')}`;
