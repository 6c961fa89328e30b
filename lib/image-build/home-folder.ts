import { homedir, userInfo } from 'node:os';

/** The folder of this user; undefined if there is none, as for the numbers that containers are run by. */
export function homeFolder(): string | undefined {
  try {
    // A variable that is set to nothing hides what the system knows.
    return homedir() || userInfo().homedir || undefined;
  } catch {
    return undefined;
  }
}
