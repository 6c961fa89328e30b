import type { LogLine } from './log-lines';

/** A line of a log that means something is wrong. */
export interface LogFault {
  /** Which program writes it. */
  readonly program: 'spire-server' | 'spire-controller-manager';
  /** Found in the message, or in a field beside it. */
  readonly pattern: RegExp;
  /** Where this stands in the line too, it is no fault. */
  readonly except?: RegExp;
  /** What it means. */
  readonly means: string;
  readonly causes: readonly string[];
  /** What to look at; placeholders as in a check. */
  readonly next: string;
}

const SERVER_LOG = 'kubectl --context {context} -n {namespace} logs {pod} -c {container} --since=10m | grep -i error';
const MANAGER_LOG =
  'kubectl --context {context} -n {namespace} logs {pod} -c spire-controller-manager --since=10m | grep ERROR';
const SERVER = 'kubectl --context {context} -n {namespace} exec {pod} -c {container} -- {server}';

/**
 * Lines that SPIRE 1.13 to 1.15 and its controller manager write, as their source has them. Errors of fetching are not among them:
 * those have a check of their own.
 */
export const LOG_FAULTS: readonly LogFault[] = [
  {
    program: 'spire-server',
    pattern: /unable to find federated bundle/i,
    means:
      'an entry names a trust domain whose bundle the server does not hold: it is not made, and its workload gets no identity',
    causes: ['the bundle was not fetched yet: see V25', 'the relationship is missing: see V21'],
    next: `${SERVER} bundle list`,
  },
  {
    program: 'spire-server',
    pattern: /^Unable to rotate (?:X509 CA|JWT key|WIT key)/i,
    means: 'the next authority cannot be made: when the active one ends, nothing is signed any more',
    causes: ['the upstream authority refuses or cannot be reached', 'the key manager cannot make a key'],
    next: `${SERVER} localauthority x509 show`,
  },
  {
    program: 'spire-server',
    pattern: /^(?:X509CA|JWT key|WIT key) slot (?:failed to load|unusable)/i,
    means: 'a key of an authority is lost: the server has begun with another one, which peers do not know yet',
    causes: ['the keys are in memory, and the server was restarted', 'its volume is another one than before'],
    next: `${SERVER} localauthority x509 show`,
  },
  {
    program: 'spire-server',
    pattern: /^Failed to publish bundle/i,
    means: 'the bundle is not published: whoever reads it there goes by an old one',
    causes: ['the server lacks a right where it publishes', 'the place is not there (any more)'],
    next: SERVER_LOG,
  },
  {
    program: 'spire-server',
    pattern: /^(?:Notifier failed to handle event|Failed to notify on bundle update)/i,
    means: 'the ConfigMap from which agents start is not written: agents that start later do not believe the server',
    causes: ['the server lacks the right to patch the ConfigMap', 'the namespace of the ConfigMap is not there'],
    next: SERVER_LOG,
  },
  {
    program: 'spire-server',
    pattern: /^Ignoring federation relationship with unknown profile type/i,
    means: 'a relationship has a profile that the server does not know: it is not fetched',
    causes: ['it was made by a newer SPIRE with the same datastore'],
    next: `${SERVER} federation list`,
  },
  {
    program: 'spire-server',
    pattern:
      /database is locked|too many connections|datastore-sql: .*(?:connection refused|bad connection|i\/o timeout)/i,
    means: 'the datastore does not answer: agents get nothing new',
    causes: ['the database is down or overloaded', 'two servers share one SQLite file'],
    next: SERVER_LOG,
  },
  {
    program: 'spire-server',
    pattern: /failed to attest|agent is banned/i,
    means: 'an agent is refused: the workloads of its node get no identity',
    causes: [
      'the service account or the cluster name of the agent is another one than the server allows',
      'the agent was banned',
    ],
    next: `${SERVER} agent list`,
  },
  {
    program: 'spire-controller-manager',
    pattern: /^Failed to list SPIRE (?:federation relationships|entries)/i,
    means: 'it cannot ask the server: no object has any effect',
    causes: ['the server is not ready: see V03', 'the socket is not shared, or has another path'],
    next: MANAGER_LOG,
  },
  {
    program: 'spire-controller-manager',
    pattern:
      /^Ignoring (?:invalid ClusterFederatedTrustDomain|ClusterFederatedTrustDomain with conflicting trust domain)/i,
    means: 'a ClusterFederatedTrustDomain has no effect',
    causes: [
      'its values cannot be read, and the webhook that refuses such was not there',
      'an older one is about the same trust domain',
    ],
    next: 'kubectl --context {context} get clusterfederatedtrustdomains -o yaml',
  },
  {
    program: 'spire-controller-manager',
    pattern: /^Failed to (?:create|update|delete) federation relationship/i,
    means: 'the server refuses a relationship, or its deletion',
    causes: ['it is about the own trust domain', 'its bundle cannot be read'],
    next: `${SERVER} federation list`,
  },
  {
    program: 'spire-controller-manager',
    pattern: /^Failed to (?:create|update|delete) entr(?:y|ies)/i,
    means: 'the server refuses an entry: its workload gets no identity, or keeps an old one',
    causes: ['it names a trust domain without a bundle: see V19', 'the server is not ready'],
    next: 'kubectl --context {context} get clusterspiffeids -o yaml',
  },
  {
    program: 'spire-controller-manager',
    pattern:
      /^Failed to list (?:ClusterFederatedTrustDomains|ClusterSPIFFEIDs|ClusterStaticEntries|namespaces|namespace pods|nodes)/i,
    means: 'it cannot read what it acts on',
    causes: ['it lacks a right in the cluster', 'the resource definitions are missing'],
    next: MANAGER_LOG,
  },
  {
    program: 'spire-controller-manager',
    pattern: /^Failed to (?:render|parse|hash) /i,
    // Said of every pod that has no node yet.
    except: /node \S* ?not found in cache/,
    means: 'a registration gives no entry for a pod',
    causes: ['a template names a field that the pod does not have'],
    next: 'kubectl --context {context} get clusterspiffeids -o yaml',
  },
];

/** A fault with its last line. */
export interface FoundFault {
  readonly fault: LogFault;
  readonly last: LogLine;
  /** How many lines there are since the given moment. */
  readonly count: number;
}

/**
 * Known faults in a log. What has not been said for a while is over: every fault that lasts is said again, by the next attempt.
 *
 * @param since only lines from then on count; those without a time do
 */
export function faultsIn(lines: readonly LogLine[], program: LogFault['program'], since: Date): FoundFault[] {
  const found = new Map<LogFault, FoundFault>();
  for (const line of lines) {
    if (line.time !== undefined && line.time < since) continue;
    const fault = LOG_FAULTS.find((each) => each.program === program && matches(each, line));
    if (fault) found.set(fault, { fault, last: line, count: (found.get(fault)?.count ?? 0) + 1 });
  }
  return [...found.values()];
}

const matches = ({ pattern, except }: LogFault, { message, fields, text }: LogLine): boolean =>
  (pattern.test(message) || Object.values(fields).some((value) => pattern.test(value))) && !except?.test(text);
