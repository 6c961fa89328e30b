import { nameError, SpiffeError } from '../../core';

/**
 * Why files cannot be put into a folder:
 *
 * - `folder-missing`: there is no such folder;
 * - `folder-occupied`: something of somebody else is in the way, and is left as it is;
 * - `folder-write`: the file system refuses. The set that was there before is still there.
 */
export type FolderErrorCode = 'folder-missing' | 'folder-occupied' | 'folder-write';

/** Files that cannot be put into a folder. */
export class FolderError extends SpiffeError<FolderErrorCode> {
  static {
    nameError(FolderError, 'FolderError');
  }
}
