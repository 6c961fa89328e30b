import { readFileSync } from 'node:fs';
import type { RegistryOptions } from '../../image-build';
import { messageOf, UsageFailure } from '../failure';

/** Options of every action that speaks with a registry. */
export const REGISTRY_OPTIONS = {
  ca: { type: 'string' },
  'plain-http': { type: 'boolean' },
} as const;

/** What was given for them. @throws UsageFailure if a file cannot be read */
export function registryOptions(values: { readonly ca?: string; readonly 'plain-http'?: boolean }): RegistryOptions {
  return {
    ...(values.ca !== undefined && { ca: read(values.ca) }),
    ...(values['plain-http'] && { plainHttp: true }),
  };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageFailure(`--ca '${file}' cannot be read: ${messageOf(error)}`, 'image');
  }
}
