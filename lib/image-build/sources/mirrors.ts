import { ImageError, quoted } from '../../image';
import type { SourceOptions } from '../options';

/**
 * Debian's pool keeps a package only until the next point release has a newer one; snapshot.debian.org keeps every state of the
 * pool, so that what is pinned here can be had for good. The moment is one after the release that the table was written from.
 *
 * @see https://snapshot.debian.org/
 */
const DEBIAN_MIRRORS = [
  'https://deb.debian.org/debian',
  'https://snapshot.debian.org/archive/debian/20261128T000000Z',
] as const;

const NPM_REGISTRY = 'https://registry.npmjs.org';

/**
 * Where a file of Debian's pool is, in the order in which it is asked for.
 *
 * @param path below the mirror, such as `pool/main/g/glibc/libc6_2.41-12_amd64.deb`
 * @throws ImageError if a mirror is no URL, or none is named
 */
export function debianUrls(path: string, { debianMirrors = DEBIAN_MIRRORS }: SourceOptions): string[] {
  const such = `a list such as ['${DEBIAN_MIRRORS[0]}']`;
  if (!Array.isArray(debianMirrors) || debianMirrors.length === 0) {
    throw new ImageError(`debianMirrors names no mirror; write ${such}, or leave it out`);
  }
  // Some mirrors lie in stores that read a plus as a space.
  const encoded = path.replaceAll('+', '%2B');
  return debianMirrors.map(
    (mirror, index) => `${base(mirror, `debianMirrors[${index}]`, DEBIAN_MIRRORS[0])}/${encoded}`,
  );
}

/**
 * Where the npm registry has a package.
 *
 * @param name without a scope
 * @throws ImageError if the registry is no URL
 */
export function npmUrl(name: string, version: string, { npmRegistry }: SourceOptions): string {
  const fromNpm = process.env.npm_config_registry || undefined;
  const property = npmRegistry === undefined && fromNpm !== undefined ? 'npm_config_registry' : 'npmRegistry';
  return `${base(npmRegistry ?? fromNpm ?? NPM_REGISTRY, property, NPM_REGISTRY)}/${name}/-/${name}-${version}.tgz`;
}

function base(address: unknown, property: string, example: string): string {
  const url = typeof address === 'string' && URL.canParse(address) ? new URL(address) : undefined;
  if (url && !isDecodable(url)) {
    throw new ImageError(
      `${property} has a '%' in its user or password that stands for nothing; write '%25' for the sign itself`,
    );
  }
  if (url && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '')
    return url.href.replace(/\/+$/, '');
  // A password in it is not for logs.
  const shown = quoted(String(address).replace(/\/\/[^/]*@/, '//…@'));
  throw new ImageError(`${property} ${shown} is no http or https URL; write one such as '${example}'`);
}

/** What is sent of them is what was written before they became part of a URL. */
function isDecodable({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}
