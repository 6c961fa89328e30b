import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Mesh } from '../../../lib/federation';
import type { KeptValue } from '../../../lib/federation/plan';
import type { MeshCluster } from '../spire/mesh-cluster';
import { runBeside } from '../support/beside';
import type { Outcome } from '../support/run';

/**
 * The kubectl that a user has, with a context for each cluster. It is the real one but for what needs a kubelet: `exec` into
 * the container of a server runs its program there, if the API server has that container, and that is its program; and a
 * rollout has happened as soon as it is asked for.
 */
const KUBECTL = `#!/usr/bin/env node
const { spawnSync } = require('node:child_process');
const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const clusters = JSON.parse(readFileSync(join(__dirname, 'clusters.json'), 'utf8'));
const [option, context, ...args] = process.argv.slice(2);
const cluster = option === '--context' ? clusters[context] : undefined;
const fail = (text) => { console.error(text); process.exit(1); };
if (!cluster) fail('no cluster for ' + option + ' ' + context);
const env = { ...process.env, PATH: process.env.USER_PATH, KUBECONFIG: cluster.kubeconfig };
const end = ({ status, error }) => { if (error) fail(String(error)); process.exit(status ?? 1); };
const exec = args.indexOf('exec');
const status = args.indexOf('status');
if (args.includes('rollout') && status >= 0) {
  const [n, namespace] = args;
  end(spawnSync('kubectl', [n, namespace, 'get', args.slice(status).find((word) => word.includes('/')), '-o', 'name'], { env, stdio: 'inherit' }));
}
if (exec < 0) end(spawnSync('kubectl', args, { env, stdio: 'inherit' }));
const dashes = args.indexOf('--');
const [n, namespace] = args;
const words = args.slice(exec + 1, dashes).filter((word) => word !== '-i');
const [workload, c, container, ...rest] = words;
if (exec !== 2 || n !== '-n' || c !== '-c' || rest.length > 0) fail('unknown form of exec: ' + args.join(' '));
const [program, ...command] = args.slice(dashes + 1);
const path = '-o=jsonpath={.spec.template.spec.containers[?(@.name=="' + container + '")].command[0]}';
const found = spawnSync('kubectl', ['-n', namespace, 'get', workload, path], { env, encoding: 'utf8' });
if (found.status !== 0 || found.stdout !== program) {
  fail(workload + ' in ' + namespace + ' has no container ' + container + ' with ' + program + ': ' + found.stdout + found.stderr);
}
const stdio = [args.includes('-i') ? 'inherit' : 'ignore', 'pipe', 'inherit'];
const outcome = spawnSync('spire-server', [...command, '-socketPath', cluster.socket], { env, stdio });
writeFileSync(join(__dirname, 'printed'), outcome.stdout);
process.stdout.write(outcome.stdout, () => end(outcome));
`;

/** The \`spirekit\` that a user has installed: the sources. */
const NPX = `#!/bin/sh
test "$1" = spirekit || { echo "npx is asked for '$1'" >&2; exit 1; }
shift
# Where the user has a program for it, the test has what the program says.
case "$1" in lock | diff | plan) set -- "$@" mesh.json ;; esac
test "$1" = plan && test -f mesh.lock.json && set -- "$@" --lock mesh.lock.json
PATH=$USER_PATH exec node --import "$TSX" "$MAIN" "$@"
`;

const BIN = 'bin';
const KUBECONFIG = 'kubeconfig.json';

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: object }[];
  readonly users: readonly { readonly user: object }[];
}

/** One kubeconfig of several, with a context of the name of each. */
function merged(files: readonly (readonly [name: string, path: string])[]): object {
  const configs = files.map(([name, path]) => ({ name, ...(JSON.parse(readFileSync(path, 'utf8')) as Kubeconfig) }));
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: configs.map(({ name, clusters }) => ({ name, cluster: clusters[0]?.cluster })),
    users: configs.map(({ name, users }) => ({ name, user: users[0]?.user })),
    contexts: configs.map(({ name }) => ({ name, context: { cluster: name, user: name } })),
  };
}

/** A POSIX shell as its user has it: commands are typed into it as a plan prints them. */
export class UserShell {
  /** Where it stands: the folder of the user's program. */
  readonly folder = mkdtempSync(join(tmpdir(), 'spirekit-shell-'));
  /** Variables that are set in it. */
  private readonly variables: Record<string, string> = {};

  constructor() {
    mkdirSync(this.file(BIN));
    for (const [name, text] of Object.entries({ kubectl: KUBECTL, npx: NPX })) {
      writeFileSync(this.file(BIN, name), text, { mode: 0o755 });
    }
  }

  /** Gives it a context for each cluster, and the federation that the program says. */
  knows(clusters: ReadonlyMap<string, MeshCluster>, mesh: Mesh): void {
    const known = [...clusters].map(([name, { api, server }]) => {
      return [name, { kubeconfig: api.env.KUBECONFIG as string, socket: server.socket }] as const;
    });
    writeFileSync(this.file(BIN, 'clusters.json'), JSON.stringify(Object.fromEntries(known)));
    const configs = known.map(([name, { kubeconfig }]) => [name, kubeconfig] as const);
    writeFileSync(this.file(KUBECONFIG), JSON.stringify(merged(configs)));
    writeFileSync(this.file('mesh.json'), JSON.stringify(mesh));
  }

  /**
   * Types commands into it.
   *
   * @param keeps what they put into a variable
   * @throws Error if the variable has not what the data say that it has
   */
  async type(text: string, keeps?: KeptValue): Promise<Outcome> {
    if (!keeps) return this.run(text);
    const outcome = await this.run(
      `${text}\nstatus=$?\nprintf %s "$${keeps.name}" > '${this.file('kept')}'\nexit $status`,
    );
    if (outcome.status !== 0) return outcome;
    const value = readFileSync(this.file('kept'), 'utf8');
    const printed = readFileSync(this.file(BIN, 'printed'), 'utf8');
    const expected = keeps.path === undefined ? printed.replace(/\n+$/, '') : textAt(keeps.path, printed);
    if (value !== expected) throw new Error(`$${keeps.name} is '${value}' and not '${expected}' after ${text}`);
    this.variables[keeps.name] = value;
    return outcome;
  }

  /** A text with the values of the variables that it names as `$NAME`. */
  filled(text: string): string {
    return text.replaceAll(/\$([A-Z][A-Z0-9_]*)/g, (_, name: string) => {
      const value = this.variables[name];
      if (value === undefined)
        throw new Error(`nothing has set $${name}, but ${Object.keys(this.variables).join(', ')}`);
      return value;
    });
  }

  end(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private run(script: string): Promise<Outcome> {
    const { PATH } = process.env;
    const env = {
      ...process.env,
      ...this.variables,
      NO_PROXY: '*',
      PATH: `${this.file(BIN)}:${PATH}`,
      KUBECONFIG: this.file(KUBECONFIG),
      USER_PATH: PATH,
      TSX: require.resolve('tsx'),
      MAIN: resolve('lib/cli/main.ts'),
    };
    return runBeside('sh', ['-c', script], { env, cwd: this.folder });
  }

  private file(...names: string[]): string {
    return join(this.folder, ...names);
  }
}

/** The text at a path of JSON: keys, places in lists of which `-1` is the last, or `key=value` for the last item that has it. */
function textAt(path: string, json: string): string {
  const found = path.split('.').reduce<unknown>((value, segment) => {
    const [key, wanted] = segment.split('=') as [string, string?];
    const items = Array.isArray(value) ? (value as Record<string, unknown>[]) : [];
    if (wanted !== undefined) return items.filter((item) => String(item[key]) === wanted).at(-1);
    return Array.isArray(value) ? items.at(Number(segment)) : (value as Record<string, unknown> | undefined)?.[segment];
  }, JSON.parse(json));
  if (typeof found !== 'string') throw new Error(`there is no text at ${path} of ${json}`);
  return found;
}
