import { SpiffeError } from '../../core';
import { WorkloadApiClient } from '../../workload-api';
import { startHealthServer } from '../health-server';
import { createLog, type Log } from '../log';
import { ExitCode, type Surroundings, untilAborted } from '../program';
import type { ExporterOptions } from './exporter-options';
import { type HeldBundle, HeldBundles, type HeldKind } from './held-bundles';
import { exporterMetrics } from './metrics';
import { PeerPoller } from './peer-poller';
import { PROMETHEUS_TEXT, prometheusText } from './prometheus-text';
import { proxyChoice } from './proxy';
import { Slots } from './slots';
import { WebRoots } from './web-roots';

/** How many bundles are fetched at a time: those that wait for a dead server must not hold up the others for long. */
const FETCHES_AT_A_TIME = 32;

/** A workload talks to a few others, and an exporter watches all of a federation. */
const LIMITS = { bundles: 20_000, messageBytes: 64 * 1024 * 1024 };

/** A peer, and who fetches its bundle. */
type Watched = ExporterOptions['peers'][number] & { readonly poller: PeerPoller | undefined };

/** Shows what SPIRE does not tell of its federation. */
export class Exporter {
  readonly #options: ExporterOptions;
  readonly #version: string;
  readonly #log: Log;
  readonly #stop: AbortSignal;
  /** Ends it for another reason than being told to. */
  readonly #broken = new AbortController();
  /** What was said last of the Workload API, by what it is about: what goes on is said once. */
  readonly #said = new Map<HeldKind | 'own' | 'left-out', string>();
  /** Of which peers there was a bundle last, by name. */
  readonly #wasHeld = new Map<string, boolean>();

  /**
   * @param options what it does
   * @param surroundings the process that it runs in
   * @param version the version of this package
   */
  constructor(options: ExporterOptions, surroundings: Surroundings, version: string) {
    this.#options = options;
    this.#version = version;
    this.#log = createLog(options.log, surroundings.stderr);
    this.#stop = surroundings.stop;
  }

  /**
   * Runs until it is told to end.
   *
   * @returns the exit code
   */
  async run(): Promise<number> {
    try {
      await this.#run();
      this.#broken.signal.throwIfAborted();
      this.#log('info', 'the exporter was told to end');
      return ExitCode.ok;
    } catch (error) {
      if (!SpiffeError.is(error)) {
        throw error;
      }
      this.#log('error', error.message, { code: error.code });
      return ExitCode.failed;
    }
  }

  async #run(): Promise<void> {
    const { listen, noProxy, peers, proxy, socket, timeout: timeoutMs, trustDomain, webRoots } = this.#options;
    using client = new WorkloadApiClient({ address: socket, limits: LIMITS });
    const watched: Watched[] = [];
    const held = new HeldBundles(client, trustDomain, {
      changed: (kind) => {
        this.#changed(kind, held.problem);
        for (const { trustDomain } of peers) this.#heldChanged(trustDomain.name, held.of(trustDomain));
        for (const { poller } of watched) poller?.heldChanged();
      },
      failed: (kind, { message }, retryInMs) =>
        retryInMs === 0 ? this.#warn('left-out', message) : this.#warn(kind, message, retryInMs),
      gaveUp: (error) => this.#broken.abort(error),
    });
    try {
      const server = await startHealthServer(listen, () => held.problem, {
        '/metrics': () => ({ type: PROMETHEUS_TEXT, text: this.#metrics(held, watched) }),
      });
      this.#log('info', 'the exporter listens', { address: listen.host, port: server.port, peers: peers.length });
      try {
        const common = {
          ...{ held, webRoots: new WebRoots(webRoots), slots: new Slots(FETCHES_AT_A_TIME), timeoutMs },
          ...(proxy && { proxyFor: proxyChoice(proxy, noProxy) }),
        };
        for (const peer of peers) {
          const { endpoint } = peer;
          const poller = endpoint && new PeerPoller(peer.trustDomain, endpoint, { ...common, log: this.#log });
          watched.push({ ...peer, poller });
        }
        await untilAborted(AbortSignal.any([this.#stop, this.#broken.signal]));
      } finally {
        await Promise.all([server.close(), ...watched.map(({ poller }) => poller?.close())]);
      }
    } finally {
      await held.close();
    }
  }

  #metrics(held: HeldBundles, watched: readonly Watched[]): string {
    const { trustDomain } = this.#options;
    const peers = watched.map((peer) => ({
      trustDomain: peer.trustDomain,
      held: held.of(peer.trustDomain),
      endpoint: peer.poller,
    }));
    return prometheusText(exporterMetrics({ version: this.#version, trustDomain, isUp: held.isUp, peers }));
  }

  #changed(kind: HeldKind, problem: string | undefined): void {
    const wasSilent = this.#said.delete(kind);
    if (problem !== undefined && kind === 'x509') {
      this.#warn('own', problem);
    } else if (problem === undefined && (this.#said.delete('own') || wasSilent)) {
      this.#log('info', 'the Workload API answers again', { bundles: kind });
    }
  }

  #heldChanged(trustDomain: string, held: HeldBundle | null | undefined): void {
    const isHeld = held === undefined ? undefined : held !== null;
    if (isHeld === undefined || isHeld === this.#wasHeld.get(trustDomain)) return;
    if (isHeld) this.#log('info', 'the Workload API gives the bundle of a peer', { trustDomain });
    else this.#log('warn', 'the Workload API gives no bundle of a peer', { trustDomain });
    this.#wasHeld.set(trustDomain, isHeld);
  }

  #warn(about: HeldKind | 'own' | 'left-out', message: string, retryInMs?: number): void {
    if (this.#said.get(about) !== message) this.#log('warn', message, { retryInMs });
    this.#said.set(about, message);
  }
}
