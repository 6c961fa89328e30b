import { TrustDomain } from '@spirekit/runtime/id';
import { sha256 } from '../../core';

/** What the name of a bundle's file says. */
export interface BundleFileName {
  /** Whose bundle it is. */
  readonly trustDomain: string;
  /** What it holds: {@link contentHash}. */
  readonly hash: string;
}

const NAME = /^(.+)\.([0-9a-f]{16})\.json$/;

/** First 16 hexadecimal digits of the SHA-256 of a file's bytes. */
export const contentHash = (bytes: string | Uint8Array): string => sha256(bytes).slice(0, 16);

/** Name of the file of a bundle: `<trust domain>.<hash of its bytes>.json`, so that another bundle is another file. */
export const bundleFileName = (trustDomain: string, text: string): string => `${trustDomain}.${contentHash(text)}.json`;

/** What a file's name says; undefined when it is no name of a bundle. */
export function readBundleFileName(name: string): BundleFileName | undefined {
  const [, trustDomain = '', hash = ''] = NAME.exec(name) ?? [];
  return TrustDomain.tryParse(trustDomain).ok ? { trustDomain, hash } : undefined;
}
