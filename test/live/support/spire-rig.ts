import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AgentConf,
  AgentKeyManager,
  AgentNodeAttestor,
  type AgentPlugin,
  DataStore,
  KeyManager,
  NodeAttestor,
  type ServerConf,
  type ServerPlugin,
  WorkloadAttestor,
  writeAgentConf,
  writeServerConf,
} from '../../../lib/spire';
import { freePort, LiveProcess } from './process';
import { eventually, must, type Outcome, run } from './run';

/** What differs from the smallest server. */
export interface ServerChange {
  readonly server?: Partial<ServerConf['server']>;
  readonly plugins?: readonly ServerPlugin[];
  readonly telemetry?: ServerConf['telemetry'];
  readonly health_checks?: ServerConf['health_checks'];
  readonly env?: object;
}

/** What differs from the smallest agent. */
export interface AgentChange {
  readonly agent?: Partial<AgentConf['agent']>;
  readonly plugins?: readonly AgentPlugin[];
  readonly telemetry?: AgentConf['telemetry'];
  readonly health_checks?: AgentConf['health_checks'];
}

/** Real SPIRE on loopback, without a cluster: configurations by our writers, everything else in one folder. */
export class SpireRig {
  readonly folder = mkdtempSync(join(tmpdir(), 'spirekit-'));
  readonly serverSocket = this.path('server.sock');
  private readonly processes: LiveProcess[] = [];
  private port = 0;
  /** The token of the last agent. */
  usedToken = '';

  constructor(readonly trustDomain = 'demo.example.com') {}

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Starts a program that ends with the rig. */
  start(program: string, args: readonly string[], options: { env?: object; cwd?: string } = {}): LiveProcess {
    const process = new LiveProcess(program, args, options);
    this.processes.push(process);
    return process;
  }

  /** A server with SQLite, keys in memory and join tokens. */
  serverConf(change: ServerChange = {}): ServerConf {
    return {
      server: {
        trust_domain: this.trustDomain,
        data_dir: this.path('server'),
        bind_address: '127.0.0.1',
        bind_port: this.port,
        socket_path: this.serverSocket,
        log_level: 'DEBUG',
        ...change.server,
      },
      plugins: change.plugins ?? [
        DataStore.sqlite({ path: this.path('datastore.sqlite3') }),
        KeyManager.memory(),
        NodeAttestor.joinToken(),
      ],
      ...(change.telemetry && { telemetry: change.telemetry }),
      ...(change.health_checks && { health_checks: change.health_checks }),
    };
  }

  /** Starts the server and waits until it is healthy. */
  async startServer(change: ServerChange = {}): Promise<LiveProcess> {
    const server = await this.launchServer(change);
    await eventually(
      60,
      () => {
        if (server.status !== null) throw new Error(`the server ended with ${server.status}:\n${server.text}`);
        return this.tryServer('healthcheck').status === 0 ? true : undefined;
      },
      'a healthy server',
    );
    return server;
  }

  /** Starts the server and does not wait. */
  async launchServer(change: ServerChange = {}): Promise<LiveProcess> {
    this.port ||= await freePort();
    const file = this.path('server.conf');
    writeFileSync(file, writeServerConf(this.serverConf(change)));
    return this.start('spire-server', ['run', '-config', file, '-expandEnv'], {
      env: change.env ?? {},
      cwd: this.folder,
    });
  }

  /** The server's own command line, which must succeed. */
  server(...args: string[]): string {
    return must('spire-server', [...args, '-socketPath', this.serverSocket]);
  }

  tryServer(...args: string[]): Outcome {
    return run('spire-server', [...args, '-socketPath', this.serverSocket]);
  }

  /** An agent with a join token, the bundle of the server and the `unix` workload attestor. */
  agentConf(change: AgentChange = {}): AgentConf {
    return {
      agent: {
        trust_domain: this.trustDomain,
        server_address: '127.0.0.1',
        server_port: this.port,
        data_dir: this.path('agent'),
        socket_path: this.path('workload/agent.sock'),
        trust_bundle_path: this.path('bundle.json'),
        trust_bundle_format: 'spiffe',
        log_level: 'DEBUG',
        experimental: { sync_interval: '1s' },
        ...change.agent,
      },
      plugins: change.plugins ?? [AgentNodeAttestor.joinToken(), AgentKeyManager.memory(), WorkloadAttestor.unix()],
      ...(change.telemetry && { telemetry: change.telemetry }),
      ...(change.health_checks && { health_checks: change.health_checks }),
    };
  }

  /** Gives the agent a token and the bundle, and starts it. */
  launchAgent(change: AgentChange = {}): LiveProcess {
    writeFileSync(this.path('bundle.json'), this.server('bundle', 'show', '-format', 'spiffe'));
    this.usedToken = this.token();
    return this.launchAgentAs({ ...change, agent: { join_token: this.usedToken, ...change.agent } });
  }

  /** Starts an agent that has all that it needs. */
  launchAgentAs(change: AgentChange): LiveProcess {
    const file = this.path('agent.conf');
    writeFileSync(file, writeAgentConf(this.agentConf(change)));
    return this.start('spire-agent', ['run', '-config', file, '-expandEnv'], { cwd: this.folder });
  }

  /** A token for one agent, which gets the alias {@link node}. */
  token(): string {
    return /Token: (\S+)/.exec(this.server('token', 'generate', '-spiffeID', this.node))?.[1] ?? '';
  }

  /** SPIFFE ID that stands for every agent of the rig. */
  get node(): string {
    return `spiffe://${this.trustDomain}/node`;
  }

  /** Registers whatever runs as this user. */
  register(spiffeId: string, ...more: string[]): void {
    const selector = `unix:uid:${process.getuid?.()}`;
    this.server('entry', 'create', '-parentID', this.node, '-spiffeID', spiffeId, '-selector', selector, ...more);
  }

  /** Fetches X509-SVIDs until there is one. */
  fetch(agent: LiveProcess, socket = this.path('workload/agent.sock')): Promise<string> {
    return eventually(
      60,
      () => {
        if (agent.status !== null) throw new Error(`the agent ended with ${agent.status}:\n${agent.text}`);
        const outcome = run('spire-agent', ['api', 'fetch', 'x509', '-socketPath', socket]);
        if (outcome.status !== 0) throw new Error(outcome.text);
        return outcome.stdout;
      },
      'first X509-SVID',
    );
  }

  /** Ends every program and removes the folder. */
  async end(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.end()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
