import type { JwtBundleSource } from '../../src/bundle';
import { TrustDomain } from '../../src/id';
import { JwtError, type ValidateJwtSvidOptions, validateJwtSvid } from '../../src/jwt';
import { TestAuthority } from '../../src/testing/test-authority';
import { failureWith } from '../failure';

/** When all tests take place: a whole second. */
export const NOW = Date.parse('2026-11-24T00:00:00Z');

/** The same as tokens write it. */
export const SECONDS = NOW / 1000;

export const td = TrustDomain.parse('td');
export const other = TrustDomain.parse('other');

/** Two trust domains that have nothing to do with each other. */
export const authority = new TestAuthority(td, { now: NOW });
export const otherAuthority = new TestAuthority(other, { now: NOW });

/** What tokens are held to, unless a test says otherwise: `TestAuthority` issues them for this audience. */
export const OPTIONS: ValidateJwtSvidOptions = { audience: 'test', now: NOW };

/** The subject of a token that is valid for a verifier who believes `td` only. */
export function accept(
  token: string,
  options: Partial<ValidateJwtSvidOptions> = {},
  bundles: JwtBundleSource = authority.jwtBundle(),
) {
  return validateJwtSvid(token, bundles, { ...OPTIONS, ...options });
}

/** The error of a token that is refused by a verifier who believes `td` only. */
export function refuse(
  token: string,
  options: Partial<ValidateJwtSvidOptions> = {},
  bundles: JwtBundleSource = authority.jwtBundle(),
) {
  return failure(() => accept(token, options, bundles));
}

/** The JwtError of a call that has to fail. */
export const failure = failureWith(JwtError);
