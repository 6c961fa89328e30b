import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { LivePod } from '../support/pod';
import type { LiveProcess } from '../support/process';

/** Files by name. */
export type Files = Readonly<Record<string, string>>;

/** A volume, as far as something is in it before the pod starts. */
export interface Volume {
  readonly name: string;
  readonly configMap?: { readonly name: string };
  readonly secret?: { readonly secretName: string };
  readonly projected?: { readonly sources: readonly ProjectedSource[] };
}

/** A part of a projected volume. */
export interface ProjectedSource {
  readonly serviceAccountToken?: {
    readonly audience?: string;
    readonly expirationSeconds?: number;
    readonly path: string;
  };
  readonly configMap?: { readonly name: string; readonly items: readonly { key: string; path: string }[] };
  readonly downwardAPI?: { readonly items: readonly { path: string; fieldRef: FieldRef }[] };
}

/** A field of the pod itself. */
export interface FieldRef {
  readonly fieldPath: string;
}

/** A container, as far as the rig plays it. */
export interface Container {
  readonly name: string;
  readonly command?: readonly string[];
  readonly args: readonly string[];
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly fieldRef?: FieldRef };
  }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

/** Specification of a pod, as far as the rig plays it. */
export interface PodSpec {
  readonly hostPID?: boolean;
  readonly nodeName?: string;
  readonly securityContext?: { readonly runAsUser?: number };
  readonly serviceAccountName?: string;
  readonly containers: readonly Container[];
  readonly volumes: readonly Volume[];
}

/**
 * The containers of a pod, run by its specification: mounts, variables, commands, arguments and the pod's user are as
 * written. They share one root folder, and so a volume that is mounted twice is a link.
 */
export class PodContainers {
  constructor(
    readonly spec: PodSpec,
    readonly pod: LivePod,
  ) {}

  /**
   * Lays out the volumes of all containers.
   *
   * @param filesIn what is in a volume that the kubelet fills; nothing for those that begin empty
   */
  mount(filesIn: (volume: Volume) => Files | undefined): void {
    const places = new Map<string, string>();
    for (const { name, mountPath } of this.spec.containers.flatMap(({ volumeMounts }) => volumeMounts)) {
      const place = places.get(name);
      if (place === mountPath) continue;
      if (place !== undefined) {
        symlinkSync(place, this.pod.path(mountPath));
        continue;
      }
      places.set(name, mountPath);
      const volume = this.spec.volumes.find((candidate) => candidate.name === name) ?? { name };
      this.fill(mountPath, filesIn(volume) ?? {});
    }
  }

  /** Fills a volume anew with what its objects hold now. */
  refill(volume: string, files: Files): void {
    for (const [name, text] of Object.entries(files)) this.pod.write(join(this.placeOf(volume), '..data', name), text);
  }

  /** A volume loses what is in it. */
  empty(volume: string): void {
    const folder = this.pod.path(this.placeOf(volume));
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
  }

  container(name: string): Container {
    const found = this.spec.containers.find((container) => container.name === name);
    if (!found) throw new Error(`the pod has no container '${name}'`);
    return found;
  }

  /**
   * Variables of a container. `$(NAME)` in them stands for the pod's variables, or those before it, as with a kubelet.
   *
   * @param fieldAt value of a field of the pod that a variable refers to
   */
  env(name: string, fieldAt: (path: string) => string = unknownField): Record<string, string> {
    const known: Record<string, string | undefined> = { ...this.pod.env };
    const variables: Record<string, string> = {};
    for (const { name: variable, value = '', valueFrom } of this.container(name).env ?? []) {
      const text = valueFrom?.fieldRef
        ? fieldAt(valueFrom.fieldRef.fieldPath)
        : value.replaceAll(/\$\((\w+)\)/g, (reference, other: string) => known[other] ?? reference);
      known[variable] = text;
      variables[variable] = text;
    }
    return variables;
  }

  /** Starts a container by its command; where there is none, the program of its image has the container's name. */
  start(name: string, env = this.env(name)): LiveProcess {
    const { command: [program = name, ...first] = [], args } = this.container(name);
    const user = this.user === undefined ? {} : { user: this.user };
    return this.pod.startAs(
      { env, ...user, hostPid: this.spec.hostPID === true },
      basename(program),
      ...first,
      ...args,
    );
  }

  /** Where a volume is mounted; the other places are links to it. */
  private placeOf(volume: string): string {
    const mounts = this.spec.containers.flatMap(({ volumeMounts }) => volumeMounts);
    const found = mounts.find(({ name }) => name === volume);
    if (!found) throw new Error(`no container mounts '${volume}', but ${mounts.map(({ name }) => name).join(', ')}`);
    return found.mountPath;
  }

  /** The user of the whole pod; root, unless one is written and the test may become it. */
  private get user(): number | undefined {
    return process.getuid?.() === 0 ? this.spec.securityContext?.runAsUser : undefined;
  }

  /** Number of a port, which a Service names. */
  port(name: string): number | undefined {
    const ports = this.spec.containers.flatMap((container) => container.ports ?? []);
    return ports.find((port) => port.name === name)?.containerPort;
  }

  /** Files as the kubelet lays them out: links into a folder that is exchanged as a whole. */
  private fill(mountPath: string, files: Files): void {
    const folder = this.pod.path(join(mountPath, '..data')).replace(/\/\.\.data$/, '');
    if (this.user !== undefined) {
      chmodSync(this.pod.folder, 0o755);
      chownSync(folder, this.user, this.user);
    }
    if (Object.keys(files).length === 0 || existsSync(join(folder, '..data'))) return;
    mkdirSync(join(folder, '..2026'));
    symlinkSync('..2026', join(folder, '..data'));
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(folder, '..2026', name), text);
      symlinkSync(join('..data', name), join(folder, name));
    }
  }
}

function unknownField(path: string): string {
  throw new Error(`nobody knows the pod's ${path}`);
}
