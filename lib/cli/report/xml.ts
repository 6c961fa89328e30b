/**
 * What XML 1.0 cannot hold, not even as a reference.
 *
 * @see https://www.w3.org/TR/xml/#charsets
 */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

/** Text as the content of an element; what XML cannot hold is the replacement character. */
const content = (text: string): string =>
  text.replace(FORBIDDEN, '\ufffd').replace(/[&<>"\r]/g, (character) => ESCAPES[character] as string);

/** Text as the value of an attribute, in which readers would take any white space for a blank. */
const attribute = (text: string): string => content(text).replace(/[\t\n]/g, (it) => `&#${it.charCodeAt(0)};`);

/**
 * An element as lines of XML.
 *
 * @param inner its text, or the lines of the elements in it
 */
export function xmlElement(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  inner: string | readonly string[] = [],
): string[] {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${attribute(String(value))}"`);
  const head = name + written.join('');
  if (typeof inner === 'string') return [`<${head}>${content(inner)}</${name}>`];
  if (inner.length === 0) return [`<${head}/>`];
  return [`<${head}>`, ...inner.map((line) => `  ${line}`), `</${name}>`];
}
