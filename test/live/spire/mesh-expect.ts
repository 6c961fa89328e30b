import { isDeepStrictEqual } from 'node:util';
import { settled } from '../support/beside';
import type { MeshCluster } from './mesh-cluster';

/** Seconds that a controller manager has for what it does by itself: three of its rounds. */
const PATIENCE = 30;

/**
 * Waits until something of a cluster is as expected. If it is not in time, the difference is shown with what the API server
 * has refused and what the controller manager said last.
 */
export async function expectSoon<T>(cluster: MeshCluster, ask: () => Promise<T> | T, expected: T): Promise<void> {
  const found = await settled(
    PATIENCE,
    async () => ask(),
    (it) => isDeepStrictEqual(it, expected),
  );
  try {
    expect(found).toEqual(expected);
  } catch (error) {
    const last = cluster.managerText.split('\n').slice(-30).join('\n');
    const refused = cluster.api.forbidden.map((line) => `the API server has refused: ${line}\n`).join('');
    throw new Error(
      `${(error as Error).message}\n\n${refused}the controller manager of ${cluster.trustDomain} said last:\n${last}`,
    );
  }
}
