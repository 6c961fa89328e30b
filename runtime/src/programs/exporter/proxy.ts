import { BlockList, isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import type { ProxyChoice } from '../../federation/tunnel';
import { OptionFault } from '../options';

/** The URL of an HTTP proxy. */
export function proxyUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' && url.hostname !== '') return url;
  // What it is may have a password in it.
  throw new OptionFault("is not the URL of an HTTP proxy; write one such as 'http://proxy.example:3128'");
}

/**
 * What entries of NO_PROXY stand for: a name covers itself and all below it, one with a dot before it only what is below; an
 * address or a network covers addresses, never a name that leads to one. What nothing could match is passed over.
 */
interface Entries {
  isAll: boolean;
  readonly addresses: Readonly<Record<Family, BlockList>>;
  /** Addresses at one port alone, as `address port`. */
  readonly places: Set<string>;
  readonly names: { readonly suffix: string; readonly host?: string; readonly port: string }[];
}

type Family = 'ipv4' | 'ipv6';

/** An IP address, in the one way in which each is written here: IPv4 addresses never as the IPv6 addresses they are mapped to. */
interface Address {
  readonly text: string;
  readonly family: Family;
}

/**
 * Which servers are reached by the proxy, as programs in Go read `NO_PROXY`: so a SPIRE server goes the same way.
 *
 * @param proxy the proxy
 * @param noProxy hosts, domains, addresses and networks that are reached without it, each with a port or without
 * @see https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config
 */
export function proxyChoice(proxy: URL, noProxy: readonly string[]): ProxyChoice {
  const entries = read(noProxy);
  return (url) => (isDirect(entries, url) ? undefined : proxy);
}

const LOOPBACK = { ipv4: new BlockList(), ipv6: new BlockList() };
LOOPBACK.ipv4.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.ipv6.addAddress('::1', 'ipv6');

function isDirect({ isAll, addresses, names, places }: Entries, url: URL): boolean {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = url.port === '' ? '443' : url.port;
  if (host === 'localhost' || isAll) return true;
  const address = addressOf(host);
  if (!address) return names.some((each) => isBelow(host, each) && (each.port === '' || each.port === port));
  const { text, family } = address;
  return [LOOPBACK, addresses].some((each) => each[family].check(text, family)) || places.has(`${text} ${port}`);
}

const isBelow = (host: string, name: Entries['names'][number]): boolean =>
  host === name.host || host.endsWith(name.suffix);

function read(texts: readonly string[]): Entries {
  const addresses = { ipv4: new BlockList(), ipv6: new BlockList() };
  const entries: Entries = { isAll: false, addresses, places: new Set(), names: [] };
  for (const text of texts.flatMap((each) => each.split(','))) {
    const entry = text.trim().toLowerCase();
    // Go reads no further.
    if (entry === '*') return { ...entries, isAll: true };
    if (!addNetwork(entries, entry)) addHost(entries, entry);
  }
  return entries;
}

/** Whether it was a network. */
function addNetwork({ addresses }: Entries, entry: string): boolean {
  const [, base = '', digits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(entry) ?? [];
  const [given, address] = [isIP(base), addressOf(base)];
  const bits = Number(digits);
  if (!address || bits > (given === 4 ? 32 : 128)) return false;
  const mapped = given === 6 && address.family === 'ipv4' ? bits - MAPPED_BITS : bits;
  if (mapped < 0) addresses.ipv6.addSubnet(base, bits, 'ipv6');
  else addresses[address.family].addSubnet(address.text, mapped, address.family);
  return true;
}

/** An entry that has no port, or cannot be split, is a host as a whole. */
function addHost({ addresses, places, names }: Entries, entry: string): void {
  const [, bracketed, plain, port = ''] = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:[\]]*)$/.exec(entry) ?? [];
  const host = bracketed ?? plain ?? entry;
  const address = addressOf(host);
  if (address && port === '') addresses[address.family].addAddress(address.text, address.family);
  else if (address) places.add(`${address.text} ${port}`);
  else {
    const below = host.startsWith('*.') ? host.slice(1) : host;
    const name = below.replace(/^\./, '');
    // What is in ASCII stays as it is: the parser of URLs would take away what makes it no name.
    const ascii = /[^\0-\x7f]/.test(name) && !/[/?#@\\]/.test(name) ? domainToASCII(name) : name;
    if (ascii !== '') names.push({ suffix: `.${ascii}`, ...(below === name && { host: ascii }), port });
  }
}

/** How many bits stand before an IPv4 address in the IPv6 address that it is mapped to. */
const MAPPED_BITS = 96;

function addressOf(host: string): Address | undefined {
  const version = isIP(host);
  if (version === 0 || host.includes('%')) return undefined;
  if (version === 4) return { text: host, family: 'ipv4' };
  const text = new URL(`https://[${host}]`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(text) ?? [];
  if (high === undefined || low === undefined) return { text, family: 'ipv6' };
  const bytes = [high, low].flatMap((group) => {
    const number = Number.parseInt(group, 16);
    return [number >> 8, number & 0xff];
  });
  return { text: bytes.join('.'), family: 'ipv4' };
}
