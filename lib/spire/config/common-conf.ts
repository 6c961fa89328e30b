import type { Checks } from './checks';

/** Least important message that is logged. SPIRE takes both cases. */
export type LogLevel = UpperLogLevel | Lowercase<UpperLogLevel>;
type UpperLogLevel = 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

/** Lines for people, or JSON objects for programs. */
export type LogFormat = 'text' | 'json';

/** Profiles of Go that can be served. */
export type ProfilingName = 'goroutine' | 'threadcreate' | 'heap' | 'block' | 'mutex' | 'trace' | 'cpu';

/** `health_checks` of server and agent: an HTTP listener for probes. */
export interface HealthChecks {
  /** @default false */
  readonly listener_enabled?: boolean;
  /** IP address or host name. Probes of the kubelet need `0.0.0.0`. @default 'localhost' */
  readonly bind_address?: string;
  /** TCP port, 1 to 65535. @default 80 */
  readonly bind_port?: number;
  /** Path of the liveness probe. @default '/live' */
  readonly live_path?: string;
  /** Path of the readiness probe. @default '/ready' */
  readonly ready_path?: string;
}

/** What server and agent share of their own section. */
export interface LogSection {
  /** @default - standard output */
  readonly log_file?: string;
  /** @default 'INFO' */
  readonly log_level?: LogLevel;
  /** @default 'text' */
  readonly log_format?: LogFormat;
  /** Adds the place in SPIRE's source to each message. @default false */
  readonly log_source_location?: boolean;
  /** Serves Go's profiles. @default false */
  readonly profiling_enabled?: boolean;
  /** TCP port on localhost. @default - profiles are written to files */
  readonly profiling_port?: number;
  /** Seconds between two profiles. @default - none are written */
  readonly profiling_freq?: number;
  /** @default - none */
  readonly profiling_names?: readonly ProfilingName[];
}

const LOG_LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error'];
const LOG_FORMATS: readonly LogFormat[] = ['text', 'json'];
const PROFILES: readonly ProfilingName[] = ['goroutine', 'threadcreate', 'heap', 'block', 'mutex', 'trace', 'cpu'];

/** Findings about how a program logs. */
export function logFindings(checks: Checks, section: string, log: LogSection): void {
  const of = (key: string) => (section ? `${section}.${key}` : key);
  checks.oneOfAnyCase(of('log_level'), log.log_level, LOG_LEVELS);
  checks.oneOf(of('log_format'), log.log_format, LOG_FORMATS);
  if (log.profiling_port) checks.port(of('profiling_port'), log.profiling_port);
  checks.integer(of('profiling_freq'), log.profiling_freq, 0);
  log.profiling_names?.forEach((name, at) => {
    checks.oneOf(`${of('profiling_names')}[${at}]`, name, PROFILES);
  });
}

/** Findings about the listener for probes. */
export function healthFindings(checks: Checks, health: HealthChecks | undefined): void {
  if (!health) return;
  checks.port('health_checks.bind_port', health.bind_port);
  for (const key of ['live_path', 'ready_path'] as const) {
    const path = health[key];
    if (path === undefined || path.startsWith('/')) continue;
    checks.add({
      rule: 'health-path',
      property: `health_checks.${key}`,
      value: path,
      message: 'is not a path, so no probe would find it',
      remedy: "begin it with '/'",
    });
  }
  if (!health.listener_enabled && Object.keys(health).some((key) => key !== 'listener_enabled')) {
    checks.add({
      rule: 'no-effect',
      severity: 'warning',
      property: 'health_checks',
      message: 'has no effect, because the listener is not enabled',
      remedy: 'set listener_enabled to true',
    });
  }
}
