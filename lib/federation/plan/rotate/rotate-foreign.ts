import { span } from '../../rules/wording';
import { listOf, sentence } from '../member-list';
import type { Plan } from '../plan';
import { nobodyBelieves } from '../plan-error';
import { planOf, safely, unsafely } from '../plan-of';
import { idOf } from '../subjects';
import { fetchesCheck, serverTask, tellTask } from '../tasks';
import { agentsHaveAsked, waitOf } from '../waits';
import type { Rotation } from './rotation';

/**
 * The keys of a system that others run: they replace them, and have to know when they can.
 *
 * @throws PlanError if nobody here believes it
 */
export function foreignRotationPlans(rotation: Rotation): Plan[] {
  const { member, here, fetched } = rotation;
  const { name } = member;
  if (here.length === 0) throw nobodyBelieves(name);
  const seen = waitOf(fetched, agentsHaveAsked());
  const checks = here.map((each) => fetchesCheck(each, member));
  const facts = [
    `${name} is run by others: its keys are theirs to replace.`,
    ...(fetched ? [sentence(fetched.because)] : [`How often the bundle of ${name} is fetched is not known.`]),
  ];
  return [
    planOf({
      action: 'rotate',
      order: 'planned',
      member: name,
      title: `The keys of ${name} are replaced by those who run it`,
      facts,
      steps: [
        {
          id: 'publish',
          title: `The next keys of ${name} are published`,
          why: 'Nothing may be signed by the new keys until everybody has them.',
          tasks: [
            tellTask(
              member,
              `publish the next CA and JWT key in the bundle beside the old ones, and sign with them ${span(seen.seconds)} later at the earliest`,
            ),
          ],
          wait: seen,
          checks,
          stop: safely('all is signed by the old keys as before'),
        },
        {
          id: 'withdraw',
          title: `The old keys of ${name} leave its bundle`,
          why: 'What the old keys have signed is refused once they are gone: it must have ended, or have been renewed.',
          tasks: [
            tellTask(
              member,
              'take the old keys out of the bundle when nothing is in use any more that they have signed',
            ),
          ],
          wait: seen,
          checks,
          stop: safely('the old keys are believed by nobody'),
        },
      ],
    }),
    planOf({
      action: 'rotate',
      order: 'emergency',
      member: name,
      title: `The stolen keys of ${name} are replaced by those who run it`,
      facts: [
        ...facts,
        `Until they are, whoever has the keys can be anybody of ${member.trustDomain}. 'spirekit plan remove ${name} --emergency' has the steps by which it is believed by nobody at once.`,
      ],
      steps: [
        {
          id: 'revoke',
          title: `The old keys of ${name} leave its bundle`,
          why: 'Nobody but those who run it can take its keys out of its bundle.',
          tasks: [
            tellTask(
              member,
              'replace the CA and the JWT key, take the old ones out of the bundle at once, and say when it is done',
            ),
          ],
          checks: [],
          stop: unsafely(`the stolen keys are believed by ${listOf(here)} as before`),
        },
        {
          id: 'fetch',
          title: `All fetch the bundle of ${name} who believe it`,
          why: 'To wait for the next fetch would take longer.',
          tasks: here.map((each) => serverTask(each, ['federation', 'refresh', '-id', idOf(member)])),
          wait: waitOf(agentsHaveAsked()),
          checks,
          stop: safely('what the old keys have signed is refused, if the bundle no longer has them'),
        },
      ],
    }),
  ];
}
