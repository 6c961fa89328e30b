import type { ClusterAccess, ContainerPlace, KubeObject } from './access';
import { AccessError } from './access-error';
import type { ClusterChanges, RunningCommand } from './changes';
import type { ApiRequest } from './request';
import { pathOf, type Resource, resourceName } from './resources';

/** How a client sends what changes a cluster: in its turn, and in time. */
export interface Sender {
  send(request: Omit<ApiRequest, 'signal' | 'bytes'>, what: string): Promise<Buffer>;
  start(place: ContainerPlace, command: readonly string[]): Promise<RunningCommand>;
}

/** Changes a cluster by the means of a client. */
export class KubeChanges implements ClusterChanges {
  constructor(
    readonly access: ClusterAccess,
    private readonly sender: Sender,
  ) {}

  async create<T extends KubeObject>(resource: Resource, object: KubeObject): Promise<T> {
    const path = pathOf(resource, object.metadata.namespace);
    const answer = await this.sender.send({ method: 'POST', path, body: object }, resourceName(resource));
    return JSON.parse(answer.toString('utf8')) as T;
  }

  async delete(resource: Resource, name: string, namespace?: string): Promise<void> {
    try {
      await this.sender.send({ method: 'DELETE', path: pathOf(resource, namespace, name) }, resourceName(resource));
    } catch (error) {
      if (!AccessError.is(error, 'not-found', 'not-installed')) throw error;
    }
  }

  start(place: ContainerPlace, command: readonly string[]): Promise<RunningCommand> {
    return this.sender.start(place, command);
  }
}
