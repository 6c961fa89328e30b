import { clientOptions } from '../client-options';
import {
  anyText,
  fileMode,
  fileName,
  flag,
  folderMode,
  listenAddress,
  map,
  oneOf,
  positiveDuration,
  processId,
  readOptions,
  required,
  signalName,
  text,
  type Values,
} from '../options';
import { UsageError } from '../usage-error';

/** The options of the helper. In a configuration file they have the names that they have here. */
export const helperOptions = {
  folder: required('FOLDER', 'where the files are put; it belongs to the helper alone', anyText),
  ...clientOptions,
  once: flag('write the first set of files and end, as an init container does'),
  timeout: text(
    'TIME',
    'how long to wait for the first set of files, such as 30s; default: 60s with --once, else as long as it takes',
    positiveDuration,
    undefined,
  ),
  svidFile: text('NAME', 'the certificates, leaf first; default: svid.pem', fileName, 'svid.pem'),
  keyFile: text('NAME', 'the private key; default: svid_key.pem', fileName, 'svid_key.pem'),
  bundleFile: text(
    'NAME',
    'the authorities of the own trust domain; default: svid_bundle.pem',
    fileName,
    'svid_bundle.pem',
  ),
  federatedFolder: text(
    'NAME',
    'the folder with the authorities of every other trust domain, one file TRUST-DOMAIN.pem each; default: federated',
    fileName,
    'federated',
  ),
  bundleMapFile: text(
    'NAME',
    'the bundles of all trust domains as one SPIFFE bundle map; default: bundle_map.json',
    fileName,
    'bundle_map.json',
  ),
  combinedFile: text(
    'NAME',
    'key and certificates in one file, for programs that read both at once; default: none',
    fileName,
    undefined,
  ),
  jwtSvid: map(
    'FILE=AUDIENCE',
    'a JWT-SVID for an audience; repeat it for more files, or with the same file for more audiences of one token',
    fileName,
  ),
  jwtBundles: flag('write the keys of JWT-SVIDs too: into the bundle map, and as JWK sets'),
  jwksFile: text(
    'NAME',
    'the JWK set of the own trust domain, with --jwt-bundles; default: jwks.json',
    fileName,
    'jwks.json',
  ),
  fileMode: text('MODE', 'permissions of files without a secret; default: 0644', fileMode, 0o644),
  keyMode: text('MODE', 'permissions of files with a key or a token; default: 0600', fileMode, 0o600),
  folderMode: text('MODE', 'permissions of the folders with the files; default: 0755', folderMode, 0o755),
  onRedaction: text(
    'keep|remove',
    'what becomes of the files when the Workload API takes the identity away; default: keep',
    oneOf('keep', 'remove'),
    'keep' as const,
  ),
  pid: text('PID', 'the process to signal after every new set of files', processId, undefined),
  pidFile: text('FILE', 'the file with the number of that process, read each time', anyText, undefined),
  signal: text('NAME', 'the signal; default: SIGHUP', signalName, undefined),
  commandTimeout: text('TIME', 'when a command that does not end is killed; default: 30s', positiveDuration, 30_000),
  health: text(
    '[ADDRESS:]PORT',
    'answer /live and /ready over HTTP; a port alone is one of 127.0.0.1, which probes of kubelet do not reach: they need 0.0.0.0:8081 or [::]:8081; default: no server',
    listenAddress,
    undefined,
  ),
  log: text('json|text', 'how lines on the standard error look; default: text', oneOf('json', 'text'), 'text' as const),
} as const;

/** What the helper is told. */
export interface HelperOptions extends Values<typeof helperOptions> {
  /** A program and its arguments, to run after every new set of files. Empty for none. */
  readonly command: readonly string[];
}

/**
 * Reads what the helper is told.
 *
 * @param args the words after its name
 * @throws {@link UsageError}
 */
export function readHelperOptions(args: readonly string[]): HelperOptions {
  const { values, rest } = readOptions(helperOptions, args, { configuration: true, rest: 'command' });
  const options = { ...values, command: rest };
  const faults = [...nameFaults(options), ...targetFaults(options)];
  if (faults.length > 0) {
    throw new UsageError(faults);
  }
  return options;
}

/** Two files of one name would be one. */
function nameFaults(options: HelperOptions): string[] {
  const names = [
    ['--svid-file', options.svidFile],
    ['--key-file', options.keyFile],
    ['--bundle-file', options.bundleFile],
    ['--federated-folder', options.federatedFolder],
    ['--bundle-map-file', options.bundleMapFile],
    ['--combined-file', options.combinedFile],
    ['--jwks-file', options.jwtBundles ? options.jwksFile : undefined],
    ...[...options.jwtSvid.keys()].map((name) => ['--jwt-svid', name] as const),
  ] as const;
  const owners = new Map<string, string>();
  const faults: string[] = [];
  for (const [option, name] of names) {
    if (name === undefined) {
      continue;
    }
    const owner = owners.get(name);
    if (owner !== undefined) {
      faults.push(`${option} '${name}': is the name that ${owner} has; write another`);
    }
    owners.set(name, option);
  }
  return faults;
}

function targetFaults({ pid, pidFile, signal }: HelperOptions): string[] {
  const faults: string[] = [];
  if (pid !== undefined && pidFile !== undefined) {
    faults.push('--pid-file: there is a --pid too; write one of them');
  }
  if (signal !== undefined && pid === undefined && pidFile === undefined) {
    faults.push('--signal: no process is named; add --pid or --pid-file');
  }
  return faults;
}
