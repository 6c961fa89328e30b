import { isIP } from 'node:net';
import { constants } from 'node:os';
import { MAX_TIMEOUT_MS } from '../../core';
import { SpiffeId, TrustDomain } from '../../id';
import { quote } from '../../id/quote';
import { OptionFault } from './option';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** The longest name of a file on the common file systems, in bytes. */
const MAX_NAME_BYTES = 255;

/** Where a server listens or a client connects. */
export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** Any text but the empty one. */
export function anyText(text: string): string {
  if (text === '') {
    throw new OptionFault("'': is empty; write a value");
  }
  if (text.includes('\0')) {
    throw new OptionFault(`${quote(text)}: has a zero byte; remove it`);
  }
  return text;
}

/** A duration in whole milliseconds, of a number with a unit, such as `500ms`, `30s`, `5m` or `1h`. */
export function duration(text: string): number {
  const [, digits, unit] = /^([0-9]{1,9}(?:\.[0-9]{1,3})?)(ms|s|m|h)$/.exec(text) ?? [];
  if (digits === undefined || unit === undefined) {
    throw new OptionFault(`${quote(text)}: is no duration; write one such as '500ms', '30s', '5m' or '1h'`);
  }
  // Not every timer takes fractions, and 1.001 * 1000 is one.
  return Math.round(Number(digits) * (UNITS[unit] as number));
}

/** A duration that can be waited for: longer than nothing, and no longer than timers of Node.js wait. */
export function positiveDuration(text: string): number {
  const milliseconds = duration(text);
  if (milliseconds <= 0) {
    throw new OptionFault(`${quote(text)}: is no time at all; write a longer one`);
  }
  if (milliseconds > MAX_TIMEOUT_MS) {
    throw new OptionFault(`${quote(text)}: is longer than can be waited for; write 596h at most`);
  }
  return milliseconds;
}

/** Permissions of a file that its owner can read, in octal. */
export function fileMode(text: string): number {
  return mode(text, 0o400, "the owner has to read it; write one such as '0600', '0640' or '0644'");
}

/** Permissions of a folder that its owner can use, in octal. */
export function folderMode(text: string): number {
  return mode(text, 0o700, "the owner has to use it; write one such as '0700', '0750' or '0755'");
}

function mode(text: string, needed: number, reason: string): number {
  if (!/^0?[0-7]{3}$/.test(text)) {
    throw new OptionFault(`${quote(text)}: is no mode in octal; write one such as '0640'`);
  }
  const value = Number.parseInt(text, 8);
  if ((value & needed) !== needed) {
    throw new OptionFault(`${quote(text)}: ${reason}`);
  }
  return value;
}

/** The name of a file, without any folder. Those that begin with two dots belong to the atomic writer. */
export function fileName(text: string): string {
  if (!/^[A-Za-z0-9._-]+$/.test(text) || text === '.' || text.startsWith('..')) {
    throw new OptionFault(
      `${quote(text)}: is no name of a file; write letters, digits, '.', '_' and '-', without a folder and not with '..' in front`,
    );
  }
  if (text.length > MAX_NAME_BYTES) {
    throw new OptionFault(`${quote(text)}: is longer than ${MAX_NAME_BYTES} bytes; write a shorter name`);
  }
  return text;
}

/** The number of a process. Zero and negative numbers mean groups of processes, so they are none. */
export function processId(text: string): number {
  const pid = /^[0-9]{1,10}$/.test(text) ? Number(text) : 0;
  if (pid < 1 || pid > 2 ** 31 - 1) {
    throw new OptionFault(`${quote(text)}: is no number of a process; write one from 1`);
  }
  return pid;
}

/** The name of a signal that this system has. */
export function signalName(text: string): NodeJS.Signals {
  if (!Object.hasOwn(constants.signals, text)) {
    throw new OptionFault(`${quote(text)}: is no signal; write one such as 'SIGHUP' or 'SIGUSR1'`);
  }
  return text as NodeJS.Signals;
}

/** Where to listen: `address:port`, or a port alone, which is one of 127.0.0.1. */
export function listenAddress(text: string): HostAndPort {
  const { host, port } = split(/^[0-9]+$/.test(text) ? `127.0.0.1:${text}` : text);
  if (isIP(host) === 0 || port === undefined) {
    throw new OptionFault(
      `${quote(text)}: is no address to listen at; write one such as '8081', which is 127.0.0.1:8081, '0.0.0.0:8081' or '[::]:8081'`,
    );
  }
  return { host, port };
}

/** Where to connect to: `host:port`. */
export function peerAddress(text: string): HostAndPort {
  const { host, port } = split(text);
  if (host === '' || !port) {
    throw new OptionFault(`${quote(text)}: is no address; write host and port, such as 'db.shop.svc:5432'`);
  }
  return { host, port };
}

function split(text: string): { host: string; port: number | undefined } {
  const [, bracketed, plain, digits] = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:/@[\]\s]+)):([0-9]{1,5})$/.exec(text) ?? [];
  const port = digits === undefined ? undefined : Number(digits);
  return { host: bracketed ?? plain ?? '', port: port !== undefined && port <= 65535 ? port : undefined };
}

/** One of a few words. */
export function oneOf<T extends string>(...words: readonly T[]): (text: string) => T {
  return (text) => {
    const found = words.find((word) => word === text);
    if (found === undefined) {
      throw new OptionFault(`${quote(text)}: is none of ${words.map(quote).join(', ')}; write one of these`);
    }
    return found;
  };
}

/** A SPIFFE ID. */
export function spiffeId(text: string): SpiffeId {
  return SpiffeId.parse(text);
}

/** The name of a trust domain. */
export function trustDomain(text: string): TrustDomain {
  return TrustDomain.parse(text);
}
