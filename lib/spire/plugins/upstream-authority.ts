import { type FindingInput, type Late, rootFindings } from '../../core';
import { Checks } from '../config/checks';
import { Plugin, type PluginProps } from './plugin';

/** Properties of `UpstreamAuthority.disk`. */
export interface DiskUpstreamAuthorityProps {
  /** Name of the Secret with certificate and private key (PEM), in the namespace of the SPIRE server. */
  readonly secret: Late<string>;
  /** @default 'tls.crt' */
  readonly certKey?: string;
  /** @default 'tls.key' */
  readonly keyKey?: string;
  /**
   * Key of the root certificates. SPIRE needs it unless `certKey` holds one self-signed certificate and nothing else.
   *
   * @default - the certificate is its own root
   */
  readonly bundleKey?: string;
  /**
   * Root certificates (PEM, never keys) of the authority. Peers are given them to begin with, so that they need not be told
   * by hand; they live as long as the authority.
   *
   * @default - not known
   */
  readonly roots?: string;
}

/** Properties of `UpstreamAuthority.certManager`. */
export interface CertManagerUpstreamAuthorityProps {
  /** Namespace in which SPIRE makes its CertificateRequests: that of the issuer, unless it is a ClusterIssuer. */
  readonly namespace: string;
  /** Name of the issuer. It must sign CA certificates: ACME issuers do not. */
  readonly issuerName: string;
  /** @default 'Issuer' */
  readonly issuerKind?: string;
  /** @default 'cert-manager.io' */
  readonly issuerGroup?: string;
  /**
   * Root certificates (PEM, never keys) of the authority. Peers are given them to begin with, so that they need not be told
   * by hand; they live as long as the authority.
   *
   * @default - not known
   */
  readonly roots?: string;
}

const UPSTREAM_CA = '/run/spire/upstream-ca';

/** Upstream authorities: who signs the server's CA certificates. A server has at most one; without, it signs its own. */
export class UpstreamAuthority {
  /**
   * A CA certificate and its private key from a Secret. SPIRE reads them anew whenever it needs a certificate.
   *
   * @see https://github.com/spiffe/spire/blob/v1.15.3/doc/plugin_server_upstreamauthority_disk.md
   */
  static disk(props: DiskUpstreamAuthorityProps): Plugin<'UpstreamAuthority', 'server'> {
    const { certKey = 'tls.crt', keyKey = 'tls.key', bundleKey } = props;
    const checks = new Checks();
    checks.required('secret', props.secret, 'write the name of the Secret');
    checks.required('certKey', certKey, "write the certificate's key in the Secret, such as 'tls.crt'");
    checks.required('keyKey', keyKey, "write the private key's key in the Secret, such as 'tls.key'");
    return new Plugin('server', 'UpstreamAuthority', {
      name: 'disk',
      data: {
        cert_file_path: `${UPSTREAM_CA}/${certKey}`,
        key_file_path: `${UPSTREAM_CA}/${keyKey}`,
        bundle_file_path: bundleKey && `${UPSTREAM_CA}/${bundleKey}`,
      },
      needs: {
        volumes: [
          {
            name: 'upstream-ca',
            mountPath: UPSTREAM_CA,
            // The name may be known late; Kubernetes' types know nothing of that.
            source: { secret: { secretName: props.secret as string } },
          },
        ],
      },
      ...(props.roots !== undefined && { traits: { upstreamRoots: props.roots } }),
      findings: [...checks.findings, ...rootsFindings(props.roots)],
    });
  }

  /**
   * An issuer of cert-manager.
   *
   * @see https://github.com/spiffe/spire/blob/v1.15.3/doc/plugin_server_upstreamauthority_cert_manager.md
   */
  static certManager(props: CertManagerUpstreamAuthorityProps): Plugin<'UpstreamAuthority', 'server'> {
    const checks = new Checks();
    checks.required('namespace', props.namespace, 'write the namespace for the CertificateRequests');
    checks.required('issuerName', props.issuerName, 'write the name of the issuer');
    return new Plugin('server', 'UpstreamAuthority', {
      name: 'cert-manager',
      data: {
        namespace: props.namespace,
        issuer_name: props.issuerName,
        // Always written: 'spire-server validate' calls a file invalid that leaves them to their defaults.
        issuer_kind: props.issuerKind ?? 'Issuer',
        issuer_group: props.issuerGroup ?? 'cert-manager.io',
      },
      needs: {
        rules: [
          {
            scope: 'namespace',
            namespace: props.namespace,
            apiGroups: ['cert-manager.io'],
            resources: ['certificaterequests'],
            verbs: ['create', 'get', 'list', 'delete'],
          },
        ],
      },
      ...(props.roots !== undefined && { traits: { upstreamRoots: props.roots } }),
      findings: [...checks.findings, ...rootsFindings(props.roots)],
    });
  }

  /** Any other, such as `vault` or an external plugin. */
  static custom(props: PluginProps): Plugin<'UpstreamAuthority', 'server'> {
    return new Plugin('server', 'UpstreamAuthority', props);
  }
}

/** What is wrong with the root certificates of an authority. */
function rootsFindings(roots: string | undefined): FindingInput[] {
  return roots === undefined ? [] : rootFindings('roots', roots, 'upstream-roots');
}
