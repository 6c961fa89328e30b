import type { IConstruct } from 'constructs';
import type { ResourceRequirements, Toleration } from 'kubernetes-types/core/v1';
import { Cluster } from '../../cluster';
import { isLate, isObject, OptionReader, report } from '../../core';
import type { ProgramImage } from '../../image';
import { subdomainProblem } from '../../kube';
import { readLabels } from '../../monitoring';

/** Options of the federation exporter. */
export interface FederationExporterOptions {
  /**
   * An image with the programs of `@spirekit/runtime`: any `WorkloadImage`, such as `WorkloadImage.spirekit()`, or one that was
   * built elsewhere, by `WorkloadImage.existing()`.
   */
  readonly image: ProgramImage;
  /**
   * Clusters in which it runs.
   *
   * @default - all clusters of the mesh that believe somebody
   */
  readonly clusters?: readonly Cluster[];
  /** Secrets of SPIRE's namespace by which the image is pulled. @default - none */
  readonly imagePullSecrets?: readonly string[];
  /** @default - requests 20m of CPU and 96 MiB of memory, limited to 256 MiB and 128 MiB more for each 500 peers */
  readonly resources?: ResourceRequirements;
  /** Labels of the nodes on which it may run. @default - any node with an agent */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** Taints of nodes that it tolerates. @default - none */
  readonly tolerations?: readonly Toleration[];
}

/** Options as they can be worked with. */
export interface UsableExporter extends Omit<FederationExporterOptions, 'clusters'> {
  /** Undefined: wherever somebody is believed. */
  readonly clusters: ReadonlySet<Cluster> | undefined;
}

/** Rule of all findings about it. */
export const RULE = 'federation-exporter';

const OPTIONS = [
  'image',
  'clusters',
  'imagePullSecrets',
  'resources',
  'nodeSelector',
  'tolerations',
] as const satisfies readonly (keyof FederationExporterOptions)[];

/**
 * Reads the property `exporter` of a mesh, and reports what is wrong with it.
 *
 * @param clusters of the mesh
 * @returns undefined when there is none that could run
 */
export function readExporter(
  scope: IConstruct,
  given: unknown,
  clusters: readonly Cluster[],
): UsableExporter | undefined {
  if (given === undefined) return undefined;
  const reader = new OptionReader(scope, RULE, 'exporter', given, OPTIONS);
  if (!reader.isUsable) return undefined;
  const image = readImage(reader);
  const chosen = readClusters(reader, clusters);
  const imagePullSecrets = readPullSecrets(reader);
  const resources = readResources(reader);
  const nodeSelector = readLabels(reader, 'nodeSelector');
  const tolerations = reader.list('tolerations') as readonly Toleration[] | undefined;
  if (clusters.length === 0) {
    const remedy = 'leave it out';
    const message = 'has no effect: no member is a cluster of this program';
    report(scope, { rule: 'no-effect', severity: 'warning', property: 'exporter', message, remedy });
  }
  return (
    image && {
      image,
      clusters: chosen,
      ...(imagePullSecrets && { imagePullSecrets }),
      ...(resources && { resources }),
      ...(nodeSelector && { nodeSelector }),
      ...(tolerations && { tolerations }),
    }
  );
}

function readImage(reader: OptionReader): ProgramImage | undefined {
  const remedy = 'pass WorkloadImage.spirekit(…), or WorkloadImage.existing(…) of one that was built elsewhere';
  const image = reader.raw('image');
  const { image: reference, programs } = (isObject(image) ? image : {}) as Record<'image' | 'programs', unknown>;
  const { node, runtime } = (isObject(programs) ? programs : {}) as Record<'node' | 'runtime', unknown>;
  const isReference = isLate(reference) || typeof reference === 'string';
  if (isReference && [node, runtime].every((path) => typeof path === 'string' && path.startsWith('/'))) {
    return image as ProgramImage;
  }
  // What is known late is reported already.
  if (image === undefined && reader.has('image')) return undefined;
  const message = image === undefined ? 'is missing' : 'is not an image with the runtime in it';
  reader.add('image', { message, remedy }, typeof image === 'object' ? undefined : image);
  return undefined;
}

function readClusters(reader: OptionReader, clusters: readonly Cluster[]): ReadonlySet<Cluster> | undefined {
  const remedy = 'list clusters of the mesh: [east]';
  const given = reader.list('clusters', { remedy, empty: 'is empty, so that there is no exporter' });
  if (!given) return undefined;
  const chosen = new Set<Cluster>();
  given.forEach((cluster, index) => {
    const at = `clusters[${index}]`;
    const known = clusters.find((each) => each === cluster);
    if (known) {
      if (chosen.has(known)) reader.add(at, { message: 'is listed twice', remedy: 'keep one' }, known.node.path);
      chosen.add(known);
    } else if (cluster instanceof Cluster) {
      reader.add(at, { message: 'is no member of the mesh', remedy }, cluster.node.path);
    } else {
      reader.add(at, { message: 'is not a cluster', remedy }, typeof cluster === 'string' ? cluster : undefined);
    }
  });
  return chosen;
}

function readPullSecrets(reader: OptionReader): readonly string[] | undefined {
  const remedy = "write names of Secrets: ['registry']";
  return reader
    .list('imagePullSecrets', { remedy })
    ?.filter((name, index): name is string => reader.isText(`imagePullSecrets[${index}]`, name, subdomainProblem));
}

function readResources(reader: OptionReader): ResourceRequirements | undefined {
  const value = reader.raw('resources');
  if (value === undefined || isObject(value)) return value as ResourceRequirements | undefined;
  reader.add('resources', { message: 'is not an object', remedy: 'write its properties in braces' }, value);
  return undefined;
}
