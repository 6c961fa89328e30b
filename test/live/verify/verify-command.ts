import { resolve } from 'node:path';
import type { Verdict, Verification } from '../../../lib/verify';
import { runBeside } from '../support/beside';

const ROOT = resolve(__dirname, '..', '..', '..');
/** Arguments of Node.js that run the command, as it is built: tests run it many times, and from its source it starts slowly. */
export const VERIFY = [resolve(ROOT, 'build/cli/main.js'), 'verify'];

/** What `spirekit verify` has said. */
export interface Verified {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What `spirekit verify --json` has written. */
export type VerifyReport = Pick<Verification, 'members' | 'edges' | 'checks' | 'verdicts' | 'counts' | 'declared'>;

/** Runs `spirekit verify` as a process of its own. */
export async function verify(args: readonly string[], env: NodeJS.ProcessEnv, cwd = ROOT): Promise<Verified> {
  const { status, stdout, stderr } = await runBeside(process.execPath, [...VERIFY, ...args], { env, cwd });
  return { code: status, stdout, stderr };
}

/** The same with `--json`. */
export async function verifyJson(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  cwd?: string,
): Promise<{ readonly code: number | null; readonly report: VerifyReport }> {
  const { code, stdout, stderr } = await verify([...args, '--json'], env, cwd);
  if (stdout === '') throw new Error(`spirekit verify ended with ${code} and no report:\n${stderr}`);
  return { code, report: JSON.parse(stdout) as VerifyReport };
}

/** Verdicts in short: `V07 east: error`, `V24 east believes west: ok`. */
export const short = ({ check, member, peer, state }: Verdict): string =>
  `${check} ${member}${peer === undefined ? '' : ` believes ${peer}`}: ${state}`;

/** All that is not well, in full: what a test shows when it fails. */
export const troubles = ({ verdicts }: VerifyReport): string[] =>
  verdicts
    .filter(({ state }) => state !== 'ok')
    .map((verdict) => `${short(verdict)}: ${verdict.where}: ${verdict.what} (${verdict.evidence})`);
