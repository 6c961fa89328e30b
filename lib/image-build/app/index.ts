export { type AppOptions, type AppProps, DEFAULT_NODE_MAJOR, type ProvidedLibraries } from './app-props';
export { bundleApp } from './bundle-app';
export type { BundledApp, InputFile } from './bundled-app';
export { loadEsbuild } from './load-esbuild';
