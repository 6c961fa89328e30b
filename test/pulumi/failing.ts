import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** How a program ended, and each error that was handled nowhere. */
export interface Failed {
  readonly code: number;
  readonly errors: readonly {
    readonly message: string;
    /** Whether Pulumi shows it at the image's resource. */
    readonly isAtImage: boolean;
    readonly hideStack?: boolean;
  }[];
}

/** Runs a program with an image that cannot be had, and something that waits for it. Beside this process, which may serve what it asks for. */
export async function failing(by: 'spirekit' | 'docker', args: object): Promise<Failed> {
  const program = ['--import', 'tsx', join(__dirname, 'failing-images.ts'), by, JSON.stringify(args)];
  const { code, stdout } = await promisify(execFile)(process.execPath, program).then(
    () => ({ code: 0, stdout: '[]' }),
    (error: { code: number; stdout: string }) => error,
  );
  return { code, errors: JSON.parse(stdout) };
}
