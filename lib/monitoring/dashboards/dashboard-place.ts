import type { OptionReader } from '../../core';
import { labelKeyProblem, labelProblem } from '../../kube';
import { readLabels } from '../read-labels';

/** Where Grafana's sidecar finds a dashboard. */
export interface DashboardPlace {
  /** Namespace of the ConfigMap: that of Grafana, unless its sidecar is told to look into others (`searchNamespace`). */
  readonly namespace: string;
  /**
   * Labels by which the sidecar finds it.
   *
   * @default { grafana_dashboard: '1' }
   */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Folder in Grafana. The sidecar must be told the name of the annotation (`folderAnnotation`), and Grafana to make folders
   * of files (`foldersFromFilesStructure`).
   *
   * @default - Grafana's own
   */
  readonly folder?: string;
  /**
   * The annotation that names the folder.
   *
   * @default 'grafana_folder'
   */
  readonly folderAnnotation?: string;
}

/** What the sidecar looks for, unless it is told otherwise. */
export const DEFAULT_LABELS = { grafana_dashboard: '1' } as const;
export const DEFAULT_FOLDER_ANNOTATION = 'grafana_folder';

/** Names of what a place has. */
export const PLACE = [
  'namespace',
  'labels',
  'folder',
  'folderAnnotation',
] as const satisfies readonly (keyof DashboardPlace)[];

/** A place with every default filled in. */
export type UsablePlace = Required<Omit<DashboardPlace, 'folder'>> & Pick<DashboardPlace, 'folder'>;

/** Reads a place, and reports what is wrong with it; undefined without a namespace. */
export function readPlace(reader: OptionReader): UsablePlace | undefined {
  const namespace = reader.requiredText('namespace', 'name the namespace of Grafana', labelProblem);
  const labels = readLabels(reader, 'labels') ?? DEFAULT_LABELS;
  const folder = reader.text('folder');
  const folderAnnotation = reader.text('folderAnnotation', labelKeyProblem) ?? DEFAULT_FOLDER_ANNOTATION;
  return namespace === undefined
    ? undefined
    : { namespace, labels, folderAnnotation, ...(folder !== undefined && { folder }) };
}
