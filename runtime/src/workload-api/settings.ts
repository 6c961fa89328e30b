import { MAX_TIMEOUT_MS } from '../core';
import { quote } from '../id/quote';
import type { BackoffOptions } from './backoff';
import type { WorkloadApiClientOptions } from './client-options';
import type { ConnectionTimes } from './grpc/connection';
import { DEFAULT_LIMITS, type WorkloadApiLimits } from './limits';
import { WorkloadApiError } from './workload-api-error';

/** The numbers that a client works by, checked. */
export interface Settings {
  readonly limits: WorkloadApiLimits;
  readonly backoff: Required<BackoffOptions>;
  readonly permissionDeniedBackoff: Required<BackoffOptions>;
  readonly timeoutMs: number;
  readonly times: ConnectionTimes;
}

/**
 * The settings of a client.
 *
 * @param options what the user gives; defaults stand in for the rest
 * @throws {@link WorkloadApiError} `bad-option` for what is no number that can be worked by
 */
export function settingsOf(options: WorkloadApiClientOptions): Settings {
  const { limits = {} } = options;
  const limit = (name: keyof WorkloadApiLimits): number =>
    atLeast(0, `limits.${name}`, limits[name] ?? DEFAULT_LIMITS[name]);
  return {
    limits: {
      messageBytes: limit('messageBytes'),
      svids: limit('svids'),
      bundles: limit('bundles'),
      bundleBytes: limit('bundleBytes'),
    },
    backoff: backoffOf('backoff', options.backoff, { initialMs: 1_000, maxMs: 30_000 }),
    permissionDeniedBackoff: backoffOf('permissionDeniedBackoff', options.permissionDeniedBackoff, {
      initialMs: 2_000,
      maxMs: 60_000,
    }),
    timeoutMs: timeoutOf(options.timeoutMs ?? 30_000),
    times: {
      connectTimeoutMs: milliseconds('connectTimeoutMs', options.connectTimeoutMs ?? 10_000),
      keepaliveMs: milliseconds('keepaliveMs', options.keepaliveMs ?? 360_000),
      keepaliveTimeoutMs: milliseconds('keepaliveTimeoutMs', options.keepaliveTimeoutMs ?? 20_000),
    },
  };
}

/**
 * How long a call may take, in milliseconds.
 *
 * @param value what the user gives; 0 for as long as it takes
 */
export function timeoutOf(value: number): number {
  return Math.min(atLeast(0, 'timeoutMs', value), MAX_TIMEOUT_MS);
}

/** Waits of no time at all would keep processor and server busy. */
function backoffOf(
  name: string,
  { initialMs, maxMs }: BackoffOptions = {},
  defaults: Required<BackoffOptions>,
): Required<BackoffOptions> {
  const first = milliseconds(`${name}.initialMs`, initialMs ?? defaults.initialMs);
  return {
    initialMs: first,
    maxMs: Math.max(first, milliseconds(`${name}.maxMs`, maxMs ?? defaults.maxMs)),
  };
}

function milliseconds(name: string, value: number): number {
  return Math.min(atLeast(1, name, value), MAX_TIMEOUT_MS);
}

function atLeast(least: number, name: string, value: number): number {
  // Also false for what is no number.
  if (!(typeof value === 'number' && value >= least)) {
    throw new WorkloadApiError(
      'bad-option',
      `option ${name}: ${quote(value)} is no number from ${least} up; give one, or leave the option out`,
    );
  }
  return value;
}
