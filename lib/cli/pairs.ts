import { UsageFailure } from './failure';

/**
 * Values of an option that is `NAME=VALUE`, by name.
 *
 * @param form as the help has it
 * @param command whose help says more
 * @throws UsageFailure if one is not, or two have one name
 */
export function pairsOf(
  option: string,
  values: readonly string[],
  form = 'NAME=VALUE',
  command = 'image',
): Record<string, string> {
  const pairs = new Map<string, string>();
  for (const value of values) {
    const at = value.indexOf('=');
    if (at < 1) throw new UsageFailure(`--${option} '${value}' is no ${form}`, command);
    const name = value.slice(0, at);
    if (pairs.has(name)) throw new UsageFailure(`--${option} names '${name}' twice; leave one out`, command);
    pairs.set(name, value.slice(at + 1));
  }
  return Object.fromEntries(pairs);
}
