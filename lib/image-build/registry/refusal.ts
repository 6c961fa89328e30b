import { ImageError, type ImageReference, quoted } from '../../image';
import type { Login } from './login';

/** What is done with a repository. */
export type Access = 'pull' | 'push';

/** Who wanted what. */
export interface Attempt {
  readonly reference: ImageReference;
  readonly access: Access;
  readonly login: Login;
}

/**
 * The error for somebody who is not let in.
 *
 * @param status 401 for those who are not known, 403 for those who may not
 * @param complaint what the registry says, in parentheses after a blank; or empty
 */
export function refusal({ reference, access, login }: Attempt, status: number, complaint: string): ImageError {
  const { registry, repository } = reference;
  const where = `registry ${quoted(registry)}`;
  const what = `${access === 'push' ? 'push to' : 'pull from'} repository ${quoted(repository)}`;
  const command = `docker login ${registry}`;
  if (login.isAnonymous) {
    return new ImageError(
      `${where} lets nobody ${what} without credentials (${status})${complaint}, and there are none for it in ${login.place}; run '${command}'`,
    );
  }
  if (status === 401) {
    return new ImageError(
      `${where} refuses ${login.who} to ${what} (401)${complaint}; check the credentials, or renew them by '${command}'`,
    );
  }
  return new ImageError(
    `${where} does not allow ${login.who} to ${what} (${status})${complaint}; ask for that right, or write another repository`,
  );
}
