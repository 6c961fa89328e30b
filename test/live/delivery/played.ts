import { readFileSync } from 'node:fs';
import type { ApiServer } from '../support/api-server';
import { eventuallyBeside } from '../support/beside';
import type { Written } from '../support/synthesized';

/** Any authority: nobody asks the webhook. */
const CERTIFICATE = readFileSync('examples/kubernetes-federation/roots/east.pem').toString('base64');

/** Plays what would run on an API server without nodes: kubelets, the controller manager, an operator. */
export class Played {
  constructor(private readonly api: ApiServer) {}

  /** Whether an object is there. */
  async has(object: string, namespace = 'default'): Promise<boolean> {
    return (await this.api.tryKubectl(['-n', namespace, 'get', object])).status === 0;
  }

  /** Waits until an object is there. */
  async appears(object: string, namespace = 'default'): Promise<void> {
    await eventuallyBeside(180, `${object} is made`, () => this.api.kubectl('-n', namespace, 'get', object));
  }

  /** Lets the pods of a workload run and be ready, as soon as its controller has made them. */
  async run(workload: string, namespace: string): Promise<void> {
    await this.appears(workload, namespace);
    const status = {
      phase: 'Running',
      conditions: ['Ready', 'ContainersReady'].map((type) => ({ type, status: 'True' })),
    };
    await eventuallyBeside(180, `${workload} is ready`, async () => {
      const { spec } = await this.get(workload, namespace);
      const { matchLabels } = (spec as { selector: { matchLabels: Record<string, string> } }).selector;
      const labels = Object.entries(matchLabels).map((pair) => pair.join('='));
      const names = await this.api.kubectl('-n', namespace, 'get', 'pods', '-l', labels.join(), '-o', 'name');
      for (const name of names.split('\n').filter(Boolean)) await this.patchStatus(name, namespace, status);
      const { status: workloads } = (await this.get(workload, namespace)) as { status?: { readyReplicas?: number } };
      if (!workloads?.readyReplicas) throw new Error('not yet');
    });
  }

  /** Gives a load balancer its address, as a cloud does. */
  async balance(service: string, namespace: string): Promise<void> {
    await this.appears(`service/${service}`, namespace);
    const ingress = [{ ip: '192.0.2.1' }];
    await this.patchStatus(`service/${service}`, namespace, { loadBalancer: { ingress } });
  }

  /** What the controller manager does to the webhook; nobody is asked then, as nobody answers. */
  async fillWebhook(name: string): Promise<void> {
    const webhook = `validatingwebhookconfiguration/${name}`;
    const { webhooks } = (await this.get(webhook)) as unknown as { webhooks: object[] };
    const patch = webhooks.flatMap((_, index) => [
      { op: 'add', path: `/webhooks/${index}/clientConfig/caBundle`, value: CERTIFICATE },
      { op: 'add', path: `/webhooks/${index}/matchConditions`, value: [{ name: 'nobody', expression: 'false' }] },
    ]);
    // Flux takes back what was written by kubectl, and leaves to other programs what they have written.
    const manager = '--field-manager=spire-controller-manager';
    await this.api.kubectl('patch', webhook, manager, '--type=json', '-p', JSON.stringify(patch));
  }

  /** Writes a status, as the program does that an object belongs to. */
  async patchStatus(object: string, namespace: string, status: object): Promise<void> {
    const patch = JSON.stringify({ status });
    await this.api.kubectl('-n', namespace, 'patch', object, '--subresource=status', '--type=merge', '-p', patch);
  }

  /** An object as it is now. */
  async live({ apiVersion, kind, metadata }: Written): Promise<unknown> {
    const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : '';
    return this.get(`${kind}${group}/${metadata.name}`, metadata.namespace);
  }

  private async get(object: string, namespace = 'default'): Promise<Written & { readonly status?: unknown }> {
    return JSON.parse(await this.api.kubectl('-n', namespace, 'get', object, '-o', 'json'));
  }
}

/** What is of a written object not in a live one: the API server and controllers only add to it. */
export function missingFrom(live: unknown, written: unknown, path = ''): string[] {
  if (typeof written !== 'object' || written === null) {
    return live === written ? [] : [`${path}: ${JSON.stringify(written)} is ${JSON.stringify(live)}`];
  }
  const there = (typeof live === 'object' && live !== null ? live : {}) as Readonly<Record<string, unknown>>;
  return Object.entries(written).flatMap(([key, value]) => missingFrom(there[key], value, `${path}.${key}`));
}
