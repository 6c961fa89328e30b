import { type Stored, shown } from '../support/comparison';
import type { PulumiStack } from '../support/pulumi';

/** What the engine does to resources: how many, or which, by operation, such as `create`, `update`, `replace`, `same`. */
export type Operations<T> = Readonly<Record<string, T>>;

/** Operations that leave the cluster as it is. */
const UNCHANGED = new Set(['same', 'refresh']);

interface Preview {
  readonly steps: readonly { readonly op: string; readonly urn: string }[];
}

interface Update {
  readonly resourceChanges: Operations<number>;
}

interface Resource {
  readonly urn: string;
  /** URN of its provider, and the provider's id. */
  readonly provider?: string;
  readonly inputs?: Stored;
}

interface Export {
  readonly deployment: { readonly resources: readonly Resource[] };
}

/**
 * What `pulumi up` would change: names of Kubernetes objects, by operation. Nothing is done.
 *
 * @param options further options of `pulumi preview`
 */
export async function planOf(stack: PulumiStack, ...options: string[]): Promise<Operations<string[]>> {
  const { steps } = await stack.json<Preview>('preview', '--json', ...options);
  const plan: Record<string, string[]> = {};
  for (const { op, urn } of steps.filter(({ op, urn }) => isObject(urn) && !UNCHANGED.has(op))) {
    plan[op] = [...(plan[op] ?? []), urn.split('::').at(-1) ?? ''].sort();
  }
  return plan;
}

/** What the latest command did to resources, components and providers too. */
export async function latestOf(stack: PulumiStack): Promise<Operations<number>> {
  const [update] = await stack.json<Update[]>('stack', 'history', '--json');
  return update?.resourceChanges ?? {};
}

/** The URNs of all resources of a stack. */
export async function urnsOf(stack: PulumiStack): Promise<string[]> {
  return (await resourcesOf(stack)).map(({ urn }) => urn).sort();
}

/** The Kubernetes objects that a stack has, each with the name of the provider that serves it: `east: Service shop/web`. */
export async function objectsOf(stack: PulumiStack): Promise<string[]> {
  const objects = (await resourcesOf(stack)).filter(({ urn }) => isObject(urn));
  return objects.map(({ provider, inputs }) => `${provider?.split('::').at(-2)}: ${shown(inputs as Stored)}`).sort();
}

async function resourcesOf(stack: PulumiStack): Promise<readonly Resource[]> {
  return (await stack.json<Export>('stack', 'export')).deployment.resources;
}

/** Its type is the last of those in the URN: `urn:pulumi:STACK::PROJECT::PARENT$kubernetes:core/v1:Service::NAME`. */
function isObject(urn: string): boolean {
  const types = urn.split('::')[2] ?? '';
  return types.split('$').at(-1)?.startsWith('kubernetes:') ?? false;
}
