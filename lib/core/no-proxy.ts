import { isIPv4, isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';

/** What an entry of NO_PROXY stands for; undefined when nothing could ever be it. */
type Entry =
  | { readonly type: 'all' }
  | { readonly type: 'address'; readonly address: bigint; readonly port: string }
  | { readonly type: 'network'; readonly first: bigint; readonly bits: number; readonly isV4: boolean }
  | { readonly type: 'domain'; readonly suffix: string; readonly host: string | undefined; readonly port: string };

/**
 * Which hosts a program in Go reaches without its proxy: what the variable `NO_PROXY` says.
 *
 * A name covers itself and all below it, a name with a dot before it only what is below; an address or a network covers
 * addresses, never a name that leads to one. `localhost` and loopback addresses are reached without a proxy in any case.
 *
 * @see https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config
 */
export class NoProxy {
  private readonly domains: Entry[] = [];
  private readonly addresses: Entry[] = [];

  /** @param entries one or several in each text, with commas between them; what nothing could match is passed over */
  constructor(entries: readonly string[]) {
    for (const text of entries.flatMap((each) => each.split(','))) {
      const entry = readEntry(text);
      if (!entry) continue;
      if (entry.type === 'all' || entry.type === 'domain') this.domains.push(entry);
      if (entry.type !== 'domain') this.addresses.push(entry);
      // Go reads no further.
      if (entry.type === 'all') break;
    }
  }

  /**
   * Whether a host is reached without the proxy.
   *
   * @param host as in a URL: a name, an IPv4 address, or an IPv6 address in brackets or without
   * @param port TCP port
   */
  covers(host: string, port: number): boolean {
    const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
    if (bare === 'localhost') return true;
    const address = addressOf(bare);
    if (address === undefined) {
      const name = asciiName(bare);
      return this.domains.some((entry) => coversName(entry, name, String(port)));
    }
    return isLoopback(address) || this.addresses.some((entry) => coversAddress(entry, address, String(port)));
  }
}

/** What is wrong with an entry of NO_PROXY: nothing could ever match it, and Go passes it over in silence. */
export function noProxyProblem(text: string): { message: string; remedy: string } | undefined {
  const entry = text.trim();
  if (entry === '') return { message: 'is empty', remedy: 'leave it out' };
  if (readEntry(entry) || entry.includes(',')) return undefined;
  if (/\s/.test(entry)) {
    return { message: 'has a space in it', remedy: 'write several entries, each in quotes of its own' };
  }
  if (entry.includes('://')) {
    return { message: 'is a URL, which no host ever equals', remedy: "write the host alone, such as 'example.com'" };
  }
  if (entry.includes('/')) {
    return { message: 'is not a network', remedy: "write one such as '10.0.0.0/8' or 'fd00::/8'" };
  }
  if (entry.startsWith('[')) {
    return { message: 'has brackets, which go with a port alone', remedy: 'write the address without them' };
  }
  if (entry.includes('*')) {
    const remedy = "write '.example.com' for all hosts below a domain";
    return { message: 'has a * that stands for nothing', remedy };
  }
  if (/:[^:]*$/.test(entry) && !isPort(entry.slice(entry.lastIndexOf(':') + 1))) {
    return { message: 'has a port that is none', remedy: "write one such as 'example.com:8443', or leave it out" };
  }
  if (entry.endsWith('.')) {
    return { message: 'ends with a dot, and hosts of URLs do not', remedy: 'leave the dot out' };
  }
  const message = 'is neither a host name nor an address nor a network';
  return { message, remedy: "write one such as '.example.com', '10.1.2.3' or '10.0.0.0/8'" };
}

function readEntry(text: string): Entry | undefined {
  const entry = text.trim().toLowerCase();
  if (entry === '*') return { type: 'all' };
  const network = networkOf(entry);
  if (network) return network;
  const { host, port } = splitPort(entry);
  if (port !== '' && !isPort(port)) return undefined;
  const address = addressOf(host);
  if (address !== undefined) return { type: 'address', address, port };
  const below = host.startsWith('*.') ? host.slice(1) : host;
  const name = below.replace(/^\./, '');
  const ascii = asciiName(name);
  if (!isHostName(ascii)) return undefined;
  return { type: 'domain', suffix: `.${ascii}`, host: below === name ? ascii : undefined, port };
}

/** Host and port as Go splits them: an entry that has no port, or cannot be split, is a host as a whole. */
function splitPort(entry: string): { host: string; port: string } {
  const bracketed = /^\[([^[\]]*)\]:([^:[\]]*)$/.exec(entry) ?? /^([^:[\]]*):([^:[\]]*)$/.exec(entry);
  return bracketed ? { host: bracketed[1] as string, port: bracketed[2] as string } : { host: entry, port: '' };
}

/** A name as it is looked up; what is in ASCII already stays as it is, be it a name or not. */
const asciiName = (name: string): string =>
  /[^\0-\x7f]/.test(name) && !/[/?#@\\]/.test(name) ? domainToASCII(name) : name;

const isPort = (text: string): boolean => /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535;

/** A name that a host can have: its last label is no number, for that would be an address. */
const isHostName = (name: string): boolean =>
  /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/.test(name) && !/(?:^|\.)\d+$/.test(name);

function coversName(entry: Entry, name: string, port: string): boolean {
  if (entry.type !== 'domain') return entry.type === 'all';
  return (name.endsWith(entry.suffix) || name === entry.host) && (entry.port === '' || entry.port === port);
}

function coversAddress(entry: Entry, address: bigint, port: string): boolean {
  if (entry.type === 'address') return entry.address === address && (entry.port === '' || entry.port === port);
  if (entry.type !== 'network') return entry.type === 'all';
  const shift = BigInt(ADDRESS_BITS - entry.bits);
  return entry.isV4 === isV4(address) && address >> shift === entry.first >> shift;
}

const ADDRESS_BITS = 128;
const V4_BITS = 32;
/** IPv4 addresses are looked at as the IPv6 addresses that they are mapped to. */
const MAPPED = 0xffffn << BigInt(V4_BITS);

const isV4 = (address: bigint): boolean => address >> BigInt(V4_BITS) === 0xffffn;

const isLoopback = (address: bigint): boolean => address === 1n || (isV4(address) && (address >> 24n) % 256n === 127n);

function networkOf(entry: string): Entry | undefined {
  const parts = /^([^/]*)\/(\d+)$/.exec(entry);
  const address = parts ? addressOf(parts[1] as string) : undefined;
  if (!parts || address === undefined) return undefined;
  const size = isIPv4(parts[1] as string) ? V4_BITS : ADDRESS_BITS;
  const given = Number(parts[2]);
  if (given > size) return undefined;
  const bits = given + ADDRESS_BITS - size;
  const shift = BigInt(ADDRESS_BITS - bits);
  const first = (address >> shift) << shift;
  return { type: 'network', first, bits, isV4: isV4(first) };
}

/** An IP address as a number; undefined when it is none. */
function addressOf(text: string): bigint | undefined {
  if (isIPv4(text)) return MAPPED | v4Number(text);
  if (!isIPv6(text) || text.includes('%')) return undefined;
  // The last two groups may be written as an IPv4 address.
  const groups = text.replace(/\d+\.\d+\.\d+\.\d+$/, (v4) => {
    const number = v4Number(v4);
    return `${(number >> 16n).toString(16)}:${(number & 0xffffn).toString(16)}`;
  });
  const [left = [], right = []] = groups.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...zeros, ...right].reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

const v4Number = (text: string): bigint => text.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
