import { UsageFailure } from './failure';
import { pairsOf } from './pairs';

/** Contexts by member. @throws UsageFailure if one is no pair, is empty, or a member is named twice */
export function contextsOf(values: readonly string[] | undefined = [], command: string): ReadonlyMap<string, string> {
  const contexts = new Map(Object.entries(pairsOf('context', values, 'MEMBER=CONTEXT', command)));
  for (const [member, context] of contexts) {
    if (context !== '') continue;
    throw new UsageFailure(`--context '${member}=' names no context; write it behind the '='`, command);
  }
  return contexts;
}
