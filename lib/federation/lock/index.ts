export { LockError } from './lock-error';
export { MeshLock, readLock } from './mesh-lock';
export { LONGEST_LOCK } from './read-lock';
