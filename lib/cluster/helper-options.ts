import type { IConstruct } from 'constructs';
import type { ResourceRequirements } from 'kubernetes-types/core/v1';
import { type DurationLike, isLate, isObject, OptionReader, timeText } from '../core';
import { labelProblem } from '../kube';
import type { ProgramOptions } from './program-arguments';

/**
 * What the helper of `@spirekit/runtime` does beside a workload that reads its identity from files. It signals no process:
 * programs look at the files again, or are told by a container that shares their processes.
 */
export interface HelperOptions {
  /**
   * `init`: writes the files once, before the containers start, for pods that end before the SVID does; `sidecar`: starts
   * before the containers, which wait for the first files, and renews the files as long as the pod is there.
   */
  readonly as: 'init' | 'sidecar';
  /** Folder of the files in the workload's containers, read-only there: an absolute path. */
  readonly folder: string;
  /** Name of the container. @default 'spiffe-helper' */
  readonly name?: string;
  /** File of the certificates, leaf first. @default 'svid.pem' */
  readonly svidFile?: string;
  /** File of the private key. @default 'svid_key.pem' */
  readonly keyFile?: string;
  /** File of the own trust domain's authorities. @default 'svid_bundle.pem' */
  readonly bundleFile?: string;
  /** Folder of the authorities of other trust domains, one file `TRUST-DOMAIN.pem` each. @default 'federated' */
  readonly federatedFolder?: string;
  /** File of all bundles as one SPIFFE bundle map. @default 'bundle_map.json' */
  readonly bundleMapFile?: string;
  /** File of key and certificates, for programs that read both at once. @default - none */
  readonly combinedFile?: string;
  /** JWT-SVIDs: by the name of each file its audience, or several. @default - none */
  readonly jwtSvid?: Readonly<Record<string, string | readonly string[]>>;
  /** Whether the keys of JWT-SVIDs are written too. @default false */
  readonly jwtBundles?: boolean;
  /** File of the own trust domain's JWK set, with `jwtBundles`. @default 'jwks.json' */
  readonly jwksFile?: string;
  /** Permissions of files without a secret, in octal. @default '0644' */
  readonly fileMode?: string;
  /**
   * Permissions of files with a key or a token, in octal.
   *
   * @default - `0600` where all containers run as one user that is known here; else `0640`, for a group that all are in
   */
  readonly keyMode?: string;
  /** What becomes of the files when the identity is taken away. @default 'keep' */
  readonly onRedaction?: 'keep' | 'remove';
  /** Of several identities, the one with this hint. @default - the hint of the identity; without one the first */
  readonly hint?: string;
  /** How long it waits for the first files before it fails, and is started again. @default - 60s as `init`; else as long as it takes */
  readonly timeout?: DurationLike;
  /**
   * Address and port at which a sidecar answers `/live` and `/ready` for the kubelet, such as `0.0.0.0:8081`.
   *
   * @default - none: that it has started is seen by the files
   */
  readonly health?: string;
  /** How its lines look. @default 'text' */
  readonly log?: 'json' | 'text';
  /** What it may use. @default - requests 10m and 64Mi, at most 128Mi */
  readonly resources?: ResourceRequirements;
}

/** A helper, read. */
export interface Helper {
  readonly as: 'init' | 'sidecar';
  readonly folder: string;
  readonly name: string;
  readonly svidFile: string;
  readonly options: ProgramOptions;
  /** @default - by the users of the pod */
  readonly keyMode?: string;
  /** TCP port of the health server. @default - there is none */
  readonly healthPort?: number;
  readonly resources: ResourceRequirements;
}

const FILES = {
  svidFile: 'svid.pem',
  keyFile: 'svid_key.pem',
  bundleFile: 'svid_bundle.pem',
  federatedFolder: 'federated',
  bundleMapFile: 'bundle_map.json',
  combinedFile: undefined,
  jwksFile: 'jwks.json',
} as const satisfies Partial<Record<keyof HelperOptions, string | undefined>>;
type FileOption = keyof typeof FILES;

const OPTIONS: readonly (keyof HelperOptions)[] = [
  'as',
  'folder',
  'name',
  'svidFile',
  'keyFile',
  'bundleFile',
  'federatedFolder',
  'bundleMapFile',
  'combinedFile',
  'jwtSvid',
  'jwtBundles',
  'jwksFile',
  'fileMode',
  'keyMode',
  'onRedaction',
  'hint',
  'timeout',
  'health',
  'log',
  'resources',
];

const RULE = 'identity-helper';
const AT = 'helper';
const RESOURCES: ResourceRequirements = { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '128Mi' } };
const DAY = { milliseconds: 86_400_000, message: 'is longer than a day' };

/**
 * Reads the options of a helper; what is wrong is reported.
 *
 * @param hint of the identity
 * @returns undefined when it cannot be said what the helper is, or where its files go
 */
export function readHelper(place: IConstruct, given: unknown, hint: string | undefined): Helper | undefined {
  const reader = new OptionReader(place, RULE, AT, given, OPTIONS);
  const as = required(
    reader,
    'as',
    reader.word('as', ['init', 'sidecar'] as const),
    given,
    "write 'sidecar', or 'init' for pods that end soon",
  );
  const folder = required(
    reader,
    'folder',
    reader.text('folder', folderProblem),
    given,
    "write a path such as '/run/svid'",
  );
  const name = reader.text('name', labelProblem) ?? 'spiffe-helper';
  const files = readFiles(reader);
  const jwtSvid = readTokens(reader);
  const jwtBundles = reader.flag('jwtBundles');
  nameFindings(reader, files, jwtSvid, jwtBundles === true);
  const timeout = reader.time('timeout', { least: 1, most: DAY });
  const health = reader.text('health', healthProblem);
  if (health !== undefined && as === 'init') {
    reader.add('health', { message: 'is for a sidecar: nobody asks an init container', remedy: 'leave it out' });
  }
  const keyMode = reader.text('keyMode', modeProblem);
  const options: ProgramOptions = {
    folder,
    once: as === 'init',
    hint: reader.text('hint') ?? hint,
    ...files,
    jwtSvid,
    jwtBundles,
    fileMode: reader.text('fileMode', modeProblem),
    onRedaction: reader.word('onRedaction', ['keep', 'remove']),
    timeout: timeout === undefined ? undefined : timeText(timeout),
    health,
    log: reader.word('log', ['json', 'text']),
  };
  const resources = reader.raw('resources');
  const isResources = isObject(resources);
  if (resources !== undefined && !isResources) {
    reader.add(
      'resources',
      { message: 'is not an object', remedy: "write { limits: { memory: '128Mi' } }" },
      resources,
    );
  }
  if (as === undefined || folder === undefined) return undefined;
  return {
    as,
    folder,
    name,
    svidFile: files.svidFile ?? FILES.svidFile,
    options,
    ...(keyMode !== undefined && { keyMode }),
    ...(health !== undefined && { healthPort: portOf(health) }),
    resources: isResources ? (resources as ResourceRequirements) : RESOURCES,
  };
}

/** Says that an option is missing; of one that is wrong, it has been said what is wrong. */
function required<T>(
  reader: OptionReader,
  name: string,
  value: T | undefined,
  given: unknown,
  remedy: string,
): T | undefined {
  if (isObject(given) && !isLate(given) && ((given as Record<string, unknown>)[name] ?? undefined) === undefined) {
    reader.add(name, { message: 'is missing', remedy });
  }
  return value;
}

function readFiles(reader: OptionReader): Partial<Record<FileOption, string>> {
  return Object.fromEntries(
    (Object.keys(FILES) as FileOption[]).flatMap((option) => {
      const name = reader.text(option, fileProblem);
      return name === undefined ? [] : [[option, name]];
    }),
  );
}

/** Tokens as the helper's option has them: `FILE=AUDIENCE`, once for each audience. */
function readTokens(reader: OptionReader): string[] {
  const given = reader.raw('jwtSvid');
  if (given === undefined) return [];
  if (!isObject(given)) {
    reader.add('jwtSvid', { message: 'is not a map', remedy: "write { 'token.jwt': 'audience' }" }, given);
    return [];
  }
  return Object.entries(given as Record<string, unknown>).flatMap(([file, value]) => {
    const at = `jwtSvid['${file}']`;
    if (!reader.isText('jwtSvid', file, fileProblem)) return [];
    const audiences: unknown[] = [value].flat();
    if (audiences.length === 0) reader.add(at, { message: 'has no audience', remedy: 'name whom the token is for' });
    return audiences.flatMap((audience) => (reader.isText(at, audience) ? [`${file}=${audience}`] : []));
  });
}

/** Two files of one name would be one. */
function nameFindings(
  reader: OptionReader,
  files: Partial<Record<FileOption, string>>,
  jwtSvid: readonly string[],
  jwtBundles: boolean,
): void {
  const owners = new Map<string, string>();
  const named = (Object.keys(FILES) as FileOption[])
    .filter((option) => option !== 'jwksFile' || jwtBundles)
    .map((option) => [option, files[option] ?? FILES[option]] as const);
  const tokens = new Set(jwtSvid.map((token) => token.slice(0, token.indexOf('='))));
  for (const [option, name] of [...named, ...[...tokens].map((file) => ['jwtSvid', file] as const)]) {
    if (name === undefined) continue;
    const owner = owners.get(name);
    if (owner) reader.add(option, { message: `is the name that ${owner} has too`, remedy: 'write another' }, name);
    owners.set(name, option);
  }
}

type Problem = { message: string; remedy: string } | undefined;

/** A mount path: Kubernetes takes no colon, and a path has one name only. */
function folderProblem(folder: string): Problem {
  if (/^(?:\/[^/:]+)+$/.test(folder) && !folder.split('/').some((part) => part === '.' || part === '..'))
    return undefined;
  return { message: 'is not an absolute path of a folder', remedy: "write one such as '/run/svid'" };
}

function fileProblem(name: string): Problem {
  if (/^[A-Za-z0-9._-]{1,255}$/.test(name) && name !== '.' && !name.startsWith('..')) return undefined;
  const remedy = "write letters, digits, '.', '_' and '-', without a folder and not with '..' in front";
  return { message: 'is not a name of a file', remedy };
}

function modeProblem(mode: string): Problem {
  if (/^0?[4-7][0-7]{2}$/.test(mode)) return undefined;
  return { message: 'is not a mode in octal with which the owner can read', remedy: "write one such as '0640'" };
}

/** Where kubelet reaches it: every address of the pod, or that of one family. */
function healthProblem(health: string): Problem {
  const port = portOf(health);
  if (/^(?:0\.0\.0\.0|\[::\]):[0-9]{1,5}$/.test(health) && port > 0 && port <= 65_535) return undefined;
  const remedy = "write one such as '0.0.0.0:8081', or '[::]:8081'";
  return { message: 'is not an address at which the kubelet reaches the pod', remedy };
}

const portOf = (health: string): number => Number(health.slice(health.lastIndexOf(':') + 1));
