import { type Finding, type GateCondition, isDeletedInBackground, shellWord } from '../../core';
import { apiGroupOf, emitYaml, labelValueProblem, subdomainProblem } from '../../kube';
import type { ClusterPlan, PlanStep } from '../plan';
import { healthChecks } from './argo-cd-health';
import type { ArgoCdSettings } from './argo-cd-settings';
import { ofDelivery, takenFolders, unknownClusters } from './cluster-names';
import { dotted, fieldSteps } from './field-path';
import { gatesOf, untellable } from './gates';
import type { DeliveryLayout, WaveParts } from './layout';
import { committedSecrets, takenAnnotations, unreadableAnnotations } from './object-findings';
import { BUNDLES } from './shared-bundles';
import { kustomization, waveFolderOf } from './wave-folder';

const SYNC_WAVE = 'argocd.argoproj.io/sync-wave';

/** An Application for each cluster, made by one ApplicationSet; waves are sync waves. */
export class ArgoCdLayout implements DeliveryLayout {
  readonly folder = 'argo-cd';

  constructor(private readonly settings: ArgoCdSettings) {}

  findings(plans: readonly ClusterPlan[]): Finding[] {
    return [
      ...takenFolders(plans, [this.folder, BUNDLES]),
      ...unknownClusters(plans, 'delivery.clusters', this.settings.clusters),
      ...plans.flatMap((plan) => [...this.nameFindings(plan), ...waveFindings(plan)]),
      ...this.twice(plans),
      ...takenAnnotations(plans, SYNC_WAVE, 'leave it out, and place the construct by setWave()'),
      ...unreadableAnnotations(plans),
      ...committedSecrets(plans),
      ...untellable(plans, 'Argo CD'),
    ];
  }

  waveParts({ wave }: PlanStep): WaveParts {
    return {
      annotations: { [SYNC_WAVE]: String(wave.order) },
      keptAnnotations: { 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' },
    };
  }

  files(plans: readonly ClusterPlan[]): Map<string, string> {
    const files = new Map<string, string>();
    for (const plan of plans) {
      const resources = plan.steps.map((step) => waveFolderOf(plan, step));
      files.set(`${plan.name}/kustomization.yaml`, kustomization({ resources }));
    }
    files.set(`${this.folder}/applicationset.yaml`, emitYaml(this.applicationSet(plans)));
    const health = healthChecks(plans, this.settings.namespace);
    if (health !== undefined) files.set(`${this.folder}/health.yaml`, health);
    return files;
  }

  lines(plans: readonly ClusterPlan[], folder: string): string[] {
    const { repoUrl, revision, namespace, path } = this.settings;
    const file = (name: string) => shellWord(`${folder}/${this.folder}/${name}`);
    const health =
      healthChecks(plans, namespace) === undefined
        ? []
        : [`  kubectl apply --server-side --field-manager=spirekit -f ${file('health.yaml')}`];
    return [
      `To have Argo CD deliver it: commit ${folder} as ${path || 'the root'} of ${repoUrl} (${revision}), and once, where Argo CD runs:`,
      '',
      ...health,
      `  kubectl apply -f ${file('applicationset.yaml')}`,
      '',
    ];
  }

  private applicationSet(plans: readonly ClusterPlan[]): Record<string, unknown> {
    const { name, namespace } = this.settings;
    const { elements, destination } = this.destinations(plans);
    return {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'ApplicationSet',
      metadata: { name, namespace },
      spec: {
        goTemplate: true,
        goTemplateOptions: ['missingkey=error'],
        generators: [{ list: { elements } }],
        // That a cluster is not in the program any more takes nothing away by itself: its removal has an order.
        syncPolicy: { applicationsSync: 'create-update', preserveResourcesOnDeletion: true },
        template: this.template(plans, destination),
      },
    };
  }

  /** Of name and server, Argo CD wants one, and takes an empty text for none: both stand there where clusters differ. */
  private destinations(plans: readonly ClusterPlan[]): { elements: object[]; destination: object } {
    const given = plans.map(({ name }) => ({ cluster: name, is: this.settings.clusters.get(name) ?? name }));
    const byServer = given.some(({ is }) => is.includes('://'));
    const byName = given.some(({ is }) => !is.includes('://'));
    const elements = given.map(({ cluster, is }) => ({
      cluster,
      ...(byName && { name: is.includes('://') ? '' : is }),
      ...(byServer && { server: is.includes('://') ? is : '' }),
    }));
    const destination = { ...(byName && { name: '{{ .name }}' }), ...(byServer && { server: '{{ .server }}' }) };
    return { elements, destination };
  }

  private template(plans: readonly ClusterPlan[], destination: object): object {
    const { name, project, repoUrl, revision, path, automated, prune, selfHeal } = this.settings;
    const ignored = ignoredFields(plans);
    return {
      metadata: { name: `${name}-{{ .cluster }}` },
      spec: {
        project,
        source: {
          repoURL: repoUrl,
          targetRevision: revision,
          path: [...(path === '' ? [] : [path]), '{{ .cluster }}'].join('/'),
        },
        // The namespace is that of objects which name none.
        destination: { ...destination, namespace: 'default' },
        ...(ignored.length > 0 && { ignoreDifferences: ignored }),
        syncPolicy: {
          ...(automated && { automated: { prune, selfHeal } }),
          // What a wave waits for may take longer than a try: an operator brings its definitions when it runs.
          retry: { limit: 8, backoff: { duration: '10s', factor: 2, maxDuration: '5m' } },
          syncOptions: [
            'ServerSideApply=true',
            'SkipDryRunOnMissingResource=true',
            'RespectIgnoreDifferences=true',
            'PruneLast=true',
            ...(prune ? [`PrunePropagationPolicy=${propagationOf(plans)}`] : []),
          ],
        },
      },
    };
  }

  private nameFindings({ cluster, name }: ClusterPlan): Finding[] {
    const value = `${this.settings.name}-${name}`;
    const problem = subdomainProblem(value) ?? labelValueProblem(value);
    if (!problem) return [];
    const message = "would be the name of the cluster's Application, and Kubernetes does not accept it";
    return [
      ofDelivery({ path: cluster.node.path, value, message, remedy: `${problem.remedy}: give the cluster another id` }),
    ];
  }

  /** Two clusters of the program on one of Argo CD would overwrite each other's objects. */
  private twice(plans: readonly ClusterPlan[]): Finding[] {
    const first = new Map<string, string>();
    return plans.flatMap(({ cluster, name }): Finding[] => {
      const destination = this.settings.clusters.get(name) ?? name;
      const other = first.get(destination);
      if (other === undefined) {
        first.set(destination, name);
        return [];
      }
      return [
        ofDelivery({
          severity: 'warning',
          path: cluster.node.path,
          property: `delivery.clusters.${name}`,
          value: destination,
          message: `is the cluster of '${other}', too: each would overwrite what the other has made`,
          remedy: 'give it a cluster of its own',
        }),
      ];
    });
  }
}

/** Fields that running programs fill, and a sync must leave alone. */
function ignoredFields(plans: readonly ClusterPlan[]): object[] {
  const ignored = plans.flatMap(({ steps }) =>
    steps.flatMap((step) =>
      gatesOf(step).flatMap(({ apiVersion, kind, name, condition }) => {
        const expression = jqOf(condition);
        if (expression === undefined) return [];
        const group = apiVersion.includes('/') ? apiGroupOf(apiVersion) : '';
        return [JSON.stringify({ ...(group !== '' && { group }), kind, name, jqPathExpressions: [expression] })];
      }),
    ),
  );
  return [...new Set(ignored)].sort().map((text) => JSON.parse(text) as object);
}

/** The status of an object is compared by nobody. */
function jqOf(condition: GateCondition): string | undefined {
  const steps = condition.type === 'field' ? fieldSteps(condition.path) : undefined;
  return steps && steps[0] !== 'status' ? `.${dotted(steps)}` : undefined;
}

/** In the foreground nothing ends whose controller makes its parts anew. */
function propagationOf(plans: readonly ClusterPlan[]): string {
  const background = plans.some(({ steps }) =>
    steps.some(({ objects }) => objects.some(({ object }) => isDeletedInBackground(object))),
  );
  return background ? 'background' : 'foreground';
}

/** Sync waves are whole numbers, and those of one number are applied together. */
function waveFindings({ cluster, steps }: ClusterPlan): Finding[] {
  const byOrder = new Map<number, string>();
  return steps.flatMap(({ wave: { order, name } }): Finding[] => {
    const at = { path: cluster.node.path, property: 'wave', value: `${order} ${name}` };
    const other = byOrder.get(order);
    byOrder.set(order, name);
    if (!Number.isSafeInteger(order)) {
      return [ofDelivery({ ...at, message: 'has an order that is no sync wave', remedy: 'give it a whole number' })];
    }
    if (other === undefined) return [];
    return [
      ofDelivery({
        ...at,
        severity: 'warning',
        message: `has the order of wave '${other}': Argo CD applies both together`,
        remedy: 'give it a number of its own',
      }),
    ];
  });
}
