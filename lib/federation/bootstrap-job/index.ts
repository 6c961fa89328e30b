export {
  BOOTSTRAP_SCHEMA,
  type BootstrapConfig,
  type BootstrapRelationship,
  type BootstrapSource,
  type RelationshipSpec,
  readBootstrapConfig,
} from './bootstrap-config';
export { BootstrapJob } from './bootstrap-job';
export {
  type ClusterFirstBundleOptions,
  FirstBundle,
  type PublishedBundle,
  type WebFirstBundleOptions,
} from './first-bundle';
export type { BootstrapJobProps, BootstrapPeer } from './props';
