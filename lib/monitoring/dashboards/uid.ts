import { createHash } from 'node:crypto';

/** Grafana refuses a longer one. */
const LONGEST = 40;
const HASH = 8;

/**
 * Id of a dashboard, which is part of its address: the words of a name, and where these do not say it all, a hash of it.
 *
 * @param kind what it is a dashboard of
 * @param name of that, which may hold anything
 */
export function dashboardUid(kind: string, name: string): string {
  const whole = `spirekit-${kind}-${name}`;
  const words = whole
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/-+$/, '');
  if (words === whole && words.length <= LONGEST) return words;
  const hash = createHash('sha256').update(whole).digest('hex').slice(0, HASH);
  return `${words.slice(0, LONGEST - HASH - 1).replace(/-+$/, '')}-${hash}`;
}
