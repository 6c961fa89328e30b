import { byText } from '../../core';
import { ImageError } from '../../image';
import type { LockedPackage, LockFile } from './lock-file';
import type { Package } from './packages';

/**
 * Holds what is installed to the lock file, so that the image has what the lock file says, on every machine.
 *
 * @param used packages of which something was read
 * @throws {@link ImageError} when there is no lock file, or it says something else
 */
export function checkLocked(used: readonly Package[], lock: LockFile | undefined): void {
  const installed = used.filter((each) => each.installed).sort((a, b) => byText(a.folder, b.folder));
  const [first] = installed;
  if (!first) return;
  if (!lock) {
    throw new ImageError(
      `package '${first.name}': no lock file in the project folder says its version; run 'npm install --package-lock-only'`,
    );
  }
  const { packages } = lock;
  if (!packages) return;
  const outside = installed.find(({ folder }) => folder.startsWith('../'));
  if (outside) {
    throw new ImageError(
      `package '${outside.name}': is installed in '${outside.folder}', of which ${lock.path} does not know; run 'npm ci' in the project folder, or remove its lock file if that of a folder above counts`,
    );
  }
  const findings = installed.flatMap((each) => differenceOf(each, packages, lock.path) ?? []);
  const [finding] = findings;
  if (finding === undefined) return;
  const others = findings.length > 1 ? `, and ${findings.length - 1} more differ` : '';
  throw new ImageError(`${finding}${others}; run 'npm ci'`);
}

function differenceOf(
  { folder, name, version = 'without a version' }: Package,
  packages: ReadonlyMap<string, LockedPackage>,
  path: string,
): string | undefined {
  const place = folder.replace(/(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+$/, '/node_modules').replace(/^\//, '');
  const locked = packages.get(folder);
  if (!locked) return `${place} has '${name}' ${version}, of which ${path} does not know`;
  if (locked.version === undefined || withoutPrefix(locked.version) !== withoutPrefix(version)) {
    return `${place} has '${name}' ${version} where ${path} says ${locked.version ?? 'no version'}`;
  }
  return undefined;
}

/** Some packages have 'v1.2.3' for a version, which lock files write as it is meant. */
const withoutPrefix = (version: string): string => version.replace(/^[v=\s]+/, '');
