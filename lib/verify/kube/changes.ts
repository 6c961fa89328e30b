import type { Duplex } from 'node:stream';
import type { ClusterAccess, ContainerPlace, KubeObject } from './access';
import type { Resource } from './resources';

/** A command that runs in a container, with its input and output. */
export interface RunningCommand {
  /** Its standard input and output, byte for byte; its end is that of the command. */
  readonly stream: Duplex;
  /**
   * How it has ended. Rejects with an `AccessError` if it could not be run, or the connection to it broke.
   *
   * @returns exit code, and what it has printed on its standard error
   */
  readonly ended: Promise<{ readonly code: number; readonly stderr: string }>;
  /** Leaves it alone: the API server ends its input. */
  leave(): void;
}

/** What changes a cluster: the test of workloads, which touches only what it has made itself, and who makes relationships. */
export interface ClusterChanges {
  /** The same cluster, for questions that go on when others are given up. */
  readonly access: ClusterAccess;
  /** Makes an object. */
  create<T extends KubeObject>(resource: Resource, object: KubeObject): Promise<T>;
  /** Removes an object; that it is not there is fine. */
  delete(resource: Resource, name: string, namespace?: string): Promise<void>;
  /** Starts a command in a container. */
  start(place: ContainerPlace, command: readonly string[]): Promise<RunningCommand>;
}
