import type { X509Certificate } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect, type TLSSocket } from 'node:tls';
import { Certificate } from '@spirekit/runtime/bundle';

/** The certificate that an endpoint shows, believed or not. */
export interface ShownCertificate {
  /** Names and addresses of hosts that it is for. */
  readonly hosts: readonly string[];
  /** Its URI names: of an X.509-SVID the SPIFFE ID. */
  readonly uris: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** As text, such as `CN=…`. */
  readonly subject: string;
  readonly issuer: string;
  /** SHA-256 of the certificate (DER), in hexadecimal. */
  readonly fingerprint: string;
}

/** Where to connect. */
export interface LookAt {
  readonly host: string;
  readonly port: number;
  /** A way that is there already, such as one through the API server. @default - a new connection to the host */
  readonly way?: Duplex;
}

/**
 * The certificate that a server shows for a host. Nothing is verified, nothing is sent: what is wrong with a certificate can be
 * said only by who looks at it.
 */
export function certificateAt({ host, port, way }: LookAt, signal: AbortSignal): Promise<ShownCertificate> {
  return new Promise((resolve, reject) => {
    const isName = !/^[\d.]+$|:/.test(host);
    const socket = connect({
      ...(way === undefined ? { host, port } : { socket: way }),
      ...(isName && { servername: host }),
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
    });
    const leave = (settle: () => void): void => {
      signal.removeEventListener('abort', abort);
      settle();
      socket.destroy();
    };
    const abort = (): void => leave(() => reject(signal.reason));
    signal.addEventListener('abort', abort, { once: true });
    socket.once('secureConnect', () =>
      leave(() => {
        try {
          resolve(shown(socket));
        } catch (error) {
          reject(error);
        }
      }),
    );
    socket.on('error', (error) => leave(() => reject(error)));
    socket.once('close', () => leave(() => reject(new Error('the connection was closed during the handshake'))));
  });
}

function shown(socket: TLSSocket): ShownCertificate {
  const peer = socket.getPeerX509Certificate();
  if (peer === undefined) throw new Error('the server shows no certificate');
  const { notBefore, notAfter, uris } = Certificate.parse(peer.raw);
  return {
    hosts: hostsOf(peer),
    uris,
    notBefore: new Date(notBefore),
    notAfter: new Date(notAfter),
    subject: oneName(peer.subject),
    issuer: oneName(peer.issuer),
    fingerprint: peer.fingerprint256.replaceAll(':', '').toLowerCase(),
  };
}

const oneName = (name: string | undefined): string => (name ?? '').split('\n').join(', ');

/** The hosts that a certificate is for: DNS names, and addresses as they stand in a URL. */
export const hostsOf = ({ subjectAltName }: Pick<X509Certificate, 'subjectAltName'>): string[] =>
  [...(subjectAltName ?? '').matchAll(/(?:DNS|IP Address):([^,\s]+)/g)].map(([, host = '']) =>
    isIPv6(host) ? new URL(`https://[${host}]`).hostname.slice(1, -1) : host,
  );

/** Whether a certificate is for a host, wildcards in its first label included. @see https://www.rfc-editor.org/rfc/rfc9525 */
export function coversHost(hosts: readonly string[], host: string): boolean {
  const wanted = host.toLowerCase().replace(/\.$/, '');
  return hosts.some((given) => {
    const name = given.toLowerCase().replace(/\.$/, '');
    if (!name.startsWith('*.')) return name === wanted;
    const dot = wanted.indexOf('.');
    return dot > 0 && wanted.slice(dot + 1) === name.slice(2);
  });
}
