import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { run } from '../../lib/cli/command';
import type { Proof, ProvenMesh } from '../../lib/cli/proof';
import type { ReportedFinding } from '../../lib/core';
import { type Member, type MeshData, meshFrom, type RuleText } from '../../lib/federation';
import { LIBRARY_IS_BUILT } from '../support/built';

export const ROOT = resolve(__dirname, '..', '..');

/** What a command has shown, and how it ended. */
export interface Shown {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command in this process; what programs that it runs print is not in it. */
export async function spirekit(...args: string[]): Promise<Shown> {
  const shown = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    jest.spyOn(process[name], 'write').mockImplementation(((text: string, done?: () => void) => {
      shown[name] += text;
      done?.();
      return true;
    }) as typeof process.stdout.write),
  );
  try {
    const code = await run(args);
    return { code, ...shown };
  } finally {
    for (const spy of spies) spy.mockRestore();
    for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners('error');
  }
}

/** Node.js with the means to run TypeScript, from whatever folder. */
export const TSX = ['--import', join(ROOT, 'node_modules', 'tsx', 'dist', 'loader.mjs')];

/** The environment in which programs of `examples/` run with the library as it stands in `lib/`. */
export const FROM_SOURCE = {
  TSX_TSCONFIG_PATH: join(ROOT, 'test', 'cli', LIBRARY_IS_BUILT ? 'from-build.json' : 'from-source.json'),
};

/** The library as it stands in `lib/`, for programs that import it by its path. */
export const LIBRARY = join(ROOT, LIBRARY_IS_BUILT ? 'build' : 'lib');

/** The command that runs a program in TypeScript. */
export const tsx = (file: string): string => [process.execPath, ...TSX, file].join(' ');

/** The command, as arguments of Node.js. */
export const COMMAND = LIBRARY_IS_BUILT
  ? [join(ROOT, 'build', 'cli', 'main.js')]
  : [...TSX, join(ROOT, 'lib', 'cli', 'main.ts')];

/** Starts the command as a process of its own. */
export function start(args: readonly string[], { cwd, env = {} }: { cwd: string; env?: Record<string, string> }) {
  const child = spawn(process.execPath, [...COMMAND, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const shown = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      shown[name] += text;
    });
  }
  const ended = once(child, 'close').then(([code]): Shown => ({ code: code as number | null, ...shown }));
  return { child, ended };
}

/** Writes a file into a folder; gives its path. */
export function file(folder: string, name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const member = (name: string, rest: Partial<Member> = {}): Member => ({
  name,
  platform: 'kubernetes',
  trustDomain: `${name}.example.com`,
  className: 'spire',
  caTtl: 86_400,
  endpoint: {
    url: `https://federation.${name}.example.com/`,
    profile: 'https_web',
    servedBySpire: true,
    exposure: 'load-balancer',
    termination: 'passthrough',
    host: `federation.${name}.example.com`,
    ports: [443],
    certificate: { source: 'acme', trust: { type: 'public' } },
    refreshHint: 300,
  },
  ...rest,
});

/** East believes west, as it has to: nothing is wrong with it. */
export function meshData(): MeshData {
  const believing: Partial<Member> = {
    relationships: [
      {
        trustDomain: 'west.example.com',
        url: 'https://federation.west.example.com/',
        profile: 'https_web',
        className: 'spire',
      },
    ],
  };
  return {
    members: [member('east', believing), member('west')],
    edges: [{ consumer: 'east', provider: 'west', oneWay: true }],
  };
}

/** West is to believe a member that is not there. */
export function brokenData(): MeshData {
  const { members, edges } = meshData();
  return { members, edges: [...edges, { consumer: 'west', provider: 'nobody', oneWay: true }] };
}

/** The moment of all proofs here. */
export const NOW = new Date('2026-06-01T00:00:00Z');

/** A rule as a report holds it. */
export const rule = (id: string, severity: RuleText['severity'], rest: Partial<RuleText> = {}): RuleText => ({
  id,
  severity,
  title: `title of ${id}`,
  text: `Text of ${id}.`,
  remedy: `mend ${id}`,
  source: 'a standard',
  ...rest,
});

/** A finding as a report holds it. */
export const finding = (rule: string, path: string, rest: Partial<ReportedFinding> = {}): ReportedFinding => ({
  severity: rule.startsWith('W') ? 'warning' : 'error',
  rule,
  path,
  message: 'is wrong',
  text: `${rule} is wrong`,
  ...rest,
});

/** A proven mesh with two members, of which nothing was found. */
export const provenMesh = (rest: Partial<ProvenMesh> = {}): ProvenMesh => ({
  name: 'mesh',
  mesh: meshFrom(meshData()),
  now: NOW,
  rules: [rule('E05', 'error'), rule('W27', 'warning')],
  findings: [],
  ...rest,
});

/** What was learned of it. */
export const proofOf = (mesh: Partial<ProvenMesh> = {}, rest: Partial<Proof> = {}): Proof => ({
  meshes: [provenMesh(mesh)],
  findings: [],
  groups: ['east', 'west', 'mesh'],
  ...rest,
});
