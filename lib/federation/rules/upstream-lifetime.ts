import { moment } from '../../core';
import { upstreamEnd } from '../analysis/times';
import { certificatesIn } from '../certificate-text';
import type { Member } from '../model';
import type { MeshFinding, MeshRule } from './rule';
import { caTtlWord, remaining, span } from './wording';

/** The CA does not outlive the authority above it. */
export const upstreamLifetimes: MeshRule = {
  id: 'E14',
  severity: 'error',
  title: 'the upstream authority outlives the CA',
  text: 'A CA is good for nothing when the one above it has ended: all that it has signed is refused at that moment, by everybody. There must be room for one more CA, too, while the upstream authority is replaced.',
  remedy: 'renew the upstream authority, or shorten caTtl',
  source: 'https://github.com/spiffe/spire/issues/5097',
  shownBy: ['spire/federation-harms'],

  *check(mesh, { now }) {
    for (const member of mesh.members) {
      const problem = lifetimeFinding(member, now);
      if (problem) yield problem;
    }
  },
};

function lifetimeFinding(member: Member, now: Date): MeshFinding | undefined {
  const { name, upstream, caTtl } = member;
  if (!upstream) return undefined;
  const { roots } = upstream;
  const reading = roots === undefined ? undefined : certificatesIn(roots);
  if (reading && 'message' in reading) {
    const remedy = 'paste the root certificates of the upstream authority in PEM';
    return { member: name, property: 'upstream.roots', message: reading.message, remedy };
  }
  // The roots are no substitute for a certificate between them and the CA, but better than nothing.
  const end = upstreamEnd(member);
  if (end === undefined) return undefined;
  const place = { member: name, property: 'upstream.notAfter', value: moment(end) };
  const left = (end - now.getTime()) / 1000;
  if (left <= 0) {
    return {
      ...place,
      message: 'is over: the upstream authority has expired',
      remedy: 'renew it before anything else',
    };
  }
  if (caTtl === undefined || left >= 2 * caTtl) return undefined;
  const sum = `leaves ${remaining(left)}, and a CA lives ${span(caTtl)} (${caTtlWord(member)})`;
  if (left < caTtl) {
    return {
      ...place,
      message: `${sum}: SPIRE cuts it short, and all ends with the upstream authority`,
      remedy: `renew the upstream authority, or shorten ${caTtlWord(member)} to ${remaining(left / 2)}`,
    };
  }
  return {
    ...place,
    severity: 'warning',
    message: `${sum}: not twice, so that the next one is cut short`,
    remedy: 'renew the upstream authority soon',
  };
}
