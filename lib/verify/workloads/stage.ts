import { setTimeout as sleep } from 'node:timers/promises';
import type { Member } from '../../federation';
import type { Pod } from '../discovery/pods';
import { AccessError, type ClusterAccess, type ClusterChanges, RESOURCES } from '../kube';
import { identitiesOf, type TestIdentity } from './identities';
import { CONTAINER, PODS, type PodName, type RunNames } from './names';
import { type NewObject, type TestImage, type TestObjects, testObjects } from './objects';
import type { Participant } from './participant';
import { isRunning, latePod, type PodEvent, refusedObject, stuckPod, type Trouble } from './pod-trouble';
import { identityWait, POD_START } from './waits';
import { type GivenIdentity, givenIdentity, NOTHING_GIVEN } from './watch-log';
import { workloadApiPlace } from './workload-api-place';

/** How often a cluster is looked at while something is waited for, in milliseconds. */
const LOOK_MS = 1_000;

/** How often a pod is tried to be made again that is refused for what comes by itself. */
const TRIES = 10;

/** On OpenShift the users of a new namespace, and everywhere its service account, come a moment later than the namespace itself. */
const SOON = /sa\.scc\.|service ?account .* not found/i;

/** Lines of a log that say what a pod has: one for each change. */
const LOG = { lines: 200, seconds: 60 * 60 };

/** Says what is waited for, and how long at most. */
export type Say = (text: string) => void;

/** A pod that does not run, or an object that is refused: the rest of the test of this member falls away. */
export class StageTrouble extends Error {
  constructor(
    readonly trouble: Trouble,
    readonly where: string,
  ) {
    super(trouble.what);
  }
}

/** What came of the pods of each member: its stage, or the error that was in the way. */
export type Stages = ReadonlyMap<Participant, Stage | Error>;

/** The pods of one member, from their making to what the Workload API gives them. */
export class Stage {
  private readonly identities: TestIdentity[] = [];
  private readonly given = new Map<PodName, GivenIdentity>();

  constructor(
    readonly participant: Participant,
    readonly changes: ClusterChanges,
    private readonly names: RunNames,
    private readonly image: TestImage,
    private readonly say: Say,
    private readonly signal: AbortSignal,
  ) {}

  get namespace(): string {
    return this.names.namespace(this.participant.index);
  }

  /** What a pod has been given. */
  givenTo(pod: PodName): GivenIdentity {
    return this.given.get(pod) ?? NOTHING_GIVEN;
  }

  /** The SPIFFE ID that a pod should have under a name. */
  idOf(identity: string): string {
    return `spiffe://${this.participant.member.trustDomain}${this.names.path(identity)}`;
  }

  /** The identities that there should be. */
  get expected(): readonly TestIdentity[] {
    return this.identities;
  }

  /**
   * Makes the objects, and waits until pods run and have what they should have, or time is over.
   *
   * @throws StageTrouble if no pod can be asked
   */
  async build(members: readonly Member[]): Promise<void> {
    const { view, believes } = this.participant;
    const held = await this.heldTrustDomains();
    // Also who is held and not declared: whether workloads can be made to trust them is what the test is about.
    const undeclared = members.filter(
      ({ trustDomain }) => held?.has(trustDomain) && trustDomain !== view.member.trustDomain,
    );
    this.identities.push(...identitiesOf([...believes, ...undeclared].map(({ trustDomain }) => trustDomain)));
    const [place, { className }] = await Promise.all([workloadApiPlace(view), view.managerConf()]);
    const { names, image, identities } = this;
    const { index } = this.participant;
    await this.make(testObjects({ names, index, image, place, className, identities }));
    await this.awaitPods();
    await this.awaitIdentities(identityWait(believes.filter(({ trustDomain }) => held && !held.has(trustDomain))));
  }

  /** Undefined when it cannot be seen. */
  private async heldTrustDomains(): Promise<ReadonlySet<string> | undefined> {
    try {
      return new Set((await this.participant.view.heldBundles()).keys());
    } catch {
      // The checks of bundles say why.
      return undefined;
    }
  }

  private async make({ namespace, account, identities, pods }: TestObjects): Promise<void> {
    const { changes } = this;
    const made = async (name: string, make: () => Promise<unknown>): Promise<void> => {
      // What is on its way is let through, so that it can be removed.
      this.signal.throwIfAborted();
      try {
        await make();
      } catch (error) {
        if (AccessError.is(error) && error.concernsCluster) throw error;
        throw new StageTrouble(refusedObject(name, error), this.where);
      }
    };
    await made(`namespace ${this.namespace}`, () => changes.create(RESOURCES.namespaces, namespace));
    await made('the service account', () => changes.create(RESOURCES.serviceAccounts, account));
    for (const identity of identities) {
      await made(`ClusterSPIFFEID ${identity.metadata.name}`, () => changes.create(RESOURCES.spiffeIds, identity));
    }
    for (const pod of pods) await made(`pod ${pod.metadata.name}`, () => this.makePod(pod));
  }

  private async makePod(pod: NewObject): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await this.changes.create(RESOURCES.pods, pod);
        return;
      } catch (error) {
        if (tries === TRIES || !AccessError.is(error, 'forbidden', 'failed') || !SOON.test(error.message)) throw error;
        await sleep(LOOK_MS, undefined, { signal: this.signal });
      }
    }
  }

  private async awaitPods(): Promise<void> {
    this.say(`waits until its pods run, for ${POD_START} s at most`);
    const until = Date.now() + POD_START * 1000;
    for (;;) {
      const pods = await this.access.list<Pod>(RESOURCES.pods, { namespace: this.namespace });
      const byName = (name: string) => pods.find(({ metadata }) => metadata.name === name);
      for (const pod of pods) {
        const trouble = stuckPod(pod);
        if (trouble) throw new StageTrouble(trouble, `pod ${this.namespace}/${pod.metadata.name}`);
      }
      const missing = PODS.find((name) => !isRunning(byName(name) ?? { metadata: { name } }));
      if (missing === undefined) return;
      if (Date.now() > until) {
        const events = await this.access.list<PodEvent>(RESOURCES.events, { namespace: this.namespace });
        throw new StageTrouble(
          latePod(byName(missing), missing, events, POD_START),
          `pod ${this.namespace}/${missing}`,
        );
      }
      await sleep(LOOK_MS, undefined, { signal: this.signal });
    }
  }

  private async awaitIdentities(seconds: number): Promise<void> {
    this.say(`waits for identities and bundles, for ${seconds} s at most`);
    const until = Date.now() + seconds * 1000;
    for (;;) {
      await Promise.all(
        PODS.map(async (pod) => {
          const log = await this.access.log({ namespace: this.namespace, pod, container: CONTAINER }, LOG);
          this.given.set(pod, givenIdentity(log));
        }),
      );
      if (Date.now() > until || this.identities.every((identity) => this.has(identity))) return;
      await sleep(LOOK_MS, undefined, { signal: this.signal });
    }
  }

  /** Whether a pod has an identity, and the bundles with it. */
  has({ pod, name, federatesWith }: TestIdentity): boolean {
    const { ids, bundles } = this.givenTo(pod);
    return ids.has(name) && federatesWith.every((trustDomain) => bundles.has(trustDomain));
  }

  private get access(): ClusterAccess {
    return this.changes.access;
  }

  private get where(): string {
    return `cluster of context ${this.participant.view.context}`;
  }
}
