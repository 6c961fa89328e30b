/** A piece of software in an image, as its bill of materials tells of it. */
export interface Component {
  readonly type: 'application' | 'library' | 'platform';
  readonly name: string;
  readonly version: string;
  /** Package URL. @see https://github.com/package-url/purl-spec */
  readonly purl: string;
  /** SPDX expression or identifier, such as `MIT`; undefined where nobody says. */
  readonly license?: string;
  /** Hexadecimal, of the package it comes in. */
  readonly hashes?: { readonly 'SHA-256'?: string; readonly 'SHA-512'?: string };
  /** Platforms that it is for; undefined for all. */
  readonly architecture?: 'amd64' | 'arm64';
}
