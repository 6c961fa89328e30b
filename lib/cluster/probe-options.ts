import { SpiffeId, TrustDomain } from '@spirekit/runtime/id';
import type { IConstruct } from 'constructs';
import { Duration, type DurationLike, isLate, isObject, OptionReader, timeText } from '../core';
import { type TrustDomainLike, trustDomainName } from '../registration';
import { type PeerLike, trustDomainOf } from './peer';
import type { ProgramOptions } from './program-arguments';

/** A server that a probe connects to. */
export interface ProbeDial {
  /** Host and port, such as `db.shop.svc:5432`. */
  readonly address: string;
  /** The SPIFFE ID that the server has to have. */
  readonly expect: string | SpiffeId;
}

/**
 * What the probe of `@spirekit/runtime` looks at, in a process of its own beside the container's: always that the Workload API
 * gives an identity, and that it has not expired.
 */
export interface ProbeOptions {
  /** Name of the container that gets the probe. Its image must hold the probe. @default - the first */
  readonly container?: string;
  /** How long the X509-SVID has to be valid still. @default '0s' */
  readonly minRemaining?: DurationLike;
  /** Peers whose bundles have to be there. The identity has to name each in `federatesWith`. @default - none */
  readonly bundles?: readonly PeerLike[];
  /** A server to connect to by mutual TLS, such as the container's own. @default - none */
  readonly dial?: ProbeDial;
  /** Audience of a JWT-SVID to be fetched and validated. @default - none is fetched */
  readonly audience?: string;
  /** Of several identities, the one with this hint. @default - the hint of the identity; without one the first */
  readonly hint?: string;
  /** How long all of it may take. @default '3s' */
  readonly timeout?: DurationLike;
  /** How often it is done, in whole seconds. @default - 10s for readiness and startup, 60s for liveness; never below the time that it may take */
  readonly period?: DurationLike;
}

/** Probes by what depends on them. */
export interface ProbesByKind {
  /** Whether the pod gets traffic. @default - none */
  readonly readiness?: ProbeOptions;
  /** Whether the container has started: the others wait for it, for 5 minutes. @default - none */
  readonly startup?: ProbeOptions;
  /**
   * Whether the container goes on. It asks the Workload API too, so that the container restarts when the agent is away for
   * more than ten times the period: only for programs that a restart mends, and with `dial` at their own server.
   *
   * @default - none
   */
  readonly liveness?: ProbeOptions;
}

/** One probe, read. */
export interface Probe {
  readonly field: 'readinessProbe' | 'startupProbe' | 'livenessProbe';
  /** The option that it comes from. */
  readonly at: string;
  /** @default - the first */
  readonly container?: string;
  readonly options: ProgramOptions;
  readonly timeoutSeconds: number;
  readonly periodSeconds: number;
  readonly failureThreshold: number;
}

/** What is known of the identity that a probe looks at. */
export interface ProbedIdentity {
  /** Name of its trust domain. */
  readonly trustDomain: string;
  /** Peers whose bundles it gets. */
  readonly federatesWith?: readonly PeerLike[];
  readonly hint?: string;
  /** Lifetime of its X509-SVIDs. @default - not known */
  readonly ttl?: DurationLike;
}

const OPTIONS = [
  'container',
  'minRemaining',
  'bundles',
  'dial',
  'audience',
  'hint',
  'timeout',
  'period',
] as const satisfies readonly (keyof ProbeOptions)[];

const KINDS = {
  readiness: { field: 'readinessProbe', period: 10, failures: 3 },
  startup: { field: 'startupProbe', period: 10, failures: 30 },
  liveness: { field: 'livenessProbe', period: 60, failures: 10 },
} as const satisfies Record<keyof ProbesByKind, { field: Probe['field']; period: number; failures: number }>;
type ProbeKind = keyof typeof KINDS;

const RULE = 'identity-probe';
const TIMEOUT_MS = 3_000;
/** What kubelet allows beyond the probe's own time: Node starts in 0.15 s, and slower where processors are short. */
const MARGIN_SECONDS = 2;
const HOUR = { milliseconds: 3_600_000, message: 'is longer than an hour' };

/** Reads the probes of a workload; what is wrong is reported. */
export function readProbes(place: IConstruct, given: unknown, identity: ProbedIdentity): Probe[] {
  const kinds = isObject(given) ? Object.keys(given as object).filter((name) => Object.hasOwn(KINDS, name)) : [];
  if (kinds.length === 0) return [readProbe(place, 'readiness', 'probe', given, identity)];
  const reader = new OptionReader(place, RULE, 'probe', given, Object.keys(KINDS));
  return (Object.keys(KINDS) as ProbeKind[]).flatMap((kind) => {
    const part = reader.raw(kind);
    return part === undefined ? [] : [readProbe(place, kind, `probe.${kind}`, part, identity)];
  });
}

function readProbe(place: IConstruct, kind: ProbeKind, at: string, part: unknown, identity: ProbedIdentity): Probe {
  const reader = new OptionReader(place, RULE, at, part, OPTIONS);
  const { field, period, failures } = KINDS[kind];
  const container = reader.text('container');
  const minRemaining = reader.time('minRemaining');
  remainingFindings(reader, minRemaining, identity.ttl);
  const timeout = reader.time('timeout', { least: 1, most: HOUR });
  const timeoutSeconds = Math.ceil((timeout ?? TIMEOUT_MS) / 1000) + MARGIN_SECONDS;
  const periodMs = reader.time('period', { least: 1000, unit: 'seconds', most: HOUR });
  const given = reader.raw('dial');
  const dial = given === undefined ? {} : readDial(reader, given, identity);
  if (kind === 'liveness' && given === undefined) {
    const message =
      "asks the agent alone, and a restart of the container does not mend what is wrong with the agent's answer";
    reader.add(
      '',
      { message, remedy: "add dial with the container's own server, or write readiness" },
      undefined,
      'warning',
    );
  }
  return {
    field,
    at,
    ...(container !== undefined && { container }),
    options: {
      timeout: timeout === undefined ? undefined : timeText(timeout),
      minRemaining: minRemaining === undefined ? undefined : timeText(minRemaining),
      bundle: readBundles(reader, identity),
      ...dial,
      audience: reader.text('audience'),
      hint: reader.text('hint') ?? identity.hint,
    },
    timeoutSeconds,
    periodSeconds: periodMs === undefined ? Math.max(period, timeoutSeconds) : periodMs / 1000,
    failureThreshold: failures,
  };
}

/** From this lifetime on, in milliseconds, an agent can be told to renew SVIDs earlier (`availability_target`). */
const LONG_LIFE = 36 * 3_600_000;

/**
 * An agent gets a new SVID when half of the old one's life is over: for more than that, none is valid at every moment.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/pkg/common/rotationutil/rotationutil.go
 */
function remainingFindings(
  reader: OptionReader,
  minRemaining: number | undefined,
  ttl: DurationLike | undefined,
): void {
  const lifetime = ttl === undefined || isLate(ttl) ? undefined : Duration.tryParse(ttl);
  if (minRemaining === undefined || lifetime === undefined || typeof lifetime === 'string') return;
  const life = lifetime.toSeconds() * 1000;
  if (life >= LONG_LIFE || minRemaining <= life / 2) return;
  const message = `is longer than half of the ttl, ${lifetime}, after which an SVID is renewed, so that pods would not stay ready`;
  reader.add('minRemaining', { message, remedy: 'write a shorter time, or a longer ttl' }, timeText(minRemaining));
}

function readBundles(reader: OptionReader, identity: ProbedIdentity): string[] {
  const given = reader.raw('bundles');
  if (given === undefined) return [];
  if (!Array.isArray(given)) {
    reader.add('bundles', { message: 'is not a list of peers', remedy: "write ['partner.example']" }, given);
    return [];
  }
  return given.flatMap((peer: unknown, index) => {
    const at = `bundles[${index}]`;
    const name = nameOf(trustDomainOf(peer as PeerLike));
    if (name === undefined || !TrustDomain.tryParse(name).ok) {
      const remedy = "write a name such as 'partner.example', or pass the cluster";
      reader.add(at, { message: 'is not a peer', remedy }, typeof peer === 'object' ? undefined : peer);
      return [];
    }
    if (!isKnown(name, identity)) reader.add(at, strangerProblem('is a trust domain'), name);
    return [name];
  });
}

function readDial(reader: OptionReader, given: unknown, identity: ProbedIdentity): { dial?: string; expect?: string } {
  const remedy = "write { address: 'db.shop.svc:5432', expect: 'spiffe://…' }";
  if (!isObject(given)) {
    reader.add('dial', { message: 'is not an object', remedy }, given);
    return {};
  }
  const { address, expect, ...others } = given as Record<string, unknown>;
  for (const name of Object.keys(others)) {
    reader.add(`dial.${name}`, { message: 'is not a property', remedy: 'write one of address, expect' });
  }
  for (const [name, value] of Object.entries({ address, expect })) {
    if (value === undefined || value === null) {
      reader.add(`dial.${name}`, { message: 'is missing', remedy });
      return {};
    }
    if (isLate(value)) {
      reader.add(`dial.${name}`, {
        message: 'is known only at deployment (a Pulumi Output)',
        remedy: 'write plain text',
      });
      return {};
    }
  }
  const id = SpiffeId.is(expect) ? expect : undefined;
  const parsed = id ? undefined : SpiffeId.tryParse(expect as string);
  const known = id ?? (parsed?.ok ? parsed.value : undefined);
  if (!known) {
    const example = `write one such as 'spiffe://${identity.trustDomain}/ns/shop/sa/payments'`;
    reader.add('dial.expect', { message: 'is not a SPIFFE ID', remedy: example }, expect);
  } else if (!isKnown(known.trustDomain.name, identity)) {
    reader.add('dial.expect', strangerProblem('is of a trust domain'), known.toString());
  }
  if (!reader.isText('dial.address', address, addressProblem) || !known) return {};
  return { dial: address, expect: known.toString() };
}

const strangerProblem = (what: string) => ({
  message: `${what} that the identity gets no bundle of, so that the probe could never succeed`,
  remedy: 'add it to federatesWith',
});

/** As the probe reads it: IPv6 addresses in brackets. */
function addressProblem(address: string): { message: string; remedy: string } | undefined {
  const [, port] = /^(?:\[[0-9A-Fa-f:.]+\]|[^:/@[\]\s]+):([0-9]{1,5})$/.exec(address) ?? [];
  if (port !== undefined && Number(port) > 0 && Number(port) <= 65_535) return undefined;
  return { message: 'is not an address', remedy: "write host and port, such as 'db.shop.svc:5432'" };
}

function nameOf(trustDomain: TrustDomainLike): string | undefined {
  return TrustDomain.is(trustDomain) ? trustDomain.name : trustDomainName(trustDomain);
}

/** Whether the identity gets the bundle of a trust domain. Where that cannot be known, it is assumed. */
function isKnown(name: string, { trustDomain, federatesWith = [] }: ProbedIdentity): boolean {
  if (name === trustDomain || !Array.isArray(federatesWith)) return true;
  return federatesWith.map((peer) => nameOf(trustDomainOf(peer))).some((peer) => peer === undefined || peer === name);
}
