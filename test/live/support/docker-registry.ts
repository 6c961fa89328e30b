import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type WebCertificate, webCertificate } from '../../image-build/registry/certificates';
import { freePort, LiveProcess } from './process';

/** Who is let in where the registry wants to know. */
export const LOGIN = { username: 'somebody', password: 'pass:word' } as const;

/** That password by bcrypt. */
const HTPASSWD = `${LOGIN.username}:$2b$05$abcdefghijklmnopqrstuuDIEddBSuRWBBEY6g5zv60IAP5bSSfki\n`;

/** Debian's docker-registry on loopback, with its storage in a folder that ends with it. */
export class DockerRegistry {
  private constructor(
    readonly folder: string,
    readonly port: number,
    private readonly process: LiveProcess,
    /** Its certificate; undefined where it speaks HTTP. */
    readonly certificate?: WebCertificate,
  ) {}

  /** @param isGuarded speaks TLS and wants a password, else neither */
  static async start({ isGuarded = false } = {}): Promise<DockerRegistry> {
    const folder = mkdtempSync(join(tmpdir(), 'spirekit-registry-'));
    const port = await freePort();
    const certificate = isGuarded ? webCertificate() : undefined;
    const config: Record<string, unknown> = {
      version: 0.1,
      log: { accesslog: { disabled: false }, level: 'info' },
      storage: { filesystem: { rootdirectory: join(folder, 'storage') }, delete: { enabled: true } },
      http: {
        addr: `127.0.0.1:${port}`,
        secret: 'for this run',
        ...(certificate && { tls: tlsOf(folder, certificate) }),
      },
    };
    if (isGuarded) {
      writeFileSync(join(folder, 'htpasswd'), HTPASSWD);
      config.auth = { htpasswd: { realm: 'a realm', path: join(folder, 'htpasswd') } };
    }
    // JSON is YAML too.
    writeFileSync(join(folder, 'config.yml'), JSON.stringify(config));
    const process = new LiveProcess('docker-registry', ['serve', join(folder, 'config.yml')]);
    const registry = new DockerRegistry(folder, port, process, certificate);
    try {
      await process.says(/listening on/, 30);
    } catch (error) {
      await registry.end();
      throw error;
    }
    return registry;
  }

  get host(): string {
    return `localhost:${this.port}`;
  }

  /** A folder with the authority, as `docker` and `skopeo` want it. */
  get certificates(): string {
    const folder = join(this.folder, 'certs');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'ca.crt'), this.certificate?.ca ?? '');
    return folder;
  }

  /** What it was asked so far: method, path and status of each request. */
  requests(): string[] {
    return [...this.process.text.matchAll(/"([A-Z]+) (\S+) HTTP\/1\.1" (\d+)/g)].map(
      ([, method, path, status]) => `${method} ${path?.replace(/\?.*/, '')} ${status}`,
    );
  }

  async end(): Promise<void> {
    await this.process.end();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function tlsOf(folder: string, { cert, key }: WebCertificate): { readonly certificate: string; readonly key: string } {
  const files = { certificate: join(folder, 'tls.crt'), key: join(folder, 'tls.key') };
  writeFileSync(files.certificate, cert);
  writeFileSync(files.key, key);
  return files;
}
