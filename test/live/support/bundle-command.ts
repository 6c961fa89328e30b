import { resolve } from 'node:path';
import { runBeside } from './beside';

const ROOT = resolve(__dirname, '..', '..', '..');

/** Arguments of Node.js that run the command, as it is built. */
const BUNDLE = [resolve(ROOT, 'build/cli/main.js'), 'bundle'];

/** What `spirekit bundle` has said. */
export interface BundleOutcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `spirekit bundle` as a process of its own, in a folder. */
export async function bundleCommand(
  args: readonly string[],
  {
    cwd,
    env = process.env,
    input,
  }: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv; readonly input?: string },
): Promise<BundleOutcome> {
  const { status, stdout, stderr } = await runBeside(process.execPath, [...BUNDLE, ...args], {
    env,
    cwd,
    ...(input !== undefined && { input }),
  });
  return { code: status, stdout, stderr };
}
