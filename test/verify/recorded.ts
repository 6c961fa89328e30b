import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BundleJson, heldBundle } from '../../lib/verify/observe/bundle';

/** What a real program has printed, as a file of `recorded/`. */
export const recorded = (name: string): string => readFileSync(join(__dirname, 'recorded', name), 'utf8');

/** The own bundle of the recorded east. */
export const eastOwn = () => heldBundle(JSON.parse(recorded('east-own.json')) as BundleJson);

/** What the recorded east holds of west. */
export const eastHeld = () => {
  const { bundles } = JSON.parse(recorded('east-list.json')) as { bundles: [BundleJson] };
  return heldBundle(bundles[0]);
};

/** The own bundle of the recorded west, after its next authority was prepared. */
export const westOwn = () => heldBundle(JSON.parse(recorded('west-two.json')) as BundleJson);

/** A moment of the recording, at which all authorities of it are valid. */
export const THEN = new Date('2026-11-29T15:11:00Z');
