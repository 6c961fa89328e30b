import type { BackoffOptions } from './backoff';
import type { WorkloadApiLimits } from './limits';

/** How a `WorkloadApiClient` works. */
export interface WorkloadApiClientOptions {
  /**
   * Where the Workload API listens: `unix:///absolute/path` or `tcp://IP:port`.
   *
   * @default the environment variable SPIFFE_ENDPOINT_SOCKET
   */
  readonly address?: string;

  /**
   * How much of what the Workload API sends is taken.
   *
   * @default see {@link WorkloadApiLimits}
   */
  readonly limits?: Partial<WorkloadApiLimits>;

  /**
   * How long watches wait before they try again, after all failures but PermissionDenied.
   *
   * @default 1 s, then twice as long each time, up to 30 s
   */
  readonly backoff?: BackoffOptions;

  /**
   * How long watches wait before they try again after PermissionDenied, which costs the agent an attestation each time.
   *
   * @default 2 s, then twice as long each time, up to 60 s
   */
  readonly permissionDeniedBackoff?: BackoffOptions;

  /**
   * How long an awaited call may take, in milliseconds; 0 for as long as it takes. Calls can set their own.
   *
   * @default 30000
   */
  readonly timeoutMs?: number;

  /**
   * How long the server may take to accept a connection and to greet, in milliseconds.
   *
   * @default 10000
   */
  readonly connectTimeoutMs?: number;

  /**
   * How often an open connection is tried by a ping, in milliseconds. gRPC servers in Go, as the SPIRE agent is one,
   * break connections that are tried more often than every five minutes, unless they are configured otherwise.
   *
   * @default 360000
   */
  readonly keepaliveMs?: number;

  /**
   * How long the answer to such a ping may take, in milliseconds.
   *
   * @default 20000
   */
  readonly keepaliveTimeoutMs?: number;
}
