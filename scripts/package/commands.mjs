import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Longest time for one command: an installation over a slow network. */
const TIMEOUT = 300_000;

/**
 * Runs a command and gives its standard output.
 *
 * @throws Error with the end of what it printed, if it fails
 */
export async function run(command, args, { cwd, env = {} }) {
  const child = spawn(command, args, {
    cwd,
    env: { ...inherited(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TIMEOUT,
    // npm is a script there, which only the shell can start.
    shell: process.platform === 'win32' && command === 'npm',
  });
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr']) {
    child[stream].setEncoding('utf8').on('data', (chunk) => {
      output[stream] += chunk;
    });
  }
  const [code, signal] = await once(child, 'close');
  if (code === 0) return output.stdout;
  const said = `${output.stdout}\n${output.stderr}`.trim().split('\n').slice(-25).join('\n');
  throw new Error(`${command} ${args.join(' ')} ended with ${signal ?? `code ${code}`}:\n${said}`);
}

export const npm = (args, options) => run('npm', args, options);
export const node = (args, options) => run(process.execPath, args, options);

/** Runs a piece of JavaScript as a module or a script of a folder, and gives what it printed, as JSON. */
export async function evaluate(folder, type, code) {
  return JSON.parse(await node([`--input-type=${type}`, '--eval', code], { cwd: folder }));
}

/** The environment without what `npm run` says of this repository: other projects are not part of it. */
function inherited() {
  const foreign =
    /^(?:npm_package_|npm_lifecycle_|npm_config_(?:local_prefix|workspaces?|prefix)$|NODE_PATH$|CDK8S_|INIT_CWD$)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}
