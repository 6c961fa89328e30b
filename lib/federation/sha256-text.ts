/** 64 hexadecimal digits as `openssl`, `spirekit` and people write them: with colons or without, with or without what they are. */
const SHA256 = /^(?:sha256:|sha256(?: fingerprint)?=)?((?:[0-9a-f]{2}:?){31}[0-9a-f]{2})$/i;

/** A SHA-256 in the one way to write it, 64 hexadecimal digits in lower case; undefined when a text is none. */
export const readSha256 = (text: string): string | undefined =>
  SHA256.exec(text.trim())?.[1]?.replaceAll(':', '').toLowerCase();
