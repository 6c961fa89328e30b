import { ImageError, quoted } from '../../image';
import { type ArchiveEntry, type ArchiveRequest, readTar } from './tar-reader';
import { fromGzip, fromXz, stored } from './unpack';

const MAGIC = '!<arch>\n';
const HEADER = 60;
const REMEDY = 'pin a package that is whole';

/**
 * Wanted files of a Debian package.
 *
 * @throws ImageError if it is none, is damaged or hostile, or lacks one
 * @see https://manpages.debian.org/trixie/dpkg-dev/deb.5.en.html
 */
export async function readDeb(
  content: Uint8Array,
  request: ArchiveRequest,
): Promise<ReadonlyMap<string, ArchiveEntry>> {
  return readTar(unpacked(archiveOf('data', content, request), request), request);
}

/** No package says more of itself, in bytes. */
const LONGEST_CONTROL = 1024 * 1024;

/**
 * What a Debian package says of itself: its name, version and what it is for.
 *
 * @throws ImageError if it is none, is damaged or hostile, or says nothing
 * @see https://manpages.debian.org/trixie/dpkg-dev/deb-control.5.en.html
 */
export async function readDebControl(content: Uint8Array, label: string, signal?: AbortSignal): Promise<Uint8Array> {
  const request: ArchiveRequest = { label, wanted: ['control'], limit: LONGEST_CONTROL, ...(signal && { signal }) };
  const control = (await readTar(unpacked(archiveOf('control', content, request), request), request)).get('control');
  if (control?.type === 'file') return control.content;
  throw problem(request, 'says nothing of itself');
}

/** One of the two archives of a package. */
function archiveOf(kind: 'control' | 'data', content: Uint8Array, request: ArchiveRequest): Member {
  const [first, ...others] = membersOf(content, request.label);
  const format = first?.name === 'debian-binary' ? Buffer.from(first.content).toString('latin1') : undefined;
  if (format === undefined) throw problem(request, "is no Debian package: it does not begin with 'debian-binary'");
  if (!/^2\.\d+\n/.test(format)) throw problem(request, `has the format ${quoted(format.trim())}, where 2.x is known`);
  const found = others.filter(({ name }) => name === `${kind}.tar` || name.startsWith(`${kind}.tar.`));
  const [archive] = found;
  if (archive && found.length === 1) return archive;
  throw problem(request, `has ${found.length} archives '${kind}.tar', where it has to have one`);
}

interface Member {
  readonly name: string;
  readonly content: Uint8Array;
}

/** The members of an `ar` archive: each has a header of 60 characters, and begins at an even place. */
function membersOf(content: Uint8Array, label: string): Member[] {
  const text = (from: number, length: number) => Buffer.from(content.subarray(from, from + length)).toString('latin1');
  if (text(0, MAGIC.length) !== MAGIC)
    throw problem({ label }, `is no Debian package: it does not begin with '!<arch>'`);
  const members: Member[] = [];
  for (let at = MAGIC.length; at < content.length; ) {
    const header = text(at, HEADER);
    const size = /^\d+ *$/.test(header.slice(48, 58)) ? Number(header.slice(48, 58)) : undefined;
    if (header.length < HEADER || header.slice(58) !== '`\n' || size === undefined) {
      throw problem({ label }, `is damaged: at byte ${at} there is no header of a member`);
    }
    const from = at + HEADER;
    if (from + size > content.length) throw problem({ label }, `is damaged: it ends too early`);
    members.push({
      name: header.slice(0, 16).trimEnd().replace(/\/$/, ''),
      content: content.subarray(from, from + size),
    });
    at = from + size + (size % 2);
  }
  return members;
}

function unpacked({ name, content }: Member, request: ArchiveRequest): AsyncIterable<Uint8Array> {
  if (name.endsWith('.tar')) return stored(content);
  if (name.endsWith('.tar.xz')) return fromXz(content);
  if (name.endsWith('.tar.gz')) return fromGzip(content);
  throw problem(request, `has its files in ${quoted(name)}, where xz and gz can be read`);
}

function problem({ label }: { readonly label: string }, message: string): ImageError {
  return new ImageError(`${quoted(label)} ${message}; ${REMEDY}`);
}
