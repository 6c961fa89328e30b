import type { ValidatingWebhookConfiguration } from 'kubernetes-types/admissionregistration/v1';
import type { CustomResourceDefinition } from 'kubernetes-types/apiextensions/v1';
import type { DaemonSet, Deployment, StatefulSet } from 'kubernetes-types/apps/v1';
import type { Job } from 'kubernetes-types/batch/v1';
import type { ConfigMap, Namespace, Secret, Service, ServiceAccount } from 'kubernetes-types/core/v1';
import type { ObjectMeta } from 'kubernetes-types/meta/v1';
import type { Ingress, NetworkPolicy } from 'kubernetes-types/networking/v1';
import type { PodDisruptionBudget } from 'kubernetes-types/policy/v1';
import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from 'kubernetes-types/rbac/v1';
import type { CSIDriver } from 'kubernetes-types/storage/v1';
import type { ConfigText, LateObject } from '../core';

/** The kinds that spirekit itself writes, by API version and kind, with Kubernetes' own field names. */
export interface KubeKinds {
  'v1/ConfigMap': ConfigMap;
  'v1/Namespace': Namespace;
  'v1/Secret': Secret;
  'v1/Service': Service;
  'v1/ServiceAccount': ServiceAccount;
  'admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration': ValidatingWebhookConfiguration;
  'apiextensions.k8s.io/v1/CustomResourceDefinition': CustomResourceDefinition;
  'apps/v1/DaemonSet': DaemonSet;
  'apps/v1/Deployment': Deployment;
  'apps/v1/StatefulSet': StatefulSet;
  'batch/v1/Job': Job;
  'networking.k8s.io/v1/Ingress': Ingress;
  'networking.k8s.io/v1/NetworkPolicy': NetworkPolicy;
  'policy/v1/PodDisruptionBudget': PodDisruptionBudget;
  'rbac.authorization.k8s.io/v1/ClusterRole': ClusterRole;
  'rbac.authorization.k8s.io/v1/ClusterRoleBinding': ClusterRoleBinding;
  'rbac.authorization.k8s.io/v1/Role': Role;
  'rbac.authorization.k8s.io/v1/RoleBinding': RoleBinding;
  'storage.k8s.io/v1/CSIDriver': CSIDriver;
}

/** Every Kubernetes object has these. */
export interface AnyManifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: Record<string, unknown> & { readonly name?: string; readonly namespace?: string };
  readonly [field: string]: unknown;
}

type MetadataInput = Omit<LateObject<ObjectMeta>, 'name' | 'namespace' | 'annotations'> & {
  /** A checksum of configuration is one. */
  readonly annotations?: Readonly<Record<string, LateObject<string> | ConfigText>>;
  /** Names are part of the shape: always plain text. */
  readonly name?: string;
  readonly namespace?: string;
};

/** Fields whose text may still be a model when the object is made. */
type WithConfigText<T> = T extends ConfigMap
  ? Omit<LateObject<T>, 'data' | 'metadata'> & {
      readonly data?: Readonly<Record<string, LateObject<string> | ConfigText>>;
    }
  : Omit<LateObject<T>, 'metadata'>;

/** The typed plain object of a kind. Leaves may be known late; the name and the namespace may not. */
export type Manifest<T> = T extends { apiVersion?: string; kind?: string }
  ? WithConfigText<T> & { readonly metadata?: MetadataInput }
  : AnyManifest;
