import { mustBeside, twoAtATime } from '../support/beside';
import type { LiveCluster } from '../support/cluster';
import { changesBetween, type Stored, shown } from '../support/comparison';
import { typesOf } from '../support/inventory';
import type { Written } from '../support/synthesized';

/** Prefix of the field managers that the Kubernetes provider makes up, one for each object. */
const PULUMI = 'pulumi-kubernetes';

/** An object that Pulumi has applied. */
export interface Deployed extends Stored {
  readonly metadata: Stored['metadata'] & { readonly uid: string };
}

/**
 * Compares what a stack has put on a cluster with what cdk8s wrote for it, in both directions:
 *
 * - The objects. On the cluster these are all, of any kind, of which Pulumi has applied fields. One of which nothing but a
 *   name is applied leaves no trace there; such a one stands in the stack's own list alone.
 * - The fields of each. The API server is asked, without doing it, what would become of the object if what cdk8s wrote were
 *   applied in Pulumi's name. Server-side apply sets what is written, and takes away what the same name applied before and
 *   no longer does: so a field that the stack has otherwise, has not, or has besides becomes a difference, of the object
 *   itself or of the list of the fields that Pulumi owns.
 *
 * Left out are the annotations by which Pulumi tells itself how to wait, the status, and what controllers have written, such
 * as defaults and a webhook's `caBundle`: neither engine writes these.
 *
 * @returns a line for each difference
 */
export async function differencesFrom(written: readonly Written[], cluster: LiveCluster): Promise<string[]> {
  const deployed = new Map((await appliedOn(cluster)).map((object) => [shown(object), object]));
  const expected = new Map(written.map((object) => [shown(object), object]));
  const compared = [...expected].flatMap(([name, object]) => {
    const live = deployed.get(name);
    return live ? [() => fieldsThatDiffer(object, live, cluster)] : [];
  });
  return [
    ...[...expected.keys()].filter((name) => !deployed.has(name)).map((name) => `${name} is written, and not deployed`),
    ...[...deployed.keys()].filter((name) => !expected.has(name)).map((name) => `${name} is deployed, and not written`),
    ...(await Promise.all(twoAtATime(compared))).flat(),
  ];
}

/** All objects of a cluster of which Pulumi has applied fields. */
export async function appliedOn(cluster: LiveCluster): Promise<Deployed[]> {
  const types = await typesOf((...args) => cluster.kubectlBeside(...args));
  const text = await cluster.kubectlBeside('get', types, '-A', '--show-managed-fields', '-o', 'json');
  const { items } = JSON.parse(text) as { items: Deployed[] };
  return items.filter((object) => managersOf(object).length > 0);
}

async function fieldsThatDiffer(object: Written, live: Stored, cluster: LiveCluster): Promise<string[]> {
  const [manager = '', ...more] = managersOf(live);
  if (more.length > 0) return [`${shown(live)} is applied by several: ${[manager, ...more].join(', ')}`];
  const apply = ['apply', '--server-side', '--force-conflicts', '--dry-run=server', `--field-manager=${manager}`];
  const text = await mustBeside('kubectl', [...apply, '--show-managed-fields', '-o', 'json', '-f', '-'], {
    env: cluster.env,
    input: JSON.stringify(withAnnotations(object, live)),
  });
  return changesBetween([live], [JSON.parse(text) as Stored]).map((line) => line.slice(0, 500));
}

function managersOf({ metadata: { managedFields = [] } }: Stored): string[] {
  return managedFields.map(({ manager }) => String(manager)).filter((manager) => manager.startsWith(PULUMI));
}

/** What was written, with the annotations that only Pulumi's engine adds. */
function withAnnotations(object: Written, { metadata: { annotations = {} } }: Stored): object {
  const own = Object.entries(annotations).filter(([name]) => name.startsWith('pulumi.com/'));
  if (own.length === 0) return object;
  const { annotations: written } = object.metadata as { readonly annotations?: object };
  return { ...object, metadata: { ...object.metadata, annotations: { ...written, ...Object.fromEntries(own) } } };
}
