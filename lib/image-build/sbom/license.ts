import type { Models } from '@cyclonedx/cyclonedx-library';
import type { Library } from './library';

/**
 * A licence as CycloneDX tells of it: by its identifier, as an expression of identifiers, or by the name that somebody gave
 * it, such as `SEE LICENSE IN terms.txt`.
 *
 * @see https://cyclonedx.org/docs/1.6/json/#components_items_licenses
 * @see https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/
 */
export function licenseOf(text: string, { Models, SPDX }: Pick<Library, 'Models' | 'SPDX'>): Models.License {
  // For names that every object has, such as 'constructor', the library gives what that is.
  const id: unknown = SPDX.fixupSpdxId(text);
  if (typeof id === 'string') return new Models.SpdxLicense(id);
  const isKnown = (word: string) => SPDX.isSupportedSpdxId(word) || /^(LicenseRef|DocumentRef)-/.test(word);
  return isExpression(text, isKnown) ? new Models.LicenseExpression(text) : new Models.NamedLicense(text);
}

/** Whether a text is an expression: identifiers and groups in brackets, joined by AND and OR, with exceptions after WITH. */
function isExpression(text: string, isKnown: (word: string) => boolean): boolean {
  const words = text.match(/[()]|[^\s()]+/g) ?? [];
  let at = 0;
  const operand = (depth: number): boolean => {
    const word = words[at++];
    if (word === undefined || depth > 20) return false;
    if (word === '(') return operands(depth + 1) && words[at++] === ')';
    if (!isKnown(word.replace(/\+$/, ''))) return false;
    if (words[at] !== 'WITH') return true;
    at += 2;
    return /^[A-Za-z0-9.-]+$/.test(words[at - 1] ?? '');
  };
  const operands = (depth: number): boolean => {
    if (!operand(depth)) return false;
    while (words[at] === 'AND' || words[at] === 'OR') {
      at++;
      if (!operand(depth)) return false;
    }
    return true;
  };
  return operands(0) && at === words.length;
}
