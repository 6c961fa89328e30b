import type { SpiffeBundle } from '@spirekit/runtime/bundle';
import { type JwtView, jwtView, type X509View, x509View } from './bundle-view';

/** Authorities of one of two bundles alone. */
export interface AuthorityList {
  readonly x509: readonly X509View[];
  readonly jwt: readonly JwtView[];
}

/** What one bundle has that another has not. */
export interface BundleDifference {
  readonly added: AuthorityList;
  readonly removed: AuthorityList;
  /** Whether both have an X.509 authority in common, so that who verifies an endpoint by one of them can follow to the other. */
  readonly isContinuous: boolean;
}

/** What has become of a bundle. */
export function bundleDifference(was: SpiffeBundle, is: SpiffeBundle): BundleDifference {
  const [before, after] = [keyed(was), keyed(is)];
  const added = { x509: beyond(before.x509, after.x509), jwt: beyond(before.jwt, after.jwt) };
  const removed = { x509: beyond(after.x509, before.x509), jwt: beyond(after.jwt, before.jwt) };
  return { added, removed, isContinuous: after.x509.size > added.x509.length };
}

const keyed = ({ x509, jwt }: SpiffeBundle): Keyed => ({
  x509: new Map(x509.authorities.map((each) => [each.fingerprint, x509View(each)])),
  jwt: new Map(jwt.authorities.map(jwtView).map((each) => [`${each.keyId} ${each.fingerprint}`, each])),
});

interface Keyed {
  readonly x509: ReadonlyMap<string, X509View>;
  readonly jwt: ReadonlyMap<string, JwtView>;
}

const beyond = <T>(known: ReadonlyMap<string, T>, all: ReadonlyMap<string, T>): T[] =>
  [...all].flatMap(([key, each]) => (known.has(key) ? [] : [each]));
