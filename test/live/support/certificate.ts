import { join } from 'node:path';
import { must } from './run';

/** A self-signed certificate with its key (PEM), for whoever only wants to open the files. */
export function selfSigned(folder: string, name = 'localhost'): { certificate: string; key: string } {
  const certificate = join(folder, 'tls.crt');
  const key = join(folder, 'tls.key');
  must('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`, '-keyout', key, '-out', certificate],
  ]);
  return { certificate, key };
}
