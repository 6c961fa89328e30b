import type { Certificate } from '@spirekit/runtime/bundle';
import { byText } from '../../core';
import { certificatesIn, fingerprintOf } from '../certificate-text';
import type { LockedBundle, LockedKey, LockedRoot } from './lock-document';

/** What a bundle says, without its keys themselves. The same of all texts with one digest: order and hint are not in it. */
export function lockedBundle(text: string, trustDomains: Iterable<string>): LockedBundle {
  const keys = keysIn(text).map(lockedKey);
  const ends = keys.flatMap(({ notAfter }) => notAfter ?? []);
  return {
    trustDomains: [...new Set(trustDomains)].sort(byText),
    // In ISO 8601 the earliest is the first of them as texts.
    ...(ends.length > 0 && { notAfter: ends.sort(byText)[0] }),
    keys: keys.sort((a, b) => byText(JSON.stringify(a), JSON.stringify(b))),
  };
}

/** Root certificates of a text; none when it cannot be read. */
export function lockedRoots(pem: string): LockedRoot[] {
  const reading = certificatesIn(pem);
  const certificates = 'certificates' in reading ? reading.certificates : [];
  const roots = new Map(certificates.map((certificate) => [fingerprintOf(certificate), lockedRoot(certificate)]));
  return [...roots.values()].sort((a, b) => byText(a.fingerprint, b.fingerprint));
}

const lockedRoot = (certificate: Certificate): LockedRoot => ({
  subject: (certificate.x509.subject ?? '').replace(/\n/g, ', '),
  fingerprint: fingerprintOf(certificate),
  notAfter: moment(certificate.notAfter),
});

interface Key {
  readonly use?: unknown;
  readonly kid?: unknown;
  readonly x5c?: unknown;
}

function keysIn(text: string): readonly Key[] {
  try {
    const { keys } = JSON.parse(text) as { keys?: unknown };
    return Array.isArray(keys) ? keys.map((key: Key | null) => key ?? {}) : [];
  } catch {
    return [];
  }
}

function lockedKey({ use, kid, x5c }: Key): LockedKey {
  const [first] = Array.isArray(x5c) ? (x5c as unknown[]) : [];
  const certificate = typeof first === 'string' ? certificateOf(first) : undefined;
  return {
    ...(typeof use === 'string' && { use }),
    ...(certificate && { fingerprint: fingerprintOf(certificate) }),
    ...(typeof kid === 'string' && { kid }),
    ...(certificate && { notAfter: moment(certificate.notAfter) }),
  };
}

function certificateOf(base64: string): Certificate | undefined {
  const reading = certificatesIn(`-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----`);
  return 'certificates' in reading ? reading.certificates[0] : undefined;
}

const moment = (time: number): string => new Date(time).toISOString().replace('.000Z', 'Z');
