export { preloadLibrary } from './library';
export { type SbomSubject, sbomOf } from './sbom';
