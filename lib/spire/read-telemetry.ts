import { SpiffeId } from '@spirekit/runtime/id';
import type { IConstruct } from 'constructs';
import type { ContainerPort, Volume, VolumeMount } from 'kubernetes-types/core/v1';
import { isLate, isObject, type Late, OptionReader } from '../core';
import { type NameProblem, subdomainProblem } from '../kube';
import type { MetricsTarget } from '../monitoring';
import type { PrometheusTls, Telemetry } from './config';
import type { SpireLayout } from './layout';
import type { MetricsTls, SpireTelemetry } from './telemetry';

/** What becomes of a program's telemetry. */
export interface TelemetryParts {
  /** The section of its configuration; undefined: nothing is measured. */
  readonly conf: Telemetry | undefined;
  readonly ports: readonly ContainerPort[];
  readonly volumes: readonly Volume[];
  readonly mounts: readonly VolumeMount[];
  /** The properties that SPIRE's keys come from. */
  readonly propertyOf: Readonly<Record<string, string>>;
}

/** Name of the container's port that Prometheus reads from. */
const METRICS_PORT = 'metrics';

const LISTS = {
  allowedPrefixes: 'AllowedPrefixes',
  blockedPrefixes: 'BlockedPrefixes',
  allowedLabels: 'AllowedLabels',
  blockedLabels: 'BlockedLabels',
} as const satisfies Partial<Record<keyof SpireTelemetry, keyof Telemetry>>;
const OPTIONS = [
  'prometheus',
  'dogStatsd',
  'statsd',
  'm3',
  'inMemory',
  'metricPrefix',
  'trustDomainLabel',
  'hostnameLabel',
  ...(Object.keys(LISTS) as (keyof typeof LISTS)[]),
] as const satisfies readonly (keyof SpireTelemetry)[];
const TLS = ['certificate', 'authorizedSpiffeIds', 'clientCa'] as const satisfies readonly (keyof MetricsTls)[];

/**
 * Reads telemetry as it was given to a construct, and reports what has the wrong shape; what SPIRE would make of the values is
 * found in its configuration.
 *
 * @param port TCP port of the listener that Prometheus reads from
 */
export function readTelemetry(place: IConstruct, given: unknown, port: number): TelemetryParts {
  if (given === false) return { conf: undefined, ports: [], volumes: [], mounts: [], propertyOf: {} };
  const reader = new OptionReader(place, 'telemetry', 'telemetry', given ?? {}, OPTIONS);
  const prometheus = reader.raw('prometheus');
  const listens = prometheus !== false;
  const tls =
    listens && prometheus !== undefined ? readTls(reader.part('prometheus', ['tls'])?.part('tls', TLS)) : NO_TLS;
  const dogStatsd = readTexts(reader, 'dogStatsd');
  const statsd = readTexts(reader, 'statsd');
  const m3 = reader
    .parts('m3', ['address', 'env'], { remedy: "write [{ address: 'm3.example.com:9052', env: 'production' }]" })
    ?.flatMap((receiver) => readReceiver(receiver) ?? []);
  const metricPrefix = reader.text('metricPrefix');
  const conf: Telemetry = {
    ...(listens && { Prometheus: { host: '0.0.0.0', port, ...(tls.conf && { tls: tls.conf }) } }),
    ...(dogStatsd && { DogStatsd: dogStatsd.map((address) => ({ address })) }),
    ...(statsd && { Statsd: statsd.map((address) => ({ address })) }),
    ...(m3 && { M3: m3 }),
    ...(reader.flag('inMemory') && { InMem: {} }),
    ...(metricPrefix !== undefined && { MetricPrefix: metricPrefix }),
    EnableTrustDomainLabel: reader.flag('trustDomainLabel') ?? true,
    ...(reader.flag('hostnameLabel') === false && { EnableHostnameLabel: false }),
    ...readLists(reader),
  };
  const ports = listens ? [{ name: METRICS_PORT, containerPort: port }] : [];
  return { conf, ports, volumes: tls.volumes, mounts: tls.mounts, propertyOf: propertiesOf(conf) };
}

/** Where the metrics of a program are read; undefined: it has no listener for it. */
export function metricsTarget(
  layout: SpireLayout,
  { name, metricsPort }: { readonly name: string; readonly metricsPort: number },
  namespace: string,
  { conf }: TelemetryParts,
): MetricsTarget | undefined {
  if (!conf?.Prometheus) return undefined;
  return {
    component: name,
    namespace,
    selector: layout.selector(name),
    labels: layout.labels(name),
    port: METRICS_PORT,
    portNumber: metricsPort,
    setsTrustDomain: conf.EnableTrustDomainLabel === true,
  };
}

/** A list of texts, which may be known late unless they are `plain`. */
function readTexts(reader: OptionReader, name: string, plain?: 'plain'): string[] | undefined {
  return reader.list(name)?.filter((item, at): item is string => {
    if (plain === undefined && isLate(item)) return true;
    return reader.isText(`${name}[${at}]`, item);
  });
}

function readReceiver(reader: OptionReader): NonNullable<Telemetry['M3']>[number] | undefined {
  const address = readRequired(reader, 'address', "write host and port, such as 'm3.example.com:9052'");
  const env = readRequired(reader, 'env', "write the environment's name, such as 'production'");
  return address === undefined || env === undefined ? undefined : { address, env };
}

/** A text that nothing can take the place of, and that may be known late. */
function readRequired(
  reader: OptionReader,
  name: string,
  remedy: string,
  check?: (text: string) => NameProblem,
): Late<string> | undefined {
  if (!reader.has(name)) reader.add(name, { message: 'is missing', remedy });
  return reader.lateText(name, check);
}

function readLists(reader: OptionReader): Partial<Telemetry> {
  const lists = Object.entries(LISTS).map(([name, key]) => [key, readTexts(reader, name, 'plain')] as const);
  return Object.fromEntries(lists.filter(([, list]) => list !== undefined));
}

interface Tls extends Pick<TelemetryParts, 'volumes' | 'mounts'> {
  readonly conf: PrometheusTls | undefined;
}

const NO_TLS: Tls = { conf: undefined, volumes: [], mounts: [] };
const CERTIFICATE: VolumeMount = {
  name: 'metrics-certificate',
  mountPath: '/run/spire/metrics-certificate',
  readOnly: true,
};
const CLIENT_CA: VolumeMount = { name: 'metrics-client-ca', mountPath: '/run/spire/metrics-client-ca', readOnly: true };

function readTls(reader: OptionReader | undefined): Tls {
  if (!reader) return NO_TLS;
  const secretName = readCertificate(reader);
  const ids = readIds(reader);
  const ca = reader.part('clientCa', ['configMap', 'key']);
  const configMap = ca && readRequired(ca, 'configMap', 'write the name of a ConfigMap', subdomainProblem);
  const key = ca?.text('key', keyProblem) ?? 'ca.crt';
  return {
    conf: {
      ...(secretName === undefined
        ? { use_spire_svid: true }
        : { cert_file: `${CERTIFICATE.mountPath}/tls.crt`, key_file: `${CERTIFICATE.mountPath}/tls.key` }),
      ...(ca && { client_ca_file: `${CLIENT_CA.mountPath}/${key}` }),
      ...(ids && { authorized_spiffe_ids: ids }),
    },
    volumes: [
      // Names may be known late; Kubernetes' types know nothing of that.
      ...(secretName === undefined ? [] : [{ name: CERTIFICATE.name, secret: { secretName: secretName as string } }]),
      ...(configMap === undefined ? [] : [{ name: CLIENT_CA.name, configMap: { name: configMap as string } }]),
    ],
    mounts: [...(secretName === undefined ? [] : [CERTIFICATE]), ...(configMap === undefined ? [] : [CLIENT_CA])],
  };
}

function readIds(reader: OptionReader): Late<string>[] | undefined {
  const name = 'authorizedSpiffeIds';
  const rule = { remedy: 'name who may read, or leave it out', empty: 'is empty, and SPIRE would let everyone read' };
  return reader.list(name, rule)?.flatMap((id, at): Late<string>[] => {
    if (SpiffeId.is(id)) return [id.toString()];
    return isLate(id) || reader.isText(`${name}[${at}]`, id) ? [id as Late<string>] : [];
  });
}

/** Name of the Secret, or what stands in for it when it is wrong; undefined: SPIRE's own SVID. */
function readCertificate(reader: OptionReader): Late<string> | undefined {
  const given = reader.raw('certificate');
  if (given === 'svid') return undefined;
  const remedy = "write 'svid', or { secretName: 'spire-metrics-tls' }";
  if (isObject(given)) {
    const secret = reader.part('certificate', ['secretName']);
    const ask = 'write the name of a Secret of type kubernetes.io/tls';
    return (secret && readRequired(secret, 'secretName', ask, subdomainProblem)) ?? UNUSABLE;
  }
  // What is known late is given, and was reported when it was read.
  if (!reader.has('certificate')) reader.add('certificate', { message: 'is missing', remedy });
  else if (given !== undefined) reader.add('certificate', { message: 'is not a certificate', remedy }, given);
  return UNUSABLE;
}

/** Nothing is written then. */
const UNUSABLE = 'invalid';

function keyProblem(key: string): { message: string; remedy: string } | undefined {
  if (/^[-._A-Za-z0-9]{1,253}$/.test(key) && key !== '.' && key !== '..') return undefined;
  return { message: 'is not a key of a ConfigMap', remedy: "write letters, digits, '.', '-' and '_'" };
}

/** The options that the keys come from, such as `telemetry.statsd[0]` of `telemetry.Statsd[0].address`. */
function propertiesOf({ DogStatsd, Statsd, M3, Prometheus, ...rest }: Telemetry): Record<string, string> {
  const of: [string, string][] = [['MetricPrefix', 'metricPrefix']];
  DogStatsd?.forEach((_, at) => {
    of.push([`DogStatsd[${at}].address`, `dogStatsd[${at}]`]);
  });
  Statsd?.forEach((_, at) => {
    of.push([`Statsd[${at}].address`, `statsd[${at}]`]);
  });
  M3?.forEach((_, at) => {
    of.push([`M3[${at}].address`, `m3[${at}].address`], [`M3[${at}].env`, `m3[${at}].env`]);
  });
  for (const [name, key] of Object.entries(LISTS)) {
    of.push([key, name]);
    rest[key]?.forEach((_, at) => {
      of.push([`${key}[${at}]`, `${name}[${at}]`]);
    });
  }
  const tls = 'Prometheus.tls';
  of.push([tls, 'prometheus.tls'], [`${tls}.client_ca_file`, 'prometheus.tls.clientCa']);
  Prometheus?.tls?.authorized_spiffe_ids?.forEach((_, at) => {
    of.push([`${tls}.authorized_spiffe_ids[${at}]`, `prometheus.tls.authorizedSpiffeIds[${at}]`]);
  });
  return Object.fromEntries(of.map(([key, name]) => [`telemetry.${key}`, `telemetry.${name}`]));
}
