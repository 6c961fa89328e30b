import type { IConstruct } from 'constructs';
import { OptionReader } from '../../core';
import { labelProblem, subdomainProblem } from '../../kube';
import type { ArgoCdOptions } from './options';
import { destinationProblem, openUrlProblem, repoUrlProblem, revisionProblem, withoutPassword } from './problems';
import { pathOf, textsOf } from './read-options';

/** What was asked of Argo CD, checked, with the defaults in it. */
export interface ArgoCdSettings {
  readonly repoUrl: string;
  readonly revision: string;
  /** Empty for the root. */
  readonly path: string;
  readonly name: string;
  readonly namespace: string;
  readonly project: string;
  /** Destinations by cluster of the program. */
  readonly clusters: ReadonlyMap<string, string>;
  readonly automated: boolean;
  readonly prune: boolean;
  readonly selfHeal: boolean;
}

const KNOWN: readonly (keyof ArgoCdOptions)[] = [
  'repoUrl',
  'path',
  'revision',
  'name',
  'namespace',
  'project',
  'clusters',
  'automated',
  'prune',
  'selfHeal',
];

/** Reads the options, and reports what is wrong with them; undefined when they are no options at all. */
export function argoCdSettings(place: IConstruct, options: unknown): ArgoCdSettings | undefined {
  const reader = new OptionReader(place, 'delivery', 'delivery', options, KNOWN);
  if (!reader.isUsable) return undefined;
  const automated = reader.flag('automated') ?? true;
  const onlyAutomated = (name: 'prune' | 'selfHeal'): boolean => {
    const flag = reader.flag(name) ?? false;
    if (flag && !automated) {
      reader.add(name, {
        message: 'does nothing when no sync starts by itself',
        remedy: "leave out 'automated: false'",
      });
    }
    return flag;
  };
  return {
    repoUrl: repoUrlOf(reader),
    revision: reader.text('revision', revisionProblem) ?? 'HEAD',
    path: pathOf(reader),
    name: reader.text('name', subdomainProblem) ?? 'spirekit',
    namespace: reader.text('namespace', labelProblem) ?? 'argocd',
    project: reader.text('project', subdomainProblem) ?? 'default',
    clusters: textsOf(reader, 'clusters', destinationProblem),
    automated,
    prune: onlyAutomated('prune'),
    selfHeal: onlyAutomated('selfHeal'),
  };
}

function repoUrlOf(reader: OptionReader): string {
  const remedy = "write the URL of the Git repository, such as 'https://git.example.com/platform.git'";
  const url = reader.requiredText('repoUrl', remedy, (text) => {
    const problem = repoUrlProblem(text);
    if (!problem || withoutPassword(text) === text) return problem;
    // What is shown must not hold it: it is reported apart.
    reader.add('repoUrl', problem, withoutPassword(text));
    return undefined;
  });
  const problem = url === undefined ? undefined : openUrlProblem(url);
  if (url !== undefined && problem) reader.add('repoUrl', problem, withoutPassword(url), 'warning');
  return url ?? '';
}
