import { type AnyManifest, emitYaml } from '../../kube';
import type { ClusterPlan, PlanStep } from '../plan';
import type { DeliveryLayout } from './layout';
import { SharedBundles } from './shared-bundles';
import { kustomization, waveKustomization } from './wave-folder';

/** A step with its objects as they are rendered: data, and the text of it. */
export interface RenderedStep {
  readonly step: PlanStep;
  readonly objects: readonly { readonly manifest: AnyManifest; readonly text: string }[];
}

/** Everything that is delivered: text by path relative to the output folder. */
export function deliveryFiles(
  layout: DeliveryLayout,
  plans: readonly ClusterPlan[],
  rendered: readonly RenderedStep[],
): Map<string, string> {
  const bundles = new SharedBundles();
  const files = new Map<string, string>();
  for (const { step, objects } of rendered) {
    const manifests = bundles.without(
      step,
      objects.map(({ manifest }) => manifest),
    );
    const texts = objects.map(({ manifest, text }, index) => {
      const without = manifests[index] as AnyManifest;
      return without === manifest ? text : emitYaml(without);
    });
    files.set(step.file, texts.join('---\n'));
  }
  for (const { step } of rendered) {
    files.set(`${step.kustomization}/kustomization.yaml`, waveKustomization(step, layout.waveParts(step), bundles));
  }
  for (const each of [bundles.files(kustomization), layout.files(plans)]) {
    for (const [path, text] of each) files.set(path, text);
  }
  return files;
}
