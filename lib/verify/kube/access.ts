import type { ClusterChanges } from './changes';
import type { Resource } from './resources';

/** What every object has. */
export interface KubeObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly creationTimestamp?: string;
    readonly deletionTimestamp?: string;
    readonly generation?: number;
    readonly ownerReferences?: readonly {
      readonly kind: string;
      readonly name: string;
      readonly controller?: boolean;
    }[];
  };
}

/** Which objects of a kind. */
export interface ListOptions {
  /** @default - of all namespaces */
  readonly namespace?: string;
  /** @default - all */
  readonly labelSelector?: string;
}

/** A container of a pod. */
export interface ContainerPlace {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** What a command in a container has printed, and how it ended. */
export interface ExecResult {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit code. */
  readonly code: number;
}

/** Which lines of a log. */
export interface LogOptions {
  /** The last ones, so many. */
  readonly lines: number;
  /** Not older than that. */
  readonly seconds: number;
  /** Of the container before its last restart. @default false */
  readonly previous?: boolean;
}

/** Somebody and something: what an access review asks. */
export interface AccessQuestion {
  /** Such as `system:serviceaccount:openshift-ingress:router`. @default - whoever asks */
  readonly user?: string;
  readonly groups?: readonly string[];
  readonly verb: string;
  readonly resource: Resource;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** What an access review answers. */
export interface AccessAnswer {
  readonly allowed: boolean;
  /** Why, as the authorizer says it; may be empty. */
  readonly reason: string;
}

/**
 * A cluster as checks need it, and nothing that changes it. Every method has a bound in time and size, and throws an `AccessError`
 * that says what went wrong in the terms of Kubernetes.
 */
export interface ClusterAccess {
  /** Name of the context of the kubeconfig. */
  readonly context: string;
  /** URL of the API server. */
  readonly server: string;
  /** Version of Kubernetes: whether the cluster answers at all. */
  version(): Promise<string>;
  /** One object. */
  get<T extends KubeObject>(resource: Resource, name: string, namespace?: string): Promise<T>;
  /** All objects of a kind, read page by page. */
  list<T extends KubeObject>(resource: Resource, options?: ListOptions): Promise<readonly T[]>;
  /**
   * One value of a Secret. The others, such as private keys, are dropped as soon as they have arrived.
   *
   * @returns undefined when the Secret has no such key
   */
  secretValue(namespace: string, name: string, key: string): Promise<string | undefined>;
  /** Whether somebody may do something. */
  review(question: AccessQuestion): Promise<AccessAnswer>;
  /** Runs a command in a container, without input. */
  exec(place: ContainerPlace, command: readonly string[]): Promise<ExecResult>;
  /** The log of a container. */
  log(place: ContainerPlace, options: LogOptions): Promise<string>;
  /** The answer of an HTTP server at a port of a pod, which need not be reachable from anywhere. */
  httpGet(pod: Omit<ContainerPlace, 'container'>, port: number, path: string): Promise<string>;
  /** A connection to a port of a pod, for what is no HTTP; the caller ends it. */
  connect(pod: Omit<ContainerPlace, 'container'>, port: number): Promise<import('node:stream').Duplex>;
  /**
   * The same cluster for who changes it.
   *
   * @param signal ends its questions, in place of the signal that ends those of this one: what was made has to be removed also when
   *   all else is given up
   */
  changes(signal: AbortSignal): ClusterChanges;
}
