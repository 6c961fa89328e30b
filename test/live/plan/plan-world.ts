import { Waves } from '../../../lib/core';
import type { Mesh } from '../../../lib/federation';
import type { KeptValue, Plan, PlanAction } from '../../../lib/federation/plan';
import { believedBy, type Given } from '../spire/federation-pods';
import { LiveMesh } from '../spire/mesh';
import type { MeshCluster } from '../spire/mesh-cluster';
import type { Outcome } from '../support/run';
import { type Program, Synthesis } from './synthesis';
import { UserShell } from './user-shell';

/** A federation that runs, and the program that it was made by, which changes while it does. */
export class PlanWorld {
  private readonly shell = new UserShell();
  /** Waves of clusters that do not run yet. */
  private readonly begun = new Map<string, readonly number[]>();

  private constructor(
    private readonly mesh: LiveMesh,
    private readonly given: Readonly<Record<string, Given>>,
    private now: Synthesis,
  ) {}

  /**
   * Installs all clusters of a program.
   *
   * @param given for each cluster by its name, those that come later included
   */
  static async start(program: Program, given: Readonly<Record<string, Given>> = {}): Promise<PlanWorld> {
    const now = Synthesis.of(program);
    try {
      return new PlanWorld(await LiveMesh.start((app) => void program(app), given), given, now);
    } catch (error) {
      now.end();
      throw error;
    }
  }

  /** The federation as the program says it now. */
  get model(): Mesh {
    return this.now.model;
  }

  member(name: string): MeshCluster {
    return this.mesh.member(name);
  }

  /** Another program takes the place of the one before; nothing is installed. */
  async change(program: Program): Promise<void> {
    const now = Synthesis.of(program);
    this.now.end();
    this.now = now;
    await this.connect();
  }

  /** Whether a cluster runs. */
  runs(name: string): boolean {
    return this.clusters.has(name);
  }

  /** The clusters that run, by their names. */
  get clusters(): ReadonlyMap<string, MeshCluster> {
    return this.mesh.byName;
  }

  /** The folder of the user's program, in which commands are typed. */
  get home(): string {
    return this.shell.folder;
  }

  /** Where the program has written everything. */
  get folder(): string {
    return this.now.outdir;
  }

  /** Applies waves of a cluster that runs, as the program says them now. */
  async install(name: string, ...waves: number[]): Promise<void> {
    const texts = this.now.waves(name);
    for (const wave of waves) await this.member(name).apply(texts.get(wave) ?? '');
  }

  /**
   * Applies waves of a cluster that does not run yet. It starts with the last of those before trust; then the rest can be
   * installed.
   */
  async begin(name: string, waves: readonly number[]): Promise<void> {
    const early = [...this.now.waves(name).keys()].filter((wave) => wave < Waves.trust.order);
    const begun = [...(this.begun.get(name) ?? []), ...waves];
    this.begun.set(name, begun);
    const late = waves.filter((wave) => wave >= Waves.trust.order);
    if (late.length > 0) throw new Error(`waves ${late} of '${name}' cannot be installed before ${early}`);
    if (!early.every((wave) => begun.includes(wave))) return;
    await this.mesh.join(name, this.now.folder(name), this.given[name]);
    await this.connect();
  }

  /**
   * Types commands into the shell of a user.
   *
   * @param keeps what they put into a variable
   */
  type(text: string, keeps?: KeptValue): Promise<Outcome> {
    this.shell.knows(this.clusters, this.model);
    return this.shell.type(text, keeps);
  }

  /**
   * The plan that the command makes of the program as it is now, and of what was locked.
   *
   * @param isMeant tells it from others for the same
   */
  async plan(action: PlanAction, member: string, isMeant: (plan: Plan) => boolean = () => true): Promise<Plan> {
    const { status, stdout, text } = await this.type(`npx spirekit plan ${action} ${member} --json`);
    if (status !== 0) throw new Error(text);
    const found = (JSON.parse(stdout) as { plans: Plan[] }).plans.find(isMeant);
    if (!found) throw new Error(`there is no such plan: ${stdout}`);
    return found;
  }

  /** Writes down what is deployed, to which later changes are held. */
  async lock(): Promise<void> {
    const { status, text } = await this.type('npx spirekit lock');
    if (status !== 0) throw new Error(text);
  }

  /** Ids of the changes since then that somebody has to approve. */
  async undecided(): Promise<string[]> {
    const { stdout, text } = await this.type('npx spirekit diff --json');
    if (stdout === '') throw new Error(text);
    const { meshes } = JSON.parse(stdout) as { meshes: { changes: { id: string; effect: string }[] }[] };
    return meshes.flatMap(({ changes }) => changes.filter(({ effect }) => effect === 'approval').map(({ id }) => id));
  }

  /**
   * A program with the approvals that it needs.
   *
   * @param program with these approvals
   */
  async approving(program: (approved: readonly string[]) => Program): Promise<Program> {
    await this.change(program([]));
    return program(await this.undecided());
  }

  /** A text with the values of the shell's variables that it names as `$NAME`. */
  filled(text: string): string {
    return this.shell.filled(text);
  }

  /** A command of `kubectl` in a cluster. */
  async kubectl(name: string, ...args: string[]): Promise<void> {
    await this.member(name).api.kubectl(...args);
  }

  /**
   * Does what kubelets do where a command has changed the pods of a cluster: they start anew.
   *
   * @param command that may
   */
  async rolling<T>(name: string, command: () => Promise<T>): Promise<T> {
    const { api } = this.member(name);
    const revisions = async () => {
      const path = '-o=jsonpath={.metadata.generation}';
      const server = await api.kubectl('-n', 'spire-server', 'get', 'statefulset', 'spire-server', path);
      return { server, agent: await api.kubectl('-n', 'spire-system', 'get', 'daemonset', 'spire-agent', path) };
    };
    const before = await revisions();
    const outcome = await command();
    const after = await revisions();
    if (after.server !== before.server) await this.member(name).replaceServer();
    if (after.agent !== before.agent) await this.member(name).replaceAgent();
    return outcome;
  }

  /** An object is applied to a cluster, strictly. */
  apply(name: string, manifest: object): Promise<Outcome> {
    return this.member(name).api.apply(JSON.stringify(manifest));
  }

  /**
   * A cluster loses the disk of its server, with datastore and keys.
   *
   * @param secrets what its Secrets hold from now on, where those are lost too
   */
  async lose(name: string, secrets: Given['secrets'] = {}): Promise<void> {
    const metadata = (secret: string) => ({ name: secret, namespace: 'spire-server' });
    for (const [secret, stringData] of Object.entries(secrets)) {
      const object = { apiVersion: 'v1', kind: 'Secret', metadata: metadata(secret), stringData };
      const { status, text } = await this.apply(name, object);
      if (status !== 0) throw new Error(text);
    }
    await this.member(name).replaceServer({ lost: true });
  }

  async end(): Promise<void> {
    this.shell.end();
    this.now.end();
    await this.mesh.end();
  }

  /** Leads from every server to those whom it believes, or will: names and networks are there before they are used. */
  private async connect(): Promise<void> {
    const running = this.now.clusters.filter((name) => this.runs(name));
    for (const name of running) {
      await this.member(name).server.reach(this.mesh.servers, believedBy(this.now.objects(name)));
    }
  }
}
