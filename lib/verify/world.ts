import type { Duplex } from 'node:stream';
import type { Member, Mesh } from '../federation';
import type { Bounds } from './bounds';
import type { World } from './check';
import { withDeadline } from './deadline';
import { askablePod } from './discovery/installation';
import { type EndpointSight, lookAtEndpoint } from './endpoint/sight';
import type { Limiter } from './limiter';
import type { HeldBundle } from './observe/bundle';
import type { ClusterObjects } from './observe/cluster-objects';
import { SpireView } from './observe/spire-view';
import { Once } from './once';

/** What a world is made of. */
export interface WorldParts {
  readonly mesh: Mesh;
  readonly declared: boolean;
  readonly bounds: Bounds;
  readonly limiter: Limiter;
  readonly signal: AbortSignal;
  /** The cluster of a member; undefined of an external one. */
  clusterOf(member: Member): ClusterObjects | undefined;
  /** @default - the clock's */
  readonly now?: () => Date;
}

/** Everything that is verified, looked at once. */
export class VerifyWorld implements World {
  readonly mesh: Mesh;
  readonly declared: boolean;
  readonly bounds: Bounds;
  private readonly views = new Map<Member, SpireView>();
  private readonly looked = new Once();

  constructor(private readonly parts: WorldParts) {
    this.mesh = parts.mesh;
    this.declared = parts.declared;
    this.bounds = parts.bounds;
    for (const member of parts.mesh.members) {
      const objects = parts.clusterOf(member);
      if (objects) this.views.set(member, new SpireView(member, objects, parts.bounds));
    }
  }

  now(): Date {
    return this.parts.now?.() ?? new Date();
  }

  viewOf(member: Member): SpireView | undefined {
    return this.views.get(member);
  }

  endpointOf(member: Member): Promise<EndpointSight> {
    return this.looked.of(member.name, async (): Promise<EndpointSight> => {
      const { endpoint, trustDomain } = member;
      if (!endpoint) return { url: '', here: { problem: { kind: 'unreachable', message: 'it has no endpoint' } } };
      const connectInside = await this.connectionInside(member);
      return lookAtEndpoint({
        trustDomain,
        endpoint,
        bundleOf: (name) => this.bundleOf(name),
        ...(connectInside && { connectInside }),
        bounded: (ask) =>
          this.parts.limiter.run(() => withDeadline(this.bounds.waitMs, this.parts.signal, ask), this.parts.signal),
      });
    });
  }

  /** A way to the endpoint that its own server serves, in its pod. */
  private async connectionInside(member: Member): Promise<(() => Promise<Duplex>) | undefined> {
    const view = this.viewOf(member);
    if (!view || member.endpoint?.servedBySpire === false) return undefined;
    try {
      const [conf, installation] = await Promise.all([view.serverConf(), view.installation()]);
      const pod = askablePod(installation);
      const port = conf.endpointPort;
      if (port === undefined || !pod) return undefined;
      const place = { namespace: installation.namespace, pod: pod.metadata.name };
      return () => view.objects.access.connect(place, port);
    } catch {
      // Why nothing is known of the server, others say.
      return undefined;
    }
  }

  /** The bundle of a trust domain, from the server that is its own. */
  private async bundleOf(trustDomain: string): Promise<HeldBundle | undefined> {
    const member = this.mesh.ofTrustDomain(trustDomain);
    const view = member && this.viewOf(member);
    if (view) return view.ownBundle();
    // Of an external one, what a consumer holds: it is what is believed of it.
    for (const consumer of member ? this.mesh.consumersOf(member.name) : []) {
      const held = await this.viewOf(consumer)
        ?.heldBundles()
        .catch(() => undefined);
      const bundle = held?.get(trustDomain);
      if (bundle) return bundle;
    }
    return undefined;
  }
}
