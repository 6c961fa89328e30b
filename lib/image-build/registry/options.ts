import type { Progress } from '../progress';

/** What a registry is told to let somebody in: a user's password or access token, or a token from `docker login`. */
export type RegistryCredentials =
  | { readonly username: string; readonly password: string }
  | { readonly identityToken: string };

/** How a registry is spoken to. Certificates are verified in any case. */
export interface RegistryOptions {
  /**
   * For the registry of the reference.
   *
   * @default - what `docker login` or `podman login` left: `$DOCKER_CONFIG/config.json` or `~/.docker/config.json`, then
   * `$XDG_RUNTIME_DIR/containers/auth.json`, with the credential helpers that these name; else none
   */
  readonly credentials?: RegistryCredentials;
  /**
   * Certificates of authorities to trust beside the public ones, in PEM.
   *
   * @default - those in `/etc/docker/certs.d/<host:port>/*.crt`
   */
  readonly ca?: string;
  /**
   * Speaks HTTP without TLS. Credentials are not sent that way, but to this machine.
   *
   * @default - TLS, and for `localhost`, `127.0.0.0/8` and `[::1]` HTTP where nobody speaks TLS
   */
  readonly plainHttp?: boolean;
  /** @default - nobody is told */
  readonly progress?: Progress;
  /** Ends the work; what was uploaded by then stays for the next time. @default - nothing ends it */
  readonly signal?: AbortSignal;
  /** How often something is tried that fails by the network, by 429 or by 5xx. @default 5 */
  readonly tries?: number;
  /** Pause before the second try in milliseconds; each further one is twice as long, and what `Retry-After` says counts. @default 500 */
  readonly pause?: number;
  /** How long a connection may be silent, in milliseconds; at the beginning 30000 at most. @default 120000 */
  readonly timeout?: number;
  /** Folder with certificates of authorities by host. @default '/etc/docker/certs.d' */
  readonly certificatesFolder?: string;
}
