import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ESTABLISHED } from '../../../lib/synth/plan';
import type { LiveCluster } from './cluster';
import { objectsIn, type Written } from './synthesized';

/** Kinds that others need before the API server can look at them. */
const FIRST = new Set(['CustomResourceDefinition', 'Namespace']);

/** The definitions of upstream in a folder of SPIREKIT_CRDS. */
export function definitionsOf(folder: string): Written[] {
  const path = join(process.env.SPIREKIT_CRDS ?? '', folder);
  return readdirSync(path)
    .sort()
    .flatMap((file) => objectsIn(readFileSync(join(path, file), 'utf8')));
}

/** Namespaces and definitions of an installation, once each. */
export function foundationOf(objects: readonly Written[]): Written[] {
  return [...new Map(objects.filter(({ kind }) => FIRST.has(kind)).map((object) => [nameOf(object), object])).values()];
}

/** What was made for real, so that other objects can be shown to the API server without being made. */
export class Foundation {
  private made: string[] = [];

  constructor(private readonly cluster: LiveCluster) {}

  /** Makes the objects that are not there yet. */
  make(objects: readonly Written[]): void {
    for (const object of objects) {
      if (this.cluster.tryKubectl('get', nameOf(object)).status === 0) continue;
      const outcome = this.cluster.apply(JSON.stringify(object), '--server-side', '--validate=strict');
      if (outcome.status !== 0) throw new Error(outcome.text);
      this.made.push(nameOf(object));
    }
    const definitions = objects.filter(({ kind }) => kind === 'CustomResourceDefinition').map(nameOf);
    for (const it of ESTABLISHED) this.cluster.kubectl('wait', `--for=${it}`, '--timeout=60s', ...definitions);
  }

  /** Removes what was made, and waits until it is gone. */
  remove(): string[] {
    const made = this.made;
    if (made.length > 0) this.cluster.kubectl('delete', '--timeout=120s', ...made);
    this.made = [];
    return made.filter((name) => this.cluster.tryKubectl('get', name).status === 0);
  }
}

function nameOf({ kind, metadata }: Written): string {
  return `${kind.toLowerCase()}/${metadata.name}`;
}
