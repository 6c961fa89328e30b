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
  const [first, ...others] = membersOf(content, request.label);
  const format = first?.name === 'debian-binary' ? Buffer.from(first.content).toString('latin1') : undefined;
  if (format === undefined) throw problem(request, "is no Debian package: it does not begin with 'debian-binary'");
  if (!/^2\.\d+\n/.test(format)) throw problem(request, `has the format ${quoted(format.trim())}, where 2.x is known`);
  const data = others.filter(({ name }) => /^data\.tar(\.|$)/.test(name));
  const [archive] = data;
  if (!archive || data.length > 1)
    throw problem(request, `has ${data.length} archives of files, where it has to have one`);
  return readTar(unpacked(archive, request), request);
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
  if (name === 'data.tar') return stored(content);
  if (name === 'data.tar.xz') return fromXz(content);
  if (name === 'data.tar.gz') return fromGzip(content);
  throw problem(request, `has its files in ${quoted(name)}, where xz and gz can be read`);
}

function problem({ label }: { readonly label: string }, message: string): ImageError {
  return new ImageError(`${quoted(label)} ${message}; ${REMEDY}`);
}
