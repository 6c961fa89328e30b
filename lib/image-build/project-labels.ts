import { join } from 'node:path';
import { textOf } from '../image';

const PREFIX = 'org.opencontainers.image';

/**
 * What the project's package.json tells of it, as labels.
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md
 */
export function projectLabels(folder: string): Record<string, string> {
  let manifest: Record<string, unknown>;
  try {
    manifest = (JSON.parse(textOf(join(folder, 'package.json')) ?? '{}') ?? {}) as Record<string, unknown>;
  } catch {
    return {}; // the bundler says what is wrong with it, if it matters
  }
  const { name, version, description, license, homepage } = manifest;
  const labels = { title: name, version, description, licenses: license, url: homepage };
  return Object.fromEntries(
    Object.entries(labels).flatMap(([key, value]) =>
      typeof value === 'string' && value !== '' ? [[`${PREFIX}.${key}`, value] as const] : [],
    ),
  );
}
