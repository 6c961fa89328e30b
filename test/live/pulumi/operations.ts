import type { PulumiStack } from '../support/pulumi';

/** What the engine does to resources: how many, or which, by operation, such as `create`, `update`, `replace`, `same`. */
export type Operations<T> = Readonly<Record<string, T>>;

interface Preview {
  readonly steps: readonly { readonly op: string; readonly urn: string }[];
}

interface Update {
  readonly resourceChanges: Operations<number>;
}

interface Export {
  readonly deployment: { readonly resources: readonly { readonly urn: string }[] };
}

/**
 * What `pulumi up` would do: names of Kubernetes objects, by operation. Nothing is done.
 *
 * @param options further options of `pulumi preview`
 */
export async function planOf(stack: PulumiStack, ...options: string[]): Promise<Operations<string[]>> {
  const { steps } = await stack.json<Preview>('preview', '--json', ...options);
  const plan: Record<string, string[]> = {};
  for (const { op, urn } of steps.filter(({ urn: resource }) => isObject(resource))) {
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
  const { deployment } = await stack.json<Export>('stack', 'export');
  return deployment.resources.map(({ urn }) => urn).sort();
}

function isObject(urn: string): boolean {
  return /::[^:]*\$?kubernetes:[^:]+:\w+::/.test(urn);
}
