import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { type HttpsWebProfile, httpsWeb } from '../../federation/endpoint-profile';
import { messageOf } from '../program';

/**
 * Why a file gives no authorities; undefined when it does.
 *
 * @param file the file
 */
export function rootsFault(file: string): string | undefined {
  try {
    httpsWeb({ roots: readFileSync(file, 'utf8') });
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** What files held, and the profile that was made of it. */
interface Read {
  readonly texts: readonly string[];
  readonly profile: HttpsWebProfile;
}

/** The authorities that servers with a certificate of the Web PKI may have: the public ones, and those of files. */
export class WebRoots {
  readonly #files: readonly string[];
  #read: Read | undefined;

  /**
   * @param files files in PEM; none for the public authorities alone
   */
  constructor(files: readonly string[]) {
    this.#files = files;
  }

  /**
   * The profile with what the files hold now: they are replaced under a program that runs. As long as they are the same
   * the profile is the same, for TLS takes a while to read all authorities.
   *
   * @throws what the file system says, or a {@link FederationError} when a file has no certificates
   */
  profile(): HttpsWebProfile {
    const texts = this.#files.map((file) => readFileSync(file, 'utf8'));
    let read = this.#read;
    if (read === undefined || read.texts.some((text, index) => text !== texts[index])) {
      for (const roots of texts) httpsWeb({ roots });
      const roots = [...rootCertificates, ...texts].join('\n');
      read = { texts, profile: texts.length === 0 ? httpsWeb() : httpsWeb({ roots }) };
      this.#read = read;
    }
    return read.profile;
  }
}
