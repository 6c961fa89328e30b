import { nearest, shellWord } from '../../core';
import type { Mesh } from '../mesh';
import type { Member } from '../model';
import { serverOf } from '../server-place';
import type { KeptValue, PlanTask, ServerTask } from './plan';
import { PlanError } from './plan-error';
import { type SpirekitOptions, spirekitWords } from './spirekit-words';

/** How commands are written. */
export interface ShellOptions extends SpirekitOptions {
  /** Folder with the synthesized manifests. @default 'dist' */
  readonly folder?: string;
}

/** The commands of a plan's tasks, as a POSIX shell takes them. */
export class ShellWords {
  constructor(
    private readonly mesh: Mesh,
    private readonly options: ShellOptions = {},
  ) {
    for (const name of options.contexts?.keys() ?? []) {
      if (mesh.member(name)) continue;
      const known = mesh.members.map((member) => member.name);
      throw new PlanError(`there is no member '${name}' that a context could be of${nearest(name, known)}`);
    }
  }

  /** Of a task that is a command: its lines; undefined of what people have to do. */
  commandOf(task: PlanTask): string | undefined {
    switch (task.type) {
      case 'server':
        return keeping(this.server(task), task.keeps);
      case 'kubectl':
        return `${this.kubectl(task.member)} ${words(task.args)}`;
      case 'install':
        return this.install(task.member, task.waves);
      case 'command':
        if (task.words[0] !== 'spirekit') return words(task.words);
        return words(['npx', ...spirekitWords(task.words, this.mesh, this.options)]);
      case 'program':
      case 'tell':
        return undefined;
    }
  }

  private server({ member, args, input, server }: ServerTask): string {
    const { namespace, workload, container, program } = serverOf(this.member(member));
    const place = server === undefined ? workload : `${workload.replace(/^.*\//, '')}-${server}`;
    const stdin = input === undefined ? '' : ' -i';
    const command = `${this.kubectl(member)} -n ${namespace} exec${stdin} ${place} -c ${container} -- ${program} ${words(args)}`;
    return input === undefined ? command : `printf '%s\\n' "$${input}" | ${command}`;
  }

  private kubectl(member: string): string {
    return `kubectl --context ${shellWord(this.options.contexts?.get(member) ?? member)}`;
  }

  private install(member: string, waves: readonly number[]): string {
    // As a synth names it.
    const script = `${this.options.folder ?? 'dist'}/${member.replaceAll('/', '-')}/install.sh`;
    const context = this.options.contexts?.get(member) ?? member;
    return `WAVES=${shellWord(waves.join(' '))} sh ${shellWord(script)} --context ${shellWord(context)}`;
  }

  private member(name: string): Pick<Member, 'platform' | 'server'> {
    return this.mesh.member(name) ?? { platform: 'kubernetes' };
  }
}

const words = (list: readonly string[]): string => list.map(filledWord).join(' ');

/** What a task has kept, or a user is asked for. */
const KEPT = /^\$[A-Z][A-Z0-9_]*$/;

/** A word into which what was kept is put, as one word. */
const filledWord = (word: string): string => (KEPT.test(word) ? `"${word}"` : shellWord(word));

/** Puts a part of what a command prints into a variable. */
function keeping(command: string, keeps: KeptValue | undefined): string {
  if (keeps === undefined) return command;
  const { name, path } = keeps;
  return path === undefined ? `${name}=$(${command})` : `${name}=$(${command} | sed -n '${scriptFor(path)}')`;
}

/** A script for `sed`, which is everywhere: what SPIRE prints as JSON stands on one line, with its keys in order. */
function scriptFor(path: string): string {
  const segments = path.split('.');
  const key = segments.pop() ?? '';
  const value = `"${key}":"\\([^"]*\\)"`;
  const before = segments.map((segment, index) => {
    const [name = '', wanted] = segment.split('=');
    // Of a list the last, as what stands before is taken as far as it goes; nothing in it has brackets.
    if (segment === '-1') return '\\[[^]]*';
    if (wanted === undefined) return `"${name}":${isOfList(segments[index + 1]) ? '' : '{[^{}]*'}`;
    const has = `"${name}":"\\{0,1\\}${wanted}"\\{0,1\\}`;
    return key < name ? `\\[[^]]*${value}[^{}]*${has}` : `\\[[^]]*${has}[^{}]*${value}`;
  });
  const isFiltered = segments.at(-1)?.includes('=') ?? false;
  return `s/.*${before.join('')}${isFiltered ? '' : value}.*/\\1/p`;
}

const isOfList = (segment: string | undefined): boolean => segment === '-1' || (segment?.includes('=') ?? false);
