import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { Header } from 'tar';
import type { ContentHash } from '../../../lib/image-build/sources/content-hash';

/** An entry of a small archive, honest or not. */
export interface TestEntry {
  readonly path: string;
  readonly content?: string;
  readonly mode?: number;
  readonly type?: 'File' | 'SymbolicLink' | 'Link' | 'Directory' | 'CharacterDevice';
  readonly linkpath?: string;
  /** Instead of what its content has. */
  readonly size?: number;
}

/** An archive of files. */
export function tarBytes(entries: readonly TestEntry[], { end = true } = {}): Buffer {
  const parts = entries.flatMap(({ path, content = '', mode = 0o644, type = 'File', linkpath, size }) => {
    const bytes = Buffer.from(content);
    const header = Buffer.alloc(512);
    new Header({ path, mode, type, linkpath, size: size ?? bytes.length, uid: 0, gid: 0, mtime: new Date(0) }).encode(
      header,
    );
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...parts, Buffer.alloc(end ? 1024 : 0)]);
}

/** A package as npm has it. */
export const npmPackage = (entries: readonly TestEntry[]): Buffer => gzipSync(tarBytes(entries));

/** An archive as `ar` writes it. */
export function arBytes(members: readonly (readonly [name: string, content: Uint8Array | string])[]): Buffer {
  const parts = members.flatMap(([name, content]) => {
    const bytes = Buffer.from(content);
    const header = `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}${String(bytes.length).padEnd(10)}\`\n`;
    return [Buffer.from(header), bytes, Buffer.from(bytes.length % 2 ? '\n' : '')];
  });
  return Buffer.concat([Buffer.from('!<arch>\n'), ...parts]);
}

/** A Debian package whose files are in this archive. */
export const debPackage = (data: Uint8Array, name = 'data.tar.gz'): Buffer =>
  arBytes([
    ['debian-binary', '2.0\n'],
    ['control.tar.gz', gzipSync(tarBytes([{ path: './control', content: 'Package: test\nVersion: 1\n' }]))],
    [name, data],
  ]);

/**
 * By `tar --owner=0 --group=0 --mtime=@0 --sort=name -c ./usr | xz -9e --check=crc64`, since Node cannot compress so:
 * `./usr/lib/libx.so.1.0` with `hello, library\n`, and `./usr/lib/libx.so.1`, a link to it.
 */
export const XZ_ARCHIVE = Buffer.from(
  '/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4Cf/AKRdABcLyyeJ8uv7sv6J4fnJCB0cKx5/hlD7z8AiblPuVvXoYIucEPTnK6pVQDhE' +
    'bCDLQEcTOnogpaX01Eo2j7y3uRQtehs1CvGuMGllNl9JUKF+7dujy9fodVZSjeA/ux6QHATI4FM5OSloUgJMg+T7xYKvKiyUIHh5' +
    'W63wP1LEH/vMRDvgTQgcYXxiijDW0PirPqAh6KCY9QhcxBz51GoHiUB077IAAGPMOCnqplcyAAHAAYBQAABSezhuscRn+wIAAAAA' +
    'BFla',
  'base64',
);

/** What pins a content. */
export const hashOf = (content: Uint8Array, algorithm: ContentHash['algorithm'] = 'sha256'): ContentHash => ({
  algorithm,
  hex: createHash(algorithm).update(content).digest('hex'),
});

/** What pins a content, as npm writes it. */
export const integrityOf = (content: Uint8Array): string =>
  `sha512-${createHash('sha512').update(content).digest('base64')}`;
