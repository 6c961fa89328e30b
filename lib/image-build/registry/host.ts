import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import * as tls from 'node:tls';
import { rootCertificates } from 'node:tls';
import { ImageError, type ImageReference, quoted } from '../../image';
import type { RegistryOptions } from './options';

/** Whether a URL leads to this machine, as Docker sees it. Names of `/etc/hosts` but `localhost` are not trusted with that. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || (isIP(hostname) === 4 && hostname.startsWith('127.'));
}

/** Whether secrets may go there: nobody on the way can read them. */
export function isPrivate(url: URL): boolean {
  return url.protocol === 'https:' || isLoopback(url);
}

/** Under which URLs the registry of a reference may be, in the order in which to try them. */
export function baseUrls({ apiHost }: ImageReference, { plainHttp }: RegistryOptions): URL[] {
  const secure = new URL(`https://${apiHost}/v2/`);
  const plain = new URL(`http://${apiHost}/v2/`);
  if (plainHttp !== undefined) return [plainHttp ? plain : secure];
  return isLoopback(secure) ? [secure, plain] : [secure];
}

/**
 * Certificates to trust for a registry: the public ones, and those that options or Docker's folder name for it.
 *
 * @returns undefined for the ones that Node trusts by itself
 * @throws ImageError if there is something else than certificates
 */
export function trustFor(
  { registry }: ImageReference,
  { ca, certificatesFolder = '/etc/docker/certs.d' }: RegistryOptions,
): string[] | undefined {
  const own =
    ca === undefined ? dockerCertificates(join(certificatesFolder, registry)) : [{ pem: ca, place: "option 'ca'" }];
  if (own.length === 0) return undefined;
  for (const { pem, place } of own) requireCertificates(pem, place);
  return [...defaultCertificates(), ...own.map(({ pem }) => pem)];
}

function dockerCertificates(folder: string): { readonly pem: string; readonly place: string }[] {
  let place = folder;
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.crt'));
    return names.sort().map((name) => {
      place = join(folder, name);
      return { pem: readFileSync(place, 'utf8'), place: quoted(place) };
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw new ImageError(
      `certificates for the registry in ${quoted(place)} cannot be read: ${message}; let this user read them`,
    );
  }
}

/** What Node trusts by itself, with `NODE_EXTRA_CA_CERTS`; as far as a Node that cannot list it lets know. */
function defaultCertificates(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => string[] };
  return getCACertificates?.('default') ?? rootCertificates;
}

function requireCertificates(pem: string, place: string): void {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    for (const block of blocks) new X509Certificate(block);
    if (blocks.length > 0) return;
  } catch {
    // told below
  }
  throw new ImageError(
    `${place} holds no certificate in PEM; give it the certificate of the authority, '-----BEGIN CERTIFICATE-----' and what follows`,
  );
}
