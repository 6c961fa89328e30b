import type { IConstruct } from 'constructs';
import { Duration, type DurationLike, type Kind, type Late } from '../core';
import { Fields } from './fields';
import type { ZtwimLayout } from './layout';

/** Kinds of keys that the server signs with. */
export const KEY_TYPES = ['rsa-2048', 'rsa-4096', 'ec-p256', 'ec-p384'] as const;

/** A kind of key that the server signs with. */
export type ZtwimKeyType = (typeof KEY_TYPES)[number];

/** Subject of the server's CA certificates. */
export interface ZtwimCaSubject {
  /** Two capital letters, as in ISO 3166. @default 'US' */
  readonly country?: Late<string>;
  /** At most 64 characters. @default 'SPIFFE' */
  readonly organization?: Late<string>;
  /** At most 255 characters; since ZTWIM 1.1 only letters, digits, spaces, '.', '_' and '-'. @default 'SPIRE Server CA' */
  readonly commonName?: Late<string>;
}

/** How the server signs, and for how long. */
export interface ZtwimCaProps {
  /** Lifetime of CA certificates. @default '24h' */
  readonly caValidity?: DurationLike;
  /** Lifetime of X509-SVIDs for which nothing else is said. @default '1h' */
  readonly defaultX509Validity?: DurationLike;
  /** Lifetime of JWT-SVIDs for which nothing else is said. @default '5m' */
  readonly defaultJwtValidity?: DurationLike;
  /**
   * Keys of CA certificates. Elliptic curves halve the size of bundles, which agents fetch every five seconds; the
   * operator's own default is `rsa-2048`.
   *
   * @default 'ec-p256'
   */
  readonly caKeyType?: ZtwimKeyType;
  /** Keys that sign JWT-SVIDs: `rsa-2048` for verifiers that know RS256 only. @default - as the CA's */
  readonly jwtKeyType?: ZtwimKeyType;
  /** Subject of CA certificates. All three parts are written: the operator would name what is left out as empty text. */
  readonly caSubject?: ZtwimCaSubject;
}

/** What the properties of `ZtwimCaProps` must hold. */
export const CA = {
  caValidity: 'any',
  defaultX509Validity: 'any',
  defaultJwtValidity: 'any',
  caKeyType: KEY_TYPES,
  jwtKeyType: KEY_TYPES,
  caSubject: 'any',
} as const satisfies Record<keyof ZtwimCaProps, Kind>;

/** How the server signs, as its resource holds it. */
export interface CaSettings {
  readonly caValidity: Duration;
  readonly defaultX509Validity: Duration;
  readonly caKeyType: ZtwimKeyType;
  readonly fields: object;
}

/** SPIRE renews its CA when this much of its life is left at most, so that no SVID can be promised a longer life. */
const MOST_SVID = Duration.hours(7 * 24);

/**
 * Reads how the server signs, and reports what is wrong with it.
 *
 * @see https://github.com/openshift/zero-trust-workload-identity-manager/blob/main/pkg/controller/spire-server/validation.go
 */
export function readCa(scope: IConstruct, props: ZtwimCaProps, layout: ZtwimLayout): CaSettings {
  const fields = Fields.of(scope, 'svid-ttl', '', props, Object.keys(props));
  const { caKeyType = 'ec-p256', jwtKeyType } = props;
  const caValidity = fields.duration('caValidity', '24h');
  const x509 = fields.duration('defaultX509Validity', '1h');
  const jwt = fields.duration('defaultJwtValidity', '5m');
  checkLifetime(fields, 'defaultX509Validity', x509, caValidity);
  checkLifetime(fields, 'defaultJwtValidity', jwt, caValidity);
  return {
    caValidity,
    defaultX509Validity: x509,
    caKeyType,
    fields: {
      caValidity: caValidity.toString(),
      defaultX509Validity: x509.toString(),
      defaultJWTValidity: jwt.toString(),
      caKeyType,
      ...(jwtKeyType !== undefined && { jwtKeyType }),
      caSubject: subjectOf(scope, props.caSubject, layout),
    },
  };
}

/** The operator refuses what outlives the CA, and warns of what SPIRE cannot always promise. */
function checkLifetime(fields: Fields, name: string, lifetime: Duration, ca: Duration): void {
  const sixth = Duration.parse(`${ca.nanoseconds / 6n}ns`);
  const most = sixth.compare(MOST_SVID) < 0 ? sixth : MOST_SVID;
  if (lifetime.compare(most) <= 0) return;
  const subject = fields.raw(name) === undefined ? `is left at ${lifetime}, which is` : 'is';
  const value = fields.raw(name) === undefined ? undefined : lifetime.toString();
  const raise = Duration.parse(`${lifetime.nanoseconds * 6n}ns`);
  const remedy =
    lifetime.compare(MOST_SVID) > 0
      ? `write ${most} or less; SPIRE promises no more than ${MOST_SVID}`
      : `write ${most} or less, or a caValidity of ${raise} or more`;
  if (lifetime.compare(ca) > 0) {
    fields.add(
      name,
      { message: `${subject} longer than caValidity (${ca}), which the operator refuses`, remedy },
      value,
    );
  } else {
    const message = `${subject} longer than SPIRE can promise with a caValidity of ${ca}, so that some SVIDs would end earlier`;
    fields.add(name, { message, remedy }, value, 'warning');
  }
}

function subjectOf(scope: IConstruct, subject: unknown, layout: ZtwimLayout): object {
  const fields = Fields.of(scope, 'ca-subject', 'caSubject', subject, ['country', 'organization', 'commonName']);
  const { commonName } = layout.facts;
  const lengthOf = (most: number) => (text: string) =>
    text.length >= 1 && text.length <= most
      ? undefined
      : { message: `has ${text.length} characters`, remedy: `write 1 to ${most}` };
  return {
    country: fields.text('country', {
      check: (text) =>
        /^[A-Z]{2}$/.test(text)
          ? undefined
          : { message: 'is not the code of a country', remedy: "write two capital letters, such as 'US'" },
      fallback: 'US',
    }),
    organization: fields.text('organization', { check: lengthOf(64), fallback: 'SPIFFE' }),
    commonName: fields.text('commonName', {
      check: (text) => {
        const problem = lengthOf(255)(text);
        if (problem || !commonName || commonName.test(text)) return problem;
        const message = `has characters that ZTWIM ${layout.version} does not accept`;
        return { message, remedy: "write letters, digits, spaces, '.', '_' and '-' only" };
      },
      fallback: 'SPIRE Server CA',
    }),
  };
}
