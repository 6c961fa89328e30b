const BASE64URL = /^[A-Za-z0-9_-]*$/;

/**
 * The bytes of a text in base64url as JOSE writes it: without padding or white space, and with no bits left over, so
 * that there is one text for every sequence of bytes. (`Buffer.from()` skips what it does not know.)
 *
 * @param text the text
 * @returns undefined if it is none
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-2
 */
export function readBase64Url(text: string): Buffer | undefined {
  if (!BASE64URL.test(text)) {
    return undefined;
  }
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}
