import { Waves } from '../../../core';
import { rotationOutage } from '../../analysis/times';
import type { Member } from '../../model';
import { relationshipsWith } from '../../relationship-index';
import { span } from '../../rules/wording';
import { APPROVE } from '../approve';
import { listOf, verbOf } from '../member-list';
import type { PlanCheck, PlanStep, PlanTask } from '../plan';
import { safely, unsafely } from '../plan-of';
import { beginsWithBundle } from '../profiles';
import { hasStatic, restartOf, restartsOf } from '../restarts';
import { runsHere } from '../subjects';
import { checkOf, commandTask, fetchesCheck, installTask, programTask, serverTask, tellTask } from '../tasks';
import { agentsHaveAsked, leaseTaken, reconciled, relationshipsRead, waitOf } from '../waits';
import type { Migration } from './migration';

/** All is well before anything moves. */
export function soundStep({ member, here }: Migration): PlanStep | undefined {
  if (here.length === 0) return undefined;
  return {
    id: 'before',
    title: `Look that the bundle of ${member.name} is fetched by all`,
    why: 'What they have now they live on while the endpoint moves; and who fails already is not to be taken for who fails by it.',
    tasks: [],
    checks: here.map((each) => fetchesCheck(each, member)),
    stop: safely('nothing has changed'),
  };
}

/** No relationship has an outdated bundle when the server takes it again. */
export function seedsStep({ member, here, isTold }: Migration): PlanStep | undefined {
  const seeded = here.filter((each) => beginsWithBundle(each, member));
  if (!isTold || seeded.length === 0) return undefined;
  return {
    id: 'seeds',
    title: `Fetch the bundle of ${member.name} with which ${listOf(seeded)} ${verbOf(seeded, 'begins', 'begin')}`,
    why: 'The server takes it in the place of the live one as soon as it is told something else of the endpoint.',
    tasks: [
      commandTask(
        'spirekit',
        'bundle',
        'fetch',
        member.trustDomain,
        ...(runsHere(member) ? ['--context', member.name] : []),
      ),
      programTask(`begin with the bundle of ${member.trustDomain} that was fetched`),
    ],
    checks: [],
    stop: safely('nothing has changed in any cluster'),
  };
}

/** Where a bundle comes from is no matter of one person, where it was agreed so. */
export function approvalStep({ member, here, foreign }: Migration): PlanStep | undefined {
  if (here.length + foreign.length === 0) return undefined;
  return {
    id: 'approval',
    title: `Somebody has decided that the bundle endpoint of ${member.name} changes`,
    why: "Who can answer there can say whom the others believe. The lock at the end is refused as long as nobody has decided what 'spirekit diff' shows, the fresh bundle among it.",
    tasks: [programTask(APPROVE)],
    checks: [],
    stop: safely('nothing has changed in any cluster'),
  };
}

/** Who is not believed by every system is believed by those who fetch there, before it shows its certificate. */
export function authorityStep(migration: Migration): PlanStep | undefined {
  const { member, foreign, is, newHost, hasOtherAuthority, learning } = migration;
  const told = hasOtherAuthority && is.certificate?.trust.type === 'private' ? foreign : [];
  if (learning.length + told.length === 0) return undefined;
  const restarts = learning.map(restartOf);
  return {
    id: 'authority',
    title: `Let all who believe ${member.name} believe the authority of its next certificate`,
    why: 'Not every system believes it, and a server reads whom it believes when it starts. Who is told of the endpoint before refuses it. Workloads keep their identities meanwhile; agents ask again until it is back.',
    tasks: [
      ...restarts.map(({ install }) => install),
      ...told.map((each) =>
        tellTask(
          each,
          `believe the authority of the certificate of ${newHost}, whose roots you are handed by a way that you trust`,
        ),
      ),
    ],
    checks: restarts.flatMap(({ checks }) => checks),
    stop: authorityStop(migration),
  };
}

/** The same configuration may say already that the endpoint is elsewhere, and no longer whom one believed about it. */
function authorityStop({ member, was, learning }: Migration): PlanStep['stop'] {
  const isKept =
    was.certificate?.trust.type !== 'private' && !learning.some((each) => hasStatic(each, member.trustDomain));
  return isKept || was.profile !== 'https_web'
    ? safely('all fetch as before')
    : unsafely(
        `who fetches at the old endpoint may fail, and keeps the bundle that is there, which is enough ${bearableText(member)}`,
      );
}

/** The new endpoint answers; the old one goes on where it can. */
export function endpointStep(migration: Migration): PlanStep {
  const { member, is, isTold, here } = migration;
  const isHere = runsHere(member);
  return {
    id: 'endpoint',
    title: `Let the bundle endpoint of ${member.name} answer at ${is.url}`,
    why: 'Nobody is told of an endpoint that does not answer yet.',
    tasks: isHere
      ? ownEndpointTasks(migration)
      : [tellTask(member, `serve the bundle at ${is.url} by ${is.profile}${besideOld(migration)}`)],
    checks: [
      ...(isHere ? restartOf(member).checks : []),
      checkOf(
        `the endpoint of ${member.name} answers, proves to be the right one and serves the live bundle`,
        commandTask('spirekit', 'verify', '--check', 'V12', '--check', 'V13'),
      ),
      // Who is told nothing fetches there from now on.
      ...(isTold ? [] : here.map((each) => fetchesCheck(each, member))),
    ],
    stop: endpointStop(migration),
  };
}

function endpointStop({ member, was, is, isTold }: Migration): PlanStep['stop'] {
  if (!isTold) return safely('all fetch at the same URL as before');
  const who =
    was.profile === is.profile ? 'who fetches at the old URL may fail, and keeps' : 'nobody fetches, and all keep';
  return unsafely(`${who} the bundle that is there, which is enough ${bearableText(member)}`);
}

/** How long nobody has to fetch a member's bundle. */
function bearableText(member: Member): string {
  const bearable = rotationOutage(member);
  return bearable === undefined ? 'for a time that is not known' : `for ${span(bearable)}`;
}

/** What keeps the old URL alive for those who are not told yet. */
const besideOld = ({ oldHost, newHost }: Migration): string =>
  oldHost === newHost ? '' : `, and let ${oldHost} lead there too until the last step`;

function ownEndpointTasks(migration: Migration): PlanTask[] {
  const { member, was, is, oldHost, newHost } = migration;
  const { certificates, controlPlane, endpoints } = Waves;
  const isElsewhere = oldHost !== newHost || was.exposure !== is.exposure;
  return [
    ...(isElsewhere
      ? [tellTask(member, `let the DNS record of ${newHost} lead to the new endpoint${besideOld(migration)}`)]
      : []),
    installTask(member, certificates.order, controlPlane.order, endpoints.order),
  ];
}

/** Everybody is told. */
export function consumersStep(migration: Migration): PlanStep | undefined {
  const { member, here, foreign, is, isTold, learning } = migration;
  if (!isTold || here.length + foreign.length === 0) return undefined;
  const restarts = restartsOf(here.map((consumer) => ({ consumer, provider: member })));
  return {
    id: 'consumers',
    title: `Tell all who believe ${member.name}`,
    why: 'The new endpoint answers. What they have of its bundle stays as it is until they fetch there.',
    tasks: [
      ...restarts.map(({ install }) => install),
      ...here.filter((each) => related(each, member)).map((each) => installTask(each, Waves.trust.order)),
      ...foreign.map((each) =>
        tellTask(
          each,
          `fetch the bundle of ${member.trustDomain} at ${is.url} by ${is.profile}${is.spiffeId === undefined ? '' : `, as ${is.spiffeId}`}`,
        ),
      ),
    ],
    wait: waitOf(
      restarts.length + learning.length > 0 ? leaseTaken() : undefined,
      here.length > 0 ? reconciled('the relationships') : undefined,
      here.length > 0 ? relationshipsRead() : undefined,
      agentsHaveAsked(),
    ),
    checks: [
      ...restarts.flatMap(({ checks }) => checks),
      ...here.filter((each) => related(each, member)).flatMap((each) => toldChecks(each, migration)),
      ...here.map((each) => fetchesCheck(each, member)),
    ],
    stop: safely(`all fetch the bundle of ${member.name} at ${is.url}`),
  };
}

/** Whether a consumer is told by an object; without any it is taken to be. */
const related = (consumer: Member, { trustDomain }: Member): boolean =>
  relationshipsWith(consumer, trustDomain).configured === undefined;

/** That a consumer's server has been told what has changed. */
function toldChecks(consumer: Member, { member, was, is }: Migration): PlanCheck[] {
  const task = serverTask(consumer, ['federation', 'show', '-trustDomain', member.trustDomain, '-output', 'json']);
  const toldCheck = (what: string, shows: string): PlanCheck =>
    checkOf(`the server of ${consumer.name} has the new ${what} of ${member.name}`, task, { shows });
  return [
    ...(was.url === is.url ? [] : [toldCheck('URL', `"bundle_endpoint_url":"${is.url}"`)]),
    ...(was.profile === is.profile ? [] : [toldCheck('profile', `"${is.profile}":`)]),
    ...(is.spiffeId === undefined || was.spiffeId === is.spiffeId
      ? []
      : [toldCheck('ID', `"endpoint_spiffe_id":"${is.spiffeId}"`)]),
  ];
}

/** The old one goes. */
export function oldEndpointStep({ member, here, oldHost, newHost }: Migration): PlanStep | undefined {
  if (oldHost === newHost) return undefined;
  return {
    id: 'old-endpoint',
    title: `Take ${oldHost} away`,
    why: 'Whoever gets its name later must not be asked for a bundle by anybody.',
    tasks: [
      tellTask(
        member,
        `take the DNS record of ${oldHost} away, and what is left of what led from there to the endpoint`,
      ),
    ],
    checks: here.map((each) => fetchesCheck(each, member)),
    stop: safely(`the bundle endpoint of ${member.name} is where it shall be`),
  };
}

/** What follows from where the endpoint is: alerts and checks of it. */
export function lockStep({ member, here }: Migration): PlanStep {
  const { monitoring, verification } = Waves;
  const members = runsHere(member) ? [member, ...here] : here;
  return {
    id: 'lock',
    title: 'All of it is verified, and written down',
    why: 'Alerts and checks ask the new endpoint; the next change is compared with this state.',
    tasks: [
      ...members.map((each) => installTask(each, monitoring.order, verification.order)),
      commandTask('spirekit', 'lock'),
    ],
    checks: [checkOf('all is as the program says', commandTask('spirekit', 'verify'))],
    stop: safely('nothing is left to do'),
  };
}
