import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ImageError, type ImageReference, quoted } from '../../image';
import { homeFolder } from '../home-folder';
import { askHelper, type HelperOptions } from './credential-helper';
import { Login } from './login';
import type { RegistryCredentials, RegistryOptions } from './options';

/** How Docker calls its Hub where it keeps credentials, since its first days. */
const HUB_SERVER = 'https://index.docker.io/v1/';

/** What is read of a file that `docker login` or `podman login` writes. */
interface CredentialsFile {
  readonly auths?: Readonly<Record<string, unknown>>;
  readonly credHelpers?: Readonly<Record<string, unknown>>;
  readonly credsStore?: unknown;
}

/**
 * The credentials for a registry: those of the options, else what the files of Docker and podman have.
 *
 * @param env where variables are looked up
 * @throws ImageError if a file or a helper that it names cannot be used
 * @see https://docs.docker.com/reference/cli/docker/login/#credential-stores
 */
export async function loginFor(
  reference: ImageReference,
  { credentials, progress, signal }: RegistryOptions = {},
  env: NodeJS.ProcessEnv = process.env,
): Promise<Login> {
  if (credentials) return Login.of(checked(credentials), "option 'credentials'");
  const home = env.HOME || homeFolder();
  const docker = env.DOCKER_CONFIG || (home && join(home, '.docker'));
  const places = docker ? [join(docker, 'config.json')] : [];
  if (env.XDG_RUNTIME_DIR) places.push(join(env.XDG_RUNTIME_DIR, 'containers', 'auth.json'));
  for (const place of places) {
    const file = readCredentials(place);
    const found = file && (await credentialsIn(file, reference, place, { env, progress, signal }));
    if (found) return Login.of(found, quoted(place));
  }
  return Login.anonymous(places.map(quoted));
}

function checked(credentials: RegistryCredentials): RegistryCredentials {
  const texts =
    'identityToken' in credentials ? [credentials.identityToken] : [credentials.username, credentials.password];
  if (texts.every((text) => typeof text === 'string' && text !== '')) return credentials;
  throw new ImageError(
    "option 'credentials' is incomplete; pass { username, password } or { identityToken }, as texts that are not empty",
  );
}

function readCredentials(place: string): CredentialsFile | undefined {
  let text: string;
  try {
    text = readFileSync(place, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new ImageError(
      `${quoted(place)} with the credentials for registries cannot be read (${code}); let this user read it`,
    );
  }
  try {
    const file: unknown = JSON.parse(text);
    if (typeof file === 'object' && file !== null) return file as CredentialsFile;
  } catch {
    // What JSON.parse() says quotes the text, which has secrets in it.
  }
  throw new ImageError(
    `${quoted(place)} with the credentials for registries is no JSON object; mend it, or log in again`,
  );
}

async function credentialsIn(
  file: CredentialsFile,
  reference: ImageReference,
  place: string,
  options: HelperOptions,
): Promise<RegistryCredentials | undefined> {
  const keys = keysFor(reference);
  const server = reference.registry === 'docker.io' ? HUB_SERVER : reference.registry;
  const helpers = record(file.credHelpers);
  const helper = keys.map((key) => helpers[key]).find((name) => name !== undefined) ?? file.credsStore;
  if (typeof helper === 'string' && helper !== '') {
    const found = await askHelper(helper, server, quoted(place), options);
    if (found) return found;
  }
  const auths = record(file.auths);
  const key = keys.find((each) => auths[each] !== undefined) ?? Object.keys(auths).find((each) => isHostOf(each, keys));
  return key === undefined ? undefined : entryOf(auths[key], key, place);
}

/** Under which keys a registry stands, most special first: podman keeps credentials for single repositories too. */
function keysFor({ registry, repository }: ImageReference): string[] {
  const parts = repository.split('/');
  const special = parts.map((_, index) => [registry, ...parts.slice(0, parts.length - index)].join('/'));
  const hub = registry === 'docker.io' ? [HUB_SERVER, 'index.docker.io', 'registry-1.docker.io'] : [];
  return [...special, registry, ...hub];
}

/** Whether a key is a URL of the registry, as old versions of Docker wrote them. */
function isHostOf(key: string, keys: readonly string[]): boolean {
  const match = /^(?:https?:\/\/)?([^/]+)(?:\/(?:v[12]\/?)?)?$/.exec(key);
  return match !== null && keys.includes(match[1] ?? '');
}

function entryOf(entry: unknown, key: string, place: string): RegistryCredentials | undefined {
  const { auth, identitytoken, username, password } = record(entry);
  if (typeof identitytoken === 'string' && identitytoken !== '') return { identityToken: identitytoken };
  if (typeof auth === 'string' && auth !== '') {
    const text = Buffer.from(auth, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    if (colon > 0) return { username: text.slice(0, colon), password: text.slice(colon + 1).replace(/\0+$/, '') };
    throw new ImageError(
      `${quoted(place)} has for ${quoted(key)} an 'auth' that is not 'user:password' in base64; log in again by 'docker login'`,
    );
  }
  if (typeof username === 'string' && typeof password === 'string' && username !== '') return { username, password };
  return undefined; // an empty entry says only that a helper has it
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
