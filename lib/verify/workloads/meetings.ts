import { Limiter } from '../limiter';
import { ALONE, PLAIN } from './identities';
import { type MeetingResult, meet, type Party } from './meeting';
import type { TestImage } from './objects';
import { isBelieved, type Participant, pairsOf } from './participant';
import type { Stage } from './stage';

/** Handshakes that a pod has at a time: each is a process, and the memory of the pod is bounded. */
const AT_A_TIME = 2;

/** The handshakes of all pairs of members, by who has them. */
export class Meetings {
  private readonly results = new Map<string, Promise<MeetingResult>>();
  private readonly limiters = new Map<string, Limiter>();

  constructor(
    private readonly stages: ReadonlyMap<Participant, Stage>,
    private readonly image: TestImage,
    private readonly signal: AbortSignal,
  ) {}

  /** Has all handshakes, and tells how many there are. */
  async all(say: (text: string) => void): Promise<void> {
    const awaited: Promise<unknown>[] = [];
    for (const pair of pairsOf([...this.stages.keys()])) {
      for (const [one, other] of [pair, [pair[1], pair[0]]] as const) {
        awaited.push(this.ofBoth(one, other));
        if (isBelieved(one, other)) awaited.push(this.ofAlone(one, other), this.withOther(one, other));
      }
    }
    if (awaited.length > 0) say(`${awaited.length} handshakes`);
    await Promise.all(awaited);
  }

  /** A workload of one member as client, and one of another as server, that expect each other. */
  ofBoth(client: Participant, server: Participant): Promise<MeetingResult> {
    const [there, here] = [this.identityFor(client, server), this.identityFor(server, client)];
    return this.result(
      'both',
      { ...there, expects: here.stage.idOf(here.identity) },
      { ...here, expects: there.stage.idOf(there.identity) },
    );
  }

  /** The pod of the consumer that names nobody as client, and a workload of the provider. */
  ofAlone(consumer: Participant, provider: Participant): Promise<MeetingResult> {
    const here = this.identityFor(provider, consumer);
    const alone = { stage: this.stage(consumer), pod: ALONE.pod, identity: ALONE.name };
    return this.result(
      'alone',
      { ...alone, expects: here.stage.idOf(here.identity) },
      { ...here, expects: alone.stage.idOf(alone.identity) },
    );
  }

  /** A workload of the consumer as client, which expects one identity of the provider and meets another. */
  withOther(consumer: Participant, provider: Participant): Promise<MeetingResult> {
    const [there, here] = [this.identityFor(consumer, provider), this.identityFor(provider, consumer)];
    const other = { stage: here.stage, pod: ALONE.pod, identity: ALONE.name };
    return this.result(
      'other',
      { ...there, expects: here.stage.idOf(here.identity) },
      { ...other, expects: there.stage.idOf(there.identity) },
    );
  }

  /** What a workload of one member presents to one of another: the identity that names it, where there is one. */
  identityFor(one: Participant, other: Participant): Omit<Party, 'expects'> {
    const stage = this.stage(one);
    const named = other.member.trustDomain;
    const identity = stage.givenTo(PLAIN.pod).ids.has(named) ? named : PLAIN.name;
    return { stage, pod: PLAIN.pod, identity };
  }

  private stage(participant: Participant): Stage {
    return this.stages.get(participant) as Stage;
  }

  private result(kind: string, client: Party, server: Party): Promise<MeetingResult> {
    const key = `${kind} ${client.stage.namespace} ${server.stage.namespace}`;
    let result = this.results.get(key);
    if (!result) {
      // In one order for all, so that no two wait for each other's place.
      const [first, second] = [client, server].map(podOf).sort() as [string, string];
      result = this.limiterOf(first).run(
        () => this.limiterOf(second).run(() => meet(client, server, this.image, this.signal), this.signal),
        this.signal,
      );
      result.catch(() => undefined);
      this.results.set(key, result);
    }
    return result;
  }

  private limiterOf(pod: string): Limiter {
    const limiter = this.limiters.get(pod) ?? new Limiter(AT_A_TIME);
    this.limiters.set(pod, limiter);
    return limiter;
  }
}

const podOf = ({ stage, pod }: Party): string => `${stage.participant.view.context} ${stage.namespace}/${pod}`;
