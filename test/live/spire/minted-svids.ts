import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SpiffeBundle } from '@spirekit/runtime/bundle';
import { TrustDomain } from '@spirekit/runtime/id';
import { verifyX509Svid } from '@spirekit/runtime/svid';
import { opensslVerify } from '../support/openssl-verify';
import type { SpireRig } from '../support/spire-rig';

/** An X509-SVID from a server's own command line. */
export interface MintedSvid {
  readonly id: string;
  /** Leaf first, DER. */
  readonly chain: readonly Buffer[];
  /** Chain and key, PEM. */
  readonly cert: string;
  readonly key: string;
}

/** Has a server sign an X509-SVID by the CA that it signs with now. */
export function mint(rig: SpireRig, id: string): MintedSvid {
  const folder = mkdtempSync(rig.path('mint-'));
  rig.server('x509', 'mint', '-spiffeID', id, '-write', folder);
  const [cert, key] = ['svid.pem', 'key.pem'].map((name) => readFileSync(join(folder, name), 'utf8')) as [
    string,
    string,
  ];
  const pems = cert.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g) ?? [];
  return { id, chain: pems.map((pem) => new X509Certificate(pem).raw), cert, key };
}

/** The bundle that a server has of a trust domain, as a SPIFFE bundle document. */
export function bundleAt(rig: SpireRig, trustDomain = rig.trustDomain): string {
  const which =
    trustDomain === rig.trustDomain ? ['bundle', 'show'] : ['bundle', 'list', '-id', `spiffe://${trustDomain}`];
  return rig.server(...which, '-format', 'spiffe');
}

/**
 * Whether who has this bundle document believes an X509-SVID: what the runtime says, and OpenSSL.
 *
 * @throws Error if the two are not of one mind
 */
export function isBelieved({ id, chain }: MintedSvid, document: string): boolean {
  const { x509 } = SpiffeBundle.parse(TrustDomain.parse(new URL(id).host), document);
  const anchors = x509.authorities.map(({ raw }) => raw);
  const { accepted, output } = opensslVerify({ chain, anchors, at: Date.now() });
  if (accepted !== verifies(chain, x509)) throw new Error(`OpenSSL is of another mind about ${id}: ${output}`);
  return accepted;
}

function verifies(...question: Parameters<typeof verifyX509Svid>): boolean {
  try {
    verifyX509Svid(...question);
    return true;
  } catch {
    return false;
  }
}
