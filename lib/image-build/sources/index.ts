export type { SourcedLayer } from './layer';
export { librariesLayer } from './libraries';
export { nodeLayer } from './node';
export { DEFAULT_NODE, NODE_VERSIONS, type NodeVersion, nodeVersion } from './node-versions';
export { type ProvidedLibraries, providedLibraries } from './provided-libraries';
