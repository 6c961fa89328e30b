import { sortedByName } from '../core';
import {
  APP_FOLDER,
  architectureOf,
  type ImageConfig,
  type ImagePlatform,
  type ImageSettings,
  MAIN_PROGRAM,
  NODE_PROGRAM,
  NONROOT_ID,
} from '../image';
import type { Layer } from './layer';

/** Images have no time of their own: the same program gives the same image whenever it is built. */
const CREATED = '1970-01-01T00:00:00Z';

const SEARCH_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** How an image is run. */
export type RunConfig = NonNullable<ImageConfig['config']>;

/** What decides how an image is run. */
export interface RunParts {
  readonly settings: ImageSettings;
  /** Labels that stand when the user gives none of their name. */
  readonly labels: Readonly<Record<string, string>>;
  /** The configuration of the image that it is built upon. */
  readonly base: ImageConfig | undefined;
}

/** How an image is run: by Node.js itself, without a shell, as a user without rights. */
export function runConfig({ settings, labels, base }: RunParts): RunConfig {
  const { env, sourceMap } = settings;
  const { PATH, ...others } = { PATH: SEARCH_PATH, ...variablesOf(base), NODE_ENV: 'production', ...env };
  // Where programs are comes first, as with other builders, and the rest by name: in which order they were written is no setting.
  const variables = { PATH, ...sortedByName(others) };
  const allLabels = { ...labels, ...settings.labels };
  return {
    User: `${NONROOT_ID}:${NONROOT_ID}`,
    Env: Object.entries(variables).map(([name, value]) => `${name}=${value}`),
    Entrypoint: [nodeOf(base), ...(sourceMap ? ['--enable-source-maps'] : []), MAIN_PROGRAM],
    WorkingDir: APP_FOLDER,
    ...(Object.keys(allLabels).length > 0 && { Labels: sortedByName(allLabels) }),
    StopSignal: 'SIGTERM',
  };
}

/** What an image is made of, for one platform. */
export interface ConfigParts {
  readonly platform: ImagePlatform;
  readonly config: RunConfig;
  readonly layers: readonly Layer[];
  /** The image that it is built upon. */
  readonly base: { readonly config: ImageConfig } | undefined;
}

/**
 * The configuration of an image.
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md
 */
export function imageConfig({ platform, config, layers, base }: ConfigParts): ImageConfig {
  const { variant, rootfs } = base?.config ?? {};
  return {
    created: CREATED,
    architecture: architectureOf(platform),
    os: 'linux',
    ...(variant !== undefined && { variant }),
    config,
    rootfs: { type: 'layers', diff_ids: [...(rootfs?.diff_ids ?? []), ...layers.map(({ diffId }) => diffId)] },
    history: [
      ...historyOf(base?.config),
      ...layers.map(({ createdBy }) => ({ created: CREATED, created_by: createdBy, comment: 'spirekit' })),
    ],
  };
}

/** The history of a base image. Where it does not tell of each layer, the new entries would be taken for those of others. */
function historyOf(base: ImageConfig | undefined): NonNullable<ImageConfig['history']> {
  const { history = [], rootfs } = base ?? {};
  const layers = rootfs?.diff_ids ?? [];
  const told = history?.filter((each) => each.empty_layer !== true) ?? [];
  if (told.length === layers.length) return history ?? [];
  return layers.map(() => ({ created: CREATED, comment: 'base image' }));
}

/** Node.js in a base image: what the image itself starts, if that is Node.js; else where Node's own images have it. */
function nodeOf(base: ImageConfig | undefined): string {
  const [entry] = base?.config?.Entrypoint ?? [];
  return entry !== undefined && /^\/(?:.*\/)?node(?:js)?$/.test(entry) ? entry : NODE_PROGRAM;
}

/**
 * Whether a base image gives reason to look for Node.js where it will be started: it starts it from there itself, or says what
 * version it has, as Node's own images do, and those that are built upon them.
 */
export function promisesNode(base: ImageConfig): boolean {
  const { Entrypoint, Cmd } = base.config ?? {};
  const starts = [...(Entrypoint ?? []), ...(Cmd ?? [])].some((word) => word === 'node' || word === NODE_PROGRAM);
  return starts || nodeOf(base) !== NODE_PROGRAM || 'NODE_VERSION' in variablesOf(base);
}

function variablesOf(base: ImageConfig | undefined): Record<string, string> {
  const pairs = (base?.config?.Env ?? []).map((line) => /^([^=]+)=(.*)$/s.exec(line));
  return Object.fromEntries(pairs.flatMap((pair) => (pair ? [[pair[1] as string, pair[2] as string] as const] : [])));
}
