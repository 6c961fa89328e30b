import type { MeshRule } from './rule';

/** Values have the kinds that the model says. */
export const dataKinds: MeshRule = {
  id: 'E00',
  severity: 'error',
  title: 'values have the kinds of the model',
  text: 'Every value has the kind that the type says. What has another one is left out before the other rules look: they could only guess what was meant.',
  remedy: 'write the value as the type says',
  source: 'lib/federation/model.ts',

  *check(mesh) {
    for (const { member, at, value, message, remedy } of mesh.misfits) {
      // JSON, in which values are shown, has no word for NaN.
      const shown = typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
      yield { member, ...(at !== '' && { property: at }), ...(shown !== undefined && { value: shown }), message, remedy };
    }
  },
};
