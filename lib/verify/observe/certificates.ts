import { Certificate } from '@spirekit/runtime/bundle';
import { coversHost } from '../endpoint/tls-look';
import { type KubeObject, RESOURCES } from '../kube';
import type { SpireView } from './spire-view';

/** A Certificate of cert-manager. */
export interface CertificateObject extends KubeObject {
  readonly spec?: {
    readonly secretName?: string;
    readonly dnsNames?: readonly string[];
    readonly ipAddresses?: readonly string[];
    readonly commonName?: string;
  };
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
      readonly message?: string;
    }[];
    readonly notAfter?: string;
    readonly renewalTime?: string;
  };
}

/** Certificates for a host, in the namespace of the member's server; undefined when the cluster knows no cert-manager. */
export async function certificatesFor(
  view: SpireView,
  host: string,
): Promise<readonly CertificateObject[] | undefined> {
  const { namespace } = await view.installation();
  const all = await view.objects.listIfKnown<CertificateObject>(RESOURCES.certificates, namespace);
  return all?.filter(
    ({ spec = {} }) =>
      coversHost([...(spec.dnsNames ?? []), ...(spec.ipAddresses ?? [])], host) || spec.commonName === host,
  );
}

/** The certificate that a Secret holds, without its key; undefined when it holds none. */
export async function certificateInSecret(
  view: SpireView,
  namespace: string,
  name: string,
): Promise<Certificate | undefined> {
  const pem = await view.objects.secretValue(namespace, name, 'tls.crt');
  return pem === undefined ? undefined : Certificate.parsePem(pem)[0];
}
