export type { SourcedLayer } from './layer';
export { librariesLayer } from './libraries';
export { nodeLayer } from './node';
export { NODE_VERSIONS, nodeVersion } from './node-versions';
export { type ProvidedLibraries, providedLibraries } from './provided-libraries';
