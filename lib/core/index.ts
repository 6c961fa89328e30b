export {
  type CertificateReading,
  certificatesPem,
  earliestExpiry,
  readCertificates,
  rootFindings,
} from './certificates';
export { type ClusterFact, clusterOf, factsOf, isCluster, markCluster } from './cluster';
export { columns } from './columns';
export { ConfigText, latePaths } from './config-text';
export { countOf } from './count-of';
export {
  hasNoDependents,
  isDeletedInBackground,
  isKept,
  type Leftover,
  leftoversOf,
  type PodsOfObject,
  podsAfter,
  setBackgroundDeletion,
  setKept,
  setLeftovers,
  setNoDependents,
} from './deletion';
export { Duration, type DurationLike, durationProblem } from './duration';
export {
  addCheck,
  describe,
  type Finding,
  type FindingInput,
  FindingsError,
  findingLines,
  findingsOf,
  makerOf,
  report,
  type Severity,
  throwOnErrors,
} from './finding';
export { groupsOf, type Place, placeOf, WHOLE } from './finding-groups';
export {
  countFindings,
  countWords,
  type FindingCounts,
  type FindingRow,
  findingCounts,
  findingsTable,
  isAccepted,
  oneLine,
} from './findings-table';
export { type Awaited, awaitedBy, type Gate, type GateCondition, gateOf, setAwaits, setGate } from './gate';
export { containsLate, isLate, LATE_PROBLEM, type Late, type LateObject, type LateValue } from './late';
export { makeFolder } from './make-folder';
export { moment } from './moment';
export { addTo, pushTo } from './multimap';
export { nearest } from './nearest';
export { NoProxy, noProxyProblem } from './no-proxy';
export { type ListRule, OptionReader, type TimeRule, timeText } from './option-reader';
export { inOrder, OrderError } from './order';
export { isObject, type Kind, PLAIN_PROBLEM, type PropKind, requiredPart, usableProps } from './props';
export { type Provided, providedBy, setProvides } from './provides';
export { NOW_VARIABLE, REPORT_VARIABLE, reportFolder, reportNow } from './report-mode';
export { addReport, type ReportSection, reportsOf } from './report-section';
export { type ReportedFinding, reportedFinding } from './reported-finding';
export { sha256 } from './sha256';
export { shellWord } from './shell-word';
export { sizeText } from './size-text';
export { addSummary, summaryLinesOf } from './summary';
export { byText, inNameOrder, sortedByName } from './text-order';
export {
  ACME_RENEWED_BEFORE,
  AGENT_SYNC,
  AGENT_SYNC_LIMIT,
  activatedBefore,
  BUNDLES_AT_A_TIME,
  bearableOutage,
  CONFIG_RELOAD,
  caTtlFor,
  DEFAULT_CA_TTL,
  DEFAULT_HINT,
  DEFAULT_JWT_SVID_TTL,
  DEFAULT_SVID_TTL,
  ENTRY_RELOAD,
  FETCHES_PER_HINT,
  FIRST_FETCH_RETRY,
  fetchInterval,
  fetchIntervalWithoutHint,
  generationsOf,
  HINTS_PER_LIFETIME,
  hintFor,
  KEPT_AFTER_END,
  LEASE_PAUSE,
  LONGEST_AGENT_PAUSE,
  LONGEST_AHEAD,
  OWN_SVID_LOOK,
  preparedBefore,
  publishedAhead,
  REBOOTSTRAP_DELAY,
  RECONCILE_INTERVAL,
  ROTATION_LOOK,
  SHORTEST_HINT,
  TAINTED_AT_A_TIME,
  TAINTED_PAUSE,
} from './timing';
export { objectsOf, type TreeObject } from './tree';
export { compareWaves, defaultWave, ownWave, setWave, type Wave, Waves } from './wave';
