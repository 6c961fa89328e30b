/** What all parts of the package share, and no user imports by itself. */
export { isolate, settled } from './isolate';
export { nameError, SpiffeError } from './spiffe-error';
export { after, type Timer } from './timer';
