import { readdirSync } from 'node:fs';
import { definitionsOf } from './foundation';
import type { Written } from './synthesized';

interface Definition extends Written {
  readonly spec: { readonly group: string; readonly names: { readonly kind: string } };
}

const keyOf = (group: string, kind: string): string => `${kind}.${group}`;

/** Kind and group of an object, as kubectl takes them: `Route.route.openshift.io`, `Service.` */
export function typeOf({ apiVersion, kind }: Written): string {
  return keyOf(groupOf(apiVersion), kind);
}

/** What upstream's resource definitions in SPIREKIT_CRDS define. */
export class UpstreamDefinitions {
  private readonly all: ReadonlyMap<string, Definition>;

  constructor() {
    const root = process.env.SPIREKIT_CRDS;
    if (!root) throw new Error('SPIREKIT_CRDS is not set: the folder of upstream CRDs, one folder for each project');
    const folders = readdirSync(root, { withFileTypes: true });
    const found = folders.filter((entry) => entry.isDirectory()).flatMap(({ name }) => definitionsOf(name));
    this.all = byType(found);
  }

  /** The definitions of these types; those that nobody has are left out. */
  of(types: Iterable<string>): Written[] {
    return [...new Set(types)].sort().flatMap((type) => this.all.get(type) ?? []);
  }

  /**
   * The definitions that objects need and that someone else brings: of types that are neither built in nor defined by one
   * of the objects.
   *
   * @param builtIn the groups of a server on which nothing was installed yet
   */
  neededBy(objects: readonly Written[], builtIn: ReadonlySet<string>): Written[] {
    const own = byType(objects);
    const foreign = objects.filter((object) => !builtIn.has(groupOf(object.apiVersion)) && !own.has(typeOf(object)));
    return this.of(foreign.map(typeOf));
  }
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
}

function byType(objects: readonly Written[]): ReadonlyMap<string, Definition> {
  const definitions = objects.filter((object): object is Definition => object.kind === 'CustomResourceDefinition');
  return new Map(definitions.map((crd) => [keyOf(crd.spec.group, crd.spec.names.kind), crd]));
}
