import { type Digest, isDigest } from './digest';
import { ImageError } from './image-error';
import { quoted } from './quoted';

/** The registry of images whose reference names none. */
const DEFAULT_REGISTRY = 'docker.io';

/** Longest reference that is looked at, in characters: more than any valid one has. */
const MAX_REFERENCE = 1024;

/** Longest path of a repository, in characters. */
const MAX_REPOSITORY = 255;

const HOST_PART = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const REGISTRY = new RegExp(`^(?:${HOST_PART}(?:\\.${HOST_PART})*|\\[[a-fA-F0-9:]+\\])(?::([0-9]+))?$`);
const PATH_PART = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

/** A reference, or what is wrong with the text and what to do about it. */
export type ImageReferenceResult =
  | { readonly ok: true; readonly value: ImageReference }
  | { readonly ok: false; readonly problem: string };

/**
 * Where an image lies: `[registry[:port]/]repository[:tag][@digest]`, such as `registry.example.com/shop/server:1.2`.
 *
 * It is read as by Docker and containerd: without a registry it is one of Docker Hub, where a single word stands for
 * `library/…`. What is before the first `/` is a registry if it has a `.`, a `:` or an uppercase letter, or is `localhost`.
 * Digests are by SHA-256. Values are immutable.
 *
 * @see https://github.com/distribution/reference
 */
export class ImageReference {
  /**
   * Reads a reference.
   *
   * @throws ImageError when it is none
   */
  static parse(text: string): ImageReference {
    const result = ImageReference.tryParse(text);
    if (result.ok) return result.value;
    throw new ImageError(result.problem);
  }

  /** Reads a reference; what is wrong with it is returned instead of thrown. */
  static tryParse(text: string): ImageReferenceResult {
    const parts = partsOf(text);
    if (typeof parts !== 'string') return { ok: true, value: new ImageReference(parts) };
    const shown = typeof text === 'string' ? quoted(text) : String(text);
    return { ok: false, problem: `image reference ${shown} ${parts}` };
  }

  /** Host of the registry, with its port if one is written, such as `registry.example.com:5000` or `docker.io`. */
  readonly registry: string;
  /** Path in the registry, such as `shop/server` or `library/redis`. */
  readonly repository: string;
  /** Such as `1.2`; undefined when none is written. */
  readonly tag: string | undefined;
  /** Of the manifest or index; undefined when none is written. */
  readonly digest: Digest | undefined;

  /** What stands before tag and digest, as it was written. */
  private readonly name: string;

  private constructor(parts: Parts) {
    this.name = parts.name;
    this.registry = parts.registry;
    this.repository = parts.repository;
    this.tag = parts.tag;
    this.digest = parts.digest;
    Object.freeze(this);
  }

  /** The host that speaks for the registry, which is another one for Docker Hub alone. */
  get apiHost(): string {
    return this.registry === DEFAULT_REGISTRY ? 'registry-1.docker.io' : this.registry;
  }

  /**
   * The same with this tag; a digest stays.
   *
   * @throws ImageError when it is no tag
   */
  withTag(tag: string): ImageReference {
    const problem = tagProblem(tag);
    if (problem !== undefined) throw new ImageError(`image tag ${quoted(String(tag))} ${problem}`);
    return new ImageReference({ ...this.parts, tag });
  }

  /**
   * The same with this digest; a tag stays, for the reader: it is the digest that decides.
   *
   * @throws ImageError when it is no digest by SHA-256
   */
  withDigest(digest: Digest): ImageReference {
    if (!isDigest(digest)) throw new ImageError(`image digest ${quoted(String(digest))} ${DIGEST_PROBLEM}`);
    return new ImageReference({ ...this.parts, digest });
  }

  /** As it was written, without tag and digest, such as `shop/server`. */
  get untagged(): string {
    return this.name;
  }

  /** As it was written: kubelets and containerd read it as it is read here. */
  toString(): string {
    return `${this.name}${this.tag === undefined ? '' : `:${this.tag}`}${this.digest === undefined ? '' : `@${this.digest}`}`;
  }

  /** The text, for `JSON.stringify`. */
  toJSON(): string {
    return this.toString();
  }

  private get parts(): Parts {
    const { name, registry, repository, tag, digest } = this;
    return { name, registry, repository, tag, digest };
  }
}

interface Parts {
  readonly name: string;
  readonly registry: string;
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: Digest | undefined;
}

const DIGEST_PROBLEM = "is no digest by SHA-256; write 'sha256:' and 64 digits of 0-9 and a-f";

/** The parts of a reference, or what is wrong with it. */
function partsOf(text: unknown): Parts | string {
  if (typeof text !== 'string') return "is no text; write one, such as 'registry.example.com/shop/server'";
  if (text === '') return "is empty; write one, such as 'registry.example.com/shop/server'";
  if (text.length > MAX_REFERENCE) return `has ${text.length} characters; write at most ${MAX_REFERENCE}`;
  if (/\s/.test(text)) return 'has white space in it; remove it';
  const scheme = /^[a-z][a-z+.-]*:\/\//i.exec(text);
  if (scheme) return `begins with '${scheme[0]}'; remove that, it is no URL`;

  const at = text.indexOf('@');
  const digest = at < 0 ? undefined : text.slice(at + 1);
  if (digest !== undefined && !isDigest(digest)) return `has ${quoted(digest)} after '@', which ${DIGEST_PROBLEM}`;
  const tagged = at < 0 ? text : text.slice(0, at);

  // A colon before the last slash is that of a port.
  const colon = tagged.indexOf(':', tagged.lastIndexOf('/') + 1);
  const tag = colon < 0 ? undefined : tagged.slice(colon + 1);
  const wrongTag = tag === undefined ? undefined : tagProblem(tag);
  if (wrongTag !== undefined) return `has the tag ${quoted(tag ?? '')}, which ${wrongTag}`;

  const name = colon < 0 ? tagged : tagged.slice(0, colon);
  const { registry, path } = placeOf(name);
  const wrongRegistry = registryProblem(registry);
  if (wrongRegistry !== undefined) return `has the registry ${quoted(registry)}, which ${wrongRegistry}`;
  const wrongPath = pathProblem(path);
  if (wrongPath !== undefined) return `has the repository ${quoted(path)}, which ${wrongPath}`;
  const isOfHub = registry === DEFAULT_REGISTRY || registry === 'index.docker.io';
  return {
    name,
    registry: isOfHub ? DEFAULT_REGISTRY : registry,
    repository: isOfHub && !path.includes('/') ? `library/${path}` : path,
    tag,
    digest,
  };
}

/** Registry and path of a name, by the rule of Docker. */
function placeOf(name: string): { readonly registry: string; readonly path: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const isHost = /[.:]/.test(first) || first === 'localhost' || first.toLowerCase() !== first;
  return isHost ? { registry: first, path: name.slice(slash + 1) } : { registry: DEFAULT_REGISTRY, path: name };
}

function registryProblem(registry: string): string | undefined {
  const match = REGISTRY.exec(registry);
  if (!match)
    return "is no host; write a DNS name or an address, and a port if it has one: 'registry.example.com:5000'";
  const port = match[1];
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return 'has no valid port; write 1 to 65535';
  return URL.canParse(`https://${registry}/`) ? undefined : 'is no valid address; write that of the registry';
}

function pathProblem(path: string): string | undefined {
  if (path === '') return "is empty; write one, such as 'shop/server'";
  if (path.length > MAX_REPOSITORY) return `has ${path.length} characters; write at most ${MAX_REPOSITORY}`;
  if (path !== path.toLowerCase()) return `is not in lowercase; write ${quoted(path.toLowerCase())}`;
  if (/^[0-9a-f]{64}$/.test(path)) return 'looks like the ID of an image; write the name of a repository';
  if (path.split('/').every((part) => PATH_PART.test(part))) return undefined;
  return "is not valid; write words of a-z and 0-9 with '.', '_', '__' or '-' in them, and '/' between words";
}

function tagProblem(tag: string): string | undefined {
  if (typeof tag === 'string' && TAG.test(tag)) return undefined;
  return "is not valid; write 1 to 128 letters, digits, '_', '.' and '-', with neither '.' nor '-' in front";
}
