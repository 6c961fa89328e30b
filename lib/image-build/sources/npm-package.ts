import { type ArchiveEntry, type ArchiveRequest, readTar } from './tar-reader';
import { fromGzip } from './unpack';

/**
 * Wanted files of a package as the npm registry has it, by their places in it, such as `package/LICENSE`.
 *
 * @throws ImageError if it is damaged or hostile, or lacks one
 */
export function readNpmPackage(
  content: Uint8Array,
  request: ArchiveRequest,
): Promise<ReadonlyMap<string, ArchiveEntry>> {
  return readTar(fromGzip(content), request);
}
