import { isLate } from '../../core';
import type { Checks } from './checks';
import type { HealthChecks, LogSection } from './common-conf';
import type { PrometheusTls, Telemetry } from './telemetry-conf';

/** Another listener of the program. */
interface Listener {
  /** Where it is configured, such as `health_checks.bind_port`. */
  readonly property: string;
  /** Undefined: there is none. */
  readonly port: number | undefined;
  /** Undefined: it listens everywhere. */
  readonly host: string | undefined;
}

/** What the measurements of a program depend on. */
export interface TelemetryPlace {
  /** Begins the names of the program's measurements. */
  readonly prefix: 'spire_server' | 'spire_agent';
  readonly listeners: readonly Listener[];
}

/** The listener for probes. */
export function healthListener(health: HealthChecks | undefined): Listener {
  const port = health?.listener_enabled ? (health.bind_port ?? 80) : undefined;
  return { property: 'health_checks.bind_port', port, host: health?.bind_address ?? 'localhost' };
}

/** The listener for Go's profiles. */
export function profilingListener(section: 'server' | 'agent', log: LogSection): Listener {
  const port = log.profiling_enabled ? log.profiling_port : undefined;
  return { property: `${section}.profiling_port`, port, host: 'localhost' };
}

/** Findings about where measurements go. SPIRE finds these when it starts, or not at all. */
export function telemetryFindings(checks: Checks, telemetry: Telemetry | undefined, place: TelemetryPlace): void {
  if (!telemetry) return;
  prometheusFindings(checks, telemetry.Prometheus, place.listeners);
  addressFindings(checks, telemetry);
  if (isPrefix(checks, telemetry.MetricPrefix)) {
    filterFindings(checks, telemetry, telemetry.MetricPrefix || place.prefix);
  }
}

function prometheusFindings(checks: Checks, prometheus: Telemetry['Prometheus'], listeners: readonly Listener[]): void {
  if (!prometheus) return;
  const { host, port, tls } = prometheus;
  const property = 'telemetry.Prometheus';
  checks.required(`${property}.port`, port, 'write a TCP port, such as 9988');
  checks.port(`${property}.port`, port);
  if (typeof host === 'string' && host.includes(':') && !/^\[.*\]$/.test(host)) {
    checks.add({
      rule: 'telemetry-host',
      property: `${property}.host`,
      value: host,
      message: 'is an address that SPIRE cannot put a port after, so that it would go on without the listener',
      remedy: `write '[${host}]'`,
    });
  }
  const other = listeners.find(
    (listener) => port !== undefined && listener.port === port && overlap(listener.host, host ?? 'localhost'),
  );
  if (other) {
    checks.add({
      rule: 'telemetry-port',
      property: `${property}.port`,
      value: port,
      message: `is the port of ${other.property} too, and two cannot listen at one`,
      remedy: 'write another port',
    });
  }
  if (tls) tlsFindings(checks, `${property}.tls`, tls);
}

const EVERYWHERE: readonly (string | undefined)[] = [undefined, '', '0.0.0.0', '::', '[::]'];

function overlap(a: string | undefined, b: string | undefined): boolean {
  return a === b || EVERYWHERE.includes(a) || EVERYWHERE.includes(b);
}

function tlsFindings(checks: Checks, property: string, tls: PrometheusTls): void {
  const rule = 'prometheus-tls';
  tls.authorized_spiffe_ids?.forEach((id, at) => {
    checks.spiffeId(`${property}.authorized_spiffe_ids[${at}]`, id);
  });
  const files = [tls.cert_file, tls.key_file].filter(Boolean).length;
  if (tls.use_spire_svid ? files > 0 : files !== 2) {
    checks.add({
      rule,
      property,
      message: 'needs one certificate: two files, or the SVID of SPIRE itself',
      remedy: 'write cert_file and key_file, or use_spire_svid alone',
    });
  }
  if (!tls.client_ca_file) return;
  if (tls.authorized_spiffe_ids?.length) {
    checks.add({
      rule,
      property,
      message: 'names its clients both by authority and by SPIFFE ID',
      remedy: 'write client_ca_file or authorized_spiffe_ids, not both',
    });
  } else if (tls.use_spire_svid) {
    checks.add({
      rule,
      property: `${property}.client_ca_file`,
      value: tls.client_ca_file,
      message: 'is not looked at with use_spire_svid, so that everyone could read',
      remedy: 'write authorized_spiffe_ids, or cert_file and key_file in place of use_spire_svid',
    });
  }
}

function addressFindings(checks: Checks, { DogStatsd, Statsd, M3 }: Telemetry): void {
  DogStatsd?.forEach(({ address }, at) => {
    const isSocket = typeof address === 'string' && /^unix:\/\/\/./.test(address);
    if (!isSocket) hostFindings(checks, `telemetry.DogStatsd[${at}].address`, address, /^[^\s:/]+$/);
  });
  Statsd?.forEach(({ address }, at) => {
    hostFindings(checks, `telemetry.Statsd[${at}].address`, address);
  });
  M3?.forEach(({ address, env }, at) => {
    hostFindings(checks, `telemetry.M3[${at}].address`, address);
    checks.required(`telemetry.M3[${at}].env`, env, "write the environment's name, such as 'production'");
  });
}

/** @param alone what a host looks like that needs no port; @default - every host needs one */
function hostFindings(checks: Checks, property: string, address: unknown, alone?: RegExp): void {
  const remedy = "write host and port, such as 'statsd.example.com:8125'";
  checks.required(property, address, remedy);
  if (!address || isLate(address)) return;
  const [, port] =
    (typeof address === 'string' && /^(?:\[[0-9A-Fa-f:.]+\]|[^\s:/[\]]+):([0-9]{1,5})$/.exec(address)) || [];
  if (port !== undefined && Number(port) >= 1 && Number(port) <= 65535) return;
  if (typeof address === 'string' && alone?.test(address)) return;
  checks.add({
    rule: 'telemetry-address',
    property,
    value: address,
    message: 'is not an address that measurements can be sent to',
    remedy,
  });
}

function isPrefix(checks: Checks, prefix: string | undefined): boolean {
  // An empty one is none.
  if (!prefix || /^[A-Za-z_][A-Za-z0-9_.-]*$/.test(prefix)) return true;
  checks.add({
    rule: 'telemetry-prefix',
    property: 'telemetry.MetricPrefix',
    value: prefix,
    message: 'cannot begin the name of a metric',
    remedy: "write letters, digits, '_', '-' and '.', with a letter in front",
  });
  return false;
}

/** What SPIRE does with the lists is not what their names say: kept names are exceptions of dropped ones. */
function filterFindings(checks: Checks, telemetry: Telemetry, prefix: string): void {
  const { AllowedLabels, AllowedPrefixes, BlockedPrefixes } = telemetry;
  if (AllowedLabels?.length === 0) {
    checks.add({
      rule: 'telemetry-filter',
      property: 'telemetry.AllowedLabels',
      message: 'is empty, and SPIRE would keep every label',
      remedy: 'name the labels that are kept, or leave it out',
    });
  }
  for (const [key, list] of Object.entries({ AllowedPrefixes, BlockedPrefixes })) {
    list?.forEach((beginning, at) => {
      const property = `telemetry.${key}[${at}]`;
      if (!begins(beginning, `${prefix}.`)) {
        checks.add({
          rule: 'telemetry-filter',
          property,
          value: beginning,
          message: `begins no name: all begin with '${prefix}.'`,
          remedy: `write one such as '${prefix}.rpc'`,
        });
      } else if (key === 'AllowedPrefixes' && BlockedPrefixes?.includes(beginning)) {
        const message = 'is in BlockedPrefixes too, which SPIRE follows';
        checks.add({ rule: 'telemetry-filter', property, value: beginning, message, remedy: 'keep one of the two' });
      } else if (key === 'AllowedPrefixes' && !BlockedPrefixes?.some((blocked) => beginning.startsWith(blocked))) {
        checks.add({
          rule: 'no-effect',
          severity: 'warning',
          property,
          value: beginning,
          message: 'has no effect, because nothing in BlockedPrefixes drops these names',
          remedy: `write what is dropped, such as '${prefix}', or leave it out`,
        });
      }
    });
  }
}

const begins = (beginning: string, names: string): boolean =>
  beginning.startsWith(names) || names.startsWith(beginning);
