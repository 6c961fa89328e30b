import type { Member } from '../model';
import { objectNameOf } from '../object-name';
import type { CommandTask, InstallTask, KubectlTask, PlanCheck, ProgramTask, ServerTask, TellTask } from './plan';
import { idOf } from './subjects';

/** A command of a member's `spire-server`. */
export const serverTask = (
  { name }: Pick<Member, 'name'>,
  args: readonly string[],
  rest: Partial<Omit<ServerTask, 'type' | 'member' | 'args'>> = {},
): ServerTask => ({ type: 'server', member: name, args, ...rest });

/** A command of `kubectl` in a member's cluster. */
export const kubectlTask = ({ name }: Pick<Member, 'name'>, args: readonly string[]): KubectlTask => ({
  type: 'kubectl',
  member: name,
  args,
});

/** Some waves of a member's manifests, by their numbers. */
export const installTask = ({ name }: Pick<Member, 'name'>, ...waves: number[]): InstallTask => ({
  type: 'install',
  member: name,
  waves,
});

/** A change of the program, as a sentence. */
export const programTask = (text: string): ProgramTask => ({ type: 'program', text });

/** Another command, such as one of `spirekit`. */
export const commandTask = (...words: string[]): CommandTask => ({ type: 'command', words });

/** What others have to do, as a sentence. */
export const tellTask = ({ name }: Pick<Member, 'name'>, text: string): TellTask => ({
  type: 'tell',
  member: name,
  text,
});

/** A question with its answer. Without one, the task only has to succeed. */
export const checkOf = (
  holds: string,
  task: PlanCheck['task'],
  answer: Pick<PlanCheck, 'shows' | 'lacks'> = {},
): PlanCheck => ({ holds, task, ...answer });

/** That a server fetches a peer's bundle, which it does for the answer: nothing has to be waited for. */
export const fetchesCheck = (consumer: Member, provider: Member): PlanCheck =>
  checkOf(
    `the server of ${consumer.name} fetches the bundle of ${provider.name}`,
    serverTask(consumer, ['federation', 'refresh', '-id', idOf(provider)]),
    { shows: 'Bundle refreshed' },
  );

/** That a server has a peer's bundle. */
export const holdsCheck = (consumer: Member, provider: Member): PlanCheck =>
  checkOf(
    `the server of ${consumer.name} has a bundle of ${provider.name}`,
    serverTask(consumer, ['bundle', 'list', '-id', idOf(provider)]),
    { shows: 'BEGIN CERTIFICATE' },
  );

/** That a server has no bundle of a peer: all are listed, so that a server that does not answer is no proof of it. */
export const holdsNotCheck = (consumer: Member, provider: Pick<Member, 'name' | 'trustDomain'>): PlanCheck =>
  checkOf(
    `the server of ${consumer.name} has no bundle of ${provider.name}`,
    serverTask(consumer, ['bundle', 'list', '-output', 'json']),
    { lacks: ofTrustDomain(provider) },
  );

/** That no entry of a server names a peer. */
export const namedByNoneCheck = (consumer: Member, provider: Pick<Member, 'name' | 'trustDomain'>): PlanCheck =>
  checkOf(
    `no entry at ${consumer.name} names ${provider.name}`,
    serverTask(consumer, ['entry', 'show', '-federatesWith', idOf(provider)]),
    { shows: 'Found 0 entries' },
  );

/** That a server has no relationship with a peer any more. */
export const unrelatedCheck = (consumer: Member, provider: Pick<Member, 'name' | 'trustDomain'>): PlanCheck =>
  checkOf(
    `the server of ${consumer.name} has no relationship with ${provider.name}`,
    serverTask(consumer, ['federation', 'list', '-output', 'json']),
    { lacks: ofTrustDomain(provider) },
  );

/** As SPIRE's JSON has it; the bare name could be the end of another. */
const ofTrustDomain = ({ trustDomain }: Pick<Member, 'trustDomain'>): string => `"trust_domain":"${trustDomain}"`;

/** Deletes the objects of a member's relationship with a trust domain, one as a rule; what is gone already is well. */
export function deleteRelationshipTask(consumer: Member, trustDomain: string): KubectlTask {
  const own = (consumer.relationships ?? []).filter((each) => each.trustDomain === trustDomain);
  const names = own.map(({ object }) => object ?? objectNameOf(trustDomain));
  return kubectlTask(consumer, [
    'delete',
    'clusterfederatedtrustdomain',
    ...(names.length > 0 ? new Set(names) : [objectNameOf(trustDomain)]),
    '--ignore-not-found',
  ]);
}
