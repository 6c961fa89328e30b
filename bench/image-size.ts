import type { BuiltImage } from '../lib/image-build';
import type { Result } from './benchmark';
import { unpackedSize } from './image-layers';
import { rounded } from './table';

/** How large an image is, by layer, and how much of it a change of the program sends anew. */
export function sizes({ layout, platforms }: BuiltImage): Result {
  const tables = platforms.map(({ platform, layers }) => {
    const all = layers.map(({ name, digest, size }) => ({ name, size, unpacked: unpackedSize(layout, digest) }));
    const whole = { name: 'whole image', size: sum(all, 'size'), unpacked: sum(all, 'unpacked') };
    const app = all.at(-1)?.size ?? Number.NaN;
    return { platform, layers: [...all, whole], changed: app / whole.size };
  });
  return {
    tables: tables.map(({ platform, layers, changed }) => ({
      title: `Size for ${platform}`,
      rows: [
        ['layer', 'compressed', 'unpacked', 'of the whole'],
        ...layers.map(({ name, size, unpacked }) => [
          name,
          kibibytes(size),
          kibibytes(unpacked),
          `${((100 * size) / (layers.at(-1)?.size ?? Number.NaN)).toFixed(2)} %`,
        ]),
      ],
      notes: [`a change of the program sends 1/${(1 / changed).toFixed(0)} of the image`],
    })),
    data: {
      sizes: Object.fromEntries(
        tables.map(({ platform, layers, changed }) => [
          platform,
          {
            compressed: Object.fromEntries(layers.map(({ name, size }) => [name, size])),
            unpacked: Object.fromEntries(layers.map(({ name, unpacked }) => [name, unpacked])),
            'app / whole': rounded(changed),
          },
        ]),
      ),
    },
  };
}

function sum<K extends string>(all: readonly Readonly<Record<K, number>>[], name: K): number {
  return all.reduce((total, each) => total + each[name], 0);
}

function kibibytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(0)} KiB`;
}
