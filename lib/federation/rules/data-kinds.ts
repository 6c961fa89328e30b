import type { MeshRule } from './rule';

/** Values have the kinds that the model says. */
export const dataKinds: MeshRule = {
  id: 'E00',
  severity: 'error',
  title: 'values have the kinds of the model',
  text: 'Every value has the kind that the type says, and there is no property that the type does not have. What is otherwise is left out before the other rules look: they could only guess what was meant.',
  remedy: 'write the value as the type says',
  source: 'lib/federation/model.ts',

  *check(mesh) {
    for (const { member, at, value, message, remedy } of mesh.misfits) {
      const shown = shownValue(value);
      yield {
        member,
        ...(at !== '' && { property: at }),
        ...(shown !== undefined && { value: shown }),
        message,
        remedy,
      };
    }
  },
};

/** What can be shown of any value whatever: a finding must not fail for what it is about. */
function shownValue(value: unknown): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  // JSON, in which values are shown, has no word for NaN.
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  return undefined;
}
