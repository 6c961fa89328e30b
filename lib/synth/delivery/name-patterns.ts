import { pushTo } from '../../core';

/**
 * Names of objects that, taken for regular expressions of whole names, fit another one, too: a dot stands for any character.
 * In time that grows with the names, for few have the same beginning.
 */
export function ambiguousNames(names: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const same of grouped(names, ({ length }) => length).values()) {
    for (const [end, dotted] of grouped(same, (name) => name.indexOf('.'))) {
      if (end < 0) continue;
      // Up to its first dot, a name fits nothing but itself.
      const alike = grouped(same, (name) => name.slice(0, end));
      for (const name of dotted) {
        const pattern = patternOf(name);
        const others = alike.get(name.slice(0, end)) ?? [];
        if (others.some((other) => other !== name && pattern.test(other))) found.add(name);
      }
    }
  }
  return found;
}

const patternOf = (name: string): RegExp => new RegExp(`^(?:${name})$`);

function grouped<K>(names: readonly string[], keyOf: (name: string) => K): Map<K, string[]> {
  const groups = new Map<K, string[]>();
  for (const name of new Set(names)) pushTo(groups, keyOf(name), name);
  return groups;
}
