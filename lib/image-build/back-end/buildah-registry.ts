import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ImageReference } from '../../image';
import { isLoopback, type RegistryOptions } from '../registry';

/**
 * Options by which buildah pulls a base image as our options say; what they do not say, it knows itself, such as logins.
 *
 * @param folder for what it is told in files, readable by this user alone
 */
export function registryArguments(base: string, options: RegistryOptions, folder: string): string[] {
  const { registry } = ImageReference.parse(base);
  const { credentials, ca, certificatesFolder } = options;
  // Whoever names an authority wants it to be asked.
  const { plainHttp = ca === undefined && isLoopback(new URL(`https://${registry}/`)) } = options;
  const args: string[] = [];
  if (credentials) {
    const file = join(folder, 'auth.json');
    const auth =
      'identityToken' in credentials
        ? { identitytoken: credentials.identityToken }
        : { auth: Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64') };
    writeFileSync(file, JSON.stringify({ auths: { [registry]: auth } }), { mode: 0o600 });
    args.push('--authfile', file);
  }
  if (ca !== undefined) {
    const certificates = join(folder, 'certificates');
    mkdirSync(certificates);
    writeFileSync(join(certificates, 'ca.crt'), ca);
    args.push('--cert-dir', certificates);
  } else if (certificatesFolder !== undefined) {
    args.push('--cert-dir', join(certificatesFolder, registry));
  }
  if (plainHttp) args.push('--tls-verify=false');
  return args;
}
