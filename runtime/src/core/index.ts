/** What all parts of the package share, and no user imports by itself. */
export { isolate, settled } from './isolate';
export { Listeners } from './listeners';
export { nameError, SpiffeError } from './spiffe-error';
export { after, MAX_TIMEOUT_MS, type Timer } from './timer';
