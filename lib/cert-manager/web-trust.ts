import { certificatesPem, type FindingInput, readCertificates, rootFindings } from '../core';

/**
 * Who believes the certificates of an issuer:
 *
 * - `public`: every system, by the roots that it comes with
 * - `staging`: nobody; a public CA issues them for tests
 * - `private`: those who were given the roots
 */
export type WebTrust =
  | {
      readonly type: 'private';
      /** Root certificates in PEM, one or several. */
      readonly roots: string;
    }
  | {
      readonly type: 'public' | 'staging';
      /** @default - none: there is nobody to give roots to */
      readonly roots?: undefined;
    };

/** The kinds of trust. */
export const WebTrust = {
  /** Every system believes the certificates. */
  public(): WebTrust {
    return { type: 'public' };
  },

  /** Nobody believes the certificates: they are for tests of how they are issued. */
  staging(): WebTrust {
    return { type: 'staging' };
  },

  /**
   * Those who are given the roots believe the certificates.
   *
   * @param roots root certificates in PEM, one or several; indentation and text between them are left out
   */
  private(roots: string): WebTrust {
    const reading = readCertificates(roots);
    return { type: 'private', roots: 'certificates' in reading ? certificatesPem(reading.certificates) : roots };
  },
} as const;

/**
 * What is wrong with a statement of trust. The roots are never shown.
 *
 * @param property the property that holds it
 */
export function webTrustFindings(property: string, trust: unknown): FindingInput[] {
  const rule = 'web-trust';
  const { type, roots } = (trust ?? {}) as { type?: unknown; roots?: unknown };
  if (type === 'private') return rootFindings(`${property}.roots`, roots, rule);
  if (type !== 'public' && type !== 'staging') {
    return [
      {
        rule,
        property,
        message: 'does not say who believes the certificates',
        remedy: 'write WebTrust.public(), WebTrust.staging() or WebTrust.private(roots)',
      },
    ];
  }
  if (roots === undefined) return [];
  return [
    {
      rule,
      property: `${property}.roots`,
      message: `is given, but trust of type '${type}' has none`,
      remedy: 'write WebTrust.private(roots), or remove it',
    },
  ];
}
