import { isLate } from '../core';
import type { AnyManifest } from './manifest';
import { podTemplateOf } from './pod-template';

/** How an object is found by those that refer to it. */
export function referenceKey(kind: string, namespace: string | undefined, name: string): string {
  return `${kind}\n${namespace ?? ''}\n${name}`;
}

interface Fields {
  readonly [field: string]: unknown;
}

/**
 * Keys of the objects that the pods of a workload cannot start without: its service account, ConfigMaps and Secrets.
 *
 * Names that are Outputs need no key: Pulumi follows those itself.
 */
export function podReferences(manifest: AnyManifest): string[] {
  const pod = podSpecOf(manifest);
  if (!pod) return [];
  const namespace = manifest.metadata?.namespace;
  const keys: string[] = [];
  const refer = (kind: string, name: unknown) => {
    if (typeof name === 'string' && name !== '') keys.push(referenceKey(kind, namespace, name));
  };
  refer('ServiceAccount', pod.serviceAccountName);
  for (const secret of list(pod.imagePullSecrets)) refer('Secret', secret.name);
  for (const volume of list(pod.volumes)) {
    refer('ConfigMap', fields(volume.configMap).name);
    refer('Secret', fields(volume.secret).secretName);
    for (const source of list(fields(volume.projected).sources)) {
      refer('ConfigMap', fields(source.configMap).name);
      refer('Secret', fields(source.secret).name);
    }
  }
  for (const container of [...list(pod.initContainers), ...list(pod.containers)]) {
    for (const source of list(container.envFrom)) {
      refer('ConfigMap', fields(source.configMapRef).name);
      refer('Secret', fields(source.secretRef).name);
    }
    for (const variable of list(container.env)) {
      const from = fields(variable.valueFrom);
      refer('ConfigMap', fields(from.configMapKeyRef).name);
      refer('Secret', fields(from.secretKeyRef).name);
    }
  }
  return [...new Set(keys)];
}

/** Keys of the service accounts that a binding gives rights to. */
export function bindingSubjects(manifest: AnyManifest): string[] {
  if (manifest.kind !== 'RoleBinding' && manifest.kind !== 'ClusterRoleBinding') return [];
  return list(manifest.subjects).flatMap(({ kind, name, namespace }) =>
    kind === 'ServiceAccount' && typeof name === 'string' && typeof namespace === 'string'
      ? [referenceKey(kind, namespace, name)]
      : [],
  );
}

/** Key of the role that a binding gives. */
export function bindingRole(manifest: AnyManifest): string | undefined {
  if (manifest.kind !== 'RoleBinding' && manifest.kind !== 'ClusterRoleBinding') return undefined;
  const { kind, name } = fields(manifest.roleRef);
  if (typeof kind !== 'string' || typeof name !== 'string') return undefined;
  return referenceKey(kind, kind === 'Role' ? manifest.metadata?.namespace : undefined, name);
}

/** Key of the service account of a workload's pods. */
export function serviceAccountOf(manifest: AnyManifest): string | undefined {
  const pod = podSpecOf(manifest);
  if (!pod) return undefined;
  const name = pod.serviceAccountName ?? 'default';
  return typeof name === 'string' ? referenceKey('ServiceAccount', manifest.metadata?.namespace, name) : undefined;
}

/** Keys of the Services that the API server calls for the webhooks of a configuration. */
export function webhookServices(manifest: AnyManifest): string[] {
  return list(manifest.webhooks).flatMap((webhook) => {
    const { name, namespace } = fields(fields(webhook.clientConfig).service);
    return typeof name === 'string' && typeof namespace === 'string' ? [referenceKey('Service', namespace, name)] : [];
  });
}

function podSpecOf(manifest: AnyManifest): Fields | undefined {
  const template = podTemplateOf(manifest);
  return template && fields(fields(template).spec);
}

/** Reading goes through anything that is no plain object, an Output included, as through an empty one. */
function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !isLate(value) ? (value as Fields) : {};
}

function list(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(fields) : [];
}
