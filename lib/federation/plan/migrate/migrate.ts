import { publishedAhead } from '../../../core';
import { rotationOutage } from '../../analysis/times';
import type { Mesh } from '../../mesh';
import { span } from '../../rules/wording';
import { listOf, verbOf } from '../member-list';
import type { Plan } from '../plan';
import { planOf, stepsOf } from '../plan-of';
import { beginsWithBundle } from '../profiles';
import { restartsOf } from '../restarts';
import {
  approvalStep,
  authorityStep,
  consumersStep,
  endpointStep,
  lockStep,
  oldEndpointStep,
  seedsStep,
  soundStep,
} from './migrate-steps';
import { type Migration, migrationOf } from './migration';

/**
 * How the bundle endpoint of a member moves to another URL or host, or proves itself by another profile.
 *
 * @param was the federation as it was deployed last
 * @param is as the program has it now
 * @throws PlanError if there is no such member, nothing has changed in its endpoint, or the platform refuses the change
 */
export function migratePlan(was: Mesh, is: Mesh, name: string): Plan[] {
  const migration = migrationOf(was, is, name);
  return [
    planOf({
      action: 'migrate',
      order: 'planned',
      member: name,
      title: titleOf(migration),
      facts: factsOf(migration),
      steps: stepsOf(
        soundStep(migration),
        seedsStep(migration),
        approvalStep(migration),
        authorityStep(migration),
        endpointStep(migration),
        consumersStep(migration),
        oldEndpointStep(migration),
        lockStep(migration),
      ),
    }),
  ];
}

function titleOf({ member, was, is, isTold, hasOtherAuthority }: Migration): string {
  const { name } = member;
  if (was.profile !== is.profile) {
    const moved = was.url === is.url ? '' : `, at ${is.url}`;
    return `Let the bundle endpoint of ${name} prove itself by ${is.profile} instead of ${was.profile}${moved}`;
  }
  if (was.url !== is.url) return `Move the bundle endpoint of ${name} from ${was.url} to ${is.url}`;
  if (isTold) return `Let the bundle endpoint of ${name} prove itself by another ID`;
  return hasOtherAuthority
    ? `Let the bundle endpoint of ${name} have a certificate of another authority`
    : `Put something else before the bundle endpoint of ${name}`;
}

function factsOf(migration: Migration): string[] {
  const { member, was, is, isTold, here, learning } = migration;
  const { name, caTtl } = member;
  const bearable = rotationOutage(member);
  const seeded = here.filter((each) => beginsWithBundle(each, member));
  const restarts = restartsOf(here.map((consumer) => ({ consumer, provider: member })));
  return [
    bearable === undefined
      ? `Who cannot fetch the bundle of ${name} meanwhile keeps the one that it has. For how long that is enough is not known: nothing says how long its CA lives.`
      : `Who cannot fetch the bundle of ${name} meanwhile keeps the one that it has: no handshake fails for it within ${span(bearable)}, in which no CA signs that was not there before.`,
    ...(isTold && seeded.length > 0
      ? [
          `With another URL, profile or ID the server takes the bundle of the relationship again, in the place of the live one.${caTtl === undefined ? '' : ` One that was fetched verifies for ${span(publishedAhead(caTtl))} at least: the CA that signs next is in it by then.`}`,
          `A server that has taken an outdated one says 'certificate signed by unknown authority' at each fetch by https_spiffe: give it the live one with 'spire-server bundle set', as 'spirekit plan recover ${name}' does.`,
        ]
      : []),
    ...(was.profile !== is.profile
      ? [
          `A SPIRE server serves its bundle by one profile at a time: by the old one nothing is fetched any more, as soon as the server of ${name} has the new one.`,
          is.profile === 'https_web'
            ? `From then on, whoever gets a web certificate for the host says whom ${listOf(here)} ${verbOf(here, 'believes', 'believe')} as ${member.trustDomain}.`
            : `From then on, who has lost the bundle of ${member.trustDomain} gets no other by itself.`,
        ]
      : []),
    ...(learning.length > 0
      ? [
          `The servers of ${listOf(learning)} do not believe the authority of its next certificate yet: they are told in their configuration, and restarted.`,
        ]
      : []),
    ...(restarts.length > 0
      ? [
          `The servers of ${listOf(restarts.map((each) => each.member))} have the endpoint in their own configuration: they are restarted.`,
        ]
      : []),
  ];
}
