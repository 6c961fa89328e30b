import { columns, countOf, sizeText } from '../../core';
import { pathFrom } from '../../image';
import type { BuiltImage, PushedImage } from '../../image-build';

/** An image that was built, and where it was pushed to. */
interface Done {
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
  return [
    reference,
    '',
    ...columns(table, true).map((line) => `  ${line}`),
    '',
    ...warnings.map((warning) => `  warning: ${warning}`),
    `  from ${countOf(files, 'file')}, in ${pathFrom('.', layout)}${pushed ? ', pushed' : ''}`,
    '',
  ].join('\n');
}

/**
 * The same for programs: under `images`, each as `buildImage()` gives it, and whether it was pushed. What is added to that leaves the
 * schema as it is.
 */
export function imagesJson(done: readonly Done[]): string {
  const images = done.map(({ built, pushed }) => ({ ...built, pushed: pushed !== undefined }));
  return `${JSON.stringify({ schema: 'spirekit/images/1', images }, undefined, 2)}\n`;
}
