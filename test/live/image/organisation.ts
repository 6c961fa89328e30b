import { Member } from '../runtime/federation-pair';

/** User that the programs of images run as, and where their Node.js lies. */
const CONTAINER = ['unix:uid:65532', 'unix:path:/usr/local/bin/node'];

/** A trust domain whose workloads run in containers: its agent knows them by their user and their program. */
export class Organisation extends Member {
  /** Folder of the agent's socket. */
  get workloadApi(): string {
    return this.path('workload');
  }

  /** Gives an identity to the containers that ask its agent. */
  enterContainers(path: string, federatesWith: readonly Organisation[]): void {
    this.server(
      ...['entry', 'create', '-parentID', this.node, '-spiffeID', this.id(path)],
      ...CONTAINER.flatMap((selector) => ['-selector', selector]),
      ...federatesWith.flatMap(({ trustDomain }) => ['-federatesWith', `spiffe://${trustDomain}`]),
    );
  }

  /** Believes another one, from what that publishes to everybody. */
  believe(other: Organisation): void {
    this.follow(other.trustDomain, other.endpointUrl, { id: other.endpointId, seed: other.bundle() });
  }
}
