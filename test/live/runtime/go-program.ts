import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runBeside } from '../support/beside';
import { LiveProcess, sleep } from '../support/process';
import { must } from '../support/run';

const SOURCES = join(__dirname, 'go-peer');
const CACHE = resolve(__dirname, '../../../node_modules/.cache/spirekit-live');

/** One line that the program has written. */
export interface GoEvent {
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: each event has fields of its own, which the tests compare as a whole
  readonly [field: string]: any;
}

/** The program of the folder `go-peer`, built once for each text of its sources. */
export function goPeer(): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(SOURCES).sort()) hash.update(readFileSync(join(SOURCES, file)));
  const program = join(CACHE, `go-peer-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(program)) return program;
  mkdirSync(CACHE, { recursive: true });
  const unfinished = `${program}.${process.pid}`;
  must('go', ['build', '-buildvcs=false', '-o', unfinished, '.'], { cwd: SOURCES });
  renameSync(unfinished, program); // whoever else builds it at the same time gets the same
  return program;
}

/** A command of the program that runs beside the test. */
export class GoPeer {
  private readonly process: LiveProcess;
  /** How many events were awaited: each is told once. */
  private read = 0;

  /**
   * @param socket address of its Workload API
   */
  constructor(socket: string, command: string, ...flags: string[]) {
    this.process = new LiveProcess(goPeer(), [command, ...flags], { env: { SPIFFE_ENDPOINT_SOCKET: socket } });
  }

  /** All that it has told. */
  get events(): GoEvent[] {
    return eventsOf(this.process.text);
  }

  /** The next event of a name; those before it are skipped. */
  async next(event: string, isIt: (event: GoEvent) => boolean = () => true, seconds = 20): Promise<GoEvent> {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const events = this.events;
      const at = events.findIndex((each, index) => index >= this.read && each.event === event && isIt(each));
      if (at >= 0) {
        this.read = at + 1;
        return events[at] as GoEvent;
      }
      if (this.process.status !== null) throw new Error(`ended without '${event}':\n${this.process.text}`);
      if (Date.now() > end) throw new Error(`no '${event}' within ${seconds} s:\n${this.process.text}`);
      await sleep(50);
    }
  }

  /** Where it listens, as host and port. */
  async address(): Promise<string> {
    return (await this.next('listening')).address;
  }

  end(): Promise<void> {
    return this.process.end();
  }
}

/** Runs a command to its end, and gives what it told. */
export async function askGo(socket: string, command: string, flags: string[], input?: string): Promise<GoEvent[]> {
  const env = { ...process.env, SPIFFE_ENDPOINT_SOCKET: socket };
  const { text } = await runBeside(goPeer(), [command, ...flags], { env, ...(input !== undefined && { input }) });
  return eventsOf(text);
}

/** What a command told that tells one thing, such as an answer or an error. */
export async function askGoOnce(socket: string, command: string, flags: string[], input?: string): Promise<GoEvent> {
  const events = await askGo(socket, command, flags, input);
  const [event] = events;
  if (event === undefined || events.length > 1) throw new Error(`${command} told ${JSON.stringify(events)}`);
  return event;
}

function eventsOf(text: string): GoEvent[] {
  // The last line may be half written; the loggers of Go's libraries write lines that are no JSON.
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  return lines.filter((line) => line.startsWith('{"')).map((line) => JSON.parse(line) as GoEvent);
}
