import { UsageFailure } from '../failure';

/**
 * Values of an option that is `NAME=VALUE`, by name.
 *
 * @param form as the help has it
 * @throws UsageFailure if one is not, or two have one name
 */
export function pairsOf(option: string, values: readonly string[], form = 'NAME=VALUE'): Record<string, string> {
  const pairs = new Map<string, string>();
  for (const value of values) {
    const at = value.indexOf('=');
    if (at < 1) throw new UsageFailure(`--${option} '${value}' is no ${form}`, 'image');
    const name = value.slice(0, at);
    if (pairs.has(name)) throw new UsageFailure(`--${option} names '${name}' twice; leave one out`, 'image');
    pairs.set(name, value.slice(at + 1));
  }
  return Object.fromEntries(pairs);
}
