export { type SbomSubject, sbomOf } from './sbom';
