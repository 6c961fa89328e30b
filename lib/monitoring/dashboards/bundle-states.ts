import type { State } from './board';

/** Whether a bundle is there. */
export const BUNDLE_HELD = [
  { value: 0, word: 'missing', tone: 'error' },
  { value: 1, word: 'held', tone: 'ok' },
] as const satisfies readonly State[];

/** Whether what is held is what is served. */
export const BUNDLE_MATCHES = [
  { value: 0, word: 'differs', tone: 'warning' },
  { value: 1, word: 'same', tone: 'ok' },
] as const satisfies readonly State[];
