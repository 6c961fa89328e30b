import { appendFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RelayLine } from '../support/relay';
import type { MeshCluster } from './mesh-cluster';
import type { PodContainers } from './pod-containers';

const ROOT = resolve(__dirname, '..', '..', '..');

/** What the image has as its program: the command, from its source. */
const PROGRAM = [
  process.execPath,
  ...['--import', resolve(ROOT, 'node_modules/tsx/dist/loader.mjs')],
  resolve(ROOT, 'lib/cli/main.ts'),
];

/** Shows the programs of the machine below the pod's root, wherever this project lies; the mounts are of the program's own, and end with it. */
const WITH_MACHINE = `root=$1 project=$2; shift 2
for place in /*; do
  case "$place" in /bootstrap|/etc|/kubeconfigs|/tmp|/var) continue; esac
  if [ -L "$place" ]; then cp -Pf "$place" "$root$place"
  elif [ -d "$place" ]; then mkdir -p "$root$place" && mount --rbind "$place" "$root$place"; fi
done
mkdir -p "$root$project" && mount --rbind "$project" "$root$project"
exec chroot "$root" "$@"`;

/** How the program of a pod has ended. */
export interface Ended {
  readonly code: number | null;
  /** Lines that it has printed. */
  readonly lines: readonly string[];
}

/**
 * The pod that the Job controller has made for a BootstrapJob: its files and its account's token are its own, and its network has what
 * the test leads into it.
 */
export class BootstrapPod {
  private hosts = 0;

  private constructor(private readonly containers: PodContainers) {}

  static async start({ node }: MeshCluster): Promise<BootstrapPod> {
    const stored = await node.bind('spire-server', 'app.kubernetes.io/name=spirekit-bundle-bootstrap');
    return new BootstrapPod(await node.mount(stored));
  }

  /** What stands behind the program in the container's command. */
  get words(): readonly string[] {
    return this.containers.container('bootstrap').command?.slice(2) ?? [];
  }

  /**
   * Leads from a host to where somebody answers.
   *
   * @param lines by the address that the host gets
   */
  async reach(hostname: string, lines: (address: string) => readonly RelayLine[]): Promise<void> {
    const address = `127.0.9.${++this.hosts}`;
    appendFileSync(this.containers.pod.path('/etc/hosts'), `${address} ${hostname}\n`);
    await this.containers.pod.relay(lines(address));
  }

  /** Has other files in a volume, as when a Secret has changed. */
  refill(volume: string, files: Readonly<Record<string, string>>): void {
    this.containers.refill(volume, files);
  }

  /** Runs the container's command, for a minute at most. */
  async run(...more: string[]): Promise<Ended> {
    const { pod } = this.containers;
    const args = ['-c', WITH_MACHINE, 'sh', pod.folder, ROOT, ...PROGRAM, ...this.words, '--wait', '60s', ...more];
    const program = pod.startBeside('sh', args, {
      name: 'bootstrap',
      env: { ...this.containers.env('bootstrap'), TMPDIR: '/tmp' },
    });
    const code = await program.exit(120);
    return { code, lines: program.text.split('\n').filter((line) => line !== '') };
  }
}
