import type { Mesh } from '../mesh';
import type { EndpointCertificate, Member } from '../model';
import type { MeshFinding, MeshRule } from './rule';
import { memberNames, span } from './wording';

const HOUR = 60 * 60;

/**
 * How often SPIRE reads the files of its certificate, by its own default and that of this library.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/doc/spire_server.md
 */
export const FILE_SYNC = HOUR;

/** What cert-manager waits after the first failure, and after the second. */
const PAUSES = [HOUR, 2 * HOUR];

/** What two failed renewals of cert-manager can take, and SPIRE until it reads the file. */
export const RENEWAL_ROOM = PAUSES.reduce((sum, pause) => sum + pause, FILE_SYNC);

/** A certificate is renewed, and shown, before it ends. */
export const certificateRenewals: MeshRule = {
  id: 'W37',
  severity: 'warning',
  title: 'certificates of https_web are renewed early enough',
  text: 'A certificate is renewed at renewBefore. Where that fails, cert-manager waits for an hour, then for two, and so on. What was renewed is shown once SPIRE has read the file again, which it does every hour, or at once where a router ends TLS. An authority that fails twice is nothing unusual, and a certificate that has ended keeps every peer from the bundle.',
  remedy: 'begin to renew some hours before the end',
  source: 'https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.CertificateStatus',

  *check(mesh) {
    for (const member of mesh.members) {
      const finding = renewalFinding(mesh, member);
      if (finding) yield finding;
    }
  },
};

function renewalFinding(mesh: Mesh, { name, endpoint }: Member): MeshFinding | undefined {
  const { certificate } = endpoint ?? {};
  const renewBefore = certificate?.renewBefore;
  if (endpoint?.profile !== 'https_web' || !certificate || renewBefore === undefined) return undefined;
  const steps = [...pausesOf(certificate), ...(endpoint.termination === 'passthrough' ? [FILE_SYNC] : [])];
  const needed = steps.reduce((sum, step) => sum + step, 0);
  if (renewBefore >= needed) return undefined;
  const peers = mesh.believersOf(name);
  if (peers.length === 0) return undefined;
  const sum = steps.length === 1 ? span(needed) : `${steps.map(span).join(' + ')} = ${span(needed)}`;
  return {
    member: name,
    property: 'endpoint.certificate.renewBefore',
    message: `is ${span(renewBefore)}, but ${wordsOf(certificate, endpoint.termination === 'passthrough')} can take ${sum}: in between, ${memberNames(peers)} would be shown a certificate that has ended`,
    remedy: `write ${span(needed)} at least, and a lifetime of ${span(2 * needed)} or more`,
  };
}

/** Who else renews it tries again as they please. */
const pausesOf = ({ source }: EndpointCertificate): readonly number[] => (source === 'cert-manager' ? PAUSES : []);

function wordsOf({ source }: EndpointCertificate, isRead: boolean): string {
  const tries = source === 'cert-manager' ? 'two failed renewals' : '';
  const read = isRead ? 'the next look of SPIRE at the file' : '';
  return tries && read ? `${tries} and ${read}` : tries || read;
}
