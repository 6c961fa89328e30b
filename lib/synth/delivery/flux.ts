import { compareWaves, type Finding, isKept, shellWord, Waves } from '../../core';
import { emitYaml, isClusterScoped, isCustomGroup, labelValueProblem, subdomainProblem } from '../../kube';
import type { ClusterPlan, PlanStep } from '../plan';
import { ofDelivery, takenFolders, unknownClusters } from './cluster-names';
import { fluxHealth } from './flux-health';
import type { FluxSettings } from './flux-settings';
import { untellable } from './gates';
import type { DeliveryLayout, WaveParts } from './layout';
import { committedSecrets, unreadableAnnotations } from './object-findings';
import { BUNDLES } from './shared-bundles';
import { waveFolderOf } from './wave-folder';

/** A Kustomization for each wave of each cluster, ready when what the next one needs is. */
export class FluxLayout implements DeliveryLayout {
  readonly folder = 'flux';

  constructor(private readonly settings: FluxSettings) {}

  findings(plans: readonly ClusterPlan[]): Finding[] {
    return [
      ...takenFolders(plans, [this.folder, BUNDLES]),
      ...unknownClusters(plans, 'delivery.kubeConfigs', this.settings.kubeConfigs),
      ...this.missingKubeConfigs(plans),
      ...plans.flatMap(nameFindings),
      ...plans.flatMap(withoutNamespace),
      ...unreadableAnnotations(plans),
      ...committedSecrets(plans),
      ...untellable(plans, 'Flux'),
    ];
  }

  waveParts(): WaveParts {
    return { keptAnnotations: { 'kustomize.toolkit.fluxcd.io/prune': 'disabled' } };
  }

  files(plans: readonly ClusterPlan[]): Map<string, string> {
    return new Map(
      plans.map((plan) => [
        `${this.folder}/${plan.name}/kustomizations.yaml`,
        plan.steps.map((step, index) => emitYaml(this.kustomization(plan, step, plan.steps[index - 1]))).join('---\n'),
      ]),
    );
  }

  lines(plans: readonly ClusterPlan[], folder: string): string[] {
    const { source, path, namespace } = this.settings;
    const from = `${source.kind} ${source.namespace ?? namespace}/${source.name}`;
    return [
      `To have Flux deliver it: commit ${folder} as ${path || 'the root'} of ${from}, and once, where the Flux of the cluster runs:`,
      '',
      ...plans.map(({ name }) => `  kubectl apply -f ${shellWord(`${folder}/${this.folder}/${name}`)}`),
      '',
    ];
  }

  private kustomization(plan: ClusterPlan, step: PlanStep, before: PlanStep | undefined): Record<string, unknown> {
    const { namespace, interval, retryInterval, timeout, prune, source, path, serviceAccountName } = this.settings;
    const kubeConfig = this.settings.kubeConfigs.get(plan.name);
    return {
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata: { name: nameOf(plan, step), namespace },
      spec: {
        sourceRef: { ...source },
        path: `./${[...(path === '' ? [] : [path]), step.kustomization].join('/')}`,
        ...(before && { dependsOn: [{ name: nameOf(plan, before) }] }),
        interval,
        retryInterval,
        timeout,
        ...this.pruning(step, prune),
        ...fluxHealth(step),
        ...(serviceAccountName !== undefined && { serviceAccountName }),
        ...(kubeConfig !== undefined && { kubeConfig: { secretRef: { name: kubeConfig } } }),
      },
    };
  }

  /**
   * Kustomizations that are deleted together take their objects away in no order, and without the CSI driver no pod ends: what
   * others run by is left to `remove.sh`. Relationships and identities go with their wave, or the last of them would stay.
   */
  private pruning({ wave, objects }: PlanStep, prune: boolean): object {
    if (!prune || objects.every(({ object }) => isKept(object))) return { prune: false };
    return { prune, ...(compareWaves(wave, Waves.trust) < 0 && { deletionPolicy: 'Orphan' }) };
  }

  /** With one Flux for all, a cluster without a kubeconfig would be installed where that one runs. */
  private missingKubeConfigs(plans: readonly ClusterPlan[]): Finding[] {
    const { kubeConfigs } = this.settings;
    if (kubeConfigs.size === 0) return [];
    const local = plans.filter(({ name }) => !kubeConfigs.has(name));
    if (local.length < 2) return [];
    return local.map(({ cluster, name }) =>
      ofDelivery({
        path: cluster.node.path,
        property: `delivery.kubeConfigs.${name}`,
        message: 'is missing, as is that of another cluster: both would be installed where Flux runs',
        remedy: 'write the name of the Secret that holds its kubeconfig',
      }),
    );
  }
}

const nameOf = (plan: ClusterPlan, step: PlanStep): string => `${plan.name}-${waveFolderOf(plan, step)}`;

/** The name of a Kustomization is the value of a label of all that it applies. */
function nameFindings(plan: ClusterPlan): Finding[] {
  return plan.steps.flatMap((step): Finding[] => {
    const value = nameOf(plan, step);
    const problem = subdomainProblem(value) ?? labelValueProblem(value);
    if (!problem) return [];
    const message = 'would be the name of a Kustomization, and Flux does not accept it';
    const remedy = `${problem.remedy}: give the cluster another id, or the wave another name`;
    return [ofDelivery({ path: plan.cluster.node.path, value, message, remedy })];
  });
}

/** kubectl takes the namespace of its context; Flux has none. */
function withoutNamespace({ steps }: ClusterPlan): Finding[] {
  return steps.flatMap(({ objects }) =>
    objects
      .filter(({ object: { apiGroup, kind, metadata } }) => {
        // Of foreign kinds nobody knows here whether they have one.
        return metadata.namespace === undefined && !isCustomGroup(apiGroup) && !isClusterScoped(kind);
      })
      .map(({ object }) =>
        ofDelivery({
          path: object.node.path,
          property: 'metadata.namespace',
          message: `is missing, and Flux knows of none to put a ${object.kind} into`,
          remedy: 'give it a namespace',
        }),
      ),
  );
}
