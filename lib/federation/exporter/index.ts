export { addExporters } from './add-exporters';
export type { WatchedPeer } from './exporter-config';
export { EXPORTER_LABELS, isOfExporter } from './exporter-identity';
export { type FederationExporterOptions, readExporter, type UsableExporter } from './exporter-options';
