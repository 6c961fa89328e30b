export { addExporters } from './add-exporters';
export type { WatchedPeer } from './exporter-config';
export { isOfExporter } from './exporter-identity';
export { type FederationExporterOptions, readExporter, type UsableExporter } from './exporter-options';
