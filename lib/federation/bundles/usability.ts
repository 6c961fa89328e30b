import { type SpiffeBundle, X509Bundle } from '@spirekit/runtime/bundle';
import { moment } from '../../core';
import type { BundleProblem } from '../bundle-content';
import { remaining, span } from '../rules/wording';
import { uriDomains } from './read-bundle';

/** What a bundle is held to. */
export interface UsabilityOptions {
  readonly now: Date;
  /** How long it must stay usable, in seconds. */
  readonly shelfLife: number;
  /** Whether a newer one is fetched without it, by `https_web`: then its end does little harm. @default false */
  readonly replaceable?: boolean;
}

/** What is wrong with a bundle to begin with, as far as the bundle itself shows it: whom it is of, and how long it lasts. */
export function bundleProblems(
  { trustDomain, x509, refreshHint, ignored }: SpiffeBundle,
  { now, shelfLife, replaceable = false }: UsabilityOptions,
): BundleProblem[] {
  const { name } = trustDomain;
  const remedy = `fetch it anew by 'spirekit bundle fetch ${name}'`;
  const problems: BundleProblem[] = ignored.map(({ index, reason }) => {
    const [what = '', ...more] = reason.split('; ');
    return {
      at: `.keys[${index}]`,
      severity: 'warning',
      message: `${what}, and is not used`,
      remedy: more.join('; ') || 'nothing is to be done: whoever fetches the bundle passes over it, too',
    };
  });
  if (x509.isEmpty) {
    const message = `has no X.509 authority, so that nobody of '${name}' would be believed`;
    return [
      ...problems,
      { at: '', message, remedy: "ask those who run it: 'spire-server bundle show -format spiffe'" },
    ];
  }
  for (const other of uriDomains(x509.authorities)) {
    if (other === name) continue;
    const message = `holds the CA of 'spiffe://${other}', not of '${name}'`;
    problems.push({ at: '', message, remedy: `give the bundle of '${name}'` });
  }
  const timely = replaceable ? { severity: 'warning' as const } : {};
  const late = x509.authorities.find(({ notBefore }) => notBefore > now.getTime());
  if (late) {
    const message = `has a certificate that is not valid before ${moment(late.notBefore)}`;
    problems.push({ at: '', ...timely, message, remedy: 'wait until then, or correct the clock' });
  }
  const end = Math.min(...x509.authorities.map(({ notAfter }) => notAfter));
  const left = (end - now.getTime()) / 1000;
  if (left <= 0) {
    problems.push({ at: '', ...timely, message: `has a certificate that has ended at ${moment(end)}`, remedy });
  } else if (left < shelfLife) {
    const message = `has a certificate that ends in ${remaining(left)}, but must stay usable for ${span(shelfLife)}`;
    problems.push({
      at: '',
      ...timely,
      message,
      remedy: `${remedy} before that, or give '${name}' longer-lived roots`,
    });
  }
  if (refreshHint === undefined) {
    problems.push({
      at: '',
      severity: 'warning',
      message: 'has no spiffe_refresh_hint, so that after a failed fetch SPIRE tries again late',
      remedy: `ask those who run '${name}' to set one, such as 300`,
    });
  }
  return problems;
}

/**
 * A bundle without the X.509 authorities that have ended, which a server publishes for a day longer: nobody can be verified by
 * them, and a bundle with one of them could not be written into a program.
 */
export function withoutEnded(bundle: SpiffeBundle, now: Date): { readonly x509: X509Bundle; readonly ended: number } {
  const { authorities } = bundle.x509;
  const valid = authorities.filter(({ notAfter }) => notAfter > now.getTime());
  return { x509: X509Bundle.of(bundle.trustDomain, valid), ended: authorities.length - valid.length };
}
