import { type FindingInput, pushTo } from '../../core';
import { atLeast, promDuration, spireLabelValue } from '../../monitoring';
import type { Mesh } from '../mesh';
import type { Member } from '../model';
import { memberNames, names } from '../rules/wording';
import { edgesOf } from './edge-facts';
import { fetchWindow } from './edge-times';
import { peersOf } from './peers';

/** How many windows go by until it is urgent. */
const WINDOWS = 3;

/**
 * Trust domains that the metrics of SPIRE cannot tell apart.
 *
 * @param path of the mesh
 */
export function labelFindings(mesh: Mesh, path: string): FindingInput[] {
  const trustDomains = new Set(mesh.members.map(({ trustDomain }) => trustDomain));
  for (const member of mesh.members) {
    if (member.platform === 'external') continue;
    for (const { trustDomain } of peersOf(mesh, member)) trustDomains.add(trustDomain);
  }
  const byLabel = new Map<string, string[]>();
  for (const trustDomain of trustDomains) pushTo(byLabel, spireLabelValue(trustDomain), trustDomain);
  return [...byLabel].flatMap(([label, alike]) =>
    alike.length < 2
      ? []
      : {
          rule: 'alert-labels',
          severity: 'warning' as const,
          path,
          property: 'members',
          message: `has ${names(alike)}, which SPIRE writes as '${label}' in its metrics: the alerts take them for one, so that what goes well with one of them hides what fails with the other`,
          remedy: 'give one of them a name that differs in more than dots, hyphens and underscores',
        },
  );
}

/**
 * Whether metrics are read often enough for the alerts about the edges of a member.
 *
 * @param path of the member's cluster
 * @param interval how often metrics are read, in seconds
 */
export function intervalFinding(mesh: Mesh, member: Member, path: string, interval: number): FindingInput[] {
  const hurried: { readonly provider: Member; readonly ahead: number }[] = [];
  for (const { provider, times } of edgesOf(mesh, member, interval)) {
    // What follows from a hint alone is said of the hint.
    if (WINDOWS * atLeast(interval) > times.ahead && WINDOWS * fetchWindow(times, 0) <= times.ahead) {
      hurried.push({ provider, ahead: times.ahead });
    }
  }
  const [first] = hurried;
  if (!first) return [];
  const shortest = hurried.reduce((least, { ahead }) => Math.min(least, ahead), first.ahead);
  const most = Math.floor(shortest / atLeast(1) / WINDOWS);
  return [
    {
      rule: 'alert-interval',
      severity: 'warning',
      path,
      property: 'monitoring.interval',
      value: promDuration(interval),
      message: `is so long that a bundle of ${memberNames(hurried.map(({ provider }) => provider))} that is not fetched is found ${promDuration(WINDOWS * atLeast(interval))} later, and the next CA signs ${promDuration(shortest)} after it is published`,
      remedy: most < 1 ? 'lengthen the caTtl of these members' : `write ${promDuration(most)} or less`,
    },
  ];
}
