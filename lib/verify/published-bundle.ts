import type { Bounds } from './bounds';
import type { PublishedBundle } from './discovery/server-conf';
import { AccessError, type ClusterAccess, RESOURCES } from './kube';
import { NotSeen } from './not-seen';
import { ClusterObjects } from './observe/cluster-objects';
import { SpireView } from './observe/spire-view';

/** A ConfigMap that holds a bundle; without a key, it has one alone. */
export type BundlePlace = Omit<PublishedBundle, 'key'> & Partial<Pick<PublishedBundle, 'key'>>;

/**
 * Where the server of a trust domain publishes its bundle in its cluster, as its own configuration says. Needs the right to
 * list pods and to read ConfigMaps.
 *
 * @throws AccessError, NotSeen if it cannot be seen
 */
export async function publishedPlaces(
  access: ClusterAccess,
  trustDomain: string,
  bounds: Bounds,
): Promise<readonly PublishedBundle[]> {
  const member = { name: access.context, platform: 'kubernetes', trustDomain } as const;
  const view = new SpireView(member, new ClusterObjects(access), bounds);
  const { publishedBundles } = await view.serverConf();
  if (publishedBundles.length > 0) return publishedBundles;
  throw new NotSeen(
    `the SPIRE server of ${trustDomain} publishes its bundle in no ConfigMap of its cluster`,
    `cluster of context ${access.context}`,
  );
}

/**
 * The text of a published bundle. Needs the right to get that one ConfigMap, and nothing else.
 *
 * @throws AccessError, NotSeen if it cannot be read
 */
export async function publishedText(
  access: ClusterAccess,
  { namespace, configMap, key }: BundlePlace,
): Promise<{ readonly key: string; readonly text: string }> {
  const where = `ConfigMap ${namespace}/${configMap} of context ${access.context}`;
  const object = await access.get<{
    metadata: { name: string };
    data?: Readonly<Record<string, string>>;
  }>(RESOURCES.configMaps, configMap, namespace);
  const data = object.data ?? {};
  const names = Object.keys(data);
  const keys = names.map((name) => `'${name}'`).join(', ');
  if (key === undefined && names.length > 1) throw new NotSeen(`has the keys ${keys}, and none is named`, where);
  const name = key ?? names[0] ?? '';
  const text = data[name];
  if (text !== undefined) return { key: name, text };
  throw new NotSeen(key === undefined ? 'is empty' : `has no key '${key}', but ${keys || 'none at all'}`, where);
}

/** Why something of a cluster could not be read, with the place; undefined of other errors. */
export function unreadable(error: unknown): string | undefined {
  if (error instanceof NotSeen) return `${error.where}: ${error.message}`;
  return error instanceof AccessError ? error.message : undefined;
}
