import type { IConstruct } from 'constructs';
import { OptionReader, timeText } from '../../core';
import { labelProblem, subdomainProblem } from '../../kube';
import type { FluxOptions, FluxSource } from './options';
import { pathOf, textsOf } from './read-options';

/** What was asked of Flux, checked, with the defaults in it. */
export interface FluxSettings {
  readonly source: FluxSource & { readonly kind: string };
  /** Empty for the root. */
  readonly path: string;
  readonly namespace: string;
  readonly interval: string;
  readonly retryInterval: string;
  readonly timeout: string;
  readonly prune: boolean;
  readonly serviceAccountName: string | undefined;
  /** Secrets with a kubeconfig, by cluster of the program. */
  readonly kubeConfigs: ReadonlyMap<string, string>;
}

const KNOWN: readonly (keyof FluxOptions)[] = [
  'source',
  'path',
  'namespace',
  'interval',
  'retryInterval',
  'timeout',
  'prune',
  'serviceAccountName',
  'kubeConfigs',
];

const KINDS = ['GitRepository', 'OCIRepository', 'Bucket'] as const;

const MINUTE = 60_000;

/** Reads the options, and reports what is wrong with them; undefined when they are no options at all. */
export function fluxSettings(place: IConstruct, options: unknown): FluxSettings | undefined {
  const reader = new OptionReader(place, 'delivery', 'delivery', options, KNOWN);
  if (!reader.isUsable) return undefined;
  const time = (name: string, fallback: number): string =>
    timeText(reader.time(name, { least: 1_000, unit: 'seconds' }) ?? fallback);
  return {
    source: sourceOf(reader),
    path: pathOf(reader),
    namespace: reader.text('namespace', labelProblem) ?? 'flux-system',
    interval: time('interval', 10 * MINUTE),
    retryInterval: time('retryInterval', MINUTE),
    timeout: time('timeout', 5 * MINUTE),
    prune: reader.flag('prune') ?? false,
    serviceAccountName: reader.text('serviceAccountName', subdomainProblem),
    kubeConfigs: textsOf(reader, 'kubeConfigs', subdomainProblem),
  };
}

function sourceOf(reader: OptionReader): FluxSettings['source'] {
  const remedy = "write such as { name: 'platform' }, by the name of a GitRepository that is there";
  if (!reader.has('source')) reader.add('source', { message: 'is missing', remedy });
  const source = reader.part('source', ['kind', 'name', 'namespace']);
  const namespace = source?.text('namespace', labelProblem);
  return {
    kind: source?.word('kind', KINDS) ?? 'GitRepository',
    name: source?.requiredText('name', 'write the name of the source', subdomainProblem) ?? '',
    ...(namespace !== undefined && { namespace }),
  };
}
