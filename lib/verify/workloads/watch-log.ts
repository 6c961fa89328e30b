/** What the Workload API gives a pod, as the program in it says. */
export interface GivenIdentity {
  /** SPIFFE IDs by hint. */
  readonly ids: ReadonlyMap<string, string>;
  /** Trust domains whose bundles the pod gets, with their numbers of authorities. */
  readonly bundles: ReadonlyMap<string, number>;
  /** Why it gives nothing. */
  readonly problem?: string;
}

/** Of a pod of which nothing is known yet. */
export const NOTHING_GIVEN: GivenIdentity = { ids: new Map(), bundles: new Map() };

interface WatchLine {
  readonly svids?: readonly { readonly id?: unknown; readonly hint?: unknown }[];
  readonly bundles?: Readonly<Record<string, unknown>>;
  readonly code?: unknown;
  readonly message?: unknown;
}

/**
 * Reads the log of `spirekit-runtime handshake watch`: the last line that it understands counts, and a failure after it does not
 * take away what was given.
 */
export function givenIdentity(log: string): GivenIdentity {
  let given = NOTHING_GIVEN;
  for (const line of log.split('\n')) {
    const said = lineOf(line);
    if (said?.svids && said.bundles) given = stateOf(said);
    else if (typeof said?.code === 'string')
      given = { ...given, problem: `${said.code}: ${String(said.message ?? '')}` };
  }
  return given;
}

function lineOf(line: string): WatchLine | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as WatchLine;
  } catch {
    return undefined;
  }
}

function stateOf({ svids = [], bundles = {} }: WatchLine): GivenIdentity {
  return {
    ids: new Map(svids.flatMap(({ id, hint }) => (typeof hint === 'string' ? [[hint, String(id)] as const] : []))),
    bundles: new Map(Object.entries(bundles).map(([name, authorities]) => [name, Number(authorities)])),
  };
}
