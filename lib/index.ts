export * from './core';
export * from './kube';
export { App, type AppProps } from './synth';
