import type { Finding } from '../../core';
import type { ClusterPlan, PlanStep } from '../plan';

/** What a kustomization of a wave has beside its objects and bundles, in Kustomize's own words. */
export interface WaveParts {
  /** Annotations of all objects of the wave. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Annotations of the objects that stay when the rest is removed. */
  readonly keptAnnotations: Readonly<Record<string, string>>;
}

/** How one tool wants to find the files. */
export interface DeliveryLayout {
  /** Folder of what the tool itself reads. */
  readonly folder: string;
  /** What the tool cannot do of what a program asks, over all clusters. */
  findings(plans: readonly ClusterPlan[]): Finding[];
  /** What the kustomization of a wave adds. */
  waveParts(step: PlanStep): WaveParts;
  /** The tool's own files: text by path relative to the output folder. */
  files(plans: readonly ClusterPlan[]): Map<string, string>;
  /** What is left for a person to do, as lines. */
  lines(plans: readonly ClusterPlan[], folder: string): string[];
}
