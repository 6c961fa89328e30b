import { basename } from 'node:path';
import { isKept } from '../../core';
import { emitYaml } from '../../kube';
import type { ClusterPlan, PlanStep } from '../plan';
import type { WaveParts } from './layout';
import type { SharedBundles } from './shared-bundles';

/** A kustomization. Whoever builds it sorts the objects of a wave, by kinds: to ask for another order is warned of. */
export const kustomization = (fields: object): string =>
  emitYaml({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', ...fields });

/** Folder of a step, relative to that of its cluster. */
export const waveFolderOf = (plan: ClusterPlan, step: PlanStep): string =>
  (step.kustomization ?? '').slice(plan.name.length + 1);

/** The kustomization of one wave: its objects, and what the delivery adds to them. */
export function waveKustomization(step: PlanStep, parts: WaveParts, bundles: SharedBundles): string {
  const { resources, ...replacements } = bundles.fields(step);
  const patches = keptPatches(step, parts.keptAnnotations);
  return kustomization({
    resources: [basename(step.file), ...resources],
    ...replacements,
    ...(patches.length > 0 && { patches }),
    ...(parts.annotations && { transformers: [annotationsTransformer(parts.annotations)] }),
  });
}

/**
 * Annotates objects, and nothing in them: `commonAnnotations` would change the pods' template too, so that all pods start
 * anew, and a Job could not be applied again.
 */
const annotationsTransformer = (annotations: Readonly<Record<string, string>>): string =>
  emitYaml({
    apiVersion: 'builtin',
    kind: 'AnnotationsTransformer',
    metadata: { name: 'wave' },
    annotations,
    fieldSpecs: [{ path: 'metadata/annotations', create: true }],
  });

function keptPatches({ objects }: PlanStep, annotations: Readonly<Record<string, string>>): object[] {
  return objects
    .filter(({ object }) => isKept(object))
    .map(({ object }) => ({
      patch: emitYaml({
        apiVersion: object.apiVersion,
        kind: object.kind,
        metadata: { name: object.name, namespace: object.metadata.namespace, annotations },
      }),
    }));
}
