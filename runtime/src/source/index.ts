/** Sources: the latest that the Workload API has given, kept up to date. */
export { BundleSource, type BundleSourceOptions } from './bundle-source';
export { JwtSource, type JwtSourceOptions, type JwtSvidQuery } from './jwt-source';
export type {
  RedactionPolicy,
  SourceEvent,
  SourceOptions,
  SourceStatus,
  X509SourceOptions,
  X509SvidPicker,
} from './source-options';
export { X509Source } from './x509-source';
