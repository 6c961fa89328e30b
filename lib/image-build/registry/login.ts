import { quoted } from '../../image';
import type { RegistryCredentials } from './options';

/** The user name that stands for a token, in what credential helpers answer. */
const TOKEN_USER = '<token>';

/** Where credentials were looked for when there is no place for them. */
const NOWHERE = 'any file, since neither DOCKER_CONFIG nor HOME is set';

/** By what somebody is let into a registry, if by anything. The secret shows in no message, log or inspection of the value. */
export class Login {
  /** Nobody in particular. @param places where credentials were looked for */
  static anonymous(places: readonly string[]): Login {
    return new Login(places.join(', ') || NOWHERE, undefined, undefined);
  }

  /** @param place where the credentials are from, such as the path of a file */
  static of(credentials: RegistryCredentials, place: string): Login {
    if ('identityToken' in credentials) return new Login(place, undefined, credentials.identityToken);
    const { username, password } = credentials;
    return username === TOKEN_USER ? new Login(place, undefined, password) : new Login(place, username, password);
  }

  readonly #secret: string | undefined;

  private constructor(
    /** Where the credentials are from, or where they were looked for. */
    readonly place: string,
    /** Undefined for a token, and for nobody. */
    readonly username: string | undefined,
    secret: string | undefined,
  ) {
    this.#secret = secret;
  }

  /** Whether there are no credentials. */
  get isAnonymous(): boolean {
    return this.#secret === undefined;
  }

  /** The header for `Basic`; undefined where there is no password. */
  get basic(): string | undefined {
    if (this.username === undefined || this.#secret === undefined) return undefined;
    return `Basic ${Buffer.from(`${this.username}:${this.#secret}`, 'utf8').toString('base64')}`;
  }

  /** What tokens are got for, in place of a password. */
  get identityToken(): string | undefined {
    return this.username === undefined ? this.#secret : undefined;
  }

  /** Who it is, for a message. */
  get who(): string {
    if (this.isAnonymous) return 'nobody in particular';
    return `${this.username === undefined ? 'the identity token' : `user ${quoted(this.username)}`} from ${this.place}`;
  }
}
