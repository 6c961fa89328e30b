import { countOf, moment, oneLine, timeText } from '../../core';
import type { AuthorityList, BundleView, JwtView, X509View } from '../../federation';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How far a moment is away, as a person says it: `in 3 days`, `2 hours ago`. */
export function distanceText(time: Date, now: Date): string {
  const seconds = Math.trunc((time.getTime() - now.getTime()) / 1000);
  const far = Math.abs(seconds);
  const words =
    far >= 2 * DAY
      ? countOf(Math.floor(far / DAY), 'day')
      : far >= 2 * HOUR
        ? countOf(Math.floor(far / HOUR), 'hour')
        : countOf(Math.floor(far / MINUTE), 'minute');
  return seconds >= 0 ? `in ${words}` : `${words} ago`;
}

/** Until when an authority is valid, and whether it is now. */
export function validityText({ notBefore, notAfter }: X509View, now: Date): string {
  if (notAfter <= now) return `ended ${moment(notAfter.getTime())} (${distanceText(notAfter, now)})`;
  if (notBefore > now) return `not valid before ${moment(notBefore.getTime())} (${distanceText(notBefore, now)})`;
  return `valid until ${moment(notAfter.getTime())} (${distanceText(notAfter, now)})`;
}

/** An X.509 authority in one line. */
export const x509Line = (view: X509View, now: Date): string =>
  oneLine(`X.509 ${view.fingerprint.slice(0, 16)}… ${view.keyType}, ${validityText(view, now)}`);

/** A key for JWT-SVIDs in one line. */
export const jwtLine = ({ keyId, keyType }: JwtView): string => oneLine(`JWT ${keyId} ${keyType}`);

/** Authorities that came or went. */
export const authorityLines = (sign: string, { x509, jwt }: AuthorityList, now: Date): string[] =>
  [...x509.map((each) => x509Line(each, now)), ...jwt.map(jwtLine)].map((line) => `${sign} ${line}`);

/** All of a bundle, to read. */
export function bundleLines({ x509, jwt, digest, sequence, refreshHint, ignored }: BundleView, now: Date): string[] {
  const lines = [
    `digest of its keys  ${digest}`,
    `sequence number     ${sequence ?? 'none'}`,
    `refresh hint        ${refreshHint === undefined ? 'none: after a failed fetch SPIRE tries again late' : timeText(refreshHint * 1000)}`,
  ];
  for (const view of x509) {
    lines.push(
      '',
      `X.509 authority ${view.fingerprint}`,
      ...(view.subject === '' ? [] : [`  subject    ${view.subject}`]),
      ...view.uris.map((uri) => `  URI        ${uri}`),
      `  key        ${view.keyType}`,
      `  from       ${moment(view.notBefore.getTime())}`,
      `  ${validityText(view, now)
        .replace(/^valid until/, 'until     ')
        .replace(/^ended/, 'ended     ')}`,
    );
  }
  for (const { keyId, keyType, fingerprint } of jwt) {
    lines.push('', `JWT key ${keyId}`, `  key        ${keyType}, SHA-256 ${fingerprint}`);
  }
  for (const { index, reason } of ignored) lines.push('', `keys[${index}] is not used: it ${reason}`);
  return lines.map(oneLine);
}

/** How much is in a bundle, in words. */
export const countText = ({ x509, jwt }: AuthorityList): string =>
  `${countOf(x509.length, 'X.509 authority', 'X.509 authorities')}, ${countOf(jwt.length, 'JWT key')}`;
