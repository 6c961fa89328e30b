import { existsSync } from 'node:fs';
import { AgentKeyManager, AgentNodeAttestor, WorkloadAttestor } from '../../../lib/spire';
import type { LiveProcess } from '../support/process';
import { eventually } from '../support/run';
import { type AgentChange, SpireRig } from '../support/spire-rig';
import { goPeer } from './go-program';

/** What a registration entry says beside its identity. */
export interface Registration {
  /**
   * Who gets it.
   *
   * @default - whatever runs as this user
   */
  readonly selector?: string;
  readonly hint?: string;
  /** Lifetime of its X.509-SVIDs, in seconds. */
  readonly ttl?: number;
  readonly federatesWith?: readonly string[];
}

/** Programs of this machine, as the agent tells them apart. */
export const PROGRAMS = {
  /** The tests. */
  node: `unix:path:${process.execPath}`,
  /** The program of go-spiffe. */
  get go(): string {
    return `unix:path:${goPeer()}`;
  },
};

/** Real SPIRE on loopback, with an agent that gives identities to the test and to its programs. */
export class WorkloadRig extends SpireRig {
  /** Address of the agent's Workload API. */
  get socket(): string {
    return `unix://${this.path('workload/agent.sock')}`;
  }

  id(path: string): string {
    return `spiffe://${this.trustDomain}/${path}`;
  }

  /** Starts the agent, which knows programs by their path too, and waits until it listens. */
  async startAgent(change: AgentChange = {}): Promise<LiveProcess> {
    const agent = this.launchAgent({ plugins: agentPlugins(), ...change });
    await agent.says(/Starting agent APIs/, 30);
    const socket = String(change.agent?.socket_path ?? this.path('workload/agent.sock'));
    return eventually(10, () => (existsSync(socket) ? agent : undefined), socket);
  }

  /** Makes an entry, and gives its number. */
  enter(path: string, { selector, hint, ttl, federatesWith = [] }: Registration = {}): string {
    const text = this.server(
      ...['entry', 'create', '-output', 'json', '-parentID', this.node, '-spiffeID', this.id(path)],
      ...['-selector', selector ?? `unix:uid:${process.getuid?.()}`],
      ...(hint === undefined ? [] : ['-hint', hint]),
      ...(ttl === undefined ? [] : ['-x509SVIDTTL', String(ttl)]),
      ...federatesWith.flatMap((trustDomain) => ['-federatesWith', `spiffe://${trustDomain}`]),
    );
    const { results } = JSON.parse(text) as { results: { entry: { id: string } }[] };
    return results[0]?.entry.id ?? '';
  }

  /** Takes an entry away. */
  remove(entry: string): void {
    this.server('entry', 'delete', '-entryID', entry);
  }

  /** The bundle of this trust domain, as a document. */
  bundle(): string {
    return this.server('bundle', 'show', '-format', 'spiffe');
  }
}

export const agentPlugins = () => [
  AgentNodeAttestor.joinToken(),
  AgentKeyManager.memory(),
  WorkloadAttestor.unix({ discoverWorkloadPath: true }),
];
