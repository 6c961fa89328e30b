import type { TemplateProblem } from './template-scan';

/**
 * What is wrong with a DNS name of an SVID; undefined when it is right.
 *
 * The rules of the SPIRE server: ASCII, at most one wildcard, as the whole first label.
 *
 * @param name such as `payments.shop.svc` or `*.shop.svc`
 */
export function dnsNameProblem(name: string): TemplateProblem | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is the rule
  if (/[^\x00-\x7f]/.test(name)) {
    return {
      message: 'has characters that are not ASCII',
      remedy: "write the name in punycode, such as 'xn--bcher-kva.example'",
    };
  }
  if (name.lastIndexOf('*') > 0 || (name.startsWith('*') && !name.startsWith('*.'))) {
    return {
      message: "has a '*' that is not the whole first label",
      remedy: "write at most one, in front: '*.example.org'",
    };
  }
  const rest = name.startsWith('*.') ? name.slice(2) : name;
  if (rest === '') return { message: 'is empty', remedy: "write a DNS name such as 'payments.shop.svc'" };
  if (rest.endsWith('.')) return { message: "ends with '.'", remedy: "remove the last '.'" };
  if (rest.length > 253) return { message: 'is longer than 253 characters', remedy: 'shorten it' };
  const label = rest.split('.').find((part) => !isLabel(part));
  if (label === undefined) return undefined;
  return {
    message: `has the part '${label}', which is not a DNS label`,
    remedy: "write 1 to 63 letters, digits, '-' and '_' between dots, with no '-' at the ends nor twice as 3rd and 4th",
  };
}

function isLabel(label: string): boolean {
  if (!/^[A-Za-z0-9_](?:[-A-Za-z0-9_]{0,61}[A-Za-z0-9_])?$/.test(label)) return false;
  return label.slice(2, 4) !== '--' || label.startsWith('xn--');
}
