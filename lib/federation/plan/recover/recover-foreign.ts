import { Waves } from '../../../core';
import type { Mesh } from '../../mesh';
import type { Member } from '../../model';
import { listOf, sentence, verbOf } from '../member-list';
import type { Plan } from '../plan';
import { nobodyBelieves } from '../plan-error';
import { planOf, safely, stepsOf, unsafely } from '../plan-of';
import { verifiedByBundleOf } from '../profiles';
import { runHere, runsHere } from '../subjects';
import {
  commandTask,
  deleteRelationshipTask,
  fetchesCheck,
  installTask,
  programTask,
  tellTask,
  unrelatedCheck,
} from '../tasks';
import { agentsHaveAsked, fetchedBy, reconciled, relationshipsRead, waitOf } from '../waits';

/**
 * A system of others that has lost its keys: what is to be done here, once it is back.
 *
 * @throws PlanError if nobody here believes it
 */
export function foreignRecoveryPlan(mesh: Mesh, member: Member): Plan {
  const { name, trustDomain } = member;
  const broken = verifiedByBundleOf(mesh, member).filter(({ consumer }) => runsHere(consumer));
  const lockedOut = [...new Set(broken.map(({ consumer }) => consumer))];
  const healing = runHere(mesh.consumersOf(name)).filter((each) => !lockedOut.includes(each));
  if (lockedOut.length + healing.length === 0) throw nobodyBelieves(name);
  const fetched = fetchedBy(healing, member);
  return planOf({
    action: 'recover',
    order: 'emergency',
    member: name,
    title: `Believe ${name} again, which has lost its keys`,
    facts: [
      `${name} is run by others: they bring it back.`,
      ...(lockedOut.length > 0
        ? [
            `${listOf(lockedOut)} ${verbOf(lockedOut, 'verifies', 'verify')} its endpoint by its own bundle: by the one that is lost, the new one can never be fetched.`,
          ]
        : []),
      ...(healing.length > 0 && fetched ? [sentence(fetched.because)] : []),
    ],
    steps: stepsOf(
      {
        id: 'server',
        title: `${name} runs again`,
        why: 'Nothing can be done here before it has its new keys.',
        tasks: [
          tellTask(
            member,
            lockedOut.length > 0
              ? 'say when it runs again, and hand over the digest of the new bundle by a way that you trust: its endpoint cannot prove itself yet'
              : 'say when it runs again',
          ),
        ],
        checks: [],
        stop: unsafely(`whatever ${name} signs anew is refused`),
      },
      lockedOut.length === 0
        ? undefined
        : {
            id: 'forget',
            title: `Take away the relationships with ${name} that cannot fetch`,
            why: 'Another bundle in a relationship that there is does nothing at the server: it has to be made anew. What is believed stays as it is meanwhile.',
            tasks: [
              commandTask('spirekit', 'bundle', 'fetch', trustDomain, '--sha256', '$DIGEST', '--replace'),
              programTask(`begin with the bundle of ${trustDomain} that was fetched`),
              ...lockedOut.map((each) => deleteRelationshipTask(each, trustDomain)),
            ],
            wait: waitOf(reconciled('the change')),
            checks: lockedOut.map((each) => unrelatedCheck(each, member)),
            stop: unsafely(`whatever ${name} signs anew is refused`),
          },
      lockedOut.length === 0
        ? undefined
        : {
            id: 'peers',
            title: `Make them anew, with the new bundle of ${name}`,
            why: 'The server takes the bundle of a relationship that it did not have.',
            tasks: lockedOut.map((each) => installTask(each, Waves.trust.order)),
            wait: waitOf(reconciled('the relationships'), relationshipsRead(), agentsHaveAsked()),
            checks: lockedOut.map((each) => fetchesCheck(each, member)),
            stop: safely(`${listOf(lockedOut)} ${verbOf(lockedOut, 'believes', 'believe')} ${name} again`),
          },
      healing.length === 0
        ? undefined
        : {
            id: 'fetched',
            title: `Wait until all others have fetched the new bundle of ${name}`,
            why: "They do so by themselves: the Web's authorities vouch for its endpoint.",
            tasks: [],
            wait: waitOf(fetched, agentsHaveAsked()),
            checks: healing.map((each) => fetchesCheck(each, member)),
            stop: safely(`all who believe ${name} verify what it signs`),
          },
    ),
  });
}
