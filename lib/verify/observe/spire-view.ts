import type { Member } from '../../federation';
import type { Bounds } from '../bounds';
import { askablePod, type Installation, installationName, type ManagerPart } from '../discovery/installation';
import type { ManagerConf } from '../discovery/manager-conf';
import { type Pod, podName } from '../discovery/pods';
import type { ServerConf } from '../discovery/server-conf';
import { AccessError, type ExecResult } from '../kube';
import { NotSeen } from '../not-seen';
import { Once } from '../once';
import { type BundleJson, type HeldBundle, heldBundle } from './bundle';
import type { ClusterObjects } from './cluster-objects';
import { type LogLine, logLines } from './log-lines';
import {
  type HeldRelationship,
  heldRelationship,
  type LocalAuthorities,
  type LocalAuthorityJson,
  localAuthority,
  type RelationshipJson,
} from './server-answers';

/** Something of one pod of a server. */
export interface OfPod<T> {
  readonly pod: Pod;
  readonly value: T;
}

/**
 * SPIRE of one member in its cluster: what was found of it, what its server answers, its logs and metrics. Nothing is asked twice;
 * what cannot be seen is thrown as `NotSeen` or `AccessError`.
 */
export class SpireView {
  private readonly asked = new Once();
  private found: string | undefined;

  constructor(
    readonly member: Member,
    readonly objects: ClusterObjects,
    private readonly bounds: Bounds,
  ) {}

  /** Where the server's program lies in its container, once it was run. */
  get program(): string | undefined {
    return this.found;
  }

  get context(): string {
    return this.objects.access.context;
  }

  /** Something that is made of what was seen, once for all checks and edges. */
  once<T>(name: string, make: () => T): T {
    return this.asked.of(`made: ${name}`, make);
  }

  /** All servers that say to be of the member's trust domain. */
  installations(): Promise<readonly Installation[]> {
    return this.asked.of('installations', async () => {
      const all = await this.objects.installations();
      const { trustDomain } = this.member;
      const own = all.filter((each) => each.trustDomain === trustDomain);
      if (own.length > 0) return own;
      // Where no configuration can be read, the server itself is asked.
      const unknown = all.filter((each) => each.trustDomain === undefined);
      const told = await Promise.all(unknown.map(async (each) => ({ each, is: await this.trustDomainOf(each) })));
      return told.filter(({ is }) => is === trustDomain).map(({ each }) => each);
    });
  }

  /** The server of the member's trust domain. */
  installation(): Promise<Installation> {
    return this.asked.of('installation', async () => {
      const [first] = await this.installations();
      if (first) return first;
      throw new NotSeen(
        `no SPIRE server of trust domain ${this.member.trustDomain} was found`,
        `cluster of context ${this.context}`,
      );
    });
  }

  /** What `server.conf` says. */
  async serverConf(): Promise<ServerConf> {
    const installation = await this.installation();
    if (installation.conf) return installation.conf;
    throw new NotSeen(
      `the server's configuration cannot be read: ${installation.confProblem ?? 'it is nowhere'}`,
      installationName(installation),
    );
  }

  /** The controller manager. */
  async manager(): Promise<ManagerPart> {
    const installation = await this.installation();
    if (installation.manager) return installation.manager;
    throw new NotSeen('no controller manager was found', installationName(installation));
  }

  /** What the controller manager's configuration says. */
  async managerConf(): Promise<ManagerConf> {
    const manager = await this.manager();
    if (manager.conf) return manager.conf;
    throw new NotSeen(
      `the controller manager's configuration cannot be read: ${manager.confProblem ?? 'it is nowhere'}`,
      installationName(manager),
    );
  }

  /** The bundle of the own trust domain. */
  ownBundle(): Promise<HeldBundle> {
    return this.asked.of('own bundle', async () => heldBundle(await this.json<BundleJson>('bundle', 'show')));
  }

  /** Bundles of other trust domains that the server holds, by trust domain. */
  heldBundles(): Promise<ReadonlyMap<string, HeldBundle>> {
    return this.asked.of('held bundles', async () => {
      const { bundles = [] } = await this.json<{ bundles?: readonly BundleJson[] }>('bundle', 'list');
      return new Map(bundles.map(heldBundle).map((bundle) => [bundle.trustDomain, bundle]));
    });
  }

  /** Relationships that the server has been told by its API; those of its own configuration are not among them. */
  heldRelationships(): Promise<ReadonlyMap<string, HeldRelationship>> {
    return this.asked.of('held relationships', async () => {
      const answer = await this.json<{ federation_relationships?: readonly RelationshipJson[] }>('federation', 'list');
      const all = (answer.federation_relationships ?? []).map(heldRelationship);
      return new Map(all.map((each) => [each.trustDomain, each]));
    });
  }

  /** The authorities by which the server signs X.509-SVIDs: now, next and before. */
  localAuthorities(): Promise<LocalAuthorities> {
    return this.asked.of('local authorities', async () => {
      const { active, prepared, old } = await this.json<{ [slot in keyof LocalAuthorities]?: LocalAuthorityJson }>(
        'localauthority',
        'x509',
        'show',
      );
      return {
        ...(active && { active: localAuthority(active) }),
        ...(prepared && { prepared: localAuthority(prepared) }),
        ...(old && { old: localAuthority(old) }),
      };
    });
  }

  /** How many entries name a trust domain in `federatesWith`. */
  entriesNaming(trustDomain: string): Promise<number> {
    return this.asked.of(`entries naming ${trustDomain}`, async () => {
      const id = `spiffe://${trustDomain}`;
      const flags = ['-federatesWith', id, '-matchFederatesWithOn', 'superset'];
      return Number((await this.json<{ count?: number | string }>('entry', 'count', ...flags)).count ?? 0);
    });
  }

  /** The logs of the server, of each pod. */
  async serverLogs(): Promise<readonly OfPod<readonly LogLine[]>[]> {
    const { pods, container } = await this.installation();
    return this.logs(pods, container);
  }

  /** The logs of the controller manager, of each pod. */
  async managerLogs(): Promise<readonly OfPod<readonly LogLine[]>[]> {
    const { pods, container } = await this.manager();
    return this.logs(pods, container);
  }

  /** The metrics of the server, of each pod. */
  async serverMetrics(): Promise<readonly OfPod<string>[]> {
    const { metricsPort } = await this.serverConf();
    const installation = await this.installation();
    if (metricsPort === undefined) {
      throw new NotSeen('the server serves no metrics for Prometheus', installationName(installation));
    }
    return Promise.all(
      installation.pods.map(async (pod) => ({ pod, value: await this.httpGet(pod, metricsPort, '/metrics') })),
    );
  }

  /** The answer of an HTTP server in a pod. */
  httpGet(pod: Pod, port: number, path: string): Promise<string> {
    const { name, namespace = '' } = pod.metadata;
    return this.objects.ask(`get ${podName(pod)}:${port}${path}`, () =>
      this.objects.access.httpGet({ namespace, pod: name }, port, path),
    );
  }

  /** The pod whose server is asked. */
  async serverPod(): Promise<Pod> {
    const installation = await this.installation();
    const pod = askablePod(installation);
    if (pod) return pod;
    throw new NotSeen('the server has no pod', installationName(installation));
  }

  private logs(pods: readonly Pod[], container: string): Promise<readonly OfPod<readonly LogLine[]>[]> {
    const { logLines: lines, logSeconds: seconds } = this.bounds;
    return Promise.all(
      pods.map(async (pod) => {
        const { name, namespace = '' } = pod.metadata;
        // Of a pod that has no node the API server gives an empty log.
        if (pod.spec?.nodeName === undefined)
          throw new NotSeen('there is no log: the pod has no node', `pod ${podName(pod)}`);
        const text = await this.objects.ask(`log ${podName(pod)} ${container}`, () =>
          this.objects.access.log({ namespace, pod: name, container }, { lines, seconds }),
        );
        return { pod, value: this.asked.of(`lines ${podName(pod)} ${container}`, () => logLines(text)) };
      }),
    );
  }

  /** What the server's own command line answers. */
  private async json<T>(...command: readonly string[]): Promise<T> {
    return this.jsonOf<T>(await this.installation(), command);
  }

  private async jsonOf<T>(installation: Installation, command: readonly string[]): Promise<T> {
    const { stdout, stderr, code } = await this.run(installation, command);
    const place = installationName(installation);
    const words = `spire-server ${command.join(' ')}`;
    if (code !== 0) {
      const said = (stderr || stdout).trim().split('\n')[0] ?? '';
      throw new NotSeen(`'${words}' ended with code ${code}: ${said}`, place);
    }
    try {
      return JSON.parse(stdout) as T;
    } catch {
      throw new NotSeen(`'${words}' printed what is no JSON; is SPIRE older than 1.5?`, place);
    }
  }

  /** Runs the server's command line in one of its pods; where the program lies is tried. */
  private async run(installation: Installation, command: readonly string[]): Promise<ExecResult> {
    const pod = askablePod(installation);
    if (pod === undefined) throw new NotSeen('the server has no pod', installationName(installation));
    const socket = installation.conf?.socketPath;
    const words = [...command, '-output', 'json', ...(socket === undefined ? [] : ['-socketPath', socket])];
    const { container, programs } = installation;
    const place = { namespace: installation.namespace, pod: pod.metadata.name, container };
    let failed: unknown;
    for (const program of this.found === undefined ? programs : [this.found]) {
      try {
        const result = await this.objects.access.exec(place, [program, ...words]);
        this.found = program;
        return result;
      } catch (error) {
        if (!isMissingProgram(error)) throw error;
        failed = error;
      }
    }
    throw failed;
  }

  private async trustDomainOf(installation: Installation): Promise<string | undefined> {
    try {
      const { trust_domain } = await this.jsonOf<BundleJson>(installation, ['bundle', 'show']);
      return trust_domain;
    } catch {
      // Then it is not known whose it is; that none was found is said where it is missed.
      return undefined;
    }
  }
}

/** What container runtimes say of a program that is not there. */
const isMissingProgram = (error: unknown): boolean =>
  AccessError.is(error, 'failed') && /no such file or directory|executable file not found/i.test(error.message);
