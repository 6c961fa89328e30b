import type { PropKind } from '../core';
import { KubeletVerification, Plugin } from './plugins';

/** A plugin of any type. */
export const plugin: PropKind = {
  fits: Plugin.is,
  message: 'is not a plugin',
  remedy: 'make it with a factory of its kind, such as DataStore.postgres() or UpstreamAuthority.disk()',
};

/** A list of plugins. */
export const plugins: PropKind = {
  fits: (value: unknown) => Array.isArray(value) && value.every(Plugin.is),
  message: 'is not a list of plugins',
  remedy: 'make each with a factory, such as WorkloadAttestor.unix(), and write them in square brackets',
};

/** A way to verify kubelets. */
export const verification: PropKind = {
  fits: (value: unknown) => value instanceof KubeletVerification,
  message: 'is not a way to verify kubelets',
  remedy: 'make it with a factory, such as KubeletVerification.clusterCa()',
};
