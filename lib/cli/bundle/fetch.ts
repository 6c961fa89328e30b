import { readCertificates } from '../../core';
import { BundleFolder, DEFAULT_FOLDER, meshFrom, readSha256 } from '../../federation';
import { DEFAULT_BOUNDS, Limiter } from '../../verify';
import { CommandFailure, EXIT, UsageFailure } from '../failure';
import { untilInterrupted } from '../interruption';
import { readOptions } from '../options';
import { deliver } from '../output';
import { momentOf, SOURCE_OPTIONS } from '../source';
import { bytesOf, COMMAND, FETCH_OPTIONS, isFile, waitOf } from './bundle-input';
import { type ClusterChoice, clusterChoice } from './cluster-choice';
import { type DeclaredMesh, declaredMesh } from './declared-mesh';
import { fetchJson, fetchLines, type Outcome } from './fetch-report';
import { BundleFetchError, type FetchMeans, fetchFirstBundle } from './fetching';
import { proxyOfCommand } from './proxy-of-command';
import { type StoreOptions, storeBundle } from './store-bundle';
import { membersInNeed, membersNamed, namedSubjects, type Subject } from './subjects';
import { type GivenWay, wayTo } from './ways';

const OPTIONS = {
  ...SOURCE_OPTIONS,
  ...FETCH_OPTIONS,
  mesh: { type: 'string' },
  url: { type: 'string' },
  ca: { type: 'string' },
  'spiffe-id': { type: 'string' },
  bundle: { type: 'string' },
  sha256: { type: 'string' },
  'config-map': { type: 'string' },
  folder: { type: 'string' },
  replace: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof readOptions<typeof OPTIONS>>['values'];

/** Options that say something of one bundle alone. */
const OF_ONE = ['url', 'ca', 'spiffe-id', 'bundle', 'sha256', 'config-map'] as const;

/** `spirekit bundle fetch [TRUST-DOMAIN]...`: fetches first bundles by ways that prove where they come from, and stores them. */
export async function fetchBundles(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions(COMMAND, args, OPTIONS, Number.POSITIVE_INFINITY);
  const files = positionals.filter(isFile);
  const names = positionals.filter((word) => !isFile(word));
  if (files.length > 1) throw new UsageFailure(`'${files[1]}' is one FILE too many`, COMMAND);
  refuseContradictions(values, names);
  const given = givenWay(values);
  const folder = values.folder ?? DEFAULT_FOLDER;
  const clusters = clusterChoice(values, names);
  const waitMs = waitOf(values.wait);
  const proxyFor = proxyOfCommand();
  // Where all is said, no program need run.
  const isSaid = given.url !== undefined || clusters?.isOfOne === true;
  const superfluous = files[0] ?? (['app', 'mesh', 'timeout'] as const).find((option) => values[option] !== undefined);
  if (isSaid && superfluous !== undefined) {
    const what = given.url === undefined ? '--context' : '--url';
    throw new UsageFailure(
      `${what} says where the bundle is, and no federation is asked; leave out ${files[0] ?? `--${superfluous}`}`,
      COMMAND,
    );
  }
  const declared = isSaid ? undefined : await declaredMesh(files[0], values);
  if (declared) clusters?.refuseStrangers(declared.mesh);
  const subjects = declared
    ? names.length > 0
      ? membersNamed(declared.mesh, names)
      : membersInNeed(declared.mesh, folder)
    : namedSubjects(names);
  const store: StoreOptions = {
    folder,
    // Not that of the program: what is fetched is of today.
    now: momentOf(COMMAND, values.now) ?? new Date(),
    shelfLife: (declared?.mesh ?? meshFrom({ members: [], edges: [] })).seedShelfLife,
    replace: values.replace ?? false,
  };
  const outcomes = await untilInterrupted((signal) =>
    fetchAll(subjects, { given, declared, clusters, store, means: { waitMs, signal, ...(proxyFor && { proxyFor }) } }),
  );
  await deliver(values.json ? fetchJson(outcomes) : fetchLines(outcomes, store), undefined);
  if (outcomes.some(({ state }) => state === 'failed')) return EXIT.failure;
  return outcomes.some(({ state }) => state === 'refused') ? EXIT.findings : EXIT.ok;
}

function refuseContradictions(values: Values, names: readonly string[]): void {
  const one = OF_ONE.find((option) => values[option] !== undefined);
  if (one !== undefined && names.length !== 1) {
    throw new UsageFailure(
      `--${one} is about one bundle; name ${names.length === 0 ? 'its TRUST-DOMAIN' : 'one TRUST-DOMAIN alone'}`,
      COMMAND,
    );
  }
  const pairs: readonly (readonly [keyof Values, keyof Values, string])[] = [
    ['sha256', 'ca', 'a pinned bundle needs no authority'],
    ['sha256', 'bundle', 'a pinned bundle needs no other'],
    ['ca', 'bundle', 'an endpoint has a certificate of the web, or a SPIFFE ID'],
    ['ca', 'spiffe-id', 'an endpoint has a certificate of the web, or a SPIFFE ID'],
    ...(['context', 'kubeconfig'] as const).flatMap((cluster) =>
      (['url', 'ca', 'spiffe-id', 'bundle', 'sha256'] as const).map(
        (option) => [cluster, option, 'a bundle comes from its cluster, or from its endpoint'] as const,
      ),
    ),
  ];
  for (const [first, second, why] of pairs) {
    if (values[first] === undefined || values[second] === undefined) continue;
    throw new UsageFailure(`--${first} and --${second} exclude each other: ${why}; leave one out`, COMMAND);
  }
  if (values['config-map'] !== undefined && values.context === undefined) {
    throw new UsageFailure('--config-map is about a cluster; name it by --context', COMMAND);
  }
  if (values.replace && names.length === 0) {
    throw new UsageFailure('--replace is a decision about a trust domain; name its TRUST-DOMAIN', COMMAND);
  }
  if (values.folder === '') throw new UsageFailure('--folder is empty; name a folder', COMMAND);
}

function givenWay(values: Values): GivenWay {
  const { url, ca, bundle, sha256 } = values;
  const pin = sha256 === undefined ? undefined : readSha256(sha256);
  if (sha256 !== undefined && pin === undefined) {
    throw new UsageFailure(`--sha256 '${sha256}' is no SHA-256; write 64 hexadecimal digits`, COMMAND);
  }
  return {
    ...(url !== undefined && { url }),
    ...(ca !== undefined && { roots: rootsOf(ca) }),
    ...(values['spiffe-id'] !== undefined && { endpointId: values['spiffe-id'] }),
    ...(bundle !== undefined && { bundle: bytesOf(bundle) }),
    ...(pin !== undefined && { sha256: pin }),
    ...(values['config-map'] !== undefined && { place: placeOf(values['config-map']) }),
  };
}

function rootsOf(file: string): string {
  const text = bytesOf(file).toString('utf8');
  const reading = readCertificates(text);
  if ('certificates' in reading) return text;
  throw new CommandFailure(`--ca '${file}' ${reading.message}; ${reading.remedy}`);
}

function placeOf(given: string) {
  const [namespace, configMap, key, ...rest] = given.split('/');
  if (namespace && configMap && key !== '' && rest.length === 0) {
    return { namespace, configMap, ...(key !== undefined && { key }) };
  }
  throw new UsageFailure(`--config-map '${given}' is no NAMESPACE/NAME or NAMESPACE/NAME/KEY`, COMMAND);
}

/** How bundles are fetched and stored. */
interface Means {
  readonly given: GivenWay;
  readonly declared: DeclaredMesh | undefined;
  readonly clusters: ClusterChoice | undefined;
  readonly store: StoreOptions;
  readonly means: FetchMeans & { readonly signal: AbortSignal };
}

/** All of them, each for itself: one that fails keeps no other from being stored. */
async function fetchAll(subjects: readonly Subject[], means: Means): Promise<Outcome[]> {
  const limiter = new Limiter(DEFAULT_BOUNDS.concurrency);
  const opened = await means.clusters?.open(means.means);
  return Promise.all(
    subjects.map((subject) => limiter.run(() => fetchOne(subject, opened, means), means.means.signal)),
  );
}

async function fetchOne(
  { trustDomain, member }: Subject,
  opened: Awaited<ReturnType<ClusterChoice['open']>> | undefined,
  { given, declared, store, means }: Means,
): Promise<Outcome> {
  const named = { trustDomain: trustDomain.name, ...(member && { member: member.name }) };
  const access = await opened?.(member);
  const found = wayTo(trustDomain, member, given, {
    folder: BundleFolder.at(store.folder),
    ...(declared && { mesh: declared.mesh }),
    ...(access && { access }),
  });
  if ('message' in found) {
    return { ...named, state: 'failed', problem: 'no-way', message: `it ${found.message}; ${found.remedy}` };
  }
  const refreshHint = member?.endpoint?.refreshHint;
  try {
    const { bundle, from, provenBy } = await fetchFirstBundle(trustDomain, found.way, {
      ...means,
      ...(refreshHint !== undefined && { refreshHint }),
    });
    return { ...named, from, provenBy, ...(await storeBundle(bundle, store)) };
  } catch (error) {
    if (error instanceof BundleFetchError) {
      return { ...named, state: 'failed', problem: error.problem, message: inOptions(error.message) };
    }
    if (error instanceof CommandFailure)
      return { ...named, state: 'failed', problem: 'not-stored', message: error.message };
    throw error;
  }
}

/** What is an option here is a setting to programs. */
const inOptions = (message: string): string => message.replace("as 'roots'", 'by --ca FILE');
