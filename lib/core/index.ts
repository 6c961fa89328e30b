export { type ClusterFact, clusterOf, factsOf, isCluster, markCluster } from './cluster';
export { ConfigText, latePaths } from './config-text';
export { Duration, type DurationLike } from './duration';
export {
  addCheck,
  describe,
  type Finding,
  type FindingInput,
  FindingsError,
  findingsOf,
  report,
  type Severity,
  throwOnErrors,
} from './finding';
export { type Gate, type GateCondition, gateOf, setGate } from './gate';
export { containsLate, isLate, LATE_PROBLEM, type Late, type LateObject, type LateValue } from './late';
export { inOrder, OrderError } from './order';
export { type Provided, providedBy, setProvides } from './provides';
export { objectsOf, type TreeObject } from './tree';
export { compareWaves, defaultWave, ownWave, setWave, type Wave, Waves } from './wave';
