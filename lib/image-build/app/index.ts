export { bundleApp } from './bundle-app';
export type { BundledApp, InputFile } from './bundled-app';
export { type Esbuild, loadEsbuild } from './load-esbuild';
