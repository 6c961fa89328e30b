import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePem } from '../../../runtime/src/x509/pem';

/** What OpenSSL says about a chain. */
export interface Verdict {
  readonly accepted: boolean;
  /** Its own words. */
  readonly output: string;
}

/** What `openssl verify` is asked. */
export interface Question {
  /** Leaf first, DER. */
  readonly chain: readonly Buffer[];
  /** The trust anchors, DER, self-signed or not. */
  readonly anchors: readonly Buffer[];
  /** Milliseconds since 1970. */
  readonly at: number;
  /** @default 'sslclient' */
  readonly purpose?: 'sslclient' | 'sslserver' | 'any';
}

/**
 * Has the OpenSSL on the PATH verify a chain, with no other anchors than those given, and with keys and digests of 112
 * bits of security at least.
 */
export function opensslVerify({ chain, anchors, at, purpose = 'sslclient' }: Question): Verdict {
  const folder = mkdtempSync(join(tmpdir(), 'openssl-verify-'));
  try {
    const write = (name: string, certificates: readonly Buffer[]) => {
      const file = join(folder, name);
      writeFileSync(file, certificates.map((der) => writePem('CERTIFICATE', der)).join(''));
      return file;
    };
    const [leaf, ...others] = chain;
    const { status, stdout, stderr, error } = spawnSync(
      'openssl',
      [
        'verify',
        ...['-no-CAfile', '-no-CApath', '-no-CAstore', '-partial_chain'],
        ...['-purpose', purpose, '-auth_level', '2', '-attime', String(Math.floor(at / 1000))],
        // An empty file of certificates is an error of its own.
        ...(anchors.length > 0 ? ['-trusted', write('anchors.pem', anchors)] : []),
        ...(others.length > 0 ? ['-untrusted', write('untrusted.pem', others)] : []),
        write('leaf.pem', leaf === undefined ? [] : [leaf]),
      ],
      { encoding: 'utf8' },
    );
    if (error !== undefined) {
      throw error;
    }
    return { accepted: status === 0, output: `${stdout}${stderr}`.replaceAll(folder, '') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
