import type { SpiffeBundle } from '@spirekit/runtime/bundle';
import type { MakingMeans } from '../../../../lib/cli/bundle/bootstrapping/make-relationship';
import type { RelationshipObject } from '../../../../lib/cli/bundle/bootstrapping/relationship-object';
import type { BootstrapRelationship } from '../../../../lib/federation';
import type { ClusterChanges, KubeObject } from '../../../../lib/verify';
import { DataAccess } from '../../../verify/data-access';

export const WEST = 'west.example.com';

/** What a Job is told of west. */
export const WANTED: BootstrapRelationship = {
  name: `${WEST}-bootstrap`,
  earlier: WEST,
  spec: {
    trustDomain: WEST,
    bundleEndpointURL: `https://federation.${WEST}`,
    bundleEndpointProfile: { type: 'https_spiffe', endpointSPIFFEID: `spiffe://${WEST}/spire/server` },
    className: 'spire',
  },
  from: { by: 'web', url: 'https://bundles.example.com/west.json' },
};

/** A cluster with relationships, which remembers what was done to it and to whom was talked, in its order. */
export class RelationshipCluster {
  readonly done: string[] = [];
  /** What the next changes fail with; undefined: that one does not. */
  readonly failures: (Error | undefined)[] = [];
  constructor(readonly objects: RelationshipObject[] = []) {}

  /** @param bundle what is fetched; undefined: nobody answers */
  means(bundle: SpiffeBundle | undefined, more: Partial<MakingMeans> = {}): MakingMeans {
    const { objects, done, failures } = this;
    const fail = (): void => {
      const failure = failures.shift();
      if (failure) throw failure;
    };
    const access = new DataAccess('east', { objects: { 'clusterfederatedtrustdomains.spire.spiffe.io': objects } });
    const changes: ClusterChanges = {
      access,
      create: async <T extends KubeObject>(_: unknown, object: KubeObject) => {
        done.push(`create ${object.metadata.name}`);
        fail();
        objects.push(object as RelationshipObject);
        return object as T;
      },
      delete: async (_, name) => {
        done.push(`delete ${name}`);
        fail();
        objects.splice(
          objects.findIndex(({ metadata }) => metadata.name === name),
          1,
        );
      },
      start: () => Promise.reject(new Error('nothing is run')),
    };
    return {
      access,
      changes,
      fetch: async () => {
        done.push('fetch');
        if (!bundle) throw new Error('nobody answers');
        return { bundle, from: 'https://bundles.example.com/west.json', provenBy: 'the Web PKI (public authorities)' };
      },
      pause: async (seconds) => {
        done.push(`pause ${seconds}`);
      },
      say: (text) => void done.push(`say ${text}`),
      now: () => new Date(),
      replaceable: new Set(),
      ...more,
    };
  }
}
