import { countOf, sizeText } from '../../core';
import { pathFrom } from '../../image';
import type { BuiltImage, PushedImage } from '../../image-build';

/** An image that was built, and where it was pushed to. */
export interface Done {
  readonly built: BuiltImage;
  readonly pushed?: PushedImage;
}

/** What a person wants to know of it: how pods refer to it, where it lies, and what makes it large. */
export function imageText({ built, pushed }: Done): string {
  const { reference, layout, platforms, files, warnings } = built;
  const names = platforms[0]?.layers.map(({ name }) => name) ?? [];
  const rows = names.map((name, at) => [name, ...platforms.map(({ layers }) => sizeText(layers[at]?.size ?? 0))]);
  const sums = platforms.map(({ layers }) => sizeText(layers.reduce((sum, { size }) => sum + size, 0)));
  const table = [['layer', ...platforms.map(({ platform }) => platform)], ...rows, ['', ...sums]];
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const lines = table.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
  return [
    reference,
    '',
    ...lines.map((line) => `  ${line}`),
    '',
    ...warnings.map((warning) => `  warning: ${warning}`),
    `  from ${countOf(files, 'file')}, in ${pathFrom('.', layout)}${pushed ? ', pushed' : ''}`,
    '',
  ].join('\n');
}

/** The same for programs. */
export function imagesJson(done: readonly Done[]): string {
  const images = done.map(({ built, pushed }) => ({ ...built, pushed: pushed !== undefined }));
  return `${JSON.stringify({ schema: 'spirekit/images/1', images }, undefined, 2)}\n`;
}
